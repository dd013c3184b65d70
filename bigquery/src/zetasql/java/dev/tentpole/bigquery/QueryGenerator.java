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
        int shape = random.nextInt(5);
        switch (shape) {
            case 0 -> sql = "SELECT " + one(from.texts) + " AS " + text + ", SUM(" + number(from) + ") AS " + number
                    + ", MAX(" + one(from.numbers) + ") AS " + other + " FROM " + from.sql + where(from) + " GROUP BY "
                    + text;
            case 1 -> sql = "SELECT " + number(from) + " AS " + number + ", " + one(from.texts) + " AS " + text
                    + ", ROW_NUMBER() OVER (PARTITION BY " + one(from.texts) + " ORDER BY " + one(from.numbers) + ") AS "
                    + other + " FROM " + from.sql + where(from);
            default -> sql = "SELECT " + kind + number(from) + " AS " + number + ", " + text(from) + " AS " + text + ", "
                    + one(from.numbers) + " AS " + other + " FROM " + from.sql + where(from)
                    + (random.nextInt(4) == 0 ? " ORDER BY " + number + " LIMIT 5" : "");
        }
        if (random.nextInt(6) == 0) {
            Rows second = source(0);
            String set = random.nextBoolean() ? " UNION ALL " : " UNION DISTINCT ";
            boolean textFirst = shape == 0;
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
        return switch (random.nextInt(7)) {
            case 0 -> "SELECT * FROM " + from;
            case 1 -> "SELECT COUNT(*) FROM " + from + where(rows);
            case 2 -> "SELECT " + one(rows.texts) + ", COUNT(DISTINCT " + one(rows.numbers) + ") FROM " + from
                    + " GROUP BY 1 ORDER BY 2";
            case 3 -> "SELECT " + number(rows) + " AS v FROM " + from + where(rows);
            case 4 -> "SELECT * EXCEPT (" + one(rows.numbers) + ") FROM " + from;
            case 5 -> "FROM " + from + " |> WHERE " + condition(rows) + " |> SELECT " + one(rows.texts);
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
        switch (random.nextInt(7)) {
            case 0 -> {
                return new Rows(
                        "orders AS " + a + ", UNNEST(" + a + ".items) AS i" + a,
                        List.of(a + ".order_id", "i" + a + ".qty", a + ".person_id"),
                        List.of(a + ".status", "i" + a + ".sku"));
            }
            case 1 -> {
                return new Rows(
                        "sessions AS " + a + " LEFT JOIN UNNEST(" + a + ".hits) AS h" + a,
                        List.of(a + ".visit", a + ".totals.hits", "h" + a + ".num"),
                        List.of(a + ".visitor", "h" + a + ".page.path", "h" + a + ".page.title"));
            }
            case 2 -> {
                String b = "b" + names++;
                String join = one(List.of("JOIN", "LEFT JOIN", "FULL JOIN"));
                return new Rows(
                        "people AS " + a + " " + join + " orders AS " + b + " ON " + a + ".id = " + b + ".person_id",
                        List.of(a + ".age", b + ".order_id"),
                        List.of(a + ".name", b + ".status", a + ".address.zip"));
            }
            case 3 -> {
                return new Rows("events AS " + a, List.of(a + ".n"), List.of(a + ".user"));
            }
            case 4 -> {
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
        return switch (random.nextInt(6)) {
            case 0 -> one(rows.numbers) + " + " + one(rows.numbers);
            case 1 -> "IF(" + condition(rows) + ", " + one(rows.numbers) + ", 0)";
            case 2 -> "(SELECT MAX(age) FROM people)";
            case 3 -> "LENGTH(" + one(rows.texts) + ")";
            default -> one(rows.numbers);
        };
    }

    private String text(Rows rows) {
        return switch (random.nextInt(5)) {
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
        return switch (random.nextInt(6)) {
            case 0 -> one(rows.numbers) + " > 3";
            case 1 -> one(rows.texts) + " IN ('a', 'b') AND " + one(rows.numbers) + " IS NOT NULL";
            case 2 -> one(rows.numbers) + " IN (SELECT person_id FROM orders)";
            case 3 -> "EXISTS (SELECT 1 FROM days AS d WHERE d.n = " + one(rows.numbers) + ")";
            case 4 -> one(rows.numbers) + " BETWEEN 1 AND 9 OR " + one(rows.texts) + " LIKE 'x%'";
            default -> "NOT " + one(rows.texts) + " = 'q'";
        };
    }
}
