package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.Workers.Job;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Points that are loaded anew: on demand, in the background, and not for a while after that failed. */
@Timeout(60)
final class RangeRefreshTest extends RangeFixture {

    private static final TimeGrid GRID = seconds(0, 49);

    private final Deque<Runnable> background = new ArrayDeque<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Override
    Executor executor() {
        return background::add;
    }

    @Override
    Duration life() {
        return Duration.ofSeconds(60);
    }

    private static RangeRequest<String> refresh(TimeGrid grid) {
        return request(grid).with(CacheControl.of(Mode.REFRESH));
    }

    private CacheException failure(RangeRequest<String> request) {
        return catchThrowableOfType(CacheException.class, () -> get(request));
    }

    private void runBackground() {
        Runnable task = background.poll();
        while (task != null) {
            task.run();
            task = background.poll();
        }
    }

    /** Starts a request whose load waits for {@link #open}. */
    private Job<RangeAnswer<SeriesGrid<String>>> held(RangeRequest<String> request) throws InterruptedException {
        Job<RangeAnswer<SeriesGrid<String>>> job = workers.start(() -> cache.get(request, (key, grid, load) -> {
            SeriesGrid<String> value = upstream.load(key, grid, load);
            reached.countDown();
            open.await();
            return value;
        }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        return job;
    }

    @Test
    void those_who_want_new_points_share_one_load_that_began_after_they_asked() throws Exception {
        Job<RangeAnswer<SeriesGrid<String>>> first = held(request(GRID));
        SeriesGrid<String> old = upstream.answer("k", GRID);
        upstream.change();
        List<Job<RangeAnswer<SeriesGrid<String>>>> refreshers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            refreshers.add(workers.start(() -> get(refresh(GRID))));
            refreshers.get(i).awaitWaiting();
        }
        open.countDown();
        assertThat(first.result().value()).isEqualTo(old);
        for (Job<RangeAnswer<SeriesGrid<String>>> refresher : refreshers) {
            assertThat(refresher.result().value()).isEqualTo(upstream.answer("k", GRID));
            assertThat(refresher.result().outcome()).isEqualTo(Outcome.REFRESHED);
            assertThat(refresher.result().fetched()).isEqualTo(50);
        }
        assertThat(upstream.takeAsked()).containsExactly(GRID, GRID);
        assertThat(cache.stats().refreshed()).isEqualTo(5);
    }

    @Test
    void refreshes_that_overlap_load_each_point_once_more_and_no_more() throws Exception {
        Job<RangeAnswer<SeriesGrid<String>>> first = held(refresh(GRID));
        upstream.change();
        List<Job<RangeAnswer<SeriesGrid<String>>>> refreshers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            refreshers.add(workers.start(() -> get(refresh(seconds(25, 74)))));
            refreshers.get(i).awaitWaiting();
        }
        assertThat(upstream.takeAsked())
                .as("what nobody loads is begun at once")
                .startsWith(GRID)
                .contains(seconds(50, 74));
        open.countDown();
        first.result();
        for (Job<RangeAnswer<SeriesGrid<String>>> refresher : refreshers) {
            assertThat(refresher.result().value()).isEqualTo(upstream.answer("k", seconds(25, 74)));
        }
        assertThat(upstream.takeAsked()).contains(seconds(25, 49));
        assertThat(get(request(seconds(25, 74))).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void who_wants_new_points_gets_the_new_ones_of_a_refresh_that_began_after_he_asked_even_if_it_is_over()
            throws Exception {
        Job<RangeAnswer<SeriesGrid<String>>> first = held(request(GRID));
        Job<RangeAnswer<SeriesGrid<String>>> second = workers.start(() -> get(refresh(seconds(0, 99))));
        second.awaitWaiting();
        cache.get(refresh(seconds(50, 99)), upstream::load);
        open.countDown();
        first.result();
        assertThat(second.result().fetched()).isEqualTo(100);
        assertThat(cache.stats().requests()).isEqualTo(3);
    }

    @Test
    void after_the_soft_time_to_live_old_points_are_served_while_they_are_loaded_in_the_background()
            throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)));
        SeriesGrid<String> old = get(request(GRID)).value();
        time.advance(Duration.ofSeconds(20));
        upstream.change();
        RangeAnswer<SeriesGrid<String>> stale = get(request(GRID));
        assertThat(stale.outcome()).isEqualTo(Outcome.STALE);
        assertThat(stale.reason()).isEqualTo(Reason.REFRESHING);
        assertThat(stale.stale()).isEqualTo(50);
        assertThat(stale.value()).isEqualTo(old);
        assertThat(stale.age()).isEqualTo(Duration.ofSeconds(20));
        assertThat(get(request(seconds(10, 60))).fetched()).isEqualTo(11);
        assertThat(get(request(GRID).with(CacheControl.of(Mode.ONLY_IF_CACHED))).reason())
                .isEqualTo(Reason.CALLER);
        assertThat(background).as("one load, however many ask").hasSize(1);
        upstream.takeAsked();
        runBackground();
        assertThat(upstream.takeAsked()).containsExactly(GRID);
        assertThat(get(request(GRID)).outcome()).isEqualTo(Outcome.HIT);
        assertThat(get(request(GRID)).value()).isEqualTo(upstream.answer("k", GRID));
        RangeStats stats = cache.stats();
        assertThat(stats.refreshes()).isEqualTo(1);
        assertThat(stats.staleRefreshing()).isEqualTo(3);
        assertThat(stats.staleOnError()).isZero();
    }

    @Test
    void a_caller_who_must_wait_takes_over_a_refresh_that_has_no_thread_yet() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(20));
        get(request(GRID));
        time.advance(Duration.ofSeconds(60));
        assertThat(get(request(GRID)).fetched()).isEqualTo(50);
        upstream.takeAsked();
        runBackground();
        assertThat(upstream.takeAsked()).isEmpty();
        assertThat(get(request(GRID)).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void a_refresh_in_the_background_that_fails_is_not_tried_again_at_once() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)).retryAfter(Duration.ofSeconds(5)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(20));
        upstream.setDown(true);
        get(request(GRID));
        runBackground();
        assertThat(get(request(GRID)).reason()).isEqualTo(Reason.LOAD_FAILED);
        assertThat(background).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(get(request(GRID)).reason()).isEqualTo(Reason.REFRESHING);
        assertThat(background).hasSize(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void if_there_is_no_thread_for_a_refresh_old_points_are_served_all_the_same() throws InterruptedException {
        for (RuntimeException refusal :
                List.of(new RejectedExecutionException("full"), new IllegalStateException("broken"))) {
            use(plain().refreshAfter(age -> Duration.ofSeconds(20)).executor(task -> {
                throw refusal;
            }));
            get(request(GRID));
            time.advance(Duration.ofSeconds(20));
            assertThat(get(request(GRID)).reason()).isEqualTo(Reason.LOAD_FAILED);
            assertThat(cache.stats().refreshesRefused()).isEqualTo(1);
            assertThat(get(request(GRID)).stale()).isEqualTo(50);
            assertThat(cache.stats().refreshesRefused()).as("within retryAfter").isEqualTo(1);
            time.advance(Duration.ofSeconds(60));
            assertThat(get(request(GRID)).outcome()).isEqualTo(Outcome.MISS);
        }
    }

    @Test
    void who_wants_no_load_gets_nothing_past_its_time_to_live_whether_loading_fails_or_not()
            throws InterruptedException {
        use(plain().staleIfError(Duration.ofDays(1)).retryAfter(Duration.ofSeconds(10)));
        get(request(GRID));
        time.advance(Duration.ofHours(2));
        upstream.setDown(true);
        for (int i = 0; i < 2; i++) {
            assertThat(failure(request(GRID).with(CacheControl.of(Mode.ONLY_IF_CACHED)))
                            .problem())
                    .isEqualTo(Problem.NOT_CACHED);
            assertThat(get(request(GRID)).outcome()).isEqualTo(Outcome.STALE);
        }
    }

    @Test
    void who_wants_nothing_kept_gets_stale_points_too_if_loading_fails() throws InterruptedException {
        use(plain().staleIfError(Duration.ofDays(1)));
        RangeRequest<String> unkept = request(GRID).with(CacheControl.of(Mode.NO_STORE));
        get(request(GRID));
        time.advance(Duration.ofHours(2));
        upstream.setDown(true);
        RangeAnswer<SeriesGrid<String>> answer = get(unkept);
        assertThat(answer.outcome()).isEqualTo(Outcome.STALE);
        assertThat(answer.reason()).isEqualTo(Reason.LOAD_FAILED);
        assertThat(answer.value()).isEqualTo(upstream.answer("k", GRID));
        assertThat(failure(request(GRID).with(CacheControl.of(Mode.BYPASS))).problem())
                .isEqualTo(Problem.LOAD_FAILED);
        cache.invalidateAll();
        assertThat(failure(unkept).problem()).isEqualTo(Problem.LOAD_FAILED);
    }

    @Test
    void failures_of_a_class_are_remembered_for_their_points() throws InterruptedException {
        use(plain().negativeTimeToLive(Exception.class, Duration.ofSeconds(1))
                .negativeTimeToLive(IOException.class, Duration.ofSeconds(5)));
        upstream.setDown(true);
        assertThat(failure(request(GRID)).problem()).isEqualTo(Problem.LOAD_FAILED);
        upstream.setDown(false);
        time.advance(Duration.ofSeconds(4));
        CacheException again = failure(request(seconds(40, 60)));
        assertThat(again.problem()).isEqualTo(Problem.FAILED_RECENTLY);
        assertThat(again).hasMessageContaining("4000 ms ago").hasRootCauseMessage("down");
        assertThat(failure(request(GRID).with(CacheControl.of(Mode.ONLY_IF_CACHED)))
                        .problem())
                .isEqualTo(Problem.FAILED_RECENTLY);
        assertThat(get(request(seconds(50, 60))).fetched())
                .as("others are loaded")
                .isEqualTo(11);
        time.advance(Duration.ofSeconds(1));
        assertThat(get(request(GRID)).fetched()).isEqualTo(50);
        RangeStats stats = cache.stats();
        assertThat(stats.negativeHits()).isEqualTo(2);
        assertThat(stats.failures()).isEqualTo(1);
        assertThat(stats.requests()).isEqualTo(5);
    }

    @Test
    void a_failure_of_a_class_of_which_nothing_is_said_is_forgotten_at_once() throws InterruptedException {
        use(plain().negativeTimeToLive(FileNotFoundException.class, Duration.ofSeconds(5)));
        upstream.setDown(true);
        assertThat(failure(request(GRID)).problem()).isEqualTo(Problem.LOAD_FAILED);
        upstream.setDown(false);
        assertThat(get(request(GRID)).fetched()).isEqualTo(50);
    }

    @Test
    void a_remembered_failure_is_forgotten_with_what_is_invalidated_and_with_what_is_loaded()
            throws InterruptedException {
        use(plain().negativeTimeToLive(IOException.class, Duration.ofSeconds(50)));
        List<Runnable> ways = List.of(
                () -> cache.invalidate("k"),
                () -> cache.invalidateTag("tag"),
                () -> cache.invalidateTag("tag", Instant.EPOCH, Instant.ofEpochSecond(49)),
                cache::invalidateAll);
        for (Runnable way : ways) {
            upstream.setDown(true);
            failure(request(GRID));
            upstream.setDown(false);
            assertThat(failure(request(GRID)).problem()).isEqualTo(Problem.FAILED_RECENTLY);
            way.run();
            assertThat(get(request(GRID)).fetched()).isEqualTo(50);
            cache.invalidateAll();
            assertThat(cache.store().laneCount()).isZero();
        }
        upstream.setDown(true);
        failure(request(GRID));
        upstream.setDown(false);
        get(refresh(seconds(0, 29)));
        assertThat(get(request(seconds(0, 29))).outcome()).isEqualTo(Outcome.HIT);
        assertThat(failure(request(GRID)).problem()).isEqualTo(Problem.FAILED_RECENTLY);
        time.advance(Duration.ofSeconds(70));
        cache.stats();
        assertThat(cache.store().laneCount()).as("nothing is left of it").isZero();
        assertThat(cache.store().tagCount()).isZero();
    }

    @Test
    void what_is_stale_is_served_without_a_load_for_a_while_after_one_failed() throws InterruptedException {
        use(plain().staleIfError(Duration.ofMinutes(5)).retryAfter(Duration.ofSeconds(5)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(61));
        upstream.setDown(true);
        assertThat(get(request(GRID)).reason()).isEqualTo(Reason.LOAD_FAILED);
        upstream.setDown(false);
        upstream.takeAsked();
        time.advance(Duration.ofSeconds(4));
        RangeAnswer<SeriesGrid<String>> held = get(request(seconds(0, 59)));
        assertThat(held.stale()).isEqualTo(50);
        assertThat(held.fetched()).isEqualTo(10);
        assertThat(upstream.takeAsked()).containsExactly(seconds(50, 59));
        time.advance(Duration.ofSeconds(1));
        assertThat(get(request(GRID)).fetched()).isEqualTo(50);
        assertThat(cache.stats().staleOnError()).isEqualTo(2);
    }

    @Test
    void an_error_in_the_background_stays_there() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(20));
        cache.get(request(GRID), (key, grid, load) -> {
            assertThat(load.isBackground()).isTrue();
            throw new StackOverflowError("deep");
        });
        runBackground();
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(get(request(GRID)).stale()).isEqualTo(50);
    }

    @Test
    void what_is_invalidated_while_it_is_loaded_in_the_background_is_not_kept() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(20));
        cache.get(request(GRID), (key, grid, load) -> {
            SeriesGrid<String> old = upstream.load(key, grid, load);
            upstream.change();
            cache.invalidateTag("tag");
            return old;
        });
        runBackground();
        assertThat(get(request(GRID)).outcome()).isEqualTo(Outcome.MISS);
        assertThat(cache.stats().notStored()).containsEntry(Reason.OUTDATED, 1L);
    }

    @Test
    void closing_forgets_what_waits_for_a_thread_and_leaves_nothing() throws InterruptedException {
        use(plain().refreshAfter(age -> Duration.ofSeconds(20)));
        get(request(GRID));
        time.advance(Duration.ofSeconds(20));
        get(request(GRID));
        cache.close();
        assertThat(cache.store().laneCount()).isZero();
        upstream.takeAsked();
        runBackground();
        assertThat(upstream.takeAsked()).isEmpty();
        assertThatThrownBy(() -> get(request(GRID))).isInstanceOf(CacheException.class);
    }
}
