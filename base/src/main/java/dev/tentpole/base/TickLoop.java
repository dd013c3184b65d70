package dev.tentpole.base;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A thread that calls a tick, sleeps as many nanoseconds as the tick returned, and calls it again, until it is stopped.
 *
 * <p>No {@link #wake} and no {@link #stop} is lost, not even one that comes while the tick runs or waits for a lock: the tick
 * is called once more, or no more. After a tick that threw, the next one comes in a second. Safe for use by several threads.
 */
public final class TickLoop {

    private static final long AFTER_FAULT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier tick;
    private final Consumer<? super Throwable> onFault;
    private final Thread thread;
    private volatile boolean woken;
    private volatile boolean stopped;

    /**
     * Makes a loop that does not run yet.
     *
     * @param threads makes its one thread, without starting it
     * @param tick called on that thread only; returns the nanoseconds until the next call, zero or less for at once
     * @param onFault told on that thread of what a tick threw; must not throw
     */
    public TickLoop(ThreadFactory threads, LongSupplier tick, Consumer<? super Throwable> onFault) {
        this.tick = Objects.requireNonNull(tick, "tick");
        this.onFault = Objects.requireNonNull(onFault, "onFault");
        this.thread = threads.newThread(this::run);
    }

    /**
     * Starts the thread, whose first act is a tick.
     *
     * @throws IllegalThreadStateException if it was started before
     */
    public void start() {
        thread.start();
    }

    /** Calls the tick as soon as may be: at once, or once more after the call that is under way. Doesn't wait. */
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /** Ends the thread after the call that is under way, if any. Doesn't wait; calling it twice is harmless. */
    public void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /**
     * Waits for the thread to end; not at all if called by the tick, which can't wait for itself.
     *
     * @param nanos the longest wait, in nanoseconds
     * @throws InterruptedException if the caller is interrupted meanwhile
     */
    public void join(long nanos) throws InterruptedException {
        if (thread != Thread.currentThread()) {
            TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
        }
    }

    private void run() {
        while (!stopped) {
            woken = false;
            long wait = tickSafely();
            // An interruption that code of others left behind would turn every sleep into none.
            boolean ignored = Thread.interrupted();
            // The permit of whoever woke it may be gone, to a lock that the tick waited for: hence the fields.
            if (wait > 0 && !woken && !stopped) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    private long tickSafely() {
        try {
            return tick.getAsLong();
        } catch (RuntimeException | Error e) {
            onFault.accept(e);
            return AFTER_FAULT_NANOS;
        }
    }
}
