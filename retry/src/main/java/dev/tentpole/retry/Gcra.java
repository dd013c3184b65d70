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

    /** A number that says nothing of its bucket: whoever finds it looks elsewhere. */
    static final long ELSEWHERE = Long.MIN_VALUE;

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
        while (true) {
            long full = bucket.get();
            if (full == ELSEWHERE) {
                return ASK_AGAIN;
            }
            long next = next(full, now, permits);
            long excess = excess(next, now);
            if (excess > 0) {
                return excess;
            }
            if (bucket.compareAndSet(full, next)) {
                return 0;
            }
        }
    }

    /** What a bucket is without so many permits. */
    long next(long full, long now, long permits) {
        return Math.max(full, now) + interval * permits;
    }

    /** By how much a bucket without the permits would be short of them; none if it is not positive. */
    long excess(long next, long now) {
        return next - now - capacity;
    }

    /** Nanoseconds until the permits would be granted, 0 if now. */
    long timeUntil(long full, long now, int permits) {
        return Math.max(0, excess(next(full, now, permits), now));
    }

    /** How many permits there are now. */
    long available(long full, long now) {
        return Math.max(0, capacity - Math.max(0, full - now)) / interval;
    }

    /** Marks a bucket that is full, so that nothing is lost with it. */
    boolean removeIfFull(AtomicLong bucket, long now) {
        long full = bucket.get();
        return full != ELSEWHERE && full <= now && bucket.compareAndSet(full, ELSEWHERE);
    }

    long interval() {
        return interval;
    }
}
