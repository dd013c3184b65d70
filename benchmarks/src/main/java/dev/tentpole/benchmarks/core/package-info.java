/** Benchmarks of frames and of what else the core does. */
@NullMarked
package dev.tentpole.benchmarks.core;

import org.jspecify.annotations.NullMarked;
