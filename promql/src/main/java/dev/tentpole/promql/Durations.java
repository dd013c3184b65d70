package dev.tentpole.promql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The arithmetic of durations as Prometheus does it: literals are seconds in a double, ranges and offsets are whole
 * nanoseconds in a long, and durations are printed in whole milliseconds.
 */
final class Durations {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double TWO_TO_63 = 0x1p63;
    /** Smaller numbers of milliseconds stay exact as seconds in a double, and back. */
    private static final long EXACT_LONGS = 1L << 52;

    /** The most seconds, positive or negative, that a long of nanoseconds holds. */
    static final double MAX_SECONDS = TWO_TO_63 / NANOS_PER_SECOND;

    private static final long[] UNIT_MILLIS = {
        365L * 24 * 3600 * 1000, 7L * 24 * 3600 * 1000, 24L * 3600 * 1000, 3600_000, 60_000, 1000, 1
    };
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

    private Durations() {}

    /** {@return the seconds of a whole number of milliseconds} */
    static double toSeconds(long millis) {
        long whole = millis / 1000;
        long rest = millis - whole * 1000;
        return rest == 0 ? whole : whole + rest * 1e6 / NANOS_PER_SECOND;
    }

    /** {@return whole nanoseconds, rounded half away from zero; the smallest long for what does not fit} */
    static long toNanos(double seconds) {
        return toLong(roundHalfAway(seconds * NANOS_PER_SECOND));
    }

    /** {@return whole milliseconds of a time in seconds, as {@code @} has it} */
    static long toMillis(double seconds) {
        return toLong(roundHalfAway(seconds * 1000));
    }

    private static double roundHalfAway(double value) {
        double down = Math.floor(Math.abs(value));
        double rounded = Math.abs(value) - down >= 0.5 ? down + 1 : down;
        return value < 0 ? -rounded : rounded;
    }

    /** A conversion as processors do it, and so Prometheus: what does not fit is the smallest value. */
    private static long toLong(double value) {
        return value >= -TWO_TO_63 && value < TWO_TO_63 ? (long) value : Long.MIN_VALUE;
    }

    static boolean isOutOfRange(double seconds) {
        return seconds > MAX_SECONDS || seconds < -MAX_SECONDS;
    }

    /** {@return whether the value can be written with units, and is read back as the same value} */
    static boolean isExact(double seconds) {
        double size = Math.abs(seconds);
        if (!(size < MAX_SECONDS)) {
            return false;
        }
        boolean whole = size == (long) size;
        return whole || toSeconds(Math.round(size * 1000)) == size;
    }

    /** Writes a value for which {@link #isExact} holds. */
    static void append(StringBuilder out, double seconds) {
        if (Double.compare(seconds, 0) < 0) {
            out.append('-');
        }
        long millis = Math.round(Math.abs(seconds) * 1000);
        if (millis == 0) {
            out.append("0s");
            return;
        }
        for (int i = 0; i < UNITS.length; i++) {
            long unit = UNIT_MILLIS[i];
            boolean onlyWhole = i < 2;
            if (millis >= unit && (!onlyWhole || millis % unit == 0)) {
                out.append(millis / unit).append(UNITS[i]);
                millis %= unit;
            }
        }
    }

    /** {@return a range, an offset or a step with units wherever possible, as they are printed} */
    static DurationExpr canonicalTop(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            double value = Double.isNaN(literal.value()) ? -MAX_SECONDS : literal.value();
            boolean changed = value != literal.value() || (!literal.unit() && isExact(value));
            return changed ? new DurationExpr.Literal(value, true, literal.range()) : literal;
        }
        return duration;
    }

    /** {@return an offset; nothing for one of zero} */
    static Optional<DurationExpr> canonicalOffset(DurationExpr offset) {
        DurationExpr canonical = canonicalTop(offset);
        return canonical instanceof DurationExpr.Literal literal && toNanos(literal.value()) == 0
                ? Optional.empty()
                : Optional.of(canonical);
    }

    static DurationExpr checkWindow(String name, DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal && !(literal.value() > 0)) {
            throw new IllegalArgumentException(name + " = " + literal + ", must be longer than 0");
        }
        if (!(duration instanceof DurationExpr.Literal) && DurationTrees.hasNaN(duration)) {
            throw new IllegalArgumentException(name + " contains a literal that is not a number");
        }
        return canonicalTop(duration);
    }

    /** {@return the moment nearest to this one that is read back as it is printed} */
    static long canonicalMillis(long millis) {
        if (millis != Long.MIN_VALUE && Math.abs(millis) < EXACT_LONGS) {
            return millis;
        }
        long rounded = millis;
        for (int i = 0; i < 4; i++) {
            rounded = toMillis(Double.parseDouble(seconds(rounded)));
        }
        return rounded;
    }

    /** {@return a time as {@code @} has it: seconds with three digits behind the point} */
    static String seconds(long millis) {
        if (millis == Long.MIN_VALUE || Math.abs(millis) >= EXACT_LONGS) {
            return new BigDecimal(millis / 1000.0)
                    .setScale(3, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }
        StringBuilder text = new StringBuilder();
        if (millis < 0) {
            text.append('-');
        }
        long thousandths = Math.abs(millis % 1000);
        text.append(Math.abs(millis / 1000)).append('.');
        return text.append(thousandths / 100)
                .append(thousandths / 10 % 10)
                .append(thousandths % 10)
                .toString();
    }
}
