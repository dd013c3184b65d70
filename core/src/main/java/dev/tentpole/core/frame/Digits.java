package dev.tentpole.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decimal digits in ASCII, eight at a time: one in each byte of a long, the first one in the lowest byte. */
final class Digits {

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ZEROS = 0x3030303030303030L;
    private static final int TEN_TO_8 = 100_000_000;
    private static final long TEN_TO_16 = 10_000_000_000_000_000L;

    private Digits() {}

    /** Puts a number at a place with 24 bytes of room, and returns the place behind it. */
    static int putLong(byte[] b, int at, long value) {
        if (value >= 0) {
            return putUnsigned(b, at, value);
        }
        b[at] = '-';
        return putUnsigned(b, at + 1, -value);
    }

    /** Puts a number without sign, of 64 bits, at a place with 24 bytes of room, and returns the place behind it. */
    static int putUnsigned(byte[] b, int at, long value) {
        if (value >= 0 && value < TEN_TO_8) {
            return putFirst(b, at, (int) value);
        }
        if (value >= 0 && value < TEN_TO_16) {
            long first = value / TEN_TO_8;
            int p = putFirst(b, at, (int) first);
            return putEight(b, p, (int) (value - first * TEN_TO_8));
        }
        long first = Long.divideUnsigned(value, TEN_TO_16);
        int p = putFirst(b, at, (int) first);
        return putSixteen(b, p, value - first * TEN_TO_16);
    }

    /** Puts a number below 10^16 with zeros in front. */
    static int putSixteen(byte[] b, int at, long value) {
        long first = value / TEN_TO_8;
        putEight(b, at, (int) first);
        return putEight(b, at + 8, (int) (value - first * TEN_TO_8));
    }

    /** Puts a number below 10^16 with zeros in front, and returns the place behind its last digit that is not 0. */
    static int putFraction(byte[] b, int at, long value) {
        long first = value / TEN_TO_8;
        putEight(b, at, (int) first);
        long digits = spread((int) (value - first * TEN_TO_8));
        EIGHT_BYTES.set(b, at + 8, digits | ZEROS);
        int p = at + 16 - (Long.numberOfLeadingZeros(digits) >> 3);
        while (p > at && p <= at + 8 && b[p - 1] == '0') {
            p--;
        }
        return p;
    }

    /** Puts a number below 10^8 with zeros in front. */
    static int putEight(byte[] b, int at, int value) {
        EIGHT_BYTES.set(b, at, spread(value) | ZEROS);
        return at + 8;
    }

    /** Puts a number below 10^8 without zeros in front; may write 8 bytes whatever it needs. */
    static int putFirst(byte[] b, int at, int value) {
        long digits = spread(value);
        // The last digit stays even if it is 0.
        int skip = Long.numberOfTrailingZeros(digits | (1L << 56)) >> 3;
        EIGHT_BYTES.set(b, at, (digits | ZEROS) >>> (skip << 3));
        return at + 8 - skip;
    }

    /** Copies eight bytes from one place to another. */
    static void copyEight(byte[] b, int from, byte[] to, int at) {
        EIGHT_BYTES.set(to, at, (long) EIGHT_BYTES.get(b, from));
    }

    /** Puts a number below 10^8, divided by 10^4: with a point, and without zeros at either end. */
    static int putTenThousandths(byte[] b, int at, int value) {
        long digits = spread(value);
        int skip = Long.numberOfTrailingZeros(digits | (1L << 24)) >> 3;
        EIGHT_BYTES.set(b, at, (digits | ZEROS) >>> (skip << 3));
        int p = at + 4 - skip;
        long fraction = digits >>> 32;
        if (fraction == 0) {
            return p;
        }
        EIGHT_BYTES.set(b, p, '.' | ((fraction | ZEROS) << 8));
        return p + 9 - (Long.numberOfLeadingZeros(fraction) >> 3);
    }

    /**
     * Puts seventeen digits with a point among them, and without zeros behind it. Everything is put together in registers,
     * as reading back what was just written would wait for it.
     *
     * @param value 10^16 or more, below 10^17
     * @param point the number of digits in front of the point, 1 to 7
     */
    static int putSeventeen(byte[] b, int at, long value, int point) {
        long first = value / TEN_TO_16;
        long rest = value - first * TEN_TO_16;
        long upper = rest / TEN_TO_8;
        long middle = spread((int) upper);
        long last = spread((int) (rest - upper * TEN_TO_8));
        int shift = point << 3;
        long eight = first | (middle << 8);
        long beforePoint = (1L << shift) - 1;
        // Under the point lies a 0 of the shifted digits, or the last digit in front of it: neither may show.
        long behindPoint = -1L << shift << 8;
        long zeros = ZEROS & ~(0xFFL << shift);
        EIGHT_BYTES.set(b, at, (eight & beforePoint) | ((eight << 8) & behindPoint) | zeros | ((long) '.' << shift));
        EIGHT_BYTES.set(b, at + 8, (middle >>> 48) | (last << 16) | ZEROS);
        EIGHT_BYTES.set(b, at + 16, (last >>> 48) | ZEROS);
        if (last != 0) {
            return at + 18 - (Long.numberOfLeadingZeros(last) >> 3);
        }
        int p = at + 10;
        while (b[p - 1] == '0') {
            p--;
        }
        return b[p - 1] == '.' ? p - 1 : p;
    }

    /** The digits of a number below 10^8, one in each byte: two of four, four of two, eight of one in parallel. */
    private static long spread(int value) {
        long fours = value / 10_000 | ((long) (value % 10_000) << 32);
        long hundredths = ((fours * 10486) >>> 20) & 0x7F0000007FL;
        long twos = hundredths | ((fours - hundredths * 100) << 16);
        long tenths = ((twos * 103) >>> 10) & 0x000F000F000F000FL;
        return tenths | ((twos - tenths * 10) << 8);
    }

    /** The eight bytes from a place on, as {@link #count} and {@link #value} take them. */
    static long eight(byte[] b, int at) {
        return (long) EIGHT_BYTES.get(b, at) ^ ZEROS;
    }

    /** How many of eight bytes are digits, counted from the first on. */
    static int count(long eight) {
        // A byte of 10 or more gets its highest bit, or has it. What it carries into later bytes does not matter.
        long others = ((eight + 0x7676767676767676L) | eight) & 0x8080808080808080L;
        return Long.numberOfTrailingZeros(others) >> 3;
    }

    /** The number that the first digits of eight bytes are, at least one. */
    static int value(long eight, int digits) {
        // Zeros come in front.
        long ones = eight << (64 - (digits << 3));
        long twos = ones * 10 + (ones >>> 8);
        long even = (twos & 0x000000FF000000FFL) * (100 + (1_000_000L << 32));
        long odd = ((twos >>> 16) & 0x000000FF000000FFL) * (1 + (10_000L << 32));
        return (int) ((even + odd) >>> 32);
    }
}
