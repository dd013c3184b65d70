package dev.tentpole.retry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call made on another thread, which can be given up: its thread is interrupted, and only during the call.
 *
 * <p>As a future it is over when the call has ended or was given up. {@code onEnd} runs exactly once, when the call has truly
 * ended: after it returned or threw, or when it was given up before it began.
 */
final class Task<T extends @Nullable Object> extends CompletableFuture<T> implements Runnable {

    private enum State {
        NEW,
        RUNNING,
        ENDED
    }

    private final CheckedSupplier<T, ?> call;
    private final Runnable onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.NEW;
    private @Nullable Thread runner;
    private boolean interrupted;
    private volatile @Nullable Throwable failure;

    Task(CheckedSupplier<T, ?> call, Runnable onEnd) {
        this.call = call;
        this.onEnd = onEnd;
    }

    @Override
    public void run() {
        lock.lock();
        try {
            if (state != State.NEW) {
                return;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        T result = null;
        Throwable thrown = null;
        try {
            result = call.get();
        } catch (Throwable e) {
            thrown = e;
        }
        failure = thrown;
        stopRunning();
        onEnd.run();
        if (thrown == null) {
            complete(result);
        } else {
            completeExceptionally(thrown);
        }
    }

    /** What the call threw, as it threw it; null if it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Our interrupt was for the call; it must not meet what this thread does next. */
    private void stopRunning() {
        lock.lock();
        try {
            state = State.ENDED;
            runner = null;
            if (interrupted) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the call up, whatever the argument says: its thread is interrupted.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        boolean neverBegan;
        lock.lock();
        try {
            neverBegan = state == State.NEW;
            if (neverBegan) {
                state = State.ENDED;
            }
            if (runner != null) {
                interrupted = true;
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
        if (neverBegan) {
            onEnd.run();
        }
        return cancelled;
    }
}
