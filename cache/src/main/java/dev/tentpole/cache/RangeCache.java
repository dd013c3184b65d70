package dev.tentpole.cache;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.GridValues.Piece;
import dev.tentpole.cache.Invalidations.Times;
import dev.tentpole.cache.RangeAnswer.Outcome;
import dev.tentpole.cache.RangeDesk.Invalid;
import dev.tentpole.cache.RangeDesk.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache of results over a time grid that loads only the points that are missing.
 *
 * <p>A value is kept in chunks of a fixed number of points, aligned per key, step and phase; an answer is a view of them.
 * Points that the caller calls settled live as long as the setting gives for their age; points after that are volatile:
 * they are kept apart, for {@code tailTimeToLive}, which is zero unless set, and loaded anew once they are settled. Runs of
 * missing points that lie close together are loaded as one, several runs at a time, each by one caller however many miss
 * it, or want it anew. Points past their soft time to live are served while they are loaded in the background.
 *
 * <p>Calls block; interrupting the thread cancels them. A load that does not come back in all the time that the cache
 * gives it has failed for those who wait for it, and other ones take its place; in the background it is interrupted. What
 * it brings in the end is kept all the same. Times to live are read from a clock that is behind by up to 10 ms;
 * the age of points from the wall clock, and if that goes backwards, points are younger, and live shorter, than they are.
 *
 * <p>Safe for use by several threads. Close it to end its threads, of which there are none before the first request that
 * misses several runs, or refreshes in the background.
 *
 * @param <K> the type of keys, with {@code equals} and {@code hashCode}; a {@link CacheKey} for instance
 * @param <V> the type of values
 */
public final class RangeCache<K, V> implements AutoCloseable {

    private final ChunkStore<K, V> store;
    private final RangeDesk<K, V> desk;
    private final RangeReader<K, V> reader;
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
        this.reader = new RangeReader<>(store, settings, clock);
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
            store.tag(lane, request.tags());
            Duration timeout = request.control().timeout().orElse(settings.timeout());
            boolean cutShort = timeout.compareTo(settings.timeout()) < 0;
            Deadline deadline = Deadline.after(timeout, NanoClock.system());
            RangeAnswer<V> answer =
                    answer(new Job<>(request, loader, lane, deadline, desk.lastNumber(), cutShort, false));
            counters.answered(answer);
            return answer;
        } catch (InterruptedException | RuntimeException | Error e) {
            boolean isNegative = e instanceof CacheException c && c.problem() == Problem.FAILED_RECENTLY;
            (isNegative ? counters.negativeHits : counters.failures).increment();
            throw e;
        } finally {
            store.release(lane);
        }
    }

    /**
     * Removes all that is kept for a key, failures that are remembered and loads under way included.
     *
     * @param key the key
     * @return how many chunks were removed
     */
    public int invalidate(K key) {
        return desk.invalidate(new Invalid<>(Objects.requireNonNull(key, "key"), null, RangeDesk.ALWAYS));
    }

    /**
     * Removes all that carries a tag, loads under way included.
     *
     * @param tag the tag
     * @return how many chunks were removed
     */
    public int invalidateTag(String tag) {
        return desk.invalidate(new Invalid<>(null, Load.checkTag(tag), RangeDesk.ALWAYS));
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
                new Invalid<>(null, Load.checkTag(tag), new Times(RangeRequest.millis(from), RangeRequest.millis(to))));
    }

    /**
     * Removes everything, loads under way included.
     *
     * @return how many chunks were removed
     */
    public int invalidateAll() {
        return desk.invalidate(new Invalid<>(null, null, RangeDesk.ALWAYS));
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
                counters.staleRefreshing.sum(),
                counters.count(Outcome.STALE),
                counters.count(Outcome.REFRESHED),
                counters.count(Outcome.BYPASSED),
                counters.negativeHits.sum(),
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
                counters.refreshes.sum(),
                counters.refreshesRefused.sum(),
                counters.notStored.counts(),
                counters.evictedBySize.sum(),
                counters.evictedByTime.sum(),
                counters.invalidated.sum(),
                store.count(),
                store.weight());
    }

    /**
     * Empties the cache and ends its threads. Loads on callers' threads, and on an executor that the cache was given, go on
     * and are not kept. Closing twice is harmless.
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
        Assembly<V> assembly = new Assembly<>(job.grid().count(), clock.nanoTime());
        if (mode == Mode.BYPASS) {
            return alone(job, assembly);
        }
        if (mode != Mode.REFRESH) {
            takeCached(job, assembly);
        }
        if (assembly.isComplete()) {
            return done(job, assembly);
        }
        if (mode == Mode.ONLY_IF_CACHED) {
            throw new CacheException(
                    Problem.NOT_CACHED,
                    assembly.missingCount() + " of " + job.grid().count() + " points of "
                            + CacheException.show(job.request().key())
                            + " are not cached, and the call is ONLY_IF_CACHED");
        }
        return mode == Mode.NO_STORE ? alone(job, assembly) : load(job, assembly);
    }

    /** Takes what may be served without waiting, and has it loaded anew if that is due. */
    private void takeCached(Job<K, V> job, Assembly<V> assembly) {
        reader.takeFresh(job, assembly, job.all());
        if (!assembly.isComplete() && settings.refreshAfter() != null) {
            List<Span> old = reader.takeRefreshing(job, assembly);
            if (!old.isEmpty()) {
                assembly.setStaleBecause(refresh(job, old));
            }
        }
        if (!assembly.isComplete()) {
            reader.takeHeld(job, assembly, job.all());
        }
    }

    private Reason refresh(Job<K, V> job, List<Span> old) {
        if (job.request().control().mode() != Mode.USE) {
            return Reason.CALLER;
        }
        return desk.refresh(job, () -> reader.notFresh(job, old)) ? Reason.REFRESHING : Reason.LOAD_FAILED;
    }

    private RangeAnswer<V> load(Job<K, V> job, Assembly<V> assembly) throws InterruptedException {
        new RangeLoading<>(job, assembly, desk, reader, clock).run();
        return done(job, assembly);
    }

    /** Loads what is missing without sharing and keeping it. */
    private RangeAnswer<V> alone(Job<K, V> job, Assembly<V> assembly) throws InterruptedException {
        long first = job.grid().first();
        Map<Span, V> loaded = new ConcurrentHashMap<>();
        CacheException failure = null;
        try {
            desk.loadAlone(job, desk.parts(job, assembly.missing()), loaded);
        } catch (CacheException e) {
            if (job.request().control().mode() == Mode.BYPASS
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            failure = e;
        }
        loaded.forEach((part, value) -> {
            long from = Math.max(part.from(), values.grid(value).first() - first);
            long to = Math.min(part.to(), values.grid(value).last() + 1 - first);
            assembly.add(from, to, value, Source.FETCHED, clock.nanoTime());
        });
        if (failure != null) {
            reader.takeStale(job, assembly, job.all());
            if (!assembly.isComplete()) {
                throw failure;
            }
        }
        assembly.setNotKept(Reason.CALLER);
        counters.notStored.count(Reason.CALLER);
        return done(job, assembly);
    }

    private RangeAnswer<V> done(Job<K, V> job, Assembly<V> assembly) {
        List<Piece<V>> pieces = assembly.pieces();
        // What a loader returned is joined even if it is all there is, so that it comes as it will come from the cache.
        boolean whole = pieces.size() == 1
                && assembly.isComplete()
                && assembly.isCachedOnly()
                && values.grid(pieces.get(0).value()).equals(job.grid());
        V value = whole ? pieces.get(0).value() : values.join(job.grid(), pieces);
        counters.pointsReused.add(assembly.reused());
        return assembly.answer(value, job.request().control().mode(), clock.nanoTime());
    }
}
