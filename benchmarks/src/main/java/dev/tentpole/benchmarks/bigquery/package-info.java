/** Benchmarks of the BigQuery module. */
@NullMarked
package dev.tentpole.benchmarks.bigquery;

import org.jspecify.annotations.NullMarked;
