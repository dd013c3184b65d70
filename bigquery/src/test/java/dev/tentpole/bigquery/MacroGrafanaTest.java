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

/** Grafana's own expansions, to the byte. */
final class MacroGrafanaTest {

    private static final MacroContext CONTEXT = MacroContext.builder(
                    Instant.parse("2024-01-01T00:00:00.5Z"), Instant.parse("2024-01-02T00:00:00Z"))
            .interval(Duration.ofMinutes(10))
            .variable("region", "EU", "US")
            .variable("one", "events")
            .variable("wild", "events_*")
            .variable("step", "5m")
            .variable("said", "say \"hi\"")
            .variable("dotted", "a.b")
            .variable("n", "12")
            .variable("minus", "-12")
            .variable("two", "a,b")
            .variable("word", "name")
            .variable("macro", "$__timeFilter(x)")
            .variable("tail", "__timeFilter(x)")
            .variable("quote", "' OR TRUE --")
            .variable("paren", "))")
            .variable("evil", "\\') OR TRUE --")
            .variable("evils", TableField.Type.STRING, List.of("it's", "\\') OR TRUE --"))
            .build();

    private static final MacroEngine GRAFANA = MacroEngine.builder().grafana().build();

    private static String expand(String sql) {
        return GRAFANA.expand(sql, CONTEXT).sql();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "$__timeFilter(c) | c >= '2024-01-01T00:00:00Z' AND c <= '2024-01-02T00:00:00Z'",
                "x$__timeFilter() | x >= '2024-01-01T00:00:00Z' AND  <= '2024-01-02T00:00:00Z'",
                "$__timeFrom(c) | c >= '2024-01-01T00:00:00Z'",
                "$__timeTo(c) | c <= '2024-01-02T00:00:00Z'",
                "$__timeGroup(c, 5m) | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), 300000) * 300000)",
                "$__timeGroup(c, '5m') | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), 300000) * 300000)",
                "$__timeGroup(f(a,b),1w) | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(f(a,b)), 604800000) * 604800000)",
                "$__timeGroup(c, 1M) | TIMESTAMP((PARSE_DATE(\"%Y-%m-%d\",CONCAT( CAST((EXTRACT(YEAR FROM c)) AS STRING),'-',CAST((EXTRACT(MONTH FROM c)) AS STRING),'-','01'))))",
                "$__timeGroup(c, 3M) | TIMESTAMP(DATE(EXTRACT(YEAR FROM c), CAST(FLOOR((EXTRACT(MONTH FROM c) - 1) / 3) * 3 + 1 AS INT64), 1))",
                "$__timeGroup(c, $__interval) | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), 600000) * 600000)",
                "$__interval $__interval_ms | 10m 600000",
                "'$__interval' -- $__interval | '10m' -- 10m",
                "$__unknown(c) $unknown | $__unknown(c) $unknown",
                "$__from ${__to} | 1704067200500 1704153600000",
                "'${__from:date:iso}' | '2024-01-01T00:00:00.500Z'",
                "IN ($region) ${region:csv} | IN ('EU','US') EU,US",
                "t.$one '${one}' | t.events 'events'",
                "FROM $one_2024 | FROM $one_2024",
                "FROM ${one}_2024 | FROM events_2024",
                "FROM `p.d.$one` | FROM `p.d.events`",
                "FROM `p.d.$wild` | FROM `p.d.events_*`",
                "$__timeGroup(c, $step) | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), 300000) * 300000)",
                "$__timeGroup(c, '$step') | TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), 300000) * 300000)",
                "$__timeFilter(t.$one) | t.events >= '2024-01-01T00:00:00Z' AND t.events <= '2024-01-02T00:00:00Z'",
                "$__timeFilter($__timeFilter(c)) | c >= '2024-01-01T00:00:00Z' AND c <= '2024-01-02T00:00:00Z' >= '2024-01-01T00:00:00Z' AND c >= '2024-01-01T00:00:00Z' AND c <= '2024-01-02T00:00:00Z' <= '2024-01-02T00:00:00Z'",
                "$__timeFilter(c) $__timeFilter(c) | c >= '2024-01-01T00:00:00Z' AND c <= '2024-01-02T00:00:00Z' c >= '2024-01-01T00:00:00Z' AND c <= '2024-01-02T00:00:00Z'",
                "'$said' | 'say \"hi\"'",
                "r'${dotted:regex}' | r'a\\.b'",
                "'${dotted:regex}' | 'a\\\\.b'",
                "x = $n LIMIT $n | x = 12 LIMIT 12",
                "x > -$n | x > -12",
            })
    void a_macro_becomes_what_grafana_makes_of_it(String sql, String expected) {
        assertThat(expand(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$__timeFilter | unexpected number of arguments: expected 1 argument, received 0",
                "$__table | $__table macro is not supported",
                "$__column | $__column macro is not supported",
                "$__timeGroup(c) | macro $__timeGroup needs time column and interval",
                "$__timeGroup(c, soon) | error parsing interval soon",
            })
    void what_grafana_refuses_is_refused(String sql, String message) {
        assertThat(catchThrowableOfType(MacroException.class, () -> expand(sql)))
                .hasMessageContaining(message);
    }

    @Test
    void the_injection_that_grafana_has_is_not_possible() {
        String sql = expand("SELECT * FROM t WHERE name IN ($evils)");
        assertThat(sql).isEqualTo("SELECT * FROM t WHERE name IN ('it\\'s','\\\\\\') OR TRUE --')");
        assertThat(SqlLexer.code(sql))
                .hasSize(
                        SqlLexer.code("SELECT * FROM t WHERE name IN ('a','b')").size());
        assertThat(expand("x = '$evil'")).isEqualTo("x = '\\\\\\') OR TRUE --'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "'$macro' | '$__timeFilter(x)'",
                "'$$tail' | '$__timeFilter(x)'",
                "IN ($macros) | IN ('$__timeFilter(x)','$__table')",
                "$__timeFilter(f('$paren')) | f('))') >= '2024-01-01T00:00:00Z' AND f('))') <= '2024-01-02T00:00:00Z'"
            })
    void a_value_is_never_taken_for_a_macro_or_a_part_of_one(String sql, String expected) {
        MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                .variable("macro", "$__timeFilter(x)")
                .variable("tail", "__timeFilter(x)")
                .variable("paren", "))")
                .variable("macros", "$__timeFilter(x)", "$__table")
                .build();
        assertThat(GRAFANA.expand(sql, context).sql()).isEqualTo(expected);
    }

    @Test
    void what_is_wrong_is_told_with_its_place_in_the_query_as_it_was_written() {
        MacroException refusal = catchThrowableOfType(
                MacroException.class, () -> expand("SELECT $one, $one,\n$__timeGroup(c, 1m), $__timeGroup(d, soon)"));
        assertThat(refusal.line()).isEqualTo(2);
        assertThat(refusal.column()).isEqualTo(22);
        refusal = catchThrowableOfType(MacroException.class, () -> expand("$__timeFilter(c) AND\nx = $evil"));
        assertThat(refusal.line()).isEqualTo(2);
        assertThat(refusal.column()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x = $evil",
                "x = ${evil:raw}",
                "-- $evil",
                "`$evil`",
                "r'$evil'",
                "x -$minus",
                "x = $word",
                "x IN ($word)",
                "x = /* or */ ($word)",
                "SELECT $two",
                "'\\$quote'",
                "x = $n.5",
                "LIMIT 1$word",
                "${word}'text'",
                "'a'${word:singlequote}",
                "@@$one"
            })
    void what_can_only_be_written_unsafely_is_refused(String sql) {
        assertThat(catchThrowableOfType(MacroException.class, () -> expand(sql)))
                .hasMessageContaining("without changing the query");
    }
}
