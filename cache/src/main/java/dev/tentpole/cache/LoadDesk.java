package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Outcome;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.CacheStats.SecondLevelStats;
import dev.tentpole.cache.Loaded.End;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that there is one load per key, and that what was invalidated meanwhile is neither kept nor handed out;
 * {@link QueryFlights} says how.
 */
final class LoadDesk<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(QueryCache.class);
    /** Older than any load: no number is negative. */
    private static final long ANY_AGE = -1;

    private final EntryStore<K, V> store;
    private final QuerySettings<K, V> settings;
    private final Counters counters;
    private final NanoClock clock;
    private final RefreshThreads executor;
    private final @Nullable SharedResults<K, V> shared;
    private final QueryFlights<K, V> flights;
    private final Leaders leaders = Leaders.OF_ALL_CACHES;
    private final Generations generations = new Generations();
    private final LoadCalls<K, V> calls;
    private final Keeper<K, V> keeper;
    private volatile boolean closed;

    LoadDesk(
            EntryStore<K, V> store,
            QuerySettings<K, V> settings,
            Counters counters,
            NanoClock clock,
            RefreshThreads executor,
            @Nullable SharedResults<K, V> shared) {
        this.store = store;
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.executor = executor;
        this.shared = shared;
        this.calls = new LoadCalls<>(counters);
        this.flights = new QueryFlights<>(shared);
        this.keeper = new Keeper<>(store, settings, counters, clock, shared);
    }

    void checkOpen() {
        if (closed) {
            throw new CacheException(Problem.CLOSED, "the cache is closed");
        }
    }

    QueryFlights<K, V> flights() {
        return flights;
    }

    Generations generations() {
        return generations;
    }

    RefreshThreads executor() {
        return executor;
    }

    Answer<V> load(K key, boolean anew, Loader<? super K, ? extends V> loader, Duration timeout)
            throws InterruptedException {
        long askedAt = flights.history().last();
        Deadline deadline = Deadline.after(timeout, NanoClock.system());
        boolean cutShort = isShort(timeout);
        try {
            while (true) {
                checkOpen();
                Flight<Loaded<K, V>> present = flights.get(key);
                Flight<Loaded<K, V>> flight = present != null ? present : flights.begin(key, new Flight<>());
                boolean leading = flight.lead(flights.history(), deadline, settings.timeout());
                // One that is overdue before this call needs it has failed for others, and not for this one.
                boolean tooLate = !leading && flight.isOverdue();
                Loaded<K, V> loaded = leading
                        ? lead(flight, key, anew ? askedAt : ANY_AGE, loader, newLoad(deadline, cutShort, false))
                        : join(flight, key, deadline);
                boolean again = !leading
                        && (loaded == null
                                || (tooLate && loaded.end() == End.FAILED)
                                || !isGoodFor(flight, loaded, askedAt, anew));
                if (!again) {
                    return answer(Objects.requireNonNull(loaded), !leading, anew);
                }
                if (deadline.isExpired()) {
                    return answer(timedOut(key), true, anew);
                }
                // What is left after a wait is less than a load is given.
                cutShort |= !tooLate;
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            if (!(e instanceof CacheException c && c.problem() == Problem.FAILED_RECENTLY)) {
                counters.misses.increment();
            }
            throw e;
        }
    }

    private boolean isGoodFor(Flight<Loaded<K, V>> flight, Loaded<K, V> loaded, long askedAt, boolean anew) {
        if (loaded.end() == End.LEFT) {
            return true;
        }
        boolean failed = loaded.end() == End.STALE || loaded.end() == End.FAILED;
        if (anew && !(failed ? flight.beganAt() > askedAt : loaded.entry().isNewerThan(askedAt))) {
            return false;
        }
        return !flights.isOutdated(loaded.entry(), flight.beganAt(), askedAt);
    }

    /**
     * Ends a load that is overdue, as one that has failed. Its loader may go on for ever; if it does not, what it brings is
     * kept all the same.
     */
    private void giveUp(K key, Flight<Loaded<K, V>> flight) {
        Loaded<K, V> failed = null;
        try {
            failed = keeper.failed(
                    key,
                    LoadCalls.overdue(settings.timeout()),
                    flight.beganAt(),
                    Set.of(),
                    entry -> flights.isOutdated(entry, flight.beganAt(), Long.MAX_VALUE));
        } finally {
            flight.end(failed);
            // After that, so that it does not end as cancelled.
            executor.interruptOverdue();
            flights.remove(key, flight);
        }
    }

    private @Nullable Loaded<K, V> join(Flight<Loaded<K, V>> flight, K key, Deadline deadline)
            throws InterruptedException {
        if (!leaders.beginWait(flight)) {
            throw new CacheException(
                    Problem.RECURSIVE_LOAD,
                    "the loader of " + CacheException.show(key)
                            + " asks for what it is loading, and would wait for itself");
        }
        try {
            boolean ended = flight.await(deadline);
            if (!ended && flight.isOverdue()) {
                giveUp(key, flight);
            } else if (!ended) {
                return timedOut(key);
            }
            // It is out already, unless the key's methods failed.
            flights.remove(key, flight);
            return flight.result();
        } finally {
            leaders.endWait();
        }
    }

    /** {@return what serves one whose time is over} */
    private Loaded<K, V> timedOut(K key) {
        Entry<K, V> stale = keeper.findStale(key, clock.nanoTime());
        if (stale != null) {
            return new Loaded<>(stale, End.LEFT, Reason.REFRESHING);
        }
        throw new CacheException(
                Problem.TIMEOUT,
                "a load of " + CacheException.show(key)
                        + " by another caller took longer than this one would wait: timeout");
    }

    private Answer<V> answer(Loaded<K, V> loaded, boolean waited, boolean anew) {
        Entry<K, V> entry = loaded.entry();
        long now = clock.nanoTime();
        V value = entry.value;
        if (value == null) {
            if (loaded.end() == End.FOUND) {
                counters.negativeHits.increment();
                throw failedRecently(entry, now);
            }
            if (!waited && entry.failure instanceof Error error) {
                throw error;
            }
            throw LoadCalls.loadFailed(entry.key, Objects.requireNonNull(entry.failure));
        }
        if (waited && loaded.end() != End.LEFT) {
            counters.shared.increment();
        }
        if (loaded.end() == End.STALE || loaded.end() == End.LEFT) {
            counters.staleOnError.increment();
            return new Answer<>(value, Outcome.STALE, loaded.reason(), entry.age(now), Duration.ZERO);
        }
        if (loaded.end() == End.FOUND && !waited && !anew) {
            counters.hits.increment();
            return new Answer<>(value, Outcome.HIT, Reason.NONE, entry.age(now), entry.timeToLive(now));
        }
        counters.misses.increment();
        boolean byOthers = waited || loaded.end() == End.FOUND;
        Reason reason = byOthers && loaded.reason() == Reason.NONE ? Reason.SHARED : loaded.reason();
        boolean kept = loaded.reason() == Reason.NONE || loaded.reason() == Reason.SECOND_LEVEL;
        return new Answer<>(
                value,
                anew ? Outcome.REFRESHED : Outcome.MISS,
                reason,
                entry.age(now),
                kept ? entry.timeToLive(now) : Duration.ZERO);
    }

    static CacheException failedRecently(Entry<?, ?> entry, long now) {
        return new CacheException(
                Problem.FAILED_RECENTLY,
                "loading " + CacheException.show(entry.key) + " failed "
                        + entry.age(now).toMillis() + " ms ago and is not tried for another "
                        + entry.timeToLive(now).toMillis() + " ms: negativeTimeToLive",
                Objects.requireNonNull(entry.failure));
    }

    /** Runs a load of which this thread has the lead, unless there is a value from one that began after a number. */
    private Loaded<K, V> lead(
            Flight<Loaded<K, V>> flight, K key, long newerThan, Loader<? super K, ? extends V> loader, Load load)
            throws InterruptedException {
        Loaded<K, V> loaded = null;
        leaders.enter(flight);
        try {
            Entry<K, V> present = store.find(key);
            if (present != null && present.isFresh(clock.nanoTime()) && present.isNewerThan(newerThan)) {
                loaded = new Loaded<>(present, End.FOUND, Reason.NONE);
            } else {
                loaded = load(flight, key, newerThan >= 0, loader, load);
            }
            return loaded;
        } finally {
            leaders.leave(flight);
            flights.end(key, flight, loaded == null || loaded.end() == End.LEFT ? null : loaded);
        }
    }

    private Loaded<K, V> load(
            Flight<Loaded<K, V>> flight, K key, boolean anew, Loader<? super K, ? extends V> loader, Load load)
            throws InterruptedException {
        Predicate<Entry<K, V>> outdated = entry -> flights.isOutdated(entry, flight.beganAt(), Long.MAX_VALUE);
        if (shared != null && !anew) {
            Entry<K, V> found = shared.find(key, flight.beganAt(), clock.nanoTime());
            if (found != null) {
                return new Loaded<>(
                        found, End.LOADED, store.put(found, outdated) ? Reason.SECOND_LEVEL : Reason.OUTDATED);
            }
        }
        V value;
        try {
            value = calls.call(key, loader, load);
        } catch (InterruptedException e) {
            if (load.isBackground()) {
                keeper.delayRefresh(key);
            }
            throw e;
        } catch (Throwable e) {
            if (LoadCalls.isCancelled(load)) {
                if (load.isBackground()) {
                    keeper.delayRefresh(key);
                }
                Entry<K, V> stale = load.isCallersTimeUp() ? keeper.findStale(key, clock.nanoTime()) : null;
                if (stale == null || Thread.currentThread().isInterrupted()) {
                    throw LoadCalls.loadFailed(key, e);
                }
                return new Loaded<>(stale, End.LEFT, Reason.LOAD_FAILED);
            }
            return keeper.failed(key, e, flight.beganAt(), load.tags(), outdated);
        }
        return keeper.keep(key, value, flight.beganAt(), load, outdated);
    }

    /** {@return why it was not kept; {@code NONE} if it was} */
    Reason put(K key, V value, Load load) {
        long number = flights.history().next();
        return keeper.keep(key, value, number, load, entry -> flights.isOutdated(entry, number, Long.MAX_VALUE))
                .reason();
    }

    Answer<V> loadAlone(K key, Mode mode, Loader<? super K, ? extends V> loader, Duration timeout)
            throws InterruptedException {
        LongAdder counted = mode == Mode.BYPASS ? counters.bypasses : counters.misses;
        try {
            Deadline deadline = Deadline.after(timeout, NanoClock.system());
            V value = calls.call(key, loader, newLoad(deadline, isShort(timeout), false));
            counted.increment();
            counters.notStored.count(Reason.CALLER);
            return new Answer<>(
                    value,
                    mode == Mode.BYPASS ? Outcome.BYPASSED : Outcome.MISS,
                    Reason.CALLER,
                    Duration.ZERO,
                    Duration.ZERO);
        } catch (InterruptedException | Error e) {
            counted.increment();
            throw e;
        } catch (Throwable e) {
            long now = clock.nanoTime();
            boolean served = mode == Mode.NO_STORE && !Thread.currentThread().isInterrupted();
            Entry<K, V> stale = served ? keeper.findStale(key, now) : null;
            if (stale == null) {
                counted.increment();
                throw LoadCalls.loadFailed(key, e);
            }
            counters.staleOnError.increment();
            return new Answer<>(
                    Objects.requireNonNull(stale.value),
                    Outcome.STALE,
                    Reason.LOAD_FAILED,
                    stale.age(now),
                    Duration.ZERO);
        }
    }

    /** Starts to load in the background what is older than its soft time to live. {@return why it is stale meanwhile} */
    Reason refresh(Entry<K, V> entry, Loader<? super K, ? extends V> loader, long now) {
        if (entry.retryAt - now > 0 || closed) {
            return Reason.LOAD_FAILED;
        }
        Flight<Loaded<K, V>> present = flights.get(entry.key);
        if (present != null && present.isOverdue()) {
            giveUp(entry.key, present);
            return Reason.LOAD_FAILED;
        }
        if (present != null) {
            if (!present.isLed()) {
                // It waits for a thread.
                executor.interruptOverdue();
            }
            return Reason.REFRESHING;
        }
        Flight<Loaded<K, V>> flight = new Flight<>();
        if (flights.begin(entry.key, flight) != flight) {
            return Reason.REFRESHING;
        }
        boolean taken = false;
        try {
            executor.execute(() -> refresh(flight, entry.key, loader), settings.timeout());
            counters.refreshes.increment();
            taken = true;
        } catch (RuntimeException e) {
            // Refused, or broken; the value is served all the same.
            entry.retryAt = now + settings.retryAfter().toNanos();
            counters.refreshesRefused.increment();
        } finally {
            if (!taken && flight.lead(flights.history())) {
                flights.end(entry.key, flight, null);
            }
        }
        return taken ? Reason.REFRESHING : Reason.LOAD_FAILED;
    }

    private void refresh(Flight<Loaded<K, V>> flight, K key, Loader<? super K, ? extends V> loader) {
        Deadline deadline = Deadline.after(settings.timeout(), NanoClock.system());
        if (flight.lead(flights.history(), deadline, settings.timeout())) {
            try {
                Loaded<K, V> loaded = lead(flight, key, ANY_AGE, loader, newLoad(deadline, false, true));
                if (loaded.entry().failure != null || loaded.end() == End.STALE) {
                    LOG.debug("A refresh in the background of {} failed", CacheException.show(key));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (CacheException e) {
                LOG.debug("A refresh in the background was cancelled", e);
            }
        }
    }

    /** {@return whether a caller has less time than the cache gives a load} */
    private boolean isShort(Duration timeout) {
        return timeout.compareTo(settings.timeout()) < 0;
    }

    Load newLoad(Deadline deadline, boolean cutShort, boolean background) {
        return new Load(deadline, cutShort, background, shared == null ? 0 : shared.millis());
    }

    /** Sees to it that the second level forgets a key too; after it was removed here. */
    void remove(K key) {
        if (shared != null) {
            shared.remove(key);
        }
    }

    boolean flushSecondLevel(Duration timeout) {
        return shared == null || shared.flush(timeout);
    }

    SecondLevelStats secondLevelStats() {
        return shared == null ? new SecondLevelStats(0, 0, 0, 0, 0, 0) : shared.stats();
    }

    /** How many loads are under way or wait for a thread. */
    int flightCount() {
        return flights.count();
    }

    void close() {
        closed = true;
        executor.close();
        flights.abandonUnled();
        if (shared != null) {
            shared.close();
        }
    }
}
