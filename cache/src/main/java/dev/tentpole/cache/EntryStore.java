package dev.tentpole.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.tentpole.base.NanoClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where entries are kept: Caffeine, which decides what stays, with an index of tags beside.
 *
 * <p>An entry that was put is not served until it is there and one more look, of whoever comes first, has shown that it
 * was not invalidated meanwhile. Who invalidates says so first and then looks for entries: either he finds it, or that look
 * sees what he said. So neither waits for the other.
 *
 * <p>Whatever takes an entry out kills it inside of the map's atomic operation on that key, so that whoever got it just
 * before can tell. Index and counters change there too: they agree with the map at every instant that a lock on the key's
 * bin can see. Nothing in there waits or calls foreign code.
 *
 * <p>What Caffeine does with a use costs more than all the rest of a hit, and is of use only where something is evicted for its
 * size. Where nothing was for a minute, it is told of the first uses of an entry, as many as it counts, and of one in 64
 * of the others.
 *
 * <p>Caffeine does its upkeep on the threads that use it: no pool of threads is woken.
 */
final class EntryStore<K, V> {

    private static final int INITIAL_CAPACITY = 16;

    /** How long after an eviction for size Caffeine is told of each hit; till then of some, which is much cheaper. */
    private static final long CROWDED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Cache<K, Entry<K, V>> cache;
    private final Policy<K, Entry<K, V>> policy;
    private final EntryFront<K, V> front = new EntryFront<>();
    private final TagIndex<Entry<K, V>> tags = new TagIndex<>();
    private final NanoClock clock;
    private final Counters counters;
    private volatile long crowdedUntil;
    private volatile boolean closed;

    EntryStore(long maximum, boolean weighed, NanoClock clock, Counters counters) {
        this.clock = clock;
        this.counters = counters;
        this.crowdedUntil = clock.nanoTime();
        Caffeine<K, Entry<K, V>> builder = Caffeine.newBuilder()
                .initialCapacity(INITIAL_CAPACITY)
                .executor(Runnable::run)
                .ticker(clock::nanoTime)
                .evictionListener(this::evicted)
                .expireAfter(new UntilGone<K, V>(clock));
        if (weighed) {
            builder.maximumWeight(maximum).weigher((key, entry) -> entry.weight);
        } else {
            builder.maximumSize(maximum);
        }
        this.cache = builder.build();
        this.policy = cache.policy();
    }

    /** {@return whether entries were evicted for their size a moment ago} */
    boolean isCrowded(long now) {
        return crowdedUntil - now > 0;
    }

    /** {@return the entry, fresh or not} */
    @Nullable
    Entry<K, V> find(K key) {
        return checked(key, cache.getIfPresent(key));
    }

    /** {@return the same, without telling Caffeine of a use, which costs more than all the rest of a hit} */
    @Nullable
    Entry<K, V> findQuietly(K key) {
        Entry<K, V> entry = front.find(key);
        if (entry == null) {
            entry = checked(key, policy.getIfPresentQuietly(key));
            if (entry != null) {
                front.put(entry, count());
            }
        }
        return entry;
    }

    private @Nullable Entry<K, V> checked(K key, @Nullable Entry<K, V> found) {
        Entry<K, V> entry = found;
        if (entry != null && !entry.isAlive()) {
            // It is being put, replaced or removed at this moment; behind that operation there is a clear answer.
            entry = cache.asMap().computeIfPresent(key, (sameKey, present) -> present);
            return entry != null && entry.passesCheck() ? entry : null;
        }
        return entry;
    }

    /**
     * Keeps an entry, unless a newer one is there, or what it holds was invalidated. A failure is older than a value of the
     * same load, which has come after all.
     *
     * @param entry the entry
     * @param outdated tells whether it was invalidated
     * @return whether it was kept
     */
    boolean put(Entry<K, V> entry, Predicate<Entry<K, V>> outdated) {
        entry.setCheck(outdated);
        Entry<K, V> present = cache.asMap().compute(entry.key, (key, old) -> {
            if (closed || outdated.test(entry) || (old != null && old.isNewerThan(entry))) {
                return old;
            }
            if (old != null) {
                old.outdate();
                front.remove(old);
                tags.remove(old.tags, old);
                counters.replaced.increment();
            }
            tags.add(entry.tags, entry);
            counters.stored.increment();
            return entry;
        });
        if (present != entry) {
            return false;
        }
        if (closed || !entry.passesCheck()) {
            // Whoever said so may have looked for it before it was there.
            removeIf(List.of(entry.key), held -> held == entry);
            return false;
        }
        return true;
    }

    /** {@return what was removed: nothing, or one} */
    List<Entry<K, V>> remove(K key) {
        return removeIf(List.of(key), entry -> true);
    }

    /** {@return what was removed} */
    List<Entry<K, V>> removeTag(String tag) {
        // A copy: somebody else who invalidates the same at this moment must find what is not yet removed.
        Set<Entry<K, V>> tagged = tags.get(tag);
        return removeIf(tagged.stream().map(entry -> entry.key).toList(), tagged::contains);
    }

    /** {@return what was removed} */
    List<Entry<K, V>> removeIf(Predicate<Entry<K, V>> condition) {
        return removeIf(
                cache.asMap().values().stream()
                        .filter(condition)
                        .map(entry -> entry.key)
                        .toList(),
                condition);
    }

    private List<Entry<K, V>> removeIf(List<K> keys, Predicate<Entry<K, V>> condition) {
        List<Entry<K, V>> removed = new ArrayList<>(keys.size());
        for (K key : keys) {
            cache.asMap().computeIfPresent(key, (sameKey, entry) -> {
                if (!condition.test(entry)) {
                    return entry;
                }
                entry.outdate();
                front.remove(entry);
                tags.remove(entry.tags, entry);
                counters.invalidated.increment();
                removed.add(entry);
                return null;
            });
        }
        return removed;
    }

    private void evicted(@Nullable K key, @Nullable Entry<K, V> entry, RemovalCause cause) {
        if (entry != null) {
            entry.kill();
            front.remove(entry);
            tags.remove(entry.tags, entry);
            if (cause == RemovalCause.EXPIRED) {
                counters.evictedByTime.increment();
            } else {
                counters.evictedBySize.increment();
                crowdedUntil = clock.nanoTime() + CROWDED_NANOS;
            }
        }
    }

    Collection<Entry<K, V>> entries() {
        return cache.asMap().values();
    }

    long count() {
        return cache.estimatedSize();
    }

    long weight() {
        OptionalLong weighed =
                cache.policy().eviction().map(Policy.Eviction::weightedSize).orElse(OptionalLong.empty());
        return weighed.orElseGet(cache::estimatedSize);
    }

    /** Does the upkeep that is due: removes what can serve nobody any more. */
    void cleanUp() {
        cache.cleanUp();
    }

    /** How many tags are in use. */
    int tagCount() {
        return tags.size();
    }

    void close() {
        closed = true;
        removeIf(entry -> true);
        // Those whose time is over, which are not seen any more, are evicted by this.
        cache.invalidateAll();
    }

    private record UntilGone<K, V>(NanoClock clock) implements Expiry<K, Entry<K, V>> {

        @Override
        public long expireAfterCreate(K key, Entry<K, V> entry, long now) {
            return Math.max(0, entry.goneAt - now);
        }

        @Override
        public long expireAfterUpdate(K key, Entry<K, V> entry, long now, long currentDuration) {
            return Math.max(0, entry.goneAt - now);
        }

        @Override
        public long expireAfterRead(K key, Entry<K, V> entry, long now, long currentDuration) {
            return currentDuration;
        }
    }
}
