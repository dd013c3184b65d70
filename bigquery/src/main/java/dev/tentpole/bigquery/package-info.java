/**
 * What a BigQuery query costs before it runs, macros that prune, results page by page, budgets.
 */
@NullMarked
package dev.tentpole.bigquery;

import org.jspecify.annotations.NullMarked;
