package dev.tentpole.bigquery;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that makes a query dearer than it need be, or its estimate less certain. Immutable.
 *
 * @param id what it is; stable, for filters and for documentation
 * @param severity how bad it is
 * @param start where it begins in the query, in {@code char}s
 * @param end behind its last character
 * @param reason why, in a sentence, without the query's literals
 * @param rewrite what to write instead, if there is something
 * @param savesBytes how many of the expected bytes this would save at most, if that can be told; 0 if it saves something
 *     else than bytes
 */
public record CostWarning(
        Id id,
        Severity severity,
        int start,
        int end,
        String reason,
        Optional<String> rewrite,
        OptionalLong savesBytes) {

    /** How bad it is. */
    public enum Severity {
        /** Good to know. */
        INFO,
        /** Costs money, or certainty. */
        WARNING,
        /** BigQuery refuses the query, or it is over its budget. */
        ERROR
    }

    /** What a warning is about. The README has a table of all. */
    public enum Id {
        /** All columns are selected. */
        SELECT_STAR,
        /** A subquery or CTE selects columns that nothing uses. */
        UNUSED_CTE_COLUMNS,
        /** Nothing refers to a CTE. */
        UNUSED_CTE,
        /** A CTE is referred to more than once, and computed as often. */
        CTE_REFERENCED_REPEATEDLY,
        /** A partitioned table is read without a condition that selects partitions. */
        MISSING_PARTITION_FILTER,
        /** BigQuery refuses the query, because the table demands a condition on its partitions. */
        REQUIRED_PARTITION_FILTER_MISSING,
        /** A function around the partition column keeps a condition from selecting partitions, and no other one does. */
        PARTITION_COLUMN_WRAPPED,
        /** {@code EXTRACT}, {@code FORMAT_…} or a cast to text stands around the partition column. */
        FORMAT_FUNCTION_ON_PARTITION,
        /** The partition column is compared with something that is not known before the query runs. */
        PARTITION_FILTER_NOT_CONSTANT,
        /** {@code OR} with another condition makes a condition on partitions useless, and no other one selects any. */
        PARTITION_FILTER_IN_OR,
        /** The catalog does not know the partitions of a table from which some are selected. */
        PARTITIONS_UNKNOWN,
        /** {@code LIMIT} does not make the query read less, and no condition selects partitions. */
        LIMIT_WITHOUT_PRUNING,
        /** Each row of one side of a join meets each row of the other, because no equality ties them together. */
        CROSS_JOIN,
        /** A wildcard table without a condition on {@code _TABLE_SUFFIX}. */
        WILDCARD_UNBOUNDED,
        /** A condition on {@code _TABLE_SUFFIX} that is not constant. */
        WILDCARD_SUFFIX_NOT_CONSTANT,
        /** Results of wildcard tables are not cached. */
        WILDCARD_NOT_CACHED,
        /** No condition uses the columns by which the table is clustered. */
        CLUSTERING_UNUSED,
        /** A condition uses a clustering column, but not those before it. */
        CLUSTERING_PREFIX_SKIPPED,
        /** Of a clustered table less may be read than can be told before. */
        CLUSTERED_UPPER_BOUND,
        /** A function of the time or of chance keeps the result out of the cache. */
        NON_DETERMINISTIC_NOT_CACHED,
        /** The size of an external table is not known. */
        EXTERNAL_TABLE_UNKNOWN,
        /** Row access policies hide how much is read. */
        ROW_ACCESS_POLICY,
        /** A view is billed as the tables that it reads. */
        VIEW_EXPANDED,
        /** A part of a script cannot be estimated. */
        SCRIPT_PARTIAL,
        /** A statement that changes rows reads the whole table that it changes. */
        DML_FULL_TABLE,
        /** A table is named more than once. */
        SAME_TABLE_MULTIPLE_REFS,
        /** Most of what is billed is the minimum of small tables. */
        MINIMUM_DOMINATES,
        /** A whole row of a table becomes one value where some of its columns would do. */
        REPEATED_FULL_STRUCT,
        /** A part is taken of a JSON column, which is always read as a whole. */
        JSON_WHOLE_COLUMN,
        /** Tables with a date in their name are better one partitioned table. */
        SHARDED_TABLE_ADVICE,
        /** Rows that have just been written are not counted exactly. */
        STREAMING_BUFFER,
        /** A sample is billed by the blocks that are read. */
        TABLE_SAMPLED,
        /** Each query of {@code INFORMATION_SCHEMA} is billed the minimum at least. */
        INFORMATION_SCHEMA_MINIMUM,
        /** All rows are sorted where nothing limits them. */
        ORDER_WITHOUT_LIMIT,
        /** A regular expression does what {@code LIKE} does faster. */
        REGEXP_WHERE_LIKE_WORKS,
        /** {@code IN} looks among rows of which many may be the same. */
        SEMI_JOIN_WITHOUT_DISTINCT,
        /** A larger table is joined to a smaller one, and both are large. */
        JOIN_ORDER,
        /** The first row of each group is found by numbering all rows. */
        LATEST_ROW_BY_WINDOW,
        /** The estimate is over the budget. */
        OVER_BUDGET,
        /** The catalog does not know a table. */
        TABLE_UNKNOWN,
        /** A name is no column of anything in scope. */
        COLUMN_UNKNOWN,
        /** A part of the query was not understood, and is taken to read everything in scope. */
        SYNTAX_UNKNOWN,
        /** The region has no price; the highest was taken. */
        PRICE_FALLBACK
    }
}
