package dev.tentpole.bigquery;

import dev.tentpole.base.Args;

/**
 * A number of bytes that is not known exactly: the truth is never outside of {@code lower..upper}. Immutable.
 *
 * @param lower the fewest bytes that it can be
 * @param expected the bytes that it most likely is, within the bounds
 * @param upper the most bytes that it can be; {@link #UNBOUNDED} if there is no bound
 */
public record CostBytes(long lower, long expected, long upper) {

    /** Stands for the upper bound where there is none. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    static final CostBytes ZERO = new CostBytes(0, 0, 0);

    /**
     * Checks the values.
     *
     * @param lower see {@link #lower}
     * @param expected see {@link #expected}
     * @param upper see {@link #upper}
     */
    public CostBytes {
        if (lower < 0 || lower > expected || expected > upper) {
            Args.check(
                    false,
                    "lower, expected, upper",
                    lower + ", " + expected + ", " + upper,
                    "at least 0 and in this order");
        }
    }

    /** {@return whether the number is known exactly} */
    public boolean isExact() {
        return lower == upper;
    }

    /** {@return whether there is an upper bound} */
    public boolean isBounded() {
        return upper != UNBOUNDED;
    }

    static CostBytes exactly(long bytes) {
        return new CostBytes(bytes, bytes, bytes);
    }

    /** {@return the range of these bounds with the expected value moved into it} */
    static CostBytes around(long lower, long expected, long upper) {
        long least = Math.min(lower, upper);
        return new CostBytes(least, Math.max(least, Math.min(expected, upper)), upper);
    }

    CostBytes plus(CostBytes other) {
        return new CostBytes(plus(lower, other.lower), plus(expected, other.expected), plus(upper, other.upper));
    }

    /** {@return the sum of two numbers that are at least 0, or the largest number} */
    static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** {@return the product of two numbers that are at least 0, or the largest number} */
    static long times(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        return high != 0 || low < 0 ? Long.MAX_VALUE : low;
    }

    /** {@return the share {@code part / whole} of a number, all at least 0 and the part within the whole} */
    static long share(long bytes, long part, long whole) {
        return whole == 0 ? 0 : (long) ((double) bytes * ((double) part / (double) whole));
    }
}
