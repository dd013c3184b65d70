package dev.tentpole.bigquery;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query as it is written.
 *
 * @param limited whether it has {@code LIMIT}
 * @param limit how many rows that leaves; null if that is not said
 */
record SqlQuery(
        List<Cte> ctes,
        boolean recursive,
        Body body,
        List<SqlExpr> orderBy,
        boolean limited,
        @Nullable SqlExpr limit,
        int start,
        int end) {

    /** A query that is nothing but its body. */
    static SqlQuery of(Select body) {
        return new SqlQuery(List.of(), false, body, List.of(), false, null, body.start(), body.end());
    }

    /** Whether its rows are groups, of which there are some if there is any row. */
    static boolean isGrouped(SqlQuery query) {
        Body body = query.body();
        while (body instanceof Nested nested) {
            body = nested.query().body();
        }
        return body instanceof Select select
                && (select.grouping().all() || !select.grouping().keys().isEmpty());
    }

    /**
     * Whether it selects from the rows of tables and keeps those that are the same, without a group or a limit.
     *
     * @param tables where names of tables stand that are read, other than those of views, arrays and queries with a name
     */
    static boolean mayRepeatRows(SqlQuery query, Set<Integer> tables) {
        if (query.limited()) {
            return false;
        }
        if (query.body() instanceof Nested nested) {
            return mayRepeatRows(nested.query(), tables);
        }
        if (query.body() instanceof SetOperation set) {
            return set.kind().all() && set.inputs().stream().anyMatch(input -> mayRepeatRows(input, tables));
        }
        return query.body() instanceof Select select
                && select.from() != null
                && !select.distinct()
                && select.qualify() == null
                && !isGrouped(query)
                && select.items().stream().noneMatch(item -> item.expr() != null && SqlTrees.hasAggregate(item.expr()))
                && (!select.from().joins().isEmpty()
                        || mayRepeatRows(select.from().first(), query.ctes(), tables));
    }

    private static boolean mayRepeatRows(Source source, List<Cte> ctes, Set<Integer> tables) {
        if (source instanceof Table table) {
            return tables.contains(table.start())
                    || ctes.stream()
                            .filter(cte -> table.path().size() == 1
                                    && cte.name().equalsIgnoreCase(table.path().get(0)))
                            .anyMatch(cte -> mayRepeatRows(cte.query(), tables));
        }
        return source instanceof Subquery subquery
                ? mayRepeatRows(subquery.query(), tables)
                : !(source instanceof Unnest);
    }

    /** Whether it has a {@code FROM} anywhere but in expressions. */
    static boolean readsRows(SqlQuery query) {
        return readsRows(query.body());
    }

    private static boolean readsRows(Body body) {
        if (body instanceof Select select) {
            return select.from() != null;
        }
        if (body instanceof SetOperation set) {
            return set.inputs().stream().allMatch(SqlQuery::readsRows);
        }
        if (body instanceof Nested nested) {
            return readsRows(nested.query());
        }
        return !(body instanceof Pipes pipes) || readsRows(pipes.input());
    }

    /** A query with a name; {@code depth} is the column of the depth of a recursion. */
    record Cte(String name, SqlQuery query, @Nullable String depth, int start, int end) {}

    /** What a query consists of. */
    sealed interface Body {}

    /** One {@code SELECT}. */
    record Select(
            boolean distinct,
            As as,
            List<Item> items,
            @Nullable From from,
            @Nullable SqlExpr where,
            Grouping grouping,
            @Nullable SqlExpr having,
            @Nullable SqlExpr qualify,
            List<Window> windows,
            int start,
            int end)
            implements Body {

        /** Items of the rows of sources under a condition. */
        static Select of(List<Item> items, From from, @Nullable SqlExpr where, int start, int end) {
            return new Select(false, As.COLUMNS, items, from, where, Grouping.NONE, null, null, List.of(), start, end);
        }
    }

    /** What a row is: columns, one struct, or one value. */
    enum As {
        COLUMNS,
        STRUCT,
        VALUE
    }

    /** Rows of several queries together. */
    record SetOperation(List<SqlQuery> inputs, SetKind kind) implements Body {}

    /**
     * How rows of several queries are put together.
     *
     * @param all whether rows stay as they are
     * @param byName whether columns belong together by their names
     * @param keep which columns there are then
     * @param only the only columns that there are then; empty for all
     */
    record SetKind(boolean all, boolean byName, Keep keep, List<String> only) {

        /** Which columns are left. */
        enum Keep {
            EQUAL,
            ALL,
            FIRST,
            COMMON
        }
    }

    /** A query in parentheses. */
    record Nested(SqlQuery query) implements Body {}

    /** A query that begins with {@code FROM}. */
    record FromFirst(From from) implements Body {}

    /** A query with operators of the pipe syntax. */
    record Pipes(Body input, List<SqlPipe> steps) implements Body {}

    /** What was not understood: it may read all of every table that is named in it. */
    record Unreadable(List<Name> tables, int start, int end) implements Body {}

    /**
     * A name that may be a table's.
     *
     * @param table whether it stands where only a table can
     * @param loose whether it is a table's if it is no column's, because what it stands in is not known
     */
    record Name(String text, boolean table, boolean loose, int start, int end) {}

    /**
     * {@code GROUP BY}.
     *
     * @param all whether it is {@code GROUP BY ALL}
     * @param totals whether some rows are of several groups, and have nulls in place of keys
     */
    record Grouping(List<SqlExpr> keys, boolean all, boolean present, boolean totals) {
        static final Grouping NONE = new Grouping(List.of(), false, false, false);
    }

    /** A named window with all that stands in it. */
    record Window(String name, List<SqlExpr> parts) {}

    /**
     * What is selected: an expression, or a star if {@code star} is set; then {@code expr} is what stands before the dot, if
     * anything does.
     */
    record Item(
            @Nullable SqlExpr expr,
            @Nullable String alias,
            boolean star,
            List<String> except,
            List<Item> replace,
            int start,
            int end) {
        static Item all(int place) {
            return new Item(null, null, true, List.of(), List.of(), place, place);
        }

        static Item of(SqlExpr expr, @Nullable String alias) {
            return new Item(expr, alias, false, List.of(), List.of(), expr.start(), expr.end());
        }
    }

    /** {@code FROM}: a first source, and joins one after the other. */
    record From(Source first, List<Join> joins) {}

    /** How a source is joined to all before it; {@code natural} is whether by all columns of the same name. */
    record Join(
            JoinKind kind,
            Source source,
            @Nullable SqlExpr on,
            List<String> using,
            boolean natural,
            int start,
            int end) {
        static Join of(JoinKind kind, Source source, @Nullable SqlExpr on, int start, int end) {
            return new Join(kind, source, on, List.of(), false, start, end);
        }
    }

    /** The kinds of joins. */
    enum JoinKind {
        COMMA,
        CROSS,
        INNER,
        LEFT,
        RIGHT,
        FULL
    }

    /** What rows come from. */
    sealed interface Source {}

    /** A table, a CTE, or an array of a table before it; {@code past} is whether it is read as it was at another time. */
    record Table(
            List<String> path,
            @Nullable String alias,
            @Nullable String offset,
            boolean past,
            Extras extras,
            int start,
            int end)
            implements Source {}

    /** A query in parentheses; {@code lateral} is whether it knows the sources before it. */
    record Subquery(SqlQuery query, @Nullable String alias, boolean lateral, Extras extras, int start, int end)
            implements Source {}

    /** The elements of an array. */
    record Unnest(
            SqlExpr array, @Nullable String alias, @Nullable String offset, Extras extras, int start, int end)
            implements Source {}

    /** A function that returns rows. */
    record TableFunction(
            List<String> path,
            List<SqlExpr> args,
            List<SqlQuery> queries,
            List<Name> tables,
            @Nullable String alias,
            Extras extras,
            int start,
            int end)
            implements Source {

        /** Whether its rows are those of a group around it. */
        boolean isGroupRows() {
            return path.size() == 1 && path.get(0).equalsIgnoreCase("GROUP_ROWS") && args.isEmpty();
        }
    }

    /** Joins in parentheses. */
    record Group(From from, Extras extras) implements Source {}

    /**
     * What may follow a source. {@code percent} is that of a sample, below 0 without one; {@code weight} is the column of the
     * weight of its rows, {@code strata} are the columns of which each value has a sample of its own.
     */
    record Extras(
            @Nullable Pivot pivot,
            @Nullable Unpivot unpivot,
            double percent,
            @Nullable String weight,
            List<SqlExpr> strata) {
        static final Extras NONE = new Extras(null, null, -1, null, List.of());

        boolean isSample() {
            return percent >= 0;
        }
    }

    /** {@code PIVOT}: aggregates, the column whose values become columns, and their names. */
    record Pivot(
            List<Item> aggregates,
            SqlExpr input,
            List<SqlExpr> values,
            List<String> names,
            @Nullable String alias) {}

    /** {@code UNPIVOT}: the new columns of values and of names, and the columns that vanish. */
    record Unpivot(
            List<String> values,
            String name,
            List<List<SqlExpr.Path>> columns,
            boolean keepsNulls,
            @Nullable String alias) {}
}
