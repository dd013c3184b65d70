package dev.tentpole.cache;

import dev.tentpole.cache.Invalidations.Times;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The loads of a query cache that are under way, one for each key, and what is invalidated meanwhile.
 *
 * <p>Loads, puts and invalidations are numbered in the order in which they begin. An invalidation is told to the second
 * level's side, takes its number, is remembered with it, and then removes entries; a load looks for invalidations with a
 * larger number than its own before and after it has put its entry, of which nobody is served in between: either it sees the
 * invalidation, or its entry is there before the removal. A load with a larger number
 * began after the invalidation, and sees what that was about, in the second level too. Whoever joined a load compares with
 * the number at which his own call began: an invalidation before that makes him try again.
 */
final class QueryFlights<K, V> {

    private final @Nullable SharedResults<K, V> shared;
    private final History history = new History();
    private final ConcurrentHashMap<K, Flight<Loaded<K, V>>> flights = new ConcurrentHashMap<>();
    /** What is being loaded, from before a load takes its number until it has kept what it brought. */
    private final ConcurrentHashMap<Flight<Loaded<K, V>>, K> underWay = new ConcurrentHashMap<>();

    private final Invalidations<K> invalidations = new Invalidations<>();

    QueryFlights(@Nullable SharedResults<K, V> shared) {
        this.shared = shared;
    }

    History history() {
        return history;
    }

    /** {@return the load of a key that is under way; null if there is none} */
    @Nullable
    Flight<Loaded<K, V>> get(K key) {
        return flights.get(key);
    }

    /** {@return the load of a key that is under way now: the given one, unless there is another} */
    Flight<Loaded<K, V>> begin(K key, Flight<Loaded<K, V>> fresh) {
        // First this: who finds it may take its lead.
        underWay.put(fresh, key);
        boolean begun = false;
        try {
            Flight<Loaded<K, V>> present = flights.putIfAbsent(key, fresh);
            begun = present == null;
            return present == null ? fresh : present;
        } finally {
            if (!begun) {
                underWay.remove(fresh);
            }
        }
    }

    /** Ends a load that this thread leads; without a result it is abandoned. */
    void end(K key, Flight<Loaded<K, V>> flight, @Nullable Loaded<K, V> loaded) {
        try {
            underWay.remove(flight);
            // Calls the key's methods, which are not ours; whoever waits is told all the same.
            flights.remove(key, flight);
        } finally {
            flight.end(loaded);
        }
    }

    /** Takes a load out that has ended, or was given up: whoever asks now begins another one. */
    void remove(K key, Flight<Loaded<K, V>> flight) {
        flights.remove(key, flight);
    }

    /** Ends those loads that nobody leads. */
    void abandonUnled() {
        flights.forEach((key, flight) -> {
            if (!flight.isLed() && flight.lead(history)) {
                end(key, flight, null);
            }
        });
    }

    /** How many loads are under way or wait for a thread. */
    int count() {
        return flights.size();
    }

    /** {@return whether an entry was invalidated after a moment, and not after another one} */
    boolean isOutdated(Entry<K, V> entry, long after, long asOf) {
        return invalidations.cover(entry.key, entry.tags, Times.ALL, after, asOf);
    }

    void invalidate(K key) {
        if (shared != null) {
            shared.invalidated(key, history.last());
        }
        invalidations.addKey(key, Times.ALL, history.next());
    }

    void invalidateTag(String tag) {
        if (shared != null) {
            shared.tagInvalidated(tag, history.last());
        }
        invalidations.addTag(tag, Times.ALL, history.next());
    }

    void invalidateIf(Predicate<? super K> condition) {
        if (shared != null) {
            shared.allInvalidated(history.last());
        }
        long number = history.next();
        underWay.forEach((flight, key) -> {
            if (condition.test(key)) {
                invalidations.addKey(key, Times.ALL, number);
            }
        });
    }

    void invalidateAll() {
        if (shared != null) {
            shared.allInvalidated(history.last());
        }
        invalidations.addAll(Times.ALL, history.next());
    }
}
