package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
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

    private static final int SHORTEST_ZONE = 3;

    static SqlValue of(TableField.Type type, long value) {
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
                return target == TableField.Type.STRING ? of(String.valueOf(value)) : null;
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

    /** Reads a text as a value of a type; null if it is none. */
    static @Nullable SqlValue parse(TableField.Type type, String text, ZoneId zone) {
        try {
            return switch (type) {
                case STRING -> of(text);
                case INT64 ->
                    of(
                            type,
                            text.startsWith("0x") || text.startsWith("0X")
                                    ? Long.parseLong(text.substring(2), 16)
                                    : Long.parseLong(text.strip()));
                case FLOAT64 -> new SqlValue(type, Double.parseDouble(text));
                case BOOL -> of(text.equalsIgnoreCase("true"));
                case DATE -> of(type, local(text).toLocalDate().toEpochDay());
                case DATETIME -> of(type, micros(local(text).toInstant(ZoneOffset.UTC)));
                case TIMESTAMP -> of(type, micros(instant(text.strip(), zone)));
                default -> null;
            };
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return null;
        }
    }

    static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Not counted by {@link ChronoUnit}, which overflows in the year 2262 because it counts nanoseconds. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000), instant.getNano() / 1_000);
    }

    private static LocalDateTime local(String text) {
        return LocalDateTime.ofInstant(instant(text.strip(), ZoneOffset.UTC), ZoneOffset.UTC);
    }

    /** Reads {@code 2024-1-31}, {@code 2024-01-31 12:30:00.5}, with {@code Z}, an offset or the name of a zone behind it. */
    private static Instant instant(String text, ZoneId zone) {
        int split = text.indexOf('T') > 0
                ? text.indexOf('T')
                : text.indexOf('t') > 0 ? text.indexOf('t') : text.indexOf(' ');
        if (split < 0 || split > "-yyyyy-MM-dd".length()) {
            int plus = text.indexOf('+');
            String day = plus > 0 ? text.substring(0, plus) : text;
            ZoneId at = plus > 0 ? ZoneId.of(offset(text.substring(plus))) : zone;
            return date(day).atStartOfDay(at).toInstant();
        }
        LocalDate date = date(text.substring(0, split));
        String rest = text.substring(split + 1);
        int end = 0;
        while (end < rest.length() && "0123456789:.".indexOf(rest.charAt(end)) >= 0) {
            end++;
        }
        String name = rest.substring(end).strip();
        ZoneId at = name.isEmpty() ? zone : name.equalsIgnoreCase("Z") ? ZoneOffset.UTC : ZoneId.of(offset(name));
        return date.atTime(time(rest.substring(0, end))).atZone(at).toInstant();
    }

    private static String offset(String name) {
        boolean signed = name.charAt(0) == '+' || name.charAt(0) == '-';
        return signed && name.length() < SHORTEST_ZONE ? name.charAt(0) + "0" + name.substring(1) : name;
    }

    private static LocalDate date(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 3) {
            throw new DateTimeException("no date");
        }
        return LocalDate.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    private static LocalTime time(String text) {
        if (text.isEmpty()) {
            return LocalTime.MIDNIGHT;
        }
        String[] parts = text.split(":", -1);
        String seconds = parts.length > 2 ? parts[2] : "0";
        int dot = seconds.indexOf('.');
        String fraction = dot < 0 ? "" : seconds.substring(dot + 1);
        int nanos = fraction.isEmpty() ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
        return LocalTime.of(
                Integer.parseInt(parts[0]),
                parts.length > 1 ? Integer.parseInt(parts[1]) : 0,
                Integer.parseInt(dot < 0 ? seconds : seconds.substring(0, dot)),
                nanos);
    }

    /** Compares two values of one type; null if that cannot be done. */
    @Nullable
    Integer compare(SqlValue other) {
        if (value instanceof Long a && other.value instanceof Long b) {
            return Long.compare(a, b);
        }
        if (value instanceof String a && other.value instanceof String b) {
            return a.compareTo(b);
        }
        if ((value instanceof Double || other.value instanceof Double)
                && value instanceof Number a
                && other.value instanceof Number b) {
            return compare(a.doubleValue(), b.doubleValue());
        }
        return value instanceof Boolean a && other.value instanceof Boolean b ? Boolean.compare(a, b) : null;
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
            return ZoneId.of(offset(name));
        } catch (DateTimeException | StringIndexOutOfBoundsException e) {
            return null;
        }
    }
}
