package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dry run says is the authority for an estimate of the same query. */
final class CostConfirmedTest {

    private static final long MIB = 1 << 20;
    private static final String JOIN = "SELECT a.id FROM people a JOIN ranges b ON a.id = b.customer_id";

    private static QueryDryRun says(long bytes, CostAccuracy accuracy, boolean cacheHit) {
        return new QueryDryRun(bytes, accuracy, cacheHit, List.of(), List.of("p.ds.a"), "SELECT");
    }

    private static QueryDryRun says(long bytes, CostAccuracy accuracy, String... tables) {
        return new QueryDryRun(bytes, accuracy, false, List.of(), List.of(tables), "SELECT");
    }

    private static CostEstimate confirmed(String sql, QueryDryRun dryRun) {
        return confirmed(sql, CostEstimator.ofDefaults(), SampleCatalog.catalog(), dryRun);
    }

    private static CostEstimate confirmed(String sql, CostEstimator estimator, Catalog catalog, QueryDryRun dryRun) {
        return estimator.estimate(sql, List.of(), catalog, Pricing.onDemand("US"), dryRun);
    }

    @Test
    void precise_bytes_take_the_place_of_the_bounds_whatever_was_estimated() {
        CostEstimate estimate =
                confirmed("SELECT x FROM nobody_knows", says(25 * MIB + 1, CostAccuracy.PRECISE, false));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.exactly(25 * MIB + 1));
        assertThat(estimate.billedBytes()).isEqualTo(CostBytes.exactly(26 * MIB));
        assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.PRECISE);
        assertThat(estimate.money().upper()).contains(estimate.money().lower());
        assertThat(estimate.wouldExceed(26 * MIB)).isEqualTo(CostEstimate.Verdict.NO);
        assertThat(estimate.wouldExceed(25 * MIB)).isEqualTo(CostEstimate.Verdict.YES);
    }

    @Test
    void each_table_may_be_billed_a_minimum_of_its_own() {
        CostEstimate estimate = confirmed(JOIN, says(8_800, CostAccuracy.PRECISE, false));
        assertThat(estimate.billedBytes().lower()).isEqualTo(10 * MIB);
        assertThat(estimate.billedBytes().upper()).isEqualTo(20 * MIB);
    }

    @Test
    void an_upper_bound_takes_the_place_of_the_upper_bound() {
        CostEstimate alone = SampleCatalog.estimate("SELECT x FROM nobody_knows");
        assertThat(alone.bytes().isBounded()).isFalse();
        CostEstimate estimate = confirmed("SELECT x FROM nobody_knows", says(500, CostAccuracy.UPPER_BOUND, false));
        assertThat(estimate.bytes()).isEqualTo(new CostBytes(0, alone.bytes().expected(), 500));
        assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.UPPER_BOUND);
        assertThat(estimate.billedBytes().upper()).isEqualTo(10 * MIB);
    }

    @Test
    void a_lower_bound_above_the_upper_one_that_is_told_holds_no_more() {
        CostEstimate estimate = confirmed("SELECT id FROM people", says(500, CostAccuracy.UPPER_BOUND, false));
        assertThat(estimate.bytes()).isEqualTo(new CostBytes(0, 500, 500));
        assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.UPPER_BOUND);
    }

    @Test
    void a_lower_bound_takes_the_place_of_the_lower_bound_and_of_an_upper_one_below_it() {
        CostEstimate within = confirmed(
                "SELECT a.id FROM people a JOIN people b ON a.id = b.id", says(9_000, CostAccuracy.LOWER_BOUND, false));
        assertThat(within.bytes()).isEqualTo(new CostBytes(9_000, 9_000, 16_000));
        CostEstimate above = confirmed("SELECT id FROM people", says(9_000, CostAccuracy.LOWER_BOUND, false));
        assertThat(above.bytes()).isEqualTo(new CostBytes(9_000, 9_000, CostBytes.UNBOUNDED));
    }

    @Test
    void what_tells_nothing_changes_nothing() {
        String sql = "SELECT id FROM people";
        String own = SampleCatalog.estimate(sql).toJson();
        assertThat(confirmed(sql, says(0, CostAccuracy.PRECISE, true)).toJson()).isEqualTo(own);
        assertThat(confirmed(sql, says(7, CostAccuracy.UNKNOWN, false)).toJson())
                .isEqualTo(own);
        assertThat(confirmed(sql, says(0, CostAccuracy.PRECISE, false)).toJson())
                .isEqualTo(own);
        String script = sql + "; " + sql;
        assertThat(confirmed(script, says(7, CostAccuracy.PRECISE, false)).toJson())
                .isEqualTo(SampleCatalog.estimate(script).toJson());
    }

    @Test
    void nothing_read_costs_nothing() {
        CostEstimate estimate = confirmed("SELECT 1", says(0, CostAccuracy.PRECISE, new String[0]));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.ZERO);
        assertThat(estimate.billedBytes().lower()).isZero();
    }

    @Test
    void bytes_of_tables_that_nobody_named_are_billed_too() {
        CostEstimate estimate =
                confirmed("SELECT * FROM p.d.function(1)", says(100_000_000, CostAccuracy.UPPER_BOUND, new String[0]));
        assertThat(estimate.bytes()).isEqualTo(new CostBytes(0, 0, 100_000_000));
        assertThat(estimate.billedBytes().upper()).isEqualTo(CostBytes.UNBOUNDED);
        assertThat(estimate.money().upper()).isEmpty();
        assertThat(estimate.wouldExceed(10 * MIB)).isEqualTo(CostEstimate.Verdict.MAYBE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EXECUTE IMMEDIATE 'SELECT id FROM people'",
                "CALL p.d.procedure()",
                "SET x = (SELECT MAX(id) FROM people)",
                "DECLARE x INT64 DEFAULT (SELECT MAX(id) FROM people)",
                "ASSERT (SELECT COUNT(id) > 0 FROM people)",
                "CREATE TEMP TABLE n AS SELECT id FROM people",
                "CREATE TABLE IF NOT EXISTS n AS SELECT id FROM people"
            })
    void what_a_dry_run_does_not_go_into_stays_as_it_is(String sql) {
        String own = SampleCatalog.estimate(sql).toJson();
        for (CostAccuracy accuracy : CostAccuracy.values()) {
            assertThat(confirmed(sql, says(0, accuracy, new String[0])).toJson())
                    .isEqualTo(own);
            assertThat(confirmed(sql, says(7, accuracy, new String[0])).toJson())
                    .isEqualTo(own);
        }
    }

    @Test
    void zero_bytes_of_no_table_tell_nothing_of_those_that_the_catalog_knows() {
        String sql = "SELECT id FROM people";
        assertThat(confirmed(sql, says(0, CostAccuracy.UPPER_BOUND, new String[0]))
                        .toJson())
                .isEqualTo(SampleCatalog.estimate(sql).toJson());
        String information = "SELECT * FROM ds.INFORMATION_SCHEMA.TABLES";
        assertThat(confirmed(information, says(0, CostAccuracy.PRECISE, new String[0]))
                        .toJson())
                .isEqualTo(SampleCatalog.estimate(information).toJson());
    }

    @Test
    void rows_that_a_policy_hides_are_read_beside_those_that_are_told() {
        TableStats hidden = TableStats.builder("proj.ds.hidden")
                .rows(1_000)
                .rowAccessPolicy(true)
                .field(TableField.of("id", TableField.Type.INT64, TableField.Mode.REQUIRED))
                .build();
        Catalog catalog = SampleCatalog.catalog().with(hidden);
        String sql = "SELECT a.id, b.id FROM people a JOIN hidden b ON a.id = b.id";
        CostEstimator estimator = CostEstimator.ofDefaults();
        CostEstimate own = estimator.estimate(sql, List.of(), catalog, Pricing.onDemand("US"));
        String[] both = {"proj.ds.people", "proj.ds.hidden"};
        CostEstimate precise = confirmed(sql, estimator, catalog, says(8_000, CostAccuracy.PRECISE, both));
        assertThat(precise.bytes()).isEqualTo(own.bytes());
        assertThat(precise.bytes().upper()).isEqualTo(16_000);
        CostEstimate bound = confirmed(sql, estimator, catalog, says(8_000, CostAccuracy.UPPER_BOUND, both));
        assertThat(bound.toJson()).isEqualTo(own.toJson());
    }

    @Test
    void a_dry_run_that_says_what_was_estimated_does_not_change_what_is_billed() {
        CostEstimate own = SampleCatalog.estimate(JOIN);
        CostEstimate estimate =
                confirmed(JOIN, says(own.bytes().expected(), CostAccuracy.PRECISE, "proj.ds.people", "proj.ds.ranges"));
        assertThat(estimate.billedBytes().expected())
                .isEqualTo(own.billedBytes().expected())
                .isEqualTo(20 * MIB);
    }

    @Test
    void a_minimum_for_each_table_that_is_trusted_is_a_bound() {
        CostEstimate estimate = confirmed(
                JOIN,
                CostEstimator.builder().trust(CostAssumption.MINIMUM_PER_TABLE).build(),
                SampleCatalog.catalog(),
                says(77, CostAccuracy.PRECISE, "proj.ds.people", "proj.ds.ranges"));
        assertThat(estimate.billedBytes()).isEqualTo(CostBytes.exactly(20 * MIB));
    }

    @Test
    void nobody_knows_how_many_tables_an_unknown_wildcard_means() {
        CostEstimate estimate =
                confirmed("SELECT a FROM `p.d.unknown_*`", says(3_000, CostAccuracy.PRECISE, "p.d.unknown_*"));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.exactly(3_000));
        assertThat(estimate.billedBytes().lower()).isEqualTo(10 * MIB);
        assertThat(estimate.billedBytes().upper()).isEqualTo(CostBytes.UNBOUNDED);
    }

    @Test
    void precise_bytes_rest_on_no_assumption_and_are_no_small_tables() {
        String three =
                "SELECT a.id FROM people a JOIN orders b ON a.id = b.order_id JOIN ranges c ON a.id = c.customer_id"
                        + " WHERE a.id IN (SELECT visit FROM sessions WHERE FALSE)";
        CostEstimate own = SampleCatalog.estimate(three);
        assertThat(own.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.MINIMUM_DOMINATES);
        assertThat(own.assumptions()).contains(CostAssumption.NEVER_TRUE_READS_NOTHING);
        CostEstimate estimate = confirmed(
                three, says(900_000_000, CostAccuracy.PRECISE, "proj.ds.people", "proj.ds.orders", "proj.ds.ranges"));
        assertThat(estimate.warnings()).extracting(CostWarning::id).doesNotContain(CostWarning.Id.MINIMUM_DOMINATES);
        assertThat(estimate.assumptions()).containsOnly(CostAssumption.MINIMUM_PER_TABLE);
    }

    @Test
    void a_lower_bound_makes_nothing_wider_and_is_one() {
        String sql = "SELECT id FROM people";
        CostEstimate exact = confirmed(sql, says(70, CostAccuracy.LOWER_BOUND, false));
        assertThat(exact.bytes()).isEqualTo(SampleCatalog.estimate(sql).bytes());
        assertThat(exact.accuracy()).isEqualTo(CostAccuracy.PRECISE);
        CostEstimate unknown = confirmed("SELECT x FROM nobody_knows", says(3_000, CostAccuracy.LOWER_BOUND, false));
        assertThat(unknown.bytes()).isEqualTo(new CostBytes(3_000, 3_000, CostBytes.UNBOUNDED));
        assertThat(unknown.accuracy()).isEqualTo(CostAccuracy.LOWER_BOUND);
    }

    @Test
    void bytes_that_can_not_be_are_refused() {
        assertThatThrownBy(() -> says(-1, CostAccuracy.PRECISE, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes = -1");
        assertThatThrownBy(() -> says(CostBytes.UNBOUNDED, CostAccuracy.PRECISE, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_billed_for_bytes_that_stay_as_estimated_stays_within_the_estimate_too() {
        String sql = "UPDATE people SET age = 1 WHERE id = 3";
        CostEstimate own = SampleCatalog.estimate(sql);
        CostEstimate estimate = confirmed(sql, says(80, CostAccuracy.LOWER_BOUND, new String[0]));
        assertThat(estimate.bytes()).isEqualTo(own.bytes());
        assertThat(estimate.billedBytes()).isEqualTo(own.billedBytes());
    }
}
