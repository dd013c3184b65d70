package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the forms of the language mean for what is read, beyond that they are understood. */
final class SqlSyntaxTest {

    static Stream<String> statements() {
        return Stream.concat(HandWritten.queries().stream(), HandWritten.statements().stream());
    }

    @ParameterizedTest
    @MethodSource("statements")
    void everything_written_by_hand_is_understood(String sql) {
        assertThat(SampleCatalog.estimate(sql).warnings())
                .noneMatch(warning -> warning.id() == CostWarning.Id.SYNTAX_UNKNOWN);
    }

    @Test
    void a_question_mark_that_is_not_understood_still_has_its_place() {
        SqlParameter first = SqlParameter.of("", TableField.Type.STRING, "x");
        SqlParameter second = SqlParameter.of("", TableField.Type.TIMESTAMP, "2024-01-05 00:00:00+00");
        SqlParameter third = SqlParameter.of("", TableField.Type.TIMESTAMP, "2024-01-06 00:00:00+00");
        String unknown = "SELECT ? ! ?, n FROM events WHERE ts >= TIMESTAMP(?) AND ts < '2024-01-07'";
        assertThat(partitions(SampleCatalog.estimate(unknown, first, second, third)))
                .containsExactly("20240106");
        String hint = "SELECT @{a = ?} n FROM events WHERE ts >= TIMESTAMP(?) AND ts < '2024-01-07'";
        assertThat(partitions(SampleCatalog.estimate(hint, first, second))).containsExactly("20240105", "20240106");
    }

    private static List<String> partitions(CostEstimate estimate) {
        return estimate.tables().get(0).partitions().stream()
                .map(TableCost.Partition::id)
                .toList();
    }

    @Test
    void a_hint_with_a_query_in_it_is_not_passed_over() {
        CostEstimate estimate = SampleCatalog.estimate("SELECT @{a = (SELECT MAX(age) FROM people)} 1");
        assertThat(estimate.bytes().upper()).isGreaterThanOrEqualTo(8_000);
        CostEstimate open = SampleCatalog.estimate("SELECT @{a = 1; SELECT age FROM people WHERE '}' = '}' AND 1 = 1");
        assertThat(open.bytes().upper()).isGreaterThanOrEqualTo(8_000);
    }

    @Test
    void the_column_of_privacy_is_read() {
        String sql =
                "SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 1, privacy_unit_column = name) COUNT(*) FROM people";
        assertThat(live(sql)).containsExactly("name");
    }

    @Test
    void a_lateral_query_knows_the_sources_before_it_and_no_others() {
        assertThat(live("SELECT o.status FROM people p, LATERAL (SELECT status FROM orders WHERE person_id = p.id) o"))
                .containsExactly("id", "person_id", "status");
        CostEstimate other = SampleCatalog.estimate("SELECT o.id FROM people p, (SELECT p.id) o");
        assertThat(other.warnings()).anyMatch(warning -> warning.id() == CostWarning.Id.COLUMN_UNKNOWN);
    }

    @Test
    void a_variable_hides_a_column_only_behind_its_own_value() {
        assertThat(live("SELECT WITH(age AS age + 1, age) FROM people")).containsExactly("age");
        assertThat(live("SELECT WITH(age AS id, age) FROM people")).containsExactly("id");
        assertThat(live("SELECT WITH(a AS STRUCT(city AS c, name AS n), a.c) FROM people"))
                .containsExactly("city");
    }

    @Test
    void a_condition_in_a_with_expression_selects_no_partitions() {
        for (String condition : List.of(
                "WITH(x AS 1, ts = '2024-01-05' AND x = 1)",
                "WITH(ts AS TIMESTAMP '2024-01-05', ts = '2024-01-05')",
                "ts = WITH(a AS '2024-01-05', a)")) {
            CostEstimate estimate = SampleCatalog.estimate("SELECT n FROM events WHERE " + condition);
            assertThat(estimate.bytes().upper()).as(condition).isGreaterThanOrEqualTo(31 * 8_000L);
        }
    }

    @Test
    void a_constant_in_a_with_expression_may_keep_the_rest_from_being_read() {
        CostEstimate estimate = SampleCatalog.estimate("SELECT id FROM people WHERE WITH(a AS FALSE, a) AND age > 3");
        assertThat(lowest(estimate, "age")).isZero();
    }

    @Test
    void of_a_choice_none_is_read_for_sure_unless_the_condition_is_plain() {
        String either = "FROM people |> IF @big THEN (|> SELECT name) ELSE (|> SELECT age) |> SELECT *";
        assertThat(live(either)).containsExactly("age", "name");
        assertThat(lowest(SampleCatalog.estimate(either), "age")).isZero();
        assertThat(live("FROM people |> IF TRUE THEN (|> SELECT name) ELSE (|> SELECT age) |> SELECT *"))
                .containsExactly("name");
    }

    @Test
    void a_condition_behind_a_branch_selects_no_partitions_of_the_branch() {
        String sql =
                "FROM events |> TEE (|> SELECT n) |> WHERE ts >= '2024-01-05' AND ts < '2024-01-06' |> SELECT user";
        assertThat(SampleCatalog.estimate(sql).bytes().upper()).isGreaterThanOrEqualTo(31 * 8_000L);
        String after = "FROM events |> CALL keep() |> WHERE ts = '2024-01-05' |> SELECT n";
        assertThat(SampleCatalog.estimate(after).bytes().upper()).isGreaterThanOrEqualTo(31 * 40_000L);
        String again = "FROM events |> RECURSIVE UNION ALL (|> WHERE n > 3) |> WHERE ts = '2024-01-05' |> SELECT n";
        assertThat(SampleCatalog.estimate(again).bytes().upper()).isGreaterThanOrEqualTo(31 * 16_000L);
    }

    @Test
    void a_recursion_by_name_reads_the_columns_of_those_names() {
        String sql = "WITH RECURSIVE c AS (SELECT id, name FROM people UNION ALL BY NAME"
                + " SELECT status AS name, person_id AS id FROM orders JOIN c ON order_id = 3) SELECT name FROM c";
        assertThat(live(sql)).containsExactly("name", "order_id", "status");
    }

    @Test
    void a_natural_join_reads_the_columns_that_both_sides_have() {
        assertThat(live("SELECT 1 FROM events NATURAL JOIN days")).containsExactly("n", "user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT n FROM events TABLESAMPLE SYSTEM (0x10 PERCENT)",
                "SELECT n FROM events TABLESAMPLE SYSTEM (10 ROWS)",
                "SELECT n FROM events TABLESAMPLE RESERVOIR (10 PERCENT)",
                "SELECT n FROM events TABLESAMPLE SYSTEM (10 + 90 PERCENT)"
            })
    void a_sample_of_an_unknown_part_is_expected_to_read_everything(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes().expected()).isEqualTo(31 * 8_000L);
    }

    @Test
    void a_nested_change_reads_the_tables_that_it_names() {
        String sql = "UPDATE orders AS o SET (DELETE o.items AS i WHERE i.sku IN (SELECT name FROM people)) WHERE TRUE";
        assertThat(live(sql)).contains("name", "items.sku");
    }

    @Test
    void what_happens_to_rows_that_are_there_has_no_upper_bound() {
        String sql = "INSERT INTO orders (order_id) VALUES (1) ON CONFLICT (order_id) DO UPDATE SET order_id = 2";
        assertThat(SampleCatalog.estimate(sql).bytes().isBounded()).isFalse();
    }

    @Test
    void a_table_that_a_pipe_wrote_is_not_known_any_more() {
        String later = "; SELECT order_id FROM orders";
        for (String writing : List.of(
                "FROM people |> SELECT id |> INSERT INTO orders (order_id)",
                "FROM people |> SELECT id |> TEE (|> INSERT INTO orders (order_id)), (|> INSERT INTO days (n))",
                "INSERT INTO days (n) FROM people |> SELECT id |> INSERT INTO orders (order_id)")) {
            assertThat(SampleCatalog.estimate(writing + later).bytes().isBounded())
                    .as(writing)
                    .isFalse();
        }
        assertThat(SampleCatalog.estimate("SELECT id FROM people" + later)
                        .bytes()
                        .isBounded())
                .isTrue();
    }

    @Test
    void many_variables_within_each_other_take_no_time() {
        StringBuilder sql = new StringBuilder("STRUCT(city AS x, name AS y)");
        for (int i = 0; i < 40; i++) {
            sql.insert(0, "WITH(a AS f(q -> ").append("), STRUCT(COALESCE(a.x, a.y) AS x, COALESCE(a.y, a.x) AS y))");
        }
        assertThat(live("SELECT " + sql + ".x FROM people")).contains("city", "name");
    }

    @Test
    void too_much_in_an_expression_is_no_error() {
        String all = "*, ".repeat(500_000);
        String sql = "SELECT id FROM people WHERE EXISTS (SELECT 1 FROM (SELECT " + all + "* FROM people) AS x)";
        assertThat(SampleCatalog.estimate(sql).bytes().isBounded()).isFalse();
    }

    private static long lowest(CostEstimate estimate, String leaf) {
        return estimate.tables().stream()
                .flatMap(table -> table.leaves().stream())
                .filter(read -> read.path().equals(leaf))
                .mapToLong(read -> read.bytes().lower())
                .sum();
    }

    private static Set<String> live(String sql) {
        Set<String> live = new TreeSet<>();
        CostEstimate estimate = SampleCatalog.estimate(sql);
        assertThat(estimate.warnings()).as(sql).noneMatch(warning -> warning.id() == CostWarning.Id.COLUMN_UNKNOWN);
        for (TableCost table : estimate.tables()) {
            for (TableCost.Leaf leaf : table.leaves()) {
                if (leaf.bytes().expected() > 0) {
                    live.add(leaf.path());
                }
            }
        }
        return live;
    }
}
