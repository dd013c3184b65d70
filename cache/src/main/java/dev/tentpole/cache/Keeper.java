package dev.tentpole.cache;

import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.Loaded.End;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides how what was loaded is kept, and keeps it. */
final class Keeper<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(QueryCache.class);

    private final EntryStore<K, V> store;
    private final QuerySettings<K, V> settings;
    private final Counters counters;
    private final NanoClock clock;
    private final @Nullable SharedResults<K, V> shared;
    private final AtomicBoolean warned = new AtomicBoolean();

    Keeper(
            EntryStore<K, V> store,
            QuerySettings<K, V> settings,
            Counters counters,
            NanoClock clock,
            @Nullable SharedResults<K, V> shared) {
        this.store = store;
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.shared = shared;
    }

    /** Remembers a failure, unless there is a stale value to serve instead. */
    Loaded<K, V> failed(K key, Throwable failure, long number, Set<String> tags, Predicate<Entry<K, V>> outdated) {
        long now = clock.nanoTime();
        Duration negative = settings.negative().of(failure);
        Entry<K, V> old = findStale(key, now);
        if (old != null) {
            old.retryAt =
                    now + Math.max(negative.toNanos(), settings.retryAfter().toNanos());
            return new Loaded<>(old, End.STALE, Reason.LOAD_FAILED);
        }
        Entry.Lifetime lifetime = new Entry.Lifetime(0, negative.toNanos(), negative.toNanos(), 0);
        Entry<K, V> entry = new Entry<>(
                key, null, failure, number, now, lifetime, settings.failureWeight(), Set.copyOf(tags), false);
        if (!negative.isZero()) {
            store.put(entry, outdated);
        }
        return new Loaded<>(entry, End.FAILED, Reason.NONE);
    }

    /** {@return what may be served if nothing can be loaded} */
    @Nullable
    Entry<K, V> findStale(K key, long now) {
        Entry<K, V> old = store.find(key);
        return old != null && old.value != null && old.isUsableOnError(now) ? old : null;
    }

    /** Keeps a value if it may be kept. */
    Loaded<K, V> keep(K key, V value, long number, Load load, Predicate<Entry<K, V>> outdated) {
        Reason reason = Reason.NONE;
        Entry.Lifetime lifetime = new Entry.Lifetime(0, 0, 0, 0);
        Set<String> tags = Set.copyOf(load.tags());
        long weight = 0;
        try {
            tags = settings.tags(key, value, load.tags());
            if (!load.isStored()) {
                reason = Reason.LOADER;
            } else if (settings.isEmptyUnkept(value)) {
                reason = Reason.EMPTY;
            } else {
                lifetime = settings.lifetime(key, value, load.timeToLive());
                weight = settings.weight(key, value);
                if (lifetime.hardNanos() == 0) {
                    reason = Reason.LOADER;
                } else if (settings.isTooHeavy(weight)) {
                    reason = Reason.TOO_HEAVY;
                }
            }
        } catch (RuntimeException e) {
            reason = Reason.SETTING_FAILED;
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "A value was not kept, since a setting of the cache failed on it; further ones are counted only",
                        e);
            }
        }
        Entry<K, V> entry = new Entry<>(
                key,
                value,
                null,
                number,
                clock.nanoTime(),
                lifetime,
                reason == Reason.NONE ? (int) weight : 0,
                tags,
                false);
        if (reason == Reason.NONE && !store.put(entry, outdated)) {
            reason = Reason.OUTDATED;
        }
        if (reason == Reason.NONE) {
            share(entry, lifetime, load, outdated);
        } else {
            counters.notStored.count(reason);
            if (load.isBackground() && reason != Reason.OUTDATED) {
                delayRefresh(key);
            }
        }
        return new Loaded<>(entry, End.LOADED, reason);
    }

    /** Sees to it that a refresh of which nothing comes or is kept does not begin anew with each call. */
    void delayRefresh(K key) {
        Entry<K, V> old = store.find(key);
        if (old != null) {
            long retryAt = clock.nanoTime() + settings.retryAfter().toNanos();
            // Not longer than it lives: no load failed.
            long until = retryAt - old.hardAt > 0 ? old.hardAt : retryAt;
            if (until - old.retryAt > 0) {
                old.retryAt = until;
            }
        }
    }

    private void share(Entry<K, V> entry, Entry.Lifetime lifetime, Load load, Predicate<Entry<K, V>> outdated) {
        if (shared == null) {
            return;
        }
        shared.write(entry, lifetime, load.beganMillis());
        if (entry.isAlive()) {
            return;
        }
        // If it was evicted, it may live on over there; but what was invalidated or replaced since it was kept may have
        // been removed or written before this write.
        if (entry.isOutdated() || outdated.test(entry) || store.find(entry.key) != null) {
            shared.remove(entry.key);
        }
    }
}
