package dev.tentpole.pool;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, until the test's time is up. */
final class Until {

    private static final long PAUSE_NANOS = 1_000_000;

    private Until() {}

    static void holds(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("it did not happen before the test's time was up");
            }
        }
    }
}
