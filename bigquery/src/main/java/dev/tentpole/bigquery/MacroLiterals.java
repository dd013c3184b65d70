package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values written as literals of GoogleSQL, each of which is the same tokens whatever its value is, but for the sign of a whole number:
 * one below zero is written with a {@code CAST}.
 */
final class MacroLiterals {

    /** A table's name may have letters and digits of all languages. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nd}_][\\p{L}\\p{M}\\p{Nd}_:.$-]{0,1023}");

    private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(inf|infinity)|nan");
    private static final int DATE_LENGTH = 10;
    private static final int LONGEST_INT64 = 19;
    private static final int LONGEST_NUMBER = 1_000;

    private MacroLiterals() {}

    /** {@return how REST and literals write a time of the years 1 to 9999 as a value of that type} */
    static String time(TableField.Type type, Instant time) {
        boolean local = type == TableField.Type.DATETIME;
        LocalDateTime utc = utc(time);
        byte[] text = toSecond(local ? "0000-00-00T00:00:00.000000" : "0000-00-00 00:00:00.000000+00:00", utc);
        int micros = utc.get(ChronoField.MICRO_OF_SECOND);
        twoDigits(text, 20, micros / 10_000);
        twoDigits(text, 22, micros / 100 % 100);
        twoDigits(text, 24, micros % 100);
        int length = type == TableField.Type.DATE ? DATE_LENGTH : text.length;
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** {@return a time of the years 1 to 9999 as RFC 3339 has it, without a part of a second} */
    static String second(Instant time) {
        return new String(toSecond("0000-00-00T00:00:00Z", utc(time)), StandardCharsets.ISO_8859_1);
    }

    private static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    }

    /** {@return the form with the time in it} */
    private static byte[] toSecond(String form, LocalDateTime utc) {
        byte[] text = form.getBytes(StandardCharsets.ISO_8859_1);
        twoDigits(text, 0, utc.getYear() / 100);
        twoDigits(text, 2, utc.getYear() % 100);
        twoDigits(text, 5, utc.getMonthValue());
        twoDigits(text, 8, utc.getDayOfMonth());
        twoDigits(text, 11, utc.getHour());
        twoDigits(text, 14, utc.getMinute());
        twoDigits(text, 17, utc.getSecond());
        return text;
    }

    private static void twoDigits(byte[] text, int at, int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /** {@return the value as REST takes it, null if it is none of that type} */
    static @Nullable String sent(TableField.Type type, String value) {
        boolean good = switch (type) {
            case INT64 -> isWhole(value);
            case BOOL -> bool(value) != null;
            case FLOAT64 -> isFloat(value);
            case NUMERIC, BIGNUMERIC -> isNumber(value);
            default -> isText(value);
        };
        return good ? value : null;
    }

    /** {@return the literal, or null if the value is not one of that type or has a character that no literal has} */
    static @Nullable String of(TableField.Type type, String value) {
        return switch (type) {
            case INT64 -> isWhole(value) ? whole(value) : null;
            case BOOL -> bool(value);
            case FLOAT64 -> isFloat(value) ? "CAST('" + value + "' AS FLOAT64)" : null;
            case NUMERIC, BIGNUMERIC -> isNumber(value) ? type + " '" + value + "'" : null;
            case DATE, DATETIME, TIME, TIMESTAMP, JSON -> around(type + " ", string(value, '\''), "");
            case BYTES -> around("FROM_BASE64(", string(value, '\''), ")");
            default -> string(value, '\'');
        };
    }

    /** {@return a path in backticks, which is one token whatever it holds; null if it holds more than a path} */
    static @Nullable String name(String value) {
        return NAME.matcher(value).matches() ? "`" + value + "`" : null;
    }

    /**
     * {@return the text as a literal, null if it has a character that no literal has}
     *
     * <p>By the lexical rules of GoogleSQL: a backslash escapes; a quote alone ends the literal, doubling it does not help.
     *
     * @param quote what stands around it; the other kind of quotes needs no escape
     */
    static @Nullable String string(String value, char quote) {
        StringBuilder literal = new StringBuilder(value.length() + 2).append(quote);
        return appendEscaped(literal, value, quote) ? literal.append(quote).toString() : null;
    }

    /** Appends what is within a literal, {@return whether it can be written}. */
    static boolean appendEscaped(StringBuilder out, String value, char quote) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || isLoneSurrogate(value, i)) {
                        return false;
                    }
                    if (c == quote) {
                        out.append('\\');
                    }
                    out.append(c);
                }
            }
        }
        return true;
    }

    /** A negative number would be two tokens, and a comment's beginning behind a minus. */
    private static String whole(String value) {
        return value.charAt(0) == '-' ? "CAST('" + value + "' AS INT64)" : value;
    }

    static boolean isWhole(String value) {
        int first = value.startsWith("-") ? 1 : 0;
        if (value.length() == first || value.length() - first > LONGEST_INT64) {
            return false;
        }
        for (int i = first; i < value.length(); i++) {
            if (!SqlLexer.isDigit(value.charAt(i))) {
                return false;
            }
        }
        if (value.length() - first < LONGEST_INT64) {
            return true;
        }
        try {
            long unused = Long.parseLong(value);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isFloat(String value) {
        return isNumber(value) || NOT_FINITE.matcher(value).matches();
    }

    private static boolean isNumber(String value) {
        if (value.isEmpty() || value.length() > LONGEST_NUMBER) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 'z') {
                return false;
            }
        }
        try {
            return new BigDecimal(value).precision() > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Half of a character can't be sent. */
    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (isLoneSurrogate(value, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 >= value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }

    private static @Nullable String bool(String value) {
        if (value.equalsIgnoreCase("true")) {
            return "TRUE";
        }
        return value.equalsIgnoreCase("false") ? "FALSE" : null;
    }

    private static @Nullable String around(String before, @Nullable String literal, String behind) {
        return literal == null ? null : before + literal + behind;
    }
}
