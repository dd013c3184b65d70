package dev.tentpole.retry;

import dev.failsafe.ExecutionContext;
import dev.failsafe.FailsafeException;
import dev.failsafe.function.ContextualSupplier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call whose first attempt failed: what happened so far, and whether, when and how it goes on.
 *
 * <p>Design. Most calls succeed at once, and entering Failsafe for them costs 130 to 160 ns and over 400 bytes. So the
 * first attempt is made right in {@link Retryer#call}, with a {@code try} around it and nothing else; only when it fails
 * is a run made, and Failsafe entered for the attempts that remain. Failsafe owns the loop, their number and, for
 * asynchronous calls, when they are scheduled; what it asks for is ours:
 *
 * <ul>
 *   <li>{@link #judge} decides by the policy, the operation, the time and the budget. That there is to be another attempt
 *       is a result for which Failsafe's policy tries again, the run itself; an exception for that would cost more than
 *       all the rest. Everything else ends Failsafe's loop: how the call ended is kept here and not in an exception that
 *       Failsafe would wrap.
 *   <li>The wait before an attempt is ours as well: Failsafe sleeps in whole milliseconds and only an interrupt wakes it,
 *       while here {@code close()} and an injected clock have a say.
 * </ul>
 *
 * <p>With {@code alwaysFailsafe}, a setting for tests, the first attempt goes through Failsafe too; a test holds both ways
 * to the same results, exceptions, listeners, counters and interrupts.
 *
 * <p>A run is used by one thread at a time; Failsafe's hand-over from thread to thread orders their accesses.
 */
abstract class RetryRun<T extends @Nullable Object> implements ContextualSupplier<Object, Object> {

    /** The calls that failed for good are logged under the name of the class that users know. */
    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

    private static final int MAX_WRAPPERS = 20;

    final Engine engine;
    final OperationState state;
    final Plan plan;
    private final long started;
    private final long deadline;
    private final boolean hasDeadline;

    /** When the first attempt began, which may have had to wait for that. */
    private long firstStarted;

    private final NextAttempt next;
    private int attempts;
    private @Nullable Tried last;
    private @Nullable T result;
    private boolean succeeded;
    private Stop stop = Stop.NOT_RETRYABLE;

    /** What was thrown here because an attempt could not be made. */
    private @Nullable Throwable refusal;

    /**
     * @param started when the call began, by the coarse clock
     * @param within nanoseconds from then to the caller's deadline; {@link Engine#NO_DEADLINE} if there is none
     */
    RetryRun(Engine engine, OperationState state, Plan plan, long started, long within) {
        this.engine = engine;
        this.state = state;
        this.plan = plan;
        this.started = started;
        this.deadline = started + within;
        this.hasDeadline = within != Engine.NO_DEADLINE;
        this.firstStarted = started;
        this.next = new NextAttempt(engine, state, plan);
    }

    /** Makes an attempt. */
    abstract T attempt() throws Throwable;

    /** Whether a further attempt has a chance to be let through, asked before anything is spent on it. */
    boolean mayRetry() {
        return true;
    }

    /** Asks for leave to make a further attempt, after the wait; null if it is given, else why not. */
    @Nullable
    Stop admit(long now) throws InterruptedException {
        return null;
    }

    /** Whether attempts are made and judged on the caller's thread, so that its interrupts are about this call. */
    boolean holdsThread() {
        return true;
    }

    /** Whether attempts are made on this thread, so that their interrupts are of it. */
    boolean attemptsHere() {
        return holdsThread();
    }

    /** An attempt succeeded. */
    void attemptSucceeded(long attemptStarted) {}

    /** An attempt failed; without an exception, it was its result that failed. */
    void attemptFailed(Failure failure, @Nullable Throwable thrown, long attemptStarted) {}

    /** An attempt could not be made after all. */
    void attemptRefused() {}

    /** Of an exception about to be thrown by {@link #attempt}: it is thrown because the call was not made. */
    <X extends Throwable> X refusing(X thrown) {
        refusal = thrown;
        return thrown;
    }

    /** The first attempt begins only now. */
    void firstStarts(long now) {
        firstStarted = now;
    }

    /** Nanoseconds until the caller's deadline; {@link Engine#NO_DEADLINE} if there is none. */
    long remaining(long now) {
        return hasDeadline ? deadline - now : Engine.NO_DEADLINE;
    }

    /** Nanoseconds in which the next attempt must start, if there is to be one; not positive if there is no time for it. */
    long timeToStart(long now) {
        if (attempts == 0) {
            return remaining(now);
        }
        long elapsed = plan.maxElapsed - (now - started);
        return hasDeadline ? Math.min(elapsed, deadline - now - plan.minAttemptTime) : elapsed;
    }

    int attempts() {
        return attempts;
    }

    /** The whole call by way of Failsafe. */
    T all() throws Throwable {
        return loop();
    }

    /** What remains of a call whose first attempt was made by the caller of this method and threw. */
    T afterThrown(Throwable thrown) throws Throwable {
        attempts = 1;
        return judge(thrown, firstStarted) ? loop() : end();
    }

    /** What remains of a call whose first attempt was made by the caller of this method and returned. */
    T afterResult(T value) throws Throwable {
        attempts = 1;
        return judgeResult(value, firstStarted) ? loop() : end();
    }

    private T loop() throws Throwable {
        try {
            if (plan.failsafe.get(this) == this) {
                // Failsafe counts as we do, so this can't be; if it were, the call has failed with its last failure.
                stop = Stop.ATTEMPTS;
            }
        } catch (FailsafeException e) {
            // Interrupted between the decision to go on and the wait; Failsafe has restored the interrupt status.
            stop = Stop.INTERRUPTED;
        }
        return end();
    }

    /** Failsafe asks for an attempt; this, if there is to be another one. */
    @Override
    public @Nullable Object get(ExecutionContext<Object> context) {
        if (attempts > 0 && !waitForTurn()) {
            return null;
        }
        attempts++;
        long attemptStarted = attempts == 1 ? firstStarted : engine.clock().nanoTime();
        boolean goOn;
        try {
            goOn = judgeResult(attempt(), attemptStarted);
        } catch (Throwable thrown) {
            goOn = judge(thrown, attemptStarted);
        }
        return goOn ? this : null;
    }

    private boolean waitForTurn() {
        try {
            if (!engine.waits().sleep(next.waitLeft())) {
                stop = Stop.CLOSED;
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop = Stop.INTERRUPTED;
            return false;
        }
        return startRetry();
    }

    /** The wait is over: asks for leave. The wait may have been longer than it was meant to be. */
    boolean startRetry() {
        long now = engine.clock().nanoTime();
        next.waited(now);
        Stop refused;
        try {
            refused = timeToStart(now) <= 0 ? Stop.TIME : admit(now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refused = Stop.INTERRUPTED;
        }
        if (refused != null) {
            stop = refused;
            return false;
        }
        return true;
    }

    /** An attempt is made: a further one counts, and nobody will get the last one's result. */
    void begins() {
        counts();
        discardResult();
    }

    /** An attempt is made, perhaps by this thread; a further one counts, once. */
    void counts() {
        next.started();
    }

    /** Nobody will get the result. */
    void discardResult() {
        plan.policy.discard(takeResult());
    }

    /** The result, which is not held any more; null if there is none. */
    @SuppressWarnings("NullAway") // As in value(): there is no result.
    @Nullable
    T takeResult() {
        T held = result;
        result = null;
        return held;
    }

    /** Keeps a result that is yet to be judged. */
    void holds(@Nullable T value) {
        result = value;
    }

    /** For calls that do not come here to make an attempt: one begins. */
    void attemptStarts() {
        attempts++;
    }

    /**
     * Takes note of a result.
     *
     * @return whether there is to be another attempt
     */
    boolean judgeResult(T value, long attemptStarted) {
        result = value;
        if (plan.judgesResults) {
            Optional<Failure> failure = Engine.classifyResult(plan.classifier, value);
            if (failure.isPresent()) {
                return decide(failure.get(), null, false, attemptStarted);
            }
        }
        attemptSucceeded(attemptStarted);
        succeeded = true;
        return false;
    }

    /**
     * Takes note of a failure.
     *
     * @return whether there is to be another attempt
     */
    @SuppressWarnings("ReferenceEquality") // That very exception, thrown here.
    boolean judge(Throwable thrown, long attemptStarted) {
        if (thrown instanceof InterruptedException && attemptsHere()) {
            Thread.currentThread().interrupt();
        }
        Failure failure = Engine.classify(plan.classifier, thrown);
        boolean refused = thrown == refusal;
        // Only of what was refused here it is certain: a refusal out of the call says nothing of what the call did
        // before.
        return decide(refused ? failure.withNothingDone() : failure, thrown, refused, attemptStarted);
    }

    /** Without what futures put around it. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable current = thrown;
        for (int i = 0; i < MAX_WRAPPERS; i++) {
            Throwable cause = current.getCause();
            boolean wraps = current instanceof CompletionException || current instanceof ExecutionException;
            if (!wraps || cause == null) {
                break;
            }
            current = cause;
        }
        return current;
    }

    private boolean decide(Failure failure, @Nullable Throwable thrown, boolean refused, long attemptStarted) {
        long now = engine.clock().nanoTime();
        Tried tried = new Tried(last, failure, thrown, refused, Math.max(0, now - attemptStarted));
        last = tried;
        if (refused) {
            next.drop();
            attemptRefused();
        } else {
            state.attemptFailed(failure.kind());
            attemptFailed(failure, thrown, attemptStarted);
        }
        Stop reason = reasonToStop(failure, now);
        if (reason == null) {
            tried.waits(next.chosenWait());
            next.decided(now);
        } else {
            stop = reason;
        }
        if (engine.hasListeners()) {
            Attempt shown = tried.shown(attempts);
            engine.tell(listener -> listener.onFailedAttempt(state.operation, shown));
        }
        return reason == null;
    }

    /** Null if there is to be another attempt; the budget comes last, so that nothing is spent in vain. */
    private @Nullable Stop reasonToStop(Failure failure, long now) {
        boolean certain = state.operation.isIdempotent() || failure.nothingDone();
        if (failure.refusesRetry() || !certain || !plan.retryOn.contains(failure.kind())) {
            return Stop.NOT_RETRYABLE;
        } else if (holdsThread() && Thread.currentThread().isInterrupted()) {
            return Stop.THREAD_WANTED;
        } else if (attempts >= plan.maxAttempts) {
            return Stop.ATTEMPTS;
        } else if (engine.waits().isClosed()) {
            return Stop.CLOSED;
        }
        Duration advice = failure.retryAfterOrNull();
        if (advice != null && advice.compareTo(plan.policy.maxAdvice()) > 0) {
            return Stop.ADVICE;
        }
        if (next.chooseWait(attempts, advice) >= timeToStart(now)) {
            return Stop.TIME;
        } else if (!mayRetry()) {
            return Stop.GUARD;
        }
        return next.pay() ? null : Stop.BUDGET;
    }

    boolean hasSucceeded() {
        return succeeded;
    }

    long waitLeft() {
        return next.waitLeft();
    }

    void stopAt(Stop reason) {
        stop = reason;
    }

    /** The retry that was decided on will not start. */
    void dropRetry() {
        if (next.drop() && last != null) {
            last.isLast();
        }
    }

    /** The call is over without an end of its own: gives back what it holds. */
    void abandon() {
        dropRetry();
        discardResult();
    }

    /** The call is over: counts, tells, logs; then returns or throws what it ended with. */
    T end() throws Throwable {
        dropRetry();
        Tried tried = last == null ? null : last.lastMade();
        if (succeeded) {
            if (tried == null) {
                state.firstSuccesses.increment();
            } else {
                state.callRecovered();
                if (engine.hasListeners()) {
                    List<Attempt> shown = shown();
                    engine.tell(listener -> listener.onRecovered(state.operation, shown));
                }
            }
            return value();
        }
        boolean interrupted = stop == Stop.INTERRUPTED;
        FailureKind kind = interrupted || tried == null
                ? FailureKind.CANCELLED
                : tried.failure().kind();
        boolean made = tried == null || !tried.refused();
        if (made) {
            state.callFailed(kind);
        } else {
            state.callRejected();
        }
        boolean exhausted = made && plan.maxAttempts > 1 && stop.exhausts(attempts, kind);
        if (exhausted) {
            state.callExhausted();
        }
        if ((exhausted && LOG.isWarnEnabled()) || engine.hasListeners()) {
            List<Attempt> shown = shown();
            if (exhausted) {
                LOG.warn(
                        "Operation {} failed, {}. Attempts: {}",
                        state.operation.name(),
                        stop.text(),
                        Tried.text(shown));
            }
            engine.tell(listener -> listener.onFailed(state.operation, shown));
        }
        if (tried != null && tried.thrown() == null && !interrupted) {
            return value();
        }
        discardResult();
        throw failure(tried, interrupted);
    }

    @SuppressWarnings("NullAway") // Null only if the call returned null, and then T says so.
    private T value() {
        return result;
    }

    private Throwable failure(@Nullable Tried tried, boolean interrupted) {
        Throwable end;
        if (interrupted && (tried == null || !(tried.thrown() instanceof InterruptedException))) {
            end = new CallInterruptedException(
                    state.operation.name(),
                    "operation " + state.operation.name() + " was interrupted after " + attempts + " attempts",
                    null);
        } else if (tried == null || tried.thrown() == null) {
            throw new AssertionError("a call that failed has no failure");
        } else {
            end = tried.thrown();
        }
        Tried.addSuppressed(end, last);
        return end;
    }

    private List<Attempt> shown() {
        return last == null ? List.of() : last.all(succeeded ? attempts - 1 : attempts);
    }
}
