package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Scripts of more statements, or with more partitions to list, than anybody writes. */
final class SqlScriptLengthTest {

    private static final int MOST_STATEMENTS = 50_000;
    private static final int MOST_PARTITIONS = 500_000;

    @Test
    void what_follows_too_many_statements_is_one_that_is_not_known() {
        CostEstimate estimate =
                SampleCatalog.estimate("SELECT 1;".repeat(MOST_STATEMENTS) + " SELECT id FROM people; SELECT 2");
        List<CostEstimate.Statement> statements = estimate.statements();
        CostEstimate.Statement rest = statements.get(MOST_STATEMENTS);
        assertThat(statements).hasSize(MOST_STATEMENTS + 1);
        assertThat(rest.kind()).isEqualTo("SCRIPT");
        assertThat(rest.start()).isEqualTo(MOST_STATEMENTS * "SELECT 1;".length() + 1);
        assertThat(rest.bytes().lower()).isZero();
        assertThat(rest.bytes().isBounded()).isFalse();
        assertThat(estimate.bytes().isBounded()).isFalse();
        assertThat(estimate.warnings()).anySatisfy(warning -> {
            assertThat(warning.id()).isEqualTo(CostWarning.Id.SCRIPT_PARTIAL);
            assertThat(warning.start()).isEqualTo(rest.start());
        });
    }

    @Test
    void as_many_statements_as_are_told_apart_are_all_known() {
        CostEstimate estimate = SampleCatalog.estimate("SELECT 1;".repeat(MOST_STATEMENTS));
        assertThat(estimate.statements()).hasSize(MOST_STATEMENTS);
        assertThat(estimate.bytes()).isEqualTo(CostBytes.ZERO);
    }

    @Test
    void a_handler_of_errors_may_be_in_what_is_not_known() {
        String begun = "BEGIN SELECT id FROM people;";
        String end = " EXCEPTION WHEN ERROR THEN SELECT 3; END;";
        CostEstimate estimate = SampleCatalog.estimate(begun + "SELECT 1;".repeat(MOST_STATEMENTS) + end);
        assertThat(SampleCatalog.estimate(begun + " END;").bytes().lower()).isPositive();
        assertThat(SampleCatalog.estimate(begun + end).bytes().lower()).isZero();
        assertThat(estimate.bytes().lower()).isZero();
    }

    @Test
    void partitions_are_listed_until_there_are_too_many_and_bounds_stay() {
        int partitions = 1_000;
        TableStats.Builder table = TableStats.builder("p.d.t")
                .partitioning(TablePartitioning.range("n", 0, partitions, 1))
                .field("n", TableField.Type.INT64);
        for (int i = 0; i < partitions; i++) {
            table.partition(Integer.toString(i), 10, 80);
        }
        Catalog catalog = Catalog.of(table.build());
        int listed = MOST_PARTITIONS / partitions;
        CostEstimate estimate = CostEstimator.ofDefaults()
                .estimate("SELECT n FROM p.d.t;".repeat(listed + 1), catalog, Pricing.onDemand("US"));
        TableCost last = estimate.statements().get(listed - 1).tables().get(0);
        TableCost beyond = estimate.statements().get(listed).tables().get(0);
        assertThat(last.partitions()).hasSize(partitions);
        assertThat(last.partitionCount()).isEqualTo(partitions);
        assertThat(beyond.partitions()).isEmpty();
        assertThat(beyond.partitionCount()).isZero();
        assertThat(beyond.bytes()).isEqualTo(last.bytes()).isEqualTo(CostBytes.exactly(80L * partitions));
    }
}
