package dev.tentpole.bigquery;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Intervals as Grafana writes them: a number and one of ms, s, m, h, d, w, M, y. */
final class MacroDurations {

    private static final Pattern INTERVAL = Pattern.compile("(\\d{1,9})(ms|[smhdwMy])");
    private static final long DAY = 86_400_000L;
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", DAY, "w", 7 * DAY, "y", 365 * DAY);

    private MacroDurations() {}

    /**
     * An interval.
     *
     * @param count how many
     * @param unit of what
     */
    record Interval(long count, String unit) {

        boolean isMonths() {
            return unit.equals("M");
        }

        /** {@return its length; months have none of their own} */
        long millis() {
            return count * MILLIS.getOrDefault(unit, 30 * DAY);
        }
    }

    /** {@return the interval, null if the text is none} */
    static @Nullable Interval parse(String text) {
        Matcher matcher = INTERVAL.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long count = Long.parseLong(matcher.group(1));
        return count == 0 ? null : new Interval(count, matcher.group(2));
    }

    /** {@return the interval in the largest unit of which it has one, rounded down, as Grafana does it} */
    static String format(Duration interval) {
        long millis = interval.toMillis();
        for (String unit : new String[] {"y", "d", "h", "m", "s"}) {
            long length = MILLIS.getOrDefault(unit, 1L);
            if (millis >= length) {
                return millis / length + unit;
            }
        }
        return Math.max(1, millis) + "ms";
    }
}
