package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.Workers.Job;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How several who ask a range cache at the same time share loads. */
@Timeout(60)
final class RangeSharingTest extends RangeFixture {

    @Test
    void overlapping_requests_share_loads() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Job<RangeAnswer<SeriesGrid<String>>> first =
                workers.start(() -> cache.get(request(seconds(0, 49)), (key, grid, load) -> {
                    reached.countDown();
                    open.await();
                    return upstream.load(key, grid, load);
                }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        Job<RangeAnswer<SeriesGrid<String>>> second = workers.start(() -> get(request(seconds(25, 74))));
        second.awaitWaiting();
        open.countDown();
        assertThat(first.result().value()).isEqualTo(upstream.answer("k", seconds(0, 49)));
        assertThat(second.result().value()).isEqualTo(upstream.answer("k", seconds(25, 74)));
        assertThat(upstream.takeAsked()).containsExactlyInAnyOrder(seconds(0, 49), seconds(50, 74));
        assertThat(cache.stats().shared()).isEqualTo(1);
    }

    @Test
    void a_cancelled_request_hands_its_loads_over() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        Job<RangeAnswer<SeriesGrid<String>>> first =
                workers.start(() -> cache.get(request(seconds(0, 49)), (key, grid, load) -> {
                    reached.countDown();
                    new CountDownLatch(1).await();
                    return upstream.load(key, grid, load);
                }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        Job<RangeAnswer<SeriesGrid<String>>> second = workers.start(() -> get(request(seconds(25, 74))));
        second.awaitWaiting();
        first.interrupt();
        assertThat(first.failure()).isInstanceOf(InterruptedException.class);
        assertThat(second.result().value()).isEqualTo(upstream.answer("k", seconds(25, 74)));
        assertThat(cache.stats().loadsAbandoned()).isEqualTo(1);
    }

    @Test
    void what_is_invalidated_while_it_is_loaded_is_not_kept_and_not_given_to_who_asks_later() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        SeriesGrid<String> old = upstream.answer("k", seconds(0, 49));
        Job<RangeAnswer<SeriesGrid<String>>> before =
                workers.start(() -> cache.get(request(seconds(0, 49)), (key, grid, load) -> {
                    reached.countDown();
                    open.await();
                    return old;
                }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        upstream.change();
        cache.invalidateTag("tag", Instant.ofEpochSecond(10), Instant.ofEpochSecond(12));
        Job<RangeAnswer<SeriesGrid<String>>> after = workers.start(() -> get(request(seconds(0, 49))));
        after.awaitWaiting();
        open.countDown();
        assertThat(before.result().value()).isEqualTo(old);
        assertThat(before.result().kept()).isFalse();
        assertThat(after.result().value()).isEqualTo(upstream.answer("k", seconds(0, 49)));
    }

    @Test
    void however_much_else_is_invalidated_while_it_is_loaded_it_is_kept() throws InterruptedException {
        RangeAnswer<SeriesGrid<String>> answer = cache.get(request(seconds(0, 49)), (key, grid, load) -> {
            for (int i = 0; i < 3_000; i++) {
                cache.invalidateTag("other" + i);
                cache.invalidate("k" + i);
                cache.invalidateTag("tag", Instant.ofEpochSecond(50 + i), Instant.ofEpochSecond(60 + i));
            }
            return upstream.load(key, grid, load);
        });
        assertThat(answer.kept()).isTrue();
        assertThat(get(request(seconds(0, 49))).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void missing_runs_are_loaded_side_by_side_within_the_bound() throws Exception {
        use(plain().executor(task -> workers.start(() -> {
                    task.run();
                    return true;
                }))
                .parallelism(3)
                .maximumPointsPerLoad(10));
        CountDownLatch three = new CountDownLatch(3);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        cache.get(request(seconds(0, 79)), (key, grid, load) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            three.countDown();
            three.await();
            now.decrementAndGet();
            return upstream.load(key, grid, load);
        });
        assertThat(most).hasValueBetween(3, 3);
        assertThat(get(request(seconds(0, 79))).outcome()).isEqualTo(Outcome.HIT);
    }

    @Test
    void what_another_request_has_yet_to_load_is_loaded_by_who_needs_it() throws Exception {
        for (int parallelism : new int[] {1, 4}) {
            use(plain().maximumPointsPerLoad(10).parallelism(parallelism));
            CountDownLatch reached = new CountDownLatch(1);
            CountDownLatch open = new CountDownLatch(1);
            Job<RangeAnswer<SeriesGrid<String>>> large =
                    workers.start(() -> cache.get(request(seconds(0, 99)), (key, grid, load) -> {
                        reached.countDown();
                        open.await();
                        return upstream.load(key, grid, load);
                    }));
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
            Job<RangeAnswer<SeriesGrid<String>>> small = workers.start(() -> get(request(seconds(95, 97))));
            assertThat(small.result().fetched()).isEqualTo(3);
            assertThat(upstream.asked).containsExactly(seconds(95, 97));
            open.countDown();
            assertThat(large.result().value()).isEqualTo(upstream.answer("k", seconds(0, 99)));
            assertThat(upstream.pointsAsked()).isEqualTo(100);
            upstream.takeAsked();
        }
    }

    @Test
    void two_who_ask_for_the_same_parts_share_them() throws Exception {
        use(plain().maximumPointsPerLoad(10).parallelism(1));
        CountDownLatch both = new CountDownLatch(2);
        RangeLoader<String, SeriesGrid<String>> loader = (key, grid, load) -> {
            both.countDown();
            both.await();
            return upstream.load(key, grid, load);
        };
        Job<RangeAnswer<SeriesGrid<String>>> one = workers.start(() -> cache.get(request(seconds(0, 99)), loader));
        Job<RangeAnswer<SeriesGrid<String>>> other = workers.start(() -> cache.get(request(seconds(0, 99)), loader));
        assertThat(one.result().value()).isEqualTo(upstream.answer("k", seconds(0, 99)));
        assertThat(other.result().value()).isEqualTo(upstream.answer("k", seconds(0, 99)));
        assertThat(upstream.pointsAsked()).isEqualTo(100);
    }

    @Test
    void a_loader_may_ask_for_what_its_own_request_has_yet_to_load() throws InterruptedException {
        use(plain().maximumPointsPerLoad(10).parallelism(1));
        RangeAnswer<SeriesGrid<String>> answer = cache.get(request(seconds(0, 29)), (key, grid, load) -> {
            if (grid.first() == 0) {
                assertThat(get(request(seconds(12, 17))).fetched()).isEqualTo(6);
            }
            return upstream.load(key, grid, load);
        });
        assertThat(answer.value()).isEqualTo(upstream.answer("k", seconds(0, 29)));
        assertThat(upstream.takeAsked())
                .containsExactly(seconds(12, 17), seconds(0, 9), seconds(10, 11), seconds(18, 19), seconds(20, 29));
    }

    @Test
    void who_loads_through_a_gap_does_not_wait_for_who_loads_the_gap() throws Exception {
        use(plain().loadThroughGaps(100, Duration.ZERO));
        get(request(seconds(10, 20)));
        upstream.takeAsked();
        CountDownLatch reached = new CountDownLatch(1);
        RangeRequest<String> refresh = request(seconds(12, 14)).with(CacheControl.of(CacheControl.Mode.REFRESH));
        workers.start(() -> cache.get(refresh, (key, grid, load) -> {
            reached.countDown();
            new CountDownLatch(1).await();
            return upstream.load(key, grid, load);
        }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        Job<RangeAnswer<SeriesGrid<String>>> around = workers.start(() -> get(request(seconds(0, 30))));
        assertThat(around.result().value()).isEqualTo(upstream.answer("k", seconds(0, 30)));
        assertThat(around.result().cached()).isEqualTo(11);
        assertThat(upstream.takeAsked()).containsExactly(seconds(0, 9), seconds(21, 30));
        assertThat(cache.stats().shared()).isZero();
    }

    @Test
    void who_can_not_wait_for_a_load_that_hangs_gets_stale_points_whether_he_leads_it_or_not() throws Exception {
        use(plain().staleIfError(Duration.ofHours(1)));
        get(request(seconds(0, 9)));
        time.advance(Duration.ofHours(1));
        CountDownLatch reached = new CountDownLatch(1);
        workers.start(() -> cache.get(request(seconds(0, 9)), (key, grid, load) -> {
            reached.countDown();
            new CountDownLatch(1).await();
            return upstream.load(key, grid, load);
        }));
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        CacheControl hurried = CacheControl.use().within(Duration.ofMillis(5));
        assertThat(get(request(seconds(0, 9)).with(hurried)).stale()).isEqualTo(10);
        assertThat(cache.get(request(seconds(0, 4)).with(hurried), upstream::load)
                        .outcome())
                .isEqualTo(Outcome.STALE);
        workers.close();
        Until.holds(() -> cache.stats().loadsAbandoned() == 1);
        RangeAnswer<SeriesGrid<String>> led = cache.get(request(seconds(0, 9)).with(hurried), (key, grid, load) -> {
            Until.holds(() -> load.remaining().isZero());
            throw new IOException("timed out, says a client");
        });
        assertThat(led.stale()).isEqualTo(10);
        assertThatThrownBy(() -> cache.get(request(seconds(5, 14)).with(hurried), (key, grid, load) -> {
                    Until.holds(() -> load.remaining().isZero());
                    throw new IOException("timed out, says a client");
                }))
                .isInstanceOf(CacheException.class);
    }

    @Test
    void a_loader_that_asks_for_what_it_is_loading_gets_an_error() {
        assertThatThrownBy(() -> cache.get(
                        request(seconds(0, 9)),
                        (key, grid, load) -> cache.get(request(seconds(5, 14)), upstream::load)
                                .value()))
                .hasStackTraceContaining("would wait for itself");
    }

    @Test
    void many_threads_with_overlapping_windows_get_exact_answers_and_load_no_point_twice() throws Exception {
        use(plain().executor(Runnable::run));
        List<Job<Boolean>> jobs = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int shift = t;
            jobs.add(workers.start(() -> {
                for (int i = 0; i < 200; i++) {
                    TimeGrid grid = seconds(i + shift, i + shift + 50);
                    assertThat(get(request(grid)).value()).isEqualTo(upstream.answer("k", grid));
                }
                return true;
            }));
        }
        for (Job<Boolean> job : jobs) {
            job.result();
        }
        assertThat(upstream.pointsAsked()).isEqualTo(257);
    }
}
