package dev.tentpole.core.frame;

import java.util.Arrays;

/**
 * The shortest decimal text that reads back to the same floating point number, and of those the nearest to it.
 *
 * <p>Numbers of few decimals, which are most of what is measured, are found by one multiplication and one division.
 * All others go through Schubfach (Raffaele Giulietti, "The Schubfach way to render doubles", 2020): of the decimals
 * that round to the number, one of the two candidates of each length is picked by comparing three products of 126 bits.
 * The notation is that of JavaScript: an exponent below 1e-6 and from 1e21 on.
 */
final class DoubleText {

    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int MIN_EXPONENT = -1074;
    private static final int FLOAT_FRACTION_BITS = 23;
    private static final int FLOAT_HIDDEN_BIT = 1 << FLOAT_FRACTION_BITS;
    private static final int FLOAT_MIN_EXPONENT = -149;
    private static final long MASK_63 = Long.MAX_VALUE;

    /** Numbers of at most four digits on either side of the point go the fast way. */
    private static final int SCALE = 10_000;

    private static final double MAX_SHORT = 1e8 - 1;

    private static final long TEN_TO_16 = 10_000_000_000_000_000L;

    private static final int MAX_PLAIN = 21;
    private static final int MIN_PLAIN = -6;

    private DoubleText() {}

    /** Puts a finite number at a place with 48 bytes of room, and returns the place behind it. */
    static int put(byte[] b, int at, double value) {
        int p = tryShort(b, at, value);
        return p == at ? putAny(b, at, value) : p;
    }

    /** Puts a finite number as {@link #put} does if that is fast, and else nothing. */
    static int tryShort(byte[] b, int at, double value) {
        double abs = Math.abs(value);
        double scaled = abs * SCALE;
        if (scaled >= MAX_SHORT) {
            return at;
        }
        int tenThousandths = (int) (scaled + 0.5);
        // Equal means: the decimal, correctly rounded, is this number. With so few digits it is the shortest.
        if (tenThousandths / (double) SCALE != abs) {
            return at;
        }
        int p = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            b[p++] = '-';
        }
        return Digits.putTenThousandths(b, p, tenThousandths);
    }

    /** Puts a finite number as {@link #put} does, without trying the fast way first. */
    static int putAny(byte[] b, int at, double value) {
        int p = at;
        long bits = Double.doubleToRawLongBits(value);
        if (bits < 0) {
            b[p++] = '-';
        }
        long fraction = bits & (HIDDEN_BIT - 1);
        int exponent = (int) (bits >>> FRACTION_BITS) & 0x7FF;
        if (exponent != 0) {
            return putShortest(b, p, fraction | HIDDEN_BIT, exponent - 1 + MIN_EXPONENT, fraction == 0 && exponent > 1);
        }
        if (fraction == 0) {
            b[p++] = '0';
            return p;
        }
        return putShortest(b, p, fraction, MIN_EXPONENT, false);
    }

    /** Puts a finite number at a place with 48 bytes of room, and returns the place behind it. */
    static int put(byte[] b, int at, float value) {
        int p = at;
        int bits = Float.floatToRawIntBits(value);
        if (bits < 0) {
            b[p++] = '-';
        }
        int fraction = bits & (FLOAT_HIDDEN_BIT - 1);
        int exponent = (bits >>> FLOAT_FRACTION_BITS) & 0xFF;
        if (exponent == 0) {
            if (fraction == 0) {
                b[p++] = '0';
                return p;
            }
            return putShortest(b, p, fraction, FLOAT_MIN_EXPONENT, false);
        }
        return putShortest(
                b, p, fraction | FLOAT_HIDDEN_BIT, exponent - 1 + FLOAT_MIN_EXPONENT, fraction == 0 && exponent > 1);
    }

    /**
     * The number c * 2^q. Where the number below is only half as far away as the one above (a power of two, but not the
     * smallest), the interval of decimals that round to it is {@code uneven}.
     */
    private static int putShortest(byte[] b, int at, long c, int q, boolean uneven) {
        // A decimal on the edge of the interval rounds to the even neighbour.
        long edge = c & 1;
        long middle = c << 2;
        long upper = middle + 2;
        long lower = uneven ? middle - 1 : middle - 2;
        int k = uneven ? PowersOfTen.floorLog10ThreeQuartersPow2(q) : PowersOfTen.floorLog10Pow2(q);
        int shift = q + PowersOfTen.floorLog2Pow10(-k) + 2;
        long high = PowersOfTen.printHigh(-k);
        long low = PowersOfTen.printLow(-k);
        // Four times the number and the interval's ends, in units of 10^k, rounded to odd.
        long v = toOdd(high, low, middle << shift);
        long from = toOdd(high, low, lower << shift) + edge;
        long to = toOdd(high, low, upper << shift) - edge;

        return putDecimal(b, at, shortest(v, from, to), k);
    }

    /**
     * The shortest decimal between two ends, in quarters of it, and of two of the same length the one nearer to the number.
     * Which one it is looks like chance to the processor: so this is written to be computed without branches.
     */
    private static long shortest(long v, long from, long to) {
        long s = v >> 2;
        long tens = s / 10 * 10;
        boolean tensBelow = from <= tens << 2;
        boolean tensAbove = (tens + 10) << 2 <= to;
        boolean below = from <= s << 2;
        boolean above = (s + 1) << 2 <= to;
        // Half way between two decimals it is the even one.
        long nearer = v - ((s << 2) + 2) + (s & 1) > 0 ? s + 1 : s;
        long one = below == above ? nearer : below ? s : s + 1;
        long ten = tensBelow ? tens : tens + 10;
        return tensBelow != tensAbove && s >= 10 ? ten : one;
    }

    /** The upper bits of a product; the lowest of them set if anything below is. */
    private static long toOdd(long high, long low, long factor) {
        long carry = Math.multiplyHigh(low, factor);
        long below = high * factor;
        long above = Math.multiplyHigh(high, factor);
        long rest = (below >>> 1) + carry;
        return (above + (rest >>> 63)) | (((rest & MASK_63) + MASK_63) >>> 63);
    }

    private static int putDecimal(byte[] b, int at, long decimal, int exponent) {
        boolean sixteen = decimal < TEN_TO_16;
        long digits = sixteen ? decimal * 10 : decimal;
        int k = sixteen ? exponent - 1 : exponent;
        while (digits < TEN_TO_16) {
            digits *= 10;
            k--;
        }
        // The number is 0.ddd, of seventeen digits, times 10 to the power of this.
        int point = 17 + k;
        if (point > 0 && point < 8) {
            return Digits.putSeventeen(b, at, digits, point);
        }
        return putRare(b, at, digits, point);
    }

    private static int putRare(byte[] b, int at, long digits, int point) {
        if (point > MIN_PLAIN && point <= 0) {
            Digits.putEight(b, at, 0);
            b[at + 1] = '.';
            return putDigits(b, at + 2 - point, digits);
        }
        int end = putDigits(b, at + 1, digits);
        int length = end - at - 1;
        if (point > MAX_PLAIN || point <= MIN_PLAIN) {
            return putScientific(b, at, length, point - 1);
        }
        if (point >= length) {
            System.arraycopy(b, at + 1, b, at, length);
            Arrays.fill(b, at + length, at + point, (byte) '0');
            return at + point;
        }
        System.arraycopy(b, at + 1, b, at, point);
        b[at + point] = '.';
        return end;
    }

    /** Puts seventeen digits, without the zeros at their end, and returns the place behind them. */
    private static int putDigits(byte[] b, int at, long digits) {
        long first = digits / TEN_TO_16;
        b[at] = (byte) ('0' + first);
        return Digits.putFraction(b, at + 1, digits - first * TEN_TO_16);
    }

    /** Makes of digits, which are one place further, a number with an exponent. */
    private static int putScientific(byte[] b, int at, int length, int exponent) {
        b[at] = b[at + 1];
        int p = at + 1;
        if (length > 1) {
            b[p] = '.';
            p += length;
        }
        b[p++] = 'e';
        b[p++] = (byte) (exponent < 0 ? '-' : '+');
        return Digits.putLong(b, p, Math.abs(exponent));
    }
}
