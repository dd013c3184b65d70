/**
 * Bounded buffers with honest backpressure, topics and fan-out.
 *
 * <p>A {@link dev.tentpole.streaming.MessageBuffer} stands between producers and one consumer;
 * {@link dev.tentpole.streaming.Topics} hand messages to many subscribers.
 *
 * <pre>{@code
 * MessageBuffer<String> buffer = MessageBuffer.<String>builder(line -> 2L * line.length())
 *         .maxMessages(2)
 *         .overflow(Overflow.dropOldest())
 *         .build();
 * buffer.offerAll(List.of("a", "b", "c"));
 * buffer.drain(receiver, 100);
 * BufferCounters counters = buffer.counters();
 * }</pre>
 */
@NullMarked
package dev.tentpole.streaming;

import org.jspecify.annotations.NullMarked;
