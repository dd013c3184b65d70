package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text, there is an estimate. */
final class SqlFuzzPropertyTest {

    private static final String[] WORDS = {
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP BY",
        "ORDER BY",
        "LIMIT",
        "WITH",
        "RECURSIVE",
        "AS",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "*",
        "people",
        "orders",
        "sessions",
        "events",
        "hits",
        "items",
        "id",
        "name",
        "age",
        "ts",
        "n",
        "x",
        "'a'",
        "\"b\"",
        "1",
        "2.5",
        "@p",
        "?",
        "AND",
        "OR",
        "NOT",
        "IN",
        "UNNEST",
        "BETWEEN",
        "IS NULL",
        "LIKE",
        "JOIN",
        "LEFT JOIN",
        "ON",
        "USING",
        "UNION ALL",
        "EXCEPT DISTINCT",
        "|>",
        "EXTEND",
        "AGGREGATE",
        "PIVOT",
        "UNPIVOT",
        "FOR",
        "QUALIFY",
        "OVER",
        "PARTITION BY",
        "STRUCT",
        "ARRAY",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "CAST",
        "EXTRACT",
        "INTERVAL",
        "DAY",
        "DATE",
        "TIMESTAMP",
        "COUNT",
        "SUM",
        "`proj.ds.people`",
        "`shard_*`",
        "_TABLE_SUFFIX",
        ";",
        "DECLARE",
        "SET",
        "IF",
        "MERGE",
        "UPDATE",
        "DELETE",
        "INSERT INTO",
        "VALUES",
        "CREATE TABLE",
        "TABLESAMPLE SYSTEM",
        "PERCENT",
        "=",
        "<",
        ">",
        "-",
        "+",
        "/*",
        "--",
        "\n",
        "#",
        "'''",
        "r'",
        "WITH OFFSET",
        "REPLACE",
        "EXCEPT",
        "DISTINCT",
        "ALL",
        "HAVING",
        "->",
        "=>",
        "grown_ups",
        "files",
        "@@x",
        "$__f",
        "EXISTS",
        "WINDOW",
        "ROWS",
        "BEGIN",
        "LOOP",
        "CALL",
        "MATCHED",
        "USING",
        "@{",
        "WITH DIFFERENTIAL_PRIVACY",
        "CORRESPONDING BY",
        "GROUPING SETS",
        "ROLLUP",
        "LATERAL",
        "EXPORT DATA",
        "OPTIONS",
        "MATCH_RECOGNIZE",
        "CREATE FUNCTION",
        "FOR SYSTEM_TIME AS OF",
        "SAFE",
        ".("
    };

    @Property(tries = 4_000)
    void any_words_in_any_order_get_an_estimate(@ForAll("words") String sql) {
        answered(sql);
    }

    @Property(tries = 2_000)
    void any_characters_get_an_estimate(@ForAll String sql) {
        answered(sql);
    }

    @Property(tries = 2_000)
    void a_query_with_pieces_taken_out_or_doubled_gets_an_estimate(@ForAll Random random) {
        List<String> queries = HandWritten.queries();
        StringBuilder sql = new StringBuilder(queries.get(random.nextInt(queries.size())));
        for (int i = random.nextInt(6); i >= 0 && sql.length() > 1; i--) {
            int from = random.nextInt(sql.length());
            int to = Math.min(sql.length(), from + random.nextInt(12));
            String piece = sql.substring(from, to);
            if (random.nextBoolean()) {
                sql.delete(from, to);
            } else {
                sql.insert(random.nextInt(sql.length() + 1), piece);
            }
        }
        answered(sql.toString());
    }

    @Example
    void a_join_in_brackets_can_be_pivoted() {
        answered("SELECT k FROM (people, orders JOIN sessions ON id = person_id) UNPIVOT (v FOR k IN (age, visit))");
        answered("SELECT * FROM days, (people JOIN orders ON id = person_id) PIVOT (SUM(age) FOR status IN ('a'))");
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of(WORDS).list().ofMaxSize(40).map(words -> String.join(" ", words));
    }

    static void answered(String sql) {
        assertThatCode(() -> {
                    CostEstimate estimate = SampleCatalog.estimate(sql);
                    assertThat(estimate.toJson()).isNotEmpty();
                    for (CostWarning warning : estimate.warnings()) {
                        assertThat(warning.start()).isBetween(0, sql.length());
                        assertThat(warning.end()).isBetween(warning.start(), sql.length());
                    }
                })
                .as(sql)
                .doesNotThrowAnyException();
    }
}
