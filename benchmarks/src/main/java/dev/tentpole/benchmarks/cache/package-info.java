/** Benchmarks and simulations of caches beside others. */
@NullMarked
package dev.tentpole.benchmarks.cache;

import org.jspecify.annotations.NullMarked;
