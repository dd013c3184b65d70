package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries with names, in the order in which they are needed. */
final class CteBoundsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q AS (SELECT id FROM people), people AS (SELECT x AS id FROM shard_old) SELECT id FROM q",
                "q AS (SELECT id FROM later), later AS (SELECT x AS id FROM shard_old) SELECT id FROM q",
                "a AS (SELECT x FROM b), b AS (SELECT x FROM c), c AS (SELECT x FROM shard_old) SELECT x FROM a",
                "a AS (SELECT (SELECT MAX(x) FROM b) AS x), b AS (SELECT x FROM shard_old) SELECT x FROM a"
            })
    void with_recursive_a_query_may_be_named_before_it_is_written(String sql) {
        assertThat(SampleCatalog.estimate("WITH RECURSIVE " + sql).bytes()).isEqualTo(CostBytes.exactly(800));
    }

    @Test
    void a_function_reads_a_query_that_is_written_later() {
        assertThat(SampleCatalog.estimate("WITH RECURSIVE q AS (SELECT id FROM f(TABLE people)), "
                                + "people AS (SELECT x AS id FROM shard_old) SELECT id FROM q")
                        .statements()
                        .get(0)
                        .tables())
                .extracting(TableCost::table)
                .containsExactly("proj.ds.shard_old");
    }

    @Test
    void without_recursive_it_is_a_table_until_then() {
        assertThat(SampleCatalog.estimate(
                                "WITH q AS (SELECT id FROM people), people AS (SELECT x AS id FROM shard_old) "
                                        + "SELECT id FROM q")
                        .bytes()
                        .expected())
                .isEqualTo(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WITH RECURSIVE a AS (SELECT x FROM b), b AS (SELECT x FROM a) SELECT x FROM a",
                "WITH RECURSIVE a AS (SELECT x FROM a) SELECT x FROM a",
                "WITH RECURSIVE a AS (SELECT x FROM shard_old UNION ALL SELECT x FROM b), b AS (SELECT x FROM a) "
                        + "SELECT x FROM b"
            })
    void queries_that_go_around_in_a_circle_get_an_estimate(String sql) {
        SqlFuzzPropertyTest.answered(sql);
    }

    @Test
    void a_long_chain_backwards_is_given_up_but_not_wrong() {
        StringBuilder sql = new StringBuilder("WITH RECURSIVE ");
        for (int i = 0; i < 5_000; i++) {
            sql.append("c")
                    .append(i)
                    .append(" AS (SELECT x FROM c")
                    .append(i + 1)
                    .append("), ");
        }
        CostEstimate estimate = SampleCatalog.estimate(sql + "c5000 AS (SELECT x FROM shard_old) SELECT x FROM c0");

        assertThat(estimate.bytes().lower()).isLessThanOrEqualTo(800);
        assertThat(estimate.bytes().upper()).isGreaterThanOrEqualTo(800);
    }
}
