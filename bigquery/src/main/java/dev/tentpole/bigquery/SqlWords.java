package dev.tentpole.bigquery;

import java.util.List;
import java.util.Set;

/** The words of GoogleSQL that are more than names. */
final class SqlWords {

    /** Words that are no names without backticks. */
    private static final Set<String> RESERVED = Set.of(
            "ALL",
            "AND",
            "ANY",
            "ARRAY",
            "AS",
            "ASC",
            "ASSERT_ROWS_MODIFIED",
            "AT",
            "BETWEEN",
            "BY",
            "CASE",
            "CAST",
            "COLLATE",
            "CONTAINS",
            "CREATE",
            "CROSS",
            "CUBE",
            "CURRENT",
            "DEFAULT",
            "DEFINE",
            "DESC",
            "DISTINCT",
            "ELSE",
            "END",
            "ENUM",
            "ESCAPE",
            "EXCEPT",
            "EXCLUDE",
            "EXISTS",
            "EXTRACT",
            "FALSE",
            "FETCH",
            "FOLLOWING",
            "FOR",
            "FROM",
            "FULL",
            "GROUP",
            "GROUPING",
            "GROUPS",
            "HASH",
            "HAVING",
            "IF",
            "IGNORE",
            "IN",
            "INNER",
            "INTERSECT",
            "INTERVAL",
            "INTO",
            "IS",
            "JOIN",
            "LATERAL",
            "LEFT",
            "LIKE",
            "LIMIT",
            "LOOKUP",
            "MERGE",
            "NATURAL",
            "NEW",
            "NO",
            "NOT",
            "NULL",
            "NULLS",
            "OF",
            "ON",
            "OR",
            "ORDER",
            "OUTER",
            "OVER",
            "PARTITION",
            "PRECEDING",
            "PROTO",
            "QUALIFY",
            "RANGE",
            "RECURSIVE",
            "RESPECT",
            "RIGHT",
            "ROLLUP",
            "ROWS",
            "SELECT",
            "SET",
            "SOME",
            "STRUCT",
            "TABLESAMPLE",
            "THEN",
            "TO",
            "TREAT",
            "TRUE",
            "UNBOUNDED",
            "UNION",
            "UNNEST",
            "USING",
            "WHEN",
            "WHERE",
            "WINDOW",
            "WITH",
            "WITHIN");

    /** Functions with a part of a date among their arguments. */
    private static final Set<String> SECOND_IS_PART = Set.of(
            "DATE_TRUNC",
            "TIMESTAMP_TRUNC",
            "DATETIME_TRUNC",
            "TIME_TRUNC",
            "LAST_DAY",
            "NORMALIZE",
            "NORMALIZE_AND_CASEFOLD");

    private static final Set<String> THIRD_IS_PART =
            Set.of("DATE_DIFF", "TIMESTAMP_DIFF", "DATETIME_DIFF", "TIME_DIFF");

    /** Functions that make one value of many rows. */
    private static final Set<String> AGGREGATES = Set.of(
            "ANY_VALUE",
            "ARRAY_AGG",
            "ARRAY_CONCAT_AGG",
            "AVG",
            "BIT_AND",
            "BIT_OR",
            "BIT_XOR",
            "COUNT",
            "COUNTIF",
            "LOGICAL_AND",
            "LOGICAL_OR",
            "MAX",
            "MAX_BY",
            "MIN",
            "MIN_BY",
            "STRING_AGG",
            "SUM",
            "GROUPING",
            "APPROX_COUNT_DISTINCT",
            "APPROX_QUANTILES",
            "APPROX_TOP_COUNT",
            "APPROX_TOP_SUM",
            "CORR",
            "COVAR_POP",
            "COVAR_SAMP",
            "STDDEV",
            "STDDEV_POP",
            "STDDEV_SAMP",
            "VARIANCE",
            "VAR_POP",
            "VAR_SAMP",
            "HLL_COUNT.INIT",
            "HLL_COUNT.MERGE",
            "HLL_COUNT.MERGE_PARTIAL",
            "ST_CENTROID_AGG",
            "ST_EXTENT",
            "ST_UNION_AGG",
            "ST_CLUSTERDBSCAN",
            "PERCENTILE_CONT",
            "PERCENTILE_DISC",
            "KLL_QUANTILES.INIT_INT64",
            "KLL_QUANTILES.INIT_FLOAT64",
            "KLL_QUANTILES.MERGE_PARTIAL");

    /** Functions whose result has a field of a struct exactly where an argument has it. */
    private static final Set<String> TRANSPARENT = Set.of(
            "ANY_VALUE",
            "ARRAY_AGG",
            "ARRAY",
            "ARRAY_CONCAT",
            "ARRAY_REVERSE",
            "ARRAY_CONCAT_AGG",
            "COALESCE",
            "IFNULL",
            "NULLIF",
            "FIRST_VALUE",
            "LAST_VALUE",
            "LAG",
            "LEAD",
            "NTH_VALUE",
            "ARRAY_FIRST",
            "ARRAY_LAST",
            "ARRAY_SLICE");

    /** Words that the parser turns into calls of that name. */
    private static final Set<String> OPERATORS =
            Set.of("AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "INTERVAL", "ARRAY", "CASE");

    /** Functions and operators that are null for a null argument alone. */
    private static final Set<String> STRICT = Set.of(
            "+",
            "-",
            "*",
            "/",
            "||",
            "INTERVAL",
            "ABS",
            "CEIL",
            "CONCAT",
            "CURRENT_DATE",
            "CURRENT_DATETIME",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "DATE",
            "DATE_ADD",
            "DATE_DIFF",
            "DATE_SUB",
            "DATE_TRUNC",
            "DATETIME",
            "DATETIME_ADD",
            "DATETIME_DIFF",
            "DATETIME_SUB",
            "DATETIME_TRUNC",
            "FLOOR",
            "FORMAT_DATE",
            "FORMAT_DATETIME",
            "FORMAT_TIMESTAMP",
            "LAST_DAY",
            "LENGTH",
            "LOWER",
            "REPLACE",
            "ROUND",
            "TIMESTAMP",
            "TIMESTAMP_ADD",
            "TIMESTAMP_DIFF",
            "TIMESTAMP_MICROS",
            "TIMESTAMP_MILLIS",
            "TIMESTAMP_SECONDS",
            "TIMESTAMP_SUB",
            "TIMESTAMP_TRUNC",
            "TRIM",
            "UNIX_DATE",
            "UNIX_MICROS",
            "UNIX_MILLIS",
            "UNIX_SECONDS",
            "UPPER");

    /** Functions that may be called without parentheses. */
    private static final Set<String> TIMES =
            Set.of("CURRENT_DATE", "CURRENT_DATETIME", "CURRENT_TIME", "CURRENT_TIMESTAMP");

    /** Functions that need not read all of a struct to know about it. */
    private static final Set<String> SHALLOW = Set.of("ARRAY_LENGTH", "IS NULL", "IS NOT NULL", "COUNT");

    /** Functions whose result differs from one run to the next. */
    private static final Set<String> CHANGING = Set.of(
            "CURRENT_DATE",
            "CURRENT_TIMESTAMP",
            "CURRENT_DATETIME",
            "CURRENT_TIME",
            "RAND",
            "GENERATE_UUID",
            "SESSION_USER",
            "EXTERNAL_QUERY");

    /** First parts of the names of Google's own functions. */
    private static final Set<String> FAMILIES = Set.of(
            "SAFE",
            "NET",
            "HLL_COUNT",
            "KLL_QUANTILES",
            "KEYS",
            "AEAD",
            "DETERMINISTIC_DECRYPT_STRING",
            "ML",
            "AI",
            "OBJ",
            "ST",
            "VECTOR_INDEX",
            "BQ");

    /** Google's own functions that return rows, besides those of {@link #FAMILIES}; all read what is given to them alone. */
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of("VECTOR_SEARCH", "GAP_FILL", "RANGE_SESSIONIZE", "EXTERNAL_OBJECT_TRANSFORM", "TUMBLE", "HOP");

    /** Functions that return what tables were before. */
    private static final Set<String> HISTORY = Set.of("APPENDS", "CHANGES");

    private SqlWords() {}

    /** Whether a function that returns rows reads what is given to it and nothing else. */
    static boolean isGooglesTableFunction(List<String> path) {
        String first = SqlText.upper(path.get(0));
        return path.size() == 1
                ? TABLE_FUNCTIONS.contains(first) || HISTORY.contains(first)
                : path.size() == 2 && (first.equals("ML") || first.equals("AI"));
    }

    /** Whether a function returns what the tables given to it were before. */
    static boolean isHistory(List<String> path) {
        return path.size() == 1 && HISTORY.contains(SqlText.upper(path.get(0)));
    }

    static boolean isReserved(String upper) {
        return RESERVED.contains(upper);
    }

    static boolean isPart(String function, int argument) {
        return (argument == 1 && SECOND_IS_PART.contains(function))
                || (argument == 2 && THIRD_IS_PART.contains(function));
    }

    /** Whether a function is one of a data set, which users have made. */
    static boolean isUsers(String function) {
        int dot = function.indexOf('.');
        return dot > 0 && !FAMILIES.contains(function.substring(0, dot));
    }

    /** Whether a function or an operator is surely one of Google's; others may be so too. */
    static boolean isGoogles(String function) {
        return STRICT.contains(function)
                || AGGREGATES.contains(function)
                || TRANSPARENT.contains(function)
                || OPERATORS.contains(function)
                || function.isEmpty()
                || !Character.isJavaIdentifierStart(function.charAt(0))
                || function.indexOf(' ') >= 0;
    }

    /** Whether a name stands for the time if it stands for nothing else. */
    static boolean isTime(SqlExpr.Path path) {
        return path.names().size() == 1
                && TIMES.contains(SqlText.upper(path.names().get(0)));
    }

    static boolean isOperator(String upper) {
        return OPERATORS.contains(upper);
    }

    static boolean isStrict(String function) {
        return STRICT.contains(function);
    }

    static boolean isAggregate(String function) {
        return AGGREGATES.contains(function);
    }

    static boolean isTransparent(String function) {
        return TRANSPARENT.contains(function);
    }

    static boolean isShallow(String function) {
        return SHALLOW.contains(function);
    }

    static boolean isChanging(String function) {
        return CHANGING.contains(function);
    }
}
