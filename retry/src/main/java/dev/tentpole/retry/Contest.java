package dev.tentpole.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt on another thread, and perhaps hedges beside it, watched by the calling thread: it takes the first good answer,
 * or gives all of them up when the time is over or it is interrupted.
 *
 * <p>Without a good answer the attempt ends as its first contestant does. Its failure does not wait for hedges if it is one
 * that would not be tried again, and else only as long as attempts usually take.
 */
final class Contest<T extends @Nullable Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

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
        private boolean judged;
        private @Nullable Failure failure;

        Contestant(@Nullable BreakerPhase phase, Bulkhead.@Nullable Permit place) {
            this.phase = phase;
            this.place = place;
            task = new Task<>(Contest.this::attempt, this::ended, run.plan.policy::discard);
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

        /**
         * Null if it is under way, else what keeps it from that; it has ended then. What an executor throws after it has run
         * the task keeps nobody from anything.
         */
        @SuppressWarnings("FutureReturnValueIgnored") // The handler only wakes, and does not fail.
        private @Nullable Throwable start() {
            task.whenComplete((value, thrown) -> LockSupport.unpark(caller));
            try {
                guards.threads.start(task);
                return null;
            } catch (RuntimeException | Error e) {
                return task.fail(e) ? e : null;
            }
        }

        /** Whether it had not begun. */
        private boolean giveUp() {
            guards.abandoned.incrementAndGet();
            if (!state.compareAndSet(State.UNDER_WAY, State.ABANDONED)) {
                guards.abandoned.decrementAndGet();
            }
            return task.giveUp();
        }

        private boolean hasResult() {
            return task.isDone() && !task.isCompletedExceptionally();
        }

        /** What it ended with, of which its result may be a sign too; null if that is good. It has ended. */
        private @Nullable Failure failure() {
            if (!judged) {
                judged = true;
                if (!hasResult()) {
                    failure = Engine.classify(run.plan.classifier, thrown());
                } else if (run.plan.judgesResults) {
                    failure = Engine.classifyResult(run.plan.classifier, task.getNow(null))
                            .orElse(null);
                }
            }
            return failure;
        }

        private Throwable thrown() {
            Throwable thrown = task.failure();
            return thrown == null ? new CancellationException("the attempt was cancelled") : thrown;
        }
    }

    private final Resilience guards;
    private final Engine engine;
    private final GuardedRun<T> run;
    private final Bulkhead.@Nullable Permit permit;
    private final long limit;
    private final Thread caller = Thread.currentThread();
    private final List<Contestant> contestants = new ArrayList<>(2);

    /** The result that is tried again, which may hold what an attempt needs: the first one that begins lets go of it. */
    private final AtomicReference<@Nullable T> previous;

    private final int maxHedges;
    private int hedgesTried;

    /** How long attempts usually take, of when the last hedge was tried. */
    private long usual;

    private boolean begun;

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
        this.previous = new AtomicReference<>(run.takeResult());
        this.maxHedges = guards.hedges != null && run.state.operation.isIdempotent() ? guards.hedges.mostAtOnce() : 0;
    }

    /** Whether the first one may go on after it was given up, and keeps its place. */
    boolean leftBehind() {
        return !contestants.isEmpty() && contestants.get(0).state.get() == State.ABANDONED;
    }

    /** Whether the call was made at all. */
    boolean hasBegun() {
        return begun;
    }

    /** The result that was to be tried again, if nobody began to. */
    @Nullable
    T previous() {
        return previous.getAndSet(null);
    }

    /** An attempt, on its thread. */
    private T attempt() throws Exception {
        run.counts();
        run.plan.policy.discard(previous());
        return run.call.get();
    }

    T run() throws Throwable {
        Contestant first = startFirst();
        Contestant taken = null;
        try {
            while (true) {
                int ended = ended();
                long now = engine.clock().nanoTime();
                long left = limit - (now - first.started);
                taken = taken(first, now, left);
                if (taken != null) {
                    return outcome(taken, first);
                } else if (left <= 0) {
                    throw timeout();
                }
                long wait = Math.min(left, first.task.isDone() ? patience(first, now) : hedge(now - first.started));
                // What came between waited for locks, and a lock takes the permit to go on that the end of a task
                // gives.
                if (ended() == ended) {
                    watch(wait);
                }
            }
        } finally {
            for (Contestant contestant : contestants) {
                clearUp(contestant, contestant == taken);
            }
        }
    }

    private int ended() {
        return (int) contestants.stream()
                .filter(contestant -> contestant.task.isDone())
                .count();
    }

    /** Whose end is that of the attempt; null if that is not known yet. */
    private @Nullable Contestant taken(Contestant first, long now, long left) {
        if (contestants.size() == 1) {
            return first.task.isDone() ? first : null;
        }
        // Looked at first: one that ends well between the two looks would be taken for a failure.
        boolean allEnded = ended() == contestants.size();
        for (Contestant contestant : contestants) {
            if (!contestant.task.isDone()) {
                continue;
            } else if (contestant.failure() == null) {
                return contestant;
            }
            tellOfFailure(contestant);
        }
        return allEnded || (first.task.isDone() && Math.min(left, patience(first, now)) <= 0) ? first : null;
    }

    /** How many nanoseconds the failure of the first one waits for a hedge to do better. */
    private long patience(Contestant first, long now) {
        Failure failure = first.failure();
        boolean again = failure != null && run.plan.retryOn.contains(failure.kind());
        return again ? contestants.get(contestants.size() - 1).started + usual - now : 0;
    }

    private Contestant startFirst() throws Throwable {
        if (caller.isInterrupted()) {
            throw new CallInterruptedException(
                    subject(), "operation " + subject() + " was interrupted before its attempt", null);
        } else if (limit <= 0) {
            throw run.refusing(new CallRejectedException(
                    subject(),
                    CallRejectedException.Reason.DEADLINE,
                    "operation " + subject() + ": its deadline has passed before the attempt"));
        }
        if (permit != null) {
            permit.share();
        }
        Contestant first = new Contestant(null, permit);
        Throwable obstacle = first.start();
        if (obstacle != null && engine.waits().isClosed()) {
            throw run.refusing(Engine.closed(subject()));
        } else if (obstacle instanceof RejectedExecutionException) {
            throw run.refusing(noThread("is free", obstacle));
        } else if (obstacle != null) {
            throw obstacle;
        }
        contestants.add(first);
        begun = true;
        return first;
    }

    private CallRejectedException noThread(String missing, @Nullable Throwable cause) {
        return new CallRejectedException(
                subject(),
                CallRejectedException.Reason.NO_CAPACITY,
                "operation " + subject() + ": no thread " + missing
                        + " for an attempt with a timeout, see maxThreads or executor",
                null,
                cause);
    }

    private String subject() {
        return run.state.operation.name();
    }

    private void clearUp(Contestant contestant, boolean isWinner) {
        if (!contestant.task.isDone()) {
            contestant.giveUp();
        }
        if (!isWinner && contestant.hasResult()) {
            run.plan.policy.discard(contestant.task.getNow(null));
        }
        if (contestant.phase != null && !contestant.told) {
            contestant.told = true;
            contestant.phase.released();
        }
    }

    /** A hedge's failure; that of the first one is the attempt's, and is told by the run. */
    private void tellOfFailure(Contestant hedge) {
        Failure failure = hedge.failure();
        if (hedge.phase != null && !hedge.told && guards.breaker != null && failure != null) {
            hedge.told = true;
            hedge.phase.failed(guards.breaker.clock().nanoTime(), hedge.started, failure);
        }
    }

    private T outcome(Contestant taken, Contestant first) throws Throwable {
        if (taken != first) {
            taken.told = true;
            run.winnerIs(taken.phase, first.task.isDone() ? first.failure() : null, first.started);
        }
        if (taken.hasResult()) {
            return taken.task.getNow(null);
        }
        // Those of the hedges are kept with it.
        Throwable end = taken.thrown();
        Tried.addSuppressed(
                end,
                contestants.stream()
                        .filter(other -> other.task.isCompletedExceptionally())
                        .map(Contestant::thrown)
                        .toList());
        throw end;
    }

    /** Waits for news; an interrupt of this thread gives the attempt up. */
    private void watch(long nanos) {
        try {
            engine.waits().parkRegardless(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(
                    subject(), "operation " + subject() + " was interrupted while it waited for an answer", e);
        }
    }

    private ResilienceException timeout() {
        Duration given = Duration.ofNanos(limit);
        begun = false;
        for (Contestant contestant : contestants) {
            begun |= !contestant.giveUp();
        }
        if (!begun) {
            return run.refusing(noThread("began within " + given, null));
        }
        boolean ofCaller = limit < guards.attemptTimeoutNanos;
        CallTimeoutException timeout = new CallTimeoutException(
                subject(),
                given,
                "operation " + subject() + ": attempt " + Math.max(1, run.attempts()) + " took longer than " + given
                        + " (" + (ofCaller ? "what was left before the deadline" : "attemptTimeout") + ")");
        return ofCaller ? run.outOfTime(timeout) : timeout;
    }

    /** Tries to start a hedge if it is time for one; returns the nanoseconds until it is. */
    private long hedge(long elapsed) {
        Hedges hedges = guards.hedges;
        long time = hedges == null || hedgesTried == maxHedges ? Long.MAX_VALUE : hedges.delay();
        if (hedges == null || time == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long delay = time * (hedgesTried + 1);
        if (elapsed < delay) {
            return delay - elapsed;
        }
        hedgesTried++;
        usual = time;
        startHedge(hedges);
        return hedgesTried == maxHedges ? Long.MAX_VALUE : 1;
    }

    /** A hedge is an extra: it waits for nothing, and whatever refuses it is obeyed and has back what it gave. */
    private void startHedge(Hedges hedges) {
        if (!hedges.withdraw()) {
            return;
        }
        Bulkhead.Permit place = guards.bulkhead == null ? null : guards.bulkhead.tryAcquire();
        boolean placed = guards.bulkhead == null || place != null;
        BreakerPhase phase = placed && guards.breaker != null ? guards.breaker.acquire() : null;
        boolean admitted = placed && (guards.breaker == null || phase != null);
        // Read before: afterwards it may be later than the time for which the permit was taken.
        long ratedAt = guards.limiter == null ? 0 : guards.limiter.now();
        boolean rated = admitted && guards.limiter != null && guards.limiter.tryAcquire();
        if (admitted && (guards.limiter == null || rated)) {
            Contestant hedge = new Contestant(phase, place);
            Throwable obstacle = hedge.start();
            if (obstacle == null) {
                contestants.add(hedge);
                hedges.hedgeStarted();
                return;
            }
            LOG.debug(
                    "A hedge of operation {} was not started: {}",
                    subject(),
                    obstacle.getClass().getName());
            if (guards.limiter != null) {
                guards.limiter.putBack(ratedAt);
            }
        } else if (place != null) {
            place.close();
        }
        if (phase != null) {
            phase.released();
        }
        hedges.putBack();
    }
}
