package dev.tentpole.bigquery;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Intervals as Grafana writes them: a number and one of ms, s, m, h, d, w, M, y. */
final class MacroDurations {

    private static final int MOST_DIGITS = 9;
    private static final long DAY = 86_400_000L;

    /** The units in which an interval is written, the largest first. */
    private static final List<String> WRITTEN = List.of("y", "d", "h", "m", "s");

    private MacroDurations() {}

    /**
     * An interval.
     *
     * @param count how many, at least 1
     * @param unit of what
     */
    record Interval(long count, String unit) {

        boolean isMonths() {
            return unit.equals("M");
        }

        /** {@return its length; months have none of their own} */
        long millis() {
            return count * lengthOf(unit);
        }
    }

    private static long lengthOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> DAY;
            case "w" -> 7 * DAY;
            case "M" -> 30 * DAY;
            case "y" -> 365 * DAY;
            default -> 0;
        };
    }

    /** {@return the interval, null if the text is none, or one of more than 10,000 years} */
    static @Nullable Interval parse(String text) {
        int end = 0;
        long count = 0;
        while (end < text.length() && end < MOST_DIGITS && SqlLexer.isDigit(text.charAt(end))) {
            count = count * 10 + (text.charAt(end) - '0');
            end++;
        }
        String unit = text.substring(end);
        long length = lengthOf(unit);
        return length == 0 || count == 0 || count > 10_000L * 366 * DAY / length ? null : new Interval(count, unit);
    }

    /** {@return the interval in the largest unit of which it has one, rounded down, as Grafana does it} */
    static String format(Duration interval) {
        long millis = interval.toMillis();
        for (String unit : WRITTEN) {
            long length = lengthOf(unit);
            if (millis >= length) {
                return millis / length + unit;
            }
        }
        return Math.max(1, millis) + "ms";
    }
}
