/** Buffers, topics and fan-out, beside queues and publishers of the JDK and of other libraries. */
@NullMarked
package dev.tentpole.benchmarks.streaming;

import org.jspecify.annotations.NullMarked;
