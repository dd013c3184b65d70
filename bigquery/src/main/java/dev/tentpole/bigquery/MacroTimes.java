package dev.tentpole.bigquery;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The macros of time. A range is half-open: a row belongs to one of two neighbouring ranges. Used by one thread.
 */
final class MacroTimes {

    private static final long DAY_MILLIS = 86_400_000L;
    private static final Map<String, Integer> EPOCH_UNITS = Map.of("s", 0, "ms", 3, "us", 6);

    private final MacroEngine engine;
    private final MacroContext context;
    private final MacroExpansion expansion;
    private final Instant from;
    private final Instant to;

    MacroTimes(MacroEngine engine, MacroContext context, MacroExpansion expansion) {
        this.engine = engine;
        this.context = context;
        this.expansion = expansion;
        long step = engine.aligns() ? Math.min(context.interval().toMillis(), DAY_MILLIS) : 0;
        this.from = step == 0 ? context.from() : floor(context.from(), step);
        this.to = step == 0 ? context.to() : ceil(context.to(), step);
    }

    /** Appends a macro, {@return whether there is one of that name}. */
    boolean append(StringBuilder out, String name, List<String> arguments, boolean parentheses, int offset) {
        switch (name) {
            case "__timeFilter" -> {
                expect(name, arguments, 0, 1, offset);
                String column = column(arguments);
                String condition = between(column, type(column, offset), from, to, "");
                out.append('(').append(condition).append(')');
            }
            case "__timeFrom" -> {
                expect(name, arguments, 0, 1, offset);
                bound(out, arguments, ">=", from, "__from", offset);
            }
            case "__timeTo" -> {
                expect(name, arguments, 0, 1, offset);
                bound(out, arguments, "<", to, "__to", offset);
            }
            case "__timeGroup" -> {
                expect(name, arguments, 2, 2, offset);
                out.append(group(arguments.get(0), arguments.get(1), offset));
            }
            case "__unixEpochFilter" -> {
                expect(name, arguments, 1, 2, offset);
                epochFilter(out, arguments, offset);
            }
            case "__partitionFilter" -> {
                expect(name, arguments, 0, 1, offset);
                partitionFilter(out, arguments.isEmpty() ? "_PARTITIONTIME" : arguments.get(0), offset);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private String column(List<String> arguments) {
        return arguments.isEmpty() || arguments.get(0).isEmpty() ? engine.timeColumn() : arguments.get(0);
    }

    private void expect(String name, List<String> arguments, int least, int most, int offset) {
        if (arguments.size() < least || arguments.size() > most) {
            throw expansion.refused(
                    offset,
                    "$" + name + " takes " + (least == most ? "" : least + " or ") + most + " arguments, not "
                            + arguments.size());
        }
    }

    private TableField.Type type(String column, int offset) {
        TableField.Type type = context.typeOf(column);
        if (type == TableField.Type.INT64) {
            throw expansion.refused(
                    offset, "column " + column + " is INT64: use $__unixEpochFilter(" + column + ", s), ms or us");
        }
        if (type != TableField.Type.DATE && type != TableField.Type.DATETIME && type != TableField.Type.TIMESTAMP) {
            throw expansion.refused(offset, "column " + column + " is " + type + ", which is no time");
        }
        return type;
    }

    /** A day counts if a part of it is within the range. */
    private String between(String column, TableField.Type type, Instant begin, Instant end, String suffix) {
        boolean day = type == TableField.Type.DATE
                && !end.truncatedTo(ChronoUnit.DAYS).equals(end);
        return column + " >= " + value("__from" + suffix, type, begin) + " AND " + column + (day ? " <= " : " < ")
                + value("__to" + suffix, type, end);
    }

    private void bound(
            StringBuilder out, List<String> arguments, String operator, Instant time, String name, int offset) {
        if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
            out.append(value(name, TableField.Type.TIMESTAMP, time));
            return;
        }
        String column = arguments.get(0);
        TableField.Type type = type(column, offset);
        boolean partOfDay = type == TableField.Type.DATE
                && !time.truncatedTo(ChronoUnit.DAYS).equals(time);
        out.append(column)
                .append(' ')
                .append(partOfDay && operator.equals("<") ? "<=" : operator)
                .append(' ')
                .append(value(name, type, time));
    }

    private String value(String name, TableField.Type type, Instant time) {
        String text = MacroLiterals.time(type, time);
        if (!engine.bindsParameters()) {
            return type + " '" + text + "'";
        }
        return expansion.bind(SqlParameter.of(
                type == TableField.Type.TIMESTAMP
                        ? name
                        : name + "_" + type.name().toLowerCase(Locale.ROOT),
                type,
                text));
    }

    private void epochFilter(StringBuilder out, List<String> arguments, int offset) {
        String unit = arguments.size() < 2 ? "s" : unquoted(arguments.get(1));
        Integer digits = EPOCH_UNITS.get(unit);
        if (digits == null) {
            throw expansion.refused(offset, "the unit of $__unixEpochFilter is " + unit + ", must be s, ms or us");
        }
        String column = arguments.get(0);
        out.append('(')
                .append(column)
                .append(" >= ")
                .append(epoch("__from_" + unit, from, digits))
                .append(" AND ")
                .append(column)
                .append(" < ")
                .append(epoch("__to_" + unit, to, digits))
                .append(')');
    }

    /** Rounded up: the first whole unit that is not before the time. */
    private String epoch(String name, Instant time, int digits) {
        long micros = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000L);
        long scale = digits == 0 ? 1_000_000L : digits == 3 ? 1_000L : 1L;
        String text = Long.toString(-Math.floorDiv(-micros, scale));
        return engine.bindsParameters() ? expansion.bind(SqlParameter.of(name, TableField.Type.INT64, text)) : text;
    }

    /** Whole partitions, and those in which late rows of the range may be. */
    private void partitionFilter(StringBuilder out, String column, int offset) {
        TableField.Type type = type(column, offset);
        Instant begin = partition(from, 0);
        Instant last = to.plus(engine.lateness());
        Instant start = partition(last, 0);
        Instant end = start.equals(last) ? start : partition(last, 1);
        out.append('(').append(between(column, type, begin, end, "_partition")).append(')');
    }

    /** {@return where the partition of a time begins, or one behind it} */
    private Instant partition(Instant time, int plus) {
        ZonedDateTime utc = time.atZone(ZoneOffset.UTC);
        return switch (context.partitionUnit()) {
            case HOUR -> utc.truncatedTo(ChronoUnit.HOURS).plusHours(plus).toInstant();
            case MONTH ->
                utc.truncatedTo(ChronoUnit.DAYS)
                        .withDayOfMonth(1)
                        .plusMonths(plus)
                        .toInstant();
            case YEAR ->
                utc.truncatedTo(ChronoUnit.DAYS)
                        .withDayOfYear(1)
                        .plusYears(plus)
                        .toInstant();
            default -> utc.truncatedTo(ChronoUnit.DAYS).plusDays(plus).toInstant();
        };
    }

    private String group(String column, String intervalText, int offset) {
        MacroDurations.Interval interval = MacroDurations.parse(unquoted(intervalText));
        if (interval == null) {
            throw expansion.refused(
                    offset, "the interval of $__timeGroup is a number and one of ms, s, m, h, d, w, M, y, such as 5m");
        }
        TableField.Type type = type(column, offset);
        if (interval.isMonths() || interval.unit().equals("y")) {
            return calendar(column, type, interval, offset);
        }
        if (interval.count() == 1 && interval.unit().equals("w")) {
            return type + "_TRUNC(" + column + ", WEEK(MONDAY))";
        }
        if (interval.count() == 1 && interval.unit().equals("d")) {
            return type == TableField.Type.DATE ? column : type + "_TRUNC(" + column + ", DAY)";
        }
        long millis = interval.millis();
        if (type == TableField.Type.DATE) {
            if (millis % DAY_MILLIS != 0) {
                throw expansion.refused(offset, "column " + column + " is DATE, which has no groups within a day");
            }
            return "DATE_FROM_UNIX_DATE(" + floored("UNIX_DATE(" + column + ")", millis / DAY_MILLIS) + ")";
        }
        boolean seconds = millis % 1_000 == 0;
        String source = type == TableField.Type.DATETIME ? "TIMESTAMP(" + column + ")" : column;
        String grouped = seconds
                ? "TIMESTAMP_SECONDS(" + floored("UNIX_SECONDS(" + source + ")", millis / 1_000) + ")"
                : "TIMESTAMP_MILLIS(" + floored("UNIX_MILLIS(" + source + ")", millis) + ")";
        return type == TableField.Type.DATETIME ? "DATETIME(" + grouped + ")" : grouped;
    }

    /** Rounded down, also before 1970, where DIV and MOD round towards zero. */
    private static String floored(String number, long step) {
        return number + " - MOD(MOD(" + number + ", " + step + ") + " + step + ", " + step + ")";
    }

    private String calendar(String column, TableField.Type type, MacroDurations.Interval interval, int offset) {
        long count = interval.count();
        if (interval.isMonths() && count < 12 && 12 % count == 0) {
            String unit = count == 1 ? "MONTH" : count == 3 ? "QUARTER" : "";
            if (!unit.isEmpty()) {
                return type + "_TRUNC(" + column + ", " + unit + ")";
            }
            String date = "DATE(EXTRACT(YEAR FROM " + column + "), DIV(EXTRACT(MONTH FROM " + column + ") - 1, " + count
                    + ") * " + count + " + 1, 1)";
            return type == TableField.Type.DATE ? date : type + "(" + date + ")";
        }
        if ((interval.isMonths() && count == 12) || (!interval.isMonths() && count == 1)) {
            return type + "_TRUNC(" + column + ", YEAR)";
        }
        throw expansion.refused(offset, "$__timeGroup knows 1, 2, 3, 4, 6 and 12 months, and one year");
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static Instant floor(Instant time, long stepMillis) {
        return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), stepMillis) * stepMillis);
    }

    private static Instant ceil(Instant time, long stepMillis) {
        Instant floor = floor(time, stepMillis);
        return floor.equals(time) ? time : floor.plus(Duration.ofMillis(stepMillis));
    }
}
