package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeQuery;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class CalibratorTest {

    private static final FakeResult NOTHING = FakeResult.of(List.of(), List.of());

    private final Map<String, Long> bytes = new ConcurrentHashMap<>();

    /** Answers the bytes of the queries that it knows; any other is a mistake. */
    private FakeResult answer(FakeQuery query) {
        Long known = bytes.get(query.sql());
        return known == null ? FakeResult.failing(400, "invalidQuery") : NOTHING.bytes(known);
    }

    private TableStats calibrate(TableStats table) {
        try (FakeBigQuery server = FakeBigQuery.start(this::answer);
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .build()) {
            TableStats measured = new Calibrator(client).calibrate(table);
            assertThat(server.queries()).as("nothing is run").isEmpty();
            assertThat(server.requests(FakeRoute.DRY_RUN)).as("each once").isEqualTo(bytes.size());
            return measured;
        }
    }

    @Test
    void each_leaf_and_each_partition_is_measured() {
        bytes.put("SELECT t0.`n` FROM `p.d.t` AS t0", 80L);
        bytes.put("SELECT t1.`page`.`path` FROM `p.d.t` AS t0, UNNEST(t0.`hits`) AS t1", 300L);
        bytes.put("SELECT t0.`day` FROM `p.d.t` AS t0", 81L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `day` >= DATE '2024-01-31' AND `day` < DATE '2024-02-01'", 400L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `day` IS NULL", 61L);
        TableStats table = TableStats.builder("p.d.t")
                .field("n", TableField.Type.INT64)
                .field("day", TableField.Type.DATE)
                .field(TableField.struct(
                        "hits",
                        Mode.REPEATED,
                        TableField.struct("page", Mode.NULLABLE, TableField.of("path", TableField.Type.STRING))))
                .rows(11)
                .bytes(1000)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "day"))
                .partition("20240131", 9, 0)
                .partition("__NULL__", 2, 0)
                .build();
        TableStats measured = calibrate(table);
        assertThat(measured.leafBytes())
                .containsOnly(Map.entry("n", 80L), Map.entry("day", 81L), Map.entry("hits.page.path", 300L));
        assertThat(measured.partitions()).extracting(TablePartition::bytes).containsExactly(400L, 61L);
        assertThat(measured.bytes()).as("the sum of the leaves").isEqualTo(461);
        assertThat(measured.rows()).as("older than that").isEqualTo(TableStats.UNKNOWN);
        assertThat(measured.partitions()).extracting(TablePartition::rows).containsOnly(TableStats.UNKNOWN);
    }

    @Test
    void rows_stay_where_the_bytes_are_what_they_were() {
        bytes.put("SELECT t0.`day` FROM `p.d.t` AS t0", 88L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `day` >= DATE '2024-01-31' AND `day` < DATE '2024-02-01'", 72L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `day` IS NULL", 24L);
        TableStats measured = calibrate(TableStats.builder("p.d.t")
                .field("day", TableField.Type.DATE)
                .rows(11)
                .bytes(88)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "day"))
                .partition("20240131", 9, 72)
                .partition("__NULL__", 2, 16)
                .build());
        assertThat(measured.rows()).isEqualTo(11);
        assertThat(measured.partitions()).extracting(TablePartition::rows).containsExactly(9L, TableStats.UNKNOWN);
    }

    @Test
    void a_table_that_has_grown_is_estimated_by_what_was_measured() {
        bytes.put("SELECT t0.`d` FROM `p.d.t` AS t0", 16_000L);
        bytes.put("SELECT t0.`v` FROM `p.d.t` AS t0", 16_000L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `d` >= DATE '2024-01-01' AND `d` < DATE '2024-01-02'", 16_000L);
        bytes.put("SELECT * FROM `p.d.t` WHERE `d` >= DATE '2024-01-02' AND `d` < DATE '2024-01-03'", 16_000L);
        TableStats measured = calibrate(TableStats.builder("p.d.t")
                .field(TableField.of("d", TableField.Type.DATE, Mode.REQUIRED))
                .field(TableField.of("v", TableField.Type.INT64, Mode.REQUIRED))
                .rows(1_000)
                .bytes(16_000)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "d"))
                .partition("20240101", 500, 8_000)
                .partition("20240102", 500, 8_000)
                .build());
        CostBytes one = CostEstimator.ofDefaults()
                .estimate("SELECT d FROM p.d.t WHERE d = '2024-01-01'", Catalog.of(measured), Pricing.onDemand("US"))
                .bytes();
        assertThat(one.lower()).isLessThanOrEqualTo(8_000);
        assertThat(one.upper()).isGreaterThanOrEqualTo(8_000);
    }

    @Test
    void a_filter_that_a_table_demands_is_given_and_its_bytes_do_not_count() {
        String all = " WHERE `ts` >= TIMESTAMP '0001-01-01 00:00:00+00:00'";
        bytes.put("SELECT 1 FROM `p.d.t`" + all, 8L);
        bytes.put("SELECT t0.`ts` FROM `p.d.t` AS t0" + all, 8L);
        bytes.put("SELECT t0.`s` FROM `p.d.t` AS t0" + all, 108L);
        TableStats table = TableStats.builder("p.d.t")
                .field("ts", TableField.Type.TIMESTAMP)
                .field("s", TableField.Type.STRING)
                .rows(1)
                .bytes(200)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.HOUR, "ts"))
                .requirePartitionFilter(true)
                .build();
        assertThat(calibrate(table).leafBytes()).containsOnly(Map.entry("ts", 8L), Map.entry("s", 100L));
    }

    @Test
    void the_partitions_column_is_known_in_any_case() {
        String all = " WHERE `TS` >= TIMESTAMP '0001-01-01 00:00:00+00:00'";
        bytes.put("SELECT 1 FROM `p.d.t`" + all, 8L);
        bytes.put("SELECT t0.`ts` FROM `p.d.t` AS t0" + all, 8L);
        TableStats table = TableStats.builder("p.d.t")
                .field("ts", TableField.Type.TIMESTAMP)
                .rows(1)
                .bytes(8)
                .partitioning(TablePartitioning.time(TablePartitioning.Unit.DAY, "TS"))
                .requirePartitionFilter(true)
                .build();
        assertThat(calibrate(table).leafBytes()).containsOnly(Map.entry("ts", 8L));
    }

    @Test
    void partitions_of_every_kind_are_selected_by_the_bare_column() {
        TableStats.Builder table =
                TableStats.builder("p.d.t").field("n", TableField.Type.INT64).field("at", TableField.Type.DATETIME);
        assertThat(CalibrationSql.predicate(
                        table.partitioning(TablePartitioning.range("n", 0, 100, 10))
                                .build(),
                        "30"))
                .isEqualTo("`n` >= 30 AND `n` <= 39");
        assertThat(CalibrationSql.predicate(
                        table.partitioning(TablePartitioning.ingestion(TablePartitioning.Unit.HOUR))
                                .build(),
                        "2024013123"))
                .isEqualTo("_PARTITIONTIME >= TIMESTAMP '2024-01-31 23:00:00+00:00'"
                        + " AND _PARTITIONTIME < TIMESTAMP '2024-02-01 00:00:00+00:00'");
        assertThat(CalibrationSql.predicate(
                        table.partitioning(TablePartitioning.time(TablePartitioning.Unit.MONTH, "at"))
                                .build(),
                        "202402"))
                .isEqualTo("`at` >= DATETIME '2024-02-01 00:00:00' AND `at` < DATETIME '2024-03-01 00:00:00'");
        assertThat(CalibrationSql.predicate(table.build(), "__UNPARTITIONED__")).isEmpty();
    }
}
