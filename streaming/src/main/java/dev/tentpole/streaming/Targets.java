package dev.tentpole.streaming;

import java.util.List;

/**
 * Who gets the messages of one topic.
 *
 * @param logs the logs of patterns that subscriptions share
 * @param buffers the buffers of the others
 * @param signals what the others wait for, one for each pattern
 */
record Targets<T>(List<TailLog<T>> logs, List<BufferFeed<T>> buffers, List<Signal> signals) {

    boolean isEmpty() {
        return logs.isEmpty() && buffers.isEmpty();
    }
}
