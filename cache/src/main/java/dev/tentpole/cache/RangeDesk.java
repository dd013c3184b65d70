package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads runs of missing points, each by one caller however many miss it, keeps what comes, and removes what is invalidated.
 *
 * <p>A request that misses points looks under its lane's lock at what others load: it waits for those loads that bring
 * points it misses, and begins loads of its own for the rest, all of which it runs before it waits. So nobody waits for
 * somebody who waits for him, unless loaders call the cache; that is what {@link Leaders} sees.
 *
 * <p>An invalidation takes its number, is noted on every load under way, and then takes each lane's lock to remove
 * points. A load keeps its points under that lock, unless it finds itself noted.
 */
final class RangeDesk<K, V> {

    static final long BEGINNING = RangeRequest.millis(Instant.MIN);
    static final long END = RangeRequest.millis(Instant.MAX);

    private final ChunkStore<K, V> store;
    private final GridValues<V> values;
    private final RangeSettings settings;
    private final RangeCounters counters;
    private final RefreshThreads executor;
    private final History history = new History();
    private final Leaders<Loaded<V>, Loaded<V>> leaders = new Leaders<>();
    private final Set<RangeFlight<V>> running = ConcurrentHashMap.newKeySet();
    private final ChunkKeeper<K, V> keeper;
    private volatile boolean closed;

    RangeDesk(
            ChunkStore<K, V> store,
            GridValues<V> values,
            RangeSettings settings,
            RangeCounters counters,
            NanoClock clock,
            InstantSource wallClock,
            RefreshThreads executor) {
        this.store = store;
        this.values = values;
        this.settings = settings;
        this.counters = counters;
        this.executor = executor;
        this.keeper = new ChunkKeeper<>(store, values, settings, clock, wallClock, () -> !closed);
    }

    void checkOpen() {
        if (closed) {
            throw new CacheException(Problem.CLOSED, "the cache is closed");
        }
    }

    long lastNumber() {
        return history.last();
    }

    /** What one request needs for its loads. */
    record Job<K, V>(
            RangeRequest<K> request, RangeLoader<? super K, ? extends V> loader, Lane<K, V> lane, Deadline deadline) {

        TimeGrid grid() {
            return request.grid();
        }
    }

    /** The loads that a request waits for: of its own, and of others. */
    record Plan<V>(List<RangeFlight<V>> own, List<RangeFlight<V>> others) {}

    /**
     * Makes a plan for points of the request that are missing; loads of others are joined unless all must be new.
     *
     * @param missing looks what is missing; under the lane's lock, so that nothing comes and goes between that and the plan
     */
    Plan<V> plan(Job<K, V> job, Supplier<List<Assembly.Span>> missing, boolean anew) {
        List<RangeFlight<V>> own = new ArrayList<>();
        List<RangeFlight<V>> others = new ArrayList<>();
        Lane<K, V> lane = job.lane();
        long first = job.grid().first();
        lane.lock.lock();
        try {
            store.tag(lane, job.request().tags());
            for (Assembly.Span span :
                    withoutGaps(missing.get(), settings.gapPoints(job.grid().stepMillis()))) {
                long next = first + span.from();
                long end = first + span.to();
                if (!anew) {
                    List<RangeFlight<V>> present = new ArrayList<>(lane.flights);
                    present.sort((a, b) -> Long.compare(a.from(), b.from()));
                    for (RangeFlight<V> flight : present) {
                        if (flight.from() < end && flight.to() > next) {
                            if (!others.contains(flight)) {
                                others.add(flight);
                            }
                            addOwn(own, next, flight.from());
                            next = Math.max(next, flight.to());
                        }
                    }
                }
                addOwn(own, next, end);
            }
            lane.flights.addAll(own);
            for (RangeFlight<V> flight : own) {
                running.add(flight);
                lane.hold();
            }
        } finally {
            lane.lock.unlock();
        }
        return new Plan<>(own, others);
    }

    private void addOwn(List<RangeFlight<V>> own, long from, long to) {
        for (long next = from; next < to; next += settings.maximumPointsPerLoad()) {
            own.add(new RangeFlight<>(next, Math.min(to, next + settings.maximumPointsPerLoad()), new Flight<>()));
        }
    }

    static List<Assembly.Span> withoutGaps(List<Assembly.Span> missing, long gap) {
        List<Assembly.Span> merged = new ArrayList<>(missing.size());
        for (Assembly.Span span : missing) {
            Assembly.Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && span.from() - last.to() <= gap) {
                merged.set(merged.size() - 1, new Assembly.Span(last.from(), span.to()));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    /** Runs the own loads of a plan. */
    void runOwn(Job<K, V> job, List<RangeFlight<V>> own) throws InterruptedException {
        try {
            Map<RangeFlight<V>, CacheException> cancelled = new Warming<>(
                            own, (RangeFlight<V> flight) -> run(job, flight))
                    .run(Math.min(settings.parallelism(), Math.max(1, own.size())), executor);
            for (CacheException e : cancelled.values()) {
                throw e;
            }
        } finally {
            for (RangeFlight<V> flight : own) {
                // None is left to a lead that nobody will take.
                if (flight.flight().lead(history)) {
                    end(job.lane(), flight, null);
                }
            }
        }
    }

    private void run(Job<K, V> job, RangeFlight<V> flight) throws InterruptedException {
        if (!flight.flight().lead(history)) {
            return;
        }
        Loaded<V> loaded = null;
        leaders.enter(flight.flight());
        try {
            loaded = load(job, flight);
        } finally {
            leaders.leave(flight.flight());
            end(job.lane(), flight, loaded);
        }
        if (loaded.failure() instanceof Error error) {
            throw error;
        }
    }

    private void end(Lane<K, V> lane, RangeFlight<V> flight, @Nullable Loaded<V> loaded) {
        lane.lock.lock();
        try {
            lane.flights.remove(flight);
        } finally {
            lane.lock.unlock();
        }
        running.remove(flight);
        flight.flight().end(loaded);
        store.release(lane);
    }

    private Loaded<V> load(Job<K, V> job, RangeFlight<V> flight) throws InterruptedException {
        TimeGrid grid = gridOf(job.grid(), flight.from(), flight.to());
        Load load = new Load(job.deadline(), false, 0);
        V value;
        TimeGrid told;
        try {
            value = call(job, grid, load);
            told = values.grid(value);
            if (!told.isOnLineOf(grid)) {
                throw new CacheException(
                        Problem.WRONG_GRID, "the loader was asked for " + grid + " and returned " + told);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            if (isCancelled(load)) {
                throw loadFailed(job.request().key(), e);
            }
            return new Loaded<>(
                    job.request().key(), grid, 0, 0, null, e, job.request().tags(), false);
        }
        long from = Math.max(grid.first(), told.first());
        long to = Math.min(grid.last(), told.last()) + 1;
        Set<String> tags = job.request().tags();
        return keeper.keep(
                job, flight, load, new Loaded<>(job.request().key(), grid, from, to, value, null, tags, false));
    }

    static boolean isCancelled(Load load) {
        return Thread.currentThread().isInterrupted() || load.deadline().isExpired();
    }

    static CacheException loadFailed(Object key, Throwable cause) {
        return new CacheException(Problem.LOAD_FAILED, "loading " + CacheException.show(key) + " failed", cause);
    }

    V call(Job<K, V> job, TimeGrid grid, Load load) throws Exception {
        long start = System.nanoTime();
        counters.pointsLoaded.add(grid.count());
        try {
            V value = job.loader().load(job.request().key(), grid, load);
            if (value == null) {
                throw new NullPointerException("the loader returned null, which no value may be");
            }
            counters.loads.increment();
            return value;
        } catch (Throwable e) {
            boolean cancelled = e instanceof InterruptedException || isCancelled(load);
            (cancelled ? counters.loadsAbandoned : counters.loadFailures).increment();
            throw e;
        } finally {
            counters.loadNanos.add(System.nanoTime() - start);
        }
    }

    static TimeGrid gridOf(TimeGrid line, long from, long to) {
        return new TimeGrid(line.phaseMillis(), line.stepMillis(), from, to - from);
    }

    /** {@return what a load of one's own brought} */
    Loaded<V> resultOf(Job<K, V> job, RangeFlight<V> own) {
        Loaded<V> loaded = own.flight().result();
        if (loaded == null) {
            throw new CacheException(
                    Problem.CLOSED,
                    "a load of " + CacheException.show(job.request().key()) + " was cancelled");
        }
        return loaded;
    }

    /** Waits for somebody else's load. {@return what it brought; null if it was abandoned, or is too old} */
    @Nullable
    Loaded<V> join(Job<K, V> job, RangeFlight<V> other, long askedAt) throws InterruptedException {
        if (!leaders.beginWait(other.flight())) {
            throw new CacheException(
                    Problem.RECURSIVE_LOAD,
                    "the loader of " + CacheException.show(job.request().key())
                            + " asks for what it is loading, and would wait for itself");
        }
        try {
            if (!other.flight().await(job.deadline())) {
                throw new CacheException(
                        Problem.TIMEOUT,
                        "a load of " + CacheException.show(job.request().key())
                                + " by another caller took longer than this one would wait: timeout");
            }
        } finally {
            leaders.endWait();
        }
        Loaded<V> loaded = other.flight().result();
        if (loaded == null || other.flight().isOutdated(loaded, askedAt)) {
            return null;
        }
        counters.shared.increment();
        return loaded;
    }

    /** Removes points, after all loads under way are noted. {@return how many chunks changed} */
    int invalidate(Invalid<K> what) {
        Invalidation<Loaded<V>> invalidation = new Invalidation<>(history.next(), what::matches);
        running.forEach(flight -> flight.flight().invalidate(invalidation));
        int changed = 0;
        for (Lane<K, V> lane : lanesOf(what)) {
            if (lane.hold()) {
                lane.lock.lock();
                try {
                    changed += remove(lane, what, false) + remove(lane, what, true);
                } finally {
                    lane.lock.unlock();
                    store.release(lane);
                }
            }
        }
        return changed;
    }

    private Collection<Lane<K, V>> lanesOf(Invalid<K> what) {
        K key = what.key();
        String tag = what.tag();
        if (key != null) {
            return store.lanesOf(key);
        }
        return tag == null ? new ArrayList<>(store.lanes()) : store.tagged(tag);
    }

    private int remove(Lane<K, V> lane, Invalid<K> what, boolean tail) {
        long step = lane.key.step();
        long from = Math.floorDiv(what.fromMillis() - lane.key.phase() + step - 1, step);
        long to = Math.floorDiv(what.toMillis() - lane.key.phase(), step) + 1;
        int size = settings.chunkPoints();
        int changed = 0;
        if (from < to) {
            for (long index : List.copyOf(
                    lane.chunks(tail).subSet(Math.floorDiv(from, size), true, Math.floorDiv(to - 1, size), true))) {
                long base = index * size;
                int low = (int) Math.max(0, from - base);
                int high = (int) Math.min(size, to - base);
                store.change(lane, index, tail, old -> old.without(low, high));
                counters.invalidated.increment();
                changed++;
            }
        }
        return changed;
    }

    /** What is invalid: all, or what a key or a tag names, between two times. */
    record Invalid<K>(@Nullable K key, @Nullable String tag, long fromMillis, long toMillis) {

        <V> boolean matches(Loaded<V> loaded) {
            return (key == null || key.equals(loaded.key()))
                    && (tag == null || loaded.tags().contains(tag))
                    && loaded.grid().timeMillis(0) <= toMillis
                    && loaded.grid().timeMillis(loaded.grid().count() - 1) >= fromMillis;
        }
    }

    void close() {
        closed = true;
        executor.close();
        invalidate(new Invalid<>(null, null, BEGINNING, END));
    }
}
