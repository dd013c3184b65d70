package dev.tentpole.cache;

import dev.tentpole.cache.CacheException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Another thread that works, once it has begun. */
    private final class Helper extends FutureTask<Void> {

        private final AtomicBoolean begun = new AtomicBoolean();

        Helper() {
            super(() -> {
                work();
                return null;
            });
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                super.run();
            }
        }

        /** Waits until it has ended, unless it has not begun, which it then won't: all threads may wait like this one. */
        void join() throws InterruptedException {
            if (begun.compareAndSet(false, true)) {
                return;
            }
            try {
                get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                // It was interrupted, and left its key to nobody.
                throw new CacheException(Problem.CLOSED, "the cache was closed while keys were loaded", e);
            } catch (CancellationException e) {
                throw new CacheException(Problem.CLOSED, "the cache was closed while keys were loaded", e);
            }
        }
    }

    Map<K, CacheException> run(int parallelism, Executor executor) throws InterruptedException {
        List<Helper> helpers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(parallelism, keys.size()); i++) {
                Helper helper = new Helper();
                try {
                    executor.execute(helper);
                } catch (RuntimeException e) {
                    // Refused, or broken: this thread does it alone.
                    break;
                }
                helpers.add(helper);
            }
            work();
            for (Helper helper : helpers) {
                helper.join();
            }
        } finally {
            next.set(keys.size());
            helpers.forEach(helper -> helper.cancel(true));
        }
        return new HashMap<>(failures);
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
