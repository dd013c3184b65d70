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

    /** Functions of {@code ML} and {@code AI} that return rows; others may be users' own, of a dataset of that name. */
    private static final Set<String> MODEL_FUNCTIONS = Set.of(
            "ADVANCED_WEIGHTS",
            "ARIMA_COEFFICIENTS",
            "ARIMA_EVALUATE",
            "CENTROIDS",
            "CONFUSION_MATRIX",
            "DESCRIBE_DATA",
            "DETECT_ANOMALIES",
            "EVALUATE",
            "EXPLAIN_FORECAST",
            "EXPLAIN_PREDICT",
            "FEATURE_IMPORTANCE",
            "FEATURE_INFO",
            "FORECAST",
            "GENERATE_BOOL",
            "GENERATE_DOUBLE",
            "GENERATE_EMBEDDING",
            "GENERATE_INT",
            "GENERATE_TABLE",
            "GENERATE_TEXT",
            "GENERATE_TEXT_EMBEDDING",
            "GLOBAL_EXPLAIN",
            "HOLIDAY_INFO",
            "PREDICT",
            "PRINCIPAL_COMPONENT_INFO",
            "PRINCIPAL_COMPONENTS",
            "RECOMMEND",
            "RECONSTRUCTION_LOSS",
            "ROC_CURVE",
            "TRAINING_INFO",
            "TRANSFORM",
            "TRIAL_INFO",
            "UNDERSTAND_TEXT",
            "VALIDATE_DATA_DRIFT",
            "VALIDATE_DATA_SKEW",
            "WEIGHTS");

    private SqlWords() {}

    /** Whether a function that returns rows reads what is given to it and nothing else. */
    static boolean isGooglesTableFunction(List<String> path) {
        String first = SqlText.upper(path.get(0));
        return path.size() == 1
                ? SqlTraits.ROWS.isOf(first) || SqlTraits.HISTORY.isOf(first)
                : path.size() == 2
                        && (first.equals("ML") || first.equals("AI"))
                        && MODEL_FUNCTIONS.contains(SqlText.upper(path.get(1)));
    }

    /** Whether a function returns what the tables given to it were before. */
    static boolean isHistory(List<String> path) {
        return path.size() == 1 && SqlTraits.HISTORY.isOf(SqlText.upper(path.get(0)));
    }

    static boolean isReserved(String upper) {
        return RESERVED.contains(upper);
    }

    static boolean isPart(String function, int argument) {
        return (argument == 1 && SqlTraits.PART_SECOND.isOf(function))
                || (argument == 2 && SqlTraits.PART_THIRD.isOf(function));
    }

    /** Whether a function is one of a data set, which users have made. */
    static boolean isUsers(String function) {
        int dot = function.indexOf('.');
        return dot > 0 && !FAMILIES.contains(function.substring(0, dot));
    }

    /** Whether a function or an operator is surely one of Google's; others may be so too. */
    static boolean isGoogles(String function) {
        return SqlTraits.isKnown(function)
                || function.isEmpty()
                || !Character.isJavaIdentifierStart(function.charAt(0))
                || function.indexOf(' ') >= 0;
    }

    /** Whether a name stands for the time if it stands for nothing else. */
    static boolean isTime(SqlExpr.Path path) {
        return path.names().size() == 1
                && SqlTraits.TIME.isOf(SqlText.upper(path.names().get(0)));
    }

    /** {@return whether it is true or false of what it combines or compares, or null, and neither a range nor a question for null} */
    static boolean isCondition(String operator) {
        return switch (operator) {
            case "AND", "OR", "NOT", "=", "!=", "<", "<=", ">", ">=", "IN", "IN UNNEST", "LIKE" -> true;
            case "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE" -> true;
            default -> false;
        };
    }
}
