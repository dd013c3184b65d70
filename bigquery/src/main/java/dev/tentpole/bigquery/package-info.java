/**
 * What a BigQuery query costs before it runs, macros that prune, results page by page, budgets.
 *
 * <p>A {@link dev.tentpole.bigquery.CostEstimator} prices a query with no credentials, from a
 * {@link dev.tentpole.bigquery.Catalog} of what is known about its tables.
 *
 * <pre>{@code
 * Catalog catalog = Catalog.of(TableStats.builder("shop.web.views")
 *         .rows(20_332_093)
 *         .bytes(325_313_488)
 *         .field("visitor", TableField.Type.INT64)
 *         .field("at", TableField.Type.TIMESTAMP)
 *         .build());
 * CostEstimate estimate = CostEstimator.ofDefaults()
 *         .estimate("SELECT COUNT(DISTINCT visitor) FROM shop.web.views", catalog, Pricing.onDemand("EU"));
 * CostBytes read = estimate.bytes();
 * BigDecimal dollars = estimate.money().expected();
 * }</pre>
 */
@NullMarked
package dev.tentpole.bigquery;

import org.jspecify.annotations.NullMarked;
