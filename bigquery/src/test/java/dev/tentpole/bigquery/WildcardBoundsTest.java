package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.TablePartitioning.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wildcards over tables that a script changes, and over tables that are cut into partitions in several ways. */
final class WildcardBoundsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO shard_old (x, y) VALUES (1, 2)",
                "CREATE TABLE ds.shard_new AS SELECT 1 AS x",
                "CREATE TABLE proj.ds.shard_new (x INT64)",
                "LOAD DATA INTO ds.shard_new FROM FILES (format = 'CSV', uris = ['gs://b/f.csv'])"
            })
    void a_wildcard_reads_what_the_script_has_put_into_its_tables(String before) {
        CostEstimate script = SampleCatalog.estimate(before + "; SELECT x FROM `shard_*`");

        assertThat(script.bytes().lower()).isBetween(2_400L, 3_200L);
        assertThat(script.bytes().isBounded()).isFalse();
        assertThat(script.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.TABLE_UNKNOWN);
    }

    @Test
    void a_table_that_is_made_in_a_way_that_is_not_understood_may_be_one_of_a_wildcard() {
        CostBytes bytes = SampleCatalog.estimate("CREATE TABLE ds.shard_new AS SELECT 1 x y z; SELECT x FROM `shard_*`")
                .bytes();

        assertThat(bytes.isBounded()).isFalse();
        assertThat(bytes.lower()).isLessThanOrEqualTo(3_200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE ds.shar AS SELECT 1 AS x",
                "CREATE TABLE other.shard_new AS SELECT 1 AS x",
                "DELETE FROM `shard_*` WHERE FALSE"
            })
    void a_wildcard_does_not_mind_other_tables(String before) {
        CostEstimate script = SampleCatalog.estimate(before + "; SELECT x FROM `shard_*`");

        assertThat(script.statements().get(1).bytes()).isEqualTo(CostBytes.exactly(3_200));
    }

    @Test
    void a_wildcard_names_one_of_many_changed_tables() {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            script.append("INSERT INTO ds.shard_").append(i).append(" VALUES (1, 2);");
        }
        CostEstimate estimate = SampleCatalog.estimate(script + "SELECT x FROM `shard_*`");

        assertThat(estimate.statements().get(1_000).tables()).hasSize(5);
        assertThat(estimate.bytes().isBounded()).isFalse();
    }

    private static TableStats.Builder table(String name) {
        return TableStats.builder("proj.ds." + name)
                .rows(200)
                .bytes(200 * 24)
                .field(TableField.of("d", TableField.Type.DATE, TableField.Mode.REQUIRED))
                .field(TableField.of("e", TableField.Type.DATE, TableField.Mode.REQUIRED))
                .field(TableField.of("v", TableField.Type.INT64, TableField.Mode.REQUIRED));
    }

    private static TableStats by(String name, TablePartitioning partitioning) {
        return table(name)
                .partitioning(partitioning)
                .partition("20240101", 100, 2_400)
                .partition("20240102", 100, 2_400)
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT v FROM `x_*` WHERE d = '2024-01-01' | 1600 | 4800",
                "SELECT v FROM `x_*` WHERE e = '2024-01-01' | 3200 | 6400",
                "SELECT v FROM `y_*` WHERE d = '2024-01-01' | 3200 | 6400",
                "SELECT v FROM `y_*` WHERE v = 1 | 3200 | 3200",
                "SELECT v FROM `y_*` | 3200 | 3200",
                "SELECT v FROM `i_*` WHERE _PARTITIONTIME = '2024-01-01' | 1600 | 3200",
                "SELECT v FROM `z_*` WHERE d = '2024-01-01' | 3200 | 3200"
            })
    void partitions_are_selected_of_the_tables_that_have_such_partitions(String sql, long lower, long upper) {
        TablePartitioning days = TablePartitioning.time(Unit.DAY, "d");
        Catalog catalog = Catalog.builder()
                .defaultProject("proj")
                .defaultDataset("ds")
                .table(by("x_1", TablePartitioning.time(Unit.DAY, "e")))
                .table(by("x_2", days))
                .table(by("y_1", days))
                .table(table("y_2").build())
                .table(by("i_1", TablePartitioning.ingestion(Unit.DAY)))
                .table(table("i_2").build())
                .table(by("z_1", TablePartitioning.time(Unit.DAY, "D")))
                .table(by("z_2", days))
                .build();

        CostBytes bytes = SampleCatalog.estimator()
                .estimate(sql, catalog, Pricing.onDemand("US"))
                .bytes();

        assertThat(bytes.lower()).isLessThanOrEqualTo(lower);
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(upper);
    }

    private static TableStats member(String name, String... columns) {
        TableStats.Builder table = TableStats.builder("proj.ds." + name).rows(100);
        for (String column : columns) {
            table.field(TableField.of(column, TableField.Type.INT64, TableField.Mode.REQUIRED));
        }
        return table.build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT a FROM `m_*` | 1600 | 1600",
                "SELECT * FROM `m_*` | 1600 | 2400",
                "SELECT b FROM `m_*` | 0 | 800",
                "SELECT a FROM `m_*` WHERE b > 1 | 1600 | 2400"
            })
    void any_member_may_be_the_one_whose_columns_count(String sql, long lower, long upper) {
        for (boolean last : new boolean[] {true, false}) {
            Catalog catalog = Catalog.builder()
                    .defaultProject("proj")
                    .defaultDataset("ds")
                    .table(member("m_1", last ? new String[] {"a"} : new String[] {"a", "b"}))
                    .table(member("m_2", last ? new String[] {"A", "b"} : new String[] {"a"}))
                    .build();
            CostEstimate estimate = SampleCatalog.estimator().estimate(sql, List.of(), catalog, Pricing.onDemand("US"));

            assertThat(estimate.bytes()).isEqualTo(new CostBytes(lower, upper, upper));
            assertThat(estimate.warnings()).extracting(CostWarning::id).doesNotContain(CostWarning.Id.COLUMN_UNKNOWN);
        }
    }

    @Test
    void a_join_may_select_partitions_of_the_members_that_are_cut_by_its_column() {
        TableStats.Builder cut = member("m_1", "a", "b").toBuilder()
                .rows(TableStats.UNKNOWN)
                .partitioning(TablePartitioning.range("a", 0, 20, 10))
                .partition("0", 50, 800)
                .partition("10", 50, 800);
        Catalog catalog = Catalog.builder()
                .defaultProject("proj")
                .defaultDataset("ds")
                .table(cut.build())
                .table(member("m_2", "a", "b"))
                .table(member("o", "a"))
                .build();
        CostBytes bytes = SampleCatalog.estimator()
                .estimate("SELECT b FROM `m_*` JOIN o USING (a)", List.of(), catalog, Pricing.onDemand("US"))
                .bytes();

        assertThat(bytes.upper()).isEqualTo(4_000);
        assertThat(bytes.lower()).isLessThanOrEqualTo(4_000 - 1_600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@day IS NULL OR _TABLE_SUFFIX = '20240131'",
                "_TABLE_SUFFIX = '20240131' OR @unknown",
                "@unknown IS NULL OR _TABLE_SUFFIX = '20240131'",
                "_TABLE_SUFFIX = '20240131' OR (x > 1 AND @unknown IS NULL)",
                "_TABLE_SUFFIX = '20240131' OR (x > 1 AND @unknown)",
                "_TABLE_SUFFIX = '20240131' OR x = IF(@unknown, 1, NULL)",
                "_TABLE_SUFFIX = '20240131' OR FALSE",
                "_TABLE_SUFFIX = '20240131' OR 1 = 2 OR NULL",
                "_TABLE_SUFFIX = '20240131' OR (x > 5 AND x < 3)",
                "_TABLE_SUFFIX = '20240131' OR (_TABLE_SUFFIX = '20240130' AND FALSE)"
            })
    void what_constants_leave_of_an_alternative_selects_tables(String condition) {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT x FROM `shard_*` WHERE " + condition,
                        SqlParameter.of("day", TableField.Type.STRING, "20240131"),
                        SqlParameter.unknown("unknown", TableField.Type.BOOL))
                .bytes();

        assertThat(bytes.lower()).isEqualTo(800);
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(3_200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_TABLE_SUFFIX = '20240131' OR TRUE",
                "@day IS NOT NULL OR _TABLE_SUFFIX = '20240131'",
                "_TABLE_SUFFIX = '20240131' OR x > 5"
            })
    void an_alternative_that_rows_may_meet_reads_all_tables(String condition) {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT x FROM `shard_*` WHERE " + condition,
                        SqlParameter.of("day", TableField.Type.STRING, "20240131"))
                .bytes();

        assertThat(bytes.lower()).isEqualTo(3_200);
        assertThat(bytes.expected()).isEqualTo(3_200);
    }

    @Test
    void lines_of_a_text_end_in_one_way_however_the_query_does() {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT x FROM `shard_*` WHERE CONCAT(_TABLE_SUFFIX, '\\n', 'a', '\\n') = '''20240131\r\na\r'''")
                .bytes();

        assertThat(bytes.expected()).isEqualTo(800);
    }
}
