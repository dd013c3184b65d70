package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class SharedBucketTest {

    private static final long TICK = 10_000_000;

    /** What a number means: a step of a history, made of its digits in several bases. */
    private record Step(int ticks, int thread, int permits, boolean spreads, boolean looks) {

        static Step of(int number) {
            return new Step(
                    Math.max(0, number % 6 - 3),
                    number / 6 % SharedBucket.STRIPES,
                    Math.max(1, number / 600 % 12 - 8),
                    number / 10_000 % 2 == 0,
                    number / 20_000 % 8 == 0);
        }
    }

    @Property(tries = 3_000)
    void spread_out_or_not_it_grants_what_one_number_grants(
            @ForAll @IntRange(min = 1, max = 5_000) int perSecond,
            @ForAll @IntRange(min = 1, max = 3_000) int burst,
            @ForAll @IntRange(min = 1, max = 10) int smallestBatch,
            @ForAll @Size(max = 300) List<@IntRange(min = 0, max = 1_000_000) Integer> history) {
        Gcra gcra = new Gcra(perSecond, Duration.ofSeconds(1), burst, TICK);
        SharedBucket shared = new SharedBucket(gcra, smallestBatch, PermitRun.longest(gcra.interval()));
        AtomicLong one = new AtomicLong();
        long now = 0;
        for (int number : history) {
            Step step = Step.of(number);
            now += step.ticks * TICK;
            if (step.spreads) {
                shared.spreadOut(now);
            }
            if (step.looks) {
                assertThat(shared.available(now)).isEqualTo(gcra.available(one.get(), now));
                assertThat(shared.timeUntil(now, step.permits)).isEqualTo(gcra.timeUntil(one.get(), now, step.permits));
            }
            int times = step.permits == 1 ? burst / 20 + 1 : 1;
            for (int i = 0; i < times; i++) {
                assertThat(shared.acquire(now, step.permits, StripeThreads.of(step.thread)))
                        .isEqualTo(gcra.acquire(one, now, step.permits));
            }
        }
    }

    @Test
    void a_late_reader_of_the_clock_takes_from_a_bucket_that_others_spread_out() {
        Gcra gcra = new Gcra(1_000, Duration.ofSeconds(1), 1_000, TICK);
        SharedBucket bucket = new SharedBucket(gcra, 1, 0);
        bucket.spreadOut(2 * TICK);
        assertThat(bucket.acquire(TICK, 1, StripeThreads.of(0))).isZero();
        assertThat(bucket.acquire(2 * TICK, 1, StripeThreads.of(0))).isZero();
        assertThat(bucket.available(2 * TICK)).isEqualTo(998);
    }

    @Test
    void threads_get_exactly_the_burst_and_what_each_tick_brings() throws Exception {
        int burst = 20_000;
        int perTick = 10_000;
        int ticks = 50;
        int crowd = 4;
        SharedBucket bucket = new SharedBucket(new Gcra(1_000_000, Duration.ofSeconds(1), burst, TICK), true);
        AtomicLong now = new AtomicLong();
        AtomicLong granted = new AtomicLong();
        List<Throwable> failures = new ArrayList<>();
        CyclicBarrier tick = new CyclicBarrier(crowd, () -> now.addAndGet(TICK));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < crowd; t++) {
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i <= ticks; i++) {
                        // Each wants more than there is, and stops when it is told that there is nothing.
                        while (bucket.acquire(now.get(), 1) == 0) {
                            granted.incrementAndGet();
                        }
                        tick.await(60, TimeUnit.SECONDS);
                    }
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    failures.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(granted).hasValue(burst + (long) ticks * perTick);
    }

    @Test
    void a_permit_can_be_given_back_to_a_bucket_that_is_spread_out_or_together() {
        SharedBucket bucket = new SharedBucket(new Gcra(1_000, Duration.ofSeconds(1), 1_000, 0), 1, 0);
        bucket.acquire(0, 1);
        bucket.putBack(() -> true);
        assertThat(bucket.available(0)).isEqualTo(1_000);
        bucket.spreadOut(0);
        bucket.acquire(0, 1, StripeThreads.of(0));
        bucket.putBack(() -> true);
        assertThat(bucket.available(0)).isEqualTo(1_000);
    }

    @RepeatedTest(20)
    void permits_that_several_threads_give_back_are_all_there_again() throws Exception {
        int permits = 1_000;
        SharedBucket bucket = new SharedBucket(new Gcra(permits, Duration.ofDays(1), permits, 0), 1, 0);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    if (bucket.acquire(0, 1) == 0) {
                        bucket.putBack(() -> true);
                    }
                    if (i % 100 == 0) {
                        bucket.available(0);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(bucket.available(0)).isEqualTo(permits);
    }
}
