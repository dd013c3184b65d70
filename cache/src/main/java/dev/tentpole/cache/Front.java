package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A table of entries before the cache proper, so that most hits cost a hash, an array read and one {@code equals}.
 *
 * <p>It decides nothing. An entry says itself whether it is alive and fresh, so that what is found here may be served
 * exactly as long as what is found there. What is left is to let go of entries that are dead, lest it keep their memory:
 * whoever kills an entry clears its places after that, and whoever puts or moves one looks after that whether it is still
 * alive; one of the two sees what the other did.
 *
 * <p>An entry has two neighbouring places, which share a cache line. A new one takes the first, and what was there the
 * second. The table grows with the cache, by a new one that is empty; an entry that somebody puts into the old one after
 * that is garbage with it.
 *
 * <p>Eviction wants to know what is used, so that the table steps aside while there is any: with the first eviction for
 * size nothing is found here, until {@link #QUIET_HITS} hits went without one. Of those hits that it answers the cache
 * proper still hears one in {@link #SAMPLE}, and so is not without all knowledge when its room runs out.
 */
final class Front<K, V> {

    /** Of so many hits that are answered here, the cache proper hears of one. */
    static final int SAMPLE = 16;

    /** So many hits in a row without an eviction bring the table back. */
    static final long QUIET_HITS = 1 << 16;

    private static final int SPREAD = 0x9E3779B9;
    private static final long SCATTER = 0x9E3779B97F4A7C15L;
    /** Leaves as many bits of a scattered number as are all zero once in {@link #SAMPLE} times. */
    private static final int SAMPLE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SAMPLE);

    private static final int LOOK_MASK = 1_023;
    private static final int SMALLEST = 64;
    private static final int LARGEST = 1 << 16;

    private final Counters counters;
    private volatile AtomicReferenceArray<@Nullable Entry<K, V>> places = new AtomicReferenceArray<>(SMALLEST);
    private volatile boolean aside;
    private volatile long seenEvictions;
    private volatile long seenHits;

    Front(Counters counters) {
        this.counters = counters;
    }

    @Nullable
    Entry<K, V> find(K key) {
        if (aside) {
            return null;
        }
        AtomicReferenceArray<@Nullable Entry<K, V>> table = places;
        int hash = spread(key);
        int place = place(hash, table);
        Entry<K, V> entry = table.getAcquire(place);
        if (isOf(entry, key, hash)) {
            return entry;
        }
        entry = table.getAcquire(place ^ 1);
        return isOf(entry, key, hash) ? entry : null;
    }

    private static <K> boolean isOf(@Nullable Entry<K, ?> entry, K key, int hash) {
        return entry != null && entry.hash == hash && entry.key.equals(key) && entry.isAlive();
    }

    /** Takes an entry that was found in the cache proper. */
    void put(Entry<K, V> entry) {
        if (aside) {
            return;
        }
        AtomicReferenceArray<@Nullable Entry<K, V>> table = places;
        int place = place(entry.hash, table);
        Entry<K, V> moved = table.getAndSet(place, entry);
        if (moved != null && moved != entry) {
            table.set(place ^ 1, moved);
            clearIfDead(moved);
        }
        clearIfDead(entry);
    }

    private void clearIfDead(Entry<K, V> entry) {
        if (!entry.isAlive()) {
            clear(entry);
        }
    }

    /** Lets go of an entry that was killed before. */
    void clear(Entry<K, V> entry) {
        AtomicReferenceArray<@Nullable Entry<K, V>> table = places;
        int place = place(entry.hash, table);
        table.compareAndSet(place, entry, null);
        table.compareAndSet(place ^ 1, entry, null);
    }

    /** Makes room for a number of entries. */
    void fit(long entries) {
        int size = places.length();
        if (entries * 2 > size && size < LARGEST) {
            int larger = size * 2;
            while (entries * 2 > larger && larger < LARGEST) {
                larger *= 2;
            }
            places = new AtomicReferenceArray<>(larger);
        }
    }

    /** Hears that an entry was evicted for size. */
    void evicting() {
        if (!aside) {
            aside = true;
        }
    }

    /** {@return whether the cache proper should hear of a hit that was answered here} */
    static boolean isTold(long number) {
        // Scattered, so that a loop over a few keys does not always meet the same ones.
        return (number * SCATTER) >>> SAMPLE_SHIFT == 0;
    }

    /** Hears of a hit of the cache proper, and looks now and then whether evictions have ceased. */
    void missed(long number) {
        if (aside && (number & LOOK_MASK) == 0) {
            look();
        }
    }

    private void look() {
        long evictions = counters.evictedBySize.sum();
        long hits = counters.hits.sum();
        if (evictions != seenEvictions) {
            seenEvictions = evictions;
            seenHits = hits;
        } else if (hits - seenHits >= QUIET_HITS) {
            aside = false;
        }
    }

    /** How many places are taken. */
    int held() {
        AtomicReferenceArray<@Nullable Entry<K, V>> table = places;
        int held = 0;
        for (int i = 0; i < table.length(); i++) {
            held += table.get(i) == null ? 0 : 1;
        }
        return held;
    }

    /** {@return the hash of a key, with its bits mixed} */
    static int spread(Object key) {
        int hash = key.hashCode() * SPREAD;
        return hash ^ hash >>> (Integer.SIZE / 2);
    }

    private static int place(int hash, AtomicReferenceArray<?> table) {
        return hash & table.length() - 1;
    }
}
