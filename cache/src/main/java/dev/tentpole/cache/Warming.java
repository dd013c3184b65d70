package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Loads many keys, a few at a time: on the caller's thread, and on others as far as they have time for it. */
final class Warming<K> {

    /** Loads one key. */
    @FunctionalInterface
    interface Step<K> {
        void load(K key) throws InterruptedException;
    }

    private final List<K> keys;
    private final @Nullable Deadline deadline;
    private final Step<K> step;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<K, CacheException> failures = new ConcurrentHashMap<>();

    private Warming(List<K> keys, @Nullable Deadline deadline, Step<K> step) {
        this.keys = keys;
        this.deadline = deadline;
        this.step = step;
    }

    /** Loads each that can be loaded. */
    static <K> Warming<K> of(List<K> keys, Step<K> step) {
        return new Warming<>(keys, null, step);
    }

    /** Loads what is of use only as a whole, and till a deadline: begins none after one that failed. */
    static <K> Warming<K> ofParts(List<K> parts, Deadline deadline, Step<K> step) {
        return new Warming<>(parts, deadline, step);
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
                if (deadline == null) {
                    get();
                } else {
                    get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                }
            } catch (TimeoutException e) {
                throw new CacheException(
                        Problem.TIMEOUT,
                        "parts on the cache's threads took longer to load than the caller would wait: timeout",
                        e);
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
            if (Thread.interrupted()) {
                // A loader may have made another exception of it.
                throw new InterruptedException("interrupted while " + keys.size() + " loads were under way");
            }
            K key = keys.get(i);
            try {
                step.load(key);
            } catch (CacheException e) {
                failures.put(key, e);
                if (deadline != null) {
                    next.set(keys.size());
                }
            }
        }
    }
}
