package dev.tentpole.retry;

import dev.tentpole.retry.CallRejectedException.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that passes the guards of a {@link Resilience}: breaker, rate limit and bulkhead before the first attempt; breaker
 * and rate limit again before each further one.
 *
 * <p>What an attempt is let in by is taken in an order of its own. A breaker that lets nobody pass refuses first, so that it
 * costs neither a permit nor a place; but its leave is taken last, after the waits for the rate limit and the bulkhead, so
 * that nobody passes a breaker that opened meanwhile, and a probe is not out before it begins. Whoever is refused on the way
 * gives all of it back.
 *
 * <p>The place in the bulkhead is kept from before the first attempt to the end of the call, and by an attempt that was
 * given up until it truly ends; the next attempt then needs another place.
 */
final class GuardedRun<T extends @Nullable Object> extends RetryRun<T> implements RateLimiter.Taker {

    private final Resilience guards;
    final CheckedSupplier<? extends T, ?> call;

    /** What let the present attempt in, and wants to know how it ends; null without a breaker, or once it knows. */
    private @Nullable BreakerPhase phase;

    private Bulkhead.@Nullable Permit permit;
    private boolean permitLeftBehind;

    /** The present attempt has a permit of the rate limit, taken at that time. */
    private boolean rated;

    private long ratedAt;

    /** The present attempt had to wait in a line. */
    private boolean waited;

    /** What was thrown here because the caller's time was over, which says nothing about the backend. */
    private @Nullable CallTimeoutException outOfTime;

    GuardedRun(
            Resilience guards,
            OperationState state,
            Plan plan,
            long started,
            long within,
            CheckedSupplier<? extends T, ?> call,
            @Nullable BreakerPhase phase) {
        super(guards.engine(), state, plan, started, within);
        this.guards = guards;
        this.call = call;
        this.phase = phase;
    }

    /** The whole call. */
    T whole(long started) throws Throwable {
        enter(started);
        try {
            if (engine.isAlwaysFailsafe()) {
                return all();
            }
            T value;
            try {
                value = attempt();
            } catch (Throwable thrown) {
                return afterThrown(thrown);
            }
            return afterResult(value);
        } finally {
            leave();
        }
    }

    private void enter(long started) {
        Reason refusal;
        try {
            refusal = pass(started, true);
        } catch (InterruptedException e) {
            state.callRejected();
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(
                    state.operation.name(),
                    "operation " + state.operation.name() + " was interrupted while it waited to begin",
                    e);
        }
        if (refusal != null) {
            state.callRejected();
            throw rejected(refusal, state.operation.name());
        }
        if (waited) {
            // What it waited here is no slowness of the backend.
            firstStarts(engine.clock().nanoTime());
        }
    }

    private CallRejectedException rejected(Reason reason, String subject) {
        return switch (reason) {
            case BREAKER_OPEN -> Objects.requireNonNull(guards.breaker).rejected(subject);
            case RATE_LIMITED -> Objects.requireNonNull(guards.limiter).rejected(subject, guards.limiterWaitNanos);
            case BULKHEAD_FULL -> Objects.requireNonNull(guards.bulkhead).rejected(subject);
            case DEADLINE ->
                new CallRejectedException(
                        subject, reason, "operation " + subject + ": its deadline passed while it waited to begin");
            default ->
                new CallRejectedException(subject, reason, "operation " + subject + ": what it waited for was closed");
        };
    }

    @Override
    @Nullable
    Stop admit(long now) throws InterruptedException {
        Reason refusal = pass(now, permitLeftBehind);
        if (refusal == null) {
            return null;
        }
        return switch (refusal) {
            case DEADLINE -> Stop.TIME;
            case CLOSED -> Stop.CLOSED;
            default -> Stop.GUARD;
        };
    }

    /** Who refuses the next attempt; null if nobody does. */
    private @Nullable Reason pass(long now, boolean needsPlace) throws InterruptedException {
        waited = false;
        rated = false;
        boolean passed = false;
        try {
            Reason refusal = guards.breaker != null && guards.breaker.refuses() ? Reason.BREAKER_OPEN : null;
            refusal = refusal == null ? takeRate(now) : refusal;
            refusal = refusal == null && needsPlace ? takePlace(now) : refusal;
            if (refusal == null && waited && timeToStart(engine.clock().nanoTime()) <= 0) {
                refusal = Reason.DEADLINE;
            }
            refusal = refusal == null ? takePhase() : refusal;
            passed = refusal == null;
            return refusal;
        } finally {
            if (!passed) {
                leave();
                putRateBack();
            }
        }
    }

    private @Nullable Reason takeRate(long now) throws InterruptedException {
        RateLimiter limiter = guards.limiter;
        if (limiter == null) {
            return null;
        }
        WaitLine.End end =
                limiter.acquire(1, Math.min(guards.limiterWaitNanos, timeToStart(now)), engine.waits(), this);
        return reason(end, Reason.RATE_LIMITED);
    }

    @Override
    public void tookAt(long time) {
        rated = true;
        ratedAt = time;
    }

    private @Nullable Reason takePlace(long now) throws InterruptedException {
        Bulkhead bulkhead = guards.bulkhead;
        if (bulkhead == null) {
            return null;
        }
        leave();
        permitLeftBehind = false;
        long time = timeToStart(waited ? engine.clock().nanoTime() : now);
        WaitLine.End end = bulkhead.enter(Math.min(bulkhead.maxWaitNanos(), time), engine.waits());
        permit = end.granted() ? bulkhead.place() : null;
        return reason(end, Reason.BULKHEAD_FULL);
    }

    private @Nullable Reason reason(WaitLine.End end, Reason refused) {
        waited |= end != WaitLine.End.AT_ONCE;
        if (end.granted()) {
            return null;
        }
        return end == WaitLine.End.CLOSED ? Reason.CLOSED : refused;
    }

    private @Nullable Reason takePhase() {
        phase = guards.breaker == null ? null : guards.breaker.acquire();
        return guards.breaker == null || phase != null ? null : Reason.BREAKER_OPEN;
    }

    @Override
    boolean mayRetry() {
        return guards.breaker == null || guards.breaker.mayPass();
    }

    private void leave() {
        Bulkhead.Permit held = permit;
        permit = null;
        if (held != null) {
            held.close();
        }
    }

    private void putRateBack() {
        if (rated && guards.limiter != null) {
            guards.limiter.putBack(ratedAt);
        }
        rated = false;
    }

    private void releasePhase() {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted != null) {
            admitted.released();
        }
    }

    @Override
    boolean attemptsHere() {
        return !guards.usesThreads();
    }

    @Override
    T attempt() throws Throwable {
        if (!guards.usesThreads()) {
            begins();
            return call.get();
        }
        Contest<T> contest =
                new Contest<>(guards, this, permit, remaining(engine.clock().nanoTime()));
        try {
            return contest.run();
        } finally {
            permitLeftBehind = contest.leftBehind();
            holds(contest.previous());
            if (contest.hasBegun()) {
                begins();
            }
        }
    }

    /**
     * A hedge has won, and its own permission counts for the attempt.
     *
     * @param failure what the one that it stood beside has failed with; null if it has not ended
     */
    void winnerIs(@Nullable BreakerPhase winner, @Nullable Failure failure, long started) {
        if (failure != null) {
            tellOfFailure(failure, started);
        }
        releasePhase();
        phase = winner;
    }

    /** Of an exception about to be thrown by {@link #attempt}: it is thrown because of the caller's deadline. */
    CallTimeoutException outOfTime(CallTimeoutException thrown) {
        outOfTime = thrown;
        return thrown;
    }

    @Override
    void attemptSucceeded(long attemptStarted) {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted != null && guards.breaker != null) {
            admitted.succeeded(guards.breaker.clock().nanoTime(), attemptStarted);
        }
        if (guards.hedges != null) {
            guards.hedges.attemptSucceeded(engine.clock().nanoTime() - attemptStarted);
        }
    }

    /** Who had no time has said nothing about the backend, but that it was slow, if it was. */
    @Override
    @SuppressWarnings("ReferenceEquality") // That very exception, thrown here.
    void attemptFailed(Failure failure, @Nullable Throwable thrown, long attemptStarted) {
        BreakerPhase admitted = phase;
        if (thrown != null && thrown == outOfTime && admitted != null && guards.breaker != null) {
            phase = null;
            admitted.cutOff(guards.breaker.clock().nanoTime(), attemptStarted);
        }
        tellOfFailure(failure, attemptStarted);
    }

    private void tellOfFailure(Failure failure, long attemptStarted) {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted != null && guards.breaker != null) {
            admitted.failed(guards.breaker.clock().nanoTime(), attemptStarted, failure);
        }
    }

    @Override
    void attemptRefused() {
        releasePhase();
        putRateBack();
    }
}
