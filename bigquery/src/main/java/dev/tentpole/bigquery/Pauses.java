package dev.tentpole.bigquery;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time as the client sees it, and the waits between attempts.
 *
 * @param nanos for durations
 * @param wall for dates
 * @param sleeper how to wait
 * @param random from 0 to below 1
 */
record Pauses(NanoClock nanos, InstantSource wall, Sleeper sleeper, DoubleSupplier random) {

    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(32);
    private static final int MOST_DOUBLINGS = 7;

    static Pauses system() {
        return new Pauses(
                NanoClock.system(),
                InstantSource.system(),
                pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /**
     * {@return how long to wait before the next attempt: doubling, half of it random, and never shorter than what the server
     * asks for}
     *
     * @param failures how many attempts have failed, at least 1
     * @param asked what the server asks for, null for nothing
     */
    Duration afterFailure(int failures, @Nullable Duration asked) {
        Duration full = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        long nanos = (full.compareTo(LONGEST) < 0 ? full : LONGEST).toNanos();
        Duration own = Duration.ofNanos(nanos / 2 + (long) (random.getAsDouble() * (nanos - nanos / 2)));
        return asked != null && asked.compareTo(own) > 0 ? asked : own;
    }
}
