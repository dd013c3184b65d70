package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TableField.Mode;
import dev.tentpole.bigquery.TableField.Type;
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
                    .field("a", Type.INT64)
                    .field("b", Type.STRING)
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
                .field(TableField.of("id", Type.INT64, Mode.REQUIRED))
                .field("name", Type.STRING)
                .field("age", Type.INT64)
                .field("city", Type.STRING)
                .field("born", Type.DATE)
                .field("score", Type.FLOAT64)
                .field(TableField.of("tags", Type.STRING, Mode.REPEATED))
                .field(TableField.struct(
                        "address",
                        Mode.NULLABLE,
                        TableField.of("street", Type.STRING),
                        TableField.of("zip", Type.STRING),
                        TableField.struct(
                                "geo",
                                Mode.NULLABLE,
                                TableField.of("lat", Type.FLOAT64),
                                TableField.of("lon", Type.FLOAT64))))
                .build();
    }

    private static TableStats orders() {
        return TableStats.builder("proj.ds.orders")
                .rows(5_000)
                .bytes(600_000)
                .field(TableField.of("order_id", Type.INT64, Mode.REQUIRED))
                .field("person_id", Type.INT64)
                .field("amount", Type.NUMERIC)
                .field("status", Type.STRING)
                .field("ordered", Type.TIMESTAMP)
                .field(TableField.struct(
                        "items",
                        Mode.REPEATED,
                        TableField.of("sku", Type.STRING),
                        TableField.of("qty", Type.INT64),
                        TableField.of("price", Type.NUMERIC)))
                .build();
    }

    private static TableStats sessions() {
        return TableStats.builder("proj.ds.sessions")
                .rows(2_000)
                .bytes(800_000)
                .field("visit", Type.INT64)
                .field("visitor", Type.STRING)
                .field(TableField.struct(
                        "totals",
                        Mode.NULLABLE,
                        TableField.of("hits", Type.INT64),
                        TableField.of("bounces", Type.INT64)))
                .field(TableField.struct(
                        "hits",
                        Mode.REPEATED,
                        TableField.of("num", Type.INT64),
                        TableField.struct(
                                "page",
                                Mode.NULLABLE,
                                TableField.of("path", Type.STRING),
                                TableField.of("title", Type.STRING)),
                        TableField.struct(
                                "dims",
                                Mode.REPEATED,
                                TableField.of("idx", Type.INT64),
                                TableField.of("val", Type.STRING))))
                .build();
    }

    private static TableStats events() {
        TableStats.Builder table = TableStats.builder("proj.ds.events")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.time(Unit.DAY, "ts"))
                .field("ts", Type.TIMESTAMP)
                .field("user", Type.STRING)
                .field("n", Type.INT64);
        january(table);
        return table.partition("__NULL__", 0, 0).build();
    }

    private static TableStats days() {
        TableStats.Builder table = TableStats.builder("proj.ds.days")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.time(Unit.DAY, "day"))
                .requirePartitionFilter(true)
                .field("day", Type.DATE)
                .field("user", Type.STRING)
                .field("n", Type.INT64);
        january(table);
        return table.build();
    }

    private static TableStats ingested() {
        TableStats.Builder table = TableStats.builder("proj.ds.ingested")
                .rows(31_000)
                .bytes(31 * 40_000)
                .partitioning(TablePartitioning.ingestion(Unit.DAY))
                .field("user", Type.STRING)
                .field("n", Type.INT64)
                .field("other", Type.TIMESTAMP);
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
                .field(TableField.of("customer_id", Type.INT64, Mode.REQUIRED))
                .field(TableField.of("v", Type.INT64, Mode.REQUIRED));
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
                .field("a", Type.INT64)
                .field("b", Type.INT64)
                .build();
    }

    private static TableStats shard(String name) {
        return TableStats.builder("proj.ds." + name)
                .rows(100)
                .field(TableField.of("x", Type.INT64, Mode.REQUIRED))
                .field(TableField.of("y", Type.INT64, Mode.REQUIRED))
                .build();
    }
}
