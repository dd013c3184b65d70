package dev.tentpole.retry;

import dev.failsafe.Failsafe;
import dev.failsafe.spi.Scheduler;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One asynchronous call and the future that its caller holds. No thread waits between attempts: Failsafe schedules them, on
 * our timer, and they start on the executor.
 *
 * <p>The first attempt is started by the caller's thread; as with blocking calls, Failsafe is entered when it has failed.
 * A wait is ended by whoever is first to move {@link #phase} on: the timer, {@code close()}, or {@link #cancel}.
 */
final class AsyncCall<T extends @Nullable Object> extends CompletableFuture<T> {

    private enum Phase {
        /** An attempt is under way, or being judged. */
        TRYING,
        /** Between two attempts. */
        WAITING,
        /** No further attempt. */
        OVER
    }

    private final AsyncCalls calls;
    private final Supplier<? extends CompletionStage<T>> starter;
    private final Run run;
    private final long started;

    /** Goes on with what is {@link #pending}, seeing what the caller's thread saw. */
    private final Runnable resume;

    private volatile Runnable pending = () -> {};
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.TRYING);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable CompletionStage<T> attempt;
    private volatile @Nullable CompletableFuture<?> retries;

    AsyncCall(AsyncCalls calls, OperationState state, Supplier<? extends CompletionStage<T>> starter, long started) {
        this.calls = calls;
        this.starter = starter;
        this.started = started;
        this.run = new Run(calls.engine(), state, started);
        this.resume = calls.threads().carry(this::resume);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What the handler learns, it deals with.
    void start() {
        run.attemptStarts();
        begin(started, new CompletableFuture<>()).thenAccept(again -> {
            if (again == run) {
                enterFailsafe();
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What the handler learns, it deals with.
    private void enterFailsafe() {
        try {
            CompletableFuture<?> future = Failsafe.with(run.plan.retryPolicy)
                    .with(new CallScheduler())
                    .getStageAsync(run::next);
            retries = future;
            if (isDone()) {
                future.cancel(true);
            }
            future.whenComplete((nothing, thrown) -> {
                if (thrown != null) {
                    giveUp(RetryRun.Stop.CLOSED);
                }
            });
        } catch (RuntimeException | Error e) {
            giveUp(RetryRun.Stop.CLOSED);
        }
    }

    /** Starts an attempt; the stage's result is the run if there is to be another one, and null if the call is over. */
    private CompletableFuture<@Nullable Object> begin(long attemptStarted, CompletableFuture<@Nullable Object> judged) {
        CompletionStage<T> stage;
        try {
            stage = starter.get();
            if (stage == null) {
                throw new NullPointerException(
                        "the supplier of operation " + run.state.operation.name() + " returned null and not a stage");
            }
        } catch (Throwable thrown) {
            // Among them an executor's refusal.
            stage = CompletableFuture.failedFuture(thrown);
        }
        attempt = stage;
        if (isCancelled()) {
            stage.toCompletableFuture().cancel(true);
        }
        stage.whenComplete((value, thrown) -> {
            if (isCancelled()) {
                judged.complete(null);
                return;
            }
            boolean goOn = thrown == null ? run.judgeResult(value, attemptStarted) : run.judge(thrown, attemptStarted);
            if (goOn) {
                if (!phase.compareAndSet(Phase.TRYING, Phase.WAITING)) {
                    // Cancelled just now.
                    run.putBack();
                }
                judged.complete(run);
            } else {
                finish();
                judged.complete(null);
            }
        });
        return judged;
    }

    private void finish() {
        phase.set(Phase.OVER);
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        calls.remove(this);
        try {
            complete(run.end());
        } catch (Throwable thrown) {
            completeExceptionally(RetryRun.unwrapped(thrown));
        }
    }

    /** Ends a wait; an attempt that is under way goes on, and then ends the call, as there is no further one. */
    void giveUp(RetryRun.Stop reason) {
        if (phase.compareAndSet(Phase.WAITING, Phase.OVER)) {
            run.stopAt(reason);
            finish();
            cancelRetries();
        }
    }

    /**
     * Ends the call: no further attempt starts, and the one under way is cancelled or its thread interrupted.
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && ended.compareAndSet(false, true)) {
            if (phase.getAndSet(Phase.OVER) == Phase.WAITING) {
                run.putBack();
            }
            calls.remove(this);
            run.state.callFailed(FailureKind.CANCELLED);
            CompletionStage<T> underWay = attempt;
            if (underWay != null) {
                underWay.toCompletableFuture().cancel(true);
            }
            cancelRetries();
        }
        return cancelled;
    }

    private void resume() {
        pending.run();
    }

    private void cancelRetries() {
        CompletableFuture<?> future = retries;
        if (future != null) {
            future.cancel(true);
        }
    }

    private final class Run extends RetryRun<T> {

        Run(Engine engine, OperationState state, long started) {
            super(engine, state, state.plan, started, Engine.NO_DEADLINE);
        }

        /** Failsafe asks for an attempt. */
        private CompletionStage<@Nullable Object> next() {
            if (!phase.compareAndSet(Phase.WAITING, Phase.TRYING)) {
                return CompletableFuture.completedFuture(null);
            }
            if (!startRetry()) {
                finish();
                return CompletableFuture.completedFuture(null);
            }
            attemptStarts();
            return begin(engine.clock().nanoTime(), new CompletableFuture<>());
        }

        @Override
        boolean admit() {
            return !engine.waits().isClosed();
        }

        @Override
        T attempt() {
            throw new AssertionError("asynchronous calls start their attempts by stages");
        }
    }

    /**
     * Waits on the timer for as long as the run says, whose waits Failsafe does not know; then runs on the executor. A
     * refusal ends the call and is not lost on the timer's thread.
     */
    private final class CallScheduler implements Scheduler {

        @Override
        public ScheduledFuture<?> schedule(Callable<?> callable, long delay, TimeUnit unit) {
            Scheduled scheduled = new Scheduled();
            pending = () -> {
                try {
                    callable.call();
                } catch (Exception e) {
                    giveUp(RetryRun.Stop.CLOSED);
                }
            };
            long wait = run.lastWait();
            if (wait <= 0) {
                calls.threads().execute(resume);
                return scheduled;
            }
            scheduled.onCancel = calls.timer()
                    .schedule(
                            () -> {
                                try {
                                    calls.threads().execute(resume);
                                } catch (RuntimeException | Error e) {
                                    giveUp(RetryRun.Stop.CLOSED);
                                }
                            },
                            wait);
            return scheduled;
        }
    }

    /** What Failsafe holds of something scheduled; it only ever cancels it. */
    private static final class Scheduled extends CompletableFuture<Object> implements ScheduledFuture<Object> {

        private volatile Runnable onCancel = () -> {};

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            onCancel.run();
            return super.cancel(mayInterruptIfRunning);
        }
    }
}
