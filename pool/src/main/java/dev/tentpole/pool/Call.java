package dev.tentpole.pool;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of the allocator on a thread of the pool. It ends once: with what it brought, or at its timeout; what it brings
 * after that is late.
 */
final class Call<R> implements Runnable {

    /** What is called. */
    enum Kind {
        OPEN("open"),
        VALIDATE("validate"),
        RESET("reset"),
        CLOSE("close");

        private final String method;

        Kind(String method) {
            this.method = method;
        }
    }

    /** What to do when it ends; runs on the call's thread, or on the housekeeper's at the timeout. Must not wait. */
    interface Outcome<R> {

        void succeeded(R result);

        void failed(Throwable failure);

        /** It succeeded after its timeout; on the call's thread, may wait. */
        default void late(R result) {}
    }

    final Kind kind;
    final long deadline;
    private final Callable<R> work;
    private final Outcome<R> outcome;
    private final Calls calls;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Throwable refusal;
    private @Nullable Thread thread;
    private boolean ended;
    private boolean interrupted;
    private boolean abandoned;

    Call(Calls calls, Kind kind, long deadline, Callable<R> work, Outcome<R> outcome) {
        this.calls = calls;
        this.kind = kind;
        this.deadline = deadline;
        this.work = work;
        this.outcome = outcome;
    }

    @Override
    public void run() {
        lock.lock();
        try {
            if (ended && kind != Kind.CLOSE) {
                return;
            }
            thread = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            callAndTell();
        } finally {
            calls.over(this, isAbandoned());
        }
    }

    private void callAndTell() {
        R result;
        try {
            result = work.call();
        } catch (Throwable failure) {
            if (finish()) {
                outcome.failed(failure);
            }
            return;
        }
        if (finish()) {
            outcome.succeeded(result);
        } else {
            outcome.late(result);
        }
    }

    /** Ends it at its timeout: interrupts its thread, and abandons it if that is allowed, or by force. */
    void expire(boolean force) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (thread != null && !interrupted) {
                interrupted = true;
                thread.interrupt();
            }
            // Closing has to be done, even if its thread begins after the timeout; the others need not begin then.
            boolean goesOn = thread != null || kind == Kind.CLOSE;
            if (goesOn && !calls.tryAbandon(kind, force)) {
                return;
            }
            abandoned = goesOn;
            ended = true;
        } finally {
            lock.unlock();
        }
        outcome.failed(new TimeoutException(kind.method + " of the allocator ran into its timeout"));
        if (!isAbandoned()) {
            calls.over(this, false);
        }
    }

    /** There was no thread for it; {@link #refuse} follows. */
    void refuseLater(Throwable reason) {
        refusal = reason;
    }

    @Nullable
    Throwable refusal() {
        return refusal;
    }

    /** There was no thread for it. */
    void refuse(Throwable reason) {
        if (finish()) {
            outcome.failed(reason);
        }
        calls.over(this, false);
    }

    /** Returns whether it ends now, and not at its timeout; clears the interruption that was meant for it. */
    private boolean finish() {
        lock.lock();
        try {
            thread = null;
            if (interrupted) {
                Thread.interrupted();
            }
            boolean first = !ended;
            ended = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAbandoned() {
        lock.lock();
        try {
            return abandoned;
        } finally {
            lock.unlock();
        }
    }
}
