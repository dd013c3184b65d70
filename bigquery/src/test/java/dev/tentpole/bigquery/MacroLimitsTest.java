package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Macros at their limits: names that are taken, values and times at the ends of their ranges, queries that are huge. */
@Tag("thorough")
final class MacroLimitsTest {

    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2024-01-02T00:00:00Z");
    private static final MacroEngine BOUND = MacroEngine.standard();
    private static final MacroEngine TEXT = MacroEngine.builder().text().build();

    private static MacroContext.Builder context() {
        return MacroContext.builder(FROM, TO);
    }

    static Stream<MacroEngine> engines() {
        return Stream.of(BOUND, TEXT, MacroEngine.builder().grafana().build());
    }

    @Test
    void two_values_never_share_a_name() {
        MacroContext context = context()
                .variable("v", "a", "b")
                .variable("v__1", "other")
                .variable("V__2", "yet another")
                .variable("one", "x")
                .variable("__from", "mine")
                .build();
        MacroQuery query = BOUND.expand("$v $v__1 $V__2 $one UNNEST($one) $__from $__timeFrom", context);
        assertThat(query.sql()).isEqualTo("@v__1, @v__2 @v__1_2 @V__2_2 @one UNNEST(@one_2) @__from @__from_2");
        assertThat(query.parameters())
                .extracting(SqlParameter::values)
                .containsExactly(
                        List.of("a"),
                        List.of("b"),
                        List.of("other"),
                        List.of("yet another"),
                        List.of("x"),
                        List.of("x"),
                        List.of("mine"),
                        List.of("2024-01-01 00:00:00.000000+00:00"));
    }

    @Test
    void a_value_that_comes_again_has_the_same_name() {
        MacroQuery query = BOUND.expand(
                "$one $one ${one} [[one]]", context().variable("one", "x").build());
        assertThat(query.sql()).isEqualTo("@one @one @one @one");
        assertThat(query.parameters()).hasSize(1);
    }

    @Test
    void a_name_that_begins_with_a_digit_becomes_one_that_parameters_may_have() {
        assertThat(BOUND.expand("$1", context().variable("1", "x").build()).sql())
                .isEqualTo("@_1");
    }

    @Test
    void whole_numbers_reach_to_both_ends_and_no_further() {
        for (MacroEngine engine : List.of(BOUND, TEXT)) {
            for (String good : List.of("9223372036854775807", "-9223372036854775808", "0", "-0", "007")) {
                assertThat(engine.expand("$n", number(good)).sql()).isNotEmpty();
            }
            for (String bad : List.of("9223372036854775808", "-9223372036854775809", "", "-", "+1", "1.5", "١", "1 ")) {
                assertThat(catchThrowableOfType(MacroException.class, () -> engine.expand("$n", number(bad))))
                        .hasMessageContaining("no INT64");
            }
        }
    }

    private static MacroContext number(String value) {
        return context().variable("n", TableField.Type.INT64, List.of(value)).build();
    }

    @Test
    void a_negative_number_begins_no_comment() {
        assertThat(TEXT.expand("x -$n", number("-5")).sql()).isEqualTo("x -CAST('-5' AS INT64)");
        assertThat(TEXT.expand("LIMIT $n", number("5")).sql()).isEqualTo("LIMIT 5");
    }

    @Test
    void numbers_are_read_in_time_however_long_they_are() {
        String digits = "9".repeat(1_000_000);
        for (TableField.Type type : List.of(TableField.Type.INT64, TableField.Type.NUMERIC, TableField.Type.FLOAT64)) {
            MacroContext context =
                    context().variable("n", type, List.of(digits)).build();
            assertThat(catchThrowableOfType(MacroException.class, () -> TEXT.expand("$n", context)))
                    .hasMessageContaining("no " + type);
        }
    }

    @Test
    void a_value_with_control_characters_can_be_sent_but_not_written() {
        MacroContext context = context().variable("v", "a\0b").build();
        assertThat(BOUND.expand("$v", context).parameters().get(0).value()).contains("a\0b");
        assertThat(catchThrowableOfType(MacroException.class, () -> TEXT.expand("$v", context)))
                .hasMessageContaining("control character");
        MacroContext half = context().variable("v", "\ud800").build();
        assertThat(catchThrowableOfType(MacroException.class, () -> BOUND.expand("$v", half)))
                .hasMessageContaining("no STRING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x$v", "${v}x", "1$v", "'a'$v", "$v\"a\"", "r$v", "$v$v", "@$v", "`t`${v:raw}", "$n.5", "1.$n"})
    void what_would_become_a_part_of_its_neighbour_is_refused(String sql) {
        MacroContext context = context()
                .variable("v", "a")
                .variable("n", TableField.Type.INT64, List.of("5"))
                .build();
        assertThat(catchThrowableOfType(MacroException.class, () -> TEXT.expand(sql, context)))
                .hasMessageContaining("would become a part of");
    }

    @Test
    void an_argument_of_a_format_may_not_hold_what_begins_a_text() {
        MacroContext context = context().variable("v", "a", "b").build();
        assertThat(catchThrowableOfType(MacroException.class, () -> TEXT.expand("${v:join:'} = '$v'", context)))
                .hasMessageContaining("can't have quotes");
        assertThat(TEXT.expand("${v:join: + }", context).sql()).isEqualTo("'a + b'");
    }

    @Test
    void unnest_may_have_spaces_and_a_longer_name_is_not_it() {
        MacroContext context = context().variable("v", "a", "b").build();
        assertThat(BOUND.expand("UNNEST( ${v} ) MYUNNEST(${v})", context).sql())
                .isEqualTo("UNNEST( @v ) MYUNNEST(@v__1, @v__2)");
    }

    @Test
    void times_outside_of_bigquerys_years_are_refused_and_ends_are_not_passed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacroContext.builder(Instant.MIN, TO).build())
                .withMessageContaining("years 1 to 9999");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacroContext.builder(FROM, Instant.MAX).build())
                .withMessageContaining("years 1 to 9999");
        MacroContext widest = MacroContext.builder(MacroContext.FIRST, MacroContext.LAST)
                .interval(Duration.ofDays(1000))
                .build();
        assertThat(TEXT.expand("$__timeFilter(ts) $__partitionFilter $__unixEpochFilter(n, us)", widest)
                        .sql())
                .isEqualTo("(ts >= TIMESTAMP '0001-01-01 00:00:00.000000+00:00'"
                        + " AND ts < TIMESTAMP '9999-12-31 23:59:59.999999+00:00')"
                        + " (_PARTITIONTIME >= TIMESTAMP '0001-01-01 00:00:00.000000+00:00'"
                        + " AND _PARTITIONTIME < TIMESTAMP '9999-12-31 23:59:59.999999+00:00')"
                        + " (n >= CAST('-62135596800000000' AS INT64) AND n < 253402300799999999)");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 999, 1_500, 60_000, 5_400_000, 86_400_000, 129_600_000, 3_000_000_000L, 63_072_000_000L})
    void every_interval_that_a_dashboard_may_have_groups(long millis) {
        MacroContext context = context()
                .interval(Duration.ofMillis(millis))
                .column("day", TableField.Type.DATE)
                .build();
        for (String column : List.of("ts", "day")) {
            assertThat(BOUND.expand("$__timeGroup(" + column + ", $__interval)", context)
                            .sql())
                    .contains(column);
        }
    }

    @Test
    void of_several_tables_the_longest_partitions_count() {
        TableStats hours = TableStats.builder("p.d.h")
                .field("at", TableField.Type.TIMESTAMP)
                .partitioning(TablePartitioning.ingestion(TablePartitioning.Unit.HOUR))
                .build();
        TableStats months = TableStats.builder("p.d.m")
                .field("at", TableField.Type.TIMESTAMP)
                .partitioning(TablePartitioning.ingestion(TablePartitioning.Unit.MONTH))
                .build();
        MacroEngine engine =
                MacroEngine.builder().text().lateness(Duration.ZERO).build();
        assertThat(engine.expand("$__partitionFilter", context().table(hours).build())
                        .sql())
                .contains("2024-01-02 00:00:00");
        for (List<TableStats> tables : List.of(List.of(hours, months), List.of(months, hours))) {
            MacroContext.Builder context = context();
            tables.forEach(context::table);
            assertThat(engine.expand("$__partitionFilter", context.build()).sql())
                    .contains("2024-01-01 00:00:00", "2024-02-01 00:00:00");
        }
    }

    @Test
    void macros_within_macros_have_a_limit_of_their_own() {
        for (int depth : List.of(21, 5_000, 100_000)) {
            String sql = "$__timeFrom(".repeat(depth) + "a" + ")".repeat(depth);
            assertThat(catchThrowableOfType(
                            MacroException.class,
                            () -> BOUND.expand(sql, context().build())))
                    .hasMessageContaining("deeper than 20");
        }
        String doubled = "$__timeFilter(".repeat(20) + "a".repeat(1_000) + ")".repeat(20);
        assertThat(catchThrowableOfType(
                        MacroException.class,
                        () -> BOUND.expand(doubled, context().build())))
                .hasMessageContaining("longer than");
        MacroEngine grafana = MacroEngine.builder().grafana().build();
        for (int depth : List.of(60, 5_000, 30_000)) {
            String nested = "$__timeFilter(".repeat(depth) + "a" + ")".repeat(depth);
            assertThat(catchThrowableOfType(
                            MacroException.class,
                            () -> grafana.expand(nested, context().build())))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_megabyte_is_expanded_in_the_time_that_reading_takes(MacroEngine engine) {
        List<String> pieces = List.of(
                "$__timeFilter(c) AND ",
                "$__interval ",
                "$one ",
                "'$one' ",
                "[[one]] [[",
                "$__timeGroup(c, 5m), ",
                "${one:regex} ",
                "( [ { ",
                "-- $one\n",
                "${many:csv} ",
                "qqqqzzzz$one ");
        MacroContext context =
                context().variable("one", "12").variable("many", "1", "2").build();
        for (String piece : pieces) {
            long half =
                    time(engine, String.join("", Collections.nCopies((256 << 10) / piece.length(), piece)), context);
            long whole = time(engine, String.join("", Collections.nCopies((1 << 20) / piece.length(), piece)), context);
            // Four times the text; sixteen times the time if it were quadratic, and many seconds.
            assertThat(whole).as(piece).isLessThan(Math.max(12 * half, 1_500_000_000L));
        }
        String last = "a ".repeat(1 << 19);
        assertThat(time(engine, last + "'$one'", context)).isLessThan(1_500_000_000L);
        StringBuilder different = new StringBuilder();
        for (int i = 0; different.length() < 1 << 20; i++) {
            different.append("$__timeFilter(c").append(i).append(") AND ");
        }
        assertThat(time(engine, different.toString(), context)).isLessThan(3_000_000_000L);
    }

    private static long time(MacroEngine engine, String sql, MacroContext context) {
        long start = System.nanoTime();
        try {
            engine.expand(sql, context);
        } catch (MacroException e) {
            assertThat(e).hasMessageNotContaining("no variable");
        }
        return System.nanoTime() - start;
    }
}
