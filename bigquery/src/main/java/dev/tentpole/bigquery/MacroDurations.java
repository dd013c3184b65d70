package dev.tentpole.bigquery;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Intervals as Grafana writes them: a number and one of ms, s, m, h, d, w, M, y, or a duration of Go's such as 1h30m. */
final class MacroDurations {

    private static final int MOST_DIGITS = 9;
    private static final long DAY = 86_400_000L;
    private static final long MOST_YEARS = 10_000;
    private static final long MOST_DAYS = MOST_YEARS * 366;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double TWO_TO_THE_63 = 0x1p63;
    private static final int MOST_DATE_DIGITS = 19;

    /** The units in which an interval is written, the largest first. */
    private static final String[] WRITTEN = {"y", "d", "h", "m", "s"};

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

    /** {@return the interval, null if the text is none, or one of less than 1 ms or of more than 10,000 years} */
    static @Nullable Interval parse(String text) {
        int end = 0;
        long count = 0;
        while (end < text.length() && end < MOST_DIGITS && SqlLexer.isDigit(text.charAt(end))) {
            count = count * 10 + (text.charAt(end) - '0');
            end++;
        }
        String unit = text.substring(end);
        long length = lengthOf(unit);
        if (length != 0) {
            return count == 0 || count > MOST_DAYS * DAY / length ? null : new Interval(count, unit);
        }
        OptionalLong nanos = goNanos(text);
        boolean whole = nanos.isPresent() && nanos.getAsLong() > 0 && nanos.getAsLong() % NANOS_PER_MILLI == 0;
        return whole ? new Interval(nanos.getAsLong() / NANOS_PER_MILLI, "ms") : null;
    }

    /**
     * {@return the milliseconds of an interval as Grafana's plugins count them, empty if it is none}
     *
     * <p>As {@code ParseInterval} of the plugins' library does: whole days, weeks and years, which are as long as the ones that
     * begin now, and the durations of Go's library. Times are at most 2<sup>63</sup> nanoseconds.
     *
     * @param now when years begin
     */
    static OptionalLong grafanaMillis(String text, Instant now) {
        if (!isDate(text)) {
            OptionalLong nanos = goNanos(text);
            return nanos.isPresent() ? OptionalLong.of(nanos.getAsLong() / NANOS_PER_MILLI) : nanos;
        }
        int end = text.length() - 1;
        char unit = text.charAt(end);
        OptionalLong number = atoi(text.substring(0, end));
        long most = unit == 'y' ? MOST_YEARS : MOST_DAYS / 7;
        if (number.isEmpty() || number.getAsLong() > most) {
            return OptionalLong.empty();
        }
        long count = number.getAsLong();
        long days = switch (unit) {
            case 'd' -> count;
            case 'w' -> 7 * count;
            default -> daysOfYears(LocalDateTime.ofInstant(now, ZoneOffset.UTC), count);
        };
        return OptionalLong.of(Math.min(days * DAY, Long.MAX_VALUE / NANOS_PER_MILLI));
    }

    /** {@return whether it is digits with a unit of days, weeks or years} */
    private static boolean isDate(String text) {
        int end = text.length() - 1;
        if (end < 1 || end > MOST_DATE_DIGITS || "dwy".indexOf(text.charAt(end)) < 0) {
            return false;
        }
        int digits = 0;
        while (digits < end && SqlLexer.isDigit(text.charAt(digits))) {
            digits++;
        }
        return digits == end;
    }

    private static long daysOfYears(LocalDateTime now, long years) {
        return ChronoUnit.DAYS.between(now, yearsAfter(now, years));
    }

    /** In a year without a 29th of February it is the 1st of March. */
    private static LocalDateTime yearsAfter(LocalDateTime time, long years) {
        return time.withDayOfMonth(1).plusYears(years).plusDays(time.getDayOfMonth() - 1L);
    }

    /** {@return a whole number as Go's library reads it, empty if it is none} */
    static OptionalLong atoi(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        for (int i = sign; i < text.length(); i++) {
            if (!SqlLexer.isDigit(text.charAt(i))) {
                return OptionalLong.empty();
            }
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** {@return the nanoseconds of a duration of Go's: a sign, and numbers with fractions and units; empty if it is none} */
    private static OptionalLong goNanos(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return OptionalLong.of(0);
        }
        if (at == text.length()) {
            return OptionalLong.empty();
        }
        // Unsigned up to here, so that the least of all numbers can be read.
        long sum = 0;
        while (at < text.length()) {
            int start = at;
            long whole = 0;
            for (; at < text.length() && SqlLexer.isDigit(text.charAt(at)); at++) {
                if (isMore(whole, Long.MIN_VALUE, 10)) {
                    return OptionalLong.empty();
                }
                whole = whole * 10 + (text.charAt(at) - '0');
                if (isTooLong(whole)) {
                    return OptionalLong.empty();
                }
            }
            boolean digits = at > start;
            long fraction = 0;
            double scale = 1;
            if (at < text.length() && text.charAt(at) == '.') {
                int point = at++;
                boolean full = false;
                for (; at < text.length() && SqlLexer.isDigit(text.charAt(at)); at++) {
                    long next = fraction * 10 + (text.charAt(at) - '0');
                    full |= isMore(fraction, Long.MAX_VALUE, 10) || isTooLong(next);
                    if (!full) {
                        fraction = next;
                        scale *= 10;
                    }
                }
                digits |= at > point + 1;
            }
            int unitStart = at;
            while (at < text.length() && text.charAt(at) != '.' && !SqlLexer.isDigit(text.charAt(at))) {
                at++;
            }
            long unit = goUnit(text.substring(unitStart, at));
            if (!digits || unit == 0 || isMore(whole, Long.MIN_VALUE, unit)) {
                return OptionalLong.empty();
            }
            long part = whole * unit;
            if (fraction != 0) {
                double exact = fraction < 0 ? TWO_TO_THE_63 : fraction;
                part += (long) (exact * (unit / scale));
            }
            sum += part;
            if (isTooLong(part) || isTooLong(sum)) {
                return OptionalLong.empty();
            }
        }
        if (negative) {
            return OptionalLong.of(-sum);
        }
        return sum < 0 ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    /** {@return whether an unsigned number is more than a part of another one} */
    private static boolean isMore(long number, long whole, long divisor) {
        return Long.compareUnsigned(number, Long.divideUnsigned(whole, divisor)) > 0;
    }

    /** {@return whether an unsigned number is more than 2<sup>63</sup>} */
    private static boolean isTooLong(long number) {
        return Long.compareUnsigned(number, Long.MIN_VALUE) > 0;
    }

    private static long goUnit(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "\u00b5s", "\u03bcs" -> 1_000;
            case "ms", "s", "m", "h" -> lengthOf(unit) * NANOS_PER_MILLI;
            default -> 0;
        };
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
