package dev.tentpole.streaming;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who gets the messages of one topic.
 *
 * @param logs the logs of patterns that subscriptions share
 * @param buffers the buffers of the others
 * @param signals what the others wait for, one for each pattern
 */
record Targets<T>(List<TailLog<T>> logs, List<BufferFeed<T>> buffers, List<Signal> signals) {

    static <T> Targets<T> of(
            String topic,
            List<Subscription<T>> subscriptions,
            Map<TopicPattern, TailLog<T>> logs,
            Map<TopicPattern, Signal> signals) {
        List<BufferFeed<T>> itsBuffers = subscriptions.stream()
                .filter(subscription -> subscription.wants(topic))
                .map(Subscription::buffer)
                .filter(Objects::nonNull)
                .toList();
        return new Targets<>(matching(topic, logs), itsBuffers, matching(topic, signals));
    }

    private static <V> List<V> matching(String topic, Map<TopicPattern, V> all) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().matches(topic))
                .map(Map.Entry::getValue)
                .toList();
    }

    boolean isEmpty() {
        return logs.isEmpty() && buffers.isEmpty();
    }
}
