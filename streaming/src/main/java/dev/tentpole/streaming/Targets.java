package dev.tentpole.streaming;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who gets the messages of one topic.
 *
 * @param logs the logs of tailing subscriptions, one for each pattern
 * @param buffers the buffers of the others
 */
record Targets<T>(List<TailLog<T>> logs, List<BufferFeed<T>> buffers) {

    static <T> Targets<T> of(String topic, List<Subscription<T>> subscriptions, Map<TopicPattern, TailLog<T>> logs) {
        List<TailLog<T>> itsLogs = logs.entrySet().stream()
                .filter(entry -> entry.getKey().matches(topic))
                .map(Map.Entry::getValue)
                .toList();
        List<BufferFeed<T>> itsBuffers = subscriptions.stream()
                .filter(subscription -> subscription.wants(topic))
                .map(Subscription::buffer)
                .filter(Objects::nonNull)
                .toList();
        return new Targets<>(itsLogs, itsBuffers);
    }

    boolean isEmpty() {
        return logs.isEmpty() && buffers.isEmpty();
    }
}
