package dev.tentpole.streaming;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, for a bounded time. */
final class Until {

    private static final long PAUSE_NANOS = 1_000_000;

    private Until() {}

    /** Waits; returns whether it happened. */
    static boolean within(Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    /** Waits; fails if it does not happen. */
    static void holds(BooleanSupplier condition) {
        if (!within(Duration.ofSeconds(20), condition)) {
            throw new AssertionError("it did not happen within 20 s");
        }
    }
}
