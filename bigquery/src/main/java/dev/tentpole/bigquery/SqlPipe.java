package dev.tentpole.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step of the pipe syntax. */
sealed interface SqlPipe {

    /** {@code SELECT}, {@code EXTEND}, {@code SET} or {@code RENAME}, with their items. */
    record Items(Kind kind, boolean distinct, SqlQuery.As as, List<SqlQuery.Item> items, List<SqlQuery.Window> windows)
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
    record Aggregate(List<SqlQuery.Item> items, List<SqlQuery.Item> keys, boolean totals) implements SqlPipe {}

    /** {@code ORDER BY}. */
    record Order(List<SqlExpr> keys) implements SqlPipe {}

    /** {@code LIMIT}. */
    record Limit(@Nullable SqlExpr count) implements SqlPipe {}

    /** {@code DISTINCT}. */
    record Distinct() implements SqlPipe {}

    /** {@code JOIN}. */
    record Join(SqlQuery.Join join) implements SqlPipe {}

    /** {@code UNION ALL} and its like. */
    record SetOperation(List<SqlQuery> inputs, SqlQuery.SetKind kind) implements SqlPipe {}

    /** {@code PIVOT}, {@code UNPIVOT}, {@code TABLESAMPLE}. */
    record Extras(SqlQuery.Extras extras) implements SqlPipe {}

    /** {@code CALL}: the rows so far are an argument of a function that returns rows. */
    record Call(SqlQuery.TableFunction function) implements SqlPipe {}

    /** {@code WITH}: queries with names for the steps that follow. */
    record With(List<SqlQuery.Cte> ctes, boolean recursive) implements SqlPipe {}

    /** Expressions that are computed and leave the rows as they are: {@code ASSERT}, {@code STATIC_DESCRIBE}. */
    record Checks(List<SqlExpr> exprs) implements SqlPipe {}

    /** Pipes that begin here beside this one, which goes on or {@code ends}: {@code LOG}, {@code TEE}, {@code FORK}. */
    record Branches(List<List<SqlPipe>> branches, boolean ends) implements SqlPipe {}

    /** {@code IF}: the pipe goes on as one of several, by conditions that are known before it runs. */
    record Choice(List<SqlExpr> conditions, List<List<SqlPipe>> branches) implements SqlPipe {}

    /** {@code RECURSIVE UNION}: a pipe, or a query that knows the rows by a name, goes through the rows again and again. */
    record Recursion(
            SqlQuery.SetKind kind,
            @Nullable String depth,
            @Nullable List<SqlPipe> steps,
            @Nullable SqlQuery query,
            @Nullable String alias,
            int start,
            int end)
            implements SqlPipe {}

    /** {@code INSERT}, {@code CREATE TABLE} and {@code EXPORT DATA}: the rows are written; without a target it is no table. */
    record Write(String kind, SqlStatement.@Nullable Target target) implements SqlPipe {}

    /** What was not understood: it may read every column, and all of the tables that it names. */
    record Unknown(SqlExpr.Unknown what) implements SqlPipe {}
}
