package dev.tentpole.cache;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.GridValues.Piece;
import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.RangeDesk.Invalid;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cache of results over a time grid that loads only the points that are missing.
 *
 * <p>A value is kept in chunks of a fixed number of points, aligned per key, step and phase; an answer is a view of them.
 * Points that the caller calls settled live as long as the setting gives for their age; points after that are volatile:
 * they are kept apart, for {@code tailTimeToLive}, which is zero unless set, and loaded anew once they are settled. Runs of
 * missing points that lie close together are loaded as one, several runs at a time, each by one caller however many miss
 * it.
 *
 * <p>Calls block; interrupting the thread cancels them. Times to live are read from a clock that is behind by up to 10 ms;
 * the age of points from the wall clock, and if that goes backwards, points are younger, and live shorter, than they are.
 *
 * <p>Safe for use by several threads. Close it to end its threads, of which there are none before the first request that
 * misses several runs.
 *
 * @param <K> the type of keys, with {@code equals} and {@code hashCode}; a {@link CacheKey} for instance
 * @param <V> the type of values
 */
public final class RangeCache<K, V> implements AutoCloseable {

    private final ChunkStore<K, V> store;
    private final RangeDesk<K, V> desk;
    private final GridValues<V> values;
    private final RangeSettings settings;
    private final RangeCounters counters;
    private final NanoClock clock;
    private final @Nullable CoarseClock ownedClock;

    RangeCache(
            ChunkStore<K, V> store,
            RangeDesk<K, V> desk,
            GridValues<V> values,
            RangeSettings settings,
            RangeCounters counters,
            NanoClock clock,
            @Nullable CoarseClock ownedClock) {
        this.store = store;
        this.desk = desk;
        this.values = values;
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.ownedClock = ownedClock;
    }

    /**
     * {@return a builder with the defaults that the module's README lists}
     *
     * @param values how values are cut and put together; {@link SeriesGrid#values} for instance
     * @param <K> the type of keys
     * @param <V> the type of values
     */
    public static <K, V> RangeCacheBuilder<K, V> builder(GridValues<V> values) {
        return new RangeCacheBuilder<>(values);
    }

    /**
     * {@return the value over a grid, and where its points come from}
     *
     * @param request what is asked
     * @param loader loads what is missing
     * @throws CacheException if points can't be had; see there
     * @throws InterruptedException if the thread was interrupted while it waited or loaded
     */
    public RangeAnswer<V> get(RangeRequest<K> request, RangeLoader<? super K, ? extends V> loader)
            throws InterruptedException {
        Objects.requireNonNull(loader, "loader");
        desk.checkOpen();
        TimeGrid grid = request.grid();
        if (grid.count() > settings.maximumPoints()) {
            throw new CacheException(
                    Problem.TOO_MANY_POINTS,
                    "a request for " + CacheException.show(request.key()) + " has " + grid.count()
                            + " points, and maximumPoints is " + settings.maximumPoints());
        }
        Lane<K, V> lane = store.hold(new Lane.Key<>(request.key(), grid.stepMillis(), grid.phaseMillis()));
        try {
            Deadline deadline =
                    Deadline.after(request.control().timeout().orElse(settings.timeout()), NanoClock.system());
            RangeAnswer<V> answer = answer(new Job<>(request, loader, lane, deadline));
            counters.answered(answer);
            return answer;
        } catch (InterruptedException | RuntimeException | Error e) {
            counters.failures.increment();
            throw e;
        } finally {
            store.release(lane);
        }
    }

    /**
     * Removes all that is kept for a key, loads under way included.
     *
     * @param key the key
     * @return how many chunks were removed
     */
    public int invalidate(K key) {
        return desk.invalidate(
                new Invalid<>(Objects.requireNonNull(key, "key"), null, RangeDesk.BEGINNING, RangeDesk.END));
    }

    /**
     * Removes all that carries a tag, loads under way included.
     *
     * @param tag the tag
     * @return how many chunks were removed
     */
    public int invalidateTag(String tag) {
        return desk.invalidate(new Invalid<>(null, Load.checkTag(tag), RangeDesk.BEGINNING, RangeDesk.END));
    }

    /**
     * Removes the points between two times of all that carries a tag, loads under way that bring such points included.
     *
     * @param tag the tag
     * @param from the first time
     * @param to the last time
     * @return how many chunks were removed or cut
     * @throws IllegalArgumentException if the end is before the start
     */
    public int invalidateTag(String tag, Instant from, Instant to) {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to = " + to + ", must not be before from = " + from);
        }
        return desk.invalidate(
                new Invalid<>(null, Load.checkTag(tag), RangeRequest.millis(from), RangeRequest.millis(to)));
    }

    /**
     * Removes everything, loads under way included.
     *
     * @return how many chunks were removed
     */
    public int invalidateAll() {
        return desk.invalidate(new Invalid<>(null, null, RangeDesk.BEGINNING, RangeDesk.END));
    }

    /**
     * {@return what the cache has done so far}
     */
    public RangeStats stats() {
        store.cleanUp();
        return new RangeStats(
                counters.count(Outcome.HIT),
                counters.count(Outcome.PARTIAL),
                counters.count(Outcome.MISS),
                counters.count(Outcome.STALE),
                counters.count(Outcome.REFRESHED),
                counters.count(Outcome.BYPASSED),
                counters.failures.sum(),
                counters.pointsCached.sum(),
                counters.pointsFetched.sum(),
                counters.pointsStale.sum(),
                counters.pointsMissing.sum(),
                counters.pointsLoaded.sum(),
                counters.pointsReused.sum(),
                counters.loads.sum(),
                counters.loadFailures.sum(),
                counters.loadsAbandoned.sum(),
                Duration.ofNanos(counters.loadNanos.sum()),
                counters.shared.sum(),
                counters.evictedBySize.sum(),
                counters.evictedByTime.sum(),
                counters.invalidated.sum(),
                store.count(),
                store.weight());
    }

    /**
     * Empties the cache and ends its threads. Loads on callers' threads go on and are not kept. Closing twice is harmless.
     */
    @Override
    public void close() {
        desk.close();
        if (ownedClock != null) {
            ownedClock.close();
        }
    }

    RangeCounters counters() {
        return counters;
    }

    ChunkStore<K, V> store() {
        return store;
    }

    private RangeAnswer<V> answer(Job<K, V> job) throws InterruptedException {
        Mode mode = job.request().control().mode();
        long askedAt = desk.lastNumber();
        Assembly<V> assembly = new Assembly<>(job.grid().count(), clock.nanoTime());
        if (mode == Mode.BYPASS) {
            return alone(job, assembly);
        }
        if (mode != Mode.REFRESH) {
            collect(job, assembly, false);
        }
        if (assembly.isComplete()) {
            return done(job, assembly, true);
        }
        if (mode == Mode.ONLY_IF_CACHED) {
            throw new CacheException(
                    Problem.NOT_CACHED,
                    assembly.missingCount() + " of " + job.grid().count() + " points of "
                            + CacheException.show(job.request().key())
                            + " are not cached, and the call is ONLY_IF_CACHED");
        }
        return mode == Mode.NO_STORE ? alone(job, assembly) : load(job, assembly, askedAt, mode == Mode.REFRESH);
    }

    private RangeAnswer<V> load(Job<K, V> job, Assembly<V> assembly, long askedAt, boolean anew)
            throws InterruptedException {
        boolean kept = true;
        while (true) {
            desk.checkOpen();
            RangeDesk.Plan<V> plan = desk.plan(job, () -> stillMissing(job, assembly, anew), anew);
            desk.runOwn(job, plan.own());
            List<Loaded<V>> results = new ArrayList<>();
            for (RangeFlight<V> flight : plan.own()) {
                results.add(desk.resultOf(job, flight));
            }
            boolean abandoned = false;
            for (RangeFlight<V> flight : plan.others()) {
                Loaded<V> loaded = desk.join(job, flight, askedAt);
                if (loaded == null) {
                    abandoned = true;
                } else {
                    results.add(loaded);
                }
            }
            kept &= take(job, assembly, results);
            // Unless somebody whose load this one waited for was cancelled, nobody knows more about what is missing
            // now.
            if (assembly.isComplete() || !abandoned) {
                return done(job, assembly, kept);
            }
        }
    }

    private List<Assembly.Span> stillMissing(Job<K, V> job, Assembly<V> assembly, boolean anew) {
        if (!anew) {
            collect(job, assembly, false);
        }
        return assembly.missing();
    }

    /** Puts into the answer what loads brought, and what is stale where they failed. {@return whether all was kept} */
    private boolean take(Job<K, V> job, Assembly<V> assembly, List<Loaded<V>> results) {
        boolean kept = true;
        long first = job.grid().first();
        for (Loaded<V> loaded : results) {
            V value = loaded.value();
            if (value != null) {
                assembly.add(loaded.from() - first, loaded.to() - first, value, Source.FETCHED, clock.nanoTime());
                kept &= loaded.kept();
            }
        }
        for (Loaded<V> loaded : results) {
            if (loaded.value() == null && missing(assembly, loaded, first) > 0) {
                collect(job, assembly, true);
                if (missing(assembly, loaded, first) > 0) {
                    throw RangeDesk.loadFailed(job.request().key(), Objects.requireNonNull(loaded.failure()));
                }
            }
        }
        return kept;
    }

    private long missing(Assembly<V> assembly, Loaded<V> loaded, long first) {
        long from = loaded.grid().first() - first;
        long to = from + loaded.grid().count();
        return assembly.missing().stream()
                .filter(span -> span.from() < to && span.to() > from)
                .count();
    }

    private RangeAnswer<V> alone(Job<K, V> job, Assembly<V> assembly) throws InterruptedException {
        for (Assembly.Span span : List.copyOf(assembly.missing())) {
            TimeGrid part = job.grid().part(span.from(), span.to());
            try {
                V value = desk.call(job, part, new Load(job.deadline(), false, 0));
                TimeGrid told = values.grid(value);
                if (!told.isOnLineOf(part)) {
                    throw new CacheException(
                            Problem.WRONG_GRID, "the loader was asked for " + part + " and returned " + told);
                }
                assembly.add(
                        told.first() - job.grid().first(),
                        told.last() + 1 - job.grid().first(),
                        value,
                        Source.FETCHED,
                        clock.nanoTime());
            } catch (InterruptedException | Error e) {
                throw e;
            } catch (Exception e) {
                throw RangeDesk.loadFailed(job.request().key(), e);
            }
        }
        return done(job, assembly, false);
    }

    /** Puts into the answer what is cached: what is fresh, or else what is better than nothing. */
    private void collect(Job<K, V> job, Assembly<V> assembly, boolean stale) {
        TimeGrid grid = job.grid();
        long settled = grid.countUntil(job.request().settledMillis());
        long now = clock.nanoTime();
        Source source = stale ? Source.STALE : Source.CACHED;
        for (Assembly.Span span : assembly.missing()) {
            // What is volatile now may have been settled for a caller who knew better, but not for this one.
            long settledEnd = stale ? span.to() : Math.min(settled, span.to());
            long tailStart = stale ? span.from() : Math.max(settled, span.from());
            read(job.lane(), grid, span.from(), settledEnd, false, now, source, assembly);
            read(job.lane(), grid, tailStart, span.to(), true, now, source, assembly);
        }
        if (job.request().isStepReuse() && !assembly.isComplete() && !stale) {
            reuse(job, assembly, settled, now);
        }
    }

    private void reuse(Job<K, V> job, Assembly<V> assembly, long settled, long now) {
        TimeGrid grid = job.grid();
        long before = assembly.count(Source.CACHED);
        for (Lane<K, V> lane : store.lanesOf(job.request().key())) {
            long step = lane.key.step();
            if (step < grid.stepMillis()
                    && grid.stepMillis() % step == 0
                    && Math.floorMod(grid.phaseMillis(), step) == lane.key.phase()) {
                for (Assembly.Span span : assembly.missing()) {
                    read(lane, grid, span.from(), Math.min(settled, span.to()), false, now, Source.CACHED, assembly);
                }
            }
        }
        counters.pointsReused.add(assembly.count(Source.CACHED) - before);
    }

    /** Reads points from..to-1 of a grid from a lane whose line has them. */
    private void read(
            Lane<K, V> lane,
            TimeGrid grid,
            long from,
            long to,
            boolean tail,
            long now,
            Source source,
            Assembly<V> assembly) {
        long stride = grid.stepMillis() / lane.key.step();
        long base = Math.floorDiv(grid.timeMillis(0), lane.key.step());
        int size = settings.chunkPoints();
        for (long offset = from; offset < to; ) {
            long start = Math.floorDiv(base + offset * stride, size) * size;
            // The first offset whose point lies beyond this chunk.
            long next = Math.min(to, Math.floorDiv(start + size - base + stride - 1, stride));
            Chunk<V> chunk = store.get(lane, Math.floorDiv(start, size), tail);
            if (chunk != null) {
                int low = (int) (base + offset * stride - start);
                int high = (int) (base + (next - 1) * stride - start) + 1;
                chunk.read(
                        low,
                        high,
                        now,
                        source == Source.STALE,
                        (a, b, value, loadedAt) -> assembly.add(
                                Math.floorDiv(start + a - base + stride - 1, stride),
                                Math.floorDiv(start + b - base + stride - 1, stride),
                                value,
                                source,
                                loadedAt));
            }
            offset = next;
        }
    }

    private RangeAnswer<V> done(Job<K, V> job, Assembly<V> assembly, boolean kept) {
        Mode mode = job.request().control().mode();
        long cached = assembly.count(Source.CACHED);
        long fetched = assembly.count(Source.FETCHED);
        long stale = assembly.count(Source.STALE);
        long missing = assembly.missingCount();
        List<Piece<V>> pieces = assembly.pieces();
        boolean whole = pieces.size() == 1
                && missing == 0
                && values.grid(pieces.get(0).value()).equals(job.grid());
        V value = whole ? pieces.get(0).value() : values.join(job.grid(), pieces);
        Duration age = Duration.ofNanos(Math.max(0, clock.nanoTime() - assembly.oldest()));
        return new RangeAnswer<>(
                value, outcome(mode, cached, fetched, stale, missing), cached, fetched, stale, missing, age, kept);
    }

    private static Outcome outcome(Mode mode, long cached, long fetched, long stale, long missing) {
        if (mode == Mode.BYPASS) {
            return Outcome.BYPASSED;
        }
        if (stale > 0) {
            return Outcome.STALE;
        }
        if (mode == Mode.REFRESH) {
            return Outcome.REFRESHED;
        }
        if (cached == 0) {
            return Outcome.MISS;
        }
        return fetched + missing == 0 ? Outcome.HIT : Outcome.PARTIAL;
    }
}
