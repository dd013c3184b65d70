package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What statements of a script do to the bounds of those that follow. */
final class ScriptBoundsTest {

    private static final Catalog TWO_DATASETS = SampleCatalog.catalog()
            .with(TableStats.builder("proj.other.people")
                    .rows(50)
                    .bytes(400)
                    .field(TableField.of("id", TableField.Type.INT64, TableField.Mode.REQUIRED))
                    .build());

    private static CostEstimate estimate(String sql) {
        return SampleCatalog.estimator().estimate(sql, List.of(), TWO_DATASETS, Pricing.onDemand("US"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET @@dataset_id = 'other'",
                "SET @@`DATASET_ID` = CONCAT('oth', 'er')",
                "SET @@dataset_id = 'nowhere'; SET @@dataset_id = 'other'",
                "BEGIN SET @@dataset_id = 'other'; END"
            })
    void names_are_those_of_the_dataset_that_the_script_has_set(String before) {
        assertThat(estimate("SELECT id FROM people").bytes()).isEqualTo(CostBytes.exactly(8_000));
        assertThat(estimate(before + "; SELECT id FROM people").bytes()).isEqualTo(CostBytes.exactly(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET @@dataset_id = (SELECT 'other')",
                "SET (@@dataset_id, x) = ('other', 1)",
                "DECLARE d STRING DEFAULT 'other'; SET @@dataset_id = d",
                "IF RAND() < 0.5 THEN SET @@dataset_id = 'other'; END IF",
                "SET @@dataset_project_id = (SELECT 'proj')"
            })
    void a_dataset_that_is_not_known_makes_short_names_unknown_from_there_on(String before) {
        CostEstimate script = estimate("SELECT id FROM people; " + before + "; SELECT id FROM people");

        assertThat(script.bytes().lower()).isEqualTo(8_000);
        assertThat(script.bytes().isBounded()).isFalse();
        assertThat(script.warnings())
                .extracting(CostWarning::id)
                .contains(CostWarning.Id.SCRIPT_PARTIAL, CostWarning.Id.TABLE_UNKNOWN);
        assertThat(estimate(before + "; SELECT id FROM proj.ds.people").bytes().upper())
                .isEqualTo(8_000);
    }

    @Test
    void a_value_that_is_not_understood_is_not_known() {
        assertThat(estimate("SET @@dataset_id = DEFAULT; SELECT id FROM people")
                        .statements()
                        .get(1)
                        .bytes()
                        .isBounded())
                .isFalse();
    }

    @Test
    void a_project_that_the_script_has_set_counts_for_names_without_one() {
        assertThat(estimate("SET @@dataset_project_id = 'elsewhere'; SELECT id FROM ds.people")
                        .bytes()
                        .isBounded())
                .isFalse();
    }

    @Test
    void days_are_those_of_the_time_zone_that_the_script_has_set() {
        String query = "SELECT n FROM events WHERE DATE(ts) = '2024-01-05'";

        assertThat(estimate(query).bytes().upper()).isEqualTo(16_000);
        assertThat(estimate("SET @@time_zone = 'America/Los_Angeles'; " + query)
                        .bytes()
                        .upper())
                .isEqualTo(32_000);
        assertThat(estimate("SET @@time_zone = 'America/Los_Angeles'; SET @@time_zone = 'UTC'; " + query)
                        .bytes()
                        .upper())
                .isEqualTo(16_000);
        for (String unknown : List.of("(SELECT 'UTC')", "'Nowhere/Nothing'", "zone")) {
            CostEstimate script = estimate("SET @@time_zone = " + unknown + "; " + query);
            assertThat(script.bytes()).as(unknown).isEqualTo(new CostBytes(0, 16_000, 31 * 16_000));
            assertThat(script.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.SCRIPT_PARTIAL);
        }
    }

    @Test
    void a_condition_that_a_time_zone_may_make_true_reads_what_it_reads() {
        String query = "SELECT id FROM people WHERE TIMESTAMP '2024-01-01' = TIMESTAMP '2024-01-01 08:00:00+00'";
        CostEstimator trusting = CostEstimator.builder()
                .trust(CostAssumption.NEVER_TRUE_READS_NOTHING)
                .build();
        String script = "SET @@time_zone = (SELECT 'America/Los_Angeles'); " + query;

        assertThat(trusting.estimate(script, SampleCatalog.catalog(), Pricing.onDemand("US"))
                        .bytes())
                .isEqualTo(new CostBytes(0, 8_000, 8_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ASSERT FALSE; SELECT id FROM people",
                "BEGIN SELECT 1 / 0; SELECT id FROM people; EXCEPTION WHEN ERROR THEN SELECT 1; END",
                "BEGIN BEGIN TRANSACTION; SELECT id FROM people; COMMIT; EXCEPTION WHEN ERROR THEN ROLLBACK; END",
                "BEGIN BEGIN; SELECT id FROM people; COMMIT; EXCEPTION WHEN ERROR THEN ROLLBACK; END",
                "outside: BEGIN BREAK outside; SELECT id FROM people; END outside",
                "CREATE TABLE IF NOT EXISTS ds.fresh AS SELECT id FROM people",
                "CREATE TEMP TABLE IF NOT EXISTS fresh AS (SELECT id FROM people)"
            })
    void what_may_not_be_reached_or_billed_need_not_be_read(String script) {
        assertThat(estimate(script).bytes()).isEqualTo(new CostBytes(0, 8_000, 8_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN SELECT 1; END; SELECT id FROM people",
                "SELECT id FROM people; BEGIN SELECT 1; EXCEPTION WHEN ERROR THEN SELECT 2; END",
                "BEGIN BEGIN SELECT 1; END; SELECT id FROM people; END",
                "around: BEGIN SELECT id FROM people; END around",
                "CREATE TABLE ds.fresh AS SELECT id FROM people",
                "RAISE USING MESSAGE = (SELECT CAST(MAX(id) AS STRING) FROM people)"
            })
    void what_is_reached_for_sure_is_read_for_sure(String script) {
        assertThat(estimate(script).bytes()).isEqualTo(CostBytes.exactly(8_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FROBNICATE THE TABLES; SELECT id FROM people | 0",
                "SELECT id FROM people; IF ( THEN SELECT id FROM people; END IF | 8000",
                "CREATE MODEL ds.m OPTIONS (model_type = 'linear_reg') AS SELECT id, age AS label FROM people | 0"
            })
    void what_a_statement_does_beyond_its_words_is_not_known(String script, long lower) {
        CostEstimate estimate = estimate(script);

        assertThat(estimate.bytes().lower()).isEqualTo(lower);
        assertThat(estimate.bytes().isBounded()).isFalse();
        assertThat(estimate.billedBytes().isBounded()).isFalse();
        assertThat(estimate.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.SCRIPT_PARTIAL);
    }

    @Test
    void deleting_whole_partitions_may_cost_nothing() {
        assertThat(estimate("DELETE FROM ranges WHERE customer_id < 10").bytes().lower())
                .isZero();
        assertThat(estimate("DELETE FROM people WHERE id = 1").bytes().lower()).isEqualTo(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOOP SELECT id FROM nobody; INSERT INTO nobody (id) VALUES (1); END LOOP",
                "WHILE TRUE DO SELECT n FROM events WHERE ts = '2025-01-01'; INSERT INTO events (n) VALUES (1); END WHILE",
                "CALL ds.fill(); SELECT id FROM nobody"
            })
    void what_is_empty_may_be_filled_before_it_is_read(String sql) {
        Catalog catalog = TWO_DATASETS.with(TableStats.builder("proj.ds.nobody")
                .rows(0)
                .bytes(0)
                .field("id", TableField.Type.INT64)
                .build());
        assertThat(SampleCatalog.estimator()
                        .estimate(sql, List.of(), catalog, Pricing.onDemand("US"))
                        .bytes()
                        .isBounded())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE IF NOT EXISTS zz AS SELECT 1 x;",
                "DROP TABLE IF EXISTS zz;",
                "BEGIN TRANSACTION; SELECT 1; COMMIT TRANSACTION;",
                "BEGIN SELECT 1; EXCEPTION WHEN ERROR THEN SELECT 2; END;",
                "SELECT id FROM people FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-01';",
                "SELECT * FROM people PIVOT(SUM(id) FOR age IN (1, 2));",
                "SELECT REPEAT('x', 3), IF(TRUE, 1, 2);",
                "SELECT CASE WHEN id = 1 THEN CASE WHEN age = 1 THEN 1 END END FROM people;",
                "IF (x > 1) THEN SELECT id FROM people; END IF;",
                "here: LOOP BREAK here; END LOOP here;",
                "CASE x WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE;",
                "FOR r IN (SELECT 1) DO SELECT 1; END FOR;",
                ""
            })
    void the_body_of_a_procedure_ends_where_it_ends(String body) {
        CostEstimate script = estimate("CREATE PROCEDURE ds.f(x INT64) BEGIN " + body + " END; SELECT id FROM people");

        assertThat(script.statements()).hasSize(2);
        assertThat(script.bytes()).isEqualTo(CostBytes.exactly(8_000));
    }

    @Test
    void a_procedure_without_an_end_may_read_what_is_named_behind_it() {
        assertThat(estimate("CREATE PROCEDURE ds.f() BEGIN SELECT 1; SELECT id FROM people")
                        .bytes()
                        .upper())
                .isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SELECT 1; ", "BEGIN SELECT 1; END; "})
    void procedures_within_procedures_have_a_limit(String statement) {
        String deep = ("CREATE PROCEDURE ds.f() BEGIN " + statement).repeat(20_000);
        assertThat(estimate(deep + " SELECT id FROM people").bytes().upper()).isGreaterThanOrEqualTo(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TEMP TABLE _SESSION.people AS SELECT ts AS id FROM events; SELECT id FROM people",
                "CREATE TEMP TABLE people AS SELECT 1 AS id; SELECT id FROM _SESSION.people",
                "CREATE OR REPLACE TEMPORARY TABLE people AS SELECT 1 AS id; SELECT id FROM _session.people",
                "CREATE TEMP TABLE people AS SELECT 1 AS id; SET @@dataset_id = 'other'; SELECT id FROM people"
            })
    void a_name_alone_is_that_of_a_temporary_table_first(String sql) {
        CostEstimate script = estimate(sql);

        assertThat(script.statements()
                        .get(script.statements().size() - 1)
                        .bytes()
                        .isBounded())
                .isFalse();
    }

    @Test
    void a_temporary_table_hides_no_table_with_a_dataset() {
        assertThat(estimate("CREATE TEMP TABLE people AS SELECT 1 AS id; SELECT id FROM ds.people")
                        .bytes())
                .isEqualTo(CostBytes.exactly(8_000));
    }

    @Test
    void a_query_may_fail_behind_what_drops_its_dataset() {
        assertThat(estimate("DROP SCHEMA ds CASCADE; SELECT id FROM people").bytes())
                .isEqualTo(new CostBytes(0, 8_000, 8_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOAD DATA INTO TEMP TABLE people (id INT64) FROM FILES (format = 'CSV', uris = ['gs://b/f.csv'])",
                "LOAD DATA OVERWRITE TEMP TABLE people FROM FILES (format = 'CSV', uris = ['gs://b/f.csv'])",
                "LOAD DATA INTO TEMPORARY TABLE people FROM FILES (format = 'CSV', uris = ['gs://b/f.csv'])",
                "CREATE ROW ACCESS POLICY p ON people GRANT TO ('x') FILTER USING (id = 1)",
                "CREATE OR REPLACE ROW ACCESS POLICY IF NOT EXISTS p ON ds.people GRANT TO ('x') FILTER USING (id = 1)"
            })
    void a_table_that_is_loaded_or_hidden_is_not_what_it_was(String before) {
        CostBytes bytes = estimate(before + "; SELECT id FROM people").bytes();

        assertThat(bytes.isBounded()).isFalse();
        assertThat(bytes.lower()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE people RENAME TO shard_new; SELECT x FROM `shard_*`",
                "ALTER TABLE ds.shard_old RENAME TO people; SELECT id FROM people",
                "ALTER TABLE people RENAME COLUMN id TO number; SELECT id FROM people"
            })
    void behind_another_name_nothing_is_known(String sql) {
        CostBytes bytes = estimate(sql).bytes();

        assertThat(bytes.isBounded()).isFalse();
        assertThat(bytes.lower()).isZero();
    }

    @Test
    void a_rename_alone_reads_nothing() {
        assertThat(estimate("ALTER TABLE people RENAME TO persons").bytes()).isEqualTo(CostBytes.ZERO);
    }

    @Test
    void views_and_parameters_do_not_mind_what_a_script_sets() {
        Catalog catalog = TWO_DATASETS.with(TableStats.builder("proj.ds.ids")
                .kind(TableStats.Kind.VIEW)
                .viewSql("SELECT id FROM people")
                .build());
        CostEstimate script = SampleCatalog.estimator()
                .estimate(
                        "CREATE TEMP TABLE people AS SELECT 1 AS id; SET @@dataset_id = 'other'; SELECT id FROM ds.ids",
                        List.of(),
                        catalog,
                        Pricing.onDemand("US"));
        assertThat(script.statements().get(2).bytes()).isEqualTo(CostBytes.exactly(8_000));

        String day = "SELECT n FROM events WHERE ts >= @t AND ts < TIMESTAMP '2024-01-06 00:00:00+00'";
        SqlParameter parameter = SqlParameter.of("t", TableField.Type.TIMESTAMP, "2024-01-05 00:00:00");
        assertThat(SampleCatalog.estimate("SET @@time_zone = 'Asia/Tokyo'; " + day, parameter)
                        .bytes())
                .isEqualTo(SampleCatalog.estimate(day, parameter).bytes());
    }
}
