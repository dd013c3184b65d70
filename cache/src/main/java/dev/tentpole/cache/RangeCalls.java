package dev.tentpole.cache;

import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeDesk.Job;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Calls the loaders of a range cache. */
final class RangeCalls<K, V> {

    private final GridValues<V> values;
    private final RangeCounters counters;

    RangeCalls(GridValues<V> values, RangeCounters counters) {
        this.values = values;
        this.counters = counters;
    }

    /** Loads parts of the request's grid, a few at a time. {@return values on the grid's line} */
    Collection<V> loadAll(Job<K, V> job, List<Span> parts, int parallelism, Executor executor)
            throws InterruptedException {
        Map<Span, V> loaded = new ConcurrentHashMap<>();
        Map<Span, CacheException> failed = Warming.ofParts(
                        parts, job.deadline(), (Span part) -> loaded.put(part, loadPart(job, part)))
                .run(parallelism, executor);
        for (CacheException e : failed.values()) {
            throw e;
        }
        return loaded.values();
    }

    /** {@return the points that a value tells about, which are on the line of those that were asked for} */
    TimeGrid checkGrid(V value, TimeGrid asked) {
        TimeGrid told = values.grid(value);
        if (!told.isOnLineOf(asked)) {
            throw new CacheException(Problem.WRONG_GRID, "the loader was asked for " + asked + " and returned " + told);
        }
        return told;
    }

    private V loadPart(Job<K, V> job, Span part) throws InterruptedException {
        TimeGrid grid = job.grid().part(part.from(), part.to());
        try {
            V value = call(job, grid, new Load(job.deadline(), false, 0));
            checkGrid(value, grid);
            return value;
        } catch (InterruptedException | Error e) {
            throw e;
        } catch (Exception e) {
            throw LoadCalls.loadFailed(job.request().key(), e);
        }
    }

    /** Calls the loader and counts. */
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
            boolean cancelled = e instanceof InterruptedException || LoadCalls.isCancelled(load);
            (cancelled ? counters.loadsAbandoned : counters.loadFailures).increment();
            throw e;
        } finally {
            counters.loadNanos.add(System.nanoTime() - start);
        }
    }
}
