package dev.tentpole.bigquery;

/** How good an estimate is, in the words that BigQuery uses for its dry runs. */
public enum CostAccuracy {
    /** The bytes are known exactly. */
    PRECISE,
    /** No more than the upper bound, possibly less. */
    UPPER_BOUND,
    /** At least the lower bound; nothing limits it from above, as with external tables. */
    LOWER_BOUND,
    /** Something is missing without which no bound holds, such as a table that the catalog does not know. */
    UNKNOWN
}
