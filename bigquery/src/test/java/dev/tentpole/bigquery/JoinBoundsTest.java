package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TablePartitioning.Unit;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions on rows that have columns of none: beside outer joins, and in totals of groups. */
final class JoinBoundsTest {

    /** Both columns of all days. */
    private static final long ALL_DAYS = 31 * 1_000 * 16L;

    private static final Catalog CATALOG = Catalog.builder()
            .defaultProject("p")
            .defaultDataset("d")
            .table(days())
            .table(table("u", "k", "a"))
            .table(table("u2", "k", "x"))
            .table(TableStats.builder("p.d.s")
                    .rows(100)
                    .field(TableField.of("d", TableField.Type.DATE, Mode.REQUIRED))
                    .field(TableField.of("g", TableField.Type.INT64, Mode.REQUIRED))
                    .build())
            .table(table("w_1", "x"))
            .table(table("w_2", "x"))
            .table(TableStats.builder("p.d.vt")
                    .kind(TableStats.Kind.VIEW)
                    .viewSql("SELECT d, a FROM p.d.t")
                    .build())
            .build();

    private static TableStats days() {
        TableStats.Builder table = TableStats.builder("p.d.t")
                .partitioning(TablePartitioning.time(Unit.DAY, "d"))
                .field(TableField.of("d", TableField.Type.DATE, Mode.REQUIRED))
                .field(TableField.of("a", TableField.Type.INT64, Mode.REQUIRED));
        for (int day = 1; day <= 31; day++) {
            table.partition(LocalDate.of(2024, 1, day).format(DateTimeFormatter.BASIC_ISO_DATE), 1_000, 1_000 * 16);
        }
        return table.build();
    }

    private static TableStats table(String name, String... columns) {
        TableStats.Builder table = TableStats.builder("p.d." + name).rows(100);
        for (String column : columns) {
            table.field(TableField.of(column, TableField.Type.INT64, Mode.REQUIRED));
        }
        return table.build();
    }

    private static CostBytes estimate(CostEstimator.Builder estimator, String sql) {
        return estimator
                .build()
                .estimate(sql, List.of(), CATALOG, Pricing.onDemand("US"))
                .bytes();
    }

    private static CostBytes trusting(String sql) {
        return estimate(CostEstimator.builder().trust(CostAssumption.values()), sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT u.a FROM u LEFT JOIN t x ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN (SELECT d, a FROM t) x ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN vt x ON u.a = x.a WHERE x.d IS NULL",
                "WITH x AS (SELECT d, a FROM t) SELECT u.a FROM u LEFT JOIN x ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN (SELECT d, a FROM t) x ON u.a = x.a WHERE x.d = '2024-01-05' OR x.d IS NULL",
                "SELECT u.a FROM (SELECT d, a FROM t) x RIGHT JOIN u ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u FULL JOIN (SELECT d, a FROM t) x ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN (SELECT d, a FROM t UNION ALL SELECT d, a FROM t) x ON u.a = x.a WHERE x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN (SELECT d, a FROM t) x ON u.a = x.a JOIN u2 ON x.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN (u2 JOIN (SELECT d, a FROM t) x ON TRUE) ON u.a = x.a WHERE x.d IS NULL",
                "SELECT a FROM (SELECT u.a, x.d FROM u LEFT JOIN (SELECT d, a FROM t) x ON u.a = x.a) WHERE d IS NULL",
                "FROM u |> LEFT JOIN (FROM t |> SELECT d, a) x ON u.a = x.a |> WHERE x.d IS NULL |> SELECT u.a",
                "SELECT u.a FROM u LEFT JOIN t ON u.a = t.a LEFT JOIN u2 ON t.d IS NULL",
                "SELECT u.a FROM u LEFT JOIN t ON u.a = t.a LEFT JOIN u2 ON u2.k = t.a AND t.d = '2024-01-05'",
                "SELECT a FROM t LEFT JOIN LATERAL (SELECT t.d AS e FROM u2 WHERE k = 1) x ON TRUE WHERE x.e IS NULL",
                "FROM t |> LEFT JOIN LATERAL (SELECT t.d AS e FROM u2 WHERE k = 1) x |> WHERE x.e IS NULL |> SELECT a",
                "SELECT ANY_VALUE(a), d FROM (SELECT d, ANY_VALUE(a) a FROM t GROUP BY ROLLUP(d)) WHERE d IS NULL GROUP BY d",
                "SELECT a FROM (SELECT d, ANY_VALUE(a) a FROM t GROUP BY CUBE(d)) WHERE d IS NULL",
                "SELECT a FROM (SELECT d, ANY_VALUE(a) a FROM t GROUP BY GROUPING SETS ((d), ())) WHERE d IS NULL",
                "FROM t |> AGGREGATE ANY_VALUE(a) AS a GROUP BY ROLLUP(d) |> WHERE d IS NULL |> SELECT a"
            })
    void what_null_passes_reads_all_days(String sql) {
        assertThat(trusting(sql).upper()).isGreaterThanOrEqualTo(ALL_DAYS);
        assertThat(estimate(CostEstimator.builder(), sql).expected()).isGreaterThanOrEqualTo(ALL_DAYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT t.a FROM u FULL JOIN t ON u.a = t.a AND t.d = '2024-01-05'",
                "SELECT t.a FROM t FULL JOIN u ON u.a = t.a AND t.d = '2024-01-05'",
                "SELECT t.a FROM t LEFT JOIN u ON u.a = t.a AND t.d = '2024-01-05'",
                "SELECT t.a FROM u LEFT JOIN t ON u.a = t.a FULL JOIN u2 ON u2.k = t.a AND t.d = '2024-01-05'"
            })
    void rows_that_stay_whatever_the_condition_says_are_all_read(String sql) {
        assertThat(estimate(CostEstimator.builder(), sql).expected()).isGreaterThanOrEqualTo(ALL_DAYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT q.a FROM t q JOIN s USING (d) WHERE s.g = 1",
                "SELECT q.a FROM (SELECT d, a FROM t) q JOIN s ON q.d = s.d WHERE s.g = 1",
                "SELECT q.a FROM (SELECT d, a FROM t) q JOIN s USING (d) WHERE s.g = 1",
                "SELECT q.a FROM (SELECT d, a FROM t) q JOIN s USING (d) WHERE s.d = '2024-01-02'",
                "WITH q AS (SELECT d, a FROM t) SELECT q.a FROM s JOIN q USING (d)",
                "SELECT vt.a FROM vt JOIN s USING (d)",
                "SELECT q.a FROM (SELECT d, a FROM t UNION ALL SELECT d, a FROM t) q JOIN s USING (d)",
                "SELECT q.a FROM (SELECT d, a FROM t GROUP BY d, a) q JOIN s USING (d)",
                "SELECT q.a FROM (SELECT DATE_ADD(d, INTERVAL 1 DAY) AS d, a FROM t) q JOIN s USING (d)",
                "SELECT q.a FROM (SELECT d, a FROM (SELECT d, a FROM t)) q LEFT JOIN s USING (d)",
                "SELECT q.a FROM (SELECT d, a FROM t) q FULL JOIN s USING (d)",
                "SELECT q.a FROM (SELECT d, a FROM t) q NATURAL JOIN s",
                "SELECT q.a FROM (SELECT * FROM t) q NATURAL JOIN s",
                "FROM t |> SELECT d, a |> JOIN s USING (d) |> SELECT a",
                "FROM s |> JOIN (SELECT d, a FROM t) USING (d) |> SELECT a"
            })
    void a_join_by_what_comes_of_the_partition_column_may_read_fewer_days(String sql) {
        CostBytes bytes = estimate(CostEstimator.builder(), sql);
        assertThat(bytes.lower()).isLessThan(ALL_DAYS / 2);
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(ALL_DAYS);
    }

    @Test
    void a_join_by_another_column_reads_all_days() {
        assertThat(estimate(
                                CostEstimator.builder(),
                                "SELECT q.d FROM (SELECT d, a FROM t) q JOIN (SELECT g AS a FROM s) USING (a)")
                        .lower())
                .isGreaterThanOrEqualTo(ALL_DAYS);
    }

    @Test
    void a_full_join_reads_all_tables_of_a_wildcard() {
        String left = "SELECT w.x FROM u LEFT JOIN `w_*` w ON u.a = w.x AND w._TABLE_SUFFIX = '1'";
        String all = "SELECT w.x FROM u FULL JOIN `w_*` w ON u.a = w.x";
        assertThat(estimate(CostEstimator.builder(), all + " AND w._TABLE_SUFFIX = '1'")
                        .expected())
                .isEqualTo(estimate(CostEstimator.builder(), all).expected())
                .isGreaterThan(estimate(CostEstimator.builder(), left).expected());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT u.a FROM u LEFT JOIN (SELECT d, a FROM t) x ON u.a = x.a WHERE x.d = '2024-01-05'",
                "SELECT u.a FROM u JOIN (SELECT d, a FROM t) x ON u.a = x.a WHERE x.d = '2024-01-05'",
                "SELECT u.a FROM u LEFT JOIN t ON u.a = t.a AND t.d = '2024-01-05'",
                "SELECT a FROM (SELECT d, ANY_VALUE(a) a FROM t GROUP BY ROLLUP(d)) WHERE d = '2024-01-05'",
                "SELECT a FROM t, LATERAL (SELECT t.a AS e FROM u2) x WHERE t.d = '2024-01-05' AND x.e = 1"
            })
    void what_null_does_not_pass_most_likely_reads_a_day(String sql) {
        assertThat(estimate(CostEstimator.builder(), sql).expected()).isLessThan(ALL_DAYS / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM t, LATERAL (SELECT t.d AS e FROM u2 LIMIT 1) x WHERE x.e = '2024-01-05'",
                "SELECT a FROM t WHERE (SELECT d = '2024-01-05')"
            })
    void what_is_not_followed_may_read_any_number_of_days(String sql) {
        CostBytes bytes = estimate(CostEstimator.builder(), sql);

        assertThat(bytes.upper()).isGreaterThanOrEqualTo(ALL_DAYS);
        assertThat(bytes.lower()).isLessThan(ALL_DAYS / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT u.a FROM u LEFT JOIN `w_*` w ON u.a = w.x WHERE w._TABLE_SUFFIX IS NULL",
                "SELECT u.a FROM u LEFT JOIN `w_*` w ON u.a = w.x WHERE w._TABLE_SUFFIX = '1' OR w.x IS NULL"
            })
    void where_none_of_its_rows_is_the_suffix_of_a_wildcard_is_null(String sql) {
        CostBytes bytes = estimate(CostEstimator.builder(), sql);

        assertThat(bytes.expected()).isEqualTo(2_400);
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(2_400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d = '2024-01-05' OR a = NULL",
                "d = '2024-01-05' OR (a = 1 AND FALSE)",
                "d = '2024-01-05' OR a IN UNNEST(ARRAY<INT64>[])",
                "d = '2024-01-05' OR (SELECT FALSE)",
                "d = '2024-01-05' OR a = @unknown",
                "d = '2024-01-05' OR (@unknown IS NOT NULL AND a = @unknown)"
            })
    void an_alternative_that_constants_may_exclude_may_read_a_day_alone(String condition) {
        CostBytes bytes = estimate(CostEstimator.builder(), "SELECT a FROM t WHERE " + condition);

        assertThat(bytes.lower()).isLessThanOrEqualTo(16_000);
        assertThat(bytes.upper()).isEqualTo(ALL_DAYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a FROM (SELECT a, 'u' AS src FROM u UNION ALL SELECT x, 'u2' FROM u2) WHERE src = 'u2'",
                "SELECT a FROM (SELECT a, FALSE AS z FROM u) WHERE z",
                "SELECT a FROM (SELECT a, NULL AS z FROM u) WHERE z = 1",
                "WITH q AS (SELECT 1 AS f) SELECT a FROM u JOIN q ON f = 2",
                "SELECT a FROM u WHERE a NOT IN UNNEST([1, NULL])",
                "SELECT a FROM u WHERE NOT ((a = NULL) IS NULL)",
                "SELECT a FROM u WHERE a = (SELECT NULL)",
                "SELECT a FROM u WHERE GREATEST(a, NULL) > 1",
                "SELECT a FROM u WHERE CASE WHEN a = 1 THEN FALSE END",
                "SELECT a FROM u WHERE COALESCE(IF(a = 1, NULL, FALSE), FALSE)",
                "SELECT u.a FROM u LEFT JOIN u2 ON CASE WHEN FALSE THEN u.k = u2.k ELSE FALSE END"
            })
    void constants_further_down_may_decide_too(String sql) {
        assertThat(estimate(CostEstimator.builder(), sql).lower()).isZero();
    }
}
