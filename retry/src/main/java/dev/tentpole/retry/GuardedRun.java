package dev.tentpole.retry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call that passes the guards of a {@link Resilience}: breaker, rate limit and bulkhead before the first attempt; breaker
 * and rate limit again before each further one.
 *
 * <p>The place in the bulkhead is kept from before the first attempt to the end of the call, and by an attempt that was
 * given up until it truly ends; the next attempt then needs another place.
 */
final class GuardedRun<T extends @Nullable Object> extends RetryRun<T> {

    private final Resilience guards;
    final CheckedSupplier<? extends T, ?> call;

    /** What let the present attempt in, and wants to know how it ends; null without a breaker, or once it knows. */
    private @Nullable BreakerPhase phase;

    private Bulkhead.@Nullable Permit permit;
    private boolean permitLeftBehind;

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

    /** The breaker first, so that an open one costs neither a permit of the rate limit nor a place. */
    private void enter(long started) {
        String name = state.operation.name();
        try {
            phase = guards.breaker == null ? null : guards.breaker.acquireOrThrow(name);
            if (guards.limiter != null && !acquireRate(started)) {
                throw guards.rateRejected(name);
            }
            if (guards.bulkhead != null && !acquirePlace(started)) {
                throw guards.bulkhead.rejected(name);
            }
        } catch (CallRejectedException e) {
            state.callRejected();
            releasePhase();
            throw e;
        } catch (InterruptedException e) {
            state.callRejected();
            releasePhase();
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(
                    name, "operation " + name + " was interrupted while it waited to begin", e);
        }
    }

    private boolean acquireRate(long now) throws InterruptedException {
        RateLimiter limiter = guards.limiter;
        return limiter == null || limiter.acquire(1, Math.min(guards.limiterWaitNanos, remaining(now)), engine.waits());
    }

    private boolean acquirePlace(long now) throws InterruptedException {
        Bulkhead bulkhead = guards.bulkhead;
        if (bulkhead == null) {
            return true;
        }
        permit = bulkhead.acquire(Math.min(bulkhead.maxWaitNanos(), remaining(now)), engine.waits());
        return permit != null;
    }

    @Override
    boolean mayRetry() {
        return guards.breaker == null || guards.breaker.mayPass();
    }

    @Override
    boolean admit() throws InterruptedException {
        boolean admitted = false;
        try {
            admitted = acquirePhase() && acquireRate(engine.clock().nanoTime()) && renewPlace();
        } finally {
            if (!admitted) {
                releasePhase();
            }
        }
        return admitted;
    }

    private boolean acquirePhase() {
        if (guards.breaker != null) {
            phase = guards.breaker.acquire();
        }
        return guards.breaker == null || phase != null;
    }

    private boolean renewPlace() throws InterruptedException {
        if (!permitLeftBehind) {
            return true;
        }
        leave();
        permitLeftBehind = false;
        return acquirePlace(engine.clock().nanoTime());
    }

    private void leave() {
        Bulkhead.Permit held = permit;
        permit = null;
        if (held != null) {
            held.close();
        }
    }

    private void releasePhase() {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted != null) {
            admitted.released();
        }
    }

    @Override
    T attempt() throws Throwable {
        if (!guards.usesThreads()) {
            return call.get();
        }
        Contest<T> contest =
                new Contest<>(guards, this, permit, remaining(engine.clock().nanoTime()));
        try {
            return contest.run();
        } finally {
            permitLeftBehind = contest.leftBehind();
        }
    }

    /** A hedge has won, and its own permission counts for the attempt. */
    void winnerIs(@Nullable BreakerPhase winner) {
        releasePhase();
        phase = winner;
    }

    @Override
    void attemptSucceeded(long attemptStarted) {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted != null && guards.breaker != null) {
            admitted.succeeded(guards.breaker.clock().nanoTime(), attemptStarted);
        }
        if (guards.hedges != null) {
            guards.hedges.attemptSucceeded();
        }
    }

    /** Who had no time, or was never called, has said nothing about the backend. */
    @Override
    void attemptFailed(Failure failure, @Nullable Throwable thrown, long attemptStarted) {
        BreakerPhase admitted = phase;
        phase = null;
        if (admitted == null || guards.breaker == null) {
            return;
        }
        boolean saysNothing = thrown instanceof CallRejectedException
                || (thrown instanceof CallTimeoutException timeout
                        && timeout.limit().compareTo(Duration.ofNanos(guards.attemptTimeoutNanos)) < 0);
        if (saysNothing) {
            admitted.released();
        } else {
            admitted.failed(guards.breaker.clock().nanoTime(), attemptStarted, failure);
        }
    }
}
