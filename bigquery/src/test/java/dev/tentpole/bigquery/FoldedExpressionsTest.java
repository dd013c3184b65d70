package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is null, or is not, whatever the rows are: BigQuery may compute it without them, so that nothing need be read. */
final class FoldedExpressionsTest {

    private static final long COLUMN = 8_000;

    private static final Catalog CATALOG = Catalog.builder()
            .table(table("p.d.r", "a", "b", "c"))
            .table(table("p.d.s", "a", "d"))
            .defaultProject("p")
            .defaultDataset("d")
            .build();

    private static TableStats table(String name, String... columns) {
        TableStats.Builder table = TableStats.builder(name).rows(1_000);
        for (String column : columns) {
            table.field(TableField.of(column, TableField.Type.INT64, TableField.Mode.REQUIRED));
        }
        return table.bytes(COLUMN * columns.length).build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a IS NULL",
                "NOT (a IS NOT NULL)",
                "a + 1 IS NULL",
                "COALESCE(a, 1) IS NULL",
                "(a > 1) IS NULL",
                "(a > 1) IS UNKNOWN",
                "IF(a IS NOT NULL, FALSE, TRUE)",
                "COUNT(a) OVER () IS NULL",
                "STRUCT(a) IS NULL",
                "a != a",
                "NOT a = a",
                "a BETWEEN 5 AND 3",
                "a = 1 AND a = 2",
                "a > 5 AND b > 1 AND a < 3",
                "a IN (1, 2) AND 2 < a",
                "a > SAFE.DATE_DIFF(CURRENT_DATE(), 'x', DAY)",
                "a IN (SELECT NULL)",
                "a = (SELECT x FROM (SELECT CAST(NULL AS INT64) AS x))",
                "NOT EXISTS (SELECT 1 FROM UNNEST([1]))"
            })
    void a_condition_that_no_row_may_meet_may_read_nothing(String condition) {
        assertThat(bytes("SELECT a, b FROM r WHERE " + condition)).isEqualTo(new CostBytes(0, 2 * COLUMN, 2 * COLUMN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT b FROM r JOIN (SELECT CAST(NULL AS INT64) AS a) x USING (a)",
                "SELECT b FROM r JOIN (SELECT @p AS a) x USING (a)",
                "SELECT b FROM (SELECT CAST(NULL AS INT64) AS a) x NATURAL JOIN r",
                "SELECT b FROM (SELECT a, b FROM r UNION ALL SELECT a, d FROM s) WHERE a IS NULL",
                "WITH n AS (SELECT CAST(NULL AS INT64) AS d) SELECT b FROM r WHERE a > (SELECT d FROM n)",
                "SELECT b FROM (SELECT b, CAST([] AS ARRAY<INT64>) AS e FROM r) t, t.e",
                "SELECT b FROM (SELECT b, CAST([] AS ARRAY<INT64>) AS e FROM r) t, UNNEST(e)",
                "SELECT b FROM (SELECT a, b FROM r WHERE a > 5) WHERE a < 3"
            })
    void rows_that_constants_keep_out_may_not_be_read(String sql) {
        assertThat(bytes(sql).lower()).isZero();
        assertThat(bytes(sql).expected()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a IN (NULL)",
                "CAST(NULL AS INT64) IN (a, b)",
                "POW(a, NULL)",
                "GREATEST(a, b, NULL)",
                "SUBSTR(CAST(a AS STRING), NULL)",
                "a BETWEEN NULL AND 2",
                "MOD(a, @p)",
                "(a + NULL) * b",
                "a + (SELECT NULL)",
                "a IS NOT NULL OR b > 1",
                "IF(a IS NULL, a, b) > 1 AND a IS NULL",
                "CASE a WHEN NULL THEN b END",
                "IF(a > 1, 5, 5)",
                "a + 1 IS NULL",
                "COUNT(a + 1)",
                "COALESCE(IF(FALSE, a, 1), b)",
                "[a, b][OFFSET(0)]",
                "ARRAY_LENGTH([a, b])",
                "(SELECT COUNT(*) FROM UNNEST([a, b]))",
                "SUM(a * NULL) OVER (PARTITION BY b)",
                "a = a"
            })
    void what_constants_decide_about_may_not_be_read(String expr) {
        CostBytes bytes = bytes("SELECT " + expr + " FROM r");

        assertThat(bytes.lower()).isZero();
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(COLUMN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT SUM(a) / COUNT(*), MAX(b) FROM r",
                "SELECT a, b FROM r GROUP BY a, b HAVING COUNT(*) > 5",
                "SELECT a + RAND(), b FROM r",
                "SELECT SUM(IF(a > 1, 1, 0)), COUNT(CASE WHEN b > 1 THEN 1 END) FROM r",
                "SELECT COUNTIF(a > 2), COALESCE(SUM(b), 0) / COUNT(*) FROM r",
                "SELECT COUNT(NULLIF(a, 1)), COUNT(SAFE_CAST(b AS DATE)) FROM r",
                "SELECT CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END, b FROM r",
                "SELECT a, b FROM r WHERE a > 5 AND a < 8 AND a != 6",
                "SELECT a, b FROM r WHERE a IN (1, NULL) OR b = 2",
                "SELECT a, b FROM r WHERE REGEXP_EXTRACT(CAST(a AS STRING), '1') IS NULL",
                "SELECT a, b FROM r WHERE LAG(a) OVER (ORDER BY b) IS NULL",
                "SELECT b FROM r JOIN (SELECT a AS k FROM r) x ON r.a = x.k"
            })
    void what_rows_decide_is_read(String sql) {
        assertThat(bytes(sql).lower()).isEqualTo(2 * COLUMN);
    }

    private static CostBytes bytes(String sql) {
        return CostEstimator.ofDefaults()
                .estimate(sql, List.of(), CATALOG, Pricing.onDemand("US"))
                .bytes();
    }
}
