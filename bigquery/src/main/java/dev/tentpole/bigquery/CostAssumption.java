package dev.tentpole.bigquery;

/**
 * A rule of BigQuery's billing that Google does not document, or documents in two ways. An estimate names those that it
 * rests on. The expected bytes follow the rule; the bounds hold whether or not it is true, until
 * {@link CostEstimator.Builder#trust} says that it is.
 */
public enum CostAssumption {
    /** Columns that a subquery, a CTE or a view selects and nothing above it uses are not read. */
    UNUSED_COLUMNS_ARE_PRUNED,
    /** A CTE that nothing refers to is not read. */
    UNUSED_CTES_ARE_NOT_READ,
    /** A table that a statement names several times is billed once, by all leaves and partitions together. */
    REPEATED_TABLES_ARE_BILLED_ONCE,
    /** A filter above a subquery, a CTE or a view selects partitions inside of it. */
    FILTERS_ARE_PUSHED_DOWN,
    /** {@code _PARTITIONTIME}, {@code _PARTITIONDATE} and {@code _TABLE_SUFFIX} add no bytes; otherwise 8 a row. */
    PSEUDO_COLUMNS_ARE_FREE,
    /** The minimum holds for each table and for each query: billed is the larger one of both sums. */
    MINIMUM_PER_TABLE,
    /** A query that reads no bytes is billed none, not the minimum. */
    ZERO_BYTES_ARE_FREE,
    /** A condition that constants keep from being true, whatever the rows are, reads nothing. */
    NEVER_TRUE_READS_NOTHING,
    /** A prefix given by {@code STARTS_WITH} or {@code LIKE} on {@code _TABLE_SUFFIX} selects tables. */
    SUFFIX_PREFIX_SELECTS_TABLES,
    /** The recursive part of a CTE is billed once, and not for each of its iterations. */
    RECURSION_IS_BILLED_ONCE,
    /** Functions of users add no bytes. */
    FUNCTIONS_ARE_FREE,
    /** Materialized views are not used in place of the tables that a query names. */
    MATERIALIZED_VIEWS_ARE_NOT_USED,
    /** The price of the region, which is a guess because no public source was found, is right. */
    PRICE_IS_GUESSED
}
