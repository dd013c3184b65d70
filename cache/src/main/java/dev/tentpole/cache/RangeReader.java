package dev.tentpole.cache;

import dev.tentpole.base.NanoClock;
import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.FailedPoints.Failed;
import dev.tentpole.cache.RangeDesk.Job;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Puts into an answer what is cached. */
final class RangeReader<K, V> {

    private final ChunkStore<K, V> store;
    private final RangeSettings settings;
    private final NanoClock clock;

    RangeReader(ChunkStore<K, V> store, RangeSettings settings, NanoClock clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /** Takes what is fresh of some points; for a request that wants new points, what others have loaded since it asked. */
    void takeFresh(Job<K, V> job, Assembly<V> assembly, Span points) {
        take(job, assembly, points, job.isAnew() ? Source.FETCHED : Source.CACHED);
    }

    /** Takes what is past its soft time to live. {@return what was taken} */
    List<Span> takeRefreshing(Job<K, V> job, Assembly<V> assembly) {
        List<Span> before = assembly.missing();
        take(job, assembly, job.all(), Source.REFRESHING);
        return Assembly.difference(before, assembly.missing());
    }

    /** Takes what is better than nothing, of some points. */
    void takeStale(Job<K, V> job, Assembly<V> assembly, Span points) {
        for (Span span : assembly.missing(points)) {
            // What was loaded as settled and what was loaded as volatile are equally good now; the first is likelier
            // right.
            read(job, job.lane(), span.from(), span.to(), false, Source.STALE, assembly);
            read(job, job.lane(), span.from(), span.to(), true, Source.STALE, assembly);
        }
    }

    /** Takes what is stale of points whose load failed a moment ago; if there is nothing, that failure is the answer. */
    void takeHeld(Job<K, V> job, Assembly<V> assembly, Span points) {
        FailedPoints failures = store.failures(job.lane());
        if (failures.isEmpty()) {
            return;
        }
        long first = job.grid().first();
        long now = clock.nanoTime();
        for (Failed failed : failures.held(first + points.from(), first + points.to(), now)) {
            Span held = new Span(
                    Math.max(failed.from() - first, points.from()), Math.min(failed.to() - first, points.to()));
            if (job.request().control().mode() != Mode.ONLY_IF_CACHED) {
                takeStale(job, assembly, held);
            }
            if (assembly.isMissing(held) && failed.isRemembered(now)) {
                throw new CacheException(
                        Problem.FAILED_RECENTLY,
                        "loading " + CacheException.show(job.request().key()) + " failed "
                                + TimeUnit.NANOSECONDS.toMillis(now - failed.at())
                                + " ms ago and is not tried for another "
                                + TimeUnit.NANOSECONDS.toMillis(failed.until() - now) + " ms: negativeTimeToLive",
                        failed.failure());
            }
        }
    }

    private void take(Job<K, V> job, Assembly<V> assembly, Span points, Source source) {
        TimeGrid grid = job.grid();
        long settled = grid.countUntil(job.request().settledMillis());
        for (Span span : assembly.missing(points)) {
            // What is volatile now may have been settled for a caller who knew better, but not for this one.
            read(job, job.lane(), span.from(), Math.min(settled, span.to()), false, source, assembly);
            read(job, job.lane(), Math.max(settled, span.from()), span.to(), true, source, assembly);
        }
        if (job.request().isStepReuse() && !job.isAnew() && assembly.isMissing(points)) {
            long before = assembly.missingCount();
            for (Lane<K, V> lane : store.denserThan(job.lane().key)) {
                for (Span span : assembly.missing(points)) {
                    read(job, lane, span.from(), Math.min(settled, span.to()), false, source, assembly);
                }
            }
            assembly.addReused(before - assembly.missingCount());
        }
    }

    /** Reads points from..to-1 of the request's grid from a lane whose line has them. */
    private void read(
            Job<K, V> job, Lane<K, V> lane, long from, long to, boolean tail, Source source, Assembly<V> assembly) {
        TimeGrid grid = job.grid();
        long now = clock.nanoTime();
        long newerThan = job.isAnew() && source == Source.FETCHED ? job.askedAt() : RangeDesk.ANY_AGE;
        long stride = grid.stepMillis() / lane.key.step();
        long base = Math.floorDiv(grid.timeMillis(0), lane.key.step());
        int size = settings.chunkPoints();
        Predicate<Chunk.Run> good = run -> run.isGood(now, source, newerThan);
        Taker<V> taker = new Taker<>(assembly, source, base, stride);
        for (long offset = from; offset < to; ) {
            long start = Math.floorDiv(base + offset * stride, size) * size;
            // The first offset whose point lies beyond this chunk.
            long next = Math.min(to, taker.offsetOf(start + size));
            Chunk<V> chunk = store.get(lane, Math.floorDiv(start, size), tail);
            if (chunk != null) {
                int low = (int) (base + offset * stride - start);
                int high = (int) (base + (next - 1) * stride - start) + 1;
                taker.start = start;
                chunk.read(low, high, good, taker);
            }
            offset = next;
        }
    }

    /** Puts into an answer what one chunk after the other has. */
    private static final class Taker<V> implements Chunk.Sink<V> {

        private final Assembly<V> assembly;
        private final Source source;
        private final long base;
        private final long stride;
        /** The index of the chunk's first point. */
        private long start;

        private Taker(Assembly<V> assembly, Source source, long base, long stride) {
            this.assembly = assembly;
            this.source = source;
            this.base = base;
            this.stride = stride;
        }

        /** {@return the first point of the request's grid that is not before an index} */
        private long offsetOf(long index) {
            return Math.floorDiv(index - base + stride - 1, stride);
        }

        @Override
        public void add(int from, int to, V value, long loadedAt) {
            assembly.add(offsetOf(start + from), offsetOf(start + to), value, source, loadedAt);
        }
    }

    /** {@return those of some spans of the grid that are not fresh} */
    List<Span> notFresh(Job<K, V> job, List<Span> spans) {
        Assembly<V> probe = new Assembly<>(spans, clock.nanoTime());
        takeFresh(job, probe, job.all());
        return probe.missing();
    }
}
