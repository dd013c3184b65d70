package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.Workers.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads of ranges that take longer than the cache gives them, or than their caller has. */
@Timeout(60)
final class RangeLoadTimeTest extends RangeFixture {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final CacheControl PATIENT = CacheControl.use().within(Duration.ofSeconds(20));
    private static final RangeRequest<String> REQUEST = request(seconds(0, 9));

    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    Executor executor() {
        return task -> workers.start(() -> {
            task.run();
            return true;
        });
    }

    @Override
    Duration life() {
        return Duration.ofSeconds(60);
    }

    private RangeCacheBuilder<String, SeriesGrid<String>> hurried() {
        return plain().timeout(SHORT)
                .staleIfError(Duration.ofHours(1))
                .negativeTimeToLive(TimeoutException.class, Duration.ofSeconds(10));
    }

    /** Hangs until it is told to go on. */
    private SeriesGrid<String> hang(String key, TimeGrid grid, Load load) throws InterruptedException {
        SeriesGrid<String> value = upstream.answer(key, grid);
        loads.incrementAndGet();
        try {
            open.await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return value;
    }

    /** Fails as a client does that was told how long there is. */
    private SeriesGrid<String> timeOut(String key, TimeGrid grid, Load load) throws TimeoutException {
        loads.incrementAndGet();
        Until.holds(() -> load.remaining().isZero());
        throw new TimeoutException("the server did not answer in time");
    }

    /** Asks with a loader that fails, should it have come too late to wait. */
    private void expectFailure(RangeRequest<String> request) throws Exception {
        Job<RangeAnswer<SeriesGrid<String>>> waiter = workers.start(() -> cache.get(request, (key, grid, load) -> {
            throw new IllegalStateException("it came too late to wait");
        }));
        expect(Problem.LOAD_FAILED, waiter.failure());
    }

    private Job<RangeAnswer<SeriesGrid<String>>> startHanging() {
        Job<RangeAnswer<SeriesGrid<String>>> leader = workers.start(() -> cache.get(REQUEST, this::hang));
        Until.holds(() -> loads.get() == 1);
        return leader;
    }

    private static void expect(Problem problem, Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        CacheException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }

    private void expectStale(RangeAnswer<SeriesGrid<String>> answer, Reason reason) {
        assertThat(answer.outcome()).isEqualTo(Outcome.STALE);
        assertThat(answer.stale()).isEqualTo(10);
        assertThat(answer.reason()).isEqualTo(reason);
    }

    @Test
    void a_load_that_is_overdue_has_failed_for_those_who_wait_and_what_it_brings_in_the_end_is_kept() throws Exception {
        use(hurried());
        Job<RangeAnswer<SeriesGrid<String>>> leader = startHanging();
        Throwable failure =
                workers.start(() -> get(request(seconds(5, 14)).with(PATIENT))).failure();
        assertThat(failure).hasCauseInstanceOf(TimeoutException.class);
        expect(Problem.FAILED_RECENTLY, workers.start(() -> get(REQUEST)).failure());
        open.countDown();
        assertThat(leader.result().fetched()).isEqualTo(10);
        assertThat(get(REQUEST).outcome()).isEqualTo(Outcome.HIT);
        cache.invalidateAll();
        assertThat(cache.store().laneCount()).isZero();
    }

    @Test
    void an_overdue_load_is_replaced_and_does_not_take_the_place_of_what_the_next_one_brought() throws Exception {
        use(plain().timeout(SHORT));
        Job<RangeAnswer<SeriesGrid<String>>> leader = startHanging();
        expectFailure(REQUEST.with(PATIENT));
        upstream.change();
        assertThat(get(request(seconds(3, 6))).fetched()).isEqualTo(4);
        open.countDown();
        assertThat(leader.result().fetched()).isEqualTo(10);
        RangeAnswer<SeriesGrid<String>> later = get(request(seconds(3, 6)));
        assertThat(later.outcome()).isEqualTo(Outcome.HIT);
        assertThat(later.value()).isEqualTo(upstream.answer("k", seconds(3, 6)));
    }

    @Test
    void what_an_overdue_load_brings_is_not_kept_if_it_was_invalidated_meanwhile() throws Exception {
        use(plain().timeout(SHORT));
        Job<RangeAnswer<SeriesGrid<String>>> leader = startHanging();
        expectFailure(REQUEST.with(PATIENT));
        cache.invalidateTag("tag");
        open.countDown();
        assertThat(leader.result().reason()).isEqualTo(Reason.OUTDATED);
        assertThat(cache.store().laneCount()).isZero();
    }

    @Test
    void a_refresh_in_the_background_that_hangs_is_given_up_and_stale_points_served_until_another_one_succeeds()
            throws Exception {
        use(hurried().refreshAfter(age -> Duration.ofSeconds(20)));
        get(REQUEST);
        time.advance(Duration.ofSeconds(30));
        expectStale(cache.get(REQUEST, this::hang), Reason.REFRESHING);
        Until.holds(() -> loads.get() == 1);
        time.advance(Duration.ofSeconds(31));
        expectStale(workers.start(() -> get(REQUEST.with(PATIENT))).result(), Reason.LOAD_FAILED);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        expectStale(get(REQUEST), Reason.LOAD_FAILED);
        time.advance(Duration.ofSeconds(10));
        upstream.change();
        assertThat(get(REQUEST).value()).isEqualTo(upstream.answer("k", REQUEST.grid()));
        assertThat(cache.stats().loadFailures()).isZero();
    }

    @Test
    void a_refresh_that_hangs_is_replaced_though_nobody_waits_for_it() throws Exception {
        use(hurried().refreshAfter(age -> Duration.ofSeconds(20)));
        get(REQUEST);
        time.advance(Duration.ofSeconds(30));
        expectStale(cache.get(REQUEST, this::hang), Reason.REFRESHING);
        Until.holds(() -> loads.get() == 1);
        Until.holds(() -> ask(REQUEST).reason() == Reason.LOAD_FAILED);
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        time.advance(Duration.ofSeconds(10));
        Until.holds(() -> isRefreshed(REQUEST));
    }

    /** Asks, and lets the time pass in which no refresh is tried, should one have got no processor in its own. */
    private boolean isRefreshed(RangeRequest<String> request) {
        RangeAnswer<SeriesGrid<String>> answer = ask(request);
        if (answer.reason() == Reason.LOAD_FAILED) {
            time.advance(Duration.ofSeconds(10));
        }
        return answer.outcome() == Outcome.HIT;
    }

    private RangeAnswer<SeriesGrid<String>> ask(RangeRequest<String> request) {
        try {
            return get(request.with(PATIENT));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runs_that_are_refreshed_with_one_that_hangs_have_their_turn_after_it() throws Exception {
        use(hurried().refreshAfter(age -> Duration.ofSeconds(20)).maximumPointsPerLoad(10));
        get(request(seconds(0, 19)).with(PATIENT));
        time.advance(Duration.ofSeconds(30));
        cache.get(
                request(seconds(0, 19)),
                (key, grid, load) -> grid.first() == 0 ? hang(key, grid, load) : upstream.load(key, grid, load));
        Until.holds(() -> loads.get() == 1);
        Until.holds(() -> ask(REQUEST).reason() == Reason.LOAD_FAILED);
        TimeGrid second = seconds(10, 19);
        Until.holds(() -> isRefreshed(request(second)));
    }

    @Test
    void refreshes_that_hang_do_not_hold_the_threads_of_others() throws Exception {
        ExecutorService one = Executors.newFixedThreadPool(1);
        try {
            use(hurried().refreshAfter(age -> Duration.ofSeconds(20)).executor(one));
            RangeRequest<String> other = RangeRequest.of("other", seconds(0, 9), Instant.MAX);
            get(REQUEST);
            get(other);
            time.advance(Duration.ofSeconds(30));
            expectStale(cache.get(REQUEST, this::hang), Reason.REFRESHING);
            Until.holds(() -> loads.get() == 1);
            Until.holds(() -> isRefreshed(other));
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void a_load_that_times_out_after_all_the_time_of_a_load_has_failed() throws Exception {
        use(hurried());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> cache.get(REQUEST, this::timeOut)).isInstanceOf(CacheException.class);
        }
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().negativeHits()).isEqualTo(1);
    }

    @Test
    void a_caller_with_less_time_than_the_cache_gives_says_nothing_about_what_it_loads() throws Exception {
        use(hurried().timeout(Duration.ofSeconds(30)));
        RangeRequest<String> request = REQUEST.with(CacheControl.use().within(SHORT));
        assertThatThrownBy(() -> cache.get(request, this::timeOut)).isInstanceOf(CacheException.class);
        assertThat(cache.stats().loadsAbandoned()).isEqualTo(1);
        assertThat(get(REQUEST).fetched()).isEqualTo(10);
    }

    @Test
    void who_asks_for_what_is_overdue_loads_it() throws Exception {
        use(plain().timeout(SHORT));
        Job<RangeAnswer<SeriesGrid<String>>> leader = startHanging();
        Deadline later = Deadline.after(SHORT.multipliedBy(2), NanoClock.system());
        Until.holds(later::isExpired);
        assertThat(get(REQUEST.with(PATIENT)).fetched()).isEqualTo(10);
        open.countDown();
        assertThat(leader.result().fetched()).isEqualTo(10);
        assertThat(get(REQUEST).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void one_whose_time_is_over_when_a_load_is_left_to_him_begins_none() throws Exception {
        AtomicReference<Thread> heldUp = new AtomicReference<>();
        AtomicReference<Deadline> until = new AtomicReference<>();
        LongSupplier clock = () -> {
            if (Thread.currentThread() == heldUp.get()) {
                Until.holds(until.get()::isExpired);
            }
            return time.getAsLong();
        };
        use(plain().clocks(clock, time));
        Duration own = Duration.ofMillis(300);
        Job<RangeAnswer<SeriesGrid<String>>> leader = startHanging();
        Job<RangeAnswer<SeriesGrid<String>>> waiter =
                workers.start(() -> cache.get(REQUEST.with(CacheControl.use().within(own)), this::hang));
        waiter.awaitWaiting();
        until.set(Deadline.after(own.multipliedBy(2), NanoClock.system()));
        heldUp.set(waiter.thread());
        leader.interrupt();
        expect(Problem.TIMEOUT, waiter.failure());
        assertThat(loads).hasValue(1);
    }
}
