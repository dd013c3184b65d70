package dev.tentpole.cache;

import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.CacheException.Problem;
import dev.tentpole.cache.RangeDesk.Job;

/** Calls the loaders of a range cache. */
final class RangeCalls<K, V> {

    private final GridValues<V> values;
    private final RangeCounters counters;

    RangeCalls(GridValues<V> values, RangeCounters counters) {
        this.values = values;
        this.counters = counters;
    }

    private void checkGrid(V value, TimeGrid asked) {
        TimeGrid told = values.grid(value);
        if (!told.isOnLineOf(asked)) {
            throw new CacheException(Problem.WRONG_GRID, "the loader was asked for " + asked + " and returned " + told);
        }
    }

    /** Before another load of a request that has made one: it would come too late. */
    static void checkTime(Job<?, ?> job) {
        if (job.deadline().isExpired()) {
            throw new CacheException(
                    Problem.TIMEOUT,
                    "the points of " + CacheException.show(job.request().key())
                            + " take longer to load than the caller would wait: timeout");
        }
    }

    /** Loads a part of the request's grid. */
    V loadPart(Job<K, V> job, Span part) throws InterruptedException {
        TimeGrid grid = job.grid().part(part.from(), part.to());
        try {
            return call(job, grid, job.newLoad());
        } catch (InterruptedException | Error e) {
            throw e;
        } catch (Exception e) {
            throw LoadCalls.loadFailed(job.request().key(), e);
        }
    }

    /** Calls the loader and counts. {@return a value on the line of the points that were asked for} */
    V call(Job<K, V> job, TimeGrid grid, Load load) throws Exception {
        long start = System.nanoTime();
        counters.pointsLoaded.add(grid.count());
        try {
            V value = job.loader().load(job.request().key(), grid, load);
            if (value == null) {
                throw new NullPointerException("the loader returned null, which no value may be");
            }
            checkGrid(value, grid);
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
