/** Pools beside their peers. */
@NullMarked
package dev.tentpole.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
