package dev.tentpole.retry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    private final Consumer<Object> onUnwanted;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.NEW;
    private @Nullable Thread runner;

    /** Who waits for it or has asked for it; an executor may run it on that very thread. */
    private @Nullable Thread asker;

    private boolean interrupted;
    private volatile @Nullable Throwable failure;
    private Runnable place = () -> {};

    /**
     * Makes a task that has not begun.
     *
     * @param onUnwanted gets a result that comes after the call was given up
     */
    Task(CheckedSupplier<T, ?> call, Runnable onEnd, Consumer<Object> onUnwanted) {
        this.call = call;
        this.onEnd = onEnd;
        this.onUnwanted = onUnwanted;
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
        stopRunning(thrown instanceof InterruptedException);
        ended();
        if (thrown != null) {
            completeExceptionally(thrown);
        } else if (!complete(result) && result != null) {
            onUnwanted.accept(result);
        }
    }

    /** This thread asks an executor to run it. */
    void isAskedForHere() {
        asker = Thread.currentThread();
    }

    /** It takes a place, from before it may begin; the place is free before anyone learns of its end, which may have been. */
    void takes(Runnable givesBack) {
        boolean isOver;
        lock.lock();
        try {
            isOver = state == State.ENDED;
            place = isOver ? place : givesBack;
        } finally {
            lock.unlock();
        }
        if (isOver) {
            givesBack.run();
        }
    }

    private void ended() {
        place.run();
        onEnd.run();
    }

    /**
     * It will not run, for that reason; nothing happens if it has begun.
     *
     * @return whether it had not
     */
    boolean fail(Throwable reason) {
        boolean fails = endUnlessBegun();
        if (fails) {
            failure = reason;
            ended();
            completeExceptionally(reason);
        }
        return fails;
    }

    /** What the call threw, as it threw it; null if it did not. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /**
     * Our interrupt was for the call; it must not meet what this thread does next. One of whoever asked for the call was for
     * more than that, and is kept.
     */
    private void stopRunning(boolean tookInterrupt) {
        lock.lock();
        try {
            state = State.ENDED;
            boolean isAsker = runner == asker;
            runner = null;
            asker = null;
            if (interrupted) {
                Thread.interrupted();
            } else if (tookInterrupt && isAsker) {
                Thread.currentThread().interrupt();
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
        giveUp();
        return isCancelled();
    }

    /**
     * Gives the call up.
     *
     * @return whether it had not begun, and never will
     */
    boolean giveUp() {
        super.cancel(true);
        if (endUnlessBegun()) {
            ended();
            return true;
        }
        lock.lock();
        try {
            if (runner != null) {
                interrupted = true;
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
        return false;
    }

    private boolean endUnlessBegun() {
        lock.lock();
        try {
            boolean isNew = state == State.NEW;
            state = isNew ? State.ENDED : state;
            return isNew;
        } finally {
            lock.unlock();
        }
    }
}
