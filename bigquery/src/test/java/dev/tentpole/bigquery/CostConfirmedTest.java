package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a dry run says is the authority for an estimate of the same query. */
final class CostConfirmedTest {

    private static final long MIB = 1 << 20;
    private static final String JOIN = "SELECT a.id FROM people a JOIN ranges b ON a.id = b.customer_id";

    private static QueryDryRun says(long bytes, CostAccuracy accuracy, boolean cacheHit) {
        return new QueryDryRun(bytes, accuracy, cacheHit, List.of(), List.of("p.ds.a"), "SELECT");
    }

    private static CostEstimate confirmed(String sql, QueryDryRun dryRun) {
        return CostEstimator.ofDefaults()
                .estimate(sql, List.of(), SampleCatalog.catalog(), Pricing.onDemand("US"), dryRun);
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
        CostEstimate estimate = confirmed("SELECT 1", says(0, CostAccuracy.PRECISE, false));
        assertThat(estimate.bytes()).isEqualTo(CostBytes.ZERO);
        assertThat(estimate.billedBytes().lower()).isZero();
    }
}
