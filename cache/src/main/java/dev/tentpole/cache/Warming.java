package dev.tentpole.cache;

import dev.tentpole.cache.CacheException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads many keys, a few at a time: on the caller's thread, and on others as far as they have time for it. */
final class Warming<K> {

    /** Loads one key. */
    @FunctionalInterface
    interface Step<K> {
        void load(K key) throws InterruptedException;
    }

    private final List<K> keys;
    private final Step<K> step;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<K, CacheException> failures = new ConcurrentHashMap<>();

    Warming(List<K> keys, Step<K> step) {
        this.keys = keys;
        this.step = step;
    }

    Map<K, CacheException> run(int parallelism, Executor executor) throws InterruptedException {
        List<FutureTask<Void>> helpers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(parallelism, keys.size()); i++) {
                FutureTask<Void> helper = new FutureTask<>(() -> {
                    work();
                    return null;
                });
                try {
                    executor.execute(helper);
                } catch (RejectedExecutionException e) {
                    break;
                }
                helpers.add(helper);
            }
            work();
            // Those that have not begun find nothing left to do; those that run are waited for.
            for (FutureTask<Void> helper : helpers) {
                join(helper);
            }
        } finally {
            next.set(keys.size());
            helpers.forEach(helper -> helper.cancel(true));
        }
        return new HashMap<>(failures);
    }

    private static void join(FutureTask<Void> helper) throws InterruptedException {
        try {
            helper.get();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.CancellationException e) {
            // What went wrong with a key is noted with it; a helper that was interrupted left its keys to nobody.
            if (e.getCause() instanceof InterruptedException) {
                throw new CacheException(Problem.CLOSED, "the cache was closed while keys were loaded", e.getCause());
            }
        }
    }

    private void work() throws InterruptedException {
        for (int i = next.getAndIncrement(); i < keys.size() && i >= 0; i = next.getAndIncrement()) {
            K key = keys.get(i);
            try {
                step.load(key);
            } catch (CacheException e) {
                failures.put(key, e);
            }
        }
    }
}
