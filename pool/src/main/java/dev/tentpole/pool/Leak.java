package dev.tentpole.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * A lease that is out for too long, or that nobody can close any more.
 *
 * @param pool the pool's name
 * @param kind which of the two
 * @param age how long ago the lease was taken, exact to some 10 ms
 * @param taken where it was taken, if that lease was {@linkplain PoolSettings.Builder#traceLeases traced}: the message
 *     names the thread, the stack trace the place
 */
public record Leak(String pool, Kind kind, Duration age, Optional<Throwable> taken) {

    /** What kind of leak it is. */
    public enum Kind {
        /** It is held for longer than {@link PoolSettings.Builder#leakThreshold}; told once for each lease. */
        HELD,
        /** It was collected as garbage without having been closed; its object is closed and its place is free again. */
        LOST
    }
}
