package dev.tentpole.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on another thread, and perhaps hedges beside it, watched by the calling thread: it takes the first answer, or
 * gives all of them up when the time is over or it is interrupted.
 */
final class Contest<T extends @Nullable Object> {

    private enum State {
        UNDER_WAY,
        ABANDONED,
        ENDED
    }

    /** One of those that compete. */
    private final class Contestant {

        private final Task<T> task;
        private final long started = engine.clock().nanoTime();
        private final @Nullable BreakerPhase phase;
        private final Bulkhead.@Nullable Permit place;
        private final AtomicReference<State> state = new AtomicReference<>(State.UNDER_WAY);
        private boolean told;

        Contestant(@Nullable BreakerPhase phase, Bulkhead.@Nullable Permit place) {
            this.phase = phase;
            this.place = place;
            task = new Task<>(run.call::get, this::ended);
        }

        /** It has truly ended. */
        private void ended() {
            if (state.getAndSet(State.ENDED) == State.ABANDONED) {
                guards.abandoned.decrementAndGet();
            }
            if (place != null) {
                place.letGo();
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // The handler only wakes, and does not fail.
        private void start() {
            task.whenComplete((value, thrown) -> LockSupport.unpark(caller));
            try {
                guards.threads.execute(guards.threads.carry(task));
            } catch (RejectedExecutionException e) {
                task.cancel(true);
                throw new CallRejectedException(
                        run.state.operation.name(),
                        CallRejectedException.Reason.NO_CAPACITY,
                        "operation " + run.state.operation.name()
                                + ": no thread is free for an attempt with a timeout, see maxThreads or executor",
                        null,
                        e);
            } catch (RuntimeException | Error e) {
                task.cancel(true);
                throw e;
            }
        }

        private void giveUp() {
            guards.abandoned.incrementAndGet();
            if (!state.compareAndSet(State.UNDER_WAY, State.ABANDONED)) {
                guards.abandoned.decrementAndGet();
            }
            task.cancel(true);
        }
    }

    private final Resilience guards;
    private final Engine engine;
    private final GuardedRun<T> run;
    private final Bulkhead.@Nullable Permit permit;
    private final long limit;
    private final Thread caller = Thread.currentThread();
    private final List<Contestant> contestants = new ArrayList<>(2);
    private int hedgesLeft;

    /**
     * @param permit the call's place, which the attempt shares until it ends
     * @param remaining nanoseconds until the call's deadline
     */
    Contest(Resilience guards, GuardedRun<T> run, Bulkhead.@Nullable Permit permit, long remaining) {
        this.guards = guards;
        this.engine = guards.engine();
        this.run = run;
        this.permit = permit;
        this.limit = Math.min(guards.attemptTimeoutNanos, remaining);
        this.hedgesLeft = guards.hedges != null && run.state.operation.isIdempotent() ? guards.hedges.mostAtOnce() : 0;
    }

    /** Whether the first one may go on after it was given up, and keeps its place. */
    boolean leftBehind() {
        return !contestants.isEmpty() && contestants.get(0).state.get() == State.ABANDONED;
    }

    T run() throws Throwable {
        if (permit != null) {
            permit.share();
        }
        Contestant first = new Contestant(null, permit);
        contestants.add(first);
        first.start();
        try {
            while (true) {
                // Looked at first: one that ends well between the two looks would be taken for a failure.
                boolean allEnded = contestants.stream().allMatch(contestant -> contestant.task.isDone());
                Contestant winner = winner();
                if (winner != null) {
                    return won(winner);
                }
                if (allEnded) {
                    throw thrown(first);
                }
                long elapsed = engine.clock().nanoTime() - first.started;
                long left = limit - elapsed;
                if (left <= 0) {
                    throw timeout();
                }
                watch(Math.min(left, hedge(elapsed)));
            }
        } finally {
            contestants.forEach(this::clearUp);
        }
    }

    private void clearUp(Contestant contestant) {
        if (!contestant.task.isDone()) {
            contestant.giveUp();
        }
        if (contestant.phase != null && !contestant.told) {
            contestant.told = true;
            contestant.phase.released();
        }
    }

    private @Nullable Contestant winner() {
        for (Contestant contestant : contestants) {
            if (contestant.task.isDone()) {
                if (!contestant.task.isCompletedExceptionally()) {
                    return contestant;
                }
                tellOfFailure(contestant);
            }
        }
        return null;
    }

    /** A hedge's failure; that of the first one is the attempt's, and is told by the run. */
    private void tellOfFailure(Contestant hedge) {
        if (hedge.phase != null && !hedge.told && guards.breaker != null) {
            hedge.told = true;
            Failure failure = engine.classify(run.plan.classifier, RetryRun.unwrapped(thrown(hedge)));
            hedge.phase.failed(guards.breaker.clock().nanoTime(), hedge.started, failure);
        }
    }

    private T won(Contestant winner) {
        if (winner != contestants.get(0)) {
            winner.told = true;
            run.winnerIs(winner.phase);
        }
        if (guards.hedges != null) {
            guards.hedges.attemptTook(engine.clock().nanoTime() - contestants.get(0).started);
        }
        return winner.task.getNow(null);
    }

    private Throwable thrown(Contestant contestant) {
        Throwable thrown = contestant.task.failure();
        return thrown == null ? new CancellationException("the attempt was cancelled") : thrown;
    }

    /** Waits for news; an interrupt of this thread gives the attempt up. */
    private void watch(long nanos) {
        try {
            engine.waits().parkRegardless(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(
                    run.state.operation.name(),
                    "operation " + run.state.operation.name() + " was interrupted while it waited for an answer",
                    e);
        }
    }

    private CallTimeoutException timeout() {
        Duration given = Duration.ofNanos(limit);
        String which = limit < guards.attemptTimeoutNanos ? "what was left before the deadline" : "attemptTimeout";
        return new CallTimeoutException(
                run.state.operation.name(),
                given,
                "operation " + run.state.operation.name() + ": attempt " + Math.max(1, run.attempts())
                        + " took longer than " + given + " (" + which + ")");
    }

    /** Starts a hedge if it is time for one; returns the nanoseconds until it is. */
    private long hedge(long elapsed) {
        Hedges hedges = guards.hedges;
        long single = hedges == null || hedgesLeft == 0 ? Long.MAX_VALUE : hedges.delay();
        if (hedges == null || single == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long delay = single * contestants.size();
        if (elapsed < delay) {
            return delay - elapsed;
        }
        hedgesLeft--;
        startHedge(hedges);
        return hedgesLeft == 0 ? Long.MAX_VALUE : 1;
    }

    /** A hedge is an extra: it waits for nothing, and whatever refuses it is obeyed. */
    private void startHedge(Hedges hedges) {
        Bulkhead.Permit place = guards.bulkhead == null ? null : guards.bulkhead.tryAcquire();
        if (guards.bulkhead != null && place == null) {
            return;
        }
        BreakerPhase phase = guards.breaker == null ? null : guards.breaker.acquire();
        boolean admitted = (guards.breaker == null || phase != null)
                && (guards.limiter == null || guards.limiter.tryAcquire())
                && hedges.withdraw();
        if (!admitted) {
            if (place != null) {
                place.close();
            }
            if (phase != null) {
                phase.released();
            }
            return;
        }
        Contestant hedge = new Contestant(phase, place);
        contestants.add(hedge);
        try {
            hedge.start();
            hedges.hedgeStarted();
        } catch (CallRejectedException e) {
            contestants.remove(hedge);
            hedge.told = true;
            if (phase != null) {
                phase.released();
            }
        }
    }
}
