package dev.tentpole.core.frame;

import java.nio.charset.StandardCharsets;

/**
 * Floating point numbers of decimal text, correctly rounded.
 *
 * <p>Up to 19 digits the decimal is an integer times a power of ten. If both are exact as doubles one operation does it
 * (William Clinger, 1990); else a product of 128 bits (Daniel Lemire, "Number parsing at a gigabyte per second", 2021).
 * What that does not settle (more digits, results that are subnormal or too large) goes to the JDK.
 */
final class NumberText {

    private static final double[] EXACT_POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private static final long EXACT = 1L << 53;

    private NumberText() {}

    /**
     * The double nearest to {@code decimal * 10^exponent}.
     *
     * @param decimal up to 19 digits, without sign
     * @return NaN if it could not be settled here
     */
    static double of(long decimal, int exponent) {
        if (decimal == 0) {
            return 0;
        }
        if (decimal > 0 && decimal <= EXACT && exponent >= -22 && exponent <= 22) {
            return exponent < 0 ? decimal / EXACT_POWERS[-exponent] : decimal * EXACT_POWERS[exponent];
        }
        if (exponent < PowersOfTen.PARSE_MIN || exponent > PowersOfTen.PARSE_MAX) {
            return Double.NaN;
        }
        int shift = Long.numberOfLeadingZeros(decimal);
        long w = decimal << shift;
        long powerHigh = PowersOfTen.parseHigh(exponent);
        long low = w * powerHigh;
        long high = unsignedMultiplyHigh(w, powerHigh);
        // If the bits below the 55 that are needed are all ones, a carry from further below could reach them.
        if ((high & 0x1FF) == 0x1FF) {
            long carry = unsignedMultiplyHigh(w, PowersOfTen.parseLow(exponent));
            low += carry;
            if (Long.compareUnsigned(low, carry) < 0) {
                high++;
            }
            if (low == -1 && (exponent < -27 || exponent > 55)) {
                return Double.NaN;
            }
        }
        int upper = (int) (high >>> 63);
        long mantissa = high >>> (upper + 9);
        int binary = PowersOfTen.floorLog2Pow10(exponent) + 63 + upper - shift + 1023;
        if (binary <= 0 || binary >= 0x7FE) {
            return Double.NaN;
        }
        // Exactly half way between two doubles: to the even one.
        if (Long.compareUnsigned(low, 1) <= 0
                && exponent >= -4
                && exponent <= 23
                && (mantissa & 3) == 1
                && mantissa << (upper + 9) == high) {
            mantissa &= ~1L;
        }
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        // A carry out of the mantissa is one more in the exponent, which the sum does by itself.
        return Double.longBitsToDouble(((long) (binary - 1) << 52) + mantissa);
    }

    /** The double nearest to a number's text; infinite if it is too large. */
    static double slowDouble(byte[] b, int from, int to) {
        return Double.parseDouble(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
    }

    /**
     * The float nearest to a number of which the nearest double is known.
     *
     * @param b the number's text, for the case that the double does not tell
     */
    static float toFloat(double nearest, byte[] b, int from, int to) {
        double abs = Math.abs(nearest);
        boolean half = (Double.doubleToRawLongBits(nearest) & 0x1FFF_FFFFL) == 0x1000_0000L;
        // Where the double lies between two floats the decimal may lie on either side of it.
        if (half || (abs < Float.MIN_NORMAL && abs != 0)) {
            return Float.parseFloat(new String(b, from, to - from, StandardCharsets.ISO_8859_1));
        }
        return (float) nearest;
    }

    private static long unsignedMultiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }
}
