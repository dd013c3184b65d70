package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldTest {

    @ParameterizedTest
    @CsvSource({
        "INT8, -128, 127",
        "INT16, -32768, 32767",
        "INT32, -2147483648, 2147483647",
        "INT64, -9223372036854775808, 9223372036854775807",
        "UINT8, 0, 255",
        "UINT16, 0, 65535",
        "UINT32, 0, 4294967295",
        "ENUM, 0, 65535"
    })
    void integers_keep_the_whole_range_of_their_type_and_nothing_else(FieldType type, long min, long max) {
        Field field = Field.builder("x", type).appendLong(min).appendLong(max).build();

        assertThat(field.getLong(0)).isEqualTo(min);
        assertThat(field.getLong(1)).isEqualTo(max);
        if (type != FieldType.INT64) {
            FieldBuilder builder = Field.builder("cpu", type).appendLong(1);
            assertThatThrownBy(() -> builder.appendLong(max + 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'cpu'", "row 1", Long.toString(max + 1), min + ".." + max);
            assertThatThrownBy(() -> builder.appendLong(min - 1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(builder.size()).isEqualTo(1);
        }
    }

    @Test
    void unsigned_64_bits_are_kept_as_bits_and_shown_as_the_number_that_they_are() {
        Field field = Field.builder("x", FieldType.UINT64)
                .appendLong(-1)
                .appendLong(Long.MIN_VALUE)
                .build();

        assertThat(field.getLong(0)).isEqualTo(-1);
        assertThat(field.getDouble(0)).isEqualTo(0x1p64);
        assertThat(field.getDouble(1)).isEqualTo(0x1p63);
        assertThat(field.get(0)).isEqualTo(new BigInteger("18446744073709551615"));
    }

    @Test
    void times_reach_from_1677_to_2262_and_not_beyond() {
        Instant first = Instant.parse("1677-09-21T00:12:43.145224192Z");
        Instant last = Instant.parse("2262-04-11T23:47:16.854775807Z");
        FieldBuilder builder = Field.builder("ts", FieldType.TIME)
                .appendTime(first)
                .appendTime(last)
                .appendTime(Instant.EPOCH.minusNanos(1));

        for (Instant outside : List.of(first.minusNanos(1), last.plusNanos(1), Instant.MIN, Instant.MAX)) {
            assertThatThrownBy(() -> builder.appendTime(outside))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'ts'", "row 3", outside.toString(), "1677", "2262");
        }
        Field field = builder.build();
        assertThat(field.getTime(0)).isEqualTo(first);
        assertThat(field.getTime(1)).isEqualTo(last);
        assertThat(field.getLong(2)).isEqualTo(-1);
        assertThat(field.get(2)).isEqualTo(Instant.EPOCH.minusNanos(1));
    }

    @ParameterizedTest
    @EnumSource(FieldType.class)
    void null_is_refused_unless_allowed_and_the_refusal_names_the_field(FieldType type) {
        assertThatThrownBy(() -> Field.builder("load", type).appendNull())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("'load'", "row 0", "nullable()");

        FieldBuilder builder = Field.builder("load", type).nullable();
        for (int i = 0; i < 1000; i++) {
            builder.appendNull();
        }
        Field field = builder.build();
        assertThat(field.isNull(0)).isTrue();
        assertThat(field.isNull(999)).isTrue();
        assertThat(field.get(500)).isNull();
        assertThat(field.hasNulls()).isTrue();
        assertThat(field.slice(0, 0).hasNulls()).isFalse();
    }

    @Test
    void a_null_can_follow_many_values_and_a_slice_sees_its_own_nulls_only() {
        FieldBuilder builder = Field.builder("x", FieldType.FLOAT64).nullable();
        for (int i = 0; i < 300; i++) {
            builder.appendDouble(i);
        }
        Field field = builder.appendNull().appendDouble(301).build();

        assertThat(field.isNull(299)).isFalse();
        assertThat(field.isNull(300)).isTrue();
        assertThat(field.isNull(301)).isFalse();
        assertThat(field.slice(0, 300).hasNulls()).isFalse();
        assertThat(field.slice(300, 302).hasNulls()).isTrue();
        assertThat(field.slice(301, 302).hasNulls()).isFalse();
        assertThat(field.slice(290, 302).slice(10, 12).isNull(0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 62, 63, 64, 65, 127, 128, 199})
    void a_single_null_is_found_wherever_it_stands(int at) {
        FieldBuilder builder = Field.builder("x", FieldType.INT8).nullable();
        for (int row = 0; row < 200; row++) {
            if (row == at) {
                builder.appendNull();
            } else {
                builder.appendLong(1);
            }
        }
        Field field = builder.build();

        assertThat(field.hasNulls()).isTrue();
        for (int from = 0; from < 200; from++) {
            assertThat(field.slice(from, 200).hasNulls()).isEqualTo(from <= at);
        }
    }

    @ParameterizedTest
    @EnumSource(FieldType.class)
    void reading_or_appending_a_wrong_type_names_the_field_and_its_type(FieldType type) {
        Field field = Field.builder("cpu", type).nullable().appendNull().build();
        FieldBuilder builder = Field.builder("cpu", type);
        boolean isLong = type.isInteger() || type == FieldType.TIME || type == FieldType.ENUM;
        boolean isFloat = type == FieldType.FLOAT32 || type == FieldType.FLOAT64;
        boolean isText = type == FieldType.STRING || type == FieldType.ENUM;

        refuses(!isLong, type, () -> field.getLong(0));
        refuses(!type.isNumeric(), type, () -> field.getDouble(0));
        refuses(type != FieldType.BOOL, type, () -> field.getBoolean(0));
        refuses(!isText, type, () -> field.getString(0));
        refuses(type != FieldType.JSON, type, () -> field.getJson(0));
        refuses(type != FieldType.TIME, type, () -> field.getTime(0));
        refuses(!isLong, type, () -> builder.appendLong(0));
        refuses(!isLong, type, () -> builder.appendLong(Long.MAX_VALUE / 2), IllegalArgumentException.class);
        refuses(!isFloat, type, () -> builder.appendDouble(0));
        refuses(type != FieldType.BOOL, type, () -> builder.appendBoolean(true));
        refuses(type != FieldType.STRING, type, () -> builder.appendString(""));
        refuses(type != FieldType.JSON, type, () -> builder.appendJson("1"));
        refuses(type != FieldType.TIME, type, () -> builder.appendTime(Instant.EPOCH));
    }

    private static void refuses(boolean refused, FieldType type, Runnable call, Class<?>... orElse) {
        try {
            call.run();
            assertThat(refused).isFalse();
        } catch (IllegalStateException e) {
            assertThat(refused).isTrue();
            assertThat(e).hasMessageContainingAll("'cpu'", type.label());
        } catch (IllegalArgumentException e) {
            assertThat(orElse).contains(e.getClass());
        }
    }

    @Test
    void rows_outside_are_refused_also_in_a_slice() {
        Field field = Field.ofLongs("x", 1, 2, 3).slice(1, 2);

        assertThat(field.getLong(0)).isEqualTo(2);
        assertThatThrownBy(() -> field.getLong(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> field.getLong(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> field.isNull(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> field.slice(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void arrays_are_copied_and_maps_too() {
        double[] values = {1, 2};
        Map<String, String> labels = new HashMap<>(Map.of("a", "b"));
        Field field = Field.ofDoubles("x", values).withLabels(labels);
        values[0] = 9;
        labels.clear();

        assertThat(field.getDouble(0)).isEqualTo(1);
        assertThat(field.labels()).containsExactly(Map.entry("a", "b"));
        assertThatThrownBy(() -> field.labels().put("c", "d")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_builder_builds_once() {
        FieldBuilder builder = Field.builder("x", FieldType.INT64).appendLong(1);
        builder.build();

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> builder.appendLong(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_enum_shows_its_texts_and_the_index_where_it_has_none() {
        Field field = Field.builder("state", FieldType.ENUM)
                .nullable()
                .config(FieldConfig.builder().enumText(List.of("off", "on")).build())
                .appendLong(1)
                .appendLong(7)
                .appendNull()
                .build();

        assertThat(field.getString(0)).isEqualTo("on");
        assertThat(field.getString(1)).isEqualTo("7");
        assertThat(field.getString(2)).isEmpty();
        assertThat(field.getLong(0)).isEqualTo(1);
    }

    @Test
    void json_is_checked_and_made_compact() {
        FieldBuilder builder =
                Field.builder("doc", FieldType.JSON).appendJson(" { \"a b\" : [ 1.50 , \"x \\\" y\" ] }\n");

        for (String bad : List.of("", "{", "1 2", "nul", "{\"a\":}", "[1,]", "'a'", "NaN")) {
            assertThatThrownBy(() -> builder.appendJson(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("'doc'", "row 1");
        }
        assertThat(builder.build().getJson(0)).isEqualTo("{\"a b\":[1.50,\"x \\\" y\"]}");
    }

    @Test
    void the_json_null_is_a_null_only_where_null_is_allowed() {
        assertThat(Field.builder("x", FieldType.JSON).appendJson("null").build().isNull(0))
                .isFalse();
        assertThat(Field.builder("x", FieldType.JSON)
                        .nullable()
                        .appendJson(" null")
                        .build()
                        .isNull(0))
                .isTrue();
    }

    @Test
    void floats_that_do_not_fit_are_refused_and_infinities_are_not() {
        FieldBuilder builder = Field.builder("x", FieldType.FLOAT32)
                .appendDouble(Double.NEGATIVE_INFINITY)
                .appendDouble(Double.NaN)
                .appendDouble(Float.MAX_VALUE);

        assertThatThrownBy(() -> builder.appendDouble(1e39))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'x'", "row 3", "1.0E39");
        assertThat(builder.build().getDouble(2)).isEqualTo(Float.MAX_VALUE);
    }

    @Test
    void fields_are_equal_if_what_they_show_is() {
        Field field = Field.ofDoubles("x", 1, Double.NaN, 0.0);

        assertThat(Field.ofDoubles("x", 7, 1, Double.NaN, 0.0, 9).slice(1, 4))
                .isEqualTo(field)
                .hasSameHashCodeAs(field);
        assertThat(Field.ofDoubles("x", 1, Double.NaN, -0.0)).isNotEqualTo(field);
        assertThat(Field.ofDoubles("y", 1, Double.NaN, 0.0)).isNotEqualTo(field);
        assertThat(field.withLabels(Map.of("a", "b"))).isNotEqualTo(field);
        assertThat(field.withConfig(FieldConfig.builder().build())).isNotEqualTo(field);
        assertThat(Field.builder("x", FieldType.INT64).nullable().appendNull().build())
                .isNotEqualTo(Field.builder("x", FieldType.INT64)
                        .nullable()
                        .appendLong(0)
                        .build());
    }

    @Test
    void half_a_surrogate_pair_in_a_label_key_is_replaced() {
        assertThat(Field.ofLongs("x").withLabels(Map.of("a\uD800", "\uDC00")).labels())
                .containsExactly(Map.entry("a\uFFFD", "\uDC00"));
    }

    @Test
    void columns_of_different_length_are_refused_by_name() {
        assertThatThrownBy(() -> Frame.of("f", Field.ofTimes("time", 1, 2), Field.ofDoubles("load", 1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'load'", "3 rows", "'time'", "2");
    }
}
