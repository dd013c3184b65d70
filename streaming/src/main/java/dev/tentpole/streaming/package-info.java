/**
 * Bounded buffers with honest backpressure, topics and fan-out.
 *
 * <p>A {@link dev.tentpole.streaming.MessageBuffer} stands between producers and one consumer;
 * {@link dev.tentpole.streaming.Topics} hand messages to many subscribers.
 *
 * <pre>{@code
 * Topics<String> topics = Topics.<String>builder(line -> 2L * line.length()).build();
 * Subscription<String> subscription = topics.subscribe(
 *         SubscriptionSettings.<String>of("metrics.*.cpu")
 *                 .maxMessages(1_000)
 *                 .overflow(Overflow.dropOldest())
 *                 .build(),
 *         panel);
 * PublishResult result = topics.publish("metrics.web-1.cpu", "0.93");
 * topics.complete();
 * boolean over = subscription.awaitEnd(Duration.ofSeconds(10));
 * BufferCounters counters = subscription.counters();
 * }</pre>
 */
@NullMarked
package dev.tentpole.streaming;

import org.jspecify.annotations.NullMarked;
