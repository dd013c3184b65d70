package dev.tentpole.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression as it is written: as much of it as matters for what it reads and for what it is when it is constant. */
sealed interface SqlExpr {

    /** {@return where it begins in the text} */
    int start();

    /** {@return behind its last character} */
    int end();

    /** A literal; {@code type} is null for {@code NULL}; a literal of an interval is a {@link Call}. */
    record Literal(TableField.@Nullable Type type, String value, int start, int end) implements SqlExpr {}

    /** Names with dots between them: a column, a field of it, a table. */
    record Path(List<String> names, int start, int end) implements SqlExpr {}

    /** A parameter: by name, or by its position if the name is empty. */
    record Param(String name, int position, int start, int end) implements SqlExpr {}

    /** A field of what is no path. */
    record Member(SqlExpr base, String name, int start, int end) implements SqlExpr {}

    /** An element of an array, or a member of a JSON value. */
    record Element(SqlExpr base, SqlExpr index, int start, int end) implements SqlExpr {}

    /**
     * A function or an operator, with everything that stands in it: arguments, order, filter. {@code window} is whether it
     * has {@code OVER}, {@code values} how many of the first arguments are its own.
     */
    record Call(String name, List<SqlExpr> args, int values, boolean window, int start, int end) implements SqlExpr {}

    /** A struct that is built: a name for each value, empty where it has none. */
    record Struct(List<String> names, List<SqlExpr> values, int start, int end) implements SqlExpr {}

    /** A query in an expression: {@code SCALAR}, {@code ARRAY}, {@code EXISTS} or {@code IN}. */
    record Sub(Kind kind, SqlQuery query, int start, int end) implements SqlExpr {
        /** What is made of the query's rows. */
        enum Kind {
            SCALAR,
            ARRAY,
            EXISTS,
            IN
        }
    }

    /** A named window behind {@code OVER}. */
    record WindowName(String name, int start, int end) implements SqlExpr {}

    /** A function without name: its parameters hide columns. */
    record Lambda(List<String> parameters, SqlExpr body, int start, int end) implements SqlExpr {}

    /** {@code WITH(a AS …, b AS …, body)}: each value knows the names before it. */
    record With(List<String> names, List<SqlExpr> values, SqlExpr body, int start, int end) implements SqlExpr {}

    /** What was not understood: it may read everything in scope, and all of the tables that it names. */
    record Unknown(List<SqlQuery.Name> names, int start, int end) implements SqlExpr {}
}
