package dev.tentpole.streaming;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who gets the messages of what topic. For one thread at a time; coming and going costs the same however many there are. */
final class Routes<T> {

    private static final int MOST_TOPICS = 10_000;

    private final Map<String, Targets<T>> known = new HashMap<>();
    private final Map<TopicPattern, Group<T>> groups = new LinkedHashMap<>();
    private final Set<Subscription<T>> subscriptions = new HashSet<>();

    /** All subscriptions to one pattern. */
    private static final class Group<T> {

        private final Set<BufferFeed<T>> buffers = new LinkedHashSet<>();
        private final Signal arrivals = new Signal();
        private @Nullable TailLog<T> log;
        private int readers;
    }

    private Group<T> group(TopicPattern pattern) {
        return groups.computeIfAbsent(pattern, any -> new Group<>());
    }

    /** The log of a pattern, for one who is about to be {@linkplain #add added}. */
    TailLog<T> log(TopicPattern pattern, Supplier<TailLog<T>> made) {
        Group<T> group = group(pattern);
        TailLog<T> log = group.log == null ? made.get() : group.log;
        group.log = log;
        return log;
    }

    /** What those wait for who have buffers of their own, for one who is about to be {@linkplain #add added}. */
    Signal arrivals(TopicPattern pattern) {
        return group(pattern).arrivals;
    }

    void add(Subscription<T> subscription) {
        Group<T> group = group(subscription.settings().pattern());
        subscriptions.add(subscription);
        BufferFeed<T> buffer = subscription.buffer();
        if (buffer != null) {
            group.buffers.add(buffer);
        } else {
            group.readers++;
        }
        known.clear();
    }

    void remove(Subscription<T> subscription) {
        if (subscriptions.remove(subscription)) {
            TopicPattern pattern = subscription.settings().pattern();
            Group<T> group = group(pattern);
            BufferFeed<T> buffer = subscription.buffer();
            if (buffer != null) {
                group.buffers.remove(buffer);
            } else {
                group.readers--;
            }
            known.clear();
            forgetUnused(pattern);
        }
    }

    /** Takes out what was made for those to come who never came, or have left. */
    void forgetUnused(TopicPattern pattern) {
        Group<T> group = groups.get(pattern);
        if (group != null && group.readers == 0) {
            group.log = null;
            if (group.buffers.isEmpty()) {
                groups.remove(pattern);
            }
        }
    }

    /** Who wants a topic; found once for each topic until subscriptions change. */
    Targets<T> to(String topic) {
        Targets<T> targets = known.get(topic);
        if (targets == null) {
            targets = find(TopicPattern.requireTopic(topic));
            if (known.size() >= MOST_TOPICS) {
                known.clear();
            }
            known.put(topic, targets);
        }
        return targets;
    }

    private Targets<T> find(String topic) {
        List<TailLog<T>> logs = new ArrayList<>();
        List<BufferFeed<T>> buffers = new ArrayList<>();
        List<Signal> signals = new ArrayList<>();
        groups.forEach((pattern, group) -> {
            if (pattern.matches(topic)) {
                if (group.log != null) {
                    logs.add(group.log);
                }
                if (!group.buffers.isEmpty()) {
                    buffers.addAll(group.buffers);
                    signals.add(group.arrivals);
                }
            }
        });
        return new Targets<>(List.copyOf(logs), List.copyOf(buffers), List.copyOf(signals));
    }
}
