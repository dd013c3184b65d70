package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Warnings that depend on what a table is: one that has it and one that nearly does. */
final class CostWarningNearMissTest {

    private static final long LARGE = 100L << 20;

    private static TableStats.Builder table(String name) {
        return TableStats.builder("p.d." + name)
                .rows(LARGE / 8)
                .bytes(LARGE)
                .field(TableField.of("n", TableField.Type.INT64, TableField.Mode.REQUIRED));
    }

    private static List<CostWarning.Id> warnings(String sql, TableStats... tables) {
        return CostEstimator.ofDefaults().estimate(sql, Catalog.of(tables), Pricing.onDemand("US")).warnings().stream()
                .map(CostWarning::id)
                .toList();
    }

    @Test
    void partitions_that_no_one_listed_cannot_be_selected() {
        TableStats.Builder table = table("t").partitioning(TablePartitioning.range("n", 0, 100, 10));
        String sql = "SELECT n FROM p.d.t WHERE n = 5";
        assertThat(warnings(sql, table.build())).contains(CostWarning.Id.PARTITIONS_UNKNOWN);
        assertThat(warnings(sql, table.partition("0", LARGE / 8, LARGE).build()))
                .doesNotContain(CostWarning.Id.PARTITIONS_UNKNOWN);
    }

    @Test
    void more_than_three_tables_with_a_date_in_their_name_are_better_one() {
        TableStats[] four = {
            table("s_20240101").build(),
            table("s_20240102").build(),
            table("s_20240103").build(),
            table("s_20240104").build()
        };
        String sql = "SELECT n FROM `p.d.s_*`";
        assertThat(warnings(sql, four)).contains(CostWarning.Id.SHARDED_TABLE_ADVICE);
        assertThat(warnings(sql, four[0], four[1], four[2])).doesNotContain(CostWarning.Id.SHARDED_TABLE_ADVICE);
    }

    @Test
    void the_budget_is_held_or_not() {
        CostEstimator held = CostEstimator.builder().budgetBytes(LARGE).build();
        CostEstimator over = CostEstimator.builder().budgetBytes(LARGE - 1).build();
        Catalog catalog = Catalog.of(table("t").build());
        Pricing pricing = Pricing.onDemand("US");
        assertThat(over.estimate("SELECT n FROM p.d.t", catalog, pricing).warnings())
                .extracting(CostWarning::id)
                .contains(CostWarning.Id.OVER_BUDGET);
        assertThat(held.estimate("SELECT n FROM p.d.t", catalog, pricing).warnings())
                .extracting(CostWarning::id)
                .doesNotContain(CostWarning.Id.OVER_BUDGET);
    }

    @Test
    void a_warning_within_a_view_stands_where_the_view_is_named() {
        TableStats view = TableStats.builder("p.d.v")
                .kind(TableStats.Kind.VIEW)
                .viewSql("SELECT                                        nothing FROM p.d.t")
                .build();
        String sql = "SELECT * FROM p.d.v WHERE TRUE";
        CostWarning warning = CostEstimator.ofDefaults()
                .estimate(sql, Catalog.of(table("t").build(), view), Pricing.onDemand("US"))
                .warnings()
                .stream()
                .filter(each -> each.id() == CostWarning.Id.COLUMN_UNKNOWN)
                .findFirst()
                .orElseThrow();
        assertThat(sql.substring(warning.start(), warning.end())).isEqualTo("p.d.v");
    }
}
