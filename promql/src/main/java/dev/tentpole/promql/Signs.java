package dev.tentpole.promql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A query's characters as bytes: ASCII is itself, and everything else {@link #OTHER}.
 *
 * <p>The ends of names and of texts are looked for in eight bytes at a time, which are one number: all eight are compared
 * by a few additions, of which each sets the highest bit of its byte or not. That bit is free, since ASCII has seven.
 */
final class Signs {

    /** Stands for a character that is not ASCII. */
    static final byte OTHER = Byte.MIN_VALUE;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** A one in each byte, to make eight of one. */
    private static final long EACH = 0x0101_0101_0101_0101L;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_BITS = ~HIGH_BITS;
    private static final long LOWER_CASE = 0x20 * EACH;
    private static final long BACKSLASHES = '\\' * EACH;
    private static final long LINE_FEEDS = '\n' * EACH;
    private static final long QUESTION_MARKS = '?' * EACH;
    private static final long UNDERSCORES = '_' * EACH;

    private Signs() {}

    /** {@return as many bytes as the text has characters} */
    static byte[] of(String text) {
        byte[] signs = new byte[text.length()];
        for (int i = 0; i < signs.length; i++) {
            char c = text.charAt(i);
            signs[i] = c < 0x80 ? (byte) c : OTHER;
        }
        return signs;
    }

    /** {@return whether there may be question marks in ASCII text; certain unless it is shorter than eight characters} */
    static boolean mayContainQuestionMarks(byte[] ascii) {
        int last = ascii.length - Long.BYTES;
        if (last < 0) {
            return true;
        }
        long found = same((long) EIGHT.get(ascii, last), QUESTION_MARKS);
        for (int at = 0; at < last; at += Long.BYTES) {
            found |= same((long) EIGHT.get(ascii, at), QUESTION_MARKS);
        }
        return (found & HIGH_BITS) != 0;
    }

    /** {@return the first place from a place on that has no letter, digit or underscore} */
    static int endOfName(byte[] signs, int from) {
        int at = from;
        while (at + Long.BYTES <= signs.length) {
            long others = notInNames((long) EIGHT.get(signs, at));
            if (others != 0) {
                return at + first(others);
            }
            at += Long.BYTES;
        }
        while (at < signs.length && Ascii.isAlphaNumeric(signs[at])) {
            at++;
        }
        return at;
    }

    /**
     * {@return whether these are a name that needs no quotes: {@code [a-zA-Z_][a-zA-Z0-9_]*}}
     *
     * @param signs what is asked about, in UTF-8 or as here
     * @param colons whether there can be colons everywhere, as in the names of metrics
     */
    static boolean isName(byte[] signs, boolean colons) {
        int end = endOfName(signs, 0);
        while (colons && end < signs.length && signs[end] == ':') {
            end = endOfName(signs, end + 1);
        }
        return end == signs.length && end > 0 && !Ascii.isDigit(signs[0]);
    }

    /** {@return the first place from a place on with the quote, a backslash, a line feed or what is not ASCII} */
    static int endOfPlainText(byte[] signs, int from, int quote) {
        long quotes = quote * EACH;
        int at = from;
        while (at + Long.BYTES <= signs.length) {
            long eight = (long) EIGHT.get(signs, at);
            long ends = same(eight, quotes) | same(eight, BACKSLASHES) | same(eight, LINE_FEEDS) | eight;
            if ((ends & HIGH_BITS) != 0) {
                return at + first(ends & HIGH_BITS);
            }
            at += Long.BYTES;
        }
        while (at < signs.length && signs[at] >= 0 && signs[at] != quote && signs[at] != '\\' && signs[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int first(long highBits) {
        return Long.numberOfTrailingZeros(highBits) / Byte.SIZE;
    }

    /** {@return the high bits of all bytes but letters, digits and underscores} */
    private static long notInNames(long eight) {
        long ascii = eight & LOW_BITS;
        long lower = ascii | LOWER_CASE;
        long letters = from(lower, 'a') & ~from(lower, 'z' + 1);
        long digits = from(ascii, '0') & ~from(ascii, '9' + 1);
        return (~(letters | digits | same(eight, UNDERSCORES)) | eight) & HIGH_BITS;
    }

    /** {@return bytes whose high bits tell which ASCII characters are the given one or come behind it} */
    private static long from(long ascii, int first) {
        return ascii + (0x80 - first) * EACH;
    }

    /** {@return bytes whose high bits tell which seven low bits are the same} */
    private static long same(long eight, long others) {
        return ~(((eight ^ others) & LOW_BITS) + LOW_BITS);
    }
}
