package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MacroEngineTest {

    private static final MacroContext CONTEXT = MacroContext.builder(
                    Instant.parse("2024-01-01T00:00:30Z"), Instant.parse("2024-01-02T00:00:10Z"))
            .interval(Duration.ofMinutes(10))
            .column("day", TableField.Type.DATE)
            .column("local", TableField.Type.DATETIME)
            .column("epoch", TableField.Type.INT64)
            .column("word", TableField.Type.STRING)
            .variable("region", "EU", "US")
            .variable("one", "it's")
            .variable("none", TableField.Type.STRING, List.of())
            .variable("limit", TableField.Type.INT64, List.of("100"))
            .variable("table", "data.events-1")
            .variable("at", TableField.Type.INT64, List.of("1704067200000"))
            .build();

    private static final MacroEngine BOUND = MacroEngine.standard();
    private static final MacroEngine TEXT = MacroEngine.builder().text().build();

    private static String bound(String sql) {
        return BOUND.expand(sql, CONTEXT).sql();
    }

    private static String text(String sql) {
        return TEXT.expand(sql, CONTEXT).sql();
    }

    private static MacroException refused(String sql) {
        return catchThrowableOfType(MacroException.class, () -> BOUND.expand(sql, CONTEXT));
    }

    @Test
    void a_filter_leaves_the_column_bare_and_binds_the_aligned_range() {
        MacroQuery query = BOUND.expand("SELECT 1 FROM t WHERE $__timeFilter(ts)", CONTEXT);
        assertThat(query.sql()).isEqualTo("SELECT 1 FROM t WHERE (ts >= @__from AND ts < @__to)");
        assertThat(query.parameters())
                .containsExactly(
                        SqlParameter.of("__from", TableField.Type.TIMESTAMP, "2024-01-01 00:00:00.000000+00:00"),
                        SqlParameter.of("__to", TableField.Type.TIMESTAMP, "2024-01-02 00:10:00.000000+00:00"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$__timeFilter | (timestamp >= @__from AND timestamp < @__to)",
                "$__timeFilter() | (timestamp >= @__from AND timestamp < @__to)",
                "$__timeFilter(t.`ts`) | (t.`ts` >= @__from AND t.`ts` < @__to)",
                "$__timeFilter(day) | (day >= @__from_date AND day <= @__to_date)",
                "$__timeFilter(local) | (local >= @__from_datetime AND local < @__to_datetime)",
                "$__timeFilter(f(')', a)) | (f(')', a) >= @__from AND f(')', a) < @__to)",
                "x BETWEEN $__timeFrom() AND $__timeTo() | x BETWEEN @__from AND @__to",
                "x BETWEEN $__timeFrom AND $__timeTo | x BETWEEN @__from AND @__to",
                "$__timeFrom(ts) AND $__timeTo(day) | ts >= @__from AND day <= @__to_date",
                "$__unixEpochFilter(epoch) | (epoch >= @__from_s AND epoch < @__to_s)",
                "$__unixEpochFilter(epoch, ms) | (epoch >= @__from_ms AND epoch < @__to_ms)",
                "$__partitionFilter | (_PARTITIONTIME >= @__from_partition AND _PARTITIONTIME < @__to_partition)",
                "$__partitionFilter() | (_PARTITIONTIME >= @__from_partition AND _PARTITIONTIME < @__to_partition)",
                "$__timeFilter(PARSE_DATE('%F', s)) | (PARSE_DATE('%F', s) >= @__from_date AND PARSE_DATE('%F', s) <= @__to_date)",
                "$__timeFilter(LAST(t.x)) | (LAST(t.x) >= @__from AND LAST(t.x) < @__to)",
                "$__partitionFilter(day) | (day >= @__from_partition_date AND day < @__to_partition_date)",
                "$__interval $__interval_ms | 10m 600000",
                "$__from ${__to} | 1704067230000 1704153610000",
                "$__range_s | 86380",
                "WHERE region IN ($region) | WHERE region IN (@region__1, @region__2)",
                "WHERE region IN UNNEST($region) | WHERE region IN UNNEST(@region)",
                "WHERE region IN UNNEST(${region}) | WHERE region IN UNNEST(@region)",
                "WHERE region IN UNNEST /* a */ (/* b */ $region /* c */) | WHERE region IN UNNEST /* a */ (/* b */ @region /* c */)",
                "WHERE '-- UNNEST(' ($region) | WHERE '-- UNNEST(' (@region__1, @region__2)",
                "/* UNNEST */ ($region) | /* UNNEST */ (@region__1, @region__2)",
                "WHERE x IN ($none) | WHERE x IN (NULL)",
                "WHERE a = $one LIMIT ${limit} | WHERE a = @one LIMIT @limit",
                "WHERE REGEXP_CONTAINS(a, ${region:regex}) | WHERE REGEXP_CONTAINS(a, @region__regex)",
                "FROM ${table:raw} | FROM `data.events-1`",
                "[[one]] [[x]] | @one [[x]]",
                "$$__timeFilter(ts) | $__timeFilter(ts)",
            })
    void a_macro_becomes_what_it_stands_for(String sql, String expected) {
        assertThat(bound(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$__timeGroup(ts, 5m) | TIMESTAMP_SECONDS(UNIX_SECONDS(ts) - MOD(MOD(UNIX_SECONDS(ts), 300) + 300, 300))",
                "$__timeGroup(ts, $__interval) | TIMESTAMP_SECONDS(UNIX_SECONDS(ts) - MOD(MOD(UNIX_SECONDS(ts), 600) + 600, 600))",
                "$__timeGroup(ts, '500ms') | TIMESTAMP_MILLIS(UNIX_MILLIS(ts) - MOD(MOD(UNIX_MILLIS(ts), 500) + 500, 500))",
                "$__timeGroup(ts, 1d) | TIMESTAMP_TRUNC(ts, DAY)",
                "$__timeGroup(ts, 1w) | TIMESTAMP_TRUNC(ts, WEEK(MONDAY))",
                "$__timeGroup(ts, 1M) | TIMESTAMP_TRUNC(ts, MONTH)",
                "$__timeGroup(ts, 3M) | TIMESTAMP_TRUNC(ts, QUARTER)",
                "$__timeGroup(ts, 2M) | TIMESTAMP(DATE(EXTRACT(YEAR FROM ts), DIV(EXTRACT(MONTH FROM ts) - 1, 2) * 2 + 1, 1))",
                "$__timeGroup(day, 1d) | day",
                "$__timeGroup(day, 1M) | DATE_TRUNC(day, MONTH)",
                "$__timeGroup(day, 2d) | DATE_FROM_UNIX_DATE(UNIX_DATE(day) - MOD(MOD(UNIX_DATE(day), 2) + 2, 2))",
                "$__timeGroup(day, 5m) | day",
                "$__timeGroup(day, 2w) | DATE_FROM_UNIX_DATE(UNIX_DATE(day) - MOD(MOD(UNIX_DATE(day) - 4, 14) + 14, 14))",
                "$__timeGroup(ts, 2w) | TIMESTAMP_SECONDS(UNIX_SECONDS(ts) - MOD(MOD(UNIX_SECONDS(ts) - 345600, 1209600) + 1209600, 1209600))",
                "$__timeGroup(ts, 12M) | TIMESTAMP_TRUNC(ts, YEAR)",
                "$__timeGroup(ts, 2y) | TIMESTAMP(DATE(GREATEST(DIV(EXTRACT(YEAR FROM ts), 2) * 2, 1), 1, 1))",
                "$__timeGroup(DATE_TRUNC(day, MONTH), 1d) | DATE_TRUNC(day, MONTH)",
                "$__timeGroup(local, 1h) | DATETIME(TIMESTAMP_SECONDS(UNIX_SECONDS(TIMESTAMP(local)) - MOD(MOD(UNIX_SECONDS(TIMESTAMP(local)), 3600) + 3600, 3600)))",
                "$__timeGroup(, 1d) | TIMESTAMP_TRUNC(timestamp, DAY)",
            })
    void times_are_grouped(String sql, String expected) {
        assertThat(bound(sql)).isEqualTo(expected);
    }

    @Test
    void text_is_written_where_text_is_asked_for() {
        assertThat(text("$__timeFilter(ts) AND day = $__timeFrom(day) AND r IN ($region) AND x = $one LIMIT $limit"))
                .isEqualTo("(ts >= TIMESTAMP '2024-01-01 00:00:00.000000+00:00'"
                        + " AND ts < TIMESTAMP '2024-01-02 00:10:00.000000+00:00')"
                        + " AND day = day >= DATE '2024-01-01' AND r IN ('EU', 'US') AND x = 'it\\'s' LIMIT 100");
        assertThat(TEXT.expand("$one", CONTEXT).parameters()).isEmpty();
        assertThat(text("x IN UNNEST($region)")).isEqualTo("x IN UNNEST(['EU', 'US'])");
        assertThat(text("x IN UNNEST(-- a\n$region -- b\n)")).isEqualTo("x IN UNNEST(-- a\n['EU', 'US'] -- b\n)");
    }

    @Test
    void partitions_are_whole_and_reach_to_late_rows() {
        assertThat(text("$__partitionFilter"))
                .isEqualTo("(_PARTITIONTIME >= TIMESTAMP '2024-01-01 00:00:00.000000+00:00'"
                        + " AND _PARTITIONTIME < TIMESTAMP '2024-01-04 00:00:00.000000+00:00')");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'$__timeFilter(x) $one'",
                "\"\"\"$nope\"\"\"",
                "`$table`",
                "-- $nope",
                "/* $__nope(1) */",
                "# $one",
                "r'$one'",
                "'it''s $nope'"
            })
    void nothing_is_expanded_within_texts_comments_and_backticks(String sql) {
        assertThat(bound(sql)).isEqualTo(sql);
    }

    @Test
    void an_argument_may_hold_macros_commas_and_comments() {
        assertThat(bound("$__timeFilter(IF($limit > 1, a, b) -- which, one\n)"))
                .isEqualTo("(IF(@limit > 1, a, b) >= @__from AND IF(@limit > 1, a, b) < @__to)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT $nope | there is no variable $nope, at [1:8]",
                "SELECT $__nope(x) | there is no macro $__nope, at [1:8]",
                "$__timeFilter(a, b) | $__timeFilter takes 0 or 1 arguments, not 2, at [1:1]",
                "$__timeGroup(a) | $__timeGroup takes 2 arguments, not 1, at [1:1]",
                "$__timeGroup(a, soon) | the interval of $__timeGroup is a number and one of ms, s, m, h, d, w, M, y, such as 5m, at [1:1]",
                "$__timeGroup(day, 36h) | column day is DATE, whose groups are whole days, at [1:1]",
                "$__timeGroup(ts, 5M) | $__timeGroup knows 1, 2, 3, 4 and 6 months, and up to 1000 years, at [1:1]",
                "$__timeGroup(ts, 999999999y) | the interval of $__timeGroup is a number and one of ms, s, m, h, d, w, M, y, such as 5m, at [1:1]",
                "$__timeFilter(a | the macro's arguments lack their closing parenthesis, at [1:1]",
                "$__timeFilter(epoch) | column epoch is INT64: use $__unixEpochFilter(epoch, s), ms or us, or TIMESTAMP_SECONDS(epoch), MILLIS or MICROS, at [1:1]",
                "$__timeFilter(word) | column word is STRING, which is no time, at [1:1]",
                "${region:nope} | variable $region can't be written in format nope, at [1:1]",
                "${region:raw} | variable $region is not one name, which is what its format raw is for, at [1:1]",
                "1 + $ | a dollar sign that begins neither a macro nor a variable, at [1:5]",
            })
    void what_cannot_be_expanded_is_refused_with_its_position(String sql, String message) {
        assertThat(refused(sql)).hasMessage(message);
    }

    @Test
    void a_position_counts_lines() {
        MacroException refusal = refused("SELECT 1\nFROM t\n  WHERE $nope");
        assertThat(refusal.line()).isEqualTo(3);
        assertThat(refusal.column()).isEqualTo(9);
        assertThat(refusal.offset()).isEqualTo(24);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "csv ; EU,US",
                "pipe ; EU|US",
                "json ; [\"EU\",\"US\"]",
                "glob ; {EU,US}",
                "regex ; (EU|US)",
                "lucene ; (\"EU\" OR \"US\")",
                "distributed ; EU,region=US",
                "percentencode ; %7BEU%2CUS%7D",
                "uriencode ; %7BEU,US%7D",
                "queryparam ; var-region=EU&var-region=US",
                "singlequote ; 'EU','US'",
                "doublequote ; \"EU\",\"US\"",
                "sqlstring ; 'EU','US'",
                "text ; EU + US",
                "html ; EU, US",
                "raw ; EU,US"
            },
            quoteCharacter = '\u0001')
    void formats_are_grafanas(String format, String expected) {
        assertThat(MacroFormats.format("region", List.of("EU", "US"), true, format, ""))
                .isEqualTo(expected);
    }

    @Test
    void a_format_of_one_value_of_several_is_grafanas() {
        assertThat(MacroFormats.format("v", List.of("EU"), true, "json", "")).isEqualTo("[\"EU\"]");
        assertThat(MacroFormats.format("v", List.of("EU"), false, "json", "")).isEqualTo("EU");
        assertThat(MacroFormats.format("v", List.of("a b"), true, "lucene", "")).isEqualTo("(\"a\\ b\")");
        assertThat(MacroFormats.format("v", List.of("-1.5"), false, "lucene", ""))
                .isEqualTo("-1.5");
        assertThat(MacroFormats.format("v", List.of("EU"), true, "glob", "")).isEqualTo("EU");
        assertThat(MacroFormats.format("v", List.of("a\"b'c"), false, "sqlstring", ""))
                .isEqualTo("'a\\\"b''c'");
        assertThat(MacroFormats.format("v", List.of("EU"), true, "percentencode", ""))
                .isEqualTo("%7BEU%7D");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "YYYY-MM-DD HH:mm ; 2024-01-01 00:00",
                "[at] hh:mm A ; at 12:00 AM",
                "dddd, MMMM Do YYYY ; Monday, January 1st 2024",
                "seconds ; 1704067201",
                "ms ; 1704067200500",
                "X.SSS ; 1704067200.500",
                "GGGG-[W]WW-E ; 2024-W01-1",
                "DDDD Q Z ; 001 1 +00:00"
            })
    void dates_have_grafanas_patterns(String pattern, String expected) {
        assertThat(MacroFormats.format("v", List.of("1704067200500"), false, "date", pattern))
                .isEqualTo(expected);
    }

    @Test
    void dates_that_depend_on_a_country_are_refused() {
        assertThat(refused("${at:date:LLL}")).hasMessageContaining("format date:LLL");
        assertThat(refused("${region:date}")).hasMessageContaining("format date");
    }

    @Test
    void formats_escape_as_grafana_does() {
        assertThat(MacroFormats.format("v", List.of("a.b*(c)/d"), false, "regex", ""))
                .isEqualTo("a\\.b\\*\\(c\\)\\/d");
        assertThat(MacroFormats.format("v", List.of("a b:c"), false, "lucene", ""))
                .isEqualTo("a\\ b\\:c");
        assertThat(MacroFormats.format("v", List.of("<a & 'b'>"), false, "html", ""))
                .isEqualTo("&lt;a &amp; &#39;b&#39;&gt;");
        assertThat(MacroFormats.format("v", List.of("1704067200123"), false, "date", ""))
                .isEqualTo("2024-01-01T00:00:00.123Z");
        assertThat(MacroFormats.format("v", List.of("1704067200123"), false, "date", "seconds"))
                .isEqualTo("1704067200");
        assertThat(MacroFormats.format("v", List.of("1704067200123"), false, "date", "YYYY-MM-DD HH:mm"))
                .isEqualTo("2024-01-01 00:00");
    }

    @Test
    void a_date_format_is_a_text() {
        MacroQuery query = BOUND.expand("${__from:date:YYYY-MM-DD} ${at:date}", CONTEXT);
        assertThat(query.parameters())
                .extracting(parameter -> parameter.value().orElseThrow())
                .containsExactly("2024-01-01", "2024-01-01T00:00:00.000Z");
    }

    @Test
    void the_same_range_gives_the_same_query_while_the_interval_lasts() {
        MacroContext later = MacroContext.builder(
                        Instant.parse("2024-01-01T00:05:00Z"), Instant.parse("2024-01-02T00:04:59Z"))
                .interval(Duration.ofMinutes(10))
                .build();
        assertThat(TEXT.expand("$__timeFilter(ts)", later).sql()).isEqualTo(text("$__timeFilter(ts)"));
        assertThat(MacroEngine.builder()
                        .text()
                        .align(false)
                        .build()
                        .expand("$__timeFrom", later)
                        .sql())
                .isEqualTo("TIMESTAMP '2024-01-01 00:05:00.000000+00:00'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$step", "${step}", "[[step]]", "${step:raw}", "'$step'", "\"${step}\""})
    void an_interval_may_come_from_a_variable_and_is_no_parameter(String interval) {
        for (MacroEngine engine :
                List.of(MacroEngine.standard(), MacroEngine.builder().text().build())) {
            for (String value : List.of("5m", "1d", "1h30m", "3M")) {
                MacroContext context = MacroContext.builder(Instant.EPOCH, Instant.ofEpochSecond(3600))
                        .variable("step", value)
                        .build();
                MacroQuery query = engine.expand("$__timeGroup(ts, " + interval + ")", context);
                assertThat(query).isEqualTo(engine.expand("$__timeGroup(ts, " + value + ")", context));
                assertThat(query.parameters()).isEmpty();
            }
            for (List<String> values : List.of(
                    List.of("soon"),
                    List.of(""),
                    List.of("-5m"),
                    List.of("5m)"),
                    List.of("5m", "1h"),
                    List.<String>of())) {
                MacroContext context = MacroContext.builder(Instant.EPOCH, Instant.ofEpochSecond(3600))
                        .variable("step", TableField.Type.STRING, values)
                        .build();
                MacroException refusal = catchThrowableOfType(
                        MacroException.class, () -> engine.expand("$__timeGroup(ts, " + interval + ")", context));
                assertThat(refusal).hasMessageContaining("variable $step is no interval");
                assertThat(refusal.offset()).isEqualTo(17);
            }
        }
    }

    @Test
    void an_interval_may_have_several_units() {
        MacroContext context =
                MacroContext.builder(Instant.EPOCH, Instant.ofEpochSecond(3600)).build();
        MacroEngine engine = MacroEngine.standard();
        assertThat(engine.expand("$__timeGroup(ts, 1h30m)", context))
                .isEqualTo(engine.expand("$__timeGroup(ts, 90m)", context));
        assertThat(engine.expand("$__timeGroup(ts, 1.5s)", context))
                .isEqualTo(engine.expand("$__timeGroup(ts, 1500ms)", context));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT @one, $one | SELECT @one, @one_2",
                "SELECT $one, @`ONE`, @one_2 | SELECT @one_3, @`ONE`, @one_2",
                "SELECT $__timeFrom, @__from | SELECT @__from_2, @__from",
                "SELECT '@one', $one -- @one | SELECT '@one', @one -- @one"
            })
    void the_parameters_that_a_query_has_of_its_own_are_left_to_it(String sql, String expanded) {
        assertThat(bound(sql)).isEqualTo(expanded);
    }
}
