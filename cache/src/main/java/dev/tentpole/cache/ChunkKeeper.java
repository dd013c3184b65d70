package dev.tentpole.cache;

import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.Chunk.Run;
import dev.tentpole.cache.FailedPoints.Failed;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import dev.tentpole.cache.RangeSettings.Lifetime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts what was loaded into chunks and keeps them. */
final class ChunkKeeper<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(RangeCache.class);

    private final ChunkStore<K, V> store;
    private final RangeFlights<K, V> flights;
    private final GridValues<V> values;
    private final RangeSettings settings;
    private final RangeCounters counters;
    private final NanoClock clock;
    private final InstantSource wallClock;
    private final BooleanSupplier open;
    private final AtomicBoolean warned = new AtomicBoolean();

    ChunkKeeper(
            ChunkStore<K, V> store,
            RangeFlights<K, V> flights,
            GridValues<V> values,
            RangeSettings settings,
            RangeCounters counters,
            NanoClock clock,
            InstantSource wallClock,
            BooleanSupplier open) {
        this.store = store;
        this.flights = flights;
        this.values = values;
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.wallClock = wallClock;
        this.open = open;
    }

    /** Keeps what a load brought, as far as it may be kept. {@return the same with its tags, and whether it was kept} */
    Loaded<V> keep(Job<K, V> job, RangeFlight<V> flight, Load load, Loaded<V> loaded) {
        Lane<K, V> lane = job.lane();
        Reason reason = Reason.OUTDATED;
        Set<String> tags = lane.tags;
        lane.lock.lock();
        try {
            tags = tag(lane, load.tags());
            if (loaded.from() < loaded.to()) {
                store.changeFailures(lane, failed -> failed.without(loaded.from(), loaded.to()));
            }
            if (open.getAsBoolean()
                    && !flights.isOutdated(lane, flight, with(loaded, tags, Reason.NONE), Long.MAX_VALUE)) {
                reason =
                        load.isStored() ? put(job, loaded, load, flight.flight().beganAt()) : Reason.LOADER;
            }
        } catch (RuntimeException e) {
            reason = Reason.SETTING_FAILED;
            warn(e);
        } finally {
            lane.lock.unlock();
        }
        if (job.background() && reason != Reason.NONE && reason != Reason.OUTDATED) {
            // Or else it would begin anew with each request.
            delayRefresh(
                    lane,
                    flight,
                    new CacheException(
                            Problem.LOAD_FAILED, "what a load in the background brought is not kept: " + reason));
        }
        counters.notStored.count(reason);
        return with(loaded, tags, reason);
    }

    /** Remembers that a load failed, if that can be. {@return the failure with its tags} */
    Loaded<V> failed(Job<K, V> job, RangeFlight<V> flight, Set<String> tags, Throwable failure) {
        Lane<K, V> lane = job.lane();
        TimeGrid grid = job.grid().between(flight.from(), flight.to());
        Loaded<V> loaded = new Loaded<>(grid, 0, 0, null, failure, lane.tags, Reason.NONE);
        lane.lock.lock();
        try {
            loaded = with(loaded, tag(lane, tags), Reason.NONE);
            if (open.getAsBoolean() && !flights.isOutdated(lane, flight, loaded, Long.MAX_VALUE)) {
                hold(lane, flight, failure, settings.negative().of(failure));
            }
        } catch (RuntimeException e) {
            warn(e);
        } finally {
            lane.lock.unlock();
        }
        return loaded;
    }

    private void warn(RuntimeException e) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "What a load brought was not kept, since a setting of the cache failed on it; this is said once",
                    e);
        }
    }

    /** Remembers that there was no thread for a load in the background, or that it was to no avail. */
    void delayRefresh(Lane<K, V> lane, RangeFlight<V> flight, Throwable failure) {
        lane.lock.lock();
        try {
            if (open.getAsBoolean()) {
                hold(lane, flight, failure, Duration.ZERO);
            }
        } finally {
            lane.lock.unlock();
        }
    }

    private void hold(Lane<K, V> lane, RangeFlight<V> flight, Throwable failure, Duration negative) {
        long retry = settings.retryNanos(failure);
        if (retry > 0) {
            long now = clock.nanoTime();
            Failed failed = new Failed(flight.from(), flight.to(), failure, now, now + negative.toNanos(), now + retry);
            store.changeFailures(lane, old -> old.with(failed, now));
        }
    }

    private Set<String> tag(Lane<K, V> lane, Set<String> added) {
        store.tag(lane, added);
        return lane.tags;
    }

    private static <V> Loaded<V> with(Loaded<V> loaded, Set<String> tags, Reason reason) {
        return new Loaded<>(loaded.grid(), loaded.from(), loaded.to(), loaded.value(), loaded.failure(), tags, reason);
    }

    private Reason put(Job<K, V> job, Loaded<V> loaded, Load load, long number) {
        long settled =
                loaded.grid().first() + loaded.grid().countUntil(job.request().settledMillis());
        Reason settledPart = put(job, loaded, load, number, loaded.from(), Math.min(settled, loaded.to()), false);
        Reason tailPart = put(job, loaded, load, number, Math.max(settled, loaded.from()), loaded.to(), true);
        return settledPart == Reason.NONE ? tailPart : settledPart;
    }

    /** Keeps points from..to-1 by index, a chunk at a time; under the lane's lock. */
    private Reason put(Job<K, V> job, Loaded<V> loaded, Load load, long number, long from, long to, boolean tail) {
        int size = settings.chunkPoints();
        Reason reason = Reason.NONE;
        for (long next = from; next < to; ) {
            long chunk = Math.floorDiv(next, size);
            long end = Math.min(to, (chunk + 1) * size);
            Reason part = putInChunk(job, loaded, load, number, chunk, next, end, tail);
            reason = reason == Reason.NONE ? part : reason;
            next = end;
        }
        return reason;
    }

    private Reason putInChunk(
            Job<K, V> job, Loaded<V> loaded, Load load, long number, long chunk, long from, long to, boolean tail) {
        V value = Objects.requireNonNull(loaded.value());
        TimeGrid line = loaded.grid();
        Duration own = load.timeToLive();
        Lifetime lifetime = tail
                ? settings.tail(own)
                : settings.settled(
                        Duration.ofMillis(
                                wallClock.millis() - line.between(to - 1, to).timeMillis(0)),
                        own);
        if (lifetime.hardNanos() == 0 && (!tail || (own != null && own.isZero()))) {
            // Volatile points of no time to live are loaded again by everybody, and serve if that fails.
            return Reason.LOADER;
        }
        long onError = settings.staleIfError().toNanos();
        if (lifetime.hardNanos() + onError == 0) {
            return Reason.NONE;
        }
        long now = clock.nanoTime();
        int size = settings.chunkPoints();
        long base = chunk * size;
        boolean kept = store.change(job.lane(), chunk, tail, old -> {
            Chunk<V> changed = old.withoutUseless(now);
            for (int[] part : changed.olderThan(number, (int) (from - base), (int) (to - base))) {
                V slice = values.slice(value, line.between(base + part[0], base + part[1]));
                Run run = new Run(
                        part[0],
                        part[1],
                        number,
                        now,
                        now + lifetime.softNanos(),
                        now + lifetime.hardNanos(),
                        now + lifetime.hardNanos() + onError);
                changed = changed.with(run, slice, values.weigh(slice));
            }
            return changed.compact(values, line, base, old.count() < size && changed.count() == size);
        });
        return kept ? Reason.NONE : Reason.TOO_HEAVY;
    }
}
