package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Series as a frame each. */
final class MultiFrames {

    private MultiFrames() {}

    /** A frame for each series; one without fields if there is none. */
    static List<Frame> of(Frame like, Field time, List<Series> series, Conversion conversion) {
        List<Frame> frames = new ArrayList<>();
        for (Series one : series) {
            Field value = Copy.of(one.value(), one.rows())
                    .build(one.value(), one.value().nullable());
            frames.add(like.withFields(List.of(Join.timeField(time, one.times()), value)));
        }
        return withMeta(like, frames, conversion);
    }

    static List<Frame> ofWide(Frame wide, Conversion conversion) {
        List<Frame> frames = new ArrayList<>();
        if (!wide.fields().isEmpty()) {
            Field time = conversion.firstTime(wide);
            for (Field field : conversion.values(wide)) {
                frames.add(wide.withFields(List.of(time, field)));
            }
            conversion.leaveOut(wide, Conversion::isValue);
        }
        return withMeta(wide, frames, conversion);
    }

    /** What is said about the data goes with the first frame: with each of them it would be shown many times. */
    private static List<Frame> withMeta(Frame like, List<Frame> frames, Conversion conversion) {
        FrameMeta meta = conversion.meta(like.meta(), FrameType.TIMESERIES_MULTI);
        if (frames.isEmpty()) {
            return List.of(like.withFields(List.of()).withMeta(meta));
        }
        FrameMeta plain = FrameMeta.builder().type(FrameType.TIMESERIES_MULTI).build();
        frames.replaceAll(frame -> frame.withMeta(plain));
        frames.set(0, frames.get(0).withMeta(meta));
        return List.copyOf(frames);
    }

    static Frame toWide(List<Frame> frames, Conversion conversion) {
        if (frames.isEmpty()) {
            throw new IllegalArgumentException("no frames, not even one that stands for no data");
        }
        Map<Identity, Part> parts = new LinkedHashMap<>();
        Field firstTime = null;
        for (Frame frame : frames) {
            if (frame.fields().isEmpty()) {
                continue;
            }
            Field time = conversion.firstTime(frame);
            firstTime = firstTime == null ? time : firstTime;
            long[] times = TimeAxis.times(time);
            for (Field field : conversion.values(frame)) {
                add(parts, new Part(field, times), conversion);
            }
            conversion.leaveOut(frame, Conversion::isValue);
        }
        Frame like = withAllNotices(frames);
        return firstTime == null
                ? like.withMeta(conversion.meta(like.meta(), FrameType.TIMESERIES_WIDE))
                : Join.wide(like, firstTime, series(parts.values(), conversion), conversion);
    }

    private record Identity(String name, Map<String, String> labels, FieldType type) {}

    // The times are shared among the fields of one frame and never written to.
    @SuppressWarnings("ArrayRecordComponent")
    private record Part(Field value, long[] times) {}

    private static void add(Map<Identity, Part> parts, Part part, Conversion conversion) {
        Field value = part.value();
        Identity identity = new Identity(value.name(), value.labels(), value.type());
        Part before = parts.get(identity);
        if (before == null) {
            parts.put(identity, part);
            return;
        }
        conversion.duplicateSeries(value);
        long[] times = Arrays.copyOf(before.times(), before.times().length + part.times().length);
        System.arraycopy(part.times(), 0, times, before.times().length, part.times().length);
        parts.put(identity, new Part(Copy.concat(before.value(), value), times));
    }

    private static List<Series> series(Iterable<Part> parts, Conversion conversion) {
        List<Series> series = new ArrayList<>();
        long @Nullable [] lastTimes = null;
        @Nullable Series last = null;
        for (Part part : parts) {
            // The fields of one frame share their times, and so do their series.
            if (last != null && lastTimes == part.times()) {
                last = last.withValue(part.value());
            } else {
                int[] rows = new int[part.times().length];
                Arrays.setAll(rows, row -> row);
                last = Series.of(part.value(), rows, part.times(), conversion);
            }
            lastTimes = part.times();
            series.add(last);
        }
        return series;
    }

    private static Frame withAllNotices(List<Frame> frames) {
        Frame first = frames.get(0);
        FrameMeta.Builder meta = first.meta().toBuilder();
        for (Frame frame : frames.subList(1, frames.size())) {
            frame.meta().notices().forEach(meta::notice);
        }
        return first.withFields(List.of()).withMeta(meta.build());
    }
}
