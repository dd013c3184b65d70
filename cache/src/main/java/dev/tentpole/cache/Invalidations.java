package dev.tentpole.cache;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was invalidated last, by keys and tags, and where in a cache's history: a load that ends asks whether what it
 * brings was invalidated since it began.
 *
 * <p>It remembers so many invalidations. The oldest one, when it is forgotten, is taken to have been one of everything:
 * that costs loads that go on for so long a value, and keeps nothing that was invalidated.
 */
final class Invalidations<K> {

    /** How many invalidations are remembered. */
    static final int REMEMBERED = 10_000;

    private final ConcurrentHashMap<K, NavigableMap<Long, Times>> keys = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, NavigableMap<Long, Times>> tags = new ConcurrentHashMap<>();
    private final NavigableMap<Long, Times> all = new ConcurrentSkipListMap<>();
    private final Queue<Runnable> forgetting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong forgotten = new AtomicLong();

    /** From one time to another, in milliseconds, both included. */
    record Times(long from, long to) {

        /** Of what holds at any time. */
        static final Times ALL = new Times(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean overlaps(Times other) {
            return from <= other.to && to >= other.from;
        }
    }

    void addKey(K key, Times times, long number) {
        add(keys, key, times, number);
    }

    void addTag(String tag, Times times, long number) {
        add(tags, tag, times, number);
    }

    void addAll(Times times, long number) {
        all.put(number, times);
        remember(number, () -> all.remove(number));
    }

    private <T> void add(ConcurrentHashMap<T, NavigableMap<Long, Times>> map, T what, Times times, long number) {
        map.compute(what, (same, present) -> {
            NavigableMap<Long, Times> numbers = present == null ? new ConcurrentSkipListMap<>() : present;
            numbers.put(number, times);
            return numbers;
        });
        remember(
                number,
                () -> map.computeIfPresent(what, (same, numbers) -> {
                    numbers.remove(number);
                    return numbers.isEmpty() ? null : numbers;
                }));
    }

    private void remember(long number, Runnable forget) {
        forgetting.add(() -> {
            // First this, so that nobody finds it nowhere.
            forgotten.accumulateAndGet(number, Math::max);
            forget.run();
        });
        if (count.incrementAndGet() > REMEMBERED) {
            Runnable oldest = forgetting.poll();
            if (oldest != null) {
                count.decrementAndGet();
                oldest.run();
            }
        }
    }

    /**
     * {@return whether a key or one of some tags was invalidated after a moment, and not after another one}
     *
     * @param times the times of what is asked about
     */
    boolean cover(K key, Set<String> carried, Times times, long after, long asOf) {
        if (after < forgotten.get() || isIn(all, times, after, asOf) || isIn(keys.get(key), times, after, asOf)) {
            return true;
        }
        for (String tag : carried) {
            if (isIn(tags.get(tag), times, after, asOf)) {
                return true;
            }
        }
        // What was forgotten while this looked.
        return after < forgotten.get();
    }

    private static boolean isIn(@Nullable NavigableMap<Long, Times> numbers, Times times, long after, long asOf) {
        if (numbers == null) {
            return false;
        }
        Map.Entry<Long, Times> next = numbers.higherEntry(after);
        while (next != null && next.getKey() <= asOf) {
            if (next.getValue().overlaps(times)) {
                return true;
            }
            next = numbers.higherEntry(next.getKey());
        }
        return false;
    }
}
