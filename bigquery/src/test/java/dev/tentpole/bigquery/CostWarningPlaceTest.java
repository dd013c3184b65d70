package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each warning with the place in the query that it points at, and queries that nearly deserve it. */
final class CostWarningPlaceTest {

    private static final Pattern LITERAL = Pattern.compile("'([^']{3,})'");
    private static final long MIB = 1L << 20;
    private static final Catalog CATALOG = catalog();

    /** A query that nearly deserves a warning. */
    record NearMiss(CostWarning.Id id, String sql) {}

    private static NearMiss but(CostWarning.Id id, String sql) {
        return new NearMiss(id, sql);
    }

    static Stream<NearMiss> nearMisses() {
        return Stream.of(
                but(CostWarning.Id.SELECT_STAR, "SELECT COUNT(*) FROM people"),
                but(CostWarning.Id.SELECT_STAR, "SELECT id FROM (SELECT * FROM people)"),
                but(
                        CostWarning.Id.SELECT_STAR,
                        "SELECT id FROM people WHERE EXISTS (SELECT * FROM orders WHERE order_id = id)"),
                but(CostWarning.Id.SELECT_STAR, "SELECT * FROM (SELECT id FROM people)"),
                but(CostWarning.Id.SELECT_STAR, "SELECT * EXCEPT (customer, amount) FROM bills"),
                but(
                        CostWarning.Id.UNUSED_CTE_COLUMNS,
                        "WITH a AS (SELECT id, age FROM people) SELECT id FROM a WHERE age = 3"),
                but(
                        CostWarning.Id.UNUSED_CTE_COLUMNS,
                        "WITH a AS (SELECT id, id + 1 AS age FROM people) SELECT id FROM a"),
                but(
                        CostWarning.Id.UNUSED_CTE,
                        "WITH a AS (SELECT id FROM people) SELECT 1 WHERE 3 IN (SELECT id FROM a)"),
                but(CostWarning.Id.CTE_REFERENCED_REPEATEDLY, "WITH a AS (SELECT id FROM people) SELECT id FROM a"),
                but(CostWarning.Id.CTE_REFERENCED_REPEATEDLY, "WITH a AS (SELECT 1 AS x) SELECT a.x FROM a, a AS b"),
                but(CostWarning.Id.MISSING_PARTITION_FILTER, "SELECT n FROM events WHERE ts >= '2024-01-02'"),
                but(CostWarning.Id.MISSING_PARTITION_FILTER, "SELECT id FROM people"),
                but(CostWarning.Id.REQUIRED_PARTITION_FILTER_MISSING, "SELECT n FROM days WHERE day >= '2024-01-01'"),
                but(CostWarning.Id.REQUIRED_PARTITION_FILTER_MISSING, "SELECT n FROM events"),
                but(CostWarning.Id.PARTITION_COLUMN_WRAPPED, "SELECT n FROM events WHERE DATE(ts) = '2024-01-01'"),
                but(
                        CostWarning.Id.PARTITION_COLUMN_WRAPPED,
                        "SELECT n FROM events WHERE ts > '2024-01-09' AND TIMESTAMP_TRUNC(ts, HOUR) = ts"),
                but(
                        CostWarning.Id.FORMAT_FUNCTION_ON_PARTITION,
                        "SELECT FORMAT_TIMESTAMP('%Y', ts) FROM events WHERE ts > '2024-01-09'"),
                but(
                        CostWarning.Id.FORMAT_FUNCTION_ON_PARTITION,
                        "SELECT n FROM events WHERE ts > '2024-01-09' AND EXTRACT(HOUR FROM ts) = 3"),
                but(
                        CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT,
                        "SELECT n FROM events WHERE ts >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)"),
                but(
                        CostWarning.Id.PARTITION_FILTER_IN_OR,
                        "SELECT n FROM events WHERE ts = '2024-01-01' OR ts = '2024-01-03'"),
                but(
                        CostWarning.Id.PARTITION_FILTER_IN_OR,
                        "SELECT n FROM events WHERE ts > '2024-01-05' AND (ts < '2024-01-06' OR n = 1)"),
                but(CostWarning.Id.PARTITIONS_UNKNOWN, "SELECT n FROM unlisted"),
                but(CostWarning.Id.PARTITIONS_UNKNOWN, "SELECT n FROM events WHERE ts > '2024-01-05'"),
                but(CostWarning.Id.LIMIT_WITHOUT_PRUNING, "SELECT a FROM clustered LIMIT 3"),
                but(CostWarning.Id.LIMIT_WITHOUT_PRUNING, "SELECT n FROM events WHERE ts > '2024-01-05' LIMIT 3"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN (SELECT DISTINCT person_id FROM orders)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN (SELECT person_id FROM orders GROUP BY 1)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN (SELECT e FROM UNNEST([1, 2]) e)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN (SELECT k FROM (SELECT DISTINCT person_id AS k FROM orders))"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN"
                                + " (WITH c AS (SELECT DISTINCT person_id AS k FROM orders) SELECT k FROM c)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN (SELECT person_id FROM orders WHERE TRUE"
                                + " QUALIFY ROW_NUMBER() OVER (PARTITION BY person_id) = 1)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id IN"
                                + " (SELECT person_id FROM orders UNION DISTINCT SELECT order_id FROM orders)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people WHERE id = (SELECT MAX(person_id) FROM orders) OR id IN (SELECT 1)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "WITH c AS (SELECT DISTINCT person_id AS k FROM orders)"
                                + " SELECT id FROM people WHERE id IN (SELECT k FROM c)"),
                but(
                        CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                        "SELECT id FROM people p WHERE id IN (SELECT e FROM p.friends e)"),
                but(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people, orders WHERE id + 1 = order_id"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "SELECT id FROM people, orders WHERE CAST(id AS STRING) = CAST(order_id AS STRING)"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "SELECT id FROM people CROSS JOIN (SELECT MAX(amount) AS most FROM orders)"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "WITH m AS (SELECT MAX(amount) AS most FROM orders) SELECT id FROM m, people"),
                but(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people p, p.tags"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "SELECT id FROM people, orders, clustered WHERE a = id AND a = order_id"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "SELECT id FROM people, orders JOIN clustered ON a = order_id WHERE a = id"),
                but(
                        CostWarning.Id.CROSS_JOIN,
                        "SELECT a FROM people p JOIN people r USING (id), orders, clustered WHERE order_id = p.id AND a = r.id"),
                but(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people JOIN orders ON id < order_id"),
                but(CostWarning.Id.WILDCARD_UNBOUNDED, "SELECT x FROM `shard_*` WHERE _TABLE_SUFFIX > '2024'"),
                but(
                        CostWarning.Id.WILDCARD_SUFFIX_NOT_CONSTANT,
                        "SELECT x FROM `shard_*` WHERE _TABLE_SUFFIX = CONCAT('o', 'ld')"),
                but(CostWarning.Id.WILDCARD_NOT_CACHED, "SELECT x FROM shard_old"),
                but(CostWarning.Id.SHARDED_TABLE_ADVICE, "SELECT x FROM `shard_*`"),
                but(CostWarning.Id.CLUSTERING_UNUSED, "SELECT b FROM clustered WHERE a > 3"),
                but(CostWarning.Id.CLUSTERING_PREFIX_SKIPPED, "SELECT a FROM clustered WHERE b = 3 AND a = 4"),
                but(CostWarning.Id.CLUSTERED_UPPER_BOUND, "SELECT a FROM clustered"),
                but(
                        CostWarning.Id.NON_DETERMINISTIC_NOT_CACHED,
                        "SELECT id FROM people WHERE born < PARSE_DATE('%Y', '2024')"),
                but(CostWarning.Id.EXTERNAL_TABLE_UNKNOWN, "SELECT a FROM clustered"),
                but(CostWarning.Id.ROW_ACCESS_POLICY, "SELECT n FROM large"),
                but(CostWarning.Id.VIEW_EXPANDED, "SELECT name FROM people WHERE age > 18"),
                but(CostWarning.Id.SCRIPT_PARTIAL, "DECLARE x INT64; SELECT id FROM people WHERE id = x"),
                but(CostWarning.Id.DML_FULL_TABLE, "INSERT INTO people (id) SELECT order_id FROM orders"),
                but(CostWarning.Id.SAME_TABLE_MULTIPLE_REFS, "SELECT id FROM people; SELECT age FROM people"),
                but(CostWarning.Id.MINIMUM_DOMINATES, "SELECT id FROM people, orders WHERE id = order_id"),
                but(
                        CostWarning.Id.REPEATED_FULL_STRUCT,
                        "SELECT TO_JSON_STRING(p) FROM (SELECT id, age FROM people) p"),
                but(CostWarning.Id.REPEATED_FULL_STRUCT, "SELECT p.address.geo.lat FROM people p"),
                but(CostWarning.Id.JSON_WHOLE_COLUMN, "SELECT doc FROM logs"),
                but(CostWarning.Id.JSON_WHOLE_COLUMN, "SELECT n FROM (SELECT n, doc.a FROM logs)"),
                but(CostWarning.Id.STREAMING_BUFFER, "SELECT n FROM large"),
                but(CostWarning.Id.TABLE_SAMPLED, "SELECT id FROM people WHERE id < 10"),
                but(CostWarning.Id.INFORMATION_SCHEMA_MINIMUM, "SELECT 'INFORMATION_SCHEMA' FROM people"),
                but(CostWarning.Id.ORDER_WITHOUT_LIMIT, "SELECT id FROM people ORDER BY id LIMIT 3"),
                but(CostWarning.Id.ORDER_WITHOUT_LIMIT, "SELECT ARRAY_AGG(id ORDER BY age) FROM people"),
                but(
                        CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                        "SELECT id FROM people WHERE REGEXP_CONTAINS(name, 'ab?c')"),
                but(
                        CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                        "SELECT id FROM people WHERE REGEXP_CONTAINS(name, '^.*abc')"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM huge h JOIN large l ON l.n = h.n"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT p.id FROM people p JOIN huge h ON p.id = h.n"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l LEFT JOIN huge h ON l.n = h.n"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l JOIN huge h ON l.n = h.n WHERE FALSE"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l JOIN sorted s ON l.n = s.n WHERE s.n = 5"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l JOIN unsized u ON l.n = u.n"),
                but(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l JOIN files f ON l.n = f.a"),
                but(
                        CostWarning.Id.JOIN_ORDER,
                        "SELECT l.n FROM large l JOIN (people p JOIN huge h ON p.id = h.n) ON l.n = h.n"),
                but(
                        CostWarning.Id.JOIN_ORDER,
                        "SELECT l.n FROM large l JOIN huge TABLESAMPLE SYSTEM (1 PERCENT) h USING (n)"),
                but(CostWarning.Id.JOIN_ORDER, "UPDATE large l SET n = 1 FROM huge h WHERE l.n = h.n"),
                but(
                        CostWarning.Id.LATEST_ROW_BY_WINDOW,
                        "SELECT id FROM people QUALIFY ROW_NUMBER() OVER (PARTITION BY name ORDER BY id) > 1"),
                but(
                        CostWarning.Id.LATEST_ROW_BY_WINDOW,
                        "SELECT id FROM people QUALIFY ROW_NUMBER() OVER (PARTITION BY name ORDER BY id) <= 10"),
                but(
                        CostWarning.Id.LATEST_ROW_BY_WINDOW,
                        "SELECT id FROM people QUALIFY RANK() OVER (PARTITION BY name ORDER BY id) = 1"),
                but(CostWarning.Id.OVER_BUDGET, "SELECT n FROM held"),
                but(CostWarning.Id.TABLE_UNKNOWN, "WITH nowhere AS (SELECT id FROM people) SELECT id FROM nowhere"),
                but(CostWarning.Id.COLUMN_UNKNOWN, "SELECT nothing FROM nowhere"),
                but(CostWarning.Id.SYNTAX_UNKNOWN, "SELECT id AS `???` FROM people"),
                but(CostWarning.Id.PRICE_FALLBACK, "SELECT id FROM orders"));
    }

    @ParameterizedTest
    @MethodSource("dev.tentpole.bigquery.CostWarningRows#rows")
    void a_warning_points_at_its_reason(CostWarningRows.Row row) {
        String region = row.id() == CostWarning.Id.PRICE_FALLBACK ? "mars-north1" : "US";
        List<CostWarning> found = warnings(row.sql(), region).stream()
                .filter(warning -> warning.id() == row.id())
                .toList();
        assertThat(found).extracting(warning -> marked(row.sql(), warning)).containsExactly(row.marked());
        CostWarning warning = found.get(0);
        assertThat(warning.severity()).isEqualTo(row.severity());
        assertThat(warning.rewrite().orElse("")).isEqualTo(row.rewrite());
        assertThat(warning.savesBytes())
                .isEqualTo(row.saves() < 0 ? OptionalLong.empty() : OptionalLong.of(row.saves()));
    }

    private static String marked(String sql, CostWarning warning) {
        return warning.start() == warning.end()
                ? sql
                : sql.substring(0, warning.start())
                        + "«"
                        + sql.substring(warning.start(), warning.end())
                        + "»"
                        + sql.substring(warning.end());
    }

    @ParameterizedTest
    @MethodSource("nearMisses")
    void a_query_that_nearly_deserves_a_warning_gets_none(NearMiss miss) {
        assertThat(warnings(miss.sql, "US")).extracting(CostWarning::id).doesNotContain(miss.id);
    }

    @Test
    void every_warning_has_a_row_and_a_near_miss() {
        Set<CostWarning.Id> all = EnumSet.allOf(CostWarning.Id.class);
        assertThat(CostWarningRows.rows().map(CostWarningRows.Row::id).collect(Collectors.toSet()))
                .isEqualTo(all);
        assertThat(nearMisses().map(NearMiss::id).collect(Collectors.toSet())).isEqualTo(all);
    }

    @Test
    void no_warning_saves_more_than_is_read_and_no_reason_has_a_literal() {
        Stream.concat(
                        CostWarningRows.rows().map(CostWarningRows.Row::sql),
                        nearMisses().map(NearMiss::sql))
                .forEach(sql -> {
                    long expected = estimate(sql, "US").bytes().expected();
                    for (CostWarning warning : warnings(sql, "US")) {
                        assertThat(warning.savesBytes().orElse(0)).as(sql).isLessThanOrEqualTo(expected);
                        assertThat(LITERAL.matcher(sql).results().map(found -> found.group(1)))
                                .as(sql)
                                .noneMatch(warning.reason()::contains);
                    }
                });
    }

    /** What a rewrite is said to save is what the estimate of the query with it says. */
    @ParameterizedTest
    @MethodSource("dev.tentpole.bigquery.CostWarningRows#rows")
    void a_condition_saves_what_is_said(CostWarningRows.Row row) {
        if (row.saves() > 0 && row.rewrite().startsWith("WHERE ")) {
            String and = row.sql().contains("WHERE") ? " AND " + row.rewrite().substring(6) : " " + row.rewrite();
            long before = estimate(row.sql(), "US").bytes().expected();
            long after = estimate(row.sql() + and, "US").bytes().expected();
            // A condition reads its column.
            boolean column = row.id() != CostWarning.Id.WILDCARD_UNBOUNDED;
            long rows = column ? (row.rewrite().contains("customer_id") ? 100 : 1_000) : 0;
            assertThat(before - after).isEqualTo(row.saves() - 8 * rows);
        }
    }

    private static List<CostWarning> warnings(String sql, String region) {
        return estimate(sql, region).warnings();
    }

    private static CostEstimate estimate(String sql, String region) {
        return CostEstimator.builder()
                .clock(() -> SampleCatalog.NOW)
                .budgetBytes(100 * MIB)
                .build()
                .estimate(sql, CATALOG, Pricing.onDemand(region));
    }

    private static TableStats.Builder table(String name, long bytes) {
        return TableStats.builder("proj.ds." + name)
                .rows(bytes / 8)
                .bytes(bytes)
                .field(TableField.of("n", TableField.Type.INT64, TableField.Mode.REQUIRED));
    }

    private static Catalog catalog() {
        Catalog.Builder builder = Catalog.builder().defaultProject("proj").defaultDataset("ds");
        SampleCatalog.catalog().tables().forEach(builder::table);
        for (int day = 1; day <= 4; day++) {
            builder.table(table("daily_2024010" + day, 80).build());
        }
        return builder.table(TableStats.builder("proj.ds.bills")
                        .rows(31_000)
                        .bytes(31_000 * 24)
                        .field(TableField.of("customer", TableField.Type.INT64, TableField.Mode.REQUIRED))
                        .field(TableField.of("amount", TableField.Type.INT64, TableField.Mode.REQUIRED))
                        .field(TableField.of("paid", TableField.Type.TIMESTAMP, TableField.Mode.REQUIRED))
                        .build())
                .table(table("unlisted", 80)
                        .partitioning(TablePartitioning.range("n", 0, 100, 10))
                        .build())
                .table(table("fresh", 80).streamingBufferBytes(1).build())
                .table(table("large", 101 * MIB).build())
                .table(table("huge", 102 * MIB).build())
                .table(table("sorted", 102 * MIB).clustering(List.of("n")).build())
                .table(table("unsized", TableStats.UNKNOWN).build())
                .table(table("held", 100 * MIB).build())
                .table(table("secrets", 101 * MIB).rowAccessPolicy(true).build())
                .table(table("logs", 80).field("doc", TableField.Type.JSON).build())
                .build();
    }
}
