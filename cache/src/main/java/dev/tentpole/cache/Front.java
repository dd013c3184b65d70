package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A small direct-mapped table of entries in front of the cache proper, so that most hits cost a hash, an array read and
 * one {@code equals}.
 *
 * <p>It decides nothing: an entry says itself whether it is alive and fresh. It must only let go of entries that are dead,
 * lest it keep their memory: whoever kills an entry clears its place after that, and whoever puts one in looks after that
 * whether it is still alive; one of the two sees what the other did.
 */
final class Front<K, V> {

    private static final int SPREAD = 0x9E3779B9;

    private final AtomicReferenceArray<@Nullable Entry<K, V>> places;
    private final int shift;

    /**
     * Makes a table.
     *
     * @param size how many places, a power of two of at least 2
     */
    Front(int size) {
        places = new AtomicReferenceArray<>(size);
        shift = Integer.numberOfLeadingZeros(size) + 1;
    }

    static int spread(int hash) {
        return hash * SPREAD;
    }

    @Nullable
    Entry<K, V> find(K key) {
        int hash = spread(key.hashCode());
        Entry<K, V> entry = places.getAcquire(hash >>> shift);
        return entry != null && entry.hash == hash && entry.key.equals(key) && entry.isAlive() ? entry : null;
    }

    void put(Entry<K, V> entry) {
        int place = entry.hash >>> shift;
        places.set(place, entry);
        if (!entry.isAlive()) {
            places.compareAndSet(place, entry, null);
        }
    }

    /** Lets go of an entry that was killed before. */
    void clear(Entry<K, V> entry) {
        int place = entry.hash >>> shift;
        if (places.get(place) == entry) {
            places.compareAndSet(place, entry, null);
        }
    }
}
