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
                "SELECT ${region:csv} FROM t WHERE r IN ($region) | SELECT EU,US FROM t WHERE r IN ('EU','US')",
                "t.$one '${one}' | t.events 'events'",
                "SELECT \"$region\", r\"$region\" -- $region | SELECT \"'EU','US'\", r\"'EU','US'\" -- 'EU','US'",
                "/* $region */ FROM `$region` | /* 'EU','US' */ FROM `'EU','US'`",
                "\"${region:csv}\" '$region' | \"EU,US\" '\\'EU\\',\\'US\\''",
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
                "$__timeGroup(c) | macro $__timeGroup needs time column and interval: expected 2 arguments, received 1",
                "$__timeGroup(, 5m) | the first parameter(time column) for $__timeGroup macro cannot be empty",
                "$__timeGroup(c,) | the second parameter(interval) for $__timeGroup macro cannot be empty",
                "$__timeGroup(c, '') | the second parameter(interval) for $__timeGroup macro cannot be empty",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM t INTERSECT DISTINCT SELECT $column FROM t",
                "SELECT id FROM t EXCEPT DISTINCT SELECT $column FROM t",
                "SELECT id FROM (SELECT id, 0 AS z FROM t UNION ALL SELECT id, $column FROM t) WHERE id = z",
                "WITH v AS (SELECT $column AS val, id FROM t), w AS (SELECT val AS z, id FROM v) SELECT * FROM w WHERE id = z",
                "WITH v AS (SELECT $column AS val, id FROM t), w AS (SELECT val z, id FROM v) SELECT * FROM w WHERE id = z",
                "FROM t |> SELECT id, $column AS z |> RENAME z AS y |> WHERE id = y",
                "SELECT id FROM t WHERE EXTRACT(YEAR FROM d) = EXTRACT(YEAR FROM $column)",
                "SELECT CASE q WHEN 'x' THEN a END FROM (SELECT $column AS q, a FROM t)",
                "SELECT IF(STARTS_WITH(q, 'x'), a, NULL) FROM (SELECT $column AS q, a FROM t)",
                "SELECT COUNTIF(STARTS_WITH(q, 'x')) FROM (SELECT $column AS q FROM t)",
                "SELECT NULLIF(q, 'x') FROM (SELECT $column AS q FROM t)",
                "SELECT q IS NOT DISTINCT FROM 'x' FROM (SELECT $column AS q FROM t)",
                "SELECT 'x' IS NOT DISTINCT FROM q FROM (SELECT $column AS q FROM t)",
                "SELECT a FROM (SELECT $column AS q, a FROM t) NATURAL JOIN u",
                "SELECT CASE WHEN t.end > 1 AND f(q) THEN a END FROM (SELECT $column AS q, a FROM s) t",
                "SELECT t.case, a FROM (SELECT $column AS q, a FROM s) t WHERE t.end > 1 AND f(q)"
            })
    void a_name_never_becomes_what_a_value_was_to_be(String sql) {
        MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                .variable("column", "id")
                .build();
        assertThat(catchThrowableOfType(MacroException.class, () -> GRAFANA.expand(sql, context)))
                .hasMessageContaining("without changing the query");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT CASE WHEN x > 0 THEN 1 END AS ok, $column FROM t",
                "SELECT CASE x WHEN 1 THEN CASE WHEN y THEN 2 END ELSE 3 END, $column FROM t",
                "SELECT x AS offset, $column FROM t",
                "SELECT t.values, $column FROM t",
                "SELECT $column FROM t UNION ALL SELECT $column FROM u",
                "SELECT * EXCEPT (a), $column FROM t WHERE b = 1",
                "SELECT t.case, t.end, IF(a, 1, 2) AS if_a, CASE a WHEN 1 THEN 2 END, $column AS q FROM t WHERE t.end > 1"
            })
    void an_item_that_is_selected_may_be_a_name(String sql) {
        MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                .variable("column", "id")
                .build();
        assertThat(GRAFANA.expand(sql, context).sql()).isEqualTo(sql.replace("$column", "id"));
    }

    /** What the durations of Go's library and the days, weeks, months and years of Grafana's are; a year is the one that begins now. */
    @ParameterizedTest
    @CsvSource({
        "1h30m, 5400000",
        "1.5h, 5400000",
        "5ms, 5",
        "1h1m1s1ms, 3661001",
        ".5s, 500",
        "5.s, 5000",
        "+5m, 300000",
        "-5m, -300000",
        "0, 0",
        "0s, 0",
        "0d, 0",
        "1500us, 1",
        "1500µs, 1",
        "999999ns, 0",
        "-1500us, -1",
        "2d, 172800000",
        "2w, 1209600000",
        "1y, 31622400000",
        "2y, 63158400000",
        "300y, 9223372036854",
        "2562047h47m16.854775807s, 9223372036854",
        "-9223372036854775808ns, -9223372036854",
        "0.9223372036854775808s, 922",
        "0.00000000000000000000000000001h, 0"
    })
    void intervals_are_those_that_grafana_takes(String interval, String millis) {
        MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                .variable("interval", interval)
                .build();
        String expected = "TIMESTAMP_MILLIS(DIV(UNIX_MILLIS(c), " + millis + ") * " + millis + ")";
        assertThat(GRAFANA.expand("$__timeGroup(c, " + interval + ")", context).sql())
                .isEqualTo(expected);
        if (millis.startsWith("-")) {
            assertThat(catchThrowableOfType(
                            MacroException.class, () -> GRAFANA.expand("$__timeGroup(c, $interval)", context)))
                    .as("a sign from outside is a token more")
                    .hasMessageContaining("error parsing interval");
        } else {
            assertThat(GRAFANA.expand("$__timeGroup(c, '$interval')", context).sql())
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "h",
                ".s",
                "-",
                "+",
                "1h 30m",
                "1.5d",
                "1d12h",
                "1.2.3s",
                "1 h",
                "0M",
                "-1M",
                "1.5M",
                "5mm",
                "2562047h47m16.854775808s",
                "9223372036854775808ns",
                "99999999999999999999h",
                "99999999999999999999d",
                "1e3s",
                "１h",
                "0.x"
            })
    void what_is_no_interval_of_grafanas_is_none_here(String interval) {
        assertThat(catchThrowableOfType(MacroException.class, () -> expand("$__timeGroup(c, '" + interval + "')")))
                .hasMessageContaining("error parsing interval " + interval);
    }

    @Test
    void a_value_of_a_variable_is_not_told() {
        assertThat(catchThrowableOfType(MacroException.class, () -> expand("$__timeGroup(c, $quote)")))
                .hasMessageContaining("error parsing interval that a variable has")
                .hasMessageNotContaining("TRUE");
    }

    @Test
    void months_are_counted_as_grafana_reads_them() {
        assertThat(expand("$__timeGroup(c, M)")).isEqualTo(expand("$__timeGroup(c, 1M)"));
        assertThat(expand("$__timeGroup(c, ' +03 M')")).isEqualTo(expand("$__timeGroup(c, 3M)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "SELECT $word FROM t | SELECT name FROM t",
                "SELECT DISTINCT a, $word AS x FROM t | SELECT DISTINCT a, name AS x FROM t",
                "SELECT AVG($word) v, COUNT(DISTINCT $word) FROM t | SELECT AVG(name) v, COUNT(DISTINCT name) FROM t",
                "SELECT ROUND(AVG(CAST($word AS FLOAT64)), 2) FROM t | SELECT ROUND(AVG(CAST(name AS FLOAT64)), 2) FROM t",
                "SELECT $word(a) FROM t | SELECT name(a) FROM t",
                "SELECT * EXCEPT ($word) FROM t | SELECT * EXCEPT (name) FROM t",
                "SELECT a FROM (SELECT $word AS a FROM t) | SELECT a FROM (SELECT name AS a FROM t)",
                "WITH q AS (SELECT $word FROM t) SELECT 1 | WITH q AS (SELECT name FROM t) SELECT 1",
                "FROM t JOIN $word USING ($word) | FROM t JOIN name USING (name)",
                "FROM t, $word | FROM t, name",
                "FROM $word AS $one | FROM name AS events",
                "INSERT INTO $word SELECT 1 | INSERT INTO name SELECT 1",
                "WHERE $word.id = t.$word | WHERE name.id = t.name",
                "GROUP BY 1, $word HAVING TRUE | GROUP BY 1, name HAVING TRUE",
                "ORDER BY $word DESC LIMIT 1 | ORDER BY name DESC LIMIT 1",
                "SUM(a) OVER (PARTITION BY $word ORDER BY $one) | SUM(a) OVER (PARTITION BY name ORDER BY events)",
                "TIMESTAMP_TRUNC(ts, $word) | TIMESTAMP_TRUNC(ts, name)",
                "SELECT EXTRACT($word FROM $one) FROM t | SELECT EXTRACT(name FROM events) FROM t",
                "SELECT MAX(EXTRACT(HOUR FROM $one)) FROM t | SELECT MAX(EXTRACT(HOUR FROM events)) FROM t",
                "INTERVAL 5 $word | INTERVAL 5 name",
                "WHERE $__timeFilter( $word ) | WHERE name >= '2024-01-01T00:00:00Z' AND name <= '2024-01-02T00:00:00Z'",
                "WHERE `$word` = 5 | WHERE `name` = 5",
                "WHERE x_$word = 5 | WHERE x_name = 5"
            })
    void a_name_stands_where_only_a_name_can(String sql, String expected) {
        assertThat(expand(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WHERE $v = id",
                "WHERE id IN (0, $v)",
                "WHERE id BETWEEN 1 AND $v",
                "WHERE id BETWEEN $v AND 5",
                "WHERE id = ABS($v)",
                "WHERE id = 0 + $v",
                "WHERE id IS NOT DISTINCT FROM $v",
                "WHERE id >= 2*$v",
                "WHERE id in unnest([$v])",
                "WHERE id = [$v][OFFSET(0)]",
                "WHERE id = ${v}${empty}",
                "WHERE id = (SELECT $v)",
                "WHERE id IN (SELECT $v FROM u)",
                "WHERE id IN (SELECT x FROM (SELECT $v AS x FROM u))",
                "WHERE id IN (t.${list:csv})",
                "WHERE id IN (${list:csv}.x)",
                "SELECT IF(id = $v, 1, 0) FROM t",
                "SELECT NULLIF(id, $v) FROM t",
                "SELECT $v = id FROM t",
                "SELECT 1, id = $v FROM t",
                "SELECT ABS($v) > 5 FROM t",
                "ORDER BY $v = id",
                "SELECT $v AS x FROM t HAVING id = x",
                "WITH q AS (SELECT $v AS x FROM u) SELECT 1 FROM t, q WHERE t.id = q.x",
                "FROM t JOIN u ON t.id = $v",
                "FROM t WHERE $v",
                "FROM t LIMIT $v",
                "UPDATE t SET a = $v",
                "$__timeFilter($v + x)",
                "f($v, 5)"
            })
    void a_name_never_stands_where_a_value_may(String sql) {
        for (String value : List.of("id", "7")) {
            MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                    .variable("v", value)
                    .variable("empty", "")
                    .variable("list", value, "id")
                    .build();
            if (value.equals("id")) {
                assertThat(catchThrowableOfType(MacroException.class, () -> GRAFANA.expand(sql, context)))
                        .as(sql)
                        .hasMessageContaining("without changing the query");
            } else if (!sql.contains("list") && !sql.contains("empty")) {
                assertThat(GRAFANA.expand(sql, context).sql()).contains("7");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT $v FROM t", "t.$v", "FROM $v", "'$v'", "`$v`", "-- $v", "x_$v", "${v:sqlstring}"})
    void a_variable_of_numbers_has_no_other_values_anywhere(String sql) {
        for (TableField.Type type : List.of(TableField.Type.INT64, TableField.Type.FLOAT64, TableField.Type.NUMERIC)) {
            MacroContext context = MacroContext.builder(CONTEXT.from(), CONTEXT.to())
                    .variable("v", type, List.of("id"))
                    .build();
            assertThat(catchThrowableOfType(MacroException.class, () -> GRAFANA.expand(sql, context)))
                    .hasMessageContaining("is no number");
        }
    }
}
