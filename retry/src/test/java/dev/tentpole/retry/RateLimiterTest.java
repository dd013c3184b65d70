package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RateLimiterTest {

    private final FakeTime time = new FakeTime();

    /** A bucket that counts its tokens, in units of time so that nothing is rounded. */
    private static final class Bucket {

        private final long interval;
        private final long capacity;
        private long level;

        Bucket(long interval, long burst) {
            this.interval = interval;
            this.capacity = interval * burst;
            this.level = capacity;
        }

        void pass(long nanos) {
            level = Math.min(capacity, level + nanos);
        }

        boolean take(int permits) {
            boolean enough = level >= permits * interval;
            level -= enough ? permits * interval : 0;
            return enough;
        }
    }

    @Property(tries = 2_000)
    void it_grants_what_a_token_bucket_grants(
            @ForAll @IntRange(min = 1, max = 2_000) int rate,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @Size(max = 100) List<@LongRange(min = 0, max = 20_000_000) Long> pauses,
            @ForAll @IntRange(min = 1, max = 50) int permits) {
        FakeTime own = new FakeTime();
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(rate, Duration.ofSeconds(1))
                .burst(burst)
                .precise(true)
                .build(own);
        long interval = (1_000_000_000L + rate - 1) / rate;
        Bucket bucket = new Bucket(interval, burst);
        int size = Math.min(permits, burst);
        List<Long> grants = new ArrayList<>();
        for (long pause : pauses) {
            own.passNanos(pause);
            bucket.pass(pause);
            assertThat(limiter.available()).isEqualTo(bucket.level / interval);
            boolean granted = limiter.tryAcquire(size);
            assertThat(granted).isEqualTo(bucket.take(size));
            if (granted) {
                grants.add(own.elapsedNanos());
            } else {
                long missing = size * interval - bucket.level;
                assertThat(limiter.timeUntil(size)).isEqualTo(Duration.ofNanos(missing));
            }
        }
        for (int from = 0; from < grants.size(); from++) {
            for (int to = from; to < grants.size(); to++) {
                long window = grants.get(to) - grants.get(from);
                assertThat((long) (to - from + 1) * size).isLessThanOrEqualTo(burst + window / interval);
            }
        }
    }

    @Property(tries = 200)
    void on_the_coarse_clock_a_tick_s_permits_more_at_most(
            @ForAll @IntRange(min = 1, max = 100_000) int rate,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 0, max = 3) Integer> ticks) {
        FakeTime own = new FakeTime();
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(rate, Duration.ofSeconds(1))
                .burst(burst)
                .build(own);
        double perTick = rate / 100.0;
        long granted = 0;
        long elapsed = 0;
        for (int pause : ticks) {
            own.passNanos(pause * 10_000_000L);
            elapsed += pause;
            for (int i = 0; i < 1_100 && limiter.tryAcquire(); i++) {
                granted++;
            }
            assertThat((double) granted).isLessThanOrEqualTo(Math.max(burst, perTick) + perTick * elapsed + 1e-6);
        }
    }

    @Test
    void the_rate_is_reached_even_if_a_tick_allows_more_than_the_burst() {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10_000, Duration.ofSeconds(1))
                .burst(1)
                .build(time);
        int granted = 0;
        for (int tick = 0; tick < 100; tick++) {
            time.pass(Duration.ofMillis(10));
            while (limiter.tryAcquire()) {
                granted++;
            }
        }
        assertThat(granted).isBetween(9_999, 10_100);
    }

    @Test
    void a_new_one_is_full_even_if_its_clock_is_behind() {
        long behind = Duration.ofMillis(9).toNanos();
        Surroundings lagging =
                new FakeTime.OtherCoarseClock(time, () -> time.clock().nanoTime() - behind);
        RateLimiter.Builder once = RateLimiter.builder("l").permits(1, Duration.ofSeconds(1));
        assertThat(once.build(lagging).tryAcquire()).isTrue();
        assertThat(once.<String>buildKeyed(lagging).tryAcquire("a")).isTrue();
    }

    @Test
    void it_waits_for_a_permit_and_not_a_nanosecond_longer() {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofSeconds(1))
                .burst(1)
                .build(time);
        assertThat(limiter.tryAcquire(1, Duration.ZERO)).isTrue();
        assertThat(limiter.tryAcquire(1, Duration.ofMillis(100))).isTrue();
        assertThat(time.waited()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void a_wait_that_is_known_to_be_too_long_is_refused_at_once() {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofSeconds(1))
                .burst(1)
                .build(time);
        limiter.tryAcquire();
        assertThat(limiter.tryAcquire(1, Duration.ofMillis(99))).isFalse();
        assertThat(time.waited()).isZero();
        assertThat(limiter.refused()).isEqualTo(1);
    }

    @Test
    void while_permits_are_refused_there_is_time_until_they_are_granted() {
        long behind = Duration.ofMillis(9).toNanos();
        Surroundings lagging =
                new FakeTime.OtherCoarseClock(time, () -> time.clock().nanoTime() - behind);
        RateLimiter.Builder hundred =
                RateLimiter.builder("l").permits(100, Duration.ofSeconds(1)).burst(1);
        RateLimiter limiter = hundred.build(lagging);
        KeyedRateLimiter<String> keyed = hundred.buildKeyed(lagging);
        for (int i = 0; i < 20; i++) {
            while (limiter.tryAcquire()) {}
            while (keyed.tryAcquire("a")) {}
            assertThat(limiter.timeUntil(1)).isPositive();
            assertThat(keyed.timeUntil("a", 1)).isPositive();
            time.pass(Duration.ofMillis(3));
        }
    }

    @Property(tries = 500)
    void a_permit_that_is_given_back_at_once_was_never_taken(
            @ForAll @IntRange(min = 1, max = 2_000) int rate,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll boolean precise,
            @ForAll @Size(max = 100) List<@LongRange(min = 0, max = 20_000_000) Long> pauses) {
        FakeTime own = new FakeTime();
        RateLimiter.Builder builder = RateLimiter.builder("l")
                .permits(rate, Duration.ofSeconds(1))
                .burst(burst)
                .precise(precise);
        RateLimiter limiter = builder.build(own);
        RateLimiter other = builder.build(own);
        for (long pause : pauses) {
            own.passNanos(pause);
            assertThat(limiter.available()).isEqualTo(other.available());
            if (limiter.tryAcquire()) {
                limiter.putBack(limiter.now());
            }
            assertThat(limiter.tryAcquire()).isEqualTo(other.tryAcquire());
            assertThat(limiter.timeUntil(burst)).isEqualTo(other.timeUntil(burst));
        }
    }

    @Property(tries = 500)
    void whenever_permits_are_given_back_the_bucket_grants_no_more_than_without(
            @ForAll @IntRange(min = 1, max = 50) int rate,
            @ForAll @IntRange(min = 1, max = 5) int burst,
            @ForAll @Size(max = 100) List<@LongRange(min = 0, max = 100_000_000) Long> pauses) {
        FakeTime own = new FakeTime();
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(rate, Duration.ofSeconds(1))
                .burst(burst)
                .precise(true)
                .build(own);
        long interval = (1_000_000_000L + rate - 1) / rate;
        List<Long> used = new ArrayList<>();
        Long held = null;
        for (long pause : pauses) {
            own.passNanos(pause);
            if (held != null) {
                limiter.putBack(held);
                held = null;
            }
            while (limiter.tryAcquire()) {
                used.add(own.elapsedNanos());
            }
            own.passNanos(pause);
            held = limiter.tryAcquire() ? limiter.now() : null;
        }
        for (int from = 0; from < used.size(); from++) {
            for (int to = from; to < used.size(); to++) {
                assertThat((long) (to - from + 1))
                        .isLessThanOrEqualTo(burst + (used.get(to) - used.get(from)) / interval);
            }
        }
    }

    @Test
    void an_interrupted_wait_takes_nothing() {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofSeconds(1))
                .burst(1)
                .build(time);
        limiter.tryAcquire();
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        assertThatExceptionOfType(CallInterruptedException.class)
                .isThrownBy(() -> limiter.tryAcquire(1, Duration.ofSeconds(1)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(limiter.waiting()).isZero();
        assertThat(limiter.timeUntil(1)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void closing_ends_waits() {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofSeconds(1))
                .burst(1)
                .build(time);
        limiter.tryAcquire();
        time.duringNextWait(limiter::close);
        assertThat(limiter.tryAcquire(1, Duration.ofSeconds(1))).isFalse();
        assertThat(limiter.waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void grants_of_several_threads_are_exactly_the_burst(boolean precise) throws Exception {
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(1_000, Duration.ofHours(1))
                .precise(precise)
                .build(time);
        AtomicInteger granted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    if (limiter.tryAcquire()) {
                        granted.incrementAndGet();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(granted).hasValue(1_000);
    }

    @Test
    void each_key_has_its_own_bucket_and_idle_ones_make_room() {
        KeyedRateLimiter<String> limiter = RateLimiter.builder("k")
                .permits(2, Duration.ofSeconds(1))
                .maxKeys(3)
                .buildKeyed(time);
        for (String key : List.of("a", "b", "c")) {
            assertThat(limiter.tryAcquire(key)).isTrue();
            assertThat(limiter.tryAcquire(key)).isTrue();
            assertThat(limiter.tryAcquire(key)).isFalse();
        }
        assertThat(limiter.timeUntil("a", 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(limiter.tryAcquire("d", 2)).isTrue();
        assertThat(limiter.tryAcquire("e")).isFalse();
        assertThat(limiter.overflows()).isEqualTo(2);
        assertThat(limiter.keys()).isEqualTo(3);
        time.pass(Duration.ofSeconds(1));
        assertThat(limiter.tryAcquire("a", 2)).isTrue();
        assertThat(limiter.tryAcquire("e", 2)).isTrue();
        assertThat(limiter.keys()).isEqualTo(2);
        assertThat(limiter.tryAcquire("a")).isFalse();
    }

    @Property(tries = 500)
    void a_key_gets_no_more_than_its_limit_wherever_its_bucket_is(
            @ForAll @IntRange(min = 1, max = 3) int maxKeys,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 999) Integer> history) {
        FakeTime own = new FakeTime();
        int burst = 4;
        long interval = Duration.ofMillis(100).toNanos();
        KeyedRateLimiter<Integer> limiter = RateLimiter.builder("k")
                .permits(10, Duration.ofSeconds(1))
                .burst(burst)
                .maxKeys(maxKeys)
                .buildKeyed(own);
        Gcra gcra = new Gcra(10, Duration.ofSeconds(1), burst, 0);
        List<AtomicLong> granted = Stream.generate(AtomicLong::new).limit(5).toList();
        for (int number : history) {
            int key = number % 5;
            for (int i = 0; i <= number / 5 % 10; i++) {
                if (limiter.tryAcquire(key)) {
                    assertThat(gcra.acquire(granted.get(key), own.elapsedNanos(), 1))
                            .as("key %d", key)
                            .isZero();
                }
            }
            own.passNanos(number / 50 % 5 * interval / 2);
        }
    }

    @Test
    void a_million_invented_keys_leave_no_more_than_the_bound() {
        KeyedRateLimiter<Integer> limiter = RateLimiter.builder("k")
                .permits(1, Duration.ofHours(1))
                .maxKeys(100)
                .buildKeyed(time);
        for (int key = 0; key < 1_000_000; key++) {
            limiter.tryAcquire(key);
        }
        assertThat(limiter.keys()).isEqualTo(100);
    }

    @Test
    void a_look_through_the_keys_that_takes_long_is_not_due_again_at_once() {
        long second = Duration.ofSeconds(1).toNanos();
        long[] clock = new long[2];
        KeyedRateLimiter<String> limiter =
                new KeyedRateLimiter<>("k", new Gcra(1, Duration.ofSeconds(1), 1, 0), 1, 1, () -> clock[0] += clock[1]);
        assertThat(limiter.tryAcquire("a")).isTrue();
        clock[1] = second / 2;
        limiter.tryAcquire("b");
        clock[1] = 0;
        clock[0] += second;
        limiter.tryAcquire("c");
        assertThat(limiter.overflows()).as("\"a\" is not looked for again").isEqualTo(2);
        clock[0] += 20 * second;
        assertThat(limiter.tryAcquire("d")).isTrue();
        assertThat(limiter.overflows()).isEqualTo(2);
    }

    @RepeatedTest(50)
    void threads_with_new_keys_do_not_pass_the_bound_together() throws Exception {
        int bound = 3;
        long second = Duration.ofSeconds(1).toNanos();
        AtomicLong nanos = new AtomicLong();
        KeyedRateLimiter<Integer> limiter =
                new KeyedRateLimiter<>("k", new Gcra(1, Duration.ofSeconds(1), 1, 0), 1, bound, nanos::get);
        int crowd = 4;
        Crowd.work(crowd, number -> {
            int first = number * 1_000;
            for (int key = first; key < first + 100; key++) {
                limiter.tryAcquire(key);
                assertThat(limiter.keys()).isLessThanOrEqualTo(bound);
                // Whatever was granted is full again, and so all buckets make room.
                time.passNanos(key % 20 == 0 ? Duration.ofSeconds(1).toNanos() : 0);
            }
        });
        nanos.addAndGet(2 * second);
        for (int key = 0; key < bound; key++) {
            assertThat(limiter.tryAcquire(-1 - key)).isTrue();
        }
        assertThat(limiter.keys()).as("no place was lost").isEqualTo(bound);
    }
}
