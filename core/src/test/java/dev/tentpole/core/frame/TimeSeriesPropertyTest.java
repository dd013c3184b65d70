package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The laws of the conversions, on random series of random types. */
final class TimeSeriesPropertyTest {

    private static final List<FieldType> VALUE_TYPES = List.of(
            FieldType.INT8,
            FieldType.UINT16,
            FieldType.INT32,
            FieldType.UINT64,
            FieldType.FLOAT32,
            FieldType.FLOAT64,
            FieldType.BOOL);

    private static Field time(Random random, int rows) {
        TreeSet<Long> times = new TreeSet<>();
        while (times.size() < rows) {
            times.add((long) random.nextInt(3 * rows));
        }
        return Field.ofTimes("time", times.stream().mapToLong(Long::longValue).toArray())
                .withConfig(FieldConfig.builder().displayName("when").build());
    }

    private static Map<String, String> labels(int i) {
        Map<String, String> labels = new TreeMap<>();
        if ((i & 1) != 0) {
            labels.put("host", "h" + i / 4);
        }
        if ((i & 2) != 0) {
            labels.put("zone", "z" + i / 4);
        }
        labels.put("id", "" + i);
        return labels;
    }

    private static Frame wide(Random random) {
        int rows = 1 + random.nextInt(30);
        Frame.Builder frame = Frame.builder("wide").refId("A").field(time(random, rows));
        for (int i = random.nextInt(6) + 1; i > 0; i--) {
            FieldType type = VALUE_TYPES.get(random.nextInt(VALUE_TYPES.size()));
            frame.field(RandomFrames.field(random, type, rows)
                    .withName("v" + type.frameName())
                    .withLabels(labels(i)));
        }
        return frame.meta(FrameMeta.builder()
                        .type(FrameType.TIMESERIES_WIDE)
                        .custom("[1]")
                        .notice(Notice.info("x"))
                        .build())
                .build();
    }

    @Property
    void wide_to_multi_and_back_loses_nothing(@ForAll long seed) {
        Frame wide = wide(new Random(seed));

        List<Frame> multi = TimeSeries.wideToMulti(wide);

        assertThat(multi).hasSize(wide.fields().size() - 1);
        assertThat(Dataplane.validate(multi)).isEmpty();
        assertThat(TimeSeries.multiToWide(multi)).isEqualTo(wide);
    }

    @Property
    void wide_to_long_and_back_keeps_every_value_that_is_not_null(@ForAll long seed) {
        Frame wide = wide(new Random(seed));

        Frame rows = TimeSeries.wideToLong(wide);
        Frame back = TimeSeries.longToWide(rows);

        assertThat(Dataplane.validate(List.of(rows))).isEmpty();
        assertThat(Dataplane.validate(List.of(back))).isEmpty();
        assertThat(points(back)).isEqualTo(points(wide));
    }

    @Property
    void long_to_wide_and_back_gives_the_same_rows(@ForAll long seed) {
        Frame rows = TimeSeries.wideToLong(wide(new Random(seed)));

        Frame back = TimeSeries.wideToLong(TimeSeries.longToWide(rows));

        assertThat(points(TimeSeries.longToWide(back))).isEqualTo(points(TimeSeries.longToWide(rows)));
        assertThat(back.rows()).isEqualTo(rows.rows());
    }

    @Property
    void the_order_of_rows_does_not_matter_but_for_duplicates(@ForAll long seed) {
        Random random = new Random(seed);
        Frame rows = TimeSeries.wideToLong(wide(random));
        List<Integer> order = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            order.add(row);
        }
        Collections.shuffle(order, random);
        int[] shuffled = order.stream().mapToInt(Integer::intValue).toArray();
        Frame other = rows.withFields(rows.fields().stream()
                .map(field -> Copy.of(field, shuffled).build(field, field.nullable()))
                .toList());

        assertThat(points(TimeSeries.longToWide(other))).isEqualTo(points(TimeSeries.longToWide(rows)));
        assertThat(TimeSeries.longToMulti(other)).hasSameSizeAs(TimeSeries.longToMulti(rows));
    }

    @Property
    void multi_to_wide_keeps_every_point_and_adds_only_nulls(@ForAll long seed) {
        Random random = new Random(seed);
        List<Frame> multi = new ArrayList<>();
        Map<String, Map<Long, Object>> expected = new TreeMap<>();
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            int rows = random.nextInt(20);
            Field value = RandomFrames.field(random, FieldType.FLOAT64, rows)
                    .withName("v")
                    .withLabels(labels(i));
            Frame frame = Frame.of("m", time(random, rows), value);
            multi.add(frame);
            points(frame).forEach((key, points) -> expected.put(key, points));
        }
        byte[][] before = multi.stream().map(FrameJson::toBytes).toArray(byte[][]::new);

        Frame wide = TimeSeries.multiToWide(multi);

        assertThat(points(wide)).isEqualTo(expected);
        assertThat(Dataplane.validate(List.of(wide))).isEmpty();
        assertThat(multi.stream().map(FrameJson::toBytes).toArray(byte[][]::new))
                .isDeepEqualTo(before);
    }

    @Property
    void sorting_is_stable(@ForAll long seed) {
        Random random = new Random(seed);
        int size = random.nextInt(200);
        long[] times = random.longs(size, 0, 20).toArray();
        int[] rows = new int[size];
        Arrays.setAll(rows, i -> i);

        TimeAxis.sort(rows, times);

        for (int i = 1; i < size; i++) {
            long before = times[rows[i - 1]];
            assertThat(before < times[rows[i]] || (before == times[rows[i]] && rows[i - 1] < rows[i]))
                    .isTrue();
        }
    }

    /** The values of each series that are not null, by time. */
    private static Map<String, Map<Long, Object>> points(Frame wide) {
        Map<String, Map<Long, Object>> points = new TreeMap<>();
        // Without rows there are no series, and a frame without fields says so.
        for (Field field : wide.fields()
                .subList(Math.min(1, wide.fields().size()), wide.fields().size())) {
            Map<Long, Object> series = new TreeMap<>();
            for (int row = 0; row < field.size(); row++) {
                Object value = field.get(row);
                if (value != null) {
                    series.put(wide.field(0).getLong(row), value);
                }
            }
            // A series of which every value is null has no rows in the long shape.
            if (!series.isEmpty()) {
                points.put(field.name() + field.labels(), series);
            }
        }
        return points;
    }
}
