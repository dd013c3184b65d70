package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for a value joins nothing beside it, and what is beside it does not join in its place. */
final class MacroSeamsTest {

    private static final Instant TO = Instant.parse("2024-01-02T00:00:00Z");
    private static final MacroEngine BOUND = MacroEngine.standard();
    private static final MacroEngine TEXT = MacroEngine.builder().text().build();
    private static final MacroEngine GRAFANA = MacroEngine.builder().grafana().build();

    /** Long before 1970, so that its number has a sign. */
    private static final MacroContext CONTEXT = MacroContext.builder(Instant.parse("1969-12-31T00:00:00Z"), TO)
            .variable("empty", "")
            .variable("b", "b")
            .variable("decimal", "5.5")
            .variable("whole", "5")
            .variable("minus", "-5")
            .variable("exponent", "e5")
            .variable("no_bytes", TableField.Type.BYTES, List.of(""))
            .build();

    private static String grafana(String sql) {
        return GRAFANA.expand(sql, CONTEXT).sql();
    }

    private static void assertRefused(String sql) {
        assertThat(catchThrowableOfType(MacroException.class, () -> grafana(sql)))
                .as(sql)
                .hasMessageContaining("without changing the query");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT '''a'$empty'' OR 1=1 -- '''",
                "SELECT '''a''$empty' OR 1=1 -- '''",
                "SELECT r'''a''$empty' OR 1=1 -- '''",
                "SELECT \"\"\"a\"$empty\"\" OR 1=1 -- \"\"\"",
                "SELECT b'$no_bytes'''",
                "SELECT 1 /* *$empty/ OR x */",
                "SELECT '$empty''x' FROM t",
                "SELECT \"$empty\"\"x\" FROM t",
            })
    void a_value_that_is_empty_joins_nothing_around_it(String sql) {
        assertRefused(sql);
        String other = sql.replace("$empty", "$b").replace("$no_bytes", "$b");
        assertThat(grafana(other)).isEqualTo(other.replace("$b", "b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "WHERE x = 1-$__from AND tenant = 5 | WHERE x = 1-CAST('-86400000' AS INT64) AND tenant = 5",
                "x -${__from} | x -CAST('-86400000' AS INT64)",
                "x-$__to, x/$__interval_ms | x-1704153600000, x/60000",
                "1e-$__to, 1E+$__interval_ms | 1e- 1704153600000, 1E+ 60000",
                "-$__timeFrom(-x) | - -x >= TIMESTAMP '1969-12-31 00:00:00.000000+00:00'",
            })
    void times_before_1970_begin_no_comment(String sql, String expected) {
        assertThat(TEXT.expand(sql, CONTEXT).sql()).isEqualTo(expected);
        assertThat(SqlLexer.all(BOUND.expand(sql, CONTEXT).sql()))
                .extracting(SqlToken::kind)
                .doesNotContain(Kind.COMMENT, Kind.FLOAT);
    }

    @Test
    void a_parameter_is_never_read_as_a_variable_of_the_system() {
        assertThat(catchThrowableOfType(MacroException.class, () -> BOUND.expand("x = @$b", CONTEXT)))
                .hasMessageContaining("would become a part of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT t.$__to", "SELECT t. $__to", "SELECT t /* a */ . -- b\n $__interval_ms"})
    void a_number_is_no_name_behind_a_dot(String sql) {
        for (MacroEngine engine : List.of(BOUND, TEXT)) {
            assertThat(catchThrowableOfType(MacroException.class, () -> engine.expand(sql, CONTEXT)))
                    .hasMessageContaining("would become a part of");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT $__timeFilter(c]", "x[$__timeFilter(c], d)", "$__timeGroup(c, 5m}"})
    void only_a_parenthesis_closes_the_arguments_of_a_macro(String sql) {
        for (MacroEngine engine : List.of(BOUND, TEXT)) {
            assertThat(catchThrowableOfType(MacroException.class, () -> engine.expand(sql, CONTEXT)))
                    .hasMessageContaining("lack their closing parenthesis");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1-$__from AND tenant = 5",
                "SELECT 1 -${__from}",
                "SELECT 1 -${__from:raw}",
                "SELECT x.$__from",
                "SELECT $__from.5",
                "SELECT $__from'a'",
                "SELECT 5$__interval_ms",
                "SELECT 1.$__interval_ms",
                "SELECT 1e-$__to",
                "SELECT $__interval'a'",
                "SELECT $__from$__to",
            })
    void grafanas_own_variables_join_nothing_either(String sql) {
        assertRefused(sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM d.$decimal",
                "SELECT t.$decimal FROM t",
                "SELECT t. $decimal FROM t",
                "SELECT t /* a */ . /* b */ $decimal FROM t",
                "SELECT x.$decimal.y",
                "SELECT CASE WHEN a THEN 1 END.$whole",
                "SELECT .$whole",
                "SELECT 1.${exponent}IN x",
                "SELECT 1${exponent}IN x",
                "SELECT 1e+$whole",
                "SELECT $whole.x",
                "SELECT $whole .5",
                "SELECT $decimal/* a */.5",
                "SELECT ($whole.x)",
                "SELECT x.$minus",
                "SELECT -$minus",
            })
    void a_number_joins_no_dot_or_sign_or_number(String sql) {
        assertRefused(sql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "SELECT t.$whole, d.$__interval FROM t | SELECT t.5, d.1m FROM t",
                "SELECT x=$minus, x/$whole, x*$minus, ($decimal) | SELECT x=-5, x/5, x*-5, (5.5)",
                "SELECT x -$__to, $__from, - $__from | SELECT x -1704153600000, -86400000, - -86400000",
                "LIMIT $whole-- $b | LIMIT 5-- b",
                "SELECT '$b'='$empty' | SELECT 'b'=''",
                "'$empty' '$b' | '' 'b'",
                "('$empty'),('$empty') | (''),('')",
                "FROM t.$b/* $b */.x | FROM t.b/* b */.x",
            })
    void what_joins_nothing_is_written_as_grafana_does(String sql, String expected) {
        assertThat(grafana(sql)).isEqualTo(expected);
    }

    @Test
    void the_sign_of_a_whole_number_decides_how_it_is_written() {
        for (String number : List.of("5", "0", "-5")) {
            MacroContext context = MacroContext.builder(TO, TO)
                    .variable("n", TableField.Type.INT64, List.of(number))
                    .build();
            assertThat(TEXT.expand("x -$n", context).sql())
                    .isEqualTo(number.startsWith("-") ? "x -CAST('" + number + "' AS INT64)" : "x -" + number);
        }
    }
}
