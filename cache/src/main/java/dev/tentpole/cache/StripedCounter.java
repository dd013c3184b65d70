package dev.tentpole.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * An exact counter for the hottest path: threads add in different cache lines, chosen by their id.
 */
final class StripedCounter {

    private static final int STRIPES = 16;
    private static final int STRIDE = 16;

    private final AtomicLongArray counts = new AtomicLongArray((STRIPES + 1) * STRIDE);

    /** {@return the count of this thread's stripe before} */
    @SuppressWarnings("deprecation") // threadId() is younger than 17
    long increment() {
        return counts.getAndIncrement((((int) Thread.currentThread().getId() & STRIPES - 1) + 1) * STRIDE);
    }

    long sum() {
        long sum = 0;
        for (int i = 1; i <= STRIPES; i++) {
            sum += counts.get(i * STRIDE);
        }
        return sum;
    }
}
