package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts series onto one time axis, and something into the gaps. */
final class Join {

    private Join() {}

    /** The wide frame of series; without fields if there is no series. */
    static Frame wide(Frame like, Field time, List<Series> series, Conversion conversion) {
        List<Field> fields = new ArrayList<>();
        if (!series.isEmpty()) {
            long[] axis = TimeAxis.union(series);
            conversion.checkSize(axis.length, series.size());
            fields.add(timeField(time, axis));
            Set<List<Object>> identities = new HashSet<>();
            for (Series one : series) {
                if (!identities.add(List.of(one.value().name(), one.value().labels()))) {
                    conversion.duplicateSeries(one.value());
                }
                fields.add(onto(axis, pointsAt(axis, one), one, conversion.fill()));
            }
        }
        return like.withFields(fields).withMeta(conversion.meta(like.meta(), FrameType.TIMESERIES_WIDE));
    }

    static Frame resampled(Frame frame, Instant from, Instant to, Duration step, Conversion conversion) {
        long first = nanos("from", from);
        long last = nanos("to", to);
        Args.check(last >= first, "to", to, "not before from = " + from);
        Args.inRange("step", step, Duration.ofNanos(1), Duration.ofNanos(Long.MAX_VALUE));
        // The distance may be more than a long holds, but never more than an unsigned one.
        long steps = Long.divideUnsigned(last - first, step.toNanos());
        if (frame.fields().isEmpty()) {
            return frame.withMeta(frame.meta().withType(FrameType.TIMESERIES_WIDE));
        }
        Field time = conversion.firstTime(frame);
        List<Field> values = conversion.values(frame);
        conversion.checkSize(steps < 0 ? Integer.MAX_VALUE : Math.min(steps, Integer.MAX_VALUE) + 1, values.size());
        long[] axis = new long[(int) steps + 1];
        for (int i = 0; i < axis.length; i++) {
            axis[i] = first + i * step.toNanos();
        }
        List<Field> fields = new ArrayList<>();
        fields.add(timeField(time, axis));
        int[] rows = new int[frame.rows()];
        Arrays.setAll(rows, row -> row);
        Series shared = Series.of(values.get(0), rows, TimeAxis.times(time), conversion);
        for (Field field : values) {
            Series one = shared.withValue(field);
            fields.add(onto(axis, pointsBefore(axis, step.toNanos(), one), one, conversion.fill()));
        }
        conversion.leaveOut(frame, Conversion::isValue);
        return frame.withFields(fields).withMeta(conversion.meta(frame.meta(), FrameType.TIMESERIES_WIDE));
    }

    static Field timeField(Field like, long[] axis) {
        return new Field(like.name(), FieldType.TIME, false, like.labels(), like.config(), axis, null, 0, axis.length);
    }

    /** For each time, the point of the series at it, or a gap. */
    private static int[] pointsAt(long[] axis, Series series) {
        int[] points = new int[axis.length];
        Arrays.fill(points, Copy.GAP);
        int at = 0;
        for (int point = 0; point < series.times().length; point++) {
            while (axis[at] != series.times()[point]) {
                at++;
            }
            points[at] = point;
        }
        return points;
    }

    /** For each time, the last point in the step before it that is not null, or a gap. */
    private static int[] pointsBefore(long[] axis, long step, Series series) {
        int[] points = new int[axis.length];
        int next = 0;
        int last = Copy.GAP;
        for (int at = 0; at < axis.length; at++) {
            while (next < series.times().length && series.times()[next] <= axis[at]) {
                last = series.isNull(next) ? last : next;
                next++;
            }
            // As unsigned numbers, so that the distance of far times does not overflow.
            boolean near = last != Copy.GAP && Long.compareUnsigned(axis[at] - series.times()[last], step) < 0;
            points[at] = near ? last : Copy.GAP;
        }
        return points;
    }

    private static Field onto(long[] axis, int[] points, Series series, TimeSeries.Fill fill) {
        checkFill(fill, series.value());
        int[] rows = new int[points.length];
        boolean gaps = false;
        for (int i = 0; i < rows.length; i++) {
            gaps |= points[i] == Copy.GAP;
            rows[i] = points[i] == Copy.GAP ? Copy.GAP : series.rows()[points[i]];
        }
        Copy copy = Copy.of(series.value(), rows);
        if (gaps && fill.kind() == TimeSeries.Fill.Kind.VALUE) {
            for (int at = 0; at < points.length; at++) {
                if (points[at] == Copy.GAP) {
                    copy.setNumber(at, fill.constant());
                }
            }
        } else if (gaps && fill.kind() != TimeSeries.Fill.Kind.NULL) {
            fillFromNeighbours(copy, axis, points, series, fill.kind() == TimeSeries.Fill.Kind.LINEAR);
        }
        return copy.build(series.value(), series.value().nullable());
    }

    private static void fillFromNeighbours(Copy copy, long[] axis, int[] points, Series series, boolean linear) {
        long[] times = series.times();
        int before = Copy.GAP;
        int after = 0;
        for (int at = 0; at < points.length; at++) {
            while (after < times.length && (times[after] <= axis[at] || series.isNull(after))) {
                before = series.isNull(after) ? before : after;
                after++;
            }
            if (points[at] != Copy.GAP || before == Copy.GAP) {
                continue;
            }
            if (!linear) {
                copy.set(at, series.value(), series.rows()[before]);
            } else if (after < times.length) {
                double share = distance(times[before], axis[at]) / distance(times[before], times[after]);
                double from = series.number(before);
                copy.setNumber(at, from + (series.number(after) - from) * share);
            }
        }
    }

    /** The distance of two times, taken before it is rounded: today's nanoseconds as a double are up to 128 ns off. */
    private static double distance(long from, long to) {
        long exact = to - from;
        return exact >= 0 ? exact : exact + 0x1p64;
    }

    private static void checkFill(TimeSeries.Fill fill, Field field) {
        FieldType type = field.type();
        if (fill.kind() == TimeSeries.Fill.Kind.LINEAR && !type.isNumeric()) {
            throw new IllegalArgumentException("field '" + field.name() + "' of type " + type.frameName()
                    + " can't be filled with a line between values");
        }
        if (fill.kind() != TimeSeries.Fill.Kind.VALUE) {
            return;
        }
        double value = fill.constant();
        boolean fits = switch (type) {
            case FLOAT64 -> true;
            case FLOAT32 -> !Double.isFinite(value) || Float.isFinite((float) value);
            case BOOL -> value == 0 || value == 1;
            case UINT64 -> value == Math.rint(value) && value >= 0 && value < 0x1p64;
            case INT64 -> value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63;
            default -> value == Math.rint(value) && value >= type.min() && value <= type.max();
        };
        if (!fits) {
            throw new IllegalArgumentException(
                    "field '" + field.name() + "' of type " + type.frameName() + " can't be filled with " + value);
        }
    }

    private static long nanos(String name, Instant time) {
        try {
            return Field.builder(name, FieldType.TIME).appendTime(time).build().getLong(0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " = " + time + " is not in the years 1677 to 2262", e);
        }
    }
}
