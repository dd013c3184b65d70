package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions that constants decide: BigQuery may read nothing, so the lower bound is nothing. */
final class ConstantConditionsTest {

    private static final long ALL = 2 * 1_000 * 8L;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FALSE",
                "NULL",
                "NOT TRUE",
                "1 = 2",
                "1 = 2 OR FALSE",
                "1 = 2 OR 1 > 3",
                "v = 1 AND NOT 1 = 1",
                "1 IN (2, 3)",
                "1 BETWEEN 2 AND 3",
                "v = NULL",
                "NULL < v",
                "v IN (NULL)",
                "v NOT IN (1, NULL) AND NULL",
                "v BETWEEN NULL AND 3 AND v > NULL",
                "v IN UNNEST([])",
                "v NOT IN UNNEST([1, NULL])",
                "v NOT IN UNNEST([CAST(NULL AS INT64)])",
                "1 NOT IN UNNEST([v, 1])",
                "TRUE IS FALSE",
                "(v = NULL) IS TRUE",
                "(v > 1 AND NULL) IS TRUE",
                "(v NOT IN (1, NULL)) IS TRUE",
                "(v IN (1, NULL)) IS FALSE",
                "1 IN UNNEST([2, NULL])",
                "NULL IS NOT NULL",
                "'a' IS NULL",
                "IF(1 = 2, TRUE, FALSE)",
                "IF(TRUE, NULL, TRUE)",
                "'a' LIKE 'b'",
                "'ab' LIKE 'b%'",
                "NULL LIKE 'b%'",
                "STARTS_WITH('abc', 'b')",
                "STARTS_WITH('abc', NULL)",
                "CURRENT_DATE() < DATETIME '2024-01-01'",
                "DATETIME '2024-01-05 12:00:00' < DATE '2024-01-05'",
                "@number IS NULL",
                "[1] IS NULL",
                "CAST('-0.0' AS FLOAT64) < 0.0",
                "NULLIF(FALSE, v > 1)",
                "NOT NULLIF(TRUE, v > 1)"
            })
    void a_condition_that_is_never_true_reads_nothing_most_likely(String condition) {
        CostEstimate estimate = ranges("SELECT customer_id, v FROM ranges WHERE " + condition);

        assertThat(estimate.bytes()).isEqualTo(new CostBytes(0, 0, ALL));
        assertThat(estimate.assumptions()).contains(CostAssumption.NEVER_TRUE_READS_NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RAND() > 2",
                "v = 1 AND RAND() > 2",
                "ABS(-1) = 1",
                "SAFE_CAST('x' AS INT64) = v",
                "v > @unknown",
                "v IN (@unknown, NULL)",
                "v IN UNNEST(@unknown)",
                "NOT (v = 1 OR @unknown)",
                "@unknown IS NULL",
                "@unknown",
                "@unknown AND v = 1",
                "@unknown OR FALSE",
                "IF(@unknown, v = 1, FALSE)",
                "'ab' LIKE 'a_'",
                "STARTS_WITH(CAST(v AS STRING), NULLIF('a', 'b'))",
                "COALESCE(v = NULL, FALSE)",
                "@unknown IN UNNEST([v, customer_id])",
                "(@unknown = v) IS NOT TRUE",
                "v + NULL > 5",
                "CASE WHEN FALSE THEN v > 1 ELSE FALSE END",
                "CASE WHEN v > 1 THEN 5 ELSE 6 END = 7",
                "IF(FALSE, v, NULL) = 5",
                "(SELECT FALSE)",
                "NOT EXISTS (SELECT 1)",
                "v IS NULL",
                "v LIKE NULLIF('a', 'a')",
                "LOWER(CONCAT(CAST(v AS STRING), NULL)) = 'a'",
                "CAST('NaN' AS FLOAT64) = CAST('NaN' AS FLOAT64)",
                "NULLIF(v, v) = 5",
                "v * 0 = 5",
                "v - v = 5"
            })
    void a_condition_that_may_be_never_true_may_read_nothing(String condition) {
        assertThat(ranges("SELECT customer_id, v FROM ranges WHERE " + condition)
                        .bytes())
                .isEqualTo(new CostBytes(0, ALL, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUE",
                "1 = 1",
                "1 = 1 AND v = 2",
                "NOT FALSE",
                "v = 1 OR FALSE",
                "v = 1 OR NULL",
                "v = 1 OR @unknown",
                "v IN (1, NULL)",
                "v IN UNNEST([1, NULL])",
                "v IN UNNEST([1, 2])",
                "(v = 1) IS TRUE",
                "(v IN (1, NULL)) IS NOT FALSE",
                "NOT v = 1",
                "v IS NOT NULL",
                "v > 1.5",
                "NULLIF(v, 1) = 5",
                "NULLIF(v > 1, v > 2)",
                "v * 1 = 5",
                "v - customer_id = 5",
                "v > LENGTH('abc')",
                "v > DATE_DIFF(CURRENT_DATE(), '2020-01-01', DAY)",
                "1 IN (1, NULL)",
                "1 BETWEEN 0 AND 2",
                "'ab' LIKE 'a%'",
                "IF(v = 1, TRUE, FALSE)",
                "NULL IS NULL",
                "@number IS NOT NULL",
                "DATE '2024-01-05' <= DATETIME '2024-01-05 00:00:00'",
                "CAST('-0.0' AS FLOAT64) = 0.0",
                "COALESCE(v, 0) > 5",
                "IF(v > 1, v, 0) = 5",
                "CASE WHEN v > 1 THEN v ELSE 6 END = 7",
                "CONCAT(CAST(v AS STRING), 'a') LIKE '%b'",
                "v > (SELECT COUNT(*) FROM (SELECT 1 FROM UNNEST([1])))",
                "MOD(v, 2) = 1"
            })
    void a_condition_that_rows_decide_reads_all(String condition) {
        assertThat(ranges("SELECT customer_id, v FROM ranges WHERE " + condition)
                        .bytes())
                .isEqualTo(new CostBytes(ALL, ALL, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT SUM(v) FROM ranges GROUP BY customer_id HAVING FALSE",
                "SELECT customer_id, v FROM ranges QUALIFY ROW_NUMBER() OVER (ORDER BY v) = NULL",
                "SELECT a.customer_id, a.v FROM ranges a LEFT JOIN clustered b ON FALSE",
                "SELECT a.customer_id, a.v FROM ranges a LEFT JOIN (SELECT b FROM clustered) b ON a.v = @unknown",
                "SELECT customer_id, v FROM (SELECT customer_id, v, NULL AS n FROM ranges) WHERE n + v > 3",
                "SELECT customer_id, v FROM ranges, UNNEST([])",
                "SELECT customer_id, v FROM ranges, UNNEST(ARRAY<INT64>[]) x",
                "SELECT customer_id, v FROM ranges, UNNEST(@unknown) x",
                "SELECT customer_id, v FROM ranges LIMIT 0",
                "SELECT customer_id, v FROM ranges LIMIT @zero",
                "SELECT customer_id, v FROM ranges LIMIT @unknown",
                "FROM ranges |> SELECT customer_id, v |> LIMIT @zero"
            })
    void a_condition_elsewhere_that_may_be_never_true_may_read_nothing(String sql) {
        CostEstimate estimate = ranges(sql);

        assertThat(estimate.bytes().lower()).isZero();
        assertThat(estimate.bytes().expected()).isGreaterThanOrEqualTo(ALL);
    }

    @Test
    void tables_say_what_their_sum_says() {
        CostEstimate estimate = ranges("SELECT v FROM (SELECT * FROM ranges) WHERE v < NULL");

        assertThat(estimate.bytes().expected()).isZero();
        assertThat(estimate.tables())
                .allSatisfy(table -> assertThat(table.bytes().expected()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIMIT 1", "LIMIT @one", "LIMIT ALL", ""})
    void a_limit_that_leaves_rows_reads_all(String limit) {
        assertThat(ranges("SELECT customer_id, v FROM ranges " + limit).bytes()).isEqualTo(CostBytes.exactly(ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COUNT(*), (SELECT MAX(v) FROM ranges) FROM shard_old WHERE FALSE",
                "SELECT t.v FROM shard_old s JOIN clustered c ON FALSE RIGHT JOIN ranges t ON TRUE",
                "SELECT t.v FROM ranges t FULL JOIN (shard_old s JOIN clustered c ON FALSE) ON TRUE",
                "FROM shard_old |> WHERE FALSE |> RIGHT JOIN ranges t ON TRUE |> SELECT v",
                "FROM shard_old |> WHERE FALSE |> AGGREGATE COUNT(*) AS n |> CROSS JOIN ranges |> SELECT n, v"
            })
    void a_condition_that_is_never_true_spares_nothing_that_stays_without_it(String sql) {
        CostEstimate trusting = CostEstimator.builder()
                .clock(() -> SampleCatalog.NOW)
                .trust(CostAssumption.values())
                .build()
                .estimate(sql, List.of(), SampleCatalog.catalog(), Pricing.onDemand("US"));

        assertThat(trusting.bytes().upper()).isGreaterThanOrEqualTo(ALL / 2);
        assertThat(ranges(sql).bytes().expected()).isGreaterThanOrEqualTo(ALL / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL + v", "CONCAT(CAST(v AS STRING), @none)", "v > NULL"})
    void what_is_null_whatever_the_rows_are_may_read_none(String expr) {
        assertThat(ranges("SELECT " + expr + " FROM ranges").bytes()).isEqualTo(new CostBytes(0, ALL / 2, ALL / 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@unknown IN UNNEST(tags)", "NOT (@unknown IN UNNEST(tags))", "NULL IN UNNEST(tags)"})
    void what_is_looked_for_in_an_array_may_be_null(String condition) {
        assertThat(ranges("SELECT id FROM people WHERE " + condition).bytes().lower())
                .isZero();
        String known = condition.replaceAll("@unknown|NULL", "'a'");
        assertThat(ranges("SELECT id FROM people WHERE " + known).bytes().lower())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IF(v > 1 AND NULL, customer_id, 0)",
                "CASE WHEN v > 1 AND NULL THEN customer_id ELSE 0 END",
                "customer_id IS UNKNOWN"
            })
    void what_null_keeps_from_being_chosen_may_not_be_read(String expr) {
        assertThat(ranges("SELECT " + expr + " FROM ranges").bytes().lower()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULLIF(id, id)",
                "id * 0",
                "id * 2 * 0",
                "id - id",
                "(id + 1) IS NULL",
                "COALESCE(1 IN (1, age), id > 5)",
                "COALESCE(0 BETWEEN 1 AND age, id > 5)"
            })
    void what_has_one_value_whatever_the_rows_are_may_not_be_read(String expr) {
        CostBytes bytes = ranges("SELECT " + expr + " FROM people").bytes();

        assertThat(bytes.lower()).isZero();
        assertThat(bytes.expected()).isGreaterThanOrEqualTo(8_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(id + age) IS NULL", "COUNT(id + age)", "ROUND(age * id) IS NOT NULL"})
    void whether_something_is_null_is_told_by_what_may_be(String expr) {
        String sql = "SELECT " + expr + " FROM t";
        CostBytes bytes = both(sql).bytes();

        assertThat(bytes).isEqualTo(new CostBytes(500, 8_500, 8_500));
        assertThat(both(sql.replace("age", "id")).bytes().lower()).isZero();
    }

    /** An estimate of a table with a column that is never null and one that is sometimes. */
    private static CostEstimate both(String sql) {
        TableStats table = TableStats.builder("p.d.t")
                .rows(1_000)
                .bytes(8_500)
                .field(TableField.of("id", TableField.Type.INT64, TableField.Mode.REQUIRED))
                .field("age", TableField.Type.INT64)
                .leafBytes(Map.of("id", 8_000L, "age", 500L))
                .build();
        Catalog catalog = Catalog.builder()
                .defaultProject("p")
                .defaultDataset("d")
                .table(table)
                .build();
        return CostEstimator.ofDefaults().estimate(sql, catalog, Pricing.onDemand("US"));
    }

    @Test
    void a_variable_of_a_script_may_be_null() {
        CostEstimate estimate = ranges("DECLARE x INT64; SELECT customer_id, v FROM ranges WHERE v = x");

        assertThat(estimate.bytes()).isEqualTo(new CostBytes(0, ALL, ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT COALESCE(customer_id, v) FROM ranges",
                "SELECT IFNULL(customer_id, v) FROM ranges",
                "SELECT customer_id, ds.f(v) FROM ranges",
                "CREATE TEMP FUNCTION f(x INT64) AS (1); SELECT customer_id, f(v) FROM ranges"
            })
    void an_argument_that_nothing_may_come_of_may_not_be_read(String sql) {
        assertThat(ranges(sql).bytes().lower()).isEqualTo(ALL / 2);
        assertThat(ranges(sql).bytes().expected()).isEqualTo(ALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT s.v FROM (SELECT STRUCT(customer_id AS c, v AS v) AS s FROM ranges) WHERE s.c = 5",
                "SELECT x.v FROM (SELECT r AS x FROM ranges r) WHERE x.customer_id = 5",
                "SELECT v FROM (SELECT v, (SELECT customer_id) AS e FROM ranges) WHERE e = 5",
                "SELECT v FROM ranges WHERE (customer_id = 5) IS TRUE",
                "SELECT v FROM ranges WHERE (customer_id = 5) = TRUE",
                "SELECT v FROM ranges WHERE IF(customer_id = 5, TRUE, FALSE)",
                "SELECT v FROM ranges WHERE customer_id IS NOT DISTINCT FROM 5"
            })
    void a_condition_that_may_reach_the_partition_column_may_select_partitions(String sql) {
        assertThat(ranges(sql).bytes().lower()).isZero();
        assertThat(ranges(sql).bytes().upper()).isGreaterThanOrEqualTo(ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(customer_id, v) = (5, 1)", "wherever = 5"})
    void what_may_be_a_condition_on_the_partition_column_may_select_partitions(String condition) {
        assertThat(ranges("SELECT v FROM ranges WHERE " + condition).bytes().lower())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ARRAY_TRANSFORM(hits, e -> e.num) FROM sessions",
                "SELECT ARRAY_FILTER(hits, e -> e.num > 1)[OFFSET(0)].num FROM sessions",
                "SELECT CAST(totals AS STRUCT<x INT64, y INT64>).x FROM sessions",
                "SELECT MAX_BY(totals, visit).hits FROM sessions"
            })
    void of_a_struct_that_is_passed_on_a_field_alone_may_be_read(String sql) {
        CostBytes all = ranges(sql.replaceAll("SELECT .*", "SELECT hits, totals, visit FROM sessions"))
                .bytes();

        assertThat(ranges(sql).bytes().lower()).isLessThan(all.expected() / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAST(customer_id AS INT64) = 5", "+customer_id = 5"})
    void what_changes_nothing_leaves_the_partition_column_bare(String condition) {
        assertThat(ranges("SELECT v FROM ranges WHERE " + condition).bytes())
                .isEqualTo(new CostBytes(1_600, 1_600, ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MOD(customer_id, 10) = 5", "customer_id + 1 = 5", "ABS(customer_id) = 5"})
    void a_function_of_the_column_of_a_range_selects_no_partitions(String condition) {
        assertThat(ranges("SELECT v FROM ranges WHERE " + condition).bytes()).isEqualTo(new CostBytes(ALL, ALL, ALL));
    }

    @Test
    void an_outer_join_keeps_all_tables_of_a_wildcard() {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT a.x FROM `shard_*` a LEFT JOIN ranges b ON a._TABLE_SUFFIX = 'old' AND b.v = a.x")
                .bytes();

        assertThat(bytes.expected()).isGreaterThanOrEqualTo(4 * 800 + ALL / 2);
    }

    @Test
    void no_suffix_passes_what_is_never_true() {
        CostBytes bytes = SampleCatalog.estimate(
                        "SELECT x FROM `shard_*` WHERE _TABLE_SUFFIX NOT IN UNNEST(['old', NULL])")
                .bytes();

        assertThat(bytes.lower()).isZero();
        assertThat(bytes.expected()).isZero();
    }

    @Test
    void a_day_begins_where_the_default_time_zone_has_it() {
        CostEstimator western = CostEstimator.builder()
                .clock(() -> SampleCatalog.NOW)
                .zone(ZoneId.of("America/Los_Angeles"))
                .build();
        String cut =
                "ts >= TIMESTAMP_TRUNC(TIMESTAMP '2024-01-10 03:00:00+00', DAY) AND ts < TIMESTAMP '2024-01-10 00:00:00+00'";
        String parsed = "ts = PARSE_TIMESTAMP('%Y-%m-%d', '2024-01-10') AND ts < TIMESTAMP '2024-01-10 09:00:00+00'";
        for (String condition : List.of(cut, parsed)) {
            assertThat(western.estimate(
                                    "SELECT n FROM events WHERE " + condition,
                                    List.of(),
                                    SampleCatalog.catalog(),
                                    Pricing.onDemand("US"))
                            .bytes()
                            .expected())
                    .as(condition)
                    .isPositive();
        }
        assertThat(western.estimate(
                                "SELECT n FROM ingested WHERE DATE(_PARTITIONTIME) = '2024-01-10'",
                                List.of(),
                                SampleCatalog.catalog(),
                                Pricing.onDemand("US"))
                        .statements()
                        .get(0)
                        .tables()
                        .get(0)
                        .partitions())
                .as("a day there is in two of UTC")
                .hasSize(2);
    }

    private static CostEstimate ranges(String sql) {
        return SampleCatalog.estimate(
                sql,
                SqlParameter.of("zero", TableField.Type.INT64, "0"),
                SqlParameter.of("one", TableField.Type.INT64, "1"),
                SqlParameter.of("number", TableField.Type.NUMERIC, "5"),
                new SqlParameter("none", TableField.Type.STRING, false, List.of(), true));
    }
}
