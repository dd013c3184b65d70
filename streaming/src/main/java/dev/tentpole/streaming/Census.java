package dev.tentpole.streaming;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The counters of all subscriptions by their type: those of the living ones, and the sums of those that are over. */
final class Census<T> {

    private static final int MOST_TYPES = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Subscription<T>> alive = new LinkedHashSet<>();
    private final Map<String, BufferCounters> past = new HashMap<>();

    void add(Subscription<T> subscription) {
        lock.lock();
        try {
            String type = subscription.settings().type();
            if (!past.containsKey(type) && past.size() >= MOST_TYPES) {
                throw new StreamingException(
                        StreamingException.Problem.TOO_MANY_SUBSCRIPTIONS,
                        "type = " + type + " would be one more than the " + MOST_TYPES
                                + " types that there may be; use few, and never a topic");
            }
            past.putIfAbsent(type, BufferCounters.NONE);
            alive.add(subscription);
        } finally {
            lock.unlock();
        }
    }

    void over(Subscription<T> subscription) {
        lock.lock();
        try {
            if (alive.remove(subscription)) {
                past.merge(subscription.settings().type(), subscription.counters(), BufferCounters::plus);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that are not over: they have not had their end yet, nor will it be told next. */
    List<Subscription<T>> present() {
        lock.lock();
        try {
            return alive.stream()
                    .filter(subscription -> subscription.endReason().isEmpty())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return alive.size();
        } finally {
            lock.unlock();
        }
    }

    Set<String> types() {
        lock.lock();
        try {
            return Set.copyOf(past.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** The counters of one type, or of all if it is null. */
    BufferCounters counters(@Nullable String type) {
        lock.lock();
        try {
            BufferCounters sum = BufferCounters.NONE;
            for (Map.Entry<String, BufferCounters> entry : past.entrySet()) {
                if (type == null || entry.getKey().equals(type)) {
                    sum = sum.plus(entry.getValue());
                }
            }
            for (Subscription<T> subscription : alive) {
                if (type == null || subscription.settings().type().equals(type)) {
                    sum = sum.plus(subscription.counters());
                }
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }
}
