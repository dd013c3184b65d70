package dev.tentpole.health;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The time, the chance and the threads that a registry lives by; tests bring their own. */
interface Surroundings {

    /** The exact monotonic time. */
    NanoClock clock();

    /** The monotonic time that readers look at; may be behind {@link #clock}, never ahead of it. */
    NanoClock readClock();

    /** The time of day. */
    Instant wallTime();

    /** A random number in 0..1. */
    double random();

    /** Runs checks; the engine sees to it that they are few. */
    Executor checks();

    /** Runs deliveries to listeners, of which at most one exists at a time. */
    Executor listeners();

    /** Calls {@code tick} at once, and again whenever the nanoseconds have passed that it returned. */
    void schedule(LongSupplier tick);

    /** Calls the tick as soon as may be. */
    void wake();

    /**
     * Ends all threads: lets deliveries be made, waits for what runs, but no longer than the given time; then calls {@code
     * giveUp} and interrupts whoever still delivers.
     */
    void close(Duration longest, Runnable giveUp);
}
