package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostEstimatorTest {

    @Test
    void a_good_query_gets_no_warning() {
        assertThat(SampleCatalog.estimate("SELECT n FROM events WHERE ts = '2024-01-01'")
                        .warnings())
                .isEmpty();
    }

    @Test
    void what_is_not_understood_is_named_with_its_place_and_widens() {
        String sql = "SELECT id, name ~~ 3 FROM people";
        CostEstimate estimate = SampleCatalog.estimate(sql);
        CostWarning warning = estimate.warnings().stream()
                .filter(each -> each.id() == CostWarning.Id.SYNTAX_UNKNOWN)
                .findFirst()
                .orElseThrow();
        assertThat(sql.substring(warning.start(), warning.end())).isEqualTo("name ~~ 3");
        assertThat(estimate.bytes().upper()).isEqualTo(100_000);
        assertThat(estimate.bytes().lower()).isEqualTo(8_000);
        assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.UPPER_BOUND);
    }

    @Test
    void statements_that_change_rows_read_the_whole_table_too() {
        CostEstimate update = SampleCatalog.estimate("UPDATE ranges SET v = 1 WHERE customer_id = 5");
        // 8 bytes of the condition's column, and both columns, in one partition of 100 rows.
        assertThat(update.bytes().expected()).isEqualTo(100 * 8 + 100 * 16);
        CostEstimate merge = SampleCatalog.estimate(
                "MERGE shard_old t USING people s ON t.x = s.id " + "WHEN MATCHED THEN UPDATE SET y = s.age");
        assertThat(merge.bytes().upper()).isGreaterThanOrEqualTo(100 * 8 + 100 * 16 + 1_000 * 16);
        CostEstimate insertOnly = SampleCatalog.estimate(
                "MERGE shard_old t USING people s ON t.x = s.id " + "WHEN NOT MATCHED THEN INSERT (x) VALUES (s.id)");
        assertThat(insertOnly.bytes().expected()).isEqualTo(100 * 8 + 1_000 * 8);
        assertThat(SampleCatalog.estimate("INSERT INTO ranges SELECT id, age FROM people")
                        .bytes()
                        .expected())
                .isEqualTo(16_000);
        assertThat(SampleCatalog.estimate("TRUNCATE TABLE ranges").bytes()).isEqualTo(CostBytes.ZERO);
        assertThat(SampleCatalog.estimate("CREATE TABLE ds.x AS SELECT id FROM people")
                        .bytes())
                .isEqualTo(CostBytes.exactly(8_000));
    }

    @Test
    void a_script_is_the_sum_of_its_statements() {
        CostEstimate script = SampleCatalog.estimate(
                "DECLARE d TIMESTAMP DEFAULT '2024-01-01'; SELECT id FROM people; SELECT n FROM events WHERE ts = d;");
        assertThat(script.statements())
                .extracting(CostEstimate.Statement::kind)
                .containsExactly("DECLARE", "SELECT", "SELECT");
        assertThat(script.statements().get(1).bytes()).isEqualTo(CostBytes.exactly(8_000));
        assertThat(script.bytes().upper()).isEqualTo(8_000 + 31 * 16_000);
        assertThat(SampleCatalog.estimate("WHILE x < 3 DO SELECT id FROM people; END WHILE;")
                        .bytes()
                        .isBounded())
                .isFalse();
    }

    @Test
    void a_table_that_is_named_twice_may_be_billed_twice() {
        CostEstimate estimate = SampleCatalog.estimate("SELECT a.id FROM people a JOIN people b ON a.id = b.id");
        assertThat(estimate.bytes()).isEqualTo(new CostBytes(8_000, 8_000, 16_000));
        assertThat(estimate.assumptions()).contains(CostAssumption.REPEATED_TABLES_ARE_BILLED_ONCE);
        CostEstimate trusted = CostEstimator.builder()
                .trust(CostAssumption.REPEATED_TABLES_ARE_BILLED_ONCE)
                .build()
                .estimate(
                        "SELECT a.id FROM people a JOIN people b ON a.id = b.id",
                        SampleCatalog.catalog(),
                        Pricing.onDemand("US"));
        assertThat(trusted.bytes()).isEqualTo(CostBytes.exactly(8_000));
    }

    @Test
    void ctes_of_ctes_count_each_reference_without_being_computed_again() {
        StringBuilder sql = new StringBuilder("WITH c0 AS (SELECT id FROM people)");
        for (int i = 1; i <= 60; i++) {
            sql.append(", c" + i + " AS (SELECT a.id FROM c" + (i - 1) + " a JOIN c" + (i - 1) + " b ON a.id = b.id)");
        }
        CostEstimate estimate = SampleCatalog.estimate(sql + " SELECT id FROM c60");
        assertThat(estimate.bytes().expected()).isEqualTo(8_000);
        assertThat(estimate.bytes().upper()).isGreaterThan(1L << 60);
    }

    @Test
    void an_unknown_region_takes_the_highest_price_and_says_so() {
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate("SELECT id FROM people", SampleCatalog.catalog(), Pricing.onDemand("mars-north1"));
        assertThat(estimate.money().perTib()).isEqualByComparingTo("11.25");
        assertThat(estimate.money().priceKnown()).isFalse();
        assertThat(estimate.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.PRICE_FALLBACK);
    }

    @Test
    void free_bytes_discounts_and_prices_of_your_own_are_counted() {
        Pricing pricing = Pricing.builder("EU")
                .perTib(new BigDecimal("5"))
                .discount(new BigDecimal("0.2"))
                .freeBytesLeft(4 << 20)
                .build();
        CostMoney money = CostEstimator.ofDefaults()
                .estimate("SELECT id FROM people", SampleCatalog.catalog(), pricing)
                .money();
        assertThat(money.perTib()).isEqualByComparingTo("4");
        assertThat(money.freeBytes()).isEqualTo(4 << 20);
        // 6 of 10 MiB are paid.
        assertThat(money.expected())
                .isEqualByComparingTo(
                        new BigDecimal(4 * 6).divide(new BigDecimal(1 << 20)).setScale(12, RoundingMode.HALF_UP));
    }

    @Test
    void slots_of_a_region_without_a_price_take_the_highest_one_and_say_so() {
        CostEstimate known = slots("asia-south1");
        CostEstimate unknown = slots("EU");

        assertThat(known.money().priceKnown()).isTrue();
        assertThat(known.warnings()).extracting(CostWarning::id).doesNotContain(CostWarning.Id.PRICE_FALLBACK);
        assertThat(unknown.money().priceKnown()).isFalse();
        assertThat(unknown.money().expected())
                .isEqualByComparingTo(known.money().expected());
        assertThat(unknown.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.PRICE_FALLBACK);
    }

    private static CostEstimate slots(String region) {
        Pricing pricing =
                Pricing.capacity(region, PriceTable.Edition.ENTERPRISE, PriceTable.Commitment.PAY_AS_YOU_GO, 50);
        return CostEstimator.ofDefaults().estimate("SELECT id FROM people", SampleCatalog.catalog(), pricing);
    }

    @Test
    void slots_are_an_allocation_of_at_least_a_minute_in_steps_of_fifty() {
        Pricing pricing =
                Pricing.capacity("US", PriceTable.Edition.ENTERPRISE, PriceTable.Commitment.PAY_AS_YOU_GO, 60);
        CostMoney money = CostEstimator.ofDefaults()
                .estimate("SELECT id FROM people", SampleCatalog.catalog(), pricing)
                .money();
        assertThat(money.allocation()).isTrue();
        assertThat(money.expected()).isEqualByComparingTo("0.1");
        assertThat(money.upper()).isEmpty();
    }

    @Test
    void a_limit_of_bytes_is_exceeded_for_sure_or_maybe() {
        CostEstimate estimate = SampleCatalog.estimate("SELECT id FROM people");
        assertThat(estimate.wouldExceed(10_485_760)).isEqualTo(CostEstimate.Verdict.NO);
        assertThat(estimate.wouldExceed(10_485_759)).isEqualTo(CostEstimate.Verdict.YES);
        assertThat(SampleCatalog.estimate("SELECT COUNT(*) FROM people").wouldExceed(10_485_759))
                .isEqualTo(CostEstimate.Verdict.MAYBE);
    }

    @Test
    void a_catalog_survives_json_and_yaml() {
        Catalog catalog = SampleCatalog.catalog();
        for (Catalog copy : List.of(Catalog.parseJson(catalog.toJson()), Catalog.parseYaml(catalog.toYaml()))) {
            assertThat(copy.toJson()).isEqualTo(catalog.toJson());
            assertThat(copy.tables()).hasSameSizeAs(catalog.tables());
        }
    }

    @Test
    void a_wrong_catalog_says_where() {
        assertThatThrownBy(() ->
                        Catalog.parseYaml("tables:\n  - name: a.b.c\n    fields:\n      - {name: x, type: INT65}\n"))
                .isInstanceOf(BigQueryException.class)
                .hasMessageContaining("tables[0].fields[0]")
                .hasMessageContaining("INT65");
    }

    @Test
    void a_rewrite_names_a_column_so_that_it_can_be_written() {
        Catalog catalog = Catalog.of(TableStats.builder("p.d.t")
                .rows(1_000)
                .field("order", TableField.Type.DATE)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "order"))
                .partition("20240101", 500, 4_000)
                .partition("20240102", 500, 4_000)
                .build());
        CostEstimate estimate =
                CostEstimator.ofDefaults().estimate("SELECT `order` FROM p.d.t", catalog, Pricing.onDemand("US"));

        assertThat(estimate.warnings())
                .anySatisfy(warning -> assertThat(warning.rewrite())
                        .hasValueSatisfying(rewrite -> assertThat(rewrite).startsWith("WHERE `order` >= ")));
    }
}
