package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which partitions a condition selects: how many are read at most, and most likely. */
final class PartitionPruningTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ts = '2024-01-10' | 1 | 1",
                "ts >= '2024-01-10' AND ts < '2024-01-12' | 2 | 2",
                "ts >= TIMESTAMP '2024-01-10 00:00:00+00' AND ts < TIMESTAMP('2024-01-12') | 2 | 2",
                "ts BETWEEN '2024-01-10' AND '2024-01-12' | 3 | 3",
                "'2024-01-30' <= ts | 2 | 2",
                "ts >= '2024-01-30' AND ts < '9999-12-31' | 2 | 2",
                "ts BETWEEN '0001-01-01' AND TIMESTAMP '2024-01-02' | 2 | 2",
                "DATE(ts) BETWEEN '2024-01-30' AND '9999-12-31' | 2 | 2",
                "ts IN ('2024-01-01', '2024-01-03 12:00:00') | 2 | 2",
                "ts IN UNNEST([TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-03']) | 2 | 2",
                "ts IS NULL | 1 | 1",
                "ts IN ('2024-01-01', NULL) | 32 | 2",
                "ts IN UNNEST([TIMESTAMP '2024-01-01', NULL]) | 32 | 2",
                "ts = '2024-01-10' OR ts = NULL | 32 | 2",
                "ts > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 24 HOUR) | 2 | 2",
                "ts > CURRENT_TIMESTAMP() - INTERVAL 1 DAY | 2 | 2",
                "ts >= TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY) | 1 | 1",
                "ts >= TIMESTAMP(PARSE_DATE('%Y%m%d', '20240130')) | 2 | 2",
                "ts >= CAST('2024-01-30' AS TIMESTAMP) | 2 | 2",
                "ts >= TIMESTAMP_MILLIS(1706572800000) | 2 | 2",
                "DATE(ts) BETWEEN '2024-01-10' AND '2024-01-11' | 2 | 2",
                "DATE(ts) = DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY) | 1 | 1",
                "DATE(ts) = DATE(2024, 1, 5) | 1 | 1",
                "events.ts = '2024-01-10' AND n > 3 | 1 | 1",
                "ts = '2024-01-10' OR ts = '2024-01-20' | 2 | 2",
                "(ts = '2024-01-10' AND n = 1) OR (ts = '2024-01-20' AND n = 2) | 32 | 3",
                "ts = '2024-01-10' OR n = 3 | 32 | 32",
                "ts = (SELECT MAX(ordered) FROM orders) | 32 | 32",
                "ts > TIMESTAMP_SECONDS(n) | 32 | 32",
                "TIMESTAMP_ADD(ts, INTERVAL n DAY) > '2024-01-10' | 32 | 32",
                "EXTRACT(DAY FROM ts) = 10 | 32 | 32",
                "FORMAT_TIMESTAMP('%Y%m%d', ts) = '20240110' | 32 | 32",
                "CAST(ts AS STRING) LIKE '2024-01-10%' | 32 | 32",
                "n = 3 | 32 | 32",
                "NOT ts = '2024-01-10' | 32 | 32",
                "ts != '2024-01-10' | 32 | 32",
                "FALSE OR ts = '2024-01-10' | 32 | 32"
            })
    void conditions_on_a_column_of_timestamps(String condition, int atMost, int expected) {
        assertSelected("SELECT user FROM events WHERE " + condition, "events", atMost, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "day = '2024-01-10' | 1 | 1",
                "day >= DATE '2024-01-30' | 2 | 2",
                "day BETWEEN '2024-01-30' AND '9999-12-31' | 2 | 2",
                "day BETWEEN DATE_TRUNC(CURRENT_DATE(), WEEK(MONDAY)) AND CURRENT_DATE() | 3 | 3",
                "day > CURRENT_DATE() - 2 | 2 | 2",
                "day >= DATE_ADD(DATE '2024-01-01', INTERVAL 1 MONTH) | 0 | 0",
                "day IN ('2024-01-01', '2024-02-01') | 1 | 1"
            })
    void conditions_on_a_column_of_dates(String condition, int atMost, int expected) {
        assertSelected("SELECT user FROM days WHERE " + condition, "days", atMost, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_PARTITIONTIME = '2024-01-10' | 1",
                "_PARTITIONTIME BETWEEN TIMESTAMP('2024-01-10') AND TIMESTAMP('2024-01-12') | 3",
                "_PARTITIONDATE = '2024-01-10' | 1",
                "t._PARTITIONDATE >= DATE '2024-01-30' | 2",
                "_PARTITIONTIME IS NULL | 1",
                "TIMESTAMP_ADD(_PARTITIONTIME, INTERVAL 5 DAY) > '2024-02-03' | 2",
                "TIMESTAMP_ADD(_PARTITIONTIME, INTERVAL 5 DAY) > other | 32",
                "_PARTITIONTIME = other | 32"
            })
    void conditions_on_the_time_of_ingestion(String condition, int atMost) {
        // Rows that are in no partition yet may have any time.
        int unpartitioned = condition.contains("IS NULL") || atMost == 32 ? 0 : 1;
        assertSelected(
                "SELECT user FROM ingested t WHERE " + condition,
                "ingested",
                atMost + unpartitioned,
                atMost + unpartitioned);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "customer_id BETWEEN 30 AND 50 | 3",
                "customer_id = 35 | 1",
                "customer_id >= 95 OR customer_id < 5 | 2",
                "customer_id + 1 BETWEEN 30 AND 50 | 10",
                "MOD(customer_id, 10) = 3 | 10",
                "ABS(customer_id) = 35 | 10"
            })
    void conditions_on_a_range(String condition, int atMost) {
        assertSelected("SELECT v FROM ranges WHERE " + condition, "ranges", atMost, atMost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_TABLE_SUFFIX = '20240130' | 1 | 1",
                "_TABLE_SUFFIX BETWEEN '20240130' AND '20240131' | 2 | 2",
                "_TABLE_SUFFIX IN ('20240129', 'old') | 2 | 2",
                "_TABLE_SUFFIX >= FORMAT_DATE('%Y%m%d', DATE_SUB(CURRENT_DATE(), INTERVAL 1 DAY)) "
                        + "AND _TABLE_SUFFIX <= '20249999' | 2 | 2",
                "STARTS_WITH(_TABLE_SUFFIX, '2024013') | 4 | 2",
                "_TABLE_SUFFIX LIKE '202401%' | 4 | 3",
                "_TABLE_SUFFIX = (SELECT MAX(name) FROM people) | 4 | 4",
                "x > 3 | 4 | 4"
            })
    void conditions_on_the_suffix_of_a_wildcard(String condition, long atMost, long expected) {
        CostEstimate estimate = SampleCatalog.estimate("SELECT x FROM `shard_*` WHERE " + condition);
        List<TableCost> shards = estimate.tables().stream()
                .filter(table -> table.table().contains("shard"))
                .toList();
        assertThat(shards).filteredOn(table -> table.bytes().upper() > 0).hasSize((int) atMost);
        assertThat(shards).filteredOn(table -> table.bytes().expected() > 0).hasSize((int) expected);
        assertThat(estimate.cacheObstacles()).contains("wildcard tables are not cached");
    }

    @Test
    void a_parameter_selects_with_its_value_and_may_select_anything_without() {
        String sql = "SELECT n FROM events WHERE ts >= @from AND ts < @to";
        CostEstimate known = SampleCatalog.estimate(
                sql,
                SqlParameter.of("from", TableField.Type.TIMESTAMP, "2024-01-10T00:00:00Z"),
                SqlParameter.of("to", TableField.Type.TIMESTAMP, "2024-01-12T00:00:00Z"));
        assertThat(known.tables().get(0).partitions()).hasSize(2);
        CostEstimate unknown = SampleCatalog.estimate(
                sql,
                SqlParameter.unknown("from", TableField.Type.TIMESTAMP),
                SqlParameter.of("to", TableField.Type.TIMESTAMP, "2024-01-12T00:00:00Z"));
        assertThat(unknown.bytes().lower()).isZero();
        assertThat(unknown.bytes().upper()).isGreaterThan(known.bytes().upper());
        assertThat(unknown.warnings())
                .extracting(CostWarning::id)
                .contains(CostWarning.Id.PARTITION_FILTER_NOT_CONSTANT);
    }

    @Test
    void the_side_of_an_outer_join_that_may_be_missing_is_not_narrowed_by_is_null() {
        CostEstimate estimate =
                SampleCatalog.estimate("SELECT p.id FROM people p LEFT JOIN events e ON p.id = e.n WHERE e.ts IS NULL");
        assertThat(estimate.bytes().upper()).isGreaterThanOrEqualTo(8 * 31_000);
        CostEstimate kept = SampleCatalog.estimate(
                "SELECT p.id FROM people p LEFT JOIN events e ON p.id = e.n WHERE e.ts = '2024-01-10'");
        assertThat(kept.bytes().expected()).isLessThan(8 * 31_000);
        assertThat(kept.bytes().upper()).isGreaterThanOrEqualTo(2 * 8 * 31_000);
    }

    @Test
    void a_limit_below_keeps_a_condition_out() {
        CostEstimate estimate = SampleCatalog.estimate(
                "SELECT n FROM (SELECT * FROM events ORDER BY ts LIMIT 10) WHERE ts = '2024-01-10'");
        TableCost events = estimate.tables().get(0);
        assertThat(events.partitions()).hasSize(32);
        assertThat(events.bytes().expected()).isGreaterThan(16L * 30_000);
    }

    @Test
    void a_condition_above_a_subquery_is_an_assumption_until_it_is_trusted() {
        String sql = "WITH x AS (SELECT ts, n FROM events) SELECT n FROM x WHERE ts = '2024-01-10'";
        CostEstimate estimate = SampleCatalog.estimate(sql);
        assertThat(estimate.assumptions()).contains(CostAssumption.FILTERS_ARE_PUSHED_DOWN);
        assertThat(estimate.bytes().expected()).isEqualTo(16_000);
        assertThat(estimate.bytes().upper()).isEqualTo(16L * 31_000);
        CostEstimate trusted = CostEstimator.builder()
                .trust(CostAssumption.FILTERS_ARE_PUSHED_DOWN)
                .build()
                .estimate(sql, SampleCatalog.catalog(), Pricing.onDemand("US"));
        assertThat(trusted.bytes().upper()).isEqualTo(16_000);
    }

    private static void assertSelected(String sql, String table, int atMost, int expected) {
        CostEstimate estimate = SampleCatalog.estimate(sql);
        TableCost cost = estimate.tables().stream()
                .filter(each -> each.table().endsWith("." + table))
                .findFirst()
                .orElseThrow();
        assertThat(cost.partitions()).as("at most").hasSize(atMost);
        assertThat(cost.partitions().stream()
                        .filter(partition -> partition.bytes().expected() > 0
                                || partition.id().equals("__NULL__")
                                || expected == 0)
                        .count())
                .as("expected")
                .isEqualTo(expected);
        assertThat(estimate.bytes().lower())
                .isLessThanOrEqualTo(estimate.bytes().expected());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "day = DATETIME '2024-01-05' | 1",
                "day >= DATE '2024-01-05' + INTERVAL 1 DAY | 26",
                "day > TIMESTAMP '2024-01-30' | 1",
                "day IN (DATETIME '2024-01-05', DATETIME '2024-01-06') | 2",
                "day >= DATETIME '2024-01-29 12:00:00' | 2",
                "day > DATETIME '2024-01-29 12:00:00' | 2",
                "day < DATETIME '2024-01-05 00:00:01' | 5",
                "day <= DATETIME '2024-01-05 12:00:00' | 5",
                "day = DATETIME '2024-01-05 12:00:00' | 0",
                "day IN (DATETIME '2024-01-05 12:00:00', DATE '2024-01-06') | 1",
                "day >= DATE_SUB(CURRENT_DATETIME(), INTERVAL 7 DAY) | 7",
                "day BETWEEN DATETIME '2024-01-05 12:00:00' AND DATETIME '2024-01-07 12:00:00' | 2",
                "TIMESTAMP '2024-01-29 12:00:00' < day | 2"
            })
    void a_day_that_is_made_a_time_to_be_compared_most_likely_selects(String condition, int partitions) {
        CostBytes bytes = SampleCatalog.estimate("SELECT day FROM days WHERE " + condition)
                .bytes();

        assertThat(bytes).isEqualTo(new CostBytes(bytes.lower(), partitions * 8_000L, 31 * 8_000L));
        assertThat(bytes.lower()).isLessThanOrEqualTo(partitions * 8_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(90 + 5) IN (7, customer_id)", "95 IN (customer_id)", "-1 IN (5, customer_id)"})
    void a_constant_may_be_looked_for_among_columns(String condition) {
        CostEstimate estimate = SampleCatalog.estimate("SELECT v FROM ranges WHERE " + condition);

        assertThat(estimate.bytes().lower()).isLessThanOrEqualTo(1_600);
        assertThat(estimate.bytes().upper()).isGreaterThanOrEqualTo(1_600);
    }
}
