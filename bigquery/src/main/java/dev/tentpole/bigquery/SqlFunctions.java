package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The functions and operators that conditions on partitions use, on constants. */
final class SqlFunctions {

    private static final TableField.Type DATE = TableField.Type.DATE;
    private static final TableField.Type TIMESTAMP = TableField.Type.TIMESTAMP;
    private static final TableField.Type DATETIME = TableField.Type.DATETIME;
    private static final TableField.Type INT64 = TableField.Type.INT64;

    private SqlFunctions() {}

    /** The value of a call; null if it is not understood. An interval is two arguments. */
    static @Nullable SqlValue call(String name, List<SqlValue> args, ZoneId zone) {
        try {
            if (!takes(name, args.size())) {
                return null;
            }
            return args.stream().anyMatch(SqlValue::isNull) ? SqlValue.NULL : compute(name, args, zone);
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether a function is understood with so many arguments, of which it has at least one. */
    private static boolean takes(String name, int count) {
        return switch (name) {
            case "STRING", "TIMESTAMP_SECONDS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS" -> count == 1;
            case "TIMESTAMP", "DATETIME", "LAST_DAY" -> count == 1 || count == 2;
            case "DATE", "+", "-" -> count >= 1 && count <= 3;
            case "DATE_TRUNC", "DATETIME_TRUNC", "PARSE_DATE", "PARSE_DATETIME", "STARTS_WITH", "*" -> count == 2;
            case "TIMESTAMP_TRUNC",
                    "PARSE_TIMESTAMP",
                    "FORMAT_DATE",
                    "FORMAT_TIMESTAMP",
                    "FORMAT_DATETIME",
                    "SUBSTR",
                    "SUBSTRING" -> count == 2 || count == 3;
            case "DATE_ADD", "TIMESTAMP_ADD", "DATETIME_ADD", "DATE_SUB", "TIMESTAMP_SUB", "DATETIME_SUB" -> count == 3;
            case "CONCAT", "||" -> count >= 1;
            default -> count == 1 && (name.startsWith("CAST ") || name.startsWith("EXTRACT "));
        };
    }

    private static @Nullable SqlValue compute(String name, List<SqlValue> args, ZoneId zone) {
        SqlValue first = args.get(0);
        int space = name.indexOf(' ');
        if (name.startsWith("CAST ")) {
            return first.as(TableField.Type.of(name.substring(space + 1)), zone);
        }
        if (name.startsWith("EXTRACT ")) {
            return extract(name.substring(space + 1), first, zone);
        }
        return switch (name) {
            case "DATE" -> date(args, zone);
            case "TIMESTAMP" -> first.as(TIMESTAMP, args.size() > 1 ? zoneOf(args.get(1)) : zone);
            case "DATETIME" -> first.as(DATETIME, args.size() > 1 ? zoneOf(args.get(1)) : zone);
            case "STRING" -> first.as(TableField.Type.STRING, zone);
            case "TIMESTAMP_SECONDS" -> scaled(first, 1_000_000);
            case "TIMESTAMP_MILLIS" -> scaled(first, 1_000);
            case "TIMESTAMP_MICROS" -> scaled(first, 1);
            case "DATE_ADD", "TIMESTAMP_ADD", "DATETIME_ADD" -> shifted(kind(name), args, 1, zone);
            case "DATE_SUB", "TIMESTAMP_SUB", "DATETIME_SUB" -> shifted(kind(name), args, -1, zone);
            case "DATE_TRUNC", "TIMESTAMP_TRUNC", "DATETIME_TRUNC" -> truncated(kind(name), args, zone);
            case "LAST_DAY" -> lastDay(args, zone);
            case "PARSE_DATE" -> parsed(DATE, args, ZoneOffset.UTC);
            case "PARSE_TIMESTAMP" -> parsed(TIMESTAMP, args, args.size() > 2 ? zoneOf(args.get(2)) : zone);
            case "PARSE_DATETIME" -> parsed(DATETIME, args, ZoneOffset.UTC);
            case "FORMAT_DATE", "FORMAT_TIMESTAMP", "FORMAT_DATETIME" -> formatted(name, args, zone);
            case "CONCAT", "||" -> joined(args);
            case "SUBSTR", "SUBSTRING" -> part(args);
            case "STARTS_WITH" ->
                first.value() instanceof String text && args.get(1).value() instanceof String prefix
                        ? SqlValue.of(text.startsWith(prefix))
                        : null;
            case "+", "-" -> args.size() == 1 ? negated(name, first) : sum(name, args, zone);
            case "*" ->
                bothInt(args)
                        ? SqlValue.of(INT64, Math.multiplyExact((Long) first.value(), (Long)
                                args.get(1).value()))
                        : null;
            default -> null;
        };
    }

    private static TableField.Type kind(String function) {
        return TableField.Type.of(function.substring(0, function.indexOf('_')));
    }

    private static ZoneId zoneOf(SqlValue name) {
        ZoneId zone = name.value() instanceof String text ? SqlValue.zone(text) : null;
        if (zone == null) {
            throw new DateTimeException("no zone");
        }
        return zone;
    }

    private static boolean bothInt(List<SqlValue> args) {
        return args.get(0).type() == INT64 && args.get(1).type() == INT64;
    }

    private static @Nullable SqlValue date(List<SqlValue> args, ZoneId zone) {
        if (args.size() == 3 && args.stream().allMatch(arg -> arg.type() == INT64)) {
            return SqlValue.of(
                    DATE,
                    LocalDate.of(
                                    Math.toIntExact((Long) args.get(0).value()),
                                    Math.toIntExact((Long) args.get(1).value()),
                                    Math.toIntExact((Long) args.get(2).value()))
                            .toEpochDay());
        }
        return args.size() == 3 ? null : args.get(0).as(DATE, args.size() == 2 ? zoneOf(args.get(1)) : zone);
    }

    private static @Nullable SqlValue scaled(SqlValue value, long factor) {
        Long number = value.number();
        return number == null ? null : SqlValue.of(TIMESTAMP, Math.multiplyExact(number, factor));
    }

    private static @Nullable SqlValue negated(String operator, SqlValue value) {
        Long number = value.type() == INT64 ? value.number() : null;
        return number == null ? null : SqlValue.of(INT64, operator.equals("-") ? Math.negateExact(number) : number);
    }

    private static @Nullable SqlValue sum(String operator, List<SqlValue> args, ZoneId zone) {
        int sign = operator.equals("+") ? 1 : -1;
        SqlValue first = args.get(0);
        TableField.Type type = first.type();
        if (args.size() == 3 && type != null && type != INT64) {
            return shifted(type == DATE ? DATETIME : type, args, sign, zone);
        }
        if (args.size() != 2) {
            return null;
        }
        Long left = first.number();
        Long right = args.get(1).type() == INT64 ? args.get(1).number() : null;
        boolean number = type == INT64 || type == DATE;
        return left == null || right == null || !number || type == null
                ? null
                : SqlValue.of(type, Math.addExact(left, Math.multiplyExact(sign, right)));
    }

    /** A date or time moved by an amount and a unit. */
    private static @Nullable SqlValue shifted(TableField.Type type, List<SqlValue> args, int sign, ZoneId zone) {
        SqlValue value = args.get(0).as(type, zone);
        Long number = value == null ? null : value.number();
        if (number == null) {
            return null;
        }
        SqlValue amount = args.get(1).as(INT64, zone);
        Long by = amount == null ? null : amount.number();
        ChronoUnit unit = unit(String.valueOf(args.get(2).value()));
        if (by == null || unit == null) {
            return null;
        }
        long count = Math.multiplyExact(by, sign);
        if (type == DATE) {
            LocalDate day = LocalDate.ofEpochDay(number);
            return unit.isDateBased()
                    ? SqlValue.of(DATE, shift(day, count, unit).toEpochDay())
                    : null;
        }
        LocalDateTime time = LocalDateTime.ofInstant(SqlValue.at(number), ZoneOffset.UTC);
        LocalDateTime moved = unit == ChronoUnit.FOREVER ? time.plusMonths(3 * count) : time.plus(count, unit);
        return SqlValue.of(type, SqlValue.micros(moved.toInstant(ZoneOffset.UTC)));
    }

    private static LocalDate shift(LocalDate day, long count, ChronoUnit unit) {
        return unit == ChronoUnit.FOREVER ? day.plusMonths(3 * count) : day.plus(count, unit);
    }

    /** The unit of a part of a date; quarters, for which there is none, are {@link ChronoUnit#FOREVER}. */
    private static @Nullable ChronoUnit unit(String part) {
        return switch (part.toUpperCase(Locale.ROOT)) {
            case "MICROSECOND" -> ChronoUnit.MICROS;
            case "MILLISECOND" -> ChronoUnit.MILLIS;
            case "SECOND" -> ChronoUnit.SECONDS;
            case "MINUTE" -> ChronoUnit.MINUTES;
            case "HOUR" -> ChronoUnit.HOURS;
            case "DAY" -> ChronoUnit.DAYS;
            case "WEEK" -> ChronoUnit.WEEKS;
            case "MONTH" -> ChronoUnit.MONTHS;
            case "QUARTER" -> ChronoUnit.FOREVER;
            case "YEAR" -> ChronoUnit.YEARS;
            default -> null;
        };
    }

    private static @Nullable SqlValue truncated(TableField.Type type, List<SqlValue> args, ZoneId zone) {
        SqlValue value = args.get(0).as(type, zone);
        Long number = value == null ? null : value.number();
        if (number == null) {
            return null;
        }
        String part = String.valueOf(args.get(1).value());
        long micros = type == DATE ? Math.multiplyExact(number, SqlValue.DAY) : number;
        // A time without a zone, or a day, is one of UTC here.
        ZoneId at = type != TIMESTAMP ? ZoneOffset.UTC : args.size() > 2 ? zoneOf(args.get(2)) : zone;
        LocalDateTime time = LocalDateTime.ofInstant(SqlValue.at(micros), at);
        LocalDateTime start;
        if (part.startsWith("ISO")) {
            return null;
        } else if (part.startsWith("WEEK")) {
            DayOfWeek begin =
                    part.equals("WEEK") ? DayOfWeek.SUNDAY : DayOfWeek.valueOf(part.substring(5, part.length() - 1));
            start = time.truncatedTo(ChronoUnit.DAYS).with(TemporalAdjusters.previousOrSame(begin));
        } else {
            ChronoUnit unit = unit(part);
            if (unit == null) {
                return null;
            }
            start = switch (unit) {
                case MONTHS -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
                case FOREVER ->
                    time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).minusMonths((time.getMonthValue() - 1) % 3);
                case YEARS -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
                default -> time.truncatedTo(unit);
            };
        }
        long result = SqlValue.micros(start.atZone(at).toInstant());
        return SqlValue.of(type, type == DATE ? Math.floorDiv(result, SqlValue.DAY) : result);
    }

    private static @Nullable SqlValue lastDay(List<SqlValue> args, ZoneId zone) {
        SqlValue day = args.get(0).as(DATE, zone);
        Long number = day == null ? null : day.number();
        boolean month = args.size() == 1 || "MONTH".equals(args.get(1).value());
        return number == null || !month
                ? null
                : SqlValue.of(
                        DATE,
                        LocalDate.ofEpochDay(number)
                                .with(TemporalAdjusters.lastDayOfMonth())
                                .toEpochDay());
    }

    private static @Nullable SqlValue extract(String part, SqlValue value, ZoneId zone) {
        SqlValue time = value.as(DATETIME, zone);
        Long number = time == null ? null : time.number();
        if (number == null) {
            return null;
        }
        LocalDateTime local = LocalDateTime.ofInstant(SqlValue.at(number), ZoneOffset.UTC);
        return switch (part) {
            case "YEAR" -> SqlValue.of(INT64, local.getYear());
            case "MONTH" -> SqlValue.of(INT64, local.getMonthValue());
            case "DAY" -> SqlValue.of(INT64, local.getDayOfMonth());
            case "HOUR" -> SqlValue.of(INT64, local.getHour());
            case "DATE" -> SqlValue.of(DATE, local.toLocalDate().toEpochDay());
            default -> null;
        };
    }

    private static @Nullable SqlValue parsed(TableField.Type type, List<SqlValue> args, ZoneId zone) {
        DateTimeFormatter format = format(String.valueOf(args.get(0).value()));
        if (format == null || !(args.get(1).value() instanceof String text)) {
            return null;
        }
        LocalDateTime time = LocalDateTime.parse(text, format);
        return type == DATE
                ? SqlValue.of(DATE, time.toLocalDate().toEpochDay())
                : SqlValue.of(type, SqlValue.micros(time.atZone(zone).toInstant()));
    }

    private static @Nullable SqlValue formatted(String name, List<SqlValue> args, ZoneId zone) {
        DateTimeFormatter format = format(String.valueOf(args.get(0).value()));
        ZoneId at = args.size() > 2 ? zoneOf(args.get(2)) : zone;
        TableField.Type type = TableField.Type.of(name.substring("FORMAT_".length()));
        SqlValue value = args.get(1).as(type, zone);
        SqlValue time = value == null ? null : value.as(DATETIME, at);
        Long number = time == null ? null : time.number();
        return format == null || number == null
                ? null
                : SqlValue.of(format.format(LocalDateTime.ofInstant(SqlValue.at(number), ZoneOffset.UTC)));
    }

    /** The format of {@code %Y%m%d} and its like; null if it has another letter. */
    private static @Nullable DateTimeFormatter format(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        String spelled = pattern.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S");
        int next = 0;
        while (next < spelled.length()) {
            char c = spelled.charAt(next);
            if (c != '%' || next + 1 == spelled.length()) {
                builder.appendLiteral(c);
                next++;
                continue;
            }
            char letter = spelled.charAt(next + 1);
            next += 2;
            switch (letter) {
                case 'Y' -> builder.appendValue(ChronoField.YEAR, 4);
                case 'm' -> builder.appendValue(ChronoField.MONTH_OF_YEAR, 2);
                case 'd' -> builder.appendValue(ChronoField.DAY_OF_MONTH, 2);
                case 'H' -> builder.appendValue(ChronoField.HOUR_OF_DAY, 2);
                case 'M' -> builder.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
                case 'S' -> builder.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
                default -> {
                    return null;
                }
            }
        }
        return builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
                .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .toFormatter(Locale.ROOT);
    }

    private static @Nullable SqlValue joined(List<SqlValue> args) {
        StringBuilder text = new StringBuilder();
        for (SqlValue arg : args) {
            if (!(arg.value() instanceof String part) || arg.isNull()) {
                return null;
            }
            text.append(part);
        }
        return SqlValue.of(text.toString());
    }

    private static @Nullable SqlValue part(List<SqlValue> args) {
        if (!(args.get(0).value() instanceof String text) || args.get(0).isNull()) {
            return null;
        }
        Long from = args.get(1).number();
        Long length = args.size() > 2 ? args.get(2).number() : Long.valueOf(Integer.MAX_VALUE);
        if (from == null || length == null || from < 1 || length < 0) {
            return null;
        }
        int start = (int) Math.min(from - 1, text.length());
        int end = (int) Math.min(start + length, text.length());
        return SqlValue.of(text.substring(start, end));
    }
}
