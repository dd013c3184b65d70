package dev.tentpole.core.frame;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON tokens from bytes, one by one, at the wish of a caller that knows what must come.
 *
 * <p>It is made for long arrays of numbers. What has no fixed form (meta data, JSON values) is skipped by counting
 * brackets, and checked by a real parser later. The text must end with a brace, which no number, literal or escape
 * contains: they all stop at it, and so only {@link #peek()} and the insides of strings look for the end.
 */
final class JsonScanner {

    private static final int MAX_EXACT_DIGITS = 19;

    /** So far from the end a plain number may be read eight bytes at a time. */
    private static final int SAFE_DISTANCE = 48;

    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    /** More would overflow an int; far fewer are zero or infinite already. */
    private static final int MAX_EXPONENT = 100_000;

    private final byte[] b;
    private final int end;
    private int at;
    private String path = "";
    private int row = -1;

    JsonScanner(byte[] b) {
        this.b = b;
        int length = b.length;
        while (length > 0 && b[length - 1] <= ' ' && b[length - 1] >= 0) {
            length--;
        }
        this.end = length;
        if (length == 0 || b[length - 1] != '}') {
            throw error(length == 0 ? "no JSON" : "the last byte is not '}'", Math.max(0, length - 1));
        }
    }

    /** Sets where the following tokens are, for messages. */
    void enter(String newPath) {
        path = newPath;
        row = -1;
    }

    /** Sets the place in the array where the following tokens are, for messages. */
    void row(int newRow) {
        row = newRow;
    }

    int at() {
        return at;
    }

    void at(int newAt) {
        at = newAt;
    }

    FrameFormatException error(String problem) {
        return error(problem, at);
    }

    FrameFormatException error(String problem, int where) {
        return new FrameFormatException(row < 0 ? path : path + "/" + row, where, problem);
    }

    /** The next byte that is not white space; 0 at the end. */
    int peek() {
        if (at == end) {
            return 0;
        }
        byte c = b[at];
        return c > ' ' ? c : peekBehindSpace(c);
    }

    /** Goes to the brace at the end at the farthest. */
    private int peekBehindSpace(byte first) {
        byte c = first;
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            c = b[++at];
        }
        return c;
    }

    boolean tryTake(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    void take(char c) {
        if (!tryTake(c)) {
            throw error("expected '" + c + "', found " + found());
        }
    }

    /** Takes a comma, or the bracket that ends the array or object. */
    boolean more(char close) {
        int c = peek();
        if (c == ',') {
            at++;
            return true;
        }
        if (c == close) {
            at++;
            return false;
        }
        throw error("expected ',' or '" + close + "', found " + found());
    }

    boolean tryNull() {
        if (peek() != 'n') {
            return false;
        }
        word("null");
        return true;
    }

    boolean bool() {
        boolean value = peek() == 't';
        word(value ? "true" : "false");
        return value;
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (b[at + i] != word.charAt(i)) {
                throw error("expected " + word + ", found " + found());
            }
        }
        at += word.length();
    }

    /** Refuses anything but white space up to the end. */
    void finish() {
        peek();
        if (at != end) {
            throw error("expected the end, found " + found());
        }
    }

    /** An integer that a long holds. */
    long integer() {
        boolean quoted = tryTake('"');
        peek();
        int start = at;
        boolean negative = b[start] == '-';
        if (negative) {
            at++;
        }
        long magnitude = magnitude(start);
        if (quoted) {
            take('"');
        }
        if (magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE)) {
            throw error("out of the range of 64-bit integers: " + text(start), start);
        }
        return negative ? -magnitude : magnitude;
    }

    /** An integer without sign, of 64 bits; as a string, too. */
    long unsignedInteger() {
        boolean quoted = tryTake('"');
        peek();
        int start = at;
        long magnitude = magnitude(start);
        if (quoted) {
            take('"');
        }
        return magnitude;
    }

    private long magnitude(int start) {
        int first = at;
        long value = 0;
        int digit;
        while ((digit = b[at] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            at++;
        }
        int digits = at - first;
        if (digits == 0) {
            throw error("expected an integer, found " + found());
        }
        if (digits > 1 && b[first] == '0') {
            throw error("a number with a leading zero", start);
        }
        if (b[at] == '.' || b[at] == 'e' || b[at] == 'E') {
            throw error("expected an integer, found a number with a fraction or an exponent", start);
        }
        // Twenty digits fit if they start with 1 and did not wrap; nineteen always do.
        if (digits > 20 || (digits == 20 && (b[first] != '1' || value >= 0))) {
            throw error("out of the range of 64-bit integers: " + text(start), start);
        }
        return value;
    }

    /** A finite double. */
    double number() {
        peek();
        int start = at;
        int p = start;
        boolean negative = b[p] == '-';
        if (negative) {
            p++;
        }
        int first = p;
        long decimal = 0;
        int digit;
        while ((digit = b[p] - '0') >= 0 && digit <= 9) {
            decimal = decimal * 10 + digit;
            p++;
        }
        int digits = p - first;
        if (digits == 0) {
            throw error("expected a number, found " + found());
        }
        if (digits > 1 && b[first] == '0') {
            throw error("a number with a leading zero");
        }
        int exponent = 0;
        if (b[p] == '.') {
            int point = p++;
            while ((digit = b[p] - '0') >= 0 && digit <= 9) {
                decimal = decimal * 10 + digit;
                p++;
            }
            exponent = point + 1 - p;
            if (exponent == 0) {
                throw error("a number without digits after the point");
            }
            digits -= exponent;
        }
        if ((b[p] | 0x20) == 'e') {
            at = p + 1;
            exponent += exponent();
            p = at;
        }
        at = p;
        double value = digits <= MAX_EXACT_DIGITS ? NumberText.of(decimal, exponent) : Double.NaN;
        if (Double.isNaN(value)) {
            value = Math.abs(NumberText.slowDouble(b, start, p));
            if (Double.isInfinite(value)) {
                throw error("too large for a 64-bit floating point number: " + text(start), start);
            }
        }
        return negative ? -value : value;
    }

    /** A finite float. */
    float floatNumber() {
        peek();
        int start = at;
        double nearest = number();
        float value = NumberText.toFloat(nearest, b, start, at);
        if (Float.isInfinite(value)) {
            throw error("too large for a 32-bit floating point number: " + text(start), start);
        }
        return value;
    }

    /**
     * Reads array elements as far as they are plain: integers of up to 18 digits, each with a comma right behind it. Stops
     * in front of the first one that is not, whatever it is.
     *
     * @return the number of elements that were read
     */
    int plainIntegers(long[] out, int from, int to) {
        int last = b.length - SAFE_DISTANCE;
        int p = at;
        int i = from;
        while (i < to && p < last) {
            int first = b[p] == '-' ? p + 1 : p;
            long eight = Digits.eight(b, first);
            int digits = Digits.count(eight);
            if (digits == 0 || (digits > 1 && b[first] == '0')) {
                break;
            }
            long value = Digits.value(eight, digits);
            if (digits == 8) {
                long next = Digits.eight(b, first + 8);
                int more = Digits.count(next);
                while (more > 0) {
                    value = value * POWERS[more] + Digits.value(next, more);
                    digits += more;
                    next = digits == 16 ? Digits.eight(b, first + 16) : -1;
                    more = Digits.count(next);
                }
            }
            if (digits > 18 || b[first + digits] != ',') {
                break;
            }
            out[i++] = first == p ? value : -value;
            p = first + digits + 1;
        }
        at = p;
        return i - from;
    }

    /**
     * Reads array elements as far as they are plain: numbers of up to 19 digits without an exponent, each with a comma right
     * behind it. Stops in front of the first one that is not, whatever it is.
     *
     * @return the number of elements that were read
     */
    int plainNumbers(double[] out, int from, int to) {
        int last = b.length - SAFE_DISTANCE;
        int p = at;
        int i = from;
        while (i < to && p < last) {
            int first = b[p] == '-' ? p + 1 : p;
            long eight = Digits.eight(b, first);
            int whole = Digits.count(eight);
            if (whole == 0 || whole == 8 || (whole > 1 && b[first] == '0')) {
                break;
            }
            long decimal = Digits.value(eight, whole);
            int behind = first + whole;
            int fraction = 0;
            if (b[behind] == '.') {
                behind++;
                int more;
                do {
                    eight = Digits.eight(b, behind);
                    more = Digits.count(eight);
                    if (more > 0) {
                        decimal = decimal * POWERS[more] + Digits.value(eight, more);
                    }
                    behind += more;
                    fraction += more;
                } while (more == 8 && fraction <= 16);
                if (fraction == 0) {
                    break;
                }
            }
            if (b[behind] != ',' || whole + fraction > MAX_EXACT_DIGITS) {
                break;
            }
            double value = NumberText.of(decimal, -fraction);
            if (Double.isNaN(value)) {
                break;
            }
            out[i++] = first == p ? value : -value;
            p = behind + 1;
        }
        at = p;
        return i - from;
    }

    private int exponent() {
        boolean negative = b[at] == '-';
        if (negative || b[at] == '+') {
            at++;
        }
        int first = at;
        int value = 0;
        int digit;
        while ((digit = b[at] - '0') >= 0 && digit <= 9) {
            value = Math.min(MAX_EXPONENT, value * 10 + digit);
            at++;
        }
        if (at == first) {
            throw error("a number without digits in its exponent");
        }
        return negative ? -value : value;
    }

    String string() {
        take('"');
        int start = at;
        boolean ascii = true;
        int p = at;
        while (p < end) {
            byte c = b[p];
            if (c == '"') {
                at = p + 1;
                return text(start, p, ascii);
            }
            if (c == '\\') {
                at = p;
                return stringWithEscapes(start);
            }
            if (c < 0) {
                ascii = false;
            } else if (c < ' ') {
                at = p;
                throw error("a control character in a string");
            }
            p++;
        }
        throw error("a string without an end", start - 1);
    }

    private String stringWithEscapes(int start) {
        StringBuilder out = new StringBuilder();
        int from = start;
        while (at < end) {
            byte c = b[at];
            if (c == '"') {
                out.append(text(from, at, false));
                at++;
                return out.toString();
            }
            if (c == '\\') {
                out.append(text(from, at, false));
                out.append(escape());
                from = at;
            } else if (c >= 0 && c < ' ') {
                throw error("a control character in a string");
            } else {
                at++;
            }
        }
        throw error("a string without an end", start - 1);
    }

    private char escape() {
        byte c = b[at + 1];
        at += 2;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int hex = b[at] < 0 ? -1 : Character.digit(b[at], 16);
                    if (hex < 0) {
                        throw error("an escape without four hexadecimal digits");
                    }
                    value = value << 4 | hex;
                    at++;
                }
                yield (char) value;
            }
            default -> throw error("an unknown escape", at - 2);
        };
    }

    /** Skips one value without looking closer than needed to find its end; returns where it starts. */
    int skip() {
        int first = peek();
        int start = at;
        if (first == '"') {
            skipString();
        } else if (first == '[' || first == '{') {
            skipNested();
        } else if (first != 0) {
            while (b[at] > ' ' && b[at] != ',' && b[at] != ']' && b[at] != '}') {
                at++;
            }
        }
        if (at == start) {
            throw error("expected a value, found " + found());
        }
        return start;
    }

    private void skipNested() {
        int start = at;
        int depth = 0;
        do {
            if (at >= end) {
                throw error("an array or object without an end", start);
            }
            byte c = b[at];
            if (c == '"') {
                skipString();
                continue;
            }
            if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            }
            at++;
        } while (depth > 0);
    }

    private void skipString() {
        int start = at++;
        while (at < end && b[at] != '"') {
            at += b[at] == '\\' ? 2 : 1;
        }
        if (at >= end) {
            at = end;
            throw error("a string without an end", start);
        }
        at++;
    }

    /** The text of a value that was skipped. */
    String text(int from, int to) {
        return text(from, to, false);
    }

    private String text(int from, int to, boolean ascii) {
        if (ascii) {
            return new String(b, from, to - from, StandardCharsets.ISO_8859_1);
        }
        String text = new String(b, from, to - from, StandardCharsets.UTF_8);
        // The decoder puts this character in the place of what is malformed; it may also be there in its own right.
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, from, to - from));
            } catch (CharacterCodingException e) {
                throw error("not UTF-8", from);
            }
        }
        return text;
    }

    private String text(int start) {
        int length = Math.min(at - start, 40);
        return new String(b, start, length, StandardCharsets.ISO_8859_1) + (length < at - start ? "…" : "");
    }

    private String found() {
        if (at >= end) {
            return "the end";
        }
        byte c = b[at];
        return c > ' ' ? "'" + (char) c + "'" : "byte 0x" + Integer.toHexString(c & 0xFF);
    }
}
