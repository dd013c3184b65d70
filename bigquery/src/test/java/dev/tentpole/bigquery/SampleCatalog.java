package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TablePartitioning.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** A catalog with a table of each kind, of which every column has its own number of bytes. */
final class SampleCatalog {

    static final Instant NOW = Instant.parse("2024-01-31T12:00:00Z");

    private SampleCatalog() {}

    static CostEstimator estimator() {
        return CostEstimator.builder().clock(() -> NOW).build();
    }

    static CostEstimate estimate(String sql, SqlParameter... parameters) {
        return estimator().estimate(sql, List.of(parameters), catalog(), Pricing.onDemand("US"));
    }

    static Catalog catalog() {
        return CATALOG;
    }

    private static final Catalog CATALOG = Catalog.builder()
            .defaultProject("proj")
            .defaultDataset("ds")
            .table(people())
            .table(orders())
            .table(sessions())
            .table(events())
            .table(days())
            .table(ingested())
            .table(ranges())
            .table(clustered())
            .table(shard("shard_20240129"))
            .table(shard("shard_20240130"))
            .table(shard("shard_20240131"))
            .table(shard("shard_old"))
            .table(TableStats.builder("proj.ds.files")
                    .kind(TableStats.Kind.EXTERNAL)
                    .field("a", TableField.Type.INT64)
                    .field("b", TableField.Type.STRING)
                    .build())
            .table(TableStats.builder("proj.ds.grown_ups")
                    .kind(TableStats.Kind.VIEW)
                    .viewSql("SELECT id, name, age FROM proj.ds.people WHERE age >= 18")
                    .build())
            .build();

    private static TableStats people() {
        return TableStats.builder("proj.ds.people")
                .rows(1_000)
                .bytes(100_000)
                .field(TableField.of("id", TableField.Type.INT64, Mode.REQUIRED))
                .field("name", TableField.Type.STRING)
                .field("age", TableField.Type.INT64)
                .field("city", TableField.Type.STRING)
                .field("born", TableField.Type.DATE)
                .field("score", TableField.Type.FLOAT64)
                .field(TableField.of("tags", TableField.Type.STRING, Mode.REPEATED))
                .field(TableField.struct(
                        "address",
                        Mode.NULLABLE,
                        TableField.of("street", TableField.Type.STRING),
                        TableField.of("zip", TableField.Type.STRING),
                        TableField.struct(
                                "geo",
                                Mode.NULLABLE,
                                TableField.of("lat", TableField.Type.FLOAT64),
                                TableField.of("lon", TableField.Type.FLOAT64))))
                .build();
    }

    private static TableStats orders() {
        return TableStats.builder("proj.ds.orders")
                .rows(5_000)
                .bytes(600_000)
                .field(TableField.of("order_id", TableField.Type.INT64, Mode.REQUIRED))
                .field("person_id", TableField.Type.INT64)
                .field("amount", TableField.Type.NUMERIC)
                .field("status", TableField.Type.STRING)
                .field("ordered", TableField.Type.TIMESTAMP)
                .field(TableField.struct(
                        "items",
                        Mode.REPEATED,
                        TableField.of("sku", TableField.Type.STRING),
                        TableField.of("qty", TableField.Type.INT64),
                        TableField.of("price", TableField.Type.NUMERIC)))
                .build();
    }

    private static TableStats sessions() {
        return TableStats.builder("proj.ds.sessions")
                .rows(2_000)
                .bytes(800_000)
                .field("visit", TableField.Type.INT64)
                .field("visitor", TableField.Type.STRING)
                .field(TableField.struct(
                        "totals",
                        Mode.NULLABLE,
                        TableField.of("hits", TableField.Type.INT64),
                        TableField.of("bounces", TableField.Type.INT64)))
                .field(TableField.struct(
                        "hits",
                        Mode.REPEATED,
                        TableField.of("num", TableField.Type.INT64),
                        TableField.struct(
                                "page",
                                Mode.NULLABLE,
                                TableField.of("path", TableField.Type.STRING),
                                TableField.of("title", TableField.Type.STRING)),
                        TableField.struct(
                                "dims",
                                Mode.REPEATED,
                                TableField.of("idx", TableField.Type.INT64),
                                TableField.of("val", TableField.Type.STRING))))
                .build();
    }

    private static TableStats events() {
        TableStats.Builder table = TableStats.builder("proj.ds.events")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.time(Unit.DAY, "ts"))
                .field("ts", TableField.Type.TIMESTAMP)
                .field("user", TableField.Type.STRING)
                .field("n", TableField.Type.INT64);
        january(table);
        return table.partition("__NULL__", 0, 0).build();
    }

    private static TableStats days() {
        TableStats.Builder table = TableStats.builder("proj.ds.days")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.time(Unit.DAY, "day"))
                .requirePartitionFilter(true)
                .field("day", TableField.Type.DATE)
                .field("user", TableField.Type.STRING)
                .field("n", TableField.Type.INT64);
        january(table);
        return table.build();
    }

    private static TableStats ingested() {
        TableStats.Builder table = TableStats.builder("proj.ds.ingested")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.ingestion(Unit.DAY))
                .field("user", TableField.Type.STRING)
                .field("n", TableField.Type.INT64)
                .field("other", TableField.Type.TIMESTAMP);
        january(table);
        return table.partition("__UNPARTITIONED__", 10, 400).build();
    }

    private static void january(TableStats.Builder table) {
        for (int day = 1; day <= 31; day++) {
            String id = LocalDate.of(2024, 1, day).format(DateTimeFormatter.BASIC_ISO_DATE);
            table.partition(id, 1_000, 40_000);
        }
    }

    private static TableStats ranges() {
        TableStats.Builder table = TableStats.builder("proj.ds.ranges")
                .rows(1_000)
                .bytes(16_000)
                .partitioning(TablePartitioning.range("customer_id", 0, 100, 10))
                .field(TableField.of("customer_id", TableField.Type.INT64, Mode.REQUIRED))
                .field(TableField.of("v", TableField.Type.INT64, Mode.REQUIRED));
        for (int start = 0; start < 100; start += 10) {
            table.partition(Integer.toString(start), 100, 1_600);
        }
        return table.build();
    }

    private static TableStats clustered() {
        return TableStats.builder("proj.ds.clustered")
                .rows(1_000)
                .bytes(16_000)
                .clustering(List.of("a", "b"))
                .field("a", TableField.Type.INT64)
                .field("b", TableField.Type.INT64)
                .build();
    }

    private static TableStats shard(String name) {
        return TableStats.builder("proj.ds." + name)
                .rows(100)
                .field(TableField.of("x", TableField.Type.INT64, Mode.REQUIRED))
                .field(TableField.of("y", TableField.Type.INT64, Mode.REQUIRED))
                .build();
    }
}
