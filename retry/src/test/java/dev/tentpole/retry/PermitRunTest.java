package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class PermitRunTest {

    private static final long TICK = 10_000_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What a number means: so many grants, some of which are given back, then so many ticks; made of its digits. */
    private record Step(Thread thread, int times, int permits, boolean gives, boolean spreads, int ticks) {

        static Step of(int number) {
            return new Step(
                    StripeThreads.of(number % SharedBucket.STRIPES),
                    number / 64 % 3_000,
                    Math.max(1, number / 7 % 40 - 30),
                    number / 11 % 8 == 0,
                    number / 13 % 8 == 0,
                    Math.max(0, number / 17 % 5 - 2));
        }
    }

    @Property(tries = 500)
    void nothing_is_granted_that_a_bucket_without_runs_refuses_and_what_is_lost_is_bounded(
            @ForAll @IntRange(min = 8_000, max = 2_000_000) int perSecond,
            @ForAll @IntRange(min = 100, max = 200_000) int burst,
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 10_000_000) Integer> history) {
        Gcra gcra = new Gcra(perSecond, SECOND, burst, TICK);
        SharedBucket bucket = new SharedBucket(gcra, true);
        AtomicLong granted = new AtomicLong();
        long now = 0;
        long grantsOfTick = 0;
        long lost = 0;
        for (int number : history) {
            Step step = Step.of(number);
            if (step.spreads) {
                bucket.spreadOut(now);
            }
            for (int i = 0; i < step.times; i++) {
                if (bucket.acquire(now, step.permits, step.thread) == 0) {
                    assertThat(gcra.acquire(granted, now, step.permits)).isZero();
                    grantsOfTick += step.permits;
                    if (step.gives && step.permits == 1) {
                        bucket.putBack(() -> true);
                        granted.addAndGet(-gcra.interval());
                    }
                }
            }
            long missing = gcra.available(granted.get(), now) - bucket.available(now);
            long inRun = Math.min(Math.min(64, 1_000_000 / gcra.interval()), grantsOfTick / 64);
            assertThat(missing).isBetween(0L, lost + inRun);
            if (step.ticks > 0) {
                lost += inRun;
                grantsOfTick = 0;
                now += step.ticks * TICK;
            }
        }
    }

    @Test
    void a_thread_that_asks_often_takes_a_few_permits_in_advance_which_end_with_the_tick() {
        SharedBucket bucket = new SharedBucket(new Gcra(1_000_000, SECOND, 100_000, TICK), true);
        Thread often = StripeThreads.of(0);
        Thread seldom = StripeThreads.of(1);
        Set<Long> inAdvance = new HashSet<>();
        for (int granted = 1; granted <= 20_000; granted++) {
            assertThat(bucket.acquire(0, 1, often)).isZero();
            inAdvance.add(100_000 - granted - bucket.available(0));
        }
        assertThat(inAdvance).contains(0L, 1L, 63L, 64L);
        long left = bucket.available(TICK);
        for (int granted = 1; granted <= 500; granted++) {
            assertThat(bucket.acquire(TICK, 1, often)).isZero();
            assertThat(bucket.acquire(TICK, 1, seldom)).isZero();
            assertThat(bucket.available(TICK)).isEqualTo(left - 2L * granted);
        }
    }

    @ParameterizedTest
    @CsvSource({"7999,100000", "1000000,60", "1,1000000"})
    void limits_that_are_slow_or_small_have_every_permit_for_whoever_asks(int perSecond, int burst) {
        SharedBucket bucket = new SharedBucket(new Gcra(perSecond, SECOND, burst, 0), true);
        for (int granted = 1; granted <= burst; granted++) {
            assertThat(bucket.acquire(0, 1, StripeThreads.of(0))).isZero();
            assertThat(bucket.available(0)).isEqualTo(burst - granted);
        }
    }

    @Test
    void a_bucket_that_is_nearly_used_up_has_the_last_ones_for_all() {
        int burst = 2_000;
        for (int left = 0; left < 300; left++) {
            SharedBucket bucket = new SharedBucket(new Gcra(1_000_000, SECOND, burst, 0), true);
            for (int granted = 1; granted <= burst - left; granted++) {
                assertThat(bucket.acquire(0, 1, StripeThreads.of(0))).isZero();
            }
            while (bucket.available(0) > 0) {
                assertThat(bucket.acquire(0, 1, StripeThreads.of(1))).isZero();
            }
            int others = 0;
            while (bucket.acquire(0, 1, StripeThreads.of(0)) == 0) {
                others++;
            }
            assertThat(others).as("what a thread had in advance of %d", left).isLessThanOrEqualTo(left / 16);
        }
    }

    @Test
    void whoever_waits_for_permits_that_another_thread_has_in_advance_waits_a_millisecond_at_most() {
        FakeTime time = new FakeTime();
        RateLimiter limiter =
                RateLimiter.builder("l").permits(100_000, SECOND).burst(10_000).build(time);
        for (int i = 0; i < 5_000; i++) {
            assertThat(limiter.tryAcquire()).isTrue();
        }
        int left = (int) limiter.available();
        assertThat(left).as("some are taken in advance").isLessThan(5_000);
        assertThat(limiter.tryAcquire(left)).isTrue();
        assertThat(limiter.tryAcquire(5_000 - left, Duration.ofMillis(1))).isTrue();
        assertThat(time.waited()).isLessThanOrEqualTo(Duration.ofMillis(1));
    }

    /** As long as one thread asks, a run is its own; those who come and go in between leave none behind. */
    @RepeatedTest(10)
    void threads_get_no_more_in_any_time_while_the_clock_goes_on() throws Exception {
        int perSecond = 1_000_000;
        int burst = 30_000;
        int ticks = 60;
        int crowd = 3;
        SharedBucket bucket = new SharedBucket(new Gcra(perSecond, SECOND, burst, TICK), true);
        AtomicLong now = new AtomicLong();
        AtomicLongArray grants = new AtomicLongArray(ticks + 1);
        Crowd.work(crowd, number -> {
            int asked = 0;
            for (long reading = 0; reading < ticks * TICK; reading = now.get()) {
                // If the clock has gone on meanwhile, nobody knows when it was.
                if (bucket.acquire(reading, 1) == 0 && now.get() == reading) {
                    grants.incrementAndGet((int) (reading / TICK));
                }
                asked++;
                if (number == 0 && asked % 7_000 == 0) {
                    now.addAndGet(TICK);
                }
            }
        });
        long perTick = perSecond / 100;
        for (int from = 0; from <= ticks; from++) {
            long sum = 0;
            for (int to = from; to <= ticks; to++) {
                sum += grants.get(to);
                assertThat(sum).isLessThanOrEqualTo(burst + perTick * (to - from));
            }
        }
    }
}
