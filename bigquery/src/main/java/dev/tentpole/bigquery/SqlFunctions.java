package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions and operators that conditions on partitions use, on constants. */
final class SqlFunctions {

    private static final TableField.Type DATE = TableField.Type.DATE;
    private static final TableField.Type TIMESTAMP = TableField.Type.TIMESTAMP;
    private static final TableField.Type DATETIME = TableField.Type.DATETIME;
    private static final TableField.Type INT64 = TableField.Type.INT64;

    private static final Pattern TIME_OF_DAY = Pattern.compile("%[HMST]");

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
            case "TIMESTAMP" -> timestamp(args, zone);
            case "DATETIME" -> args.size() > 1 ? zoned(DATETIME, args, zone) : first.as(DATETIME, zone);
            case "STRING" -> first.type() == DATE ? first.as(TableField.Type.STRING, zone) : null;
            case "TIMESTAMP_SECONDS" -> scaled(first, 1_000_000);
            case "TIMESTAMP_MILLIS" -> scaled(first, 1_000);
            case "TIMESTAMP_MICROS" -> scaled(first, 1);
            case "DATE_ADD", "TIMESTAMP_ADD", "DATETIME_ADD" ->
                shifted(operand(kind(name), first, zone), args, 1, ChronoUnit.DAYS);
            case "DATE_SUB", "TIMESTAMP_SUB", "DATETIME_SUB" ->
                shifted(operand(kind(name), first, zone), args, -1, ChronoUnit.DAYS);
            case "DATE_TRUNC", "TIMESTAMP_TRUNC", "DATETIME_TRUNC" ->
                truncated(operand(kind(name), first, zone), args, zone);
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
        // A text is a timestamp here, whose day depends on the zone.
        return args.size() == 3
                ? null
                : args.size() == 2 || args.get(0).value() instanceof String
                        ? zoned(DATE, args, zone)
                        : args.get(0).as(DATE, zone);
    }

    /** What a timestamp, or a text that is one, is in the zone that is the second argument. */
    private static @Nullable SqlValue zoned(TableField.Type type, List<SqlValue> args, ZoneId zone) {
        boolean instant = args.get(0).type() == TIMESTAMP || args.get(0).value() instanceof String;
        SqlValue time = instant ? args.get(0).as(TIMESTAMP, zone) : null;
        return time == null ? null : time.as(type, args.size() > 1 ? zoneOf(args.get(1)) : zone);
    }

    private static @Nullable SqlValue timestamp(List<SqlValue> args, ZoneId zone) {
        SqlValue first = args.get(0);
        if (args.size() == 1) {
            return first.as(TIMESTAMP, zone);
        }
        // A zone given apart leaves none to the text.
        SqlValue local = first.value() instanceof String ? first.as(DATETIME, zone) : first;
        return local == null || local.type() == TIMESTAMP ? null : local.as(TIMESTAMP, zoneOf(args.get(1)));
    }

    private static @Nullable SqlValue scaled(SqlValue value, long factor) {
        Long number = value.type() == INT64 ? value.number() : null;
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
            SqlValue time = type == DATE ? first.as(DATETIME, zone) : first;
            return time == null ? null : shifted(time, args, sign, ChronoUnit.WEEKS);
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

    /**
     * The date or time that a function works on, which keeps its type whatever the function's name says: but a text becomes what
     * the name says, and a date in the functions of others a {@code DATETIME}.
     */
    private static @Nullable SqlValue operand(TableField.Type kind, SqlValue value, ZoneId zone) {
        if (value.value() instanceof String) {
            return value.as(kind, zone);
        }
        if (value.type() == DATE && kind != DATE) {
            return value.as(DATETIME, zone);
        }
        return value.type() == DATE || value.type() == DATETIME || value.type() == TIMESTAMP ? value : null;
    }

    /**
     * A date or time moved by an amount and a unit.
     *
     * @param longest the longest unit by which a timestamp may be moved
     */
    private static @Nullable SqlValue shifted(
            @Nullable SqlValue value, List<SqlValue> args, int sign, ChronoUnit longest) {
        Long number = value == null ? null : value.number();
        SqlValue amount = args.get(1).as(INT64, ZoneOffset.UTC);
        Long by = amount == null ? null : amount.number();
        ChronoUnit unit = unit(String.valueOf(args.get(2).value()));
        if (value == null || value.type() == null || number == null || by == null || unit == null) {
            return null;
        }
        long count = Math.multiplyExact(by, sign);
        if (value.type() == DATE) {
            LocalDate day = LocalDate.ofEpochDay(number);
            return unit.isDateBased()
                    ? SqlValue.of(DATE, shift(day, count, unit).toEpochDay())
                    : null;
        }
        if (value.type() == TIMESTAMP && unit.compareTo(longest) > 0) {
            return null;
        }
        LocalDateTime time = LocalDateTime.ofInstant(SqlValue.at(number), ZoneOffset.UTC);
        LocalDateTime moved =
                unit == ChronoUnit.FOREVER ? time.plusMonths(Math.multiplyExact(3, count)) : time.plus(count, unit);
        return SqlValue.of(value.type(), SqlValue.micros(moved.toInstant(ZoneOffset.UTC)));
    }

    private static LocalDate shift(LocalDate day, long count, ChronoUnit unit) {
        return unit == ChronoUnit.FOREVER ? day.plusMonths(Math.multiplyExact(3, count)) : day.plus(count, unit);
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

    private static @Nullable SqlValue truncated(@Nullable SqlValue value, List<SqlValue> args, ZoneId zone) {
        TableField.Type type = value == null ? null : value.type();
        Long number = value == null ? null : value.number();
        if (type == null || number == null || (args.size() > 2 && type != TIMESTAMP)) {
            return null;
        }
        String part = String.valueOf(args.get(1).value());
        long micros = type == DATE ? Math.multiplyExact(number, SqlValue.DAY) : number;
        // A time without a zone, or a day, is one of UTC here.
        ZoneId at = type != TIMESTAMP ? ZoneOffset.UTC : args.size() > 2 ? zoneOf(args.get(2)) : zone;
        ZonedDateTime time = SqlValue.at(micros).atZone(at);
        ZonedDateTime start = part.startsWith("ISO") ? null : start(time, part);
        if (start == null || (type == DATE && isTime(part))) {
            return null;
        }
        long result = SqlValue.micros(start.toInstant());
        return SqlValue.of(type, type == DATE ? Math.floorDiv(result, SqlValue.DAY) : result);
    }

    private static boolean isTime(String part) {
        ChronoUnit unit = unit(part);
        return unit != null && unit.isTimeBased();
    }

    /** When the part of a date or time began; null if it is not understood. */
    private static @Nullable ZonedDateTime start(ZonedDateTime time, String part) {
        LocalDate day = time.toLocalDate();
        LocalDate first;
        if (part.startsWith("WEEK")) {
            DayOfWeek begin =
                    part.equals("WEEK") ? DayOfWeek.SUNDAY : DayOfWeek.valueOf(part.substring(5, part.length() - 1));
            first = day.with(TemporalAdjusters.previousOrSame(begin));
        } else {
            ChronoUnit unit = unit(part);
            if (unit == null) {
                return null;
            }
            switch (unit) {
                case DAYS -> first = day;
                case MONTHS -> first = day.withDayOfMonth(1);
                case FOREVER -> first = day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3);
                case YEARS -> first = day.withDayOfYear(1);
                default -> {
                    // As much sooner as the clock on the wall says, also where an hour comes twice.
                    LocalDateTime local = time.toLocalDateTime();
                    return time.minus(Duration.between(local.truncatedTo(unit), local));
                }
            }
        }
        return first.atTime(LocalTime.MIDNIGHT).atZone(time.getZone());
    }

    private static @Nullable SqlValue lastDay(List<SqlValue> args, ZoneId zone) {
        SqlValue day = args.get(0).type() == TIMESTAMP ? null : args.get(0).as(DATE, zone);
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
        boolean text = value.value() instanceof String;
        boolean timeOfDate = value.type() == DATE && (part.equals("HOUR") || part.equals("DATE"));
        SqlValue time = text || timeOfDate ? null : value.as(DATETIME, zone);
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
        String pattern = String.valueOf(args.get(0).value());
        DateTimeFormatter format = format(pattern);
        boolean timeOfDate = type == DATE && TIME_OF_DAY.matcher(pattern).find();
        if (format == null || timeOfDate || !(args.get(1).value() instanceof String text)) {
            return null;
        }
        LocalDateTime time = LocalDateTime.parse(text, format);
        return type == DATE
                ? SqlValue.of(DATE, time.toLocalDate().toEpochDay())
                : SqlValue.of(type, SqlValue.micros(time.atZone(zone).toInstant()));
    }

    private static @Nullable SqlValue formatted(String name, List<SqlValue> args, ZoneId zone) {
        String pattern = String.valueOf(args.get(0).value());
        DateTimeFormatter format = format(pattern);
        ZoneId at = args.size() > 2 ? zoneOf(args.get(2)) : zone;
        SqlValue value = operand(TableField.Type.of(name.substring("FORMAT_".length())), args.get(1), zone);
        if (format == null
                || value == null
                || (args.size() > 2 && value.type() != TIMESTAMP)
                || (value.type() == DATE && TIME_OF_DAY.matcher(pattern).find())) {
            return null;
        }
        SqlValue time = value.as(DATETIME, at);
        Long number = time == null ? null : time.number();
        LocalDateTime local = number == null ? null : LocalDateTime.ofInstant(SqlValue.at(number), ZoneOffset.UTC);
        // Years before 1000 have fewer digits there.
        return local == null || local.getYear() < 1000 ? null : SqlValue.of(format.format(local));
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
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
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
        int count = text.codePointCount(0, text.length());
        int start = (int) Math.min(from - 1, count);
        int end = start + (int) Math.min(length, count - start);
        return SqlValue.of(text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end)));
    }
}
