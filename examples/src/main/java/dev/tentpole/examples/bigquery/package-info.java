/** The part of the command line that prices queries of BigQuery. */
@NullMarked
package dev.tentpole.examples.bigquery;

import org.jspecify.annotations.NullMarked;
