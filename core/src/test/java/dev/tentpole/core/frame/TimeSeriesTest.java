package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.core.frame.TimeSeries.Duplicates;
import dev.tentpole.core.frame.TimeSeries.Fill;
import dev.tentpole.core.frame.TimeSeries.Options;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TimeSeriesTest {

    private static final Options STRICT = Options.defaults().withDuplicates(Duplicates.ERROR);

    /** A nullable column of numbers; null stands for null. */
    private static Field numbers(String name, Double... values) {
        FieldBuilder field = Field.builder(name, FieldType.FLOAT64).nullable();
        for (Double value : values) {
            if (value == null) {
                field.appendNull();
            } else {
                field.appendDouble(value);
            }
        }
        return field.build();
    }

    private static List<Object> values(Field field) {
        return Arrays.asList(
                IntStream.range(0, field.size()).mapToObj(field::get).toArray());
    }

    private static Frame load() {
        return Frame.of(
                "load",
                Field.ofTimes("time", 1, 1, 2, 3),
                Field.ofDoubles("cpu", 10, 20, 11, 22),
                Field.ofStrings("host", "a", "b", "a", "b"));
    }

    @Test
    void long_to_wide_makes_a_field_of_each_combination_and_leaves_gaps_null() {
        Frame wide = TimeSeries.longToWide(load());

        assertThat(wide.fields())
                .containsExactly(
                        Field.ofTimes("time", 1, 2, 3),
                        numbers("cpu", 10.0, 11.0, null).withLabels(Map.of("host", "a")),
                        numbers("cpu", 20.0, null, 22.0).withLabels(Map.of("host", "b")));
        assertThat(wide.meta()).isEqualTo(FrameMeta.none().withType(FrameType.TIMESERIES_WIDE));
        assertThat(Dataplane.validate(List.of(wide))).isEmpty();
    }

    @Test
    void rows_may_come_in_any_order() {
        int[] order = {3, 0, 2, 1};
        Frame shuffled = load().withFields(load().fields().stream()
                .map(field -> Copy.of(field, order).build(field, false))
                .toList());

        Frame wide = TimeSeries.longToWide(shuffled);

        assertThat(wide.field(0)).isEqualTo(Field.ofTimes("time", 1, 2, 3));
        assertThat(values(wide.field(1))).containsExactly(20.0, null, 22.0);
        assertThat(values(wide.field(2))).containsExactly(10.0, 11.0, null);
    }

    // What users of the Go SDK suffered from: field config that is dropped, values that were never measured, gaps that
    // become zeros, meta data that is shared and changed, duplicates that disappear.

    @Test
    void long_to_wide_keeps_field_config() {
        FieldConfig config =
                FieldConfig.builder().unit("percent").other("links", "[]").build();
        FieldConfig axis = FieldConfig.builder().interval(Duration.ofSeconds(1)).build();
        Frame input = load();
        Frame frame = input.withFields(
                List.of(input.field(0).withConfig(axis), input.field(1).withConfig(config), input.field(2)));

        Frame wide = TimeSeries.longToWide(frame);

        assertThat(wide.field(0).config()).isEqualTo(axis);
        assertThat(wide.field(1).config()).isEqualTo(config);
        assertThat(wide.field(2).config()).isEqualTo(config);
        assertThat(TimeSeries.wideToLong(wide).field(1).config()).isEqualTo(config);
        assertThat(TimeSeries.multiToWide(TimeSeries.longToMulti(frame))
                        .field(2)
                        .config())
                .isEqualTo(config);
    }

    @Test
    void gaps_are_null_unless_asked_otherwise_and_never_zero() {
        Frame wide = TimeSeries.longToWide(load());

        assertThat(values(wide.field(1))).containsExactly(10.0, 11.0, null);
        assertThat(wide.field(1).nullable()).isTrue();
    }

    @Test
    void a_field_without_gaps_does_not_become_nullable() {
        Frame wide = TimeSeries.longToWide(load().slice(0, 2));

        assertThat(wide.field(1).nullable()).isFalse();
    }

    @Test
    void the_input_and_its_meta_data_stay_as_they_were() {
        FrameMeta meta = FrameMeta.builder()
                .type(FrameType.TIMESERIES_LONG)
                .executedQuery("SELECT")
                .custom("{\"a\":1}")
                .build();
        Frame input = Frame.of(
                        "f",
                        Field.ofTimes("time", 2, 1, 1),
                        Field.ofDoubles("v", 3, 2, 1),
                        Field.builder("doc", FieldType.JSON)
                                .appendJson("1")
                                .appendJson("2")
                                .appendJson("3")
                                .build())
                .withMeta(meta);
        byte[] before = FrameJson.toBytes(input);

        Frame wide = TimeSeries.longToWide(input);

        assertThat(FrameJson.toBytes(input)).isEqualTo(before);
        assertThat(wide.meta().type()).contains(FrameType.TIMESERIES_WIDE);
        assertThat(wide.meta().executedQuery()).contains("SELECT");
        assertThat(wide.meta().custom()).contains("{\"a\":1}");
        assertThat(wide.meta().notices())
                .extracting(Notice::text)
                .anyMatch(text -> text.contains("'doc'"))
                .anyMatch(text -> text.contains("1 point replaced"));
    }

    @Test
    void duplicate_points_are_reported_as_a_notice_or_an_error() {
        Frame frame = Frame.of(
                "f",
                Field.ofTimes("time", 5, 5, 5, 6),
                Field.ofDoubles("v", 1, 2, 3, 4),
                Field.ofStrings("host", "a", "a", "a", "a"));

        Frame wide = TimeSeries.longToWide(frame);

        assertThat(values(wide.field(1))).containsExactly(3.0, 4.0);
        assertThat(wide.meta().notices()).hasSize(1);
        assertThat(wide.meta().notices().get(0).text()).contains("'v'{host=a}", "2 points");
        assertThatThrownBy(() -> TimeSeries.longToWide(frame, STRICT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'v'{host=a}", "1970-01-01T00:00:00.000000005Z");
    }

    @Test
    void duplicate_series_are_merged_with_a_notice_or_are_an_error() {
        Frame one = Frame.of("f", Field.ofTimes("time", 1, 3), Field.ofDoubles("v", 1, 3));
        Frame two = Frame.of("f", Field.ofTimes("time", 2, 3), Field.ofDoubles("v", 2, 33));

        Frame wide = TimeSeries.multiToWide(List.of(one, two));

        assertThat(wide.fields()).containsExactly(Field.ofTimes("time", 1, 2, 3), Field.ofDoubles("v", 1, 2, 33));
        assertThat(wide.meta().notices()).hasSize(2);
        assertThatThrownBy(() -> TimeSeries.multiToWide(List.of(one, two), STRICT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'v'{}");
    }

    @Test
    void series_of_one_name_and_two_types_stay_apart() {
        Frame one = Frame.of("f", Field.ofTimes("time", 1), Field.ofDoubles("v", 1));
        Frame two = Frame.of("f", Field.ofTimes("time", 1), Field.ofLongs("v", 2));

        Frame wide = TimeSeries.multiToWide(List.of(one, two));

        assertThat(wide.fields()).hasSize(3);
        assertThat(wide.meta().notices()).hasSize(1);
        assertThatThrownBy(() -> TimeSeries.wideToLong(wide))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'v'", "float64", "int64");
    }

    @Test
    void a_line_is_drawn_to_the_nanosecond() {
        long today = 1_764_000_000_000_000_000L;
        Frame one = Frame.of("f", Field.ofTimes("time", today + 25), Field.ofDoubles("all", 0));
        Frame two = Frame.of("f", Field.ofTimes("time", today, today + 100), Field.ofDoubles("v", 0, 100));
        assertThat(values(filled(List.of(one, two), Fill.linear()))).containsExactly(0.0, 25.0, 100.0);

        long far = Long.MAX_VALUE;
        Frame three = Frame.of("f", Field.ofTimes("time", 0), Field.ofDoubles("all", 0));
        Frame four = Frame.of("f", Field.ofTimes("time", -far, far), Field.ofDoubles("v", 0, 100));
        assertThat(values(filled(List.of(three, four), Fill.linear()))).containsExactly(0.0, 50.0, 100.0);
    }

    @Test
    void each_fill_puts_its_value_into_gaps_and_leaves_nulls_alone() {
        Frame one = Frame.of("f", Field.ofTimes("time", 10, 20, 30, 40, 60), Field.ofDoubles("all", 0, 0, 0, 0, 0));
        Frame two = Frame.of("f", Field.ofTimes("time", 20, 30, 60), numbers("v", 2.0, null, 6.0));
        List<Frame> frames = List.of(one, two);

        assertThat(values(TimeSeries.multiToWide(frames).field(2))).containsExactly(null, 2.0, null, null, 6.0);
        assertThat(values(filled(frames, Fill.previous()))).containsExactly(null, 2.0, null, 2.0, 6.0);
        assertThat(values(filled(frames, Fill.value(-1)))).containsExactly(-1.0, 2.0, null, -1.0, 6.0);
        assertThat(values(filled(frames, Fill.linear()))).containsExactly(null, 2.0, null, 4.0, 6.0);
    }

    private static Field filled(List<Frame> frames, Fill fill) {
        return TimeSeries.multiToWide(frames, Options.defaults().withFill(fill)).field(2);
    }

    @Test
    void a_fill_that_a_type_can_not_hold_is_refused_by_name() {
        Frame axis = Frame.of("f", Field.ofTimes("time", 1, 2, 3), Field.ofDoubles("axis", 1, 2, 3));
        Field gap = Field.ofTimes("time", 1, 3);
        List<Frame> ints = List.of(axis, Frame.of("f", gap, Field.ofInts("n", 1, 4)));
        List<Frame> flags = List.of(axis, Frame.of("f", gap, Field.ofBooleans("flag", true, true)));

        assertThat(values(filled(ints, Fill.value(7)))).containsExactly(1L, 7L, 4L);
        assertThat(values(filled(ints, Fill.linear()))).containsExactly(1L, 3L, 4L);
        assertThat(values(filled(flags, Fill.value(0)))).containsExactly(true, false, true);
        assertThatThrownBy(() -> filled(ints, Fill.value(0.5))).hasMessageContainingAll("'n'", "int32", "0.5");
        assertThatThrownBy(() -> filled(ints, Fill.value(1e10))).hasMessageContaining("'n'");
        assertThatThrownBy(() -> filled(ints, Fill.value(Double.NaN))).hasMessageContaining("'n'");
        assertThatThrownBy(() -> filled(flags, Fill.value(2))).hasMessageContaining("'flag'");
        assertThatThrownBy(() -> filled(flags, Fill.linear())).hasMessageContaining("'flag'");
    }

    @Test
    void wide_to_long_has_a_row_for_each_time_and_set_of_labels_that_has_a_value() {
        Frame wide = Frame.of(
                "f",
                Field.ofTimes("time", 1, 2),
                numbers("cpu", 1.0, null).withLabels(Map.of("host", "a")),
                numbers("cpu", 2.0, 3.0).withLabels(Map.of("host", "b", "zone", "x")),
                numbers("mem", 9.0, null).withLabels(Map.of("host", "a")));

        Frame rows = TimeSeries.wideToLong(wide);

        assertThat(rows.fields())
                .containsExactly(
                        Field.ofTimes("time", 1, 1, 2),
                        numbers("cpu", 1.0, 2.0, 3.0),
                        numbers("mem", 9.0, null, null),
                        Field.ofStrings("host", "a", "b", "b"),
                        Field.ofStrings("zone", "", "x", "x"));
        assertThat(rows.meta().type()).contains(FrameType.TIMESERIES_LONG);
        assertThat(Dataplane.validate(List.of(rows))).isEmpty();
    }

    @Test
    void wide_to_multi_gives_what_is_said_about_the_data_to_the_first_frame_only() {
        Frame wide = TimeSeries.longToWide(load())
                .withMeta(FrameMeta.builder()
                        .notice(Notice.info("x"))
                        .executedQuery("q")
                        .build());

        List<Frame> multi = TimeSeries.wideToMulti(wide);

        assertThat(multi).hasSize(2);
        assertThat(multi.get(0).meta().notices()).hasSize(1);
        assertThat(multi.get(1).meta()).isEqualTo(FrameMeta.none().withType(FrameType.TIMESERIES_MULTI));
        assertThat(Dataplane.validate(multi)).isEmpty();
        assertThat(TimeSeries.multiToWide(multi).fields()).isEqualTo(wide.fields());
    }

    @Test
    void no_data_stays_no_data() {
        Frame empty = Frame.of("f").withMeta(FrameMeta.none().withType(FrameType.TIMESERIES_LONG));

        assertThat(TimeSeries.longToWide(empty).fields()).isEmpty();
        assertThat(TimeSeries.longToMulti(empty)).hasSize(1);
        assertThat(TimeSeries.wideToLong(empty).fields()).isEmpty();
        assertThat(TimeSeries.wideToMulti(empty)).hasSize(1);
        assertThat(TimeSeries.multiToWide(List.of(empty)).meta().type()).contains(FrameType.TIMESERIES_WIDE);
        Frame noRows = load().slice(0, 0);
        assertThat(TimeSeries.longToWide(noRows).fields()).isEmpty();
        Frame noDimensions = noRows.withFields(noRows.fields().subList(0, 2));
        assertThat(TimeSeries.longToWide(noDimensions).fields()).isEqualTo(noDimensions.fields());
    }

    @Test
    void frames_that_are_no_time_series_are_refused_by_name() {
        Field nullTime = Field.builder("ts", FieldType.TIME)
                .nullable()
                .appendLong(1)
                .appendNull()
                .build();

        assertThatThrownBy(() -> TimeSeries.longToWide(Frame.of("f", Field.ofDoubles("v", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'f'", "time");
        assertThatThrownBy(() -> TimeSeries.wideToLong(Frame.of("f", Field.ofTimes("t", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'f'", "numbers");
        assertThatThrownBy(() -> TimeSeries.wideToMulti(Frame.of("f", nullTime, Field.ofDoubles("v", 1, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'ts'", "row 1");
    }

    @Test
    void a_result_that_would_be_too_large_is_refused_before_it_is_made() {
        assertThatThrownBy(
                        () -> TimeSeries.longToWide(load(), Options.defaults().withMaxValues(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("2 series", "3 rows", "maxValues = 5");
        assertThat(TimeSeries.longToWide(load(), Options.defaults().withMaxValues(6))
                        .rows())
                .isEqualTo(3);
        assertThatThrownBy(() -> TimeSeries.resample(
                        TimeSeries.longToWide(load()),
                        Instant.parse("1700-01-01T00:00:00Z"),
                        Instant.parse("2200-01-01T00:00:00Z"),
                        Duration.ofNanos(1),
                        Fill.nulls()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxValues");
    }

    private static Frame resampled(Fill fill) {
        Frame wide = Frame.of("f", Field.ofTimes("time", 8, 12, 19, 45), numbers("v", 1.0, 2.0, null, 4.0));
        return TimeSeries.resample(
                wide, Instant.ofEpochSecond(0, 10), Instant.ofEpochSecond(0, 55), Duration.ofNanos(10), fill);
    }

    @Test
    void resampling_takes_the_last_value_of_each_step_and_fills_the_rest() {
        Frame wide = resampled(Fill.nulls());

        assertThat(wide.field(0)).isEqualTo(Field.ofTimes("time", 10, 20, 30, 40, 50));
        assertThat(values(wide.field(1))).containsExactly(1.0, 2.0, null, null, 4.0);
        assertThat(values(resampled(Fill.previous()).field(1))).containsExactly(1.0, 2.0, 2.0, 2.0, 4.0);
        assertThat(values(resampled(Fill.value(0)).field(1))).containsExactly(1.0, 2.0, 0.0, 0.0, 4.0);
        // From 2 at 12 to 4 at 45.
        assertThat(values(resampled(Fill.linear()).field(1)))
                .containsExactly(1.0, 2.0, 2 + 2 * 18 / 33.0, 2 + 2 * 28 / 33.0, 4.0);
    }

    @Test
    void resampling_refuses_bounds_by_name() {
        Frame wide = TimeSeries.longToWide(load());
        Instant now = Instant.EPOCH;

        assertThatThrownBy(() -> TimeSeries.resample(wide, now, now.minusNanos(1), Duration.ofNanos(1), Fill.nulls()))
                .hasMessageContaining("to = ");
        assertThatThrownBy(() -> TimeSeries.resample(wide, now, now, Duration.ZERO, Fill.nulls()))
                .hasMessageContaining("step = PT0S");
        assertThatThrownBy(() -> TimeSeries.resample(wide, Instant.MIN, now, Duration.ofDays(1), Fill.nulls()))
                .hasMessageContaining("from = ");
    }

    @Test
    void resampling_works_from_the_first_to_the_last_time_there_is() {
        Frame wide = Frame.of("f", Field.ofTimes("time", Long.MIN_VALUE, Long.MAX_VALUE), Field.ofDoubles("v", 1, 3));

        Frame ends = TimeSeries.resample(
                wide,
                wide.field(0).getTime(0),
                wide.field(0).getTime(1),
                Duration.ofNanos(Long.MAX_VALUE),
                Fill.linear());

        assertThat(ends.rows()).isEqualTo(3);
        assertThat(values(ends.field(1))).containsExactly(1.0, 2.0, 3.0);
    }
}
