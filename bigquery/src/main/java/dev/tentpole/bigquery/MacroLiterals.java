package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values written as literals of GoogleSQL, each of which is the same tokens whatever its value is. */
final class MacroLiterals {

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_:.$-]{0,1023}");

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATETIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private MacroLiterals() {}

    /** {@return how REST and literals write a time as a value of that type} */
    static String time(TableField.Type type, Instant time) {
        return switch (type) {
            case DATE -> DATE.format(time);
            case DATETIME -> DATETIME.format(time);
            default -> TIMESTAMP.format(time);
        };
    }

    /** {@return the literal, or null if the value is not one of that type or has a character that no literal has} */
    static @Nullable String of(TableField.Type type, String value) {
        return switch (type) {
            case INT64 -> WHOLE.matcher(value).matches() ? value : null;
            case BOOL -> bool(value);
            case FLOAT64 -> isNumber(value) ? "CAST('" + value + "' AS FLOAT64)" : null;
            case NUMERIC, BIGNUMERIC -> isNumber(value) ? type + " '" + value + "'" : null;
            case DATE, DATETIME, TIME, TIMESTAMP, JSON -> prefixed(type + " ", string(value));
            case BYTES -> prefixed("FROM_BASE64(", string(value)) == null ? null : "FROM_BASE64(" + string(value) + ")";
            default -> string(value);
        };
    }

    /** {@return a path in backticks, which is one token whatever it holds; null if it holds more than a path} */
    static @Nullable String name(String value) {
        return NAME.matcher(value).matches() ? "`" + value + "`" : null;
    }

    /** By the lexical rules of GoogleSQL: a backslash escapes; a quote alone ends the literal, doubling it does not help. */
    static @Nullable String string(String value) {
        StringBuilder literal = new StringBuilder(value.length() + 2).append('\'');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> literal.append("\\\\");
                case '\'' -> literal.append("\\'");
                case '"' -> literal.append("\\\"");
                case '`' -> literal.append("\\`");
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || isLoneSurrogate(value, i)) {
                        return null;
                    }
                    literal.append(c);
                }
            }
        }
        return literal.append('\'').toString();
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 >= value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    private static @Nullable String bool(String value) {
        if (value.equalsIgnoreCase("true")) {
            return "TRUE";
        }
        return value.equalsIgnoreCase("false") ? "FALSE" : null;
    }

    private static @Nullable String prefixed(String prefix, @Nullable String literal) {
        return literal == null ? null : prefix + literal;
    }

    private static boolean isNumber(String value) {
        try {
            return new BigDecimal(value).precision() > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
