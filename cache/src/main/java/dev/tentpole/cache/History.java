package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicLong;

/** The order of loads, puts and invalidations in a cache. */
final class History {

    private final AtomicLong last = new AtomicLong();

    long next() {
        return last.incrementAndGet();
    }

    long last() {
        return last.get();
    }
}
