package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class BackoffPropertyTest {

    private static final int SAMPLES = 4_000;

    @Property
    void no_wait_is_negative_or_longer_than_the_maximum_for_any_attempt(
            @ForAll("backoffs") Backoff backoff,
            @ForAll @IntRange(min = 1) int retry,
            @ForAll @LongRange(min = 0) long last,
            @ForAll long seed) {
        Duration wait = backoff.delay(retry, Duration.ofNanos(last), new Random(seed));
        assertThat(wait).isBetween(Duration.ZERO, backoff.maximum());
    }

    @Property(tries = 50)
    void the_last_attempt_number_has_a_wait(@ForAll("backoffs") Backoff backoff, @ForAll long seed) {
        assertThat(backoff.delay(Integer.MAX_VALUE, Duration.ofDays(100_000), new Random(seed)))
                .isBetween(Duration.ZERO, backoff.maximum());
    }

    @Property
    void the_same_chance_gives_the_same_wait(
            @ForAll("backoffs") Backoff backoff, @ForAll @IntRange(min = 1, max = 80) int retry, @ForAll long seed) {
        assertThat(backoff.delay(retry, Duration.ZERO, new Random(seed)))
                .isEqualTo(backoff.delay(retry, Duration.ZERO, new Random(seed)));
    }

    @Property
    void without_jitter_the_curve_is_the_documented_one(
            @ForAll @LongRange(min = 1, max = 1_000_000_000L) long initial,
            @ForAll @IntRange(min = 1, max = 40) int retry,
            @ForAll @DoubleRange(min = 1, max = 3) double factor) {
        Duration first = Duration.ofNanos(initial);
        Duration cap = Duration.ofHours(1);
        double exponential = Math.min(initial * Math.pow(factor, retry - 1), (double) cap.toNanos());
        assertThat((double) Backoff.exponential(first, cap)
                        .withFactor(factor)
                        .withoutJitter()
                        .delayNanos(retry, 0, none()))
                .isCloseTo(exponential, within(1.0));
        assertThat(Backoff.fibonacci(first, cap).withoutJitter().delayNanos(retry, 0, none()))
                .isEqualTo((long) Math.min((double) initial * fibonacci(retry), (double) cap.toNanos()));
        assertThat(Backoff.fixed(first).delayNanos(retry, 0, none())).isEqualTo(initial);
    }

    @Property(tries = 20)
    void full_jitter_is_uniform_from_zero_to_the_curve(
            @ForAll @IntRange(min = 1, max = 12) int retry, @ForAll long seed) {
        Backoff plain = Backoff.exponential(Duration.ofMillis(10), Duration.ofSeconds(5));
        long top = plain.withoutJitter().delayNanos(retry, 0, none());
        assertUniform(plain.withFullJitter(), retry, 0, 0, top, seed);
    }

    @Property(tries = 20)
    void equal_jitter_is_uniform_in_the_upper_half(@ForAll @IntRange(min = 1, max = 12) int retry, @ForAll long seed) {
        Backoff plain = Backoff.fibonacci(Duration.ofMillis(10), Duration.ofSeconds(5));
        long top = plain.withoutJitter().delayNanos(retry, 0, none());
        assertUniform(plain.withEqualJitter(), retry, 0, top / 2, top, seed);
    }

    @Property(tries = 20)
    void decorrelated_jitter_is_uniform_from_the_initial_wait_to_three_times_the_last(
            @ForAll @LongRange(min = 0, max = 3_000_000_000L) long last, @ForAll long seed) {
        long initial = 10_000_000;
        long cap = 5_000_000_000L;
        Backoff backoff = Backoff.exponential(Duration.ofNanos(initial), Duration.ofNanos(cap))
                .withDecorrelatedJitter();
        assertUniform(backoff, 3, last, initial, Math.min(cap, 3 * Math.max(last, initial)), seed);
    }

    @Property(tries = 20)
    void proportional_jitter_is_uniform_on_both_sides(
            @ForAll @DoubleRange(min = 0.01, max = 1) double share, @ForAll long seed) {
        long curve = 100_000_000;
        Backoff backoff = Backoff.exponential(Duration.ofNanos(curve), Duration.ofSeconds(5))
                .withProportionalJitter(share);
        assertUniform(backoff, 1, 0, (long) (curve * (1 - share)), (long) (curve * (1 + share)), seed);
    }

    @Property(tries = 20)
    void proportional_jitter_is_uniform_below_the_maximum_where_the_curve_has_reached_it(
            @ForAll @DoubleRange(min = 0.01, max = 1) double share, @ForAll long seed) {
        long maximum = 100_000_000;
        Backoff backoff = Backoff.fixed(Duration.ofNanos(maximum)).withProportionalJitter(share);
        assertUniform(backoff, 1, 0, (long) (maximum * (1 - share)), maximum, seed);
    }

    /** Mean, bounds, and the largest distance from the uniform distribution (Kolmogorov and Smirnov, 1 in 100,000). */
    private static void assertUniform(Backoff backoff, int retry, long last, long from, long to, long seed) {
        Random random = new Random(seed);
        double[] waits = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            waits[i] = backoff.delayNanos(retry, last, random);
        }
        Arrays.sort(waits);
        double width = to - from;
        assertThat(waits[0]).isGreaterThanOrEqualTo((double) from);
        assertThat(waits[SAMPLES - 1]).isLessThanOrEqualTo((double) to);
        double deviation = width / Math.sqrt(12 * SAMPLES);
        assertThat(Arrays.stream(waits).average().orElseThrow()).isCloseTo(from + width / 2, within(5 * deviation + 1));
        double farthest = 0;
        for (int i = 0; i < SAMPLES; i++) {
            farthest = Math.max(farthest, Math.abs((i + 0.5) / SAMPLES - (waits[i] - from) / width));
        }
        assertThat(farthest).isLessThan(2.5 / Math.sqrt(SAMPLES));
    }

    private static double fibonacci(int n) {
        double before = 0;
        double current = 1;
        for (int i = 1; i < n; i++) {
            double next = before + current;
            before = current;
            current = next;
        }
        return current;
    }

    private static RandomGenerator none() {
        return () -> {
            throw new AssertionError("no chance is needed");
        };
    }

    @Provide
    Arbitrary<Backoff> backoffs() {
        Arbitrary<Long> nanos =
                Arbitraries.longs().between(1, Duration.ofDays(1).toNanos());
        Arbitrary<Backoff> curves = Combinators.combine(
                        nanos,
                        nanos,
                        Arbitraries.doubles().between(1, 100),
                        Arbitraries.integers().between(0, 3))
                .as((a, b, factor, curve) -> {
                    Duration initial = Duration.ofNanos(Math.min(a, b));
                    Duration maximum = Duration.ofNanos(Math.max(a, b));
                    return switch (curve) {
                        case 0 -> Backoff.none();
                        case 1 -> Backoff.fixed(maximum);
                        case 2 -> Backoff.exponential(initial, maximum).withFactor(factor);
                        default -> Backoff.fibonacci(initial, maximum);
                    };
                });
        return Combinators.combine(
                        curves,
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.doubles().between(0, 1))
                .as((backoff, jitter, share) -> switch (jitter) {
                    case 0 -> backoff.withFullJitter();
                    case 1 -> backoff.withEqualJitter();
                    case 2 -> backoff.withDecorrelatedJitter();
                    case 3 -> backoff.withProportionalJitter(share);
                    default -> backoff.withoutJitter();
                });
    }
}
