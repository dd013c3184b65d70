package dev.tentpole.bigquery;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is known of Google's functions and operators, each of which stands here once. */
enum SqlTraits {

    /** Makes one value of many rows. */
    AGGREGATE,
    /** The argument that follows the value says by what it is chosen. */
    BY_ANOTHER,
    /** Has another result in each run. */
    CHANGING,
    /** Compares its arguments; null if one of them is. */
    COMPARISON,
    /** Returns what tables were before. */
    HISTORY,
    /** Is never null, whatever its arguments are. */
    NEVER_NULL,
    /** A word that the parser turns into a call of that name. */
    OPERATOR,
    /** May be null for arguments that are not. */
    PARTIAL,
    /** The second argument is a part of a date or another word. */
    PART_SECOND,
    /** The third argument is a part of a date. */
    PART_THIRD,
    /** Returns rows, and reads what is given to it alone. */
    ROWS,
    /** Need not read all of a struct to know about it. */
    SHALLOW,
    /** Is null for a null argument, and for nothing else. */
    STRICT,
    /** Stands for the time, also without parentheses. */
    TIME,
    /** Has a field of a struct exactly where an argument has it. */
    TRANSPARENT;

    private static final Map<String, Set<SqlTraits>> FUNCTIONS = new HashMap<>();

    static {
        add(
                Set.of(AGGREGATE),
                "APPROX_QUANTILES",
                "APPROX_TOP_COUNT",
                "APPROX_TOP_SUM",
                "AVG",
                "BIT_AND",
                "BIT_OR",
                "BIT_XOR",
                "CORR",
                "COVAR_POP",
                "COVAR_SAMP",
                "GROUPING",
                "HLL_COUNT.INIT",
                "HLL_COUNT.MERGE",
                "HLL_COUNT.MERGE_PARTIAL",
                "KLL_QUANTILES.INIT_FLOAT64",
                "KLL_QUANTILES.INIT_INT64",
                "KLL_QUANTILES.MERGE_PARTIAL",
                "LOGICAL_AND",
                "LOGICAL_OR",
                "MAX",
                "MIN",
                "PERCENTILE_CONT",
                "PERCENTILE_DISC",
                "STDDEV",
                "STDDEV_POP",
                "STDDEV_SAMP",
                "STRING_AGG",
                "ST_CENTROID_AGG",
                "ST_CLUSTERDBSCAN",
                "ST_EXTENT",
                "ST_UNION_AGG",
                "SUM",
                "VARIANCE",
                "VAR_POP",
                "VAR_SAMP");
        add(Set.of(AGGREGATE, BY_ANOTHER, TRANSPARENT), "MAX_BY", "MIN_BY");
        add(Set.of(AGGREGATE, NEVER_NULL), "APPROX_COUNT_DISTINCT", "COUNT DISTINCT", "COUNTIF");
        add(Set.of(AGGREGATE, NEVER_NULL, SHALLOW), "COUNT");
        add(Set.of(AGGREGATE, TRANSPARENT), "ANY_VALUE", "ARRAY_AGG", "ARRAY_CONCAT_AGG");
        add(Set.of(CHANGING), "EXTERNAL_QUERY");
        add(Set.of(CHANGING, NEVER_NULL), "GENERATE_UUID", "RAND", "SESSION_USER");
        add(Set.of(CHANGING, STRICT, TIME), "CURRENT_DATE", "CURRENT_DATETIME", "CURRENT_TIME", "CURRENT_TIMESTAMP");
        add(Set.of(COMPARISON), "!=", "<", "<=", "=", ">", ">=");
        add(Set.of(COMPARISON, OPERATOR), "BETWEEN", "LIKE");
        add(Set.of(HISTORY), "APPENDS", "CHANGES");
        add(
                Set.of(NEVER_NULL),
                "CUME_DIST",
                "DENSE_RANK",
                "IS DISTINCT",
                "IS FALSE",
                "IS NOT DISTINCT",
                "IS NOT FALSE",
                "IS NOT TRUE",
                "IS TRUE",
                "NTILE",
                "PERCENT_RANK",
                "RANK",
                "ROW_NUMBER",
                "TO_JSON",
                "TO_JSON_STRING");
        add(Set.of(NEVER_NULL, OPERATOR, TRANSPARENT), "ARRAY");
        add(Set.of(NEVER_NULL, SHALLOW), "IS NOT NULL", "IS NOT UNKNOWN", "IS NULL", "IS UNKNOWN");
        add(Set.of(OPERATOR), "AND", "CASE", "IN", "NOT", "OR");
        add(Set.of(OPERATOR, PARTIAL), "SAFE");
        add(Set.of(OPERATOR, STRICT), "INTERVAL");
        add(Set.of(PARTIAL, TRANSPARENT), "FIRST_VALUE", "LAG", "LAST_VALUE", "LEAD", "NTH_VALUE");
        add(Set.of(PART_SECOND), "NORMALIZE", "NORMALIZE_AND_CASEFOLD", "TIME_TRUNC");
        add(Set.of(PART_SECOND, STRICT), "DATETIME_TRUNC", "DATE_TRUNC", "LAST_DAY", "TIMESTAMP_TRUNC");
        add(Set.of(PART_THIRD), "TIME_DIFF");
        add(Set.of(PART_THIRD, STRICT), "DATETIME_DIFF", "DATE_DIFF", "TIMESTAMP_DIFF");
        add(
                Set.of(ROWS),
                "EXTERNAL_OBJECT_TRANSFORM",
                "GAP_FILL",
                "HOP",
                "RANGE_SESSIONIZE",
                "TUMBLE",
                "VECTOR_SEARCH");
        add(Set.of(SHALLOW), "ARRAY_LENGTH");
        add(
                Set.of(STRICT),
                "*",
                "+",
                "-",
                "/",
                "ABS",
                "CEIL",
                "CONCAT",
                "DATE",
                "DATETIME",
                "DATETIME_ADD",
                "DATETIME_SUB",
                "DATE_ADD",
                "DATE_SUB",
                "FLOOR",
                "FORMAT_DATE",
                "FORMAT_DATETIME",
                "FORMAT_TIMESTAMP",
                "LENGTH",
                "LOWER",
                "REPLACE",
                "ROUND",
                "TIMESTAMP",
                "TIMESTAMP_ADD",
                "TIMESTAMP_MICROS",
                "TIMESTAMP_MILLIS",
                "TIMESTAMP_SECONDS",
                "TIMESTAMP_SUB",
                "TRIM",
                "UNIX_DATE",
                "UNIX_MICROS",
                "UNIX_MILLIS",
                "UNIX_SECONDS",
                "UPPER",
                "||");
        add(
                Set.of(TRANSPARENT),
                "ARRAY_CONCAT",
                "ARRAY_FIRST",
                "ARRAY_LAST",
                "ARRAY_REVERSE",
                "ARRAY_SLICE",
                "COALESCE",
                "IFNULL",
                "NULLIF");
    }

    private static void add(Set<SqlTraits> traits, String... functions) {
        Set<SqlTraits> all = EnumSet.copyOf(traits);
        for (String function : functions) {
            if (FUNCTIONS.put(function, all) != null) {
                throw new IllegalStateException(function + " stands here twice");
            }
        }
    }

    /** Whether it is a trait of a function, whose name is in capitals. */
    boolean isOf(String function) {
        Set<SqlTraits> traits = FUNCTIONS.get(function);
        return traits != null && traits.contains(this);
    }

    static boolean isKnown(String function) {
        return FUNCTIONS.containsKey(function);
    }
}
