package dev.tentpole.cache;

import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Chunk.Run;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
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
    private final GridValues<V> values;
    private final RangeSettings settings;
    private final NanoClock clock;
    private final InstantSource wallClock;
    private final BooleanSupplier open;
    private final AtomicBoolean warned = new AtomicBoolean();

    ChunkKeeper(
            ChunkStore<K, V> store,
            GridValues<V> values,
            RangeSettings settings,
            NanoClock clock,
            InstantSource wallClock,
            BooleanSupplier open) {
        this.store = store;
        this.values = values;
        this.settings = settings;
        this.clock = clock;
        this.wallClock = wallClock;
        this.open = open;
    }

    /** Keeps what a load brought, as far as it may be kept. {@return the same with its tags, and whether it was kept} */
    Loaded<V> keep(Job<K, V> job, RangeFlight<V> flight, Load load, Loaded<V> loaded) {
        Lane<K, V> lane = job.lane();
        boolean kept = false;
        Set<String> tags = Set.of();
        lane.lock.lock();
        try {
            store.tag(lane, load.tags());
            tags = new HashSet<>(lane.tags);
            Loaded<V> tagged = with(loaded, tags, false);
            if (load.isStored()
                    && open.getAsBoolean()
                    && loaded.from() < loaded.to()
                    && !flight.flight().isOutdated(tagged, Long.MAX_VALUE)) {
                long settled = loaded.grid().first()
                        + loaded.grid().countUntil(job.request().settledMillis());
                long began = flight.flight().beganAt();
                boolean keptSettled =
                        put(job, loaded, load, began, loaded.from(), Math.min(settled, loaded.to()), false);
                boolean keptTail = put(job, loaded, load, began, Math.max(settled, loaded.from()), loaded.to(), true);
                kept = keptSettled && keptTail;
            }
        } catch (RuntimeException e) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "Points were not kept, since a setting of the cache failed on them; further ones are not logged",
                        e);
            }
        } finally {
            lane.lock.unlock();
        }
        return with(loaded, tags, kept);
    }

    private static <V> Loaded<V> with(Loaded<V> loaded, Set<String> tags, boolean kept) {
        return new Loaded<>(
                loaded.key(), loaded.grid(), loaded.from(), loaded.to(), loaded.value(), loaded.failure(), tags, kept);
    }

    /** Keeps points from..to-1 by index, a chunk at a time; under the lane's lock. */
    private boolean put(Job<K, V> job, Loaded<V> loaded, Load load, long number, long from, long to, boolean tail) {
        int size = settings.chunkPoints();
        boolean kept = true;
        for (long next = from; next < to; ) {
            long chunk = Math.floorDiv(next, size);
            long end = Math.min(to, (chunk + 1) * size);
            kept &= putInChunk(job, loaded, load, number, chunk, next, end, tail);
            next = end;
        }
        return kept;
    }

    private boolean putInChunk(
            Job<K, V> job, Loaded<V> loaded, Load load, long number, long chunk, long from, long to, boolean tail) {
        V value = Objects.requireNonNull(loaded.value());
        TimeGrid chunkGrid =
                RangeDesk.gridOf(job.grid(), chunk * settings.chunkPoints(), (chunk + 1) * settings.chunkPoints());
        long now = clock.nanoTime();
        Duration own = load.timeToLive();
        long fresh;
        if (tail) {
            long longest = settings.tailTimeToLive().toNanos();
            fresh = own == null ? longest : Math.min(longest, own.toNanos());
        } else if (own != null) {
            fresh = own.toNanos();
        } else {
            long newest = chunkGrid.timeMillis(to - 1 - chunkGrid.first());
            fresh = settings.freshNanos(Duration.ofMillis(wallClock.millis() - newest));
        }
        if (fresh == 0 && !tail) {
            return false;
        }
        long usable = fresh + settings.staleIfError().toNanos();
        if (usable == 0) {
            return true;
        }
        return store.change(job.lane(), chunk, tail, old -> {
            Chunk<V> changed = old.withoutUseless(now);
            int base = (int) (from - chunkGrid.first());
            int end = (int) (to - chunkGrid.first());
            for (int[] part : changed.olderThan(number, base, end)) {
                V slice = values.slice(value, chunkGrid.part(part[0], part[1]));
                Run run = new Run(part[0], part[1], number, now, now + fresh, now + usable);
                changed = changed.with(run, slice, values.weigh(slice));
            }
            return changed.compact(values, chunkGrid);
        });
    }
}
