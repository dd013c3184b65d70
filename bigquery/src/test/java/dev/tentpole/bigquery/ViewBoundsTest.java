package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views and queries of which not every word is understood may read any table. */
final class ViewBoundsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM [proj:ds.people] LIMIT 5",
                "SELEKT )",
                "",
                "SELECT id FROM proj.ds.orders, [proj:ds.people]",
                "SELECT id FROM (SELECT order_id FROM proj.ds.orders WHERE GARBAGE GARBAGE)",
                "CALL ds.p()"
            })
    void a_view_that_is_not_understood_may_read_anything(String viewSql) {
        Catalog catalog = SampleCatalog.catalog()
                .with(TableStats.builder("proj.ds.strange")
                        .kind(TableStats.Kind.VIEW)
                        .viewSql(viewSql)
                        .build());
        String sql = "SELECT 1 AS one, s.* FROM strange s";

        CostEstimate estimate = SampleCatalog.estimator().estimate(sql, catalog, Pricing.onDemand("US"));

        assertThat(estimate.bytes().lower()).isZero();
        assertThat(estimate.bytes().isBounded()).isFalse();
        assertThat(estimate.accuracy()).isEqualTo(CostAccuracy.UNKNOWN);
        assertThat(estimate.warnings())
                .filteredOn(warning -> warning.id() == CostWarning.Id.SYNTAX_UNKNOWN)
                .allSatisfy(warning -> assertThat(sql.substring(warning.start(), warning.end()))
                        .startsWith("strange"))
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GRAPH proj.ds.friends MATCH (a) RETURN a.x",
                "GRAPH proj.ds.friends MATCH (a:people) RETURN a.x",
                "WITH x AS (GARBAGE nonsense) SELECT * FROM x",
                "SELECT id FROM [proj:ds.people] LIMIT 5",
                "SELECT id FROM people, [proj:ds.orders] LIMIT 5"
            })
    void a_query_whose_tables_are_not_found_may_read_anything(String sql) {
        CostEstimate estimate = SampleCatalog.estimate(sql);

        assertThat(estimate.bytes().isBounded()).isFalse();
        assertThat(estimate.warnings()).extracting(CostWarning::id).contains(CostWarning.Id.SYNTAX_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT x FROM (SELECT id AS x FROM people GARBAGE y z)",
                "WITH q AS (SELECT id AS x FROM people GARBAGE y z) SELECT x FROM q",
                "WITH p AS (SELECT id FROM people WHERE id > 3) SELECT x FROM (SELECT id AS x FROM p GARBAGE y z)"
            })
    void no_column_of_what_is_not_understood_is_read_for_sure(String sql) {
        CostBytes bytes = SampleCatalog.estimate(sql).bytes();

        assertThat(bytes.lower()).isZero();
        assertThat(bytes.upper()).isGreaterThanOrEqualTo(8_000);
    }
}
