package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

final class RestFramesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void columns_are_inferred_from_all_rows() {
        Frame frame = frame(
                "[{\"i\":1,\"n\":1,\"s\":\"x\",\"b\":true,\"j\":{\"a\":1},\"m\":1},"
                        + "{\"i\":2,\"n\":1.5,\"late\":null,\"m\":\"two\"},{\"late\":7}]",
                RestModel.Parameters.NONE);
        assertThat(frame.fields()).extracting(Field::name).containsExactly("i", "n", "s", "b", "j", "m", "late");
        assertThat(frame.fields())
                .extracting(Field::type)
                .containsExactly(
                        FieldType.INT64,
                        FieldType.FLOAT64,
                        FieldType.STRING,
                        FieldType.BOOL,
                        FieldType.JSON,
                        FieldType.JSON,
                        FieldType.INT64);
        assertThat(frame.rows()).isEqualTo(3);
        assertThat(frame.field(0).isNull(2)).isTrue();
        assertThat(frame.field(1).getDouble(1)).isEqualTo(1.5);
        assertThat(frame.field(4).getJson(0)).isEqualTo("{\"a\":1}");
        assertThat(frame.field(6).getLong(2)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"iso | \"0001-01-01T00:00:00Z\"", "iso | {\"a\":1}", "iso | [1]", "epoch_s | 1e300"})
    void a_time_that_a_frame_can_not_hold_is_null(String format, String value) {
        Frame frame = frame("[{\"t\":" + value + "}]", column("t", null, "time", format));
        assertThat(frame.field(0).isNull(0)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epoch_s             | 1767225600.5           | 2026-01-01T00:00:00.5Z",
                "epoch_ms            | 1767225600500          | 2026-01-01T00:00:00.5Z",
                "                    | \"1767225600500\"      | 2026-01-01T00:00:00.5Z",
                "epoch_ns            | 1767225600500000001    | 2026-01-01T00:00:00.500000001Z",
                "iso                 | \"2026-01-01T02:00:00+02:00\" | 2026-01-01T00:00:00Z",
                "iso                 | \"2026-01-01T00:00:00\" | 2026-01-01T00:00:00Z",
                "dd.MM.uuuu HH:mm    | \"01.02.2026 03:04\"   | 2026-02-01T03:04:00Z",
                "uuuu-MM-dd          | \"2026-02-01\"         | 2026-02-01T00:00:00Z",
            })
    void times_are_read_in_the_format_that_is_given(String format, String value, Instant expected) {
        Frame frame = frame("[{\"t\":" + value + "}]", column("t", null, "time", format));
        assertThat(frame.field(0).getTime(0)).isEqualTo(expected);
    }

    @Test
    void a_value_that_does_not_fit_its_column_is_null() {
        assertNull("\"soon\"", "time", "iso");
        assertNull("1e999999999", "time", "epoch_s");
        assertNull("99999999999999999999999", "integer", null);
        assertNull("1e999999999", "number", null);
        assertNull("\"many\"", "number", null);
        assertNull("1", "boolean", null);
        assertNull("null", "string", null);
    }

    @Test
    void rows_and_columns_are_found_by_pointer() {
        Frame frame = frame(
                "{\"data\":{\"items\":[{\"a\":{\"b\":[10,20]}},{\"a\":{}}]}}",
                new RestModel.Parameters(
                        null,
                        null,
                        null,
                        "/data/items",
                        List.of(new RestModel.Column("second", "/a/b/1", "number", null, "bytes"))));
        assertThat(frame.rows()).isEqualTo(2);
        assertThat(frame.field(0).getDouble(0)).isEqualTo(20);
        assertThat(frame.field(0).isNull(1)).isTrue();
        assertThat(frame.field(0).config().unit()).contains("bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/missing | /a | number | there are no rows at \"/missing\"",
                "items    | /a | number | rows is not a JSON Pointer",
                "/items   | a  | number | the path of the column x is not a JSON Pointer",
                "/items   | /a | float  | the column \"x\" has an unknown type",
            })
    void what_is_asked_wrongly_is_refused_in_words(String rows, String path, String type, String message) {
        RestModel.Parameters how = new RestModel.Parameters(
                null, null, null, rows, List.of(new RestModel.Column("x", path, type, null, null)));
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> frame("{\"items\":[{\"a\":1}]}", how))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .withMessageContaining(message);
    }

    private static void assertNull(String value, String type, String timeFormat) {
        assertThat(frame("[{\"v\":" + value + "}]", column("v", null, type, timeFormat))
                        .field(0)
                        .isNull(0))
                .as(value)
                .isTrue();
    }

    private static RestModel.Parameters column(String name, String path, String type, String timeFormat) {
        return new RestModel.Parameters(
                null, null, null, null, List.of(new RestModel.Column(name, path, type, timeFormat, null)));
    }

    private static Frame frame(String json, RestModel.Parameters how) {
        return RestFrames.of(JSON.readTree(json), how);
    }
}
