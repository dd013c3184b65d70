package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TablePartitioning.Unit;
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
}
