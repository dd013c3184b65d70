package dev.tentpole.retry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The generic cell rate algorithm: a bucket is one number, the time at which it will be full again.
 *
 * <p>A permit moves that time on by {@code interval}; it is granted if the time is then no further ahead of now than
 * {@code capacity}. That is the same as a bucket of {@code capacity / interval} tokens that refills by one each interval,
 * exact to the nanosecond, with nothing to refill (ITU-T I.371, annex A; the "virtual scheduling" form).
 *
 * <p>Times are nanoseconds since the limiter's start, so that they do not overflow within 292 years.
 */
final class Gcra {

    /** A bucket that is no more in its map: whoever holds it asks for another one. */
    static final long REMOVED = Long.MIN_VALUE;

    /** What {@link #acquire} says of such a bucket. */
    static final long ASK_AGAIN = -1;

    private final long interval;
    private final long capacity;

    Gcra(int permits, Duration period, int burst, long minCapacity) {
        // Rounded up: never more than the rate.
        interval = (period.toNanos() + permits - 1) / permits;
        capacity = Math.max(interval * burst, minCapacity);
    }

    /**
     * Takes permits.
     *
     * @return 0 if they were granted, else the nanoseconds until they would be
     */
    long acquire(AtomicLong bucket, long now, int permits) {
        long cost = interval * permits;
        while (true) {
            long full = bucket.get();
            if (full == REMOVED) {
                return ASK_AGAIN;
            }
            long next = Math.max(full, now) + cost;
            long excess = next - now - capacity;
            if (excess > 0) {
                return excess;
            }
            if (bucket.compareAndSet(full, next)) {
                return 0;
            }
        }
    }

    /** Nanoseconds until the permits would be granted, 0 if now. */
    long timeUntil(AtomicLong bucket, long now, int permits) {
        return Math.max(0, Math.max(bucket.get(), now) + interval * permits - now - capacity);
    }

    /** How many permits there are now. */
    long available(AtomicLong bucket, long now) {
        return Math.max(0, capacity - Math.max(0, bucket.get() - now)) / interval;
    }

    /** Marks a bucket that is full, so that nothing is lost with it. */
    boolean removeIfFull(AtomicLong bucket, long now) {
        long full = bucket.get();
        return full != REMOVED && full <= now && bucket.compareAndSet(full, REMOVED);
    }

    long interval() {
        return interval;
    }
}
