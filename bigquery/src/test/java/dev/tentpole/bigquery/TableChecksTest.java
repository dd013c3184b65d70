package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TablePartitioning.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptions of tables that contradict themselves are refused. */
final class TableChecksTest {

    private static TableStats.Builder table() {
        return TableStats.builder("p.d.t")
                .field("d", TableField.Type.DATE)
                .field("ts", TableField.Type.TIMESTAMP)
                .field("n", TableField.Type.INT64)
                .field("s", TableField.Type.STRING)
                .field(TableField.of("ds", TableField.Type.DATE, Mode.REPEATED));
    }

    private static void refused(TableStats.Builder table, String... words) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(table::build)
                .withMessageContainingAll(words);
    }

    @Test
    void a_partition_that_is_listed_twice_is_refused() {
        TableStats.Builder table = table().partitioning(TablePartitioning.time(Unit.DAY, "d"))
                .partition("20240101", 1, 8)
                .partition("20240102", 1, 8);
        assertThat(table.build().partitions()).hasSize(2);
        refused(table.partition("20240101", 2, 16), "partitions of p.d.t", "20240101");
    }

    @Test
    void two_columns_or_fields_of_one_name_are_refused() {
        refused(table().field("D", TableField.Type.INT64), "fields of p.d.t", "D");
        refused(
                table().field(TableField.struct(
                        "r",
                        Mode.NULLABLE,
                        TableField.of("x", TableField.Type.INT64),
                        TableField.of("X", TableField.Type.STRING))),
                "fields of p.d.t.r",
                "X");
    }

    @ParameterizedTest
    @EnumSource
    void partitions_are_by_a_column_that_can_do_so(Unit unit) {
        for (String field : new String[] {"d", "ts", "n", "s", "ds", "nothing", "TS"}) {
            TableStats.Builder table = table().partitioning(
                            unit == Unit.RANGE
                                    ? TablePartitioning.range(field, 0, 10, 1)
                                    : TablePartitioning.time(unit, field));
            boolean fits = switch (field) {
                case "ts", "TS" -> unit != Unit.RANGE;
                case "d" -> unit != Unit.RANGE && unit != Unit.HOUR;
                case "n" -> unit == Unit.RANGE;
                default -> false;
            };
            if (fits) {
                assertThat(table.build().partitioning()).isPresent();
            } else {
                refused(table, "partitioning field of p.d.t", field);
            }
        }
    }

    @Test
    void a_catalog_that_lists_a_partition_twice_says_where() {
        assertThatExceptionOfType(BigQueryException.class)
                .isThrownBy(() -> Catalog.parseJson("{\"tables\": [{\"name\": \"p.d.t\", \"partitioning\": {\"unit\":"
                        + " \"DAY\"}, \"partitions\": [{\"id\": \"20240101\"}, {\"id\": \"20240101\"}]}]}"))
                .withMessageContainingAll("tables[0]", "20240101");
    }

    @Test
    void numbers_that_partitions_leave_out_are_not_known() {
        TableStats.Builder table = TableStats.builder("p.d.t")
                .partitioning(TablePartitioning.time(Unit.DAY, "d"))
                .field(TableField.of("d", TableField.Type.DATE, Mode.REQUIRED))
                .field(TableField.of("n", TableField.Type.INT64, Mode.REQUIRED));
        TableStats rowsLeftOut = table.bytes(656)
                .partition("20240101", 15, 240)
                .partition("20240102", TableStats.UNKNOWN, 416)
                .build();
        assertThat(rowsLeftOut.rows()).isEqualTo(TableStats.UNKNOWN);
        assertThat(upper("SELECT n FROM p.d.t", rowsLeftOut)).isGreaterThanOrEqualTo(328);
        TableStats moreRows = rowsLeftOut.toBuilder()
                .bytes(TableStats.UNKNOWN)
                .rows(41)
                .partitions(List.of(TablePartition.of("20240101", 15, 240), TablePartition.of("20240102", 8, 128)))
                .build();
        assertThat(moreRows.bytes()).isEqualTo(TableStats.UNKNOWN);
        assertThat(upper("SELECT d, n FROM p.d.t", moreRows)).isGreaterThanOrEqualTo(656);
        TableStats nothingSaid = moreRows.toBuilder()
                .rows(TableStats.UNKNOWN)
                .partitions(List.of(TablePartition.of("20240101", TableStats.UNKNOWN, TableStats.UNKNOWN)))
                .build();
        assertThat(upper("SELECT n FROM p.d.t", nothingSaid)).isEqualTo(CostBytes.UNBOUNDED);
        assertThat(TablePartition.of("20240101", 0, 8)).isEqualTo(TablePartition.of("20240101", TableStats.UNKNOWN, 8));
        assertThat(TablePartition.of("20240101", 1, 0)).isEqualTo(TablePartition.of("20240101", 1, TableStats.UNKNOWN));
    }

    private static long upper(String sql, TableStats table) {
        return CostEstimator.ofDefaults()
                .estimate(sql, Catalog.of(table), Pricing.onDemand("US"))
                .bytes()
                .upper();
    }
}
