package dev.tentpole.bigquery;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The macros of time. A range is half-open: a row belongs to one of two neighbouring ranges. Used by one thread.
 */
final class MacroTimes {

    private static final long DAY_MILLIS = 86_400_000L;
    private static final long DAY_SECONDS = 86_400L;

    /** The epoch is a Thursday: so many days behind it is a Monday. */
    private static final long FIRST_MONDAY = 4;

    private static final int MOST_YEARS = 1_000;

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
        this.from = step == 0 ? context.from() : within(floor(context.from(), step));
        this.to = step == 0 ? context.to() : within(ceil(context.to(), step));
    }

    /** Appends a macro, {@return whether there is one of that name}. */
    boolean append(StringBuilder out, String name, List<String> arguments, int offset) {
        switch (name) {
            case "__timeFilter" -> {
                expect(name, arguments, 0, 1, offset);
                String column = column(arguments);
                between(out, column, type(column, offset), from, to, "");
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
                group(out, column(arguments), arguments.get(1), offset);
            }
            case "__unixEpochFilter" -> {
                expect(name, arguments, 1, 2, offset);
                epochFilter(out, arguments, offset);
            }
            case "__partitionFilter" -> {
                expect(name, arguments, 0, 1, offset);
                boolean none = arguments.isEmpty() || arguments.get(0).isEmpty();
                partitionFilter(out, none ? "_PARTITIONTIME" : arguments.get(0), offset);
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
                    offset,
                    "column " + column + " is INT64: use $__unixEpochFilter(" + column
                            + ", s), ms or us, or TIMESTAMP_SECONDS(" + column + "), MILLIS or MICROS");
        }
        if (type != TableField.Type.DATE && type != TableField.Type.DATETIME && type != TableField.Type.TIMESTAMP) {
            throw expansion.refused(offset, "column " + column + " is " + type + ", which is no time");
        }
        return type;
    }

    /** A day counts if a part of it is within the range. */
    private void between(
            StringBuilder out, String column, TableField.Type type, Instant begin, Instant end, String suffix) {
        boolean day = type == TableField.Type.DATE && !isMidnight(end);
        out.append('(').append(column).append(" >= ");
        value(out, "__from" + suffix, type, begin);
        out.append(" AND ").append(column).append(day ? " <= " : " < ");
        value(out, "__to" + suffix, type, end);
        out.append(')');
    }

    private void bound(
            StringBuilder out, List<String> arguments, String operator, Instant time, String name, int offset) {
        if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
            value(out, name, TableField.Type.TIMESTAMP, time);
            return;
        }
        String column = arguments.get(0);
        TableField.Type type = type(column, offset);
        boolean partOfDay = type == TableField.Type.DATE && !isMidnight(time);
        out.append(column)
                .append(' ')
                .append(partOfDay && operator.equals("<") ? "<=" : operator)
                .append(' ');
        value(out, name, type, time);
    }

    private void value(StringBuilder out, String name, TableField.Type type, Instant time) {
        String text = MacroLiterals.time(type, time);
        if (engine.bindsParameters()) {
            String own = type == TableField.Type.TIMESTAMP ? name : name + "_" + SqlText.lower(type.name());
            expansion.bind(out, SqlParameter.of(own, type, text));
        } else {
            out.append(type).append(" '").append(text).append('\'');
        }
    }

    private void epochFilter(StringBuilder out, List<String> arguments, int offset) {
        String unit = arguments.size() < 2 ? "s" : unquoted(arguments.get(1));
        long scale = switch (unit) {
            case "s" -> 1_000_000;
            case "ms" -> 1_000;
            case "us" -> 1;
            default ->
                throw expansion.refused(offset, "the unit of $__unixEpochFilter is " + unit + ", must be s, ms or us");
        };
        String column = column(arguments);
        out.append('(').append(column).append(" >= ");
        epoch(out, "__from_" + unit, from, scale);
        out.append(" AND ").append(column).append(" < ");
        epoch(out, "__to_" + unit, to, scale);
        out.append(')');
    }

    /** Rounded up: the first whole unit that is not before the time. */
    private void epoch(StringBuilder out, String name, Instant time, long scale) {
        long micros = time.getEpochSecond() * 1_000_000L + -Math.floorDiv(-time.getNano(), 1_000);
        String text = Long.toString(-Math.floorDiv(-micros, scale));
        if (engine.bindsParameters()) {
            expansion.bind(out, SqlParameter.of(name, TableField.Type.INT64, text));
        } else {
            out.append(MacroLiterals.of(TableField.Type.INT64, text));
        }
    }

    /** Whole partitions, and those in which late rows of the range may be. */
    private void partitionFilter(StringBuilder out, String column, int offset) {
        TableField.Type type = type(column, offset);
        Instant begin = partition(from, 0);
        Instant last = within(to.plus(engine.lateness()));
        Instant start = partition(last, 0);
        Instant end = start.equals(last) ? start : within(partition(last, 1));
        between(out, column, type, begin, end, "_partition");
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

    private void group(StringBuilder out, String column, String intervalText, int offset) {
        MacroDurations.Interval interval = MacroDurations.parse(unquoted(intervalText));
        if (interval == null) {
            throw expansion.refused(
                    offset, "the interval of $__timeGroup is a number and one of ms, s, m, h, d, w, M, y, such as 5m");
        }
        TableField.Type type = type(column, offset);
        boolean weeks = interval.unit().equals("w");
        if (interval.isMonths() || interval.unit().equals("y")) {
            out.append(calendar(column, type, interval, offset));
        } else if (interval.count() == 1 && weeks) {
            out.append(type).append("_TRUNC(").append(column).append(", WEEK(MONDAY))");
        } else if (type == TableField.Type.DATE) {
            days(out, column, interval.millis(), weeks, offset);
        } else if (interval.millis() == DAY_MILLIS) {
            out.append(type).append("_TRUNC(").append(column).append(", DAY)");
        } else if (type == TableField.Type.DATETIME) {
            seconds(out.append("DATETIME("), "TIMESTAMP(" + column + ")", interval.millis(), weeks);
            out.append(')');
        } else {
            seconds(out, column, interval.millis(), weeks);
        }
    }

    private static void seconds(StringBuilder out, String column, long millis, boolean weeks) {
        if (millis % 1_000 == 0) {
            out.append("TIMESTAMP_SECONDS(");
            floored(out, "UNIX_SECONDS", column, millis / 1_000, weeks ? FIRST_MONDAY * DAY_SECONDS : 0);
        } else {
            out.append("TIMESTAMP_MILLIS(");
            floored(out, "UNIX_MILLIS", column, millis, 0);
        }
        out.append(')');
    }

    /** A date is a group of its own in all that is not longer. */
    private void days(StringBuilder out, String column, long millis, boolean weeks, int offset) {
        if (millis <= DAY_MILLIS) {
            out.append(column);
            return;
        }
        if (millis % DAY_MILLIS != 0) {
            throw expansion.refused(offset, "column " + column + " is DATE, whose groups are whole days");
        }
        floored(out.append("DATE_FROM_UNIX_DATE("), "UNIX_DATE", column, millis / DAY_MILLIS, weeks ? FIRST_MONDAY : 0);
        out.append(')');
    }

    /** Appends a function's number rounded down, also before 1970, where DIV and MOD round towards zero. */
    private static void floored(StringBuilder out, String function, String column, long step, long origin) {
        out.append(function).append('(').append(column).append(") - MOD(MOD(");
        out.append(function).append('(').append(column).append(')');
        if (origin != 0) {
            out.append(" - ").append(origin);
        }
        out.append(", ")
                .append(step)
                .append(") + ")
                .append(step)
                .append(", ")
                .append(step)
                .append(')');
    }

    private String calendar(String column, TableField.Type type, MacroDurations.Interval interval, int offset) {
        long months = interval.isMonths() ? interval.count() : interval.count() * 12;
        boolean years = months % 12 == 0 && months / 12 <= MOST_YEARS;
        if (!years && 12 % months != 0) {
            throw expansion.refused(
                    offset, "$__timeGroup knows 1, 2, 3, 4 and 6 months, and up to " + MOST_YEARS + " years");
        }
        String unit = months == 1 ? "MONTH" : months == 3 ? "QUARTER" : months == 12 ? "YEAR" : "";
        if (!unit.isEmpty()) {
            return type + "_TRUNC(" + column + ", " + unit + ")";
        }
        String year = "EXTRACT(YEAR FROM " + column + ")";
        String date = years
                ? "DATE(GREATEST(DIV(" + year + ", " + months / 12 + ") * " + months / 12 + ", 1), 1, 1)"
                : "DATE(" + year + ", DIV(EXTRACT(MONTH FROM " + column + ") - 1, " + months + ") * " + months
                        + " + 1, 1)";
        return type == TableField.Type.DATE ? date : type + "(" + date + ")";
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1
                && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static boolean isMidnight(Instant time) {
        return time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), DAY_SECONDS) == 0;
    }

    private static Instant within(Instant time) {
        return time.isBefore(MacroContext.FIRST)
                ? MacroContext.FIRST
                : time.isAfter(MacroContext.LAST) ? MacroContext.LAST : time;
    }

    private static Instant floor(Instant time, long stepMillis) {
        return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), stepMillis) * stepMillis);
    }

    private static Instant ceil(Instant time, long stepMillis) {
        Instant floor = floor(time, stepMillis);
        return floor.equals(time) ? time : floor.plus(Duration.ofMillis(stepMillis));
    }
}
