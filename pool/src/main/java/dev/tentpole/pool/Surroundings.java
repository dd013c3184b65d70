package dev.tentpole.pool;

import dev.tentpole.base.NanoClock;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The time, the chance and the threads that a pool lives by; tests bring their own. */
interface Surroundings {

    /** The exact monotonic time. */
    NanoClock clock();

    /** The monotonic time of the fast path: costs one memory read, may be behind {@link #clock}, never ahead of it. */
    NanoClock coarseClock();

    /** The time of day. */
    Instant wallTime();

    /** A random number in 0..1. */
    double random();

    /** Runs calls of the allocator; the engine sees to it that they are few. */
    Executor calls();

    /** Calls {@code tick} at once, and again whenever the nanoseconds have passed that it returned. */
    void schedule(LongSupplier tick);

    /** Calls the tick as soon as may be. */
    void wake();

    /** Ends all threads, those of stuck calls as soon as these return. */
    void close();
}
