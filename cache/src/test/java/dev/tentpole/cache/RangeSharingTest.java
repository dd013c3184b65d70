package dev.tentpole.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.Workers.Job;
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
