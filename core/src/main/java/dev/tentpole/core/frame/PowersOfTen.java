package dev.tentpole.core.frame;

import java.math.BigInteger;

/**
 * The leading bits of powers of ten, for turning floating point numbers into decimals and back.
 *
 * <p>Computed once, when first used: some 1,300 divisions and shifts of numbers of about 1,000 bits.
 */
final class PowersOfTen {

    /** The exponents that decimals of 19 digits need to reach every finite double. */
    static final int PARSE_MIN = -342;

    static final int PARSE_MAX = 308;

    /** The exponents that the shortest decimals of all doubles need. */
    private static final int PRINT_MIN = -292;

    private static final int PRINT_MAX = 324;

    private static final BigInteger MASK_63 = BigInteger.ONE.shiftLeft(63).subtract(BigInteger.ONE);

    /** For each exponent e, 10^e = f * 2^x with 2^127 <= f < 2^128: the upper and the lower 64 bits of f. */
    private static final long[] PARSE = new long[2 * (PARSE_MAX - PARSE_MIN + 1)];

    /** For each exponent e, floor(10^e / 2^x) + 1 of 126 bits: the upper and the lower 63 bits. */
    private static final long[] PRINT = new long[2 * (PRINT_MAX - PRINT_MIN + 1)];

    static {
        for (int e = PARSE_MIN; e <= PARSE_MAX; e++) {
            BigInteger f = leading(e, 128);
            // Below 5^-27 no power is exact: rounded up, as the proof of the method wants it.
            if (e < 0) {
                f = f.add(BigInteger.ONE);
            }
            PARSE[2 * (e - PARSE_MIN)] = f.shiftRight(64).longValue();
            PARSE[2 * (e - PARSE_MIN) + 1] = f.longValue();
        }
        for (int e = PRINT_MIN; e <= PRINT_MAX; e++) {
            BigInteger g = leading(e, 126).add(BigInteger.ONE);
            PRINT[2 * (e - PRINT_MIN)] = g.shiftRight(63).longValue();
            PRINT[2 * (e - PRINT_MIN) + 1] = g.and(MASK_63).longValue();
        }
    }

    private PowersOfTen() {}

    static long parseHigh(int exponent) {
        return PARSE[2 * (exponent - PARSE_MIN)];
    }

    static long parseLow(int exponent) {
        return PARSE[2 * (exponent - PARSE_MIN) + 1];
    }

    static long printHigh(int exponent) {
        return PRINT[2 * (exponent - PRINT_MIN)];
    }

    static long printLow(int exponent) {
        return PRINT[2 * (exponent - PRINT_MIN) + 1];
    }

    /** floor(log2(10^e)), for -1233 <= e <= 1233. */
    static int floorLog2Pow10(int e) {
        return (e * 1741647) >> 19;
    }

    /** floor(log10(2^e)), for -1650 <= e <= 1650. */
    static int floorLog10Pow2(int e) {
        return (e * 315653) >> 20;
    }

    /** floor(log10(3/4 * 2^e)), for -1500 <= e <= 1500. */
    static int floorLog10ThreeQuartersPow2(int e) {
        return (e * 631305 - 261663) >> 21;
    }

    /** The leading bits of 10^e, the rest cut off. */
    private static BigInteger leading(int e, int bits) {
        if (e >= 0) {
            BigInteger power = BigInteger.TEN.pow(e);
            return power.shiftLeft(Math.max(0, bits - power.bitLength()))
                    .shiftRight(Math.max(0, power.bitLength() - bits));
        }
        BigInteger divisor = BigInteger.TEN.pow(-e);
        return BigInteger.ONE.shiftLeft(divisor.bitLength() + bits - 1).divide(divisor);
    }
}
