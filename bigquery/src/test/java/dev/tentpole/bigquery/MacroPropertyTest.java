package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No value of a variable changes what tokens a query has. */
final class MacroPropertyTest {

    private static final String QUERY =
            "SELECT $one, ${one:regex} x, [[one]] FROM t -- $one\nWHERE a IN ($many) AND b = '$one'"
                    + " AND c IN UNNEST($many) AND $__timeFilter(ts) OR ${many:json} = \"\"\"$many\"\"\" AND d = ${one:lucene}"
                    + " AND e = ${one:sqlstring} AND f = ${many:pipe} /* $many */ LIMIT 10";

    private static final String GRAFANA_QUERY =
            "SELECT * FROM t WHERE a IN ($many) AND b = '$one' AND c = \"${one}\" AND"
                    + " d IN (${many:singlequote}) AND e = ${many:doublequote} -- end";

    private static List<Kind> kinds(String sql) {
        return SqlLexer.all(sql).stream().map(SqlToken::kind).toList();
    }

    private static MacroContext context(String one, List<String> many) {
        return MacroContext.builder(Instant.EPOCH, Instant.ofEpochSecond(3600))
                .variable("one", one)
                .variable("many", TableField.Type.STRING, many)
                .build();
    }

    private static void assertSameTokens(MacroEngine engine, String sql, String one, String two) {
        MacroQuery harmless = engine.expand(sql, context("a", List.of("a", "b")));
        MacroQuery query;
        try {
            query = engine.expand(sql, context(one, List.of(one, two)));
        } catch (MacroException e) {
            // Refusing a value is always safe.
            return;
        }
        assertThat(kinds(query.sql())).isEqualTo(kinds(harmless.sql())).doesNotContain(Kind.UNTERMINATED, Kind.UNKNOWN);
        assertThat(query.parameters()).hasSameSizeAs(harmless.parameters());
    }

    @Property(tries = 2_000)
    void values_that_are_bound(@ForAll("values") String one, @ForAll("values") String two) {
        assertSameTokens(MacroEngine.standard(), QUERY, one, two);
        MacroQuery query = MacroEngine.standard().expand("$one", context("x", List.of()));
        assertThat(query.sql()).isEqualTo("@one");
    }

    @Property(tries = 2_000)
    void values_that_are_written(@ForAll("values") String one, @ForAll("values") String two) {
        assertSameTokens(MacroEngine.builder().text().build(), QUERY, one, two);
    }

    @Property(tries = 2_000)
    void values_that_are_written_as_grafana_does(@ForAll("values") String one, @ForAll("values") String two) {
        assertSameTokens(MacroEngine.builder().grafana().build(), GRAFANA_QUERY, one, two);
    }

    @Property(tries = 1_000)
    void no_query_throws_anything_else(@ForAll("queries") String sql) {
        for (MacroEngine engine : List.of(
                MacroEngine.standard(),
                MacroEngine.builder().text().build(),
                MacroEngine.builder().grafana().build())) {
            try {
                engine.expand(sql, context("v", List.of("a", "b")));
            } catch (MacroException e) {
                assertThat(e.offset()).isBetween(0, sql.length());
            }
        }
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> pieces = Arbitraries.of(
                "'",
                "\"",
                "\\",
                "`",
                "--",
                "#",
                "/*",
                "*/",
                ")",
                "(",
                ";",
                "\n",
                "\r",
                "\t",
                "\0",
                "''",
                "\"\"\"",
                "'''",
                " OR TRUE ",
                "a",
                "1",
                "$one",
                "${many}",
                "@p",
                "ä",
                "🙂",
                "\ud800",
                "r'",
                "b\"",
                ",",
                "|",
                "[[one]]");
        Arbitrary<String> built = pieces.list().ofMaxSize(8).map(list -> String.join("", list));
        return Arbitraries.oneOf(built, Arbitraries.strings().ofMaxLength(20));
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.of(
                        "$__timeFilter",
                        "$__timeGroup",
                        "(",
                        ")",
                        ",",
                        "'",
                        "\"",
                        "${",
                        "}",
                        "$",
                        "one",
                        "$one",
                        ":",
                        "raw",
                        "[[",
                        "]]",
                        "many",
                        " ",
                        "--",
                        "\n",
                        "/*",
                        "$$__",
                        "$__interval",
                        "5m",
                        "UNNEST(",
                        "`")
                .list()
                .ofMaxSize(15)
                .map(list -> String.join("", list));
    }
}
