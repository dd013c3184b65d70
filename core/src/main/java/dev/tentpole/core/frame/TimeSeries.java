package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Turns time series from one shape of Grafana's dataplane contract into another, and onto another time axis.
 *
 * <p>The first TIME field is the time axis; numbers and booleans are values; in the long shape STRING and ENUM fields
 * are dimensions. Anything else is left out, and a notice in the result says so. Input is never changed; values are
 * copied only where rows move. A field keeps its name, its config and its type; it becomes nullable only if it gets a
 * gap. The result's meta data is that of the (first) input with the new shape, and all notices of the input. A frame
 * without fields, which stands for "no data", stays one.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a frame with fields but without a TIME field or without a
 * value field, and for a time that is null; the message names the field and the row. All methods are safe for use by
 * several threads.
 */
public final class TimeSeries {

    /** The most values that {@link #resample} makes. */
    private static final int MAX_RESAMPLED = 50_000_000;

    private TimeSeries() {}

    /** What to do about two points of one series with the same time, and about two series with the same identity. */
    public enum Duplicates {
        /** The later one replaces the earlier one, series are merged, and a notice in the result tells how many. */
        NOTICE,
        /** {@link IllegalArgumentException}, with the series and the time in the message. */
        ERROR
    }

    /** What to put where a series has no point: a gap. Values that are null in the input are not gaps; they stay null. */
    public static final class Fill {

        /** The kinds of fill. */
        enum Kind {
            NULL,
            PREVIOUS,
            LINEAR,
            VALUE
        }

        private final Kind kind;
        private final double value;

        private Fill(Kind kind, double value) {
            this.kind = kind;
            this.value = value;
        }

        /** {@return null in every gap} */
        public static Fill nulls() {
            return new Fill(Kind.NULL, 0);
        }

        /** {@return the last value before the gap that is not null; null in front of the first one} */
        public static Fill previous() {
            return new Fill(Kind.PREVIOUS, 0);
        }

        /**
         * {@return the straight line between the values on both sides of the gap that are not null, rounded for integer
         * types; null in front of the first value and behind the last one; refused for BOOL fields}
         */
        public static Fill linear() {
            return new Fill(Kind.LINEAR, 0);
        }

        /**
         * {@return one value in every gap}
         *
         * @param value the value; for integer types a whole number within the type's range, for BOOL 0 or 1, else the
         *     conversion refuses it
         */
        public static Fill value(double value) {
            return new Fill(Kind.VALUE, value);
        }

        Kind kind() {
            return kind;
        }

        double constant() {
            return value;
        }

        @Override
        public String toString() {
            return kind == Kind.VALUE ? "Fill[" + value + "]" : "Fill[" + kind + "]";
        }
    }

    /**
     * How to convert.
     *
     * @param fill what to put into gaps
     * @param duplicates what to do about duplicates
     * @param maxValues the most values that the result may have, gaps included, 1 to 2,000,000,000: the wide shape of
     *     many series with different times is much larger than the series
     */
    public record Options(Fill fill, Duplicates duplicates, int maxValues) {

        /**
         * Refuses what is out of range.
         *
         * @param fill what to put into gaps
         * @param duplicates what to do about duplicates
         * @param maxValues the most values that the result may have
         */
        public Options {
            Objects.requireNonNull(fill, "fill");
            Objects.requireNonNull(duplicates, "duplicates");
            Args.inRange("maxValues", maxValues, 1, 2_000_000_000);
        }

        /** {@return nulls in gaps, notices of duplicates, 50,000,000 values} */
        public static Options defaults() {
            return new Options(Fill.nulls(), Duplicates.NOTICE, 50_000_000);
        }

        /**
         * {@return these options with another fill}
         *
         * @param fill what to put into gaps
         */
        public Options withFill(Fill fill) {
            return new Options(fill, duplicates, maxValues);
        }

        /**
         * {@return these options with another treatment of duplicates}
         *
         * @param duplicates what to do about duplicates
         */
        public Options withDuplicates(Duplicates duplicates) {
            return new Options(fill, duplicates, maxValues);
        }

        /**
         * {@return these options with another limit}
         *
         * @param maxValues the most values that the result may have, 1 to 2,000,000,000
         */
        public Options withMaxValues(int maxValues) {
            return new Options(fill, duplicates, maxValues);
        }
    }

    /**
     * {@return the wide shape of a long frame, with {@link Options#defaults()}}
     *
     * @param frame a frame of shape timeseries-long; its rows may be in any order
     */
    public static Frame longToWide(Frame frame) {
        return longToWide(frame, Options.defaults());
    }

    /**
     * {@return the wide shape of a long frame: one field per value field and combination of dimensions, which become its
     * labels; empty dimensions become no label}
     *
     * @param frame a frame of shape timeseries-long; its rows may be in any order
     * @param options how to convert
     * @throws IllegalArgumentException also for a result beyond {@link Options#maxValues()}
     */
    public static Frame longToWide(Frame frame, Options options) {
        if (frame.fields().isEmpty()) {
            return frame.withMeta(frame.meta().withType(FrameType.TIMESERIES_WIDE));
        }
        Conversion conversion = new Conversion(options);
        List<Series> series = LongSeries.of(frame, conversion);
        return Join.wide(frame, conversion.firstTime(frame), series, conversion);
    }

    /**
     * {@return the series of a long frame, a frame each, without gaps}
     *
     * @param frame a frame of shape timeseries-long; its rows may be in any order
     * @param options how to convert; there are no gaps to fill
     */
    public static List<Frame> longToMulti(Frame frame, Options options) {
        if (frame.fields().isEmpty()) {
            return List.of(frame.withMeta(frame.meta().withType(FrameType.TIMESERIES_MULTI)));
        }
        Conversion conversion = new Conversion(options);
        List<Series> series = LongSeries.of(frame, conversion);
        return MultiFrames.of(frame, conversion.firstTime(frame), series, conversion);
    }

    /**
     * {@return the series of a long frame, a frame each, with {@link Options#defaults()}}
     *
     * @param frame a frame of shape timeseries-long; its rows may be in any order
     */
    public static List<Frame> longToMulti(Frame frame) {
        return longToMulti(frame, Options.defaults());
    }

    /**
     * {@return the long shape of a wide frame, with {@link Options#defaults()}}
     *
     * @param frame a frame of shape timeseries-wide
     */
    public static Frame wideToLong(Frame frame) {
        return wideToLong(frame, Options.defaults());
    }

    /**
     * {@return the long shape of a wide frame: one row per time and set of labels with any value that is not null; labels
     * become dimensions, sorted by key, empty where a field has no such label; fields of one name become one column,
     * with the first one's config, and without its display names if the configs differ}
     *
     * @param frame a frame of shape timeseries-wide
     * @param options how to convert; there are no gaps to fill
     * @throws IllegalArgumentException also for fields of one name but different types
     */
    public static Frame wideToLong(Frame frame, Options options) {
        return WideToLong.convert(frame, new Conversion(options));
    }

    /**
     * {@return the series of a wide frame, a frame each, nulls included: nothing is lost, {@link #multiToWide(List)} gives
     * the same frame back}
     *
     * @param frame a frame of shape timeseries-wide
     */
    public static List<Frame> wideToMulti(Frame frame) {
        return MultiFrames.ofWide(frame, new Conversion(Options.defaults()));
    }

    /**
     * {@return the wide shape of many series, with {@link Options#defaults()}}
     *
     * @param frames frames of shape timeseries-multi, at least one
     */
    public static Frame multiToWide(List<Frame> frames) {
        return multiToWide(frames, Options.defaults());
    }

    /**
     * {@return the wide shape of many series: the time axis has every time of any of them}
     *
     * @param frames frames of shape timeseries-multi, at least one; several values fields in one frame are taken as
     *     several series; rows may be in any order
     * @param options how to convert
     * @throws IllegalArgumentException also for a result beyond {@link Options#maxValues()}
     */
    public static Frame multiToWide(List<Frame> frames, Options options) {
        return MultiFrames.toWide(frames, new Conversion(options));
    }

    /**
     * {@return a wide frame on an even time axis: {@code from}, {@code from + step} … up to {@code to}; the value at a time
     * t is the last one that is not null in {@code (t - step, t]}, and where there is none, what {@code fill} says}
     *
     * @param frame a frame of shape timeseries-wide; its rows may be in any order
     * @param from the first time
     * @param to the last time at most, not before {@code from}
     * @param step the distance of two times, at least 1 ns
     * @param fill what to put where there is no value; it may use values outside of the range, if the frame has them
     * @throws IllegalArgumentException also for a step or a range that is out of bounds, and for a result of more than
     *     50,000,000 values
     */
    public static Frame resample(Frame frame, Instant from, Instant to, Duration step, Fill fill) {
        Conversion conversion = new Conversion(Options.defaults().withFill(fill).withMaxValues(MAX_RESAMPLED));
        return Join.resampled(frame, from, to, step, conversion);
    }
}
