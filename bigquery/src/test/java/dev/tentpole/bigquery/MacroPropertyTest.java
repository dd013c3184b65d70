package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.SqlToken.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    /** Everywhere, and right beside everything. */
    private static final List<String> PLACES = List.of(
            "'%s'",
            "\"%s\"",
            "r'%s'",
            "R\"%s\"",
            "b'%s'",
            "rb'%s'",
            "\'\'\'%s\'\'\'",
            "\"\"\"%s\"\"\"",
            "r\"\"\"%s\"\"\"",
            "`%s`",
            "`p.d.%s`",
            "-- %s\nx",
            "# %s\nx",
            "/* %s */",
            "'\\%s'",
            "'\\\\%s'",
            "r'\\%s'",
            "%s",
            "(%s)",
            "x%s",
            "%sx",
            "1%s",
            "%s1",
            "%s.x",
            "%s.5",
            "x.%s",
            "1.%s",
            "-%s",
            "%s-",
            "- -%s",
            "@%s",
            "@@%s",
            "$%s",
            "'a'%s",
            "%s'a'",
            "%s\"a\"",
            "''%s''",
            "%s`a`",
            "`a`%s",
            "%s%s",
            "x = %s",
            "x IN (%s)",
            "x IN UNNEST(%s)",
            "UNNEST( %s )",
            "LIMIT %s",
            "x LIKE '%%%s%%'",
            "f(a, %s, 'b')",
            "[%s]",
            "a[%s]",
            "${one:join:'} = '%s'",
            "${many:join:--}%s",
            "$__timeFilter(%s)",
            "$__timeFilter(f('%s'))",
            "$__timeFilter(f(')', '%s'))",
            "$__timeFilter(a -- %s\n)",
            "$__timeGroup(a, '%s')",
            "$__timeGroup(a, %s)",
            "WHERE id = ABS(%s)",
            "WHERE id IN (0, %s)",
            "GROUP BY %s",
            "TIMESTAMP_TRUNC(ts, %s)",
            "SELECT AVG(%s) AS v FROM t",
            "$__timeGroup(%s, 5m)",
            "$__timeFrom(%s)",
            "$__time%s(a)",
            "$_%s",
            "$__timeFilter($__timeFilter(%s))",
            "DATE %s",
            "TIMESTAMP '%s'",
            "SELECT %s FROM t",
            "FROM %s",
            "FROM p.d.%s",
            "FROM `p`.`d`.%s");

    private static final List<String> REFERENCES = List.of(
            "$one",
            "${one}",
            "[[one]]",
            "$many",
            "${many}",
            "${one:raw}",
            "${many:csv}",
            "${one:sqlstring}",
            "${many:singlequote}",
            "${one:doublequote}",
            "${one:regex}",
            "${many:regex}",
            "${one:json}",
            "${many:glob}",
            "${many:join:|}",
            "${one:text}",
            "$number",
            "${number:csv}",
            "$flag",
            "$float");

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

    /** What is written for a harmless value and for an evil one are the same tokens, for each kind of quotes and each place. */
    @Property(tries = 6_000)
    void a_value_in_any_place_and_any_format(
            @ForAll("places") String place,
            @ForAll("references") String reference,
            @ForAll("values") String one,
            @ForAll("values") String two,
            @ForAll("numbers") String number) {
        String sql = query(place, reference);
        for (MacroEngine engine : List.of(
                MacroEngine.standard(),
                MacroEngine.builder().text().build(),
                MacroEngine.builder().grafana().build())) {
            MacroQuery query;
            try {
                query = engine.expand(sql, context(one, two, number));
            } catch (MacroException e) {
                continue;
            }
            List<List<Kind>> harmless = new ArrayList<>();
            for (List<String> values : HARMLESS) {
                try {
                    harmless.add(kinds(engine.expand(sql, context(values.get(0), values.get(1), values.get(2)))
                            .sql()));
                } catch (MacroException e) {
                    // Where names are refused numbers may be right.
                }
            }
            if (harmless.isEmpty()) {
                // No number is right there, but nothing is: it leaves the word of which it is a part.
                MacroQuery part = engine.expand(query(place, "q"), context("a", "b", "1"));
                harmless.add(kinds(part.sql()));
            }
            assertThat(harmless).as(sql + " -> " + query.sql()).contains(kinds(query.sql()));
        }
    }

    /** Values are compared here, so that a name in their place would be a column, and might make the condition true. */
    private static final List<String> CONDITIONS = List.of(
            "id = %s",
            "%s = id",
            "id IN (0, %s)",
            "id NOT IN (%s, 5)",
            "id BETWEEN %s AND 5",
            "id BETWEEN 1 AND %s",
            "id = ABS(%s)",
            "id = f(1, %s)",
            "id = 0 + %s",
            "id = -%s",
            "id >= 2*%s",
            "id IS NOT DISTINCT FROM %s",
            "id IN UNNEST([%s])",
            "id = [%s][OFFSET(0)]",
            "id = ANY (SELECT %s)",
            "id IN (SELECT %s FROM u)",
            "id IN (SELECT x FROM (SELECT %s AS x FROM u))",
            "id IN (SELECT %s UNION ALL SELECT 5)",
            "EXISTS (SELECT x FROM u WHERE id = %s)",
            "id = CASE WHEN a THEN %s ELSE 5 END",
            "id = CAST(%s AS INT64)",
            "id = %s%s",
            "id = /* %s */ %s",
            "(id, 1) IN ((%s, 1))",
            "MOD(id, %s) = 0",
            "NOT %s",
            "%s");

    private static final List<String> CLAUSES =
            List.of("WHERE %c", "WHERE a AND (%c)", "JOIN u ON %c", "GROUP BY a HAVING %c", "QUALIFY %c");

    /** What is asked is the same whatever the value is: the names of the query are those that it was written with. */
    @Property(tries = 4_000)
    void no_value_is_a_column_where_values_are_compared(
            @ForAll("clauses") String clause,
            @ForAll("conditions") String condition,
            @ForAll("references") String reference,
            @ForAll("columns") String one,
            @ForAll("columns") String two,
            @ForAll("numbers") String number) {
        String sql = "SELECT a FROM t " + clause.replace("%c", condition).replace("%s", reference);
        for (MacroEngine engine : List.of(
                MacroEngine.standard(),
                MacroEngine.builder().text().build(),
                MacroEngine.builder().grafana().build())) {
            String expanded;
            try {
                expanded = engine.expand(sql, context(one, two, number)).sql();
            } catch (MacroException e) {
                continue;
            }
            assertThat(names(expanded)).as(sql + " -> " + expanded).isEqualTo(names(sql.replace(reference, "7")));
        }
    }

    /** The words of a query, but for those that are literals. */
    private static List<String> names(String sql) {
        return SqlLexer.code(sql).stream()
                .filter(token -> token.kind() == Kind.WORD)
                .map(token -> token.text(sql))
                .filter(word -> !LITERAL_WORDS.contains(word))
                .toList();
    }

    private static final Set<String> LITERAL_WORDS = Set.of("true", "TRUE", "NULL", "CAST", "AS", "INT64", "FLOAT64");

    @Provide
    Arbitrary<String> clauses() {
        return Arbitraries.of(CLAUSES);
    }

    @Provide
    Arbitrary<String> conditions() {
        return Arbitraries.of(CONDITIONS);
    }

    @Provide
    Arbitrary<String> columns() {
        return Arbitraries.oneOf(Arbitraries.of("id", "a", "x", "i", "d", "", "t", "7", "u.id"), values());
    }

    private static String query(String place, String value) {
        return "SELECT 1, " + place.replace("%%", "%").replace("%s", value) + " AND 'end' = \"end\"";
    }

    private static final List<List<String>> HARMLESS = List.of(
            List.of("a", "b", "1"),
            List.of("7", "b", "-1"),
            List.of("a", "8", "1"),
            List.of("7", "8", "1"),
            List.of("-7", "8", "1"),
            List.of("-7", "-8", "1"),
            List.of("7", "-8", "1"),
            List.of("7.5", "8", "1"),
            List.of("5m", "8", "1"),
            List.of("0", "8", "0"),
            List.of("-7.5", "b", "1"));

    private static MacroContext context(String one, String two, String number) {
        return MacroContext.builder(Instant.EPOCH, Instant.ofEpochSecond(3600))
                .variable("one", one)
                .variable("many", TableField.Type.STRING, List.of(one, two))
                .variable("number", TableField.Type.INT64, List.of(number))
                .variable("float", TableField.Type.FLOAT64, List.of(number))
                .variable("flag", TableField.Type.BOOL, List.of("true"))
                .build();
    }

    @Provide
    Arbitrary<String> places() {
        return Arbitraries.of(PLACES);
    }

    @Provide
    Arbitrary<String> references() {
        return Arbitraries.of(REFERENCES);
    }

    @Provide
    Arbitrary<String> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of("0", "-1", "1 OR 1", "-", "", "1e5", "--1", "9223372036854775807", "1;"));
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
                "$__timeFilter(x)",
                "__timeFilter(x)",
                "$__",
                "$__interval",
                "(x)",
                "5m",
                "-5",
                "x",
                ".",
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
