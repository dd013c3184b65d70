package dev.tentpole.bigquery;

import java.util.List;

/** A step of the pipe syntax. */
sealed interface SqlPipe {

    /** {@code SELECT}, {@code EXTEND}, {@code SET} or {@code RENAME}, with their items. */
    record Items(Kind kind, boolean distinct, List<SqlQuery.Item> items, List<SqlQuery.Window> windows)
            implements SqlPipe {
        /** What is done with the items. */
        enum Kind {
            SELECT,
            EXTEND,
            SET,
            RENAME
        }
    }

    /** {@code DROP}. */
    record Drop(List<String> names) implements SqlPipe {}

    /** {@code AS}. */
    record As(String alias) implements SqlPipe {}

    /** {@code WHERE}. */
    record Where(SqlExpr condition) implements SqlPipe {}

    /** {@code AGGREGATE … GROUP BY …}. */
    record Aggregate(List<SqlQuery.Item> items, List<SqlQuery.Item> keys) implements SqlPipe {}

    /** {@code ORDER BY}. */
    record Order(List<SqlExpr> keys) implements SqlPipe {}

    /** {@code LIMIT}. */
    record Limit(boolean zero) implements SqlPipe {}

    /** {@code DISTINCT}. */
    record Distinct() implements SqlPipe {}

    /** {@code JOIN}. */
    record Join(SqlQuery.Join join) implements SqlPipe {}

    /** {@code UNION ALL} and its like. */
    record SetOperation(List<SqlQuery> inputs, boolean all, boolean byName) implements SqlPipe {}

    /** {@code PIVOT}, {@code UNPIVOT}, {@code TABLESAMPLE}. */
    record Extras(SqlQuery.Extras extras) implements SqlPipe {}

    /** What was not understood: it may read every column, and all of the tables that it names. */
    record Unknown(SqlExpr.Unknown what) implements SqlPipe {}
}
