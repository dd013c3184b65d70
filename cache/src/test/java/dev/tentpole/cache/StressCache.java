package dev.tentpole.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Small caches for stress tests: a time that stands still unless a test moves it, no threads. */
final class StressCache {

    /** How long a value lives. */
    static final Duration LIFE = Duration.ofMinutes(1);

    private StressCache() {}

    static QueryCache<String, Integer> open() {
        return open(() -> 0);
    }

    static QueryCache<String, Integer> open(LongSupplier nanoTime) {
        return QueryCache.<String, Integer>builder()
                .clocks(nanoTime, InstantSource.fixed(Instant.EPOCH))
                .executor(Runnable::run)
                .timeToLive(LIFE)
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
