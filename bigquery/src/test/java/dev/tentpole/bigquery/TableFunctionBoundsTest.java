package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that return rows: what they read of their arguments, and what besides. */
final class TableFunctionBoundsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM ds.f((SELECT 1))",
                "SELECT * FROM proj.ds.f(TABLE people)",
                "SELECT 1 FROM f(TABLE people)",
                "SELECT * FROM ds.f((SELECT id FROM people WHERE id > 3))",
                "SELECT * FROM ds.f(1 + (SELECT MAX(id) FROM people))",
                "SELECT * FROM ml.mine((SELECT id FROM people))",
                "SELECT * FROM ai.mine(TABLE people)",
                "WITH p AS (SELECT id FROM people WHERE id > 3) SELECT 1 FROM ds.f(TABLE p)",
                "SELECT id FROM APPENDS(TABLE people, NULL, NULL)",
                "SELECT id FROM CHANGES(TABLE people, NULL, TIMESTAMP '2024-01-01')"
            })
    void a_function_of_users_and_the_history_of_a_table_may_read_anything_or_nothing(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes().lower()).isZero();
        assertThat(estimate.bytes().isBounded()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM ML.PREDICT(MODEL ds.m, (SELECT id FROM people)) | 8000",
                "SELECT * FROM ML.PREDICT(MODEL ds.m, TABLE ranges) | 16000",
                "SELECT * FROM VECTOR_SEARCH(TABLE ranges, 'v', (SELECT id FROM people)) | 24000",
                "SELECT * FROM GAP_FILL(TABLE ranges, ts_column => 'v', bucket_width => INTERVAL 1 DAY) | 16000"
            })
    void a_function_of_google_reads_no_more_than_its_arguments_and_maybe_less(String sql, long all) {
        assertThat(SampleCatalog.estimate(sql).bytes()).isEqualTo(new CostBytes(0, all, all));
    }

    @Test
    void an_index_may_find_what_is_searched_for() {
        assertThat(SampleCatalog.estimate("SELECT id FROM people WHERE SEARCH(people, 'x')")
                        .bytes()
                        .lower())
                .isZero();
        assertThat(SampleCatalog.estimate("SELECT SEARCH('a b', 'a'), id FROM people")
                        .bytes()
                        .lower())
                .isEqualTo(8_000);
    }

    @Test
    void what_changes_in_an_argument_keeps_the_result_out_of_the_cache() {
        assertThat(SampleCatalog.estimate("SELECT * FROM ds.f(CURRENT_DATE())").warnings())
                .extracting(CostWarning::id)
                .contains(CostWarning.Id.NON_DETERMINISTIC_NOT_CACHED);
    }
}
