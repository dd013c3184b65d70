package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions that no value meets together: BigQuery may see that, and read nothing. */
final class ConditionClashesTest {

    private static final String CTE = "WITH c AS (SELECT * FROM ranges WHERE v > 1) ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT v FROM ranges WHERE v > 5 AND v < 3",
                "SELECT v FROM ranges WHERE v >= 5 AND v < 5",
                "SELECT v FROM ranges WHERE v IN (1, 2) AND v > 2",
                "SELECT v FROM ranges WHERE v IN UNNEST([1, 2]) AND v > 2",
                "SELECT v FROM ranges WHERE v IN UNNEST([1, NULL]) AND v = 7",
                "SELECT v FROM ranges WHERE v > 5.5 AND v < 3",
                "SELECT v FROM ranges WHERE v > 5 AND v < 3.5",
                "SELECT v FROM ranges WHERE v BETWEEN 2 AND 0",
                "SELECT v FROM (SELECT v FROM ranges WHERE v > 5) WHERE v < 3",
                "SELECT v FROM (SELECT v FROM ranges WHERE v > 5) GROUP BY v HAVING v < 3",
                "FROM ranges |> WHERE v > 5 |> AS t |> WHERE t.v < 3 |> SELECT v",
                "FROM ranges |> WHERE v > 5 |> AGGREGATE COUNT(*) AS n GROUP BY v |> WHERE v < 3",
                "SELECT a.v FROM ranges a LEFT JOIN clustered c ON a.v > 5 WHERE a.v < 3",
                "SELECT a.v FROM ranges a, LATERAL (SELECT a.v AS w) b WHERE a.v > 5 AND b.w < 3",
                CTE + "SELECT v FROM c WHERE v < 1 UNION ALL SELECT v FROM c",
                CTE + "SELECT a.v FROM c a JOIN c b ON a.v > b.v WHERE a.v > 5 AND a.v < 3",
                CTE + "SELECT v FROM (SELECT * FROM c WHERE v > 5) WHERE v < 3 UNION ALL SELECT v FROM c",
                CTE + "FROM c |> AS x |> WHERE x.v > 5 |> AS y |> WHERE y.v < 3 |> UNION ALL (FROM c)",
                CTE + ", d AS (SELECT * FROM c WHERE v > 5) SELECT v FROM d WHERE v < 3 UNION ALL SELECT v FROM d"
                        + " UNION ALL SELECT v FROM c",
                "SELECT v FROM ranges WHERE (v > 5 AND v < 3) OR (v > 7 AND v < 2)",
                "SELECT v FROM ranges WHERE (v > 5 OR v < 0) AND v = 1",
                "SELECT v FROM ranges WHERE v = 1 AND (v > 5 OR (v < 2 AND (v < 0 OR v > 1)))",
                "SELECT v FROM (SELECT v FROM ranges WHERE v > 5 OR v < 0) WHERE v = 1",
                "SELECT v FROM (SELECT v FROM ranges WHERE v = 1) WHERE v > 5 OR v BETWEEN 2 AND 3",
                "SELECT v FROM ranges WHERE NULL OR (v > 5 AND v < 3)",
                "SELECT IF(v > 5 AND v < 3, customer_id, 0) FROM ranges WHERE v BETWEEN 1 AND 0",
            })
    void what_no_row_meets_may_read_nothing(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes().lower()).isZero();
        assertThat(estimate.bytes().expected()).isPositive();
        assertThat(estimate.assumptions()).contains(CostAssumption.NEVER_TRUE_READS_NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT v FROM ranges WHERE v >= 5 AND v <= 5 AND v < 7",
                "SELECT v FROM ranges WHERE v > 5 UNION ALL SELECT v FROM ranges WHERE v < 3",
                "SELECT v FROM ranges WHERE v IN UNNEST([1, 7]) AND v = 7",
                "SELECT v FROM ranges WHERE v > 5 AND v < 5.5",
                "SELECT v FROM ranges WHERE v > 5 OR v < 3",
                "SELECT v FROM ranges WHERE (v > 5 OR v < 3) AND v = 6",
                "SELECT v FROM ranges WHERE (v > 5 AND v < 3) OR v = 6",
                "SELECT v FROM ranges WHERE v = 1 AND (v > 5 OR (v < 2 AND (v < 0 OR v > 0)))",
                CTE + "SELECT v FROM c WHERE v > 5 UNION ALL SELECT v FROM c WHERE v < 3",
                CTE + "SELECT v FROM c WHERE v > 5 OR v = 2 UNION ALL SELECT v FROM c WHERE v < 3",
                CTE + "SELECT a.v FROM c a JOIN c b ON a.v > b.v WHERE a.v > 5 AND b.v < 3",
                CTE
                        + "SELECT v FROM (SELECT v FROM c WHERE v > 5) UNION ALL SELECT v FROM (SELECT v FROM c WHERE v < 3)",
                CTE + "SELECT x.v FROM (SELECT * FROM c WHERE v > 5) x JOIN (SELECT * FROM c WHERE v < 3) y"
                        + " ON x.v > y.v",
                CTE + "SELECT a.v FROM c a LEFT JOIN c b ON a.v > 5 LEFT JOIN c d ON a.v < 3",
                CTE + "FROM c |> WHERE v > 5 |> UNION ALL (FROM c |> WHERE v < 3)",
            })
    void conditions_on_different_rows_do_not_clash(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes().lower()).isPositive();
        assertThat(estimate.assumptions()).doesNotContain(CostAssumption.NEVER_TRUE_READS_NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v BETWEEN 2 AND 0",
                "IF(v > 5 AND v < 3, customer_id, 0)",
                "CASE WHEN v > 5 AND v < 3 THEN customer_id ELSE 0 END"
            })
    void what_no_value_meets_need_not_be_computed(String expr) {
        assertThat(SampleCatalog.estimate("SELECT " + expr + " FROM ranges")
                        .bytes()
                        .lower())
                .isZero();
    }

    @Test
    void a_part_of_a_choice_that_no_row_meets_selects_no_partitions_at_least() {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT v FROM ranges WHERE (customer_id = 5 AND v > 5 AND v < 3) OR customer_id = 15")
                .bytes();

        assertThat(bytes.lower()).isBetween(1L, 1_600L);
        assertThat(bytes.expected()).isEqualTo(3_200);
    }
}
