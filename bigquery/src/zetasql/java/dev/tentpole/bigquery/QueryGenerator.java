package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes queries over the tables of {@link SampleCatalog} that Google's analyser accepts, the same ones for the same seed. */
final class QueryGenerator {

    private final Random random;
    private int names;

    /** A source with the columns that it has, by type. */
    private record Rows(String sql, List<String> numbers, List<String> texts) {}

    QueryGenerator(long seed) {
        random = new Random(seed);
    }

    String query() {
        names = 0;
        if (random.nextInt(12) == 0) {
            return recursive();
        }
        boolean with = random.nextInt(3) == 0;
        Rows rows = rows(2);
        if (!with) {
            return select(rows);
        }
        String name = "c" + names++;
        String extra = random.nextBoolean() ? ", unused AS (SELECT * FROM orders)" : "";
        Rows cte = new Rows(name, rows.numbers, rows.texts);
        return "WITH " + name + " AS (" + rows.sql + ")" + extra + " " + select(cte);
    }

    private String recursive() {
        Rows rows = rows(1);
        String number = rows.numbers.get(0);
        String text = rows.texts.get(0);
        String unused = rows.numbers.get(1);
        String sql = "WITH RECURSIVE c AS (SELECT " + number + ", " + text + ", " + unused + " FROM (" + rows.sql
                + ") UNION ALL SELECT p." + one(List.of("id", "age")) + ", " + one(List.of("p.name", "p.city", "c." + text))
                + ", c." + number + " FROM people AS p JOIN c ON p.id = c." + number + ") ";
        return sql + select(new Rows("c", List.of(number, unused), List.of(text)));
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A query whose result has columns with names of its own. */
    private Rows rows(int depth) {
        Rows from = source(depth);
        String number = "n" + names++;
        String text = "t" + names++;
        String other = "n" + names++;
        String kind = random.nextInt(5) == 0 ? "DISTINCT " : "";
        String sql;
        int shape = random.nextInt(10);
        switch (shape) {
            case 0 -> sql = "SELECT " + one(from.texts) + " AS " + text + ", SUM(" + number(from) + ") AS " + number
                    + ", MAX(" + one(from.numbers) + ") AS " + other + " FROM " + from.sql + where(from) + " GROUP BY "
                    + text;
            case 1 -> sql = "SELECT " + number(from) + " AS " + number + ", " + one(from.texts) + " AS " + text
                    + ", ROW_NUMBER() OVER (PARTITION BY " + one(from.texts) + " ORDER BY " + one(from.numbers) + ") AS "
                    + other + " FROM " + from.sql + where(from);
            case 2 -> sql = "SELECT " + one(from.numbers) + " AS " + number + ", " + text(from) + " AS " + text
                    + ", " + number(from) + " AS " + other + " FROM " + from.sql + where(from)
                    + " QUALIFY RANK() OVER (PARTITION BY " + one(from.texts) + " ORDER BY " + one(from.numbers)
                    + " DESC) = 1";
            case 3 -> sql = "SELECT SUM(" + one(from.numbers) + ") OVER w AS " + number + ", " + one(from.texts) + " AS "
                    + text + ", LAG(" + one(from.numbers) + ") OVER (w) AS " + other + " FROM " + from.sql + where(from)
                    + " WINDOW w AS (PARTITION BY " + one(from.texts) + " ORDER BY " + one(from.numbers) + ")";
            case 4 -> sql = "SELECT " + one(from.texts) + " AS " + text + ", COUNTIF(" + condition(from) + ") AS " + number
                    + ", MIN(" + one(from.numbers) + ") AS " + other + " FROM " + from.sql + where(from) + " GROUP BY ROLLUP (1)"
                    + " HAVING MAX(" + one(from.numbers) + ") > 2";
            default -> sql = "SELECT " + kind + number(from) + " AS " + number + ", " + text(from) + " AS " + text + ", "
                    + one(from.numbers) + " AS " + other + " FROM " + from.sql + where(from)
                    + (random.nextInt(4) == 0 ? " ORDER BY " + number + " LIMIT 5" : "");
        }
        if (random.nextInt(6) == 0) {
            Rows second = source(0);
            String set = random.nextBoolean() ? " UNION ALL " : " UNION DISTINCT ";
            boolean textFirst = shape == 0 || shape == 4;
            sql = "(" + sql + ")" + set + "SELECT "
                    + (textFirst
                            ? one(second.texts) + ", " + one(second.numbers)
                            : one(second.numbers) + ", " + one(second.texts))
                    + ", " + one(second.numbers) + " FROM " + second.sql;
        }
        return new Rows(sql, List.of(number, other), List.of(text));
    }

    private String select(Rows inner) {
        String from = inner.sql.startsWith("c") ? inner.sql : "(" + inner.sql + ") AS q";
        Rows rows = new Rows(from, inner.numbers, inner.texts);
        String number = one(rows.numbers);
        String text = one(rows.texts);
        return switch (random.nextInt(22)) {
            case 14 -> "FROM " + from + " |> SELECT AS STRUCT " + number + " AS u, " + text(rows) + " AS w |> SELECT w";
            case 15 -> "SELECT v.w FROM (FROM " + from + " |> SELECT AS VALUE STRUCT(" + number(rows) + " AS u, " + text
                    + " AS w)) AS v";
            case 16 -> "FROM " + from + " |> SELECT " + number + " AS n, " + text + " AS t |> RECURSIVE UNION ALL (|> WHERE n < 3"
                    + " |> SELECT n + 1 AS n, " + one(List.of("t", "'x'")) + " AS t) |> SELECT " + one(List.of("n", "t"));
            case 17 -> "FROM " + from + " |> WITH late AS (SELECT person_id, status FROM orders) |> WHERE " + number
                    + " IN (SELECT person_id FROM late) |> SELECT " + text;
            case 18 -> "FROM " + from + " |> IF TRUE THEN (|> SELECT " + text(rows) + " AS x) ELSE (|> SELECT " + number
                    + " AS x) |> SELECT x";
            case 19 -> "FROM " + from + " |> ASSERT " + condition(rows) + ", " + text + " |> AGGREGATE " + one(List.of("MAX", "MIN"))
                    + "(" + number + ") AS m GROUP BY " + text + " AS k, |> SELECT m";
            case 20 -> "SELECT " + number + " AS a, " + text + " AS b FROM " + from + one(List.of(" FULL ", " INNER ", " LEFT "))
                    + "UNION ALL BY NAME SELECT status AS b, order_id AS c FROM orders";
            case 21 -> "SELECT COUNT(*) WITH GROUP ROWS (SELECT " + one(rows.numbers) + " FROM GROUP_ROWS()" + where(rows)
                    + ") FROM " + from + " GROUP BY " + text;
            case 0 -> "SELECT * FROM " + from;
            case 1 -> "SELECT COUNT(*) FROM " + from + where(rows);
            case 2 -> "SELECT " + one(rows.texts) + ", COUNT(DISTINCT " + one(rows.numbers) + ") FROM " + from
                    + " GROUP BY 1 ORDER BY 2";
            case 3 -> "SELECT " + number(rows) + " AS v FROM " + from + where(rows);
            case 4 -> "SELECT * EXCEPT (" + one(rows.numbers) + ") FROM " + from;
            case 5 -> "FROM " + from + " |> WHERE " + condition(rows) + " |> SELECT " + one(rows.texts);
            case 6 -> "SELECT * REPLACE (" + number(rows) + " AS " + number + ") FROM " + from + where(rows);
            case 7 -> "FROM " + from + " |> EXTEND " + number(rows) + " AS more |> DROP " + number + " |> SELECT more, " + text;
            case 8 -> "FROM " + from + " |> AGGREGATE MAX(" + number + ") AS most GROUP BY " + text
                    + " |> ORDER BY most DESC |> LIMIT 2";
            case 9 -> "FROM " + from + " |> SET " + number + " = " + number(rows) + " |> RENAME " + text
                    + " AS said |> SELECT said";
            case 10 -> "SELECT * FROM (SELECT " + number + " AS v, " + text + " AS k FROM " + from
                    + ") PIVOT (SUM(v) AS total FOR k IN ('a', 'b'))";
            case 11 -> "SELECT v FROM (SELECT " + number + ", " + text + " FROM " + from + ") UNPIVOT (v FOR k IN (" + number
                    + "))";
            case 12 -> "SELECT ARRAY_AGG(STRUCT(" + number + " AS u, " + text + " AS w) ORDER BY " + one(rows.numbers)
                    + ")[OFFSET(0)].w FROM " + from + where(rows);
            default -> "SELECT " + text(rows) + " FROM " + from + where(rows) + " LIMIT 3";
        };
    }

    private Rows source(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            Rows inner = rows(depth - 1);
            String alias = "s" + names++;
            return new Rows("(" + inner.sql + ") AS " + alias, qualified(alias, inner.numbers), qualified(alias, inner.texts));
        }
        String a = "a" + names++;
        switch (random.nextInt(12)) {
            case 10 -> {
                return new Rows(
                        "people AS " + a + one(List.of(", ", " CROSS JOIN "))
                                + "LATERAL (SELECT status, amount, order_id FROM orders WHERE person_id = " + a + ".id) AS l" + a,
                        List.of(a + ".age", "l" + a + ".order_id"),
                        List.of(a + ".name", "l" + a + ".status"));
            }
            case 11 -> {
                return new Rows(
                        "people AS " + a + ", UNNEST(" + a + ".tags AS g" + a + ", [1, 2] AS k" + a + ") WITH OFFSET AS o" + a,
                        List.of("k" + a, "o" + a, a + ".id"),
                        List.of("g" + a, a + ".city"));
            }
            case 0 -> {
                return new Rows(
                        "events AS " + a + " JOIN days AS d" + a + " USING (user)",
                        List.of(a + ".n", "d" + a + ".n"),
                        List.of("user"));
            }
            case 1 -> {
                return new Rows(
                        "people AS " + a + " TABLESAMPLE SYSTEM (10 PERCENT)",
                        List.of(a + ".id", a + ".age"),
                        List.of(a + ".name", a + ".address.zip"));
            }
            case 2 -> {
                return new Rows(
                        "people AS " + a + ", UNNEST(" + a + ".tags) AS g" + a + " WITH OFFSET AS o" + a,
                        List.of("o" + a, a + ".id"),
                        List.of("g" + a, a + ".name"));
            }
            case 3 -> {
                return new Rows(
                        "orders AS " + a + ", UNNEST(" + a + ".items) AS i" + a,
                        List.of(a + ".order_id", "i" + a + ".qty", a + ".person_id"),
                        List.of(a + ".status", "i" + a + ".sku"));
            }
            case 4 -> {
                return new Rows(
                        "sessions AS " + a + " LEFT JOIN UNNEST(" + a + ".hits) AS h" + a,
                        List.of(a + ".visit", a + ".totals.hits", "h" + a + ".num"),
                        List.of(a + ".visitor", "h" + a + ".page.path", "h" + a + ".page.title"));
            }
            case 5 -> {
                String b = "b" + names++;
                String join = one(List.of("JOIN", "LEFT JOIN", "FULL JOIN"));
                return new Rows(
                        "people AS " + a + " " + join + " orders AS " + b + " ON " + a + ".id = " + b + ".person_id",
                        List.of(a + ".age", b + ".order_id"),
                        List.of(a + ".name", b + ".status", a + ".address.zip"));
            }
            case 6 -> {
                return new Rows("events AS " + a, List.of(a + ".n"), List.of(a + ".user"));
            }
            case 7 -> {
                return new Rows(
                        "people AS " + a + ", " + a + ".tags AS g" + a,
                        List.of(a + ".id", a + ".age"),
                        List.of("g" + a, a + ".city"));
            }
            default -> {
                return new Rows(
                        "people AS " + a,
                        List.of(a + ".id", a + ".age"),
                        List.of(a + ".name", a + ".city", a + ".address.street"));
            }
        }
    }

    private static List<String> qualified(String alias, List<String> names) {
        List<String> all = new ArrayList<>();
        names.forEach(name -> all.add(alias + "." + name));
        return all;
    }

    private String number(Rows rows) {
        return switch (random.nextInt(10)) {
            case 8 -> "WITH(w AS " + one(rows.numbers) + ", v AS " + one(rows.numbers) + " + w, v * 2)";
            case 9 -> "LENGTH(" + one(rows.texts) + ") @{exact = TRUE}";
            case 0 -> "(SELECT COUNT(*) FROM orders AS z WHERE z.person_id = " + one(rows.numbers) + ")";
            case 1 -> "COALESCE(" + one(rows.numbers) + ", ARRAY_LENGTH([" + one(rows.texts) + "]), 1)";
            case 2 -> one(rows.numbers) + " + " + one(rows.numbers);
            case 3 -> "IF(" + condition(rows) + ", " + one(rows.numbers) + ", 0)";
            case 4 -> "(SELECT MAX(age) FROM people)";
            case 5 -> "LENGTH(" + one(rows.texts) + ")";
            default -> one(rows.numbers);
        };
    }

    private String text(Rows rows) {
        return switch (random.nextInt(7)) {
            case 5 -> "WITH(s AS STRUCT(" + one(rows.numbers) + " AS u, " + one(rows.texts) + " AS w), s.w)";
            case 6 -> "WITH(s AS " + one(rows.texts) + ", t AS UPPER(s), CONCAT(t, s))";
            case 0 -> "UPPER(" + one(rows.texts) + ")";
            case 1 -> "CASE WHEN " + condition(rows) + " THEN " + one(rows.texts) + " ELSE 'x' END";
            case 2 -> "STRUCT(" + one(rows.numbers) + " AS u, " + one(rows.texts) + " AS w).w";
            default -> one(rows.texts);
        };
    }

    private String where(Rows rows) {
        return random.nextInt(3) > 0 ? "" : " WHERE " + condition(rows);
    }

    private String condition(Rows rows) {
        return switch (random.nextInt(8)) {
            case 0 -> one(rows.texts) + " IN UNNEST(['a', " + one(rows.texts) + "])";
            case 1 -> "(" + one(rows.numbers) + ", " + one(rows.texts) + ") IN ((1, 'a'), (2, 'b'))";
            case 2 -> one(rows.numbers) + " > 3";
            case 3 -> one(rows.texts) + " IN ('a', 'b') AND " + one(rows.numbers) + " IS NOT NULL";
            case 4 -> one(rows.numbers) + " IN (SELECT person_id FROM orders)";
            case 5 -> "EXISTS (SELECT 1 FROM days AS d WHERE d.n = " + one(rows.numbers) + ")";
            case 6 -> one(rows.numbers) + " BETWEEN 1 AND 9 OR " + one(rows.texts) + " LIKE 'x%'";
            default -> "NOT " + one(rows.texts) + " = 'q'";
        };
    }
}
