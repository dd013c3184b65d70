package dev.tentpole.cache;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
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

    private final ConcurrentHashMap<K, ConcurrentSkipListSet<Long>> keys = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, ConcurrentSkipListSet<Long>> tags = new ConcurrentHashMap<>();
    private final ConcurrentSkipListSet<Long> all = new ConcurrentSkipListSet<>();
    private final Queue<Runnable> forgetting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong forgotten = new AtomicLong();

    void addKey(K key, long number) {
        add(keys, key, number);
    }

    void addTag(String tag, long number) {
        add(tags, tag, number);
    }

    void addAll(long number) {
        all.add(number);
        remember(number, () -> all.remove(number));
    }

    private <T> void add(ConcurrentHashMap<T, ConcurrentSkipListSet<Long>> map, T what, long number) {
        map.compute(what, (same, present) -> {
            ConcurrentSkipListSet<Long> numbers = present == null ? new ConcurrentSkipListSet<>() : present;
            numbers.add(number);
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

    /** {@return whether a key or one of some tags was invalidated after a moment, and not after another one} */
    boolean cover(K key, Set<String> carried, long after, long asOf) {
        if (after < forgotten.get() || isIn(all, after, asOf) || isIn(keys.get(key), after, asOf)) {
            return true;
        }
        for (String tag : carried) {
            if (isIn(tags.get(tag), after, asOf)) {
                return true;
            }
        }
        // What was forgotten while this looked.
        return after < forgotten.get();
    }

    private static boolean isIn(@Nullable ConcurrentSkipListSet<Long> numbers, long after, long asOf) {
        Long first = numbers == null ? null : numbers.higher(after);
        return first != null && first <= asOf;
    }
}
