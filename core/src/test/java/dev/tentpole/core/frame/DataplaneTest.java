package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.core.frame.Dataplane.Rule;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** One frame for each rule that it breaks, and nothing else. */
final class DataplaneTest {

    private static final Set<Rule> BROKEN = EnumSet.noneOf(Rule.class);
    private static final Field TIME = Field.ofTimes("time", 1, 2);
    private static final Field VALUE = Field.ofDoubles("value", 1, 2);
    private static final Field HOST = Field.ofStrings("host", "a", "b");
    private static final Field ONE = Field.ofDoubles("value", 1);

    private static Frame frame(FrameType type, Field... fields) {
        return Frame.of("f", fields).withMeta(FrameMeta.none().withType(type));
    }

    private static void assertBreaks(Rule rule, String about, Frame... frames) {
        BROKEN.add(rule);
        List<Dataplane.Violation> violations = Dataplane.validate(Arrays.asList(frames));
        assertThat(violations).extracting(Dataplane.Violation::rule).containsExactly(rule);
        assertThat(violations.get(0).message()).startsWith(rule.text()).contains(about);
    }

    private static void assertKeeps(Frame... frames) {
        assertThat(Dataplane.validate(Arrays.asList(frames))).isEmpty();
    }

    @AfterAll
    static void every_rule_was_broken() {
        assertThat(BROKEN).containsExactlyInAnyOrder(Rule.values());
    }

    @Test
    void frames_that_keep_the_contract_break_nothing() {
        assertKeeps(frame(FrameType.TIMESERIES_WIDE, TIME, VALUE, VALUE.withLabels(Map.of("a", "b")), HOST));
        assertKeeps(frame(FrameType.TIMESERIES_LONG, Field.ofTimes("time", 1, 1), VALUE, HOST));
        assertKeeps(
                frame(FrameType.TIMESERIES_MULTI, TIME, VALUE),
                frame(FrameType.TIMESERIES_MULTI, TIME, VALUE.withName("other"), VALUE));
        assertKeeps(frame(FrameType.NUMERIC_WIDE, ONE, ONE.withLabels(Map.of("a", "b"))));
        assertKeeps(frame(FrameType.NUMERIC_LONG, VALUE, HOST));
        assertKeeps(frame(FrameType.NUMERIC_MULTI, ONE), frame(FrameType.NUMERIC_MULTI, ONE.withName("x")));
        assertKeeps(frame(FrameType.TIMESERIES_WIDE));
        assertKeeps();
    }

    @Test
    void frames_that_promise_nothing_are_not_checked() {
        Frame broken = Frame.of("f", HOST);
        assertKeeps(broken, broken.withMeta(FrameMeta.none().withType(FrameType.TABLE)));
        assertKeeps(broken.withMeta(FrameMeta.builder()
                .type(FrameType.TIMESERIES_WIDE)
                .typeVersion(new FrameMeta.TypeVersion(0, 0))
                .build()));
        assertKeeps(frame(FrameType.NUMERIC_WIDE, ONE), broken);
    }

    @Test
    void versions_are_compared_by_their_first_number_first() {
        assertThat(new FrameMeta.TypeVersion(1, 0)).isGreaterThan(new FrameMeta.TypeVersion(0, 1));
        assertThat(new FrameMeta.TypeVersion(0, 1)).isGreaterThan(new FrameMeta.TypeVersion(0, 0));
    }

    @Test
    void one_type() {
        assertBreaks(
                Rule.ONE_TYPE,
                "numeric-wide beside timeseries-wide",
                frame(FrameType.TIMESERIES_WIDE, TIME, VALUE),
                frame(FrameType.NUMERIC_WIDE, ONE));
    }

    @Test
    void no_data_alone() {
        assertBreaks(
                Rule.NO_DATA_ALONE,
                "2 frames",
                frame(FrameType.TIMESERIES_MULTI, TIME, VALUE),
                frame(FrameType.TIMESERIES_MULTI));
    }

    @Test
    void one_frame() {
        assertBreaks(
                Rule.ONE_FRAME,
                "timeseries-wide",
                frame(FrameType.TIMESERIES_WIDE, TIME, VALUE),
                frame(FrameType.TIMESERIES_WIDE, TIME, VALUE.withName("other")));
    }

    @Test
    void time_field() {
        assertBreaks(Rule.TIME_FIELD, "no field of type time", frame(FrameType.TIMESERIES_LONG, VALUE, HOST));
    }

    @Test
    void time_not_null() {
        Field time = Field.builder("ts", FieldType.TIME)
                .nullable()
                .appendLong(1)
                .appendNull()
                .build();
        assertBreaks(Rule.TIME_NOT_NULL, "'ts'", frame(FrameType.TIMESERIES_WIDE, time, VALUE));
    }

    @Test
    void time_sorted() {
        assertBreaks(
                Rule.TIME_SORTED, "row 1", frame(FrameType.TIMESERIES_LONG, Field.ofTimes("ts", 2, 1), VALUE, HOST));
    }

    @Test
    void time_unique() {
        assertBreaks(Rule.TIME_UNIQUE, "'ts'", frame(FrameType.TIMESERIES_WIDE, Field.ofTimes("ts", 1, 1), VALUE));
        assertBreaks(
                Rule.TIME_UNIQUE,
                "rows 0 and 1",
                frame(FrameType.TIMESERIES_LONG, Field.ofTimes("ts", 1, 1), VALUE, Field.ofStrings("host", "a", "a")));
    }

    @Test
    void value_field() {
        assertBreaks(Rule.VALUE_FIELD, "none", frame(FrameType.TIMESERIES_WIDE, TIME, HOST));
        assertBreaks(Rule.VALUE_FIELD, "none", frame(FrameType.NUMERIC_LONG, HOST));
    }

    @Test
    void unique_items() {
        assertBreaks(
                Rule.UNIQUE_ITEMS,
                "'value'{a=b}",
                frame(
                        FrameType.TIMESERIES_WIDE,
                        TIME,
                        VALUE.withLabels(Map.of("a", "b")),
                        VALUE.withLabels(Map.of("a", "b"))));
        assertBreaks(
                Rule.UNIQUE_ITEMS, "'value'", frame(FrameType.NUMERIC_MULTI, ONE), frame(FrameType.NUMERIC_MULTI, ONE));
        assertBreaks(
                Rule.UNIQUE_ITEMS, "rows 0 and 1", frame(FrameType.NUMERIC_LONG, VALUE, Field.ofStrings("x", "", "")));
        assertBreaks(Rule.UNIQUE_ITEMS, "two fields 'value'", frame(FrameType.TIMESERIES_LONG, TIME, VALUE, VALUE));
    }

    @Test
    void one_row() {
        assertBreaks(Rule.ONE_ROW, "2 rows", frame(FrameType.NUMERIC_WIDE, VALUE));
    }

    private static Frame logs(Field... fields) {
        return Frame.of("logs", fields)
                .withMeta(FrameMeta.builder()
                        .type(FrameType.LOG_LINES)
                        .preferredVisualisation("logs")
                        .build());
    }

    @Test
    void log_lines() {
        Field time = TIME.withName("timestamp");
        Field body = HOST.withName("body");
        assertKeeps(logs(time, body, HOST.withName("severity"), HOST.withName("id")));
        assertBreaks(Rule.LOG_TIMESTAMP, "none", logs(TIME, body));
        assertBreaks(Rule.LOG_TIMESTAMP, "string", logs(HOST.withName("timestamp"), body));
        assertBreaks(Rule.LOG_BODY, "none", logs(time, HOST));
        assertBreaks(
                Rule.LOG_BODY,
                "nulls",
                logs(
                        time.slice(0, 1),
                        Field.builder("body", FieldType.STRING)
                                .nullable()
                                .appendNull()
                                .build()));
        assertBreaks(Rule.LOG_FIELD_TYPE, "'labels'", logs(time, body, HOST.withName("labels")));
        assertBreaks(Rule.LOG_VISUALISATION, "none is set", frame(FrameType.LOG_LINES, time, body));
    }
}
