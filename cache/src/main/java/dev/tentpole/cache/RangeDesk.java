package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.Invalidations.Times;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads runs of missing points, each by one caller however many miss it, keeps what comes, and removes what is invalidated.
 *
 * <p>A load is begun under its lane's lock, after a look at what is cached and what others load; {@link RangeLoading} says
 * who waits for whom.
 *
 * <p>An invalidation takes its number, is remembered with it, and then takes each lane's lock to remove points. A load looks
 * for invalidations with a larger number than its own under that lock, and keeps its points if there are none.
 */
final class RangeDesk<K, V> {

    static final Times ALWAYS = new Times(RangeRequest.millis(Instant.MIN), RangeRequest.millis(Instant.MAX));
    /** Older than any load: no number is negative. */
    static final long ANY_AGE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(RangeCache.class);

    private final ChunkStore<K, V> store;
    private final GridValues<V> values;
    private final RangeSettings settings;
    private final RangeCounters counters;
    private final NanoClock clock;
    private final RefreshThreads executor;
    private final Leaders leaders = Leaders.OF_ALL_CACHES;
    private final RangeFlights<K, V> flights;
    private final RangeCalls<K, V> calls;
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
        this.clock = clock;
        this.executor = executor;
        this.flights = new RangeFlights<>(store, settings);
        this.calls = new RangeCalls<>(values, counters);
        this.keeper = new ChunkKeeper<>(store, flights, values, settings, counters, clock, wallClock, () -> !closed);
    }

    void checkOpen() {
        if (closed) {
            throw new CacheException(Problem.CLOSED, "the cache is closed");
        }
    }

    long lastNumber() {
        return flights.history().last();
    }

    /**
     * What one request needs for its loads.
     *
     * @param askedAt the last number when it was made
     * @param cutShort whether it has less time than the cache gives a load, so that running out of it says nothing about what
     *     is loaded
     * @param background whether nobody waits
     */
    record Job<K, V>(
            RangeRequest<K> request,
            RangeLoader<? super K, ? extends V> loader,
            Lane<K, V> lane,
            Deadline deadline,
            long askedAt,
            boolean cutShort,
            boolean background) {

        TimeGrid grid() {
            return request.grid();
        }

        /** {@return whether points count only if their load began after this was asked} */
        boolean isAnew() {
            return request.control().mode() == Mode.REFRESH;
        }

        /** {@return all points of the request} */
        Span all() {
            return new Span(0, grid().count());
        }

        Job<K, V> inBackground(Deadline newDeadline) {
            return new Job<>(request, loader, lane, newDeadline, askedAt, false, true);
        }

        /** {@return what is left of it after a load or a wait} */
        Job<K, V> rest() {
            return new Job<>(request, loader, lane, deadline, askedAt, true, background);
        }

        Load newLoad() {
            return new Load(deadline, cutShort, background, 0);
        }
    }

    /** {@return what one load each may ask for, to have some missing points of the request's grid} */
    List<Span> parts(Job<K, V> job, List<Span> missing) {
        return flights.parts(job, missing);
    }

    /** Begins a load; see {@link RangeFlights#beginFirst}. */
    @Nullable
    RangeFlight<V> begin(Job<K, V> job, List<Span> missing, Consumer<RangeFlight<V>> present) {
        return flights.beginFirst(job, missing, present);
    }

    /** Does something with parts of a request's grid, several at a time, and with none after one where that failed. */
    void runAll(Job<K, V> job, List<Span> parts, Warming.Step<Span> step) throws InterruptedException {
        Map<Span, CacheException> failed = Warming.ofParts(parts, job.deadline(), step)
                .run(Math.min(settings.parallelism(), Math.max(1, parts.size())), executor);
        for (CacheException e : failed.values()) {
            throw e;
        }
    }

    /** Runs a load of which this thread has the lead. */
    Loaded<V> run(Job<K, V> job, RangeFlight<V> flight) throws InterruptedException {
        Loaded<V> loaded = null;
        try {
            leaders.enter(flight.flight());
            try {
                loaded = load(job, flight);
            } finally {
                leaders.leave(flight.flight());
            }
        } finally {
            flights.end(job.lane(), flight, loaded);
        }
        return loaded;
    }

    /**
     * Loads points in the background, as far as nobody does.
     *
     * @param stale looks which they still are; under the lane's lock
     * @return whether all are being loaded; not if that was tried a moment ago, or there is no thread
     */
    boolean refresh(Job<K, V> job, Supplier<List<Span>> stale) {
        // Or else those that hang may hold all threads, for which others wait that were begun before.
        executor.interruptOverdue();
        Lane<K, V> lane = job.lane();
        List<RangeFlight<V>> begun;
        boolean all;
        lane.lock.lock();
        try {
            giveUpOverdue(job);
            List<Span> wanted = stale.get();
            List<Span> tried = withoutHeld(job, wanted);
            all = tried.equals(wanted);
            begun = closed ? List.of() : flights.beginAll(job, tried);
        } finally {
            lane.lock.unlock();
        }
        return (begun.isEmpty() || execute(job, begun)) && all;
    }

    /** {@return those of some spans whose load did not fail a moment ago} */
    private List<Span> withoutHeld(Job<K, V> job, List<Span> spans) {
        FailedPoints failures = store.failures(job.lane());
        if (failures.isEmpty() || spans.isEmpty()) {
            return spans;
        }
        long first = job.grid().first();
        List<Span> held = new ArrayList<>();
        failures.held(first, first + job.grid().count(), clock.nanoTime())
                .forEach(failed -> held.add(new Span(failed.from() - first, failed.to() - first)));
        held.sort(Comparator.comparingLong(Span::from));
        return Assembly.difference(spans, held);
    }

    private boolean execute(Job<K, V> job, List<RangeFlight<V>> begun) {
        boolean taken = false;
        try {
            executor.execute(() -> runInBackground(job, begun));
            counters.refreshes.add(begun.size());
            taken = true;
        } catch (RuntimeException e) {
            counters.refreshesRefused.add(begun.size());
            begun.forEach(flight -> keeper.delayRefresh(job.lane(), flight, e));
        } finally {
            if (!taken) {
                begun.forEach(flight -> flights.abandon(job.lane(), flight));
            }
        }
        return taken;
    }

    private void runInBackground(Job<K, V> job, List<RangeFlight<V>> begun) {
        try {
            for (RangeFlight<V> flight : begun) {
                if (!closed && !Thread.currentThread().isInterrupted()) {
                    executor.run(() -> runInBackground(job, flight), settings.timeout());
                }
            }
        } finally {
            begun.forEach(flight -> flights.abandon(job.lane(), flight));
        }
    }

    private void runInBackground(Job<K, V> job, RangeFlight<V> flight) {
        Deadline deadline = Deadline.after(settings.timeout(), NanoClock.system());
        if (flight.flight().lead(flights.history(), deadline, settings.timeout())) {
            try {
                Throwable failure = run(job.inBackground(deadline), flight).failure();
                if (failure != null) {
                    LOG.debug("A refresh in the background failed", failure);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (CacheException e) {
                LOG.debug("A refresh in the background was cancelled", e);
            }
        }
    }

    /** Ends the loads of a lane that are overdue: they have failed for others, and not for who comes now. */
    void giveUpOverdue(Job<K, V> job) {
        Lane<K, V> lane = job.lane();
        lane.lock.lock();
        try {
            for (RangeFlight<V> flight : List.copyOf(lane.flights)) {
                // One whose loader asks for what it is loading is to hear that.
                if (flight.flight().isOverdue() && !flight.flight().isLedByThisThread()) {
                    giveUp(job, flight);
                }
            }
        } finally {
            lane.lock.unlock();
        }
    }

    /**
     * Ends a load that is overdue, as one that has failed. Its loader may go on for ever; if it does not, what it brings is
     * kept all the same.
     */
    private void giveUp(Job<K, V> job, RangeFlight<V> flight) {
        Loaded<V> failed = null;
        try {
            failed = keeper.failed(job, flight, Set.of(), LoadCalls.overdue(settings.timeout()));
        } finally {
            flights.giveUp(job.lane(), flight, failed);
            // After that, so that it does not end as cancelled.
            executor.interruptOverdue();
        }
    }

    private Loaded<V> load(Job<K, V> job, RangeFlight<V> flight) throws InterruptedException {
        TimeGrid grid = job.grid().between(flight.from(), flight.to());
        Load load = job.newLoad();
        V value;
        TimeGrid told;
        try {
            value = calls.call(job, grid, load);
            told = values.grid(value);
        } catch (InterruptedException e) {
            cancelled(job, flight, e);
            throw e;
        } catch (Throwable e) {
            if (LoadCalls.isCancelled(load)) {
                cancelled(job, flight, e);
                throw LoadCalls.loadFailed(job.request().key(), e);
            }
            return keeper.failed(job, flight, load.tags(), e);
        }
        long from = Math.max(grid.first(), told.first());
        long to = Math.min(grid.last(), told.last()) + 1;
        return keeper.keep(job, flight, load, new Loaded<>(grid, from, to, value, null, Set.of(), Reason.NONE));
    }

    /** Sees to it that a refresh that was cancelled does not begin anew with each request. */
    private void cancelled(Job<K, V> job, RangeFlight<V> flight, Throwable e) {
        // What was given up is remembered as failed.
        if (job.background() && !flight.flight().isDone()) {
            keeper.delayRefresh(job.lane(), flight, e);
        }
    }

    /**
     * Loads parts of the request's grid without sharing and keeping them.
     *
     * @param loaded where what each brought goes, by any thread
     */
    void loadAlone(Job<K, V> job, List<Span> parts, Map<Span, V> loaded) throws InterruptedException {
        runAll(job, parts, part -> {
            if (!part.equals(parts.get(0))) {
                RangeCalls.checkTime(job);
            }
            loaded.put(part, calls.loadPart(job, part));
        });
    }

    /**
     * Waits for a load, or runs it if nobody does.
     *
     * @return what it brought; null if it was abandoned, or is too old for this request
     */
    @Nullable
    Loaded<V> await(Job<K, V> job, RangeFlight<V> awaited) throws InterruptedException {
        Flight<Loaded<V>> flight = awaited.flight();
        if (!job.deadline().isExpired() && flight.lead(flights.history(), job.deadline(), settings.timeout())) {
            return run(job.rest(), awaited);
        }
        if (!flight.isDone()) {
            if (!leaders.beginWait(flight)) {
                throw new CacheException(
                        Problem.RECURSIVE_LOAD,
                        "the loader of " + CacheException.show(job.request().key())
                                + " asks for what it is loading, and would wait for itself");
            }
            try {
                boolean ended = flight.await(job.deadline());
                if (!ended && flight.isOverdue()) {
                    giveUp(job, awaited);
                } else if (!ended) {
                    throw new CacheException(
                            Problem.TIMEOUT,
                            "a load of " + CacheException.show(job.request().key())
                                    + " by another caller took longer than this one would wait: timeout");
                }
            } finally {
                leaders.endWait();
            }
        }
        Loaded<V> loaded = flight.result();
        boolean tooOld = job.isAnew() && flight.beganAt() <= job.askedAt();
        if (loaded == null || tooOld || flights.isOutdated(job.lane(), awaited, loaded, job.askedAt())) {
            return null;
        }
        counters.shared.increment();
        return loaded;
    }

    /** Removes points, after loads under way are told. {@return how many chunks changed} */
    int invalidate(Invalid<K> what) {
        flights.invalidate(what);
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
        long from = Math.floorDiv(what.times().from() - lane.key.phase() + step - 1, step);
        long to = Math.floorDiv(what.times().to() - lane.key.phase(), step) + 1;
        int size = settings.chunkPoints();
        int changed = 0;
        if (from < to) {
            store.changeFailures(lane, failed -> failed.without(from, to));
            for (long index : List.copyOf(
                    lane.chunks(tail).subSet(Math.floorDiv(from, size), true, Math.floorDiv(to - 1, size), true))) {
                long base = index * size;
                int low = (int) Math.max(0, from - base);
                int high = (int) Math.min(size, to - base);
                Chunk<V> present = store.get(lane, index, tail);
                boolean cut = present != null && present.without(low, high) != present;
                if (cut || present == null) {
                    // One whose time is over is not seen any more, and may still be there.
                    store.change(lane, index, tail, old -> old.without(low, high));
                }
                if (cut) {
                    counters.invalidated.increment();
                    changed++;
                }
            }
        }
        return changed;
    }

    /** What is invalid: all, or what a key or a tag names, between two times. */
    record Invalid<K>(@Nullable K key, @Nullable String tag, Times times) {}

    void close() {
        closed = true;
        executor.close();
        flights.abandonBackground();
        invalidate(new Invalid<>(null, null, ALWAYS));
    }
}
