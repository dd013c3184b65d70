package dev.tentpole.streaming;

import dev.tentpole.base.NanoClock;

/** One thread that does all that a connection does, in order, and its timers; tests bring their own. */
interface EventLoop extends NanoClock, AutoCloseable {

    /** Runs a task after those that were given before. After the end of the loop does nothing. */
    void execute(Runnable task);

    /** Runs a task on the loop once the time has passed. Called on the loop. */
    Timer schedule(long delayNanos, Runnable task);

    /** Whether the caller is on the loop. */
    boolean inLoop();

    /** Ends the loop after the tasks that were given before. */
    @Override
    void close();

    /** A task that waits for its time. */
    interface Timer {

        /** A timer that has nothing to run. */
        Timer NONE = () -> {};

        /** Sees to it that it does not run. */
        void cancel();
    }
}
