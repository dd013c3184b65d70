package dev.tentpole.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Small caches for stress tests: a time that stands still unless a test moves it, no threads. */
final class StressCache {

    /** How long a value lives. */
    static final Duration LIFE = Duration.ofMinutes(1);

    /** How long a loader holds on: long enough for another thread to get somewhere, short enough for many tries. */
    private static final int SPINS = 2_000;

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
        return read(cache, source, () -> true);
    }

    /** The same, by a server that has read its data and then holds on for a while, unless something is so. */
    static int read(QueryCache<String, Integer> cache, AtomicInteger source, BooleanSupplier until) {
        try {
            return cache.get("a", (key, load) -> {
                int value = source.get();
                holdOn(until);
                return value;
            });
        } catch (InterruptedException e) {
            return -1;
        }
    }

    static void holdOn(BooleanSupplier until) {
        for (int i = 0; i < SPINS && !until.getAsBoolean(); i++) {
            Thread.onSpinWait();
        }
    }
}
