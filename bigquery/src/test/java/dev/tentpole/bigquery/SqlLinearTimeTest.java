package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long and deep texts: a mebibyte takes less than a second, and nothing overflows. */
@Tag("thorough")
final class SqlLinearTimeTest {

    private static final int MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final int RUNS = 3;

    /** So many that the last of them are compiled, whatever else the machine does. */
    private static final int MORE_RUNS = 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static Stream<List<String>> shapes() {
        // Before, repeated, behind.
        return Stream.of(
                List.of("SELECT id FROM people WHERE id = 1", " AND id = 1", ""),
                List.of("SELECT id FROM people WHERE id = 1", " OR name LIKE 'x'", ""),
                List.of(
                        "SELECT id FROM people WHERE id = 1",
                        " OR " + "IF((".repeat(12) + "id > 2" + ") IS NULL, id > 1, NOT id > 1)".repeat(12),
                        ""),
                List.of(
                        "SELECT id FROM people WHERE id = 1",
                        " OR " + "COALESCE(id IN (id, NULLIF(".repeat(12) + "id > 2" + ", id)), id > 1)".repeat(12),
                        ""),
                List.of(
                        "SELECT 1",
                        ", " + "(id + (id * ".repeat(12) + "age" + ") ) IS NULL".repeat(12),
                        " FROM people"),
                List.of("SELECT id FROM people WHERE id > 5 AND id < 3", " OR id > 5 AND id < 3", ""),
                List.of("SELECT id FROM people WHERE id = 1", " AND (id > 5 AND id < 3 OR id < 0)", ""),
                List.of("SELECT id FROM people WHERE id = 1 ", "AND (id > 5 OR id < 3 ", ""),
                List.of(
                        "WITH a AS (SELECT id FROM people)",
                        ", a AS (SELECT id FROM a WHERE id > 5 OR id < 3)",
                        " SELECT id FROM a, a"),
                List.of("WITH a AS (SELECT id FROM people) SELECT 1 FROM a", " JOIN a x ON x.id > 5", ""),
                List.of("SELECT 1", " + 1 - 2 * 3", ""),
                List.of("SELECT ", "(", ""),
                List.of("SELECT ", "(SELECT ", ""),
                List.of("SELECT id FROM ", "(SELECT id FROM ", ""),
                List.of("SELECT id FROM people WHERE id IN (1", ", 1", ")"),
                List.of("SELECT id", ", name", " FROM people"),
                List.of("SELECT *", ", *", " FROM people"),
                List.of("SELECT id FROM people", ", people", ""),
                List.of("SELECT 1 FROM people a", ", a.tags", ""),
                List.of("SELECT 1 FROM people", " JOIN people ON id = 1", ""),
                List.of("SELECT 1 FROM people", " FULL JOIN people USING (nothing)", ""),
                List.of("SELECT 1", ", (SELECT 1)", ""),
                List.of("SELECT nothing", ", nothing", " FROM people"),
                List.of("SELECT id FROM people WINDOW w AS (w)", ", w AS (w)", ""),
                List.of("SELECT ts FROM events WHERE TRUE", " AND NOT (ts = '2024-01-01')", ""),
                List.of("SELECT n FROM events", " UNION ALL SELECT n FROM events WHERE ts = '2024-01-01'", ""),
                List.of("SELECT id", ", id", " FROM people UNION ALL BY NAME SELECT id FROM people"),
                List.of("SELECT id FROM people", " JOIN people USING (id)", ""),
                List.of("SELECT 1 FROM people" + " JOIN people".repeat(20_000), " ON id = 1", ""),
                List.of("SELECT id FROM people", " UNION ALL SELECT id FROM people", ""),
                List.of("WITH a AS (SELECT id FROM people)", ", a AS (SELECT id FROM a)", " SELECT id FROM a"),
                List.of("SELECT ", "'a' ", ""),
                List.of("", "SELECT id FROM people; ", ""),
                List.of("", "a.", ""),
                List.of("SELECT ", "x[", ""),
                List.of("SELECT ", "NOT ", ""),
                List.of("SELECT ", "CASE WHEN ", ""),
                List.of("SELECT ", "[", ""),
                List.of("FROM people ", "|> WHERE id = 1 ", ""),
                List.of("FROM people ", "|> EXTEND id AS id ", ""),
                List.of("SELECT id FROM people WHERE ", "id IN (SELECT id FROM people WHERE ", ""),
                List.of("SELECT ", "f(", ""),
                List.of("SELECT ", "f(!, ", ""),
                List.of("SELECT * FROM ", "f(TABLE ", ""),
                List.of("SELECT WITH(a AS id", ", a AS a", ", a) FROM people"),
                List.of("FROM people ", "|> FORK (", ""),
                List.of("FROM people ", "|> TEE (|> SELECT id) ", ""),
                List.of("SELECT 1 FROM people", " NATURAL JOIN people", ""),
                List.of("UPDATE people SET ", "(UPDATE tags SET ", ""),
                List.of("SELECT ", "@{", ""),
                List.of("", ") ", ""),
                List.of("", "x;", ""),
                List.of("", "!;", ""),
                List.of("SELECT ", "! , ", ""),
                List.of("SELECT ", "\u00e9\u00e9,", ""),
                List.of("", "'", ""),
                List.of("/*", "/*", ""),
                List.of("SELECT * FROM `shard_*` WHERE _TABLE_SUFFIX = 'a'", " OR _TABLE_SUFFIX = 'b'", ""),
                List.of("SELECT user FROM events WHERE ts = '2024-01-01'", " OR ts = '2024-01-02'", ""),
                List.of("SELECT user FROM events WHERE ts >= '2024-01-01'", " AND ts < '2024-01-02'", ""));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void sixteen_times_the_text_takes_not_much_more_than_sixteen_times_as_long(List<String> shape) {
        long small = best(text(shape, MIB / 16), 0, RUNS);
        // Quadratic time would be 256 times as long; what is quick is not measured well.
        long limit = Math.min(2 * SECOND, Math.max(40 * small, 300_000_000L));
        assertThat(best(text(shape, MIB), limit, RUNS)).as(shape.toString()).isLessThan(limit);
    }

    @Test
    void a_mebibyte_takes_less_than_a_second() {
        String condition = " OR (user = 'somebody' AND n BETWEEN 1 AND 100 AND ts >= '2024-01-01')";
        List<String> shape = List.of("SELECT user, SUM(n) FROM events WHERE n = 0", condition, " GROUP BY user");
        assertThat(best(text(shape, MIB), SECOND, MORE_RUNS)).isLessThan(SECOND);
    }

    /**
     * The processor's time of the quickest run, which does not depend on what else the machine does.
     *
     * @param enough a time that is so short that no further run is needed
     * @param runs at most
     */
    private static long best(String sql, long enough, int runs) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < runs && best >= enough; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            SampleCatalog.estimate(sql);
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
        }
        return best;
    }

    @Test
    void deep_nesting_does_not_need_a_large_stack() throws InterruptedException {
        for (List<String> shape : shapes().toList()) {
            Throwable[] thrown = new Throwable[1];
            Thread thread = new Thread(
                    null,
                    () -> {
                        try {
                            SampleCatalog.estimate(text(shape, MIB / 64));
                        } catch (RuntimeException | StackOverflowError e) {
                            thrown[0] = e;
                        }
                    },
                    "small-stack",
                    512 << 10);
            thread.start();
            thread.join();
            assertThat(thrown[0]).as(shape.toString()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM people UNION ALL CORRESPONDING BY SELECT id FROM people",
                "SELECT * FROM f(DESCRIPTOR), people",
                "FROM (SELECT WITH DIFFERENTIAL_PRIVACY COUNT(*) FROM people) JOIN people USING (id)",
                "SELECT 1 FROM ((SELECT WITH DIFFERENTIAL_PRIVACY COUNT(*) FROM people) a JOIN people b USING (id))"
            })
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_lacks_its_brackets_is_no_reason_to_begin_anew(String sql) {
        assertThat(SampleCatalog.estimate(sql).bytes().upper()).isGreaterThanOrEqualTo(8_000);
    }

    static Stream<List<String>> choices() {
        return Stream.of(
                List.of("CASE WHEN id > 1 THEN ", "name", " END"),
                List.of("IF(id > 1, ", "name", ", 'x')"),
                List.of("IF(id > 1, 'x', ", "name", ")"),
                List.of("IF(IFNULL(", "name", ", 'b') IS NULL, name, 'y')"),
                List.of("CASE ", "name", " WHEN 'a' THEN 'b' WHEN 'c' THEN name END"));
    }

    @ParameterizedTest
    @MethodSource("choices")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void choices_within_choices_are_not_gone_through_in_all_combinations(List<String> shape) {
        String nested = shape.get(0).repeat(45) + shape.get(1) + shape.get(2).repeat(45);
        assertThat(SampleCatalog.estimate("SELECT " + nested + " FROM people")
                        .bytes()
                        .upper())
                .isGreaterThanOrEqualTo(8_000);
    }

    static Stream<List<String>> twice() {
        // Before, repeated with "#" for its number, behind, the least upper bound.
        return Stream.of(
                List.of(
                        "SELECT id FROM people WHERE id = 1 AND ",
                        "(",
                        "age > 1",
                        " IN (age = 2, TRUE, age > id))",
                        "8000"),
                List.of("SELECT id FROM people WHERE ", "(", "age > 1", " BETWEEN age > 1 AND id > age)", "8000"),
                List.of("SELECT ", "(", "age > 1", " IN (age = 2, age > id))", " IS NULL FROM people", "8000"),
                List.of(
                        "SELECT * FROM ",
                        "(SELECT IF(b, x, y) x, IF(b, y, x) y, IF(b, b, x = y) b FROM ",
                        "(SELECT id x, age y, age > 1 b FROM people)",
                        " WHERE b)",
                        "8000"),
                List.of(
                        "SELECT * FROM ",
                        "(SELECT x + y x, y + x y FROM ",
                        "(SELECT id x, age y FROM people)",
                        " WHERE x > y)",
                        "8000"),
                List.of("FROM people", "", "", " |> SET id = id + age, age = age + id |> WHERE id > age", "8000"),
                List.of(
                        "FROM people",
                        "",
                        "",
                        " |> EXTEND id + age AS x# |> SET id = x#, age = x# + id |> WHERE id = age",
                        "8000"),
                List.of(
                        "SELECT * FROM ",
                        "(SELECT STRUCT(s.x AS x, s.x AS y) s FROM ",
                        "(SELECT STRUCT(id AS x, age AS y) s FROM people)",
                        " WHERE s.x > s.y)",
                        "8000"),
                List.of(
                        "SELECT * FROM ",
                        "(SELECT SUM(x + y) OVER (ORDER BY y) x, MAX(y) OVER (ORDER BY x) y FROM ",
                        "(SELECT id x, age y FROM people)",
                        " WHERE x > y)",
                        "8000"),
                List.of(
                        "WITH c AS (SELECT id a, age c FROM people)",
                        "",
                        "",
                        ", c AS (SELECT NULLIF(x.a, y.a) a, IF(x.a IS NULL, x.c, y.c) c FROM c x JOIN c y ON x.a = y.a"
                                + " WHERE x.a IS NULL OR y.c IS NOT NULL)",
                        " SELECT a, c FROM c",
                        "8000"),
                List.of(
                        "WITH c AS (SELECT ts, n FROM events)",
                        "",
                        "",
                        ", c AS (SELECT ts, n FROM c UNION ALL SELECT ts, n FROM c)",
                        " SELECT n FROM c WHERE n = 1 AND ts >= '2024-01-01'",
                        "1"),
                List.of(
                        "WITH c AS (SELECT ts, n FROM events)",
                        "",
                        "",
                        ", c AS ((SELECT * FROM c) UNION ALL (FROM c))",
                        " SELECT n FROM c WHERE n = 1 AND DATE(ts) >= '2024-01-01'",
                        "1"));
    }

    @ParameterizedTest
    @MethodSource("twice")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_uses_everything_below_it_twice_is_not_followed_on_all_ways(List<String> shape) {
        StringBuilder sql = new StringBuilder(shape.get(0));
        sql.append(shape.get(1).repeat(30)).append(shape.get(2));
        for (int i = 0; i < 30; i++) {
            sql.append(shape.get(3).replace("#", Integer.toString(i)));
        }
        List<String> behind = shape.subList(4, shape.size() - 1);
        behind.forEach(sql::append);
        long least = Long.parseLong(shape.get(shape.size() - 1));
        assertThat(SampleCatalog.estimate(sql.toString()).bytes().upper()).isGreaterThanOrEqualTo(least);
        assertThat(best(sql.toString(), SECOND / 10, RUNS)).isLessThan(SECOND / 10);
    }

    private static String text(List<String> shape, int length) {
        return shape.get(0) + shape.get(1).repeat(length / shape.get(1).length()) + shape.get(2);
    }
}
