package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a curve that grows with the number of failures, a cap, and jitter, so that
 * clients that failed together do not come back together. Immutable.
 *
 * <p>With {@code b(n)} for the curve before retry {@code n} (the first is 1) and {@code U} for a uniform random number, the
 * kinds of jitter are those of Marc Brooker's "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015):
 *
 * <ul>
 *   <li>full: {@code U(0, b(n))}, the default of everything that grows;
 *   <li>equal: {@code b(n)/2 + U(0, b(n)/2)};
 *   <li>decorrelated: {@code U(initial, 3 * the last wait)};
 *   <li>proportional, factor {@code j}: {@code U(b(n) * (1-j), b(n) * (1+j))}, the upper end being at most the maximum;
 *   <li>none: {@code b(n)}.
 * </ul>
 *
 * <p>Whatever the jitter, no wait is longer than the maximum or shorter than zero, for any number of attempts.
 */
public final class Backoff {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final double MAX_FACTOR = 100;
    private static final double DEFAULT_FACTOR = 2;
    private static final int DECORRELATED_GROWTH = 3;

    private enum Curve {
        NONE,
        FIXED,
        EXPONENTIAL,
        FIBONACCI
    }

    private enum Jitter {
        NONE,
        FULL,
        EQUAL,
        DECORRELATED,
        PROPORTIONAL
    }

    private static final Backoff NO_WAIT = new Backoff(Curve.NONE, 0, 0, 1, Jitter.NONE, 0);

    private final Curve curve;
    private final long initial;
    private final long maximum;
    private final double factor;
    private final Jitter jitter;
    private final double proportion;

    private Backoff(Curve curve, long initial, long maximum, double factor, Jitter jitter, double proportion) {
        this.curve = curve;
        this.initial = initial;
        this.maximum = maximum;
        this.factor = factor;
        this.jitter = jitter;
        this.proportion = proportion;
    }

    /**
     * {@return no wait at all}
     */
    public static Backoff none() {
        return NO_WAIT;
    }

    /**
     * {@return always the same wait, without jitter}
     *
     * @param wait 0 to 1 day; with jitter it is also the longest wait
     * @throws IllegalArgumentException if the wait is out of range
     */
    public static Backoff fixed(Duration wait) {
        long nanos = Args.inRange("wait", wait, Duration.ZERO, LONGEST).toNanos();
        return new Backoff(Curve.FIXED, nanos, nanos, 1, Jitter.NONE, 0);
    }

    /**
     * {@return a wait that doubles with each failure, {@code b(n) = initial * 2^(n-1)}, with full jitter}
     *
     * @param initial 1 ns to 1 day
     * @param maximum the initial wait to 1 day
     * @throws IllegalArgumentException if one of them is out of range
     */
    public static Backoff exponential(Duration initial, Duration maximum) {
        return growing(Curve.EXPONENTIAL, initial, maximum);
    }

    /**
     * {@return a wait that grows as the Fibonacci numbers do, {@code b(n) = initial * (1, 1, 2, 3, 5, 8, ...)}, with full
     * jitter}
     *
     * @param initial 1 ns to 1 day
     * @param maximum the initial wait to 1 day
     * @throws IllegalArgumentException if one of them is out of range
     */
    public static Backoff fibonacci(Duration initial, Duration maximum) {
        return growing(Curve.FIBONACCI, initial, maximum);
    }

    private static Backoff growing(Curve curve, Duration initial, Duration maximum) {
        Args.inRange("initial", initial, Duration.ofNanos(1), LONGEST);
        Args.inRange("maximum", maximum, initial, LONGEST);
        return new Backoff(curve, initial.toNanos(), maximum.toNanos(), DEFAULT_FACTOR, Jitter.FULL, 0);
    }

    /**
     * {@return the same, growing by another factor; for the exponential curve only}
     *
     * @param newFactor 1 to 100; 2 is the default
     * @throws IllegalArgumentException if the factor is out of range, or the curve is not exponential
     */
    public Backoff withFactor(double newFactor) {
        Args.check(newFactor >= 1 && newFactor <= MAX_FACTOR, "factor", newFactor, "1.0 to 100.0");
        Args.check(curve == Curve.EXPONENTIAL, "factor", newFactor, "left out: only exponential backoff has one");
        return new Backoff(curve, initial, maximum, newFactor, jitter, proportion);
    }

    /** No wait before a retry is shorter. */
    long leastNanos() {
        return switch (jitter) {
            case NONE, DECORRELATED -> initial;
            case FULL -> 0;
            case EQUAL -> initial / 2;
            case PROPORTIONAL -> (long) (initial * (1 - proportion));
        };
    }

    /**
     * {@return the same with full jitter}
     */
    public Backoff withFullJitter() {
        return with(Jitter.FULL, 0);
    }

    /**
     * {@return the same with equal jitter: at least half of the curve}
     */
    public Backoff withEqualJitter() {
        return with(Jitter.EQUAL, 0);
    }

    /**
     * {@return the same with decorrelated jitter: from the initial wait to three times the last one; the curve is left
     * aside}
     */
    public Backoff withDecorrelatedJitter() {
        return with(Jitter.DECORRELATED, 0);
    }

    /**
     * {@return the same with jitter in proportion to the curve, to both sides}
     *
     * <p>Where the curve has reached the maximum, and so with {@link #fixed} always, the waits are from {@code 1 - share} of
     * it to all of it.
     *
     * @param share 0 to 1, where 0.1 is from 90 % to 110 %
     * @throws IllegalArgumentException if the share is out of range
     */
    public Backoff withProportionalJitter(double share) {
        Args.check(share >= 0 && share <= 1, "jitter", share, "0.0 to 1.0");
        return with(Jitter.PROPORTIONAL, share);
    }

    /**
     * {@return the same without jitter}
     */
    public Backoff withoutJitter() {
        return with(Jitter.NONE, 0);
    }

    private Backoff with(Jitter newJitter, double share) {
        return curve == Curve.NONE ? this : new Backoff(curve, initial, maximum, factor, newJitter, share);
    }

    /**
     * {@return how long to wait before a retry; from zero to the maximum}
     *
     * @param retry which retry, from 1; any number up to {@link Integer#MAX_VALUE}
     * @param last the wait before the previous retry; zero before the first one
     * @param random the source of chance; the same numbers give the same wait
     * @throws IllegalArgumentException if the retry is below 1
     */
    public Duration delay(int retry, Duration last, RandomGenerator random) {
        Args.inRange("retry", retry, 1, Integer.MAX_VALUE);
        return Duration.ofNanos(delayNanos(
                retry,
                Args.inRange("last", last, Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE))
                        .toNanos(),
                random));
    }

    long delayNanos(int retry, long last, RandomGenerator random) {
        if (curve == Curve.NONE) {
            return 0;
        }
        long base = curveNanos(retry);
        return switch (jitter) {
            case NONE -> base;
            case FULL -> uniform(0, base, random);
            case EQUAL -> uniform(base / 2, base, random);
            case DECORRELATED -> uniform(initial, decorrelatedTop(last), random);
            case PROPORTIONAL ->
                uniform((long) (base * (1 - proportion)), Math.min(maximum, (long) (base * (1 + proportion))), random);
        };
    }

    /** The longest curve is a day, so that no product here comes near an overflow. */
    private long curveNanos(int retry) {
        return switch (curve) {
            case NONE -> 0;
            case FIXED -> initial;
            case EXPONENTIAL -> (long) Math.min((double) maximum, initial * Math.pow(factor, retry - 1.0));
            case FIBONACCI -> fibonacciNanos(retry);
        };
    }

    private long fibonacciNanos(int retry) {
        long before = 0;
        long current = initial;
        for (int i = 1; i < retry && current < maximum; i++) {
            long next = before + current;
            before = current;
            current = next;
        }
        return Math.min(current, maximum);
    }

    private long decorrelatedTop(long last) {
        long base = Math.min(Math.max(last, initial), maximum);
        return Math.min(maximum, base * DECORRELATED_GROWTH);
    }

    private static long uniform(long from, long to, RandomGenerator random) {
        return from >= to ? from : random.nextLong(from, to + 1);
    }

    /**
     * {@return the longest wait}
     */
    public Duration maximum() {
        return Duration.ofNanos(maximum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Backoff that
                && curve == that.curve
                && initial == that.initial
                && maximum == that.maximum
                && Double.compare(factor, that.factor) == 0
                && jitter == that.jitter
                && Double.compare(proportion, that.proportion) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(curve, initial, maximum, factor, jitter, proportion);
    }

    @Override
    public String toString() {
        return switch (curve) {
            case NONE -> "none";
            case FIXED -> "fixed " + Duration.ofNanos(initial) + jitterText();
            case EXPONENTIAL, FIBONACCI ->
                curve.name().toLowerCase(Locale.ROOT)
                        + " from "
                        + Duration.ofNanos(initial)
                        + (curve == Curve.EXPONENTIAL ? " by " + factor : "")
                        + " to "
                        + Duration.ofNanos(maximum)
                        + jitterText();
        };
    }

    private String jitterText() {
        return switch (jitter) {
            case NONE -> "";
            case PROPORTIONAL -> ", jitter " + proportion;
            default -> ", " + jitter.name().toLowerCase(Locale.ROOT) + " jitter";
        };
    }
}
