package dev.tentpole.core.frame;

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

    /** Integers up to here are exact, and so is division of two of them up to its one rounding. */
    private static final double EXACT = 0x1p53;

    private static final int DECIMALS = 4;
    private static final double SCALE = 1e4;

    private static final int MAX_PLAIN = 21;
    private static final int MIN_PLAIN = -6;

    private DoubleText() {}

    /** Puts a finite number at a place with 32 bytes of room, and returns the place behind it. */
    static int put(byte[] b, int at, double value) {
        int p = at;
        long bits = Double.doubleToRawLongBits(value);
        if (bits < 0) {
            b[p++] = '-';
        }
        double abs = Math.abs(value);
        double scaled = abs * SCALE;
        if (scaled < EXACT) {
            long tenThousandths = (long) (scaled + 0.5);
            // Equal means: the decimal, correctly rounded, is this number. With 15 digits at most it is the shortest.
            if (tenThousandths / SCALE == abs && tenThousandths < 1_000_000_000_000_000L) {
                return putFixed(b, p, tenThousandths);
            }
        }
        long fraction = bits & (HIDDEN_BIT - 1);
        int exponent = (int) (bits >>> FRACTION_BITS) & 0x7FF;
        return exponent == 0
                ? putShortest(b, p, fraction, MIN_EXPONENT, false)
                : putShortest(b, p, fraction | HIDDEN_BIT, exponent - 1 + MIN_EXPONENT, fraction == 0 && exponent > 1);
    }

    /** Puts a finite number at a place with 32 bytes of room, and returns the place behind it. */
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

    private static int putFixed(byte[] b, int at, long tenThousandths) {
        long whole = tenThousandths / 10_000;
        int rest = (int) (tenThousandths - whole * 10_000);
        int p = JsonOut.putLong(b, at, whole);
        if (rest != 0) {
            b[p++] = '.';
            p = JsonOut.putDigits(b, p, rest, DECIMALS);
            while (b[p - 1] == '0') {
                p--;
            }
        }
        return p;
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

        long s = v >> 2;
        if (s >= 10) {
            long tens = s / 10 * 10;
            boolean below = from <= tens << 2;
            boolean above = (tens + 10) << 2 <= to;
            if (below != above) {
                return putDecimal(b, at, below ? tens : tens + 10, k);
            }
        }
        boolean below = from <= s << 2;
        boolean above = (s + 1) << 2 <= to;
        if (below != above) {
            return putDecimal(b, at, below ? s : s + 1, k);
        }
        long toHalf = v - ((s << 2) + 2);
        boolean down = toHalf < 0 || (toHalf == 0 && (s & 1) == 0);
        return putDecimal(b, at, down ? s : s + 1, k);
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
        long digits = decimal;
        int k = exponent;
        while (true) {
            long tenth = digits / 10;
            if (tenth * 10 != digits) {
                break;
            }
            digits = tenth;
            k++;
        }
        int length = JsonOut.digits(digits);
        // The number is 0.ddd times 10 to the power of this.
        int point = length + k;
        if (point > MAX_PLAIN || point <= MIN_PLAIN) {
            return putScientific(b, at, digits, length, point - 1);
        }
        int p = at;
        if (point <= 0) {
            b[p++] = '0';
            b[p++] = '.';
            for (int i = point; i < 0; i++) {
                b[p++] = '0';
            }
            return JsonOut.putDigits(b, p, digits, length);
        }
        if (k >= 0) {
            p = JsonOut.putDigits(b, p, digits, length);
            for (int i = 0; i < k; i++) {
                b[p++] = '0';
            }
            return p;
        }
        // One byte to the right, and then the digits before the point back to the left.
        JsonOut.putDigits(b, p + 1, digits, length);
        System.arraycopy(b, p + 1, b, p, point);
        b[p + point] = '.';
        return p + length + 1;
    }

    private static int putScientific(byte[] b, int at, long digits, int length, int exponent) {
        JsonOut.putDigits(b, at + 1, digits, length);
        b[at] = b[at + 1];
        int p = at + 1;
        if (length > 1) {
            b[p] = '.';
            p += length;
        }
        b[p++] = 'e';
        b[p++] = (byte) (exponent < 0 ? '-' : '+');
        return JsonOut.putLong(b, p, Math.abs(exponent));
    }
}
