package dev.tentpole.core;

import dev.tentpole.base.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of a backend: waits in its lane's queue, runs, and ends, or is cancelled and abandoned until it ends.
 *
 * <p>The outcome and the work are apart: whoever waits is released by a cancellation at once, while the thread stays
 * occupied, and is counted as abandoned, until the work truly ends.
 *
 * @param <T> what the backend answers with
 */
final class Call<T> {

    private enum State {
        QUEUED,
        RUNNING,
        ABANDONED,
        ENDED
    }

    private final Lane lane;
    private final QueryContext context;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final AtomicBoolean decided = new AtomicBoolean();
    private final FutureTask<Void> task;

    private final long start = System.nanoTime();

    Call(Lane lane, QueryContext context, Callable<T> work) {
        this.lane = lane;
        this.context = context;
        this.task = new FutureTask<>(() -> run(work), null);
    }

    long nanosSinceStart() {
        return System.nanoTime() - start;
    }

    FutureTask<Void> task() {
        return task;
    }

    /**
     * Waits for the outcome; once the deadline has passed, cancels the call.
     *
     * @throws ExecutionException with what the backend threw, or why the call was cancelled
     */
    T await(Deadline deadline, Duration allowed) throws InterruptedException, ExecutionException {
        try {
            return outcome.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel(lane.late(allowed));
            return outcome.get();
        }
    }

    /** Ends the wait for the outcome with the reason, and stops the work; harmless if it has ended. */
    void cancel(QueryException reason) {
        if (!decide(reason)) {
            return;
        }
        // Work that has not begun never will; what has is counted before it can end and take itself off the count.
        if (!state.compareAndSet(State.QUEUED, State.ENDED)) {
            lane.abandoned(1);
            if (!state.compareAndSet(State.RUNNING, State.ABANDONED)) {
                lane.abandoned(-1);
            }
        }
        List<QueryContext.Hook> hooks = context.cancel();
        task.cancel(true);
        hooks.forEach(lane::runHook);
        outcome.completeExceptionally(reason);
    }

    /** Whoever comes first decides the outcome, and counts it before anybody can see it. */
    private boolean decide(@Nullable Throwable failure) {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        lane.ended(this, failure);
        return true;
    }

    private void run(Callable<T> work) {
        if (!state.compareAndSet(State.QUEUED, State.RUNNING)) {
            return;
        }
        try {
            T value = work.call();
            if (decide(null)) {
                outcome.complete(value);
            }
        } catch (Throwable e) {
            // The barrier: whatever one backend throws, also an Error, is the fate of this call alone.
            if (decide(e)) {
                outcome.completeExceptionally(e);
            }
        } finally {
            if (state.getAndSet(State.ENDED) == State.ABANDONED) {
                lane.abandoned(-1);
            }
        }
    }
}
