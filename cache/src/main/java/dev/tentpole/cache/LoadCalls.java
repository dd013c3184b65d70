package dev.tentpole.cache;

import dev.tentpole.cache.CacheException.Problem;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Calls the loaders of a query cache. */
final class LoadCalls<K, V> {

    private final Counters counters;

    LoadCalls(Counters counters) {
        this.counters = counters;
    }

    static boolean isCancelled(Load load) {
        return Thread.currentThread().isInterrupted() || load.isCallersTimeUp();
    }

    static CacheException loadFailed(Object key, Throwable cause) {
        boolean isWrongGrid = cause instanceof CacheException e && e.problem() == Problem.WRONG_GRID;
        return new CacheException(
                isWrongGrid ? Problem.WRONG_GRID : Problem.LOAD_FAILED,
                "loading " + CacheException.show(key) + " failed",
                cause);
    }

    /** {@return how a load fails that is overdue} */
    static TimeoutException overdue(Duration timeout) {
        return new TimeoutException(
                "the loader has not come back within " + timeout + ", which is all the time that a load has: timeout");
    }

    /** Calls the loader and counts. */
    V call(K key, Loader<? super K, ? extends V> loader, Load load) throws Exception {
        long start = System.nanoTime();
        try {
            V value = loader.load(key, load);
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
}
