package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One conversion of time series: its options, the rules of which field is what, and the notices that it leads to. */
final class Conversion {

    private final TimeSeries.Options options;
    private final List<Notice> notices = new ArrayList<>();

    Conversion(TimeSeries.Options options) {
        this.options = options;
    }

    TimeSeries.Fill fill() {
        return options.fill();
    }

    static boolean isValue(Field field) {
        return field.type().isNumeric() || field.type() == FieldType.BOOL;
    }

    static boolean isDimension(Field field) {
        return field.type() == FieldType.STRING || field.type() == FieldType.ENUM;
    }

    /** The time axis, of which no time is null. */
    Field firstTime(Frame frame) {
        Field time = frame.fields().stream()
                .filter(field -> field.type() == FieldType.TIME)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("frame '" + frame.name() + "' has no field of type time"));
        for (int row = 0; time.hasNulls() && row < time.size(); row++) {
            if (time.isNull(row)) {
                throw new IllegalArgumentException("field '" + time.name() + "' row " + row + ": a time that is null");
            }
        }
        return time;
    }

    /** The value fields, at least one. */
    List<Field> values(Frame frame) {
        List<Field> values = frame.fields().stream().filter(Conversion::isValue).toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException(
                    "frame '" + frame.name() + "' has no field of numbers or booleans beside its time");
        }
        return values;
    }

    /** Tells of the fields that the result has no place for: neither the time axis, nor what {@code isPart} takes. */
    void leaveOut(Frame frame, Predicate<Field> isPart) {
        boolean axisSeen = false;
        for (Field field : frame.fields()) {
            if (field.type() == FieldType.TIME && !axisSeen) {
                axisSeen = true;
            } else if (!isPart.test(field)) {
                notices.add(Notice.warning("field '" + field.name() + "' of type "
                        + field.type().frameName() + " is not part of a time series and was left out"));
            }
        }
    }

    void duplicatePoints(Field series, int count, long time) {
        if (options.duplicates() == TimeSeries.Duplicates.ERROR) {
            throw new IllegalArgumentException(
                    "series " + identity(series) + " has two points at " + TimeAxis.instant(time));
        }
        notices.add(Notice.warning("series " + identity(series) + ": " + count + (count == 1 ? " point" : " points")
                + " replaced by a later one with the same time"));
    }

    void duplicateSeries(Field series) {
        if (options.duplicates() == TimeSeries.Duplicates.ERROR) {
            throw new IllegalArgumentException("two series with the same name and labels: " + identity(series));
        }
        notices.add(Notice.warning("two series with the same name and labels: " + identity(series)));
    }

    /** Refuses a result that is too large before it is made. */
    void checkSize(long rows, long columns) {
        if (rows * columns > options.maxValues()) {
            throw new IllegalArgumentException("the result would have " + columns + " series of " + rows
                    + " rows, more values than maxValues = " + options.maxValues());
        }
    }

    /** The input's meta data with another shape and this conversion's notices. */
    FrameMeta meta(FrameMeta meta, FrameType type) {
        FrameMeta.Builder builder = meta.toBuilder().type(type);
        notices.forEach(builder::notice);
        return builder.build();
    }

    private static String identity(Field series) {
        return "'" + series.name() + "'" + series.labels();
    }
}
