package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.CacheStats.SecondLevelStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of query results with a time to live: one load per key however many ask, stale values while a new one is
 * loaded or can't be, failures remembered for seconds, invalidation by key, tag, generation and predicate.
 *
 * <p>Calls block; interrupting the thread cancels them. A load runs on the thread of the caller who asked first. If that
 * one is cancelled, or runs out of its own time, one of those who wait loads instead. If the load fails, or does not come
 * back in all the time that the cache gives it, all who waited for it get the failure, and whoever asks later loads again,
 * unless failures of that class are remembered.
 *
 * <p>Times are read from a clock that is behind by up to 10 ms ({@code CoarseClock}): a value may be served that much
 * longer than its time to live. Jitter only ever shortens a time to live.
 *
 * <p>Safe for use by several threads. Close it to end its threads, of which there are none before the first refresh in
 * the background.
 *
 * @param <K> the type of keys, with {@code equals} and {@code hashCode}; a {@link CacheKey} for instance
 * @param <V> the type of values, which are not changed once cached
 */
public final class QueryCache<K, V> implements AutoCloseable {

    private final EntryStore<K, V> store;
    private final LoadDesk<K, V> desk;
    private final Counters counters;
    private final NanoClock clock;
    private final QuerySettings<K, V> settings;
    private final @Nullable CoarseClock ownedClock;

    QueryCache(
            EntryStore<K, V> store,
            LoadDesk<K, V> desk,
            Counters counters,
            NanoClock clock,
            QuerySettings<K, V> settings,
            @Nullable CoarseClock ownedClock) {
        this.store = store;
        this.desk = desk;
        this.counters = counters;
        this.clock = clock;
        this.settings = settings;
        this.ownedClock = ownedClock;
    }

    /**
     * {@return a builder with the defaults that the module's README lists}
     *
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    public static <K, V> QueryCacheBuilder<K, V> builder() {
        return new QueryCacheBuilder<>();
    }

    /**
     * {@return the value under a key, cached or loaded}
     *
     * @param key the key
     * @param loader loads it if need be
     * @throws CacheException if it can't be had; see there
     * @throws InterruptedException if the thread was interrupted while it waited or loaded
     */
    public V get(K key, Loader<? super K, ? extends V> loader) throws InterruptedException {
        long now = clock.nanoTime();
        boolean crowded = store.isCrowded(now);
        Entry<K, V> entry = crowded ? store.find(key) : store.findQuietly(key);
        if (entry != null && entry.isFresh(now)) {
            V value = entry.value;
            if (value != null) {
                long count = counters.hits.increment();
                if (!crowded && entry.isWorthTelling(count)) {
                    store.find(key);
                }
                return value;
            }
        }
        return fetch(key, CacheControl.use(), loader).value();
    }

    /**
     * {@return the value under a key, and how the cache came by it}
     *
     * @param key the key
     * @param control what the call wants of the cache
     * @param loader loads it if need be
     * @throws CacheException if it can't be had; see there
     * @throws InterruptedException if the thread was interrupted while it waited or loaded
     */
    public Answer<V> fetch(K key, CacheControl control, Loader<? super K, ? extends V> loader)
            throws InterruptedException {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(loader, "loader");
        desk.checkOpen();
        Mode mode = control.mode();
        if (mode != Mode.BYPASS && mode != Mode.REFRESH) {
            Entry<K, V> entry = store.find(key);
            Answer<V> cached = entry == null ? null : cached(entry, mode, loader);
            if (cached != null) {
                return cached;
            }
        }
        if (mode == Mode.ONLY_IF_CACHED) {
            counters.misses.increment();
            throw new CacheException(
                    Problem.NOT_CACHED,
                    "nothing that may be served is cached under " + CacheException.show(key)
                            + ", and the call is ONLY_IF_CACHED");
        }
        Duration timeout = control.timeout().orElse(settings.timeout());
        return mode == Mode.BYPASS || mode == Mode.NO_STORE
                ? desk.loadAlone(key, mode, loader, timeout)
                : desk.load(key, mode == Mode.REFRESH, loader, timeout);
    }

    /**
     * {@return the value under a key if there is one that may be served}
     *
     * <p>Nothing is loaded, nor is it counted as a miss if nothing is there.
     *
     * @param key the key
     */
    public Optional<V> getIfPresent(K key) {
        Entry<K, V> entry = store.find(Objects.requireNonNull(key, "key"));
        if (entry == null || entry.value == null || !entry.isUsable(clock.nanoTime())) {
            return Optional.empty();
        }
        if (entry.isFresh(clock.nanoTime())) {
            counters.hits.increment();
        } else {
            counters.staleRefreshing.increment();
        }
        return Optional.of(entry.value);
    }

    /**
     * Keeps a value as if it had been loaded now; loads of the key that are under way are not kept.
     *
     * @param key the key
     * @param value the value
     * @return whether it was kept; it is not if it is empty or weighs too much, and then nothing is under the key
     */
    public boolean put(K key, V value) {
        return put(key, value, load -> {});
    }

    /**
     * Keeps a value as if it had been loaded now, with a time to live and tags of its own.
     *
     * @param key the key
     * @param value the value
     * @param how says how the value may be kept
     * @return whether it was kept; if not, nothing is under the key, but what was put at the same time
     */
    public boolean put(K key, V value, Consumer<Load> how) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        desk.checkOpen();
        Load load = desk.newLoad(Deadline.after(Duration.ZERO, NanoClock.system()), false, false);
        how.accept(load);
        Reason reason = desk.put(key, value, load);
        if (reason != Reason.NONE && reason != Reason.OUTDATED) {
            // What is older is not what there is any more.
            invalidate(key);
        }
        return reason == Reason.NONE;
    }

    /**
     * Loads what is missing or stale among keys, several at a time, and waits for all.
     *
     * @param keys the keys
     * @param parallelism how many loads run at once: 1 to 1,000; this thread runs one of them, the cache's threads the
     *     others, as far as there are
     * @param loader loads one
     * @return why keys could not be loaded; empty if all are there
     * @throws InterruptedException if the thread was interrupted; loads that run are cancelled, others not begun
     */
    public Map<K, CacheException> loadAll(
            Collection<? extends K> keys, int parallelism, Loader<? super K, ? extends V> loader)
            throws InterruptedException {
        Args.inRange("parallelism", parallelism, 1, 1_000);
        Objects.requireNonNull(loader, "loader");
        desk.checkOpen();
        Thread caller = Thread.currentThread();
        return Warming.<K>of(List.copyOf(keys), key -> {
                    try {
                        desk.load(key, false, loader, settings.timeout());
                    } catch (InterruptedException e) {
                        if (Thread.currentThread() == caller) {
                            throw e;
                        }
                        // It is about this key; when the cache is closed, the next one sees that.
                        throw LoadCalls.loadFailed(key, e);
                    }
                })
                .run(parallelism, desk.executor());
    }

    /**
     * Removes what is under a key. A load of it that is under way is not kept, and who asks from now on does not get its
     * result.
     *
     * @param key the key
     * @return how many entries were removed: 0 or 1
     */
    public int invalidate(K key) {
        Objects.requireNonNull(key, "key");
        desk.flights().invalidate(key);
        int removed = store.remove(key).size();
        desk.remove(key);
        return removed;
    }

    /**
     * Removes what carries a tag, loads under way included.
     *
     * @param tag the tag
     * @return how many entries were removed
     */
    public int invalidateTag(String tag) {
        Load.checkTag(tag);
        desk.flights().invalidateTag(tag);
        return removed(store.removeTag(tag));
    }

    /**
     * Removes what carries a tag, if the tag's generation has advanced: of all who hear that a backend's or a tenant's
     * data has a new generation, the first one removes what is older; those who hear it at the same time may do so too.
     *
     * <p>The cache remembers the generations of the 10,000 tags that were used last; of another one it takes any as new.
     *
     * @param tag the tag
     * @param generation the generation that the tag's data has now; not larger than the one before, it does nothing
     * @return how many entries were removed
     */
    public int advanceGeneration(String tag, long generation) {
        if (!desk.generations().isNew(Load.checkTag(tag), generation)) {
            return 0;
        }
        // First this, so that nobody who is told that the generation is known finds what is older.
        int removed = invalidateTag(tag);
        desk.generations().set(tag, generation);
        return removed;
    }

    /**
     * Removes what is under keys for which a condition holds, loads under way included. It looks at every key once.
     *
     * @param condition which keys; it is quick and doesn't call the cache
     * @return how many entries were removed
     */
    public int invalidateIf(Predicate<? super K> condition) {
        Objects.requireNonNull(condition, "condition");
        desk.flights().invalidateIf(condition);
        return removed(store.removeIf(entry -> condition.test(entry.key)));
    }

    /**
     * Removes everything, loads under way included.
     *
     * @return how many entries were removed
     */
    public int invalidateAll() {
        desk.flights().invalidateAll();
        return removed(store.removeIf(entry -> true));
    }

    /**
     * {@return the heaviest entries, the heaviest first}
     *
     * @param limit at most how many: 1 to 100,000
     */
    public List<EntryInfo<K>> entries(int limit) {
        Args.inRange("limit", limit, 1, 100_000);
        long now = clock.nanoTime();
        List<Entry<K, V>> all = new ArrayList<>(store.entries());
        all.sort(Comparator.comparingInt((Entry<K, V> entry) -> entry.weight).reversed());
        return all.stream()
                .limit(limit)
                .map(entry -> new EntryInfo<>(
                        entry.key,
                        entry.age(now),
                        entry.timeToLive(now),
                        entry.weight,
                        entry.tags,
                        entry.failure != null))
                .toList();
    }

    /**
     * {@return what the cache has done so far}
     */
    public CacheStats stats() {
        store.cleanUp();
        return new CacheStats(
                counters.hits.sum(),
                counters.staleRefreshing.sum(),
                counters.staleOnError.sum(),
                counters.misses.sum(),
                counters.negativeHits.sum(),
                counters.bypasses.sum(),
                counters.shared.sum(),
                counters.loads.sum(),
                counters.loadFailures.sum(),
                counters.loadsAbandoned.sum(),
                Duration.ofNanos(counters.loadNanos.sum()),
                counters.refreshes.sum(),
                counters.refreshesRefused.sum(),
                counters.stored.sum(),
                counters.replaced.sum(),
                counters.evictedBySize.sum(),
                counters.evictedByTime.sum(),
                counters.invalidated.sum(),
                counters.notStored.counts(),
                store.count(),
                store.weight(),
                desk.secondLevelStats());
    }

    /**
     * Empties the cache and ends its threads. Loads that callers run go on and are not kept; who waits for them gets their
     * results; refreshes in the background are interrupted; a second level is closed once what waits for it is written,
     * or after 2 s. Closing twice is harmless.
     */
    @Override
    public void close() {
        desk.close();
        store.close();
        if (ownedClock != null) {
            ownedClock.close();
        }
    }

    Counters counters() {
        return counters;
    }

    EntryStore<K, V> store() {
        return store;
    }

    long entryCount() {
        return store.count();
    }

    long weight() {
        return store.weight();
    }

    /** Waits until what was added is written to the second level. {@return whether it is} */
    boolean flushSecondLevel(Duration timeout) {
        return desk.flushSecondLevel(timeout);
    }

    SecondLevelStats secondLevelStats() {
        return desk.secondLevelStats();
    }

    private int removed(List<Entry<K, V>> entries) {
        entries.forEach(entry -> desk.remove(entry.key));
        return entries.size();
    }

    private @Nullable Answer<V> cached(Entry<K, V> entry, Mode mode, Loader<? super K, ? extends V> loader) {
        long now = clock.nanoTime();
        V value = entry.value;
        if (value == null) {
            if (entry.isFresh(now)) {
                counters.negativeHits.increment();
                throw LoadDesk.failedRecently(entry, now);
            }
            return null;
        }
        if (entry.isFresh(now)) {
            counters.hits.increment();
            return new Answer<>(value, Outcome.HIT, Reason.NONE, entry.age(now), entry.timeToLive(now));
        }
        if (entry.isUsable(now)) {
            Reason reason = mode == Mode.USE ? desk.refresh(entry, loader, now) : Reason.CALLER;
            counters.staleRefreshing.increment();
            return new Answer<>(value, Outcome.STALE, reason, entry.age(now), Duration.ZERO);
        }
        if (mode != Mode.ONLY_IF_CACHED && entry.isUsableOnError(now) && entry.retryAt - now > 0) {
            counters.staleOnError.increment();
            return new Answer<>(value, Outcome.STALE, Reason.LOAD_FAILED, entry.age(now), Duration.ZERO);
        }
        return null;
    }
}
