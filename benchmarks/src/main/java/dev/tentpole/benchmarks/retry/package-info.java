/** Retries, breakers and rate limits, beside Failsafe, resilience4j, Guava and Bucket4j. */
@NullMarked
package dev.tentpole.benchmarks.retry;

import org.jspecify.annotations.NullMarked;
