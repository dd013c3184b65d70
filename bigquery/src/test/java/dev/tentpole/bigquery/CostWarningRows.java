package dev.tentpole.bigquery;

import dev.tentpole.bigquery.CostWarning.Severity;
import java.util.stream.Stream;

/** A query for each warning, with the place that the warning points at. */
final class CostWarningRows {

    private CostWarningRows() {}

    /**
     * A query with «the place of its warning» marked, and what is said of it.
     *
     * @param rewrite empty for none
     * @param saves below 0 if it cannot be told
     */
    record Row(CostWarning.Id id, Severity severity, String marked, String rewrite, long saves) {
        String sql() {
            return marked.replace("«", "").replace("»", "");
        }

        @Override
        public String toString() {
            return id + ": " + marked;
        }
    }

    private static Row error(CostWarning.Id id, String marked) {
        return new Row(id, Severity.ERROR, marked, "", -1);
    }

    private static Row warning(CostWarning.Id id, String marked) {
        return new Row(id, Severity.WARNING, marked, "", -1);
    }

    private static Row info(CostWarning.Id id, String marked) {
        return new Row(id, Severity.INFO, marked, "", -1);
    }

    private static Row saving(long saves, String rewrite, Row row) {
        return new Row(row.id, row.severity, row.marked, rewrite, saves);
    }

    private static Row rewritten(String rewrite, Row row) {
        return saving(-1, rewrite, row);
    }

    static Stream<Row> columns() {
        return Stream.of(
                // One of the columns, 8 bytes a row, is needed anyway.
                saving(
                        31_000 * 16,
                        "the columns that are needed of customer, amount, paid",
                        warning(CostWarning.Id.SELECT_STAR, "SELECT «*» FROM bills")),
                saving(
                        31_000 * 16,
                        "the columns that are needed of customer, amount, paid",
                        warning(CostWarning.Id.SELECT_STAR, "SELECT «*» FROM bills WHERE customer = 3")),
                saving(
                        31_000 * 16,
                        "the columns that are needed of b.customer, b.paid",
                        warning(CostWarning.Id.SELECT_STAR, "SELECT «b.* EXCEPT (amount)» FROM bills b")),
                saving(
                        31_000 * 16,
                        "the columns that are needed of customer, amount, paid",
                        warning(CostWarning.Id.SELECT_STAR, "WITH a AS (SELECT «*» FROM bills) SELECT * FROM a")),
                saving(
                        0,
                        "the columns that are needed of customer, amount, paid",
                        info(CostWarning.Id.SELECT_STAR, "SELECT «*» FROM bills WHERE FALSE")),
                saving(
                        0,
                        "the query without it",
                        info(
                                CostWarning.Id.UNUSED_CTE_COLUMNS,
                                "WITH a AS (SELECT customer, «amount + 1» AS more FROM bills) SELECT customer FROM a")),
                saving(
                        0,
                        "the query without them",
                        info(
                                CostWarning.Id.UNUSED_CTE_COLUMNS,
                                "SELECT customer FROM (SELECT «*» FROM bills) WHERE amount = 3")),
                saving(
                        0,
                        "the query without them",
                        info(CostWarning.Id.UNUSED_CTE_COLUMNS, "SELECT id FROM «grown_ups» WHERE age > 30")),
                saving(
                        0,
                        "the query without a",
                        info(CostWarning.Id.UNUSED_CTE, "WITH «a» AS (SELECT id FROM people) SELECT 1")),
                rewritten(
                        "CREATE TEMP TABLE a AS …",
                        info(
                                CostWarning.Id.CTE_REFERENCED_REPEATEDLY,
                                "WITH «a» AS (SELECT id FROM people) SELECT x.id FROM a x JOIN a y ON x.id = y.id")),
                saving(
                        31_000 * 16,
                        "STRUCT(…) with those that are needed of b.customer, b.amount, b.paid",
                        warning(CostWarning.Id.REPEATED_FULL_STRUCT, "SELECT TO_JSON_STRING(«b») FROM bills b")),
                rewritten(
                        "columns for what is asked for often",
                        info(CostWarning.Id.JSON_WHOLE_COLUMN, "SELECT «l.doc.a» FROM logs l")),
                rewritten(
                        "columns for what is asked for often",
                        info(
                                CostWarning.Id.JSON_WHOLE_COLUMN,
                                "SELECT n FROM logs WHERE JSON_VALUE(«doc», '$.a') = 'x'")),
                warning(CostWarning.Id.COLUMN_UNKNOWN, "SELECT id, «nothing» FROM people"),
                warning(CostWarning.Id.SYNTAX_UNKNOWN, "SELECT age, «id ???» FROM people"));
    }

    static Stream<Row> partitions() {
        return Stream.of(
                saving(
                        30 * 1_000 * 8,
                        "WHERE ts >= TIMESTAMP '2024-01-31 00:00:00+00'",
                        warning(CostWarning.Id.MISSING_PARTITION_FILTER, "SELECT n FROM «events»")),
                saving(
                        0,
                        "WHERE ts >= TIMESTAMP '2024-01-31 00:00:00+00'",
                        info(CostWarning.Id.MISSING_PARTITION_FILTER, "SELECT COUNT(*) FROM «events e» WHERE TRUE")),
                saving(
                        900 * 8,
                        "WHERE customer_id >= 90",
                        warning(CostWarning.Id.MISSING_PARTITION_FILTER, "SELECT v FROM «ranges»")),
                saving(
                        900 * (8 + 16),
                        "WHERE customer_id >= 90",
                        warning(CostWarning.Id.MISSING_PARTITION_FILTER, "UPDATE «ranges» SET v = 1 WHERE v = 2")),
                saving(
                        30 * 1_000 * 8,
                        "WHERE day >= DATE '2024-01-31'",
                        error(CostWarning.Id.REQUIRED_PARTITION_FILTER_MISSING, "SELECT n FROM «days»")),
                rewritten(
                        "ts >= … AND ts < …, with constants",
                        warning(
                                CostWarning.Id.PARTITION_COLUMN_WRAPPED,
                                "SELECT n FROM events WHERE «TIMESTAMP_TRUNC(ts, MONTH)» = '2024-01-01'")),
                rewritten(
                        "ts >= … AND ts < …, with constants",
                        warning(
                                CostWarning.Id.FORMAT_FUNCTION_ON_PARTITION,
                                "SELECT n FROM events WHERE «FORMAT_TIMESTAMP('%Y', ts)» = '2024'")),
                rewritten(
                        "ts compared with a constant or a parameter",
                        warning(
                                CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT,
                                "SELECT n FROM events WHERE ts = «(SELECT MAX(ordered) FROM orders)»")),
                rewritten(
                        "the parameter's value in the estimate",
                        info(
                                CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT,
                                "SELECT n FROM events WHERE ts >= «@start» AND ts < '2024-01-09'")),
                rewritten(
                        "AND ts >= … around the OR",
                        warning(
                                CostWarning.Id.PARTITION_FILTER_IN_OR,
                                "SELECT n FROM events WHERE n > 0 AND («ts = '2024-01-01' OR n = 1»)")),
                warning(CostWarning.Id.PARTITIONS_UNKNOWN, "SELECT n FROM «unlisted u» WHERE n = 5"));
    }

    static Stream<Row> tables() {
        return Stream.of(
                saving(
                        400 * 8 - 100 * 8,
                        "WHERE _TABLE_SUFFIX BETWEEN '20240131' AND '20240131'",
                        warning(CostWarning.Id.WILDCARD_UNBOUNDED, "SELECT x FROM «`shard_*`»")),
                rewritten(
                        "_TABLE_SUFFIX compared with constants",
                        warning(
                                CostWarning.Id.WILDCARD_SUFFIX_NOT_CONSTANT,
                                "SELECT x FROM `shard_*` WHERE x = 1 AND «_TABLE_SUFFIX = (SELECT 'a')»")),
                rewritten(
                        "_TABLE_SUFFIX compared with constants",
                        info(
                                CostWarning.Id.WILDCARD_SUFFIX_NOT_CONSTANT,
                                "SELECT x FROM `shard_*` WHERE _TABLE_SUFFIX < '2' AND «_TABLE_SUFFIX > (SELECT 'a')»")),
                info(CostWarning.Id.WILDCARD_NOT_CACHED, "SELECT x FROM «`shard_*`» WHERE _TABLE_SUFFIX = 'old'"),
                rewritten(
                        "one table with partitions by day",
                        info(
                                CostWarning.Id.SHARDED_TABLE_ADVICE,
                                "SELECT n FROM «`daily_*`» WHERE _TABLE_SUFFIX = '20240101'")),
                rewritten("a condition on a", info(CostWarning.Id.CLUSTERING_UNUSED, "SELECT a FROM «clustered»")),
                rewritten(
                        "a condition on a",
                        warning(CostWarning.Id.CLUSTERING_PREFIX_SKIPPED, "SELECT a FROM «clustered c» WHERE b = 3")),
                info(CostWarning.Id.CLUSTERED_UPPER_BOUND, "SELECT a FROM «clustered» WHERE a = 3"),
                info(CostWarning.Id.CLUSTERED_UPPER_BOUND, "SELECT a FROM «clustered» LIMIT 3"),
                warning(CostWarning.Id.EXTERNAL_TABLE_UNKNOWN, "SELECT a FROM «files»"),
                warning(CostWarning.Id.ROW_ACCESS_POLICY, "SELECT n FROM people CROSS JOIN «secrets»"),
                info(CostWarning.Id.VIEW_EXPANDED, "SELECT name FROM «grown_ups g» WHERE age > 3"),
                info(
                        CostWarning.Id.SAME_TABLE_MULTIPLE_REFS,
                        "SELECT a.id FROM people a JOIN «people b» ON a.id = b.id"),
                info(
                        CostWarning.Id.SAME_TABLE_MULTIPLE_REFS,
                        "SELECT x FROM shard_old UNION ALL SELECT x FROM «`shard_*`»"),
                info(
                        CostWarning.Id.MINIMUM_DOMINATES,
                        "DECLARE x INT64; «SELECT id FROM people, orders, clustered WHERE id = order_id AND id = a»"),
                info(CostWarning.Id.STREAMING_BUFFER, "SELECT n FROM «fresh»"),
                info(CostWarning.Id.TABLE_SAMPLED, "SELECT id FROM «people TABLESAMPLE SYSTEM (10 PERCENT)»"),
                info(
                        CostWarning.Id.INFORMATION_SCHEMA_MINIMUM,
                        "SELECT table_name FROM «ds.INFORMATION_SCHEMA.TABLES» WHERE TRUE"),
                warning(CostWarning.Id.TABLE_UNKNOWN, "SELECT a FROM people, «nowhere»"),
                rewritten("", warning(CostWarning.Id.DML_FULL_TABLE, "DELETE FROM «people» WHERE id = 1")),
                rewritten(
                        "a constant condition on the partition column",
                        warning(CostWarning.Id.DML_FULL_TABLE, "UPDATE «ranges» SET v = 1 WHERE customer_id = 5")));
    }

    static Stream<Row> shapes() {
        return Stream.of(
                info(CostWarning.Id.LIMIT_WITHOUT_PRUNING, "SELECT id FROM people «LIMIT 3»"),
                info(
                        CostWarning.Id.LIMIT_WITHOUT_PRUNING,
                        "SELECT order_id FROM orders WHERE person_id IN (SELECT id FROM people «limit  10»)"),
                saving(
                        0,
                        "JOIN … ON a.key = b.key",
                        warning(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people «CROSS JOIN orders»")),
                saving(
                        0,
                        "JOIN … ON a.key = b.key",
                        warning(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people«, orders» WHERE age = 3")),
                saving(
                        0,
                        "JOIN … ON a.key = b.key",
                        warning(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people p«, orders» WHERE p.id = p.age")),
                saving(
                        0,
                        "JOIN … ON a.key = b.key",
                        warning(
                                CostWarning.Id.CROSS_JOIN,
                                "SELECT id FROM people, orders«, clustered» WHERE id = order_id")),
                saving(
                        0,
                        "JOIN … ON a.key = b.key",
                        warning(CostWarning.Id.CROSS_JOIN, "SELECT id FROM people «JOIN orders ON TRUE»")),
                rewritten(
                        "a constant, rounded so that it stays the same for a while",
                        info(
                                CostWarning.Id.NON_DETERMINISTIC_NOT_CACHED,
                                "SELECT id FROM people WHERE «RAND()» < score")),
                saving(
                        0,
                        "ORDER BY … LIMIT n, if the first rows are enough",
                        info(CostWarning.Id.ORDER_WITHOUT_LIMIT, "SELECT id FROM people ORDER BY «id», name")),
                saving(
                        0,
                        "p.name LIKE '%abc%'",
                        info(
                                CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                                "SELECT id FROM people p WHERE «REGEXP_CONTAINS(p.name, 'abc')» OR id = 1")),
                saving(
                        0,
                        "name LIKE 'abc%'",
                        info(
                                CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                                "SELECT id FROM people WHERE «REGEXP_CONTAINS(name, r'^abc.*')»")),
                saving(
                        0,
                        "(name || city) LIKE '%a\\\\_c'",
                        info(
                                CostWarning.Id.REGEXP_WHERE_LIKE_WORKS,
                                "SELECT id FROM people WHERE «REGEXP_CONTAINS(name || city, r'a_c$')»")),
                saving(
                        0,
                        "FROM `proj.ds.huge` … JOIN `proj.ds.large` …",
                        info(CostWarning.Id.JOIN_ORDER, "SELECT l.n FROM large l «JOIN huge h ON l.n = h.n»")),
                saving(
                        0,
                        "SELECT DISTINCT …",
                        info(
                                CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                                "SELECT id FROM people WHERE id NOT IN («SELECT person_id FROM orders»)")),
                saving(
                        0,
                        "SELECT DISTINCT …",
                        info(
                                CostWarning.Id.SEMI_JOIN_WITHOUT_DISTINCT,
                                "SELECT id FROM people WHERE id IN"
                                        + " («SELECT order_id FROM orders UNION ALL SELECT person_id FROM orders»)")),
                saving(
                        0,
                        "ARRAY_AGG(t ORDER BY id DESC LIMIT 1)[OFFSET(0)] with GROUP BY name, city",
                        info(
                                CostWarning.Id.LATEST_ROW_BY_WINDOW,
                                "SELECT id FROM people QUALIFY id > 3 AND "
                                        + "«ROW_NUMBER() OVER (PARTITION BY name, city ORDER BY id DESC) = 1»")),
                saving(
                        0,
                        "ARRAY_AGG(t ORDER BY id LIMIT 1)[OFFSET(0)] with GROUP BY name",
                        info(
                                CostWarning.Id.LATEST_ROW_BY_WINDOW,
                                "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY name ORDER BY id) AS rn "
                                        + "FROM people) WHERE «rn = 1»")),
                saving(
                        0,
                        "ORDER BY id LIMIT 1",
                        info(
                                CostWarning.Id.LATEST_ROW_BY_WINDOW,
                                "SELECT id FROM people QUALIFY «ROW_NUMBER() OVER (ORDER BY id) = 1»")),
                warning(CostWarning.Id.SCRIPT_PARTIAL, "SELECT id FROM people; «CALL p.d.f()»"),
                warning(CostWarning.Id.SCRIPT_PARTIAL, "IF TRUE THEN «SELECT id FROM people»; END IF"),
                error(CostWarning.Id.OVER_BUDGET, "«SELECT n FROM large»"),
                warning(CostWarning.Id.OVER_BUDGET, "«SELECT n FROM secrets»"),
                // Nothing in the text is the reason for it.
                warning(CostWarning.Id.PRICE_FALLBACK, "SELECT id FROM people"));
    }

    static Stream<Row> rows() {
        return Stream.of(columns(), partitions(), tables(), shapes()).flatMap(row -> row);
    }
}
