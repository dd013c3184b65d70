package dev.tentpole.promql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** How Go, and so Prometheus, writes texts and numbers. */
final class Literals {

    /** Bytes 0x80 to 0xFF that are not UTF-8 are kept as the characters U+DC80 to U+DCFF. */
    static final int RAW_BYTE = 0xDC00;

    private static final String HEX = "0123456789abcdef";
    private static final double EXACT_LONGS = 0x1p53;
    private static final int LARGEST_PLAIN_EXPONENT = 6;

    private Literals() {}

    /** Appends a text in double quotes, with everything escaped that cannot be seen, as Go's strconv.Quote does. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x7f && c >= ' ') {
                if (c == '"' || c == '\\') {
                    out.append('\\');
                }
                out.append(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                appendRune(out, Character.toCodePoint(c, text.charAt(i + 1)));
                i++;
            } else {
                appendRune(out, c);
            }
        }
        out.append('"');
    }

    private static void appendRune(StringBuilder out, int rune) {
        switch (rune) {
            case 7 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 11 -> out.append("\\v");
            default -> {
                if (isRawByte(rune)) {
                    hex(out.append("\\x"), rune - RAW_BYTE, 2);
                } else if (rune < ' ' || rune == 0x7f) {
                    hex(out.append("\\x"), rune, 2);
                } else if (isPrintable(rune)) {
                    out.appendCodePoint(rune);
                } else if (rune < 0x10000) {
                    hex(out.append("\\u"), rune, 4);
                } else {
                    hex(out.append("\\U"), rune, 8);
                }
            }
        }
    }

    static boolean isRawByte(int c) {
        return c >= RAW_BYTE + 0x80 && c <= RAW_BYTE + 0xFF;
    }

    /** What Go calls printable, but for U+FFFD, which PromQL does not take unescaped. */
    private static boolean isPrintable(int rune) {
        if (rune == 0xFFFD) {
            return false;
        }
        return switch (Character.getType(rune)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void hex(StringBuilder out, int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(HEX.charAt((value >> shift) & 15));
        }
    }

    /** Appends a number without an exponent, with as few digits as are needed to read the same number again. */
    static void number(StringBuilder out, double value) {
        if (value == Math.rint(value) && Math.abs(value) < EXACT_LONGS) {
            if (value == 0 && 1 / value < 0) {
                out.append('-');
            }
            out.append((long) value);
        } else if (Double.isNaN(value)) {
            out.append("NaN");
        } else if (Double.isInfinite(value)) {
            out.append(value < 0 ? "-Inf" : "+Inf");
        } else {
            out.append(shortest(value).toPlainString());
        }
    }

    /** Appends a number as Go's {@code %v} does: with an exponent when it is very large or very small. */
    static void numberOrExponent(StringBuilder out, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            number(out, value);
            return;
        }
        BigDecimal digits = shortest(value).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < LARGEST_PLAIN_EXPONENT) {
            number(out, value);
            return;
        }
        String unscaled = digits.unscaledValue().abs().toString();
        out.append(value < 0 ? "-" : "").append(unscaled.charAt(0));
        if (unscaled.length() > 1) {
            out.append('.').append(unscaled, 1, unscaled.length());
        }
        int size = Math.abs(exponent);
        out.append(exponent < 0 ? "e-" : "e+").append(size < 10 ? "0" : "").append(size);
    }

    /** {@return the number with the fewest digits; before Java 19 the JDK's own form sometimes has one too many} */
    private static BigDecimal shortest(double value) {
        BigDecimal best = new BigDecimal(Double.toString(value));
        BigDecimal exact = new BigDecimal(value);
        for (int precision = best.stripTrailingZeros().precision() - 1; precision > 0; precision--) {
            BigDecimal shorter = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (shorter.doubleValue() != value) {
                break;
            }
            best = shorter;
        }
        return best.stripTrailingZeros();
    }

    /**
     * {@return the text of a string literal}
     *
     * @param source the query
     * @param start behind the opening quote
     * @param end before the closing quote
     */
    static String unescape(String source, int start, int end) {
        StringBuilder text = new StringBuilder(end - start);
        boolean bytes = false;
        int i = start;
        while (i < end) {
            char c = source.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            c = source.charAt(i++);
            switch (c) {
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'v' -> text.append('\u000b');
                case 'x' -> {
                    int value = Integer.parseInt(source, i, i + 2, 16);
                    bytes |= appendByte(text, value);
                    i += 2;
                }
                case 'u' -> {
                    text.append((char) Integer.parseInt(source, i, i + 4, 16));
                    i += 4;
                }
                case 'U' -> {
                    text.appendCodePoint(Integer.parseInt(source, i, i + 8, 16));
                    i += 8;
                }
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int value = Integer.parseInt(source, i - 1, i + 2, 8);
                    bytes |= appendByte(text, value);
                    i += 2;
                }
                default -> text.append(c);
            }
        }
        return bytes ? decode(text) : text.toString();
    }

    private static boolean appendByte(StringBuilder text, int value) {
        text.append((char) (value < 0x80 ? value : RAW_BYTE + value));
        return value >= 0x80;
    }

    /** Turns raw bytes that are UTF-8 together into the characters they stand for. */
    private static String decode(CharSequence text) {
        StringBuilder decoded = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int length = sequenceLength(text, i);
            if (length == 0) {
                decoded.append(text.charAt(i++));
            } else {
                byte[] sequence = new byte[length];
                for (int k = 0; k < length; k++) {
                    sequence[k] = (byte) (text.charAt(i + k) - RAW_BYTE);
                }
                String rune = new String(sequence, StandardCharsets.UTF_8);
                boolean valid = rune.codePointCount(0, rune.length()) == 1
                        && rune.getBytes(StandardCharsets.UTF_8).length == length
                        && (rune.charAt(0) != '\uFFFD' || isReplacement(sequence));
                decoded.append(valid ? rune : text.subSequence(i, i + 1));
                i += valid ? length : 1;
            }
        }
        return decoded.toString();
    }

    /**
     * {@return a text as it is read back, with raw bytes that are UTF-8 together as the characters they stand for}
     *
     * @param name what to call the text in the exception
     * @throws IllegalArgumentException if the text holds half of a surrogate pair, which no query can
     */
    static String canonical(String name, String text) {
        boolean bytes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (isRawByte(c)) {
                bytes = true;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(name + " has half of a surrogate pair at index " + i
                        + ", must be text in which bytes that are not UTF-8 are the characters U+DC80 to U+DCFF");
            }
        }
        return bytes ? decode(text) : text;
    }

    private static boolean isReplacement(byte[] sequence) {
        return sequence[0] == (byte) 0xEF && sequence[1] == (byte) 0xBF && sequence[2] == (byte) 0xBD;
    }

    /** {@return how many raw bytes stand here if they have the shape of a UTF-8 sequence, or 0} */
    private static int sequenceLength(CharSequence text, int at) {
        int lead = rawByte(text, at);
        int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
        for (int k = 1; k < length; k++) {
            int next = rawByte(text, at + k);
            if (next < 0x80 || next > 0xBF) {
                return 0;
            }
        }
        return length;
    }

    private static int rawByte(CharSequence text, int at) {
        return at < text.length() && isRawByte(text.charAt(at)) ? text.charAt(at) - RAW_BYTE : -1;
    }

    /** Orders texts by their UTF-8 bytes, which is by code points, as Go does. */
    static int compareBytes(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean pairs = Character.isSurrogate(a) != Character.isSurrogate(b);
                return pairs ? (Character.isSurrogate(a) ? 1 : -1) : a - b;
            }
        }
        return left.length() - right.length();
    }
}
