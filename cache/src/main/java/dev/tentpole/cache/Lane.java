package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One key on one line of points: its chunks, its loads under way, its tags.
 *
 * <p>Whoever uses it holds on to it: each request for its duration, each chunk as long as it is there. With the last one
 * it is retired, and whoever comes then takes a new one.
 */
final class Lane<K, V> {

    private static final int RETIRED = -1;

    /** What lane it is. */
    record Key<K>(K key, long step, long phase) {}

    /** One of its chunks; of the tail, or of what was settled when it was loaded. */
    record ChunkKey<K, V>(Lane<K, V> lane, long index, boolean tail) {}

    final Key<K> key;
    final ReentrantLock lock = new ReentrantLock();

    /** Loads under way; for whoever holds the lock. */
    final List<RangeFlight<V>> flights = new ArrayList<>();

    /** All tags that it was ever given; replaced by whoever holds the lock. */
    volatile Set<String> tags = Set.of();

    final NavigableSet<Long> settledChunks = new ConcurrentSkipListSet<>();
    final NavigableSet<Long> tailChunks = new ConcurrentSkipListSet<>();
    private final AtomicInteger holders = new AtomicInteger(1);

    Lane(Key<K> key) {
        this.key = key;
    }

    NavigableSet<Long> chunks(boolean tail) {
        return tail ? tailChunks : settledChunks;
    }

    boolean hold() {
        int now = holders.get();
        while (now != RETIRED) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** {@return whether it is retired by that} */
    boolean release() {
        return holders.decrementAndGet() == 0 && holders.compareAndSet(0, RETIRED);
    }
}
