package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.TableField.Mode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Catalogs that leave out what bounds rest on, or contradict themselves: the bounds are as wide as that. */
final class CatalogContradictionTest {

    private static CostEstimate estimate(TableStats.Builder table, String sql) {
        return CostEstimator.ofDefaults().estimate(sql, Catalog.of(table.build()), Pricing.onDemand("US"));
    }

    private static CostBytes bytes(TableStats.Builder table, String sql) {
        return estimate(table, sql).bytes();
    }

    private static TableStats.Builder table() {
        return TableStats.builder("p.d.t");
    }

    private static TableField required(String name) {
        return TableField.of(name, TableField.Type.INT64, Mode.REQUIRED);
    }

    @Test
    void of_a_table_without_columns_any_part_may_be_read() {
        TableStats.Builder sized = table().rows(10).bytes(1_000_000);
        for (String sql : new String[] {"SELECT COUNT(*) FROM p.d.t", "SELECT x FROM p.d.t"}) {
            CostEstimate estimate = estimate(sized, sql);
            assertThat(estimate.bytes().lower()).as(sql).isZero();
            assertThat(estimate.bytes().upper()).as(sql).isEqualTo(1_000_000);
            assertThat(estimate.accuracy()).as(sql).isEqualTo(CostAccuracy.UPPER_BOUND);
        }
        assertThat(bytes(table().rows(10), "SELECT z FROM p.d.t").isBounded()).isFalse();
    }

    @Test
    void rows_that_contradict_the_bytes_are_not_known() {
        CostBytes more = bytes(table().rows(10).bytes(1_000).field(required("x")), "SELECT x FROM p.d.t");
        assertThat(more.upper()).isGreaterThanOrEqualTo(1_000);
        CostBytes fewer = bytes(
                table().rows(100).bytes(80).field(required("x")).field("s", TableField.Type.STRING),
                "SELECT x FROM p.d.t");
        assertThat(fewer.lower()).isLessThanOrEqualTo(80);
        TableStats.Builder leaf = table().rows(10)
                .bytes(1_000)
                .field(required("x"))
                .field("s", TableField.Type.STRING)
                .leafBytes("x", 160);
        assertThat(leaf.build().rows()).isEqualTo(TableStats.UNKNOWN);
    }

    @Test
    void rows_of_a_partition_that_contradict_its_bytes_are_not_known() {
        TableStats.Builder table = table().field(required("d"))
                .field(required("v"))
                .partitioning(TablePartitioning.range("d", 0, 100, 10))
                .partition("0", 500, 16_000)
                .partition("10", 1_000, 16_000);
        CostBytes contradicted = bytes(table, "SELECT d FROM p.d.t WHERE d = 5");
        assertThat(contradicted.lower()).isLessThanOrEqualTo(8_000);
        assertThat(contradicted.upper()).isGreaterThanOrEqualTo(8_000);
    }

    @Test
    void bytes_that_are_not_those_of_the_leaves_are_not_known() {
        TableStats.Builder table =
                table().rows(100).bytes(80).field(required("x")).leafBytes("x", 800);
        assertThat(bytes(table, "SELECT x FROM p.d.t")).isEqualTo(CostBytes.exactly(800));
    }

    @Test
    void a_null_fraction_of_zero_is_no_promise() {
        CostBytes bytes = bytes(
                table().rows(1_000)
                        .field(new TableField(
                                "x",
                                TableField.Type.INT64,
                                Mode.NULLABLE,
                                List.of(),
                                OptionalDouble.of(0),
                                OptionalDouble.empty())),
                "SELECT x FROM p.d.t");
        assertThat(bytes).isEqualTo(new CostBytes(0, 8_000, 8_000));
    }

    @Test
    void each_reference_may_read_the_streaming_buffer() {
        TableStats.Builder table =
                table().rows(10).bytes(80).streamingBufferBytes(800).field(required("x"));
        assertThat(bytes(table, "SELECT x FROM p.d.t").upper()).isEqualTo(880);
        assertThat(bytes(table, "SELECT a.x, b.x FROM p.d.t a, p.d.t b").upper())
                .isEqualTo(1_760);
    }

    @Test
    void a_partition_of_another_unit_may_have_anything() {
        TableStats.Builder table = table().field(TableField.of("d", TableField.Type.DATE, Mode.REQUIRED))
                .field(required("v"))
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.MONTH, "d"))
                .partition("20240101", 1_000, 16_000);
        CostBytes bytes = bytes(table, "SELECT v FROM p.d.t WHERE d = '2024-02-15'");
        assertThat(bytes.lower()).isZero();
        assertThat(bytes.upper()).isEqualTo(16_000);
    }

    @Test
    void a_path_that_begins_with_a_column_is_an_array_and_no_table() {
        Catalog catalog = Catalog.of(
                table().rows(10)
                        .bytes(80_080)
                        .field(required("id"))
                        .field(TableField.struct(
                                "st", Mode.REQUIRED, TableField.of("arr", TableField.Type.INT64, Mode.REPEATED)))
                        .leafBytes("id", 80)
                        .leafBytes("st.arr", 80_000)
                        .build(),
                TableStats.builder("p.st.arr").rows(1).field(required("z")).build());
        CostEstimator estimator = CostEstimator.ofDefaults();
        Pricing pricing = Pricing.onDemand("US");
        for (String sql : new String[] {
            "SELECT id, z FROM p.d.t, st.arr AS z",
            "SELECT id, z FROM p.d.t, t.st.arr AS z",
            "SELECT id, (SELECT SUM(z) FROM st.arr z) FROM p.d.t"
        }) {
            assertThat(estimator
                            .estimate(sql, catalog.withDefaults(Optional.of("p"), Optional.empty()), pricing)
                            .bytes())
                    .as(sql)
                    .isEqualTo(CostBytes.exactly(80_080));
        }
    }

    @Test
    void what_fills_a_materialized_view_may_be_another_job() {
        TableStats.Builder table = table().rows(1_000).field(required("x"));
        assertThat(bytes(table, "CREATE MATERIALIZED VIEW p.d.m AS SELECT x FROM p.d.t"))
                .isEqualTo(new CostBytes(0, 8_000, 8_000));
        assertThat(bytes(table, "CREATE TABLE p.d.m AS SELECT x FROM p.d.t")).isEqualTo(CostBytes.exactly(8_000));
    }

    @Test
    void the_last_range_ends_where_the_ranges_end() {
        TableStats.Builder table = table().field(required("k"))
                .field(required("v"))
                .partitioning(TablePartitioning.range("k", 0, 95, 10))
                .partition("0", 1_000, 16_000)
                .partition("90", 1_000, 16_000);
        for (String condition : new String[] {"k = 97", "k >= 95", "k > 94"}) {
            assertThat(bytes(table, "SELECT v FROM p.d.t WHERE " + condition).lower())
                    .as(condition)
                    .isZero();
        }
        assertThat(bytes(table, "SELECT v FROM p.d.t WHERE k = 94").upper()).isPositive();
        assertThat(CalibrationSql.predicate(table.build(), "90")).isEqualTo("`k` >= 90 AND `k` <= 94");
    }
}
