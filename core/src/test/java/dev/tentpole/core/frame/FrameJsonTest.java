package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameJsonTest {

    private static Frame read(String json) {
        return FrameJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame of one column. */
    private static String column(String frameType, boolean nullable, String dataMembers) {
        return "{\"schema\":{\"fields\":[{\"name\":\"x\",\"typeInfo\":{\"frame\":\"" + frameType + "\",\"nullable\":"
                + nullable + "}}]},\"data\":{" + dataMembers + "}}";
    }

    @Test
    void a_frame_is_written_as_schema_and_data() {
        Field time = Field.ofTimes("time", 1_700_000_000_000_000_000L, 1_700_000_060_000_000_001L, -1);
        Field load = Field.ofDoubles("load", 0.5, Double.NaN, -0.0).withLabels(Map.of("host", "a"));
        Frame frame = Frame.of("load", time, load).withRefId("A");

        assertThat(FrameJson.toString(frame))
                .isEqualTo("{\"schema\":{\"name\":\"load\",\"refId\":\"A\",\"fields\":["
                        + "{\"name\":\"time\",\"type\":\"time\",\"typeInfo\":{\"frame\":\"time.Time\"}},"
                        + "{\"name\":\"load\",\"type\":\"number\",\"typeInfo\":{\"frame\":\"float64\"},"
                        + "\"labels\":{\"host\":\"a\"}}]},"
                        + "\"data\":{\"values\":[[1700000000000,1700000060000,-1],[0.5,null,-0]],"
                        + "\"entities\":[null,{\"NaN\":[1]}],\"nanos\":[[0,1,999999],null]}}");
    }

    @Test
    void the_empty_frame_is_a_schema_without_fields() {
        assertThat(FrameJson.toString(Frame.of(""))).isEqualTo("{\"schema\":{\"fields\":[]},\"data\":{\"values\":[]}}");
        assertThat(read("{\"schema\":{\"fields\":[]},\"data\":{\"values\":[]}}"))
                .isEqualTo(Frame.of(""));
        assertThat(read("{\"schema\":{}}")).isEqualTo(Frame.of(""));
        assertThat(read("{\"schema\":{\"name\":null,\"refId\":null,\"meta\":null,\"fields\":null},\"data\":null}"))
                .isEqualTo(Frame.of(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"values\":[]", "\"values\":null", "\"values\":[[]]", "\"values\":[[]],\"nanos\":[[]]"})
    void columns_without_values_have_no_rows(String data) {
        Frame frame = read(column("float64", false, data));

        assertThat(frame.fields()).containsExactly(Field.ofDoubles("x"));
    }

    @Test
    void nanos_may_come_before_values_and_entities_too() {
        Frame times = read(column("time.Time", false, "\"nanos\":[[1,2,3]],\"values\":[[10,20,30]]"));
        Frame floats = read(
                column("float64", true, "\"entities\":[{\"Inf\":[2],\"NaN\":[1]}],\"values\":[[1,null,null,null]]"));

        assertThat(times.field(0)).isEqualTo(Field.ofTimes("x", 10_000_001, 20_000_002, 30_000_003));
        assertThat(floats.field(0).getDouble(1)).isNaN();
        assertThat(floats.field(0).getDouble(2)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(floats.field(0).isNull(3)).isTrue();
    }

    @Test
    void a_null_time_is_null_whatever_its_nanos() {
        Field expected = Field.builder("x", FieldType.TIME)
                .nullable()
                .appendNull()
                .appendLong(7)
                .build();

        assertThat(read(column("time.Time", true, "\"values\":[[null,0]],\"nanos\":[[5,7]]"))
                        .field(0))
                .isEqualTo(expected);
        assertThat(read(column("time.Time", true, "\"values\":[[null,0]],\"nanos\":[[null,7]]"))
                        .field(0))
                .isEqualTo(expected);
    }

    @Test
    void times_keep_their_digits_where_the_leading_ones_change() {
        FieldBuilder builder = Field.builder("x", FieldType.TIME);
        for (long around : new long[] {0, 100_000_000, 99_900_000_000L, 1_700_000_000_000L, 9_223_372_000_000L}) {
            for (long millis :
                    new long[] {-100_000_001, -100_000_000, -1, 0, 1, 99_999_999, 100_000_000, 100_000_001}) {
                builder.appendLong((around + millis) * 1_000_000).appendLong((millis - around) * 1_000_000);
            }
        }
        Frame frame = Frame.of("f", builder.build());

        assertThat(FrameJson.read(FrameJson.toBytes(frame))).isEqualTo(frame);
    }

    @Test
    void data_may_come_before_the_schema() {
        Frame frame = read(
                "{\"data\":{\"values\":[[\"a]}\\\"\",\"b\"]]},\"more\":[{}],"
                        + "\"schema\":{\"fields\":[{\"name\":\"x\",\"type\":\"string\",\"typeInfo\":{\"frame\":\"string\"}}]}}");

        assertThat(frame.field(0)).isEqualTo(Field.ofStrings("x", "a]}\"", "b"));
    }

    @Test
    void unsigned_integers_may_be_strings_and_are_exact() {
        Field field = read(column(
                        "uint64", false, "\"values\":[[\"18446744073709551615\",18446744073709551615,\"0\"]]"))
                .field(0);

        assertThat(field.getLong(0)).isEqualTo(-1);
        assertThat(field.getLong(1)).isEqualTo(-1);
        assertThat(field.getLong(2)).isZero();
    }

    @Test
    void a_field_without_type_info_takes_the_widest_type_of_its_kind() {
        Frame frame = read("{\"schema\":{\"fields\":[{\"name\":\"t\",\"type\":\"time\"},{\"type\":\"number\"},"
                + "{\"type\":\"string\"},{\"type\":\"boolean\"},{\"type\":\"other\"},{\"type\":\"enum\"}]},"
                + "\"data\":{\"values\":[[1,null],[1.5,null],[\"\",null],[true,null],[[1],null],[3,null]]}}");

        assertThat(frame.fields())
                .extracting(Field::type)
                .containsExactly(
                        FieldType.TIME,
                        FieldType.FLOAT64,
                        FieldType.STRING,
                        FieldType.BOOL,
                        FieldType.JSON,
                        FieldType.ENUM);
        assertThat(frame.fields()).allMatch(field -> field.isNull(1) && !field.isNull(0));
    }

    @Test
    void unknown_keys_of_meta_and_config_are_kept_and_known_ones_of_another_kind_too() {
        String json = "{\"schema\":{\"meta\":{\"type\":\"of-tomorrow\",\"typeVersion\":[1,2],"
                + "\"notices\":[{\"severity\":\"fatal\",\"text\":\"x\"}],\"path\":\"/a\",\"channel\":5},"
                + "\"fields\":[{\"name\":\"x\",\"type\":\"number\",\"typeInfo\":{\"frame\":\"float64\"},"
                + "\"config\":{\"unit\":\"ms\",\"decimals\":\"2\",\"min\":null,\"interval\":0.1,"
                + "\"thresholds\":{\"steps\":[1,2.50]},\"custom\":{}}}]},\"data\":{\"values\":[[]]}}";
        Frame frame = read(json);

        assertThat(frame.meta().type()).isEmpty();
        assertThat(frame.meta().typeId()).contains("of-tomorrow");
        assertThat(frame.meta().notices()).isEmpty();
        assertThat(frame.field(0).config().unit()).contains("ms");
        assertThat(frame.field(0).config().min().getAsDouble()).isNaN();
        assertThat(frame.field(0).config().max()).isEmpty();
        assertThat(frame.field(0).config().interval()).contains(Duration.ofNanos(100_000));
        assertThat(frame.field(0).config().other()).containsEntry("thresholds", "{\"steps\":[1,2.50]}");
        CorpusTest.assertSameJson(FrameJson.toBytes(frame), json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_setter_replaces_what_was_kept_of_its_key_and_the_other_way_round() {
        FieldConfig config = FieldConfig.builder()
                .other("unit", "5")
                .unit("ms")
                .decimals(2)
                .other("decimals", "\"two\"")
                .other("displayName", "\"CPU\"")
                .build();
        FrameMeta meta = FrameMeta.builder()
                .other("notices", "[{\"new\":true}]")
                .notice(Notice.info("x"))
                .channel("a/b")
                .other("channel", "[]")
                .build();

        assertThat(config.toString())
                .isEqualTo("FieldConfig{\"displayName\":\"CPU\",\"unit\":\"ms\",\"decimals\":\"two\"}");
        assertThat(meta.toString())
                .isEqualTo("FrameMeta{\"notices\":[{\"severity\":\"info\",\"text\":\"x\"}],\"channel\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "float64  | [1,2,]             | /data/values/0/2 | expected a number",
                "float64  | [1,02]             | /data/values/0/1 | leading zero",
                "float64  | [1,.5]             | /data/values/0/1 | expected a number",
                "float64  | [1,5.]             | /data/values/0/1 | digits after the point",
                "float64  | [1,5e]             | /data/values/0/1 | exponent",
                "float64  | [1,-]              | /data/values/0/1 | expected a number",
                "float64  | [1,1e999]          | /data/values/0/1 | too large",
                "float64  | [1,NaN]            | /data/values/0/1 | expected a number",
                "float64  | [1,nul]            | /data/values/0/1 | expected null",
                "float64  | [1,null]           | /data/values/0   | not nullable",
                "float64  | [1 2]              | /data/values/0/0 | expected ','",
                "float64  | {}                 | /data/values/0   | expected '['",
                "float32  | [1e39]             | /data/values/0/0 | too large for a 32-bit",
                "int8     | [1,2,128]          | /data/values/0/2 | -128..127",
                "uint8    | [-1]               | /data/values/0/0 | 0..255",
                "int64    | [9223372036854775808]  | /data/values/0/0 | range of 64-bit",
                "int64    | [-9223372036854775809] | /data/values/0/0 | range of 64-bit",
                "int64    | [123456789012345678901234567890] | /data/values/0/0 | range of 64-bit",
                "int64    | [1.0]              | /data/values/0/0 | fraction",
                "int64    | [null]             | /data/values/0/0 | not nullable",
                "uint64   | [18446744073709551616] | /data/values/0/0 | range of 64-bit",
                "uint64   | [\"1]              | /data/values/0/0 | expected '\"'",
                "time.Time| [9223372036855]    | /data/values/0/0 | 1677 to 2262",
                "time.Time| [-9223372036855]   | /data/values/0/0 | 1677 to 2262",
                "bool     | [true,1]           | /data/values/0/1 | expected false",
                "string   | [\"a\",5]          | /data/values/0/1 | expected '\"'",
                "string   | [\"a\\x\"]         | /data/values/0/0 | unknown escape",
                "string   | [\"\\u12G4\"]      | /data/values/0/0 | hexadecimal",
                "enum     | [65536]            | /data/values/0/0 | 0..65535",
                "json.RawMessage | [{]         | /data/values/0/0 | not JSON",
                "json.RawMessage | [[1,]]      | /data/values/0/0 | not JSON",
                "complex  | [1]                | /schema/fields/0/typeInfo | unknown type 'complex'"
            })
    void malformed_values_are_refused_with_their_place(String type, String values, String path, String problem) {
        String json = column(type, false, "\"values\":[" + values + "]");

        FrameFormatException e = catchThrowableOfType(FrameFormatException.class, () -> read(json));

        assertThat(e).isNotNull();
        assertThat(e.path()).isEqualTo(path);
        assertThat(e).hasMessageContaining(problem).hasMessageContaining("byte " + e.offset());
        assertThat(e.offset()).isBetween(0L, (long) json.length());
    }

    /** In the middle of a long array, where the fast loops work. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "02",
                "-02",
                "00",
                "00.5",
                "-",
                "--1",
                "+1",
                ".5",
                "-.5",
                "5.",
                "5.x",
                "1.2.3",
                "1e",
                "1e+",
                "1x",
                "0x1",
                "1:",
                "1234567:",
                "1.234567:",
                "1 2",
                "NaN",
                "1e999",
                "\"1",
                ""
            })
    void malformed_numbers_are_refused_inside_of_long_arrays(String number) {
        for (String type : new String[] {"float64", "float32", "int64", "time.Time", "uint64", "int32"}) {
            String json = column(type, false, "\"values\":[[1,22," + number + ",3" + ",4".repeat(50) + "]]");

            FrameFormatException e = catchThrowableOfType(FrameFormatException.class, () -> read(json));

            assertThat(e).as(type).isNotNull();
            assertThat(e.path()).isIn("/data/values/0/2", "/data/values/0/3");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "123456789012345678901234"
            })
    void integers_out_of_range_are_refused_inside_of_long_arrays(String number) {
        String json = column("int64", false, "\"values\":[[1,22," + number + ",3" + ",4".repeat(50) + "]]");

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FrameFormatException.class)
                .hasMessageContainingAll("/data/values/0/2", "range of 64-bit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "float64   | \"values\":[[1],[2]]                                   | more columns",
                "float64   | \"values\":[[1]],\"values\":[[1]]                      | a second 'values'",
                "float64   | \"values\":[[1]],\"entities\":[{\"NaN\":[0]}]          | is not null",
                "float64   | \"values\":[[null]],\"entities\":[{\"NaN\":[1]}]       | is not null",
                "float64   | \"values\":[[null]],\"entities\":[{\"NaN\":[0],\"Inf\":[0]}] | is not null",
                "float64   | \"values\":[[null]],\"entities\":[{\"Nan\":[0]}]       | expected NaN",
                "float64   | \"values\":[[null]],\"entities\":[null,{\"NaN\":[0]}]  | more entities",
                "float64   | \"values\":[[1]],\"nanos\":[[5]]                       | not of type time",
                "time.Time | \"values\":[[1,2]],\"nanos\":[[5]]                     | 1 nanos for 2 values",
                "time.Time | \"values\":[[1]],\"nanos\":[[1000000]]                 | 0..999999",
                "time.Time | \"values\":[[9223372036854]],\"nanos\":[[775808]]      | 1677 to 2262",
                "string    | \"values\":[[\"\"]],\"entities\":[{\"NaN\":[0]}]       | is not null"
            })
    void parts_that_do_not_fit_together_are_refused(String type, String data, String problem) {
        assertThatThrownBy(() -> read(column(type, false, data)))
                .isInstanceOf(FrameFormatException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "null",
                "{}",
                "{\"schema\":{}",
                "{\"schema\":{}}}",
                "{\"schema\":{}} {}",
                "{\"schema\":[]}",
                "{\"schema\":{},\"schema\":{}}",
                "{\"schema\":{\"fields\":{}}}",
                "{\"schema\":{\"fields\":[5]}}",
                "{\"schema\":{\"fields\":[{}]}}",
                "{\"schema\":{\"name\":5}}",
                "{\"schema\":{\"meta\":[]}}",
                "{\"schema\":{\"fields\":[{\"type\":\"time\",\"labels\":{\"a\":1}}]}}",
                "{\"schema\":{},\"data\":[]}",
                "{\"schema\":{},\"data\":{\"values\":[[]]}}",
                "{\"schema\":{},\"x\":[1,]}",
                "{\"schema\":{},\"x\":tru}",
                "{\"schema\":{},\"x\":}",
                "{\"schema\":{},\"x\"}",
                "{\"schema\":{},}",
                "{\"schema\":{} \"data\":{}}",
                "{\"sch\u00e9ma\":{}}"
            })
    void what_is_no_frame_is_refused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(FrameFormatException.class);
    }

    @Test
    void columns_of_different_length_are_refused_by_name() {
        String json =
                "{\"schema\":{\"fields\":[{\"name\":\"t\",\"type\":\"time\"},{\"name\":\"load\",\"type\":\"number\"}]},"
                        + "\"data\":{\"values\":[[1,2],[1]]}}";

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FrameFormatException.class)
                .hasMessageContainingAll("/data/values/1", "'load'", "1 rows", "'t'", "2");
        assertThatThrownBy(() -> read(json.replace(",[1]]", "]")))
                .isInstanceOf(FrameFormatException.class)
                .hasMessageContaining("fewer columns");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused_and_the_replacement_character_is_not() {
        byte[] json = column("string", false, "\"values\":[[\"é\uFFFD\"]]").getBytes(StandardCharsets.UTF_8);
        assertThat(FrameJson.read(json).field(0).getString(0)).isEqualTo("é\uFFFD");

        int at = new String(json, StandardCharsets.ISO_8859_1).indexOf('\u00c3');
        json[at + 1] = 'x';
        assertThatThrownBy(() -> FrameJson.read(json))
                .isInstanceOf(FrameFormatException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void limits_are_named_when_they_are_passed() {
        String json = column("float64", false, "\"values\":[[1,2,3]]");
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        FrameJson.Limits exact = new FrameJson.Limits(bytes.length, 1, 3);

        assertThat(FrameJson.read(bytes, exact).rows()).isEqualTo(3);
        assertThatThrownBy(() -> FrameJson.read(bytes, new FrameJson.Limits(bytes.length - 1, 1, 3)))
                .hasMessageContaining("Limits.maxBytes");
        assertThatThrownBy(() ->
                        FrameJson.read(new ByteArrayInputStream(bytes), new FrameJson.Limits(bytes.length - 1, 1, 3)))
                .hasMessageContaining("Limits.maxBytes");
        assertThatThrownBy(() -> FrameJson.read(bytes, new FrameJson.Limits(bytes.length, 1, 2)))
                .hasMessageContaining("Limits.maxRows");
        byte[] two =
                "{\"schema\":{\"fields\":[{\"type\":\"time\"},{\"type\":\"time\"}]}}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> FrameJson.read(two, exact)).hasMessageContaining("Limits.maxFields");
        assertThatThrownBy(() -> new FrameJson.Limits(0, 1, 1)).hasMessageContaining("maxBytes = 0");
    }

    @Test
    void deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatThrownBy(() -> read(column("json.RawMessage", false, "\"values\":[[" + deep + "]]")))
                .isInstanceOf(FrameFormatException.class);
        assertThatThrownBy(() -> read("{\"schema\":{},\"x\":" + deep + "}")).isInstanceOf(FrameFormatException.class);
        assertThatThrownBy(() -> read("{\"schema\":{\"meta\":{\"custom\":" + deep + "}}}"))
                .isInstanceOf(FrameFormatException.class);
    }

    @Test
    void a_failing_stream_fails_the_write_and_nothing_is_flushed_or_closed() {
        Field big = Field.ofDoubles("x", new double[100_000]);
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {
                throw new IllegalStateException("flushed");
            }

            @Override
            public void close() {
                throw new IllegalStateException("closed");
            }
        };

        assertThatThrownBy(() -> FrameJson.write(Frame.of("f", big), broken))
                .isInstanceOf(IOException.class)
                .hasMessage("no space left");
    }

    @Test
    void long_columns_keep_every_value_through_all_buffer_sizes() {
        FieldBuilder mixed = Field.builder("mixed", FieldType.FLOAT64).nullable();
        FieldBuilder texts = Field.builder("text", FieldType.STRING);
        FieldBuilder times = Field.builder("time", FieldType.TIME).nullable();
        for (int i = 0; i < 100_000; i++) {
            if (i % 7 == 0) {
                mixed.appendNull();
                times.appendNull();
            } else {
                mixed.appendDouble(i % 3 == 0 ? i / 100.0 : Math.sqrt(i) * (i % 2 == 0 ? -1 : 1));
                times.appendLong(i * 1_000_003L * (i % 2 == 0 ? -1 : 1));
            }
            texts.appendString(i % 1000 == 0 ? "é".repeat(i / 20) : Integer.toString(i));
        }
        Frame frame = Frame.of("long", mixed.build(), texts.build(), times.build());

        assertThat(FrameJson.read(FrameJson.toBytes(frame))).isEqualTo(frame);
    }
}
