package dev.tentpole.pool;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A borrower that found nothing free. Its fields but {@link #given} and {@link #refused} are guarded by the engine's lock. */
final class Waiter<T> {

    /** When its borrower came. */
    final long since;

    private final Thread thread;

    /** What it was given directly; it is out of the queue then. */
    volatile @Nullable Slot<T> given;

    /** The pool was closed. */
    volatile boolean refused;

    /** It was told to look and has not looked yet. */
    boolean woken;

    Waiter(long since, Thread thread) {
        this.since = since;
        this.thread = thread;
    }

    void unpark() {
        LockSupport.unpark(thread);
    }
}
