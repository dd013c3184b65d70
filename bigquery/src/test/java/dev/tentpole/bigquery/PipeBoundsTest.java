package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What steps of pipes let through: conditions to partitions, and the demand for columns. */
final class PipeBoundsTest {

    /** Of one column of eight bytes of all days. */
    private static final long ALL = 31_000 * 8L;

    private static final long DAY = 1_000 * 8L;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM days |> SELECT day, n |> DISTINCT |> WHERE day = '2024-01-05' |> SELECT n",
                "FROM days |> MATCH_RECOGNIZE(anything) |> WHERE day = '2024-01-05' |> SELECT n",
                "FROM days |> SOMETHING new |> WHERE day = '2024-01-05' |> SELECT n",
                "FROM days |> CALL ds.f() |> WHERE day = '2024-01-05' |> SELECT n"
            })
    void a_condition_does_not_pass_what_may_need_all_rows(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes().upper()).isGreaterThanOrEqualTo(2 * ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|> WHERE FALSE", "|> AGGREGATE COUNT(*) AS c |> WHERE FALSE"})
    void what_stands_beside_gets_its_rows_whatever_follows(String behind) {
        CostBytes bytes = SampleCatalog.estimate("FROM days |> TEE (|> SELECT n) " + behind)
                .bytes();

        assertThat(bytes.expected()).isGreaterThanOrEqualTo(ALL);
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM days |> MATCH_RECOGNIZE(anything)",
                "FROM days |> SOMETHING new |> SELECT n",
                "FROM ranges |> CALL ds.f() |> SELECT x"
            })
    void a_step_that_is_not_understood_may_need_nothing(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes().lower()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM ranges |> FROB nowhere",
                "FROM ranges |> LOOKUP `p.d.nowhere` ON v = w",
                "FROM ranges |> FROB (SELECT * FROM nowhere)"
            })
    void a_step_that_is_not_known_may_name_a_table_that_is_not_known(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes().isBounded()).isFalse();
    }

    @Test
    void a_step_that_is_not_known_reads_no_more_than_it_names() {
        assertThat(SampleCatalog.estimate("FROM ranges |> FROB v ON customer_id")
                        .bytes())
                .isEqualTo(new CostBytes(0, 16_000, 16_000));
    }

    @Test
    void values_that_nothing_uses_are_not_read_by_an_assumption() {
        CostEstimate estimate =
                SampleCatalog.estimate("SELECT customer_id FROM ranges UNPIVOT INCLUDE NULLS (x FOR n IN (v))");

        assertThat(estimate.bytes()).isEqualTo(new CostBytes(8_000, 8_000, 16_000));
        assertThat(estimate.assumptions()).contains(CostAssumption.UNUSED_COLUMNS_ARE_PRUNED);
    }

    @Test
    void a_condition_before_a_pivot_selects_partitions() {
        String pipe = "FROM days |> SELECT day, user, n |> WHERE day = '2024-01-05'"
                + " |> PIVOT(SUM(n) FOR user IN ('a', 'b'))";
        String nested = "SELECT * FROM (SELECT day, user, n FROM days WHERE day = '2024-01-05')"
                + " PIVOT(SUM(n) FOR user IN ('a', 'b'))";

        assertThat(SampleCatalog.estimate(pipe).bytes())
                .isEqualTo(SampleCatalog.estimate(nested).bytes());
        assertThat(SampleCatalog.estimate(pipe).bytes().upper()).isLessThan(10 * DAY);
    }

    @Test
    void a_sample_is_one_in_a_pipe_too() {
        CostEstimate pipe = SampleCatalog.estimate("FROM ranges |> TABLESAMPLE SYSTEM (10 PERCENT) |> SELECT v");
        CostEstimate query = SampleCatalog.estimate("SELECT v FROM ranges TABLESAMPLE SYSTEM (10 PERCENT)");

        assertThat(pipe.bytes()).isEqualTo(query.bytes());
        assertThat(pipe.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.TABLE_SAMPLED);
        assertThat(pipe.isCacheable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT n FROM days WHERE day = CURRENT_DATE",
                "SELECT n FROM days WHERE day >= DATE_TRUNC(current_date, DAY)",
                "SELECT n FROM days WHERE day = DATE(CURRENT_TIMESTAMP)",
                "SELECT n FROM days WHERE day IN UNNEST([CURRENT_DATE])"
            })
    void the_time_needs_no_parentheses(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes())
                .isEqualTo(SampleCatalog.estimate("SELECT n FROM days WHERE day = '2024-01-31'")
                        .bytes());
        assertThat(estimate.isCacheable()).isFalse();
        assertThat(estimate.warnings())
                .extracting(CostWarning::id)
                .contains(CostWarning.Id.NON_DETERMINISTIC_NOT_CACHED)
                .doesNotContain(CostWarning.Id.COLUMN_UNKNOWN);
    }

    @Test
    void a_column_that_is_named_as_the_time_is_a_column() {
        String sql = "SELECT n FROM (SELECT day, n, day AS current_date FROM days) WHERE day = current_date";

        assertThat(SampleCatalog.estimate(sql).bytes().upper()).isGreaterThanOrEqualTo(2 * ALL);
    }

    @Test
    void the_existence_of_groups_needs_no_keys() {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT v FROM ranges WHERE EXISTS (SELECT 1 FROM clustered GROUP BY a)")
                .bytes();

        assertThat(bytes.lower()).isEqualTo(1_000 * 8L);
    }

    @Test
    void what_is_unpivoted_with_nulls_is_read_if_it_is_asked_for() {
        CostBytes bytes = SampleCatalog.estimate("SELECT n FROM clustered UNPIVOT INCLUDE NULLS (x FOR n IN (a, b))")
                .bytes();

        assertThat(bytes.lower()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM ranges |> DROP customer_id |> WHERE ranges.customer_id = 5 |> SELECT v",
                "FROM ranges |> DROP v |> WHERE customer_id = 5 |> SELECT ranges.v"
            })
    void what_is_dropped_is_still_there_by_the_name_of_its_table(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes()).isEqualTo(CostBytes.exactly(1_600));
        assertThat(estimate.warnings()).extracting(CostWarning::id).doesNotContain(CostWarning.Id.COLUMN_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM ranges |> SELECT *, v + 1 AS b |> SELECT customer_id",
                "FROM ranges |> EXTEND v AS c |> SELECT customer_id",
                "FROM ranges |> AGGREGATE SUM(customer_id) AS s, SUM(v) AS q |> SELECT s",
                "FROM ranges |> SELECT * EXCEPT (customer_id), customer_id AS c |> SELECT c",
                "FROM ranges |> SELECT customer_id, SUM(v) OVER () AS z |> SELECT customer_id"
            })
    void what_a_step_makes_and_no_other_uses_may_be_read(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes()).isEqualTo(new CostBytes(8_000, 8_000, 16_000));
        assertThat(estimate.assumptions()).contains(CostAssumption.UNUSED_COLUMNS_ARE_PRUNED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FROM ranges |> SELECT customer_id", "FROM ranges |> WHERE customer_id > -1 |> DROP v"})
    void what_no_step_made_is_not_read(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes()).isEqualTo(CostBytes.exactly(8_000));
    }
}
