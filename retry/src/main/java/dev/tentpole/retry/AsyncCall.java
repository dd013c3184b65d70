package dev.tentpole.retry;

import dev.failsafe.Failsafe;
import dev.failsafe.spi.Scheduler;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One asynchronous call and the future that its caller holds. No thread waits between attempts: Failsafe schedules them, on
 * our timer, and they start on the executor, where what carries the call on makes the attempt as well.
 *
 * <p>The first attempt is started by the caller's thread; as with blocking calls, Failsafe is entered when it has failed.
 * Whoever is first to move {@link #phase} on has the say about what follows: the attempt, the timer, {@code close()}, or
 * whoever completes the future, by {@code cancel} or otherwise.
 */
final class AsyncCall<T extends @Nullable Object> extends CompletableFuture<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

    private enum Phase {
        /** An attempt is under way. */
        TRYING,
        /** An attempt has ended and is being judged. */
        JUDGING,
        /** Between two attempts. */
        WAITING,
        /** The wait is over, and the next attempt asks for leave. */
        STARTING,
        /** No further attempt. */
        OVER
    }

    private final AsyncCalls calls;

    /** Starts an attempt, or makes a {@link Task} that is to be run on the executor. */
    private final Function<Policy, ? extends CompletionStage<T>> starter;

    private final Run run;
    private final long started;

    /** These see what the caller's thread saw, wherever they run; each does what is in its field. */
    private final Runnable resume;

    private final Runnable judge;
    private final Runnable end;

    private volatile Runnable pending = () -> {};
    private volatile Runnable judging = () -> {};
    private volatile Runnable ending = () -> {};

    /** What the executor threw in place of the attempt that is about to start. */
    private volatile @Nullable Throwable refusal;

    /** What an attempt ends with that had not begun when all was closed. */
    private volatile @Nullable CallRejectedException closing;

    /** How often {@link #resume} is to run, one after the other: an attempt may end before what started it does. */
    private final AtomicInteger resumes = new AtomicInteger();

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.TRYING);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable CompletionStage<T> attempt;
    private volatile @Nullable CompletableFuture<?> retries;

    AsyncCall(
            AsyncCalls calls,
            OperationState state,
            Function<Policy, ? extends CompletionStage<T>> starter,
            long started) {
        this.calls = calls;
        this.starter = starter;
        this.started = started;
        this.run = new Run(calls.engine(), state, started);
        this.resume = calls.threads().carry(() -> pending.run(), this::fail);
        this.judge = calls.threads().carry(() -> judging.run(), this::notJudged);
        this.end = calls.threads().carry(() -> ending.run(), this::fail);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What the handlers learn, they deal with.
    void start() {
        whenComplete((value, thrown) -> endedFromOutside());
        run.attemptStarts();
        try {
            begin(started, new CompletableFuture<>()).thenAccept(again -> {
                if (again == run) {
                    enterFailsafe();
                }
            });
        } catch (RuntimeException | Error e) {
            fail(e);
        }
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
                    notScheduled(thrown);
                }
            });
        } catch (RuntimeException | Error e) {
            notScheduled(e);
        }
    }

    /** The timer takes nothing more when it is closed; all else is a fault, and must not be waited for. */
    private void notScheduled(Throwable thrown) {
        if (calls.engine().waits().isClosed()) {
            giveUp(Stop.CLOSED);
        } else {
            fail(thrown);
        }
    }

    /** Starts an attempt; the stage's result is the run if there is to be another one, and null if the call is over. */
    @SuppressWarnings("FutureReturnValueIgnored") // What the handler learns, it deals with.
    private CompletableFuture<@Nullable Object> begin(long attemptStarted, CompletableFuture<@Nullable Object> judged) {
        CompletionStage<T> stage = startAttempt();
        attempt = stage;
        if (phase.get() == Phase.OVER) {
            cancel(stage);
        }
        stage.whenComplete((value, thrown) -> {
            if (phase.compareAndSet(Phase.TRYING, Phase.JUDGING)) {
                judged.complete(judged(stage, value, thrown, attemptStarted) ? run : null);
            } else {
                run.plan.policy.discard(value);
                // Unless the attempt was refused, it has begun, and there is nothing to give back.
                run.abandon();
                judged.complete(null);
            }
        });
        if (stage instanceof Task<T> task) {
            runTask(task);
        }
        return judged;
    }

    private CompletionStage<T> startAttempt() {
        Throwable refused = refusal;
        refusal = null;
        if (refused == null) {
            run.begins();
            try {
                CompletionStage<T> stage = starter.apply(run.plan.policy);
                if (stage != null) {
                    return stage;
                }
                refused = new NullPointerException(
                        "the supplier of operation " + run.state.operation.name() + " returned null and not a stage");
            } catch (Throwable thrown) {
                refused = thrown;
            }
        }
        return CompletableFuture.failedFuture(refused);
    }

    /** The first attempt needs a thread; the others have the one that carries the call on. */
    private void runTask(Task<T> task) {
        if (run.attempts() > 1) {
            calls.threads().runHere(task);
            return;
        }
        try {
            calls.threads().start(task);
        } catch (RuntimeException | Error e) {
            if (calls.engine().waits().isClosed()) {
                task.fail(run.refusing(Engine.closed(run.state.operation.name())));
            } else {
                task.fail(e instanceof RejectedExecutionException ? run.refusing(e) : e);
            }
        }
    }

    /** Whether there is to be another attempt. */
    @SuppressWarnings("ReferenceEquality") // That very exception, made here.
    private boolean judged(CompletionStage<T> stage, T value, @Nullable Throwable thrown, long attemptStarted) {
        if (thrown == null) {
            run.holds(value);
        } else if (thrown == closing) {
            run.refusing(thrown);
        }
        boolean[] goOn = new boolean[1];
        judging = () -> goOn[0] = thrown == null
                ? run.judgeResult(value, attemptStarted)
                : run.judge(stage instanceof Task ? thrown : ofStage(thrown), attemptStarted);
        try {
            judge.run();
        } catch (Throwable e) {
            fail(e);
            return false;
        }
        if (!goOn[0]) {
            finish();
        } else if (!phase.compareAndSet(Phase.JUDGING, Phase.WAITING)) {
            // Ended just now, from outside.
            run.abandon();
            return false;
        }
        return goOn[0];
    }

    /** What a stage failed with; a stage that depends on another one puts an exception around it. */
    private static Throwable ofStage(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    private void finish() {
        phase.set(Phase.OVER);
        if (!ended.compareAndSet(false, true)) {
            run.neverReturned();
            return;
        }
        calls.remove(this);
        ending = () -> {
            T result;
            try {
                result = run.end();
            } catch (Throwable thrown) {
                completeExceptionally(thrown);
                return;
            }
            if (!complete(result)) {
                run.discardResult();
            }
        };
        try {
            end.run();
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    /** The attempt has ended, however it did: nobody could say. */
    private void notJudged(Throwable thrown) {
        run.state.attemptFailed(FailureKind.BUG);
        fail(thrown);
    }

    /** Something is wrong with what was given to us; the call ends with that, since nothing else would end it. */
    private void fail(Throwable thrown) {
        Phase before = phase.getAndSet(Phase.OVER);
        if (before != Phase.TRYING && before != Phase.OVER) {
            run.abandon();
        }
        if (ended.compareAndSet(false, true)) {
            calls.remove(this);
            run.state.callFailed(FailureKind.BUG);
        }
        completeExceptionally(thrown);
        cancelRetries();
    }

    /**
     * Ends a wait, be it for a thread, which the executor may never give; an attempt that is under way goes on, and then ends
     * the call, as there is no further one.
     */
    void giveUp(Stop reason) {
        if (phase.compareAndSet(Phase.WAITING, Phase.OVER)) {
            run.stopAt(reason);
            finish();
            cancelRetries();
        } else if (attempt instanceof Task<T> task) {
            CallRejectedException closed = Engine.closed(run.state.operation.name());
            closing = closed;
            task.fail(closed);
        }
    }

    /**
     * The future was cancelled or completed by someone else: no further attempt starts, and the one under way is cancelled or
     * its thread interrupted.
     */
    private void endedFromOutside() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Phase before = phase.getAndSet(Phase.OVER);
        if (before == Phase.WAITING) {
            run.abandon();
        } else if (before == Phase.TRYING) {
            run.state.attemptFailed(FailureKind.CANCELLED);
        }
        calls.remove(this);
        run.state.callFailed(FailureKind.CANCELLED);
        CompletionStage<T> underWay = attempt;
        if (underWay != null) {
            cancel(underWay);
        }
        cancelRetries();
    }

    /** Stages that are no futures can't be cancelled, and say so. */
    private static void cancel(CompletionStage<?> stage) {
        Judge.shield(
                LOG,
                "The cancelling of a stage",
                () -> stage.toCompletableFuture().cancel(true));
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
            if (!phase.compareAndSet(Phase.WAITING, Phase.STARTING)) {
                return CompletableFuture.completedFuture(null);
            }
            if (!startRetry()) {
                finish();
                return CompletableFuture.completedFuture(null);
            } else if (!phase.compareAndSet(Phase.STARTING, Phase.TRYING)) {
                abandon();
                return CompletableFuture.completedFuture(null);
            }
            attemptStarts();
            return begin(engine.clock().nanoTime(), new CompletableFuture<>());
        }

        @Override
        @Nullable
        Stop admit(long now) {
            return engine.waits().isClosed() ? Stop.CLOSED : null;
        }

        @Override
        boolean holdsThread() {
            return false;
        }

        /** The call has succeeded, but its caller did not wait for that. */
        private void neverReturned() {
            if (hasSucceeded()) {
                state.attemptFailed(FailureKind.CANCELLED);
            }
            abandon();
        }

        @Override
        T attempt() {
            throw new AssertionError("asynchronous calls start their attempts by stages");
        }
    }

    /**
     * Waits on the timer for as long as the run says, whose waits Failsafe does not know; then runs on the executor. What the
     * executor refuses is an attempt that failed: it is judged on the present thread, which does nothing else for it.
     */
    private final class CallScheduler implements Scheduler {

        @Override
        public ScheduledFuture<?> schedule(Callable<?> callable, long delay, TimeUnit unit) {
            Scheduled scheduled = new Scheduled();
            pending = () -> {
                try {
                    callable.call();
                } catch (Throwable e) {
                    fail(e);
                }
            };
            long wait = run.waitLeft();
            if (wait <= 0) {
                goOn();
            } else {
                scheduled.onCancel = calls.timer().schedule(this::goOn, wait);
            }
            return scheduled;
        }

        private void goOn() {
            if (resumes.getAndIncrement() > 0) {
                return;
            }
            try {
                calls.threads().execute(this::resume);
            } catch (RuntimeException | Error e) {
                refusal = e instanceof RejectedExecutionException ? run.refusing(e) : e;
                resume();
            }
        }

        private void resume() {
            do {
                resume.run();
            } while (resumes.decrementAndGet() > 0);
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
