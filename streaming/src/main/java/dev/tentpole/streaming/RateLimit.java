package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;
import java.util.concurrent.TimeUnit;

/**
 * So many messages a second, by the generic cell rate algorithm (ITU-T I.371): each message moves a theoretical arrival
 * time on by one interval, and passes if that time is not further ahead than the burst allows. For one thread at a time.
 */
final class RateLimit {

    private static final double BURST_SECONDS = 0.1;

    private final NanoClock clock;
    private final double interval;
    private final double tolerance;
    private final long start;
    private double next;

    RateLimit(double perSecond, NanoClock clock) {
        this.clock = clock;
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        tolerance = Math.max(0, Math.floor(perSecond * BURST_SECONDS) - 1) * interval;
        start = clock.nanoTime();
    }

    /** Whether one message may pass now; if so, it has. */
    boolean tryPass() {
        if (nanosToWait() > 0) {
            return false;
        }
        next = Math.max(next, (double) (clock.nanoTime() - start)) + interval;
        return true;
    }

    /** How long the next message has to wait; 0 if it may pass now. */
    long nanosToWait() {
        double ahead = next - tolerance - (double) (clock.nanoTime() - start);
        return ahead <= 0 ? 0 : (long) Math.ceil(ahead);
    }
}
