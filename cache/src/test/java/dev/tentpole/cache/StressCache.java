package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicInteger;

/** Small caches for stress tests: a time that stands still, no threads. */
final class StressCache {

    private StressCache() {}

    static QueryCache<String, Integer> open() {
        return QueryCache.<String, Integer>builder()
                .clocks(() -> 0, java.time.InstantSource.fixed(java.time.Instant.EPOCH))
                .executor(Runnable::run)
                .maximumEntries(4)
                .build();
    }

    static int get(QueryCache<String, Integer> cache, AtomicInteger source) {
        try {
            return cache.get("a", (key, load) -> source.incrementAndGet());
        } catch (InterruptedException e) {
            return -1;
        }
    }

    /** Reads what is there now. */
    static int read(QueryCache<String, Integer> cache, AtomicInteger source) {
        try {
            return cache.get("a", (key, load) -> source.get());
        } catch (InterruptedException e) {
            return -1;
        }
    }
}
