package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A constant: days since 1970 for a date, microseconds for times, otherwise a {@code Long}, {@code Double}, {@code Boolean} or
 * {@code String}; {@link #NULL} has neither type nor value.
 */
record SqlValue(TableField.@Nullable Type type, Object value) {

    static final SqlValue NULL = new SqlValue(null, "");
    static final long DAY = 86_400_000_000L;

    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    /** Throws {@link DateTimeException} for a date or time that is not of the years 1 to 9999. */
    static SqlValue of(TableField.Type type, long value) {
        boolean time = type == TableField.Type.TIMESTAMP || type == TableField.Type.DATETIME;
        if (time || type == TableField.Type.DATE) {
            long day = time ? Math.floorDiv(value, DAY) : value;
            if (day < FIRST_DAY || day > LAST_DAY) {
                throw new DateTimeException("not of the years 1 to 9999");
            }
        }
        return new SqlValue(type, value);
    }

    static SqlValue of(String value) {
        return new SqlValue(TableField.Type.STRING, value);
    }

    static SqlValue of(boolean value) {
        return new SqlValue(TableField.Type.BOOL, value);
    }

    boolean isNull() {
        return type == null;
    }

    /** The number that it is made of; null if it is none. */
    @Nullable
    Long number() {
        return value instanceof Long number ? number : null;
    }

    /** The value as another type, as a comparison or a cast makes it; null if that cannot be told. */
    @Nullable
    SqlValue as(TableField.Type target, ZoneId zone) {
        if (type == target || type == null) {
            return this;
        }
        try {
            if (value instanceof String text) {
                return parse(target, text, zone);
            }
            Long number = number();
            if (number == null) {
                return target == TableField.Type.STRING && value instanceof Boolean ? of(value.toString()) : null;
            }
            return switch (target) {
                case STRING -> text();
                case DATE ->
                    type == TableField.Type.TIMESTAMP
                            ? of(target, at(number).atZone(zone).toLocalDate().toEpochDay())
                            : type == TableField.Type.DATETIME ? of(target, Math.floorDiv(number, DAY)) : null;
                case TIMESTAMP ->
                    type == TableField.Type.DATE
                            ? of(
                                    target,
                                    micros(LocalDate.ofEpochDay(number)
                                            .atStartOfDay(zone)
                                            .toInstant()))
                            : type == TableField.Type.DATETIME
                                    ? of(
                                            target,
                                            micros(at(number)
                                                    .atZone(ZoneOffset.UTC)
                                                    .toLocalDateTime()
                                                    .atZone(zone)
                                                    .toInstant()))
                                    : null;
                case DATETIME ->
                    type == TableField.Type.DATE
                            ? of(target, Math.multiplyExact(number, DAY))
                            : type == TableField.Type.TIMESTAMP
                                    ? of(
                                            target,
                                            micros(at(number)
                                                    .atZone(zone)
                                                    .toLocalDateTime()
                                                    .toInstant(ZoneOffset.UTC)))
                                    : null;
                case INT64 -> type == TableField.Type.INT64 ? this : null;
                default -> null;
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private @Nullable SqlValue text() {
        Long number = number();
        if (number == null || type == null) {
            return null;
        }
        return switch (type) {
            case INT64 -> of(Long.toString(number));
            case DATE -> of(LocalDate.ofEpochDay(number).toString());
            default -> null;
        };
    }

    /** Reads a text as a value of a type; null if it is none, or not understood. */
    static @Nullable SqlValue parse(TableField.Type type, String text, ZoneId zone) {
        try {
            return switch (type) {
                case STRING -> of(text);
                case INT64 -> whole(type, text.strip());
                case FLOAT64 -> decimal(type, text.strip());
                case BOOL ->
                    text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")
                            ? of(text.equalsIgnoreCase("true"))
                            : null;
                case DATE -> of(type, SqlTimeText.days(text));
                case DATETIME -> of(type, micros(SqlTimeText.datetime(text)));
                case TIMESTAMP -> of(type, micros(SqlTimeText.timestamp(text, zone)));
                default -> null;
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable SqlValue whole(TableField.Type type, String text) {
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        // The JDK takes the digits of all languages.
        boolean plain = text.chars().allMatch(c -> c < 128) && !(hex && text.length() > 2 && isSign(text.charAt(2)));
        return !plain ? null : of(type, hex ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text));
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }

    private static @Nullable SqlValue decimal(TableField.Type type, String text) {
        // The JDK takes names, suffixes and hexadecimal numbers too.
        boolean plain = text.chars().allMatch(c -> c < 128 && (SqlLexer.isDigit((char) c) || "+-.eE".indexOf(c) >= 0));
        double value = plain ? Double.parseDouble(text) : Double.NaN;
        return Double.isFinite(value) ? new SqlValue(type, value) : null;
    }

    static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Not counted by {@link ChronoUnit}, which overflows in the year 2262 because it counts nanoseconds. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000), instant.getNano() / 1_000);
    }

    /** Compares two values of one type; null if that cannot be done. */
    @Nullable
    Integer compare(SqlValue other) {
        if (value instanceof Long a && other.value instanceof Long b) {
            return Long.compare(a, b);
        }
        if (value instanceof String a && other.value instanceof String b) {
            return compare(a, b);
        }
        if ((value instanceof Double || other.value instanceof Double)
                && value instanceof Number a
                && other.value instanceof Number b) {
            return compare(a.doubleValue(), b.doubleValue());
        }
        return value instanceof Boolean a && other.value instanceof Boolean b ? Boolean.compare(a, b) : null;
    }

    /** By code points: UTF-16 has those above U+FFFF before U+E000. */
    private static int compare(String a, String b) {
        int same = 0;
        int shorter = Math.min(a.length(), b.length());
        while (same < shorter && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        if (same == shorter) {
            return Integer.compare(a.length(), b.length());
        }
        char x = a.charAt(same);
        char y = b.charAt(same);
        boolean pairs = Character.isSurrogate(x);
        return pairs == Character.isSurrogate(y) ? Character.compare(x, y) : pairs ? 1 : -1;
    }

    /** Zero has no sign here, and what is no number is not compared. */
    private static @Nullable Integer compare(double a, double b) {
        return Double.isNaN(a) || Double.isNaN(b)
                ? null
                : Double.valueOf(a + 0.0).compareTo(b + 0.0);
    }

    /** The time zone of that name or offset; null if there is none. */
    static @Nullable ZoneId zone(String name) {
        try {
            return SqlTimeText.zone(name);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
