package dev.tentpole.pool;

import dev.tentpole.pool.AcquireException.Reason;
import dev.tentpole.pool.Allocator.Occasion;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slow ways to an object: waiting for one, and having one checked before it is lent. */
final class Borrowing<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final Engine<T> engine;

    Borrowing(Engine<T> engine) {
        this.engine = engine;
    }

    /** Goes on with what was borrowed already, if anything. */
    Slot<T> acquire(@Nullable Slot<T> borrowed, long timeoutNanos) {
        Wait wait = new Wait(timeoutNanos, true);
        Slot<T> slot = borrowed;
        try {
            while (true) {
                if (slot == null) {
                    slot = await(wait);
                }
                if (!isToBeChecked(slot) || check(slot, wait)) {
                    return slot;
                }
                slot = engine.slots().tryBorrow();
            }
        } finally {
            wait.count();
        }
    }

    /** Never waits for an object; if there is none, one is opened in background, if there is room. */
    @Nullable
    Slot<T> tryAcquire(@Nullable Slot<T> borrowed) {
        Wait wait = new Wait(engine.settings().validateTimeout().toNanos(), false);
        Slot<T> slot = borrowed;
        while (slot != null && isToBeChecked(slot) && !check(slot, wait)) {
            boolean isOver = wait.left() <= 0 || Thread.currentThread().isInterrupted();
            slot = isOver ? null : engine.slots().tryBorrow();
        }
        if (slot == null) {
            askForOne();
        }
        return slot;
    }

    private void askForOne() {
        boolean isClosed;
        engine.lock().lock();
        try {
            isClosed = engine.isClosed();
            if (!isClosed) {
                engine.firstBorrowerCame();
                if (engine.opener().opening() == 0) {
                    engine.openReplacement(false);
                }
            }
        } finally {
            engine.lock().unlock();
        }
        if (isClosed) {
            throw failure(Reason.CLOSED, 0);
        }
    }

    private Slot<T> await(Wait wait) {
        wait.waited = true;
        Waiter<T> waiter = new Waiter<>(wait.start, Thread.currentThread());
        Reason refused = enqueue(waiter, wait.hasPlace);
        if (refused != null) {
            throw failure(refused, wait.elapsed());
        }
        wait.hasPlace = true;
        Slot<T> found = look(waiter);
        while (found == null) {
            long left = wait.left();
            if (waiter.refused) {
                throw failure(Reason.CLOSED, wait.elapsed());
            }
            if (Thread.currentThread().isInterrupted()) {
                Slot<T> given = leave(waiter);
                if (given != null) {
                    engine.giveBackOrRetire(given);
                }
                throw failure(Reason.INTERRUPTED, wait.elapsed());
            }
            if (left <= 0) {
                Slot<T> given = leave(waiter);
                if (given != null) {
                    return given;
                }
                throw failure(Reason.TIMEOUT, wait.elapsed());
            }
            LockSupport.parkNanos(this, Math.min(left, engine.waiters().nanosUntilStarving(waiter)));
            found = look(waiter);
            if (found == null) {
                engine.waiters().lookedInVain(waiter);
                found = look(waiter);
            }
        }
        return found;
    }

    /** Returns why it may not wait; null if it may. */
    private @Nullable Reason enqueue(Waiter<T> waiter, boolean hasPlace) {
        engine.lock().lock();
        try {
            if (engine.isClosed()) {
                return Reason.CLOSED;
            }
            if (!hasPlace && engine.waiters().size() >= engine.settings().maxPending()) {
                return Reason.TOO_MANY_WAITING;
            }
            engine.waiters().add(waiter);
            engine.firstBorrowerCame();
            engine.openWhatIsWanted();
            return null;
        } finally {
            engine.lock().unlock();
        }
    }

    private @Nullable Slot<T> look(Waiter<T> waiter) {
        Slot<T> given = waiter.given;
        if (given != null) {
            return given;
        }
        Slot<T> borrowed = engine.slots().tryBorrow();
        if (borrowed != null) {
            given = leave(waiter);
            if (given != null) {
                engine.giveBackOrRetire(given);
            }
        }
        return borrowed;
    }

    /** Returns what it was given meanwhile. */
    private @Nullable Slot<T> leave(Waiter<T> waiter) {
        Slot<T> given = engine.waiters().remove(waiter);
        engine.wakeIfAnyIsFree();
        return given;
    }

    private boolean isToBeChecked(Slot<T> slot) {
        return engine.isToBeChecked(slot, engine.coarseClock().nanoTime());
    }

    /** Whether the object, which the caller has borrowed, may be lent; if not, it has been seen to. */
    private boolean check(Slot<T> slot, Wait wait) {
        if (!engine.slots().isInPlace(slot) || engine.retiring().retireIfMarked(slot)) {
            return false;
        }
        if (!isToBeChecked(slot)) {
            return true;
        }
        wait.waited = true;
        Answer answer = new Answer();
        T object = slot.owned();
        engine.calls()
                .submit(
                        Call.Kind.VALIDATE,
                        () -> engine.allocator().validate(object, Occasion.BORROW),
                        new Checked(slot, answer));
        long longest = engine.settings().validateTimeout().toNanos();
        Answer.State state = answer.await(Math.min(longest, Math.max(0, wait.left())));
        if (state == Answer.State.LEFT && wait.isPatient) {
            refuseIfOver(wait);
        }
        return state == Answer.State.YES;
    }

    private void refuseIfOver(Wait wait) {
        if (Thread.currentThread().isInterrupted()) {
            throw failure(Reason.INTERRUPTED, wait.elapsed());
        }
        if (wait.left() <= 0) {
            throw failure(Reason.TIMEOUT, wait.elapsed());
        }
    }

    AcquireException failure(Reason reason, long waitedNanos) {
        if (reason != Reason.START_FAILED) {
            engine.counters().timeouts.increment();
        }
        PoolStatistics now = engine.statistics();
        return new AcquireException(engine.name(), reason, Duration.ofNanos(waitedNanos), now, advice(reason, now));
    }

    private String advice(Reason reason, PoolStatistics now) {
        PoolSettings settings = engine.settings();
        return switch (reason) {
            case CLOSED -> "Acquire before the pool is closed.";
            case INTERRUPTED -> "Interrupting the thread ends its wait.";
            case TOO_MANY_WAITING -> "See maxPending = " + settings.maxPending() + ", and size.";
            case START_FAILED ->
                "See the target, startTimeout = " + settings.startTimeout() + ", openTimeout = "
                        + settings.openTimeout() + ", and start, which may keep trying in background.";
            case TIMEOUT -> {
                if (now.isSuspended()) {
                    yield "Call resume to lend again.";
                }
                if (now.abandoned() > 0 && now.abandoned() >= settings.maxAbandoned()) {
                    yield "Calls of the allocator hang, as many as may, and opening is tried ever more rarely until one "
                            + "returns: see the timeouts that the target's client has, and maxAbandoned = "
                            + settings.maxAbandoned()
                            + ".";
                }
                if (now.lastOpenFailure().isPresent()) {
                    yield "See the target, openTimeout = " + settings.openTimeout() + " and backoff up to "
                            + settings.maxBackoff() + ".";
                }
                if (now.idle() > 0) {
                    yield "The pool itself validates its idle objects: see validateTimeout = "
                            + settings.validateTimeout() + ", keepAlive = " + settings.keepAlive()
                            + " and validateAfterIdle = " + settings.validateAfterIdle() + ".";
                }
                if (now.borrowed() == 0) {
                    yield "What is opened is found invalid: see the allocator's validate and validateAfterIdle = "
                            + settings.validateAfterIdle() + ".";
                }
                if (!isAnyLent()) {
                    yield "The pool itself resets or validates what it has: see resetTimeout = "
                            + settings.resetTimeout() + " and validateTimeout = " + settings.validateTimeout() + ".";
                }
                yield "Hold leases for less long (leakThreshold tells who holds them), or see maxSize = "
                        + now.maxSize() + " and acquireTimeout = " + settings.acquireTimeout() + ".";
            }
        };
    }

    private boolean isAnyLent() {
        for (Slot<T> slot : engine.slots().all()) {
            if (slot.kind() == Slot.USED && slot.token == null) {
                return true;
            }
        }
        return false;
    }

    /** What follows from a check, whether or not the borrower still waits for it. */
    private final class Checked implements Call.Outcome<Boolean> {

        private final Slot<T> slot;
        private final long stamp;
        private final Answer answer;
        private final boolean wasJustOpened;

        private Checked(Slot<T> slot, Answer answer) {
            this.slot = slot;
            this.stamp = slot.leaseStamp;
            this.answer = answer;
            this.wasJustOpened = engine.retiring().isJustOpened(slot);
        }

        @Override
        public void succeeded(Boolean isValid) {
            if (!isValid) {
                failed(new IllegalStateException("it is not valid"));
                return;
            }
            long now = engine.coarseClock().nanoTime();
            slot.releasedAt = now;
            slot.checkedAt = now;
            slot.clearFlag(Slot.SUSPECT);
            engine.retiring().proved();
            if (!answer.tell(true)) {
                engine.giveBackOrRetire(slot);
            }
        }

        @Override
        public void failed(Throwable failure) {
            engine.retiring().retireInvalid(slot, stamp, failure, wasJustOpened);
            answer.tell(false);
            LOG.debug("Pool {} closed an object before lending it", engine.name(), failure);
        }
    }

    /** How long a borrower has waited, and may wait. */
    private final class Wait {

        private final long start = engine.clock().nanoTime();
        private final long longest;
        private final boolean isPatient;
        private boolean waited;
        /** Whether it stood in the queue before; what it was given there was of no use. */
        private boolean hasPlace;

        /** A borrower that is not patient has no exception for what takes too long. */
        private Wait(long longest, boolean isPatient) {
            this.longest = longest;
            this.isPatient = isPatient;
        }

        private long elapsed() {
            return engine.clock().nanoTime() - start;
        }

        private long left() {
            return longest - elapsed();
        }

        private void count() {
            if (waited) {
                engine.counters().waited.increment();
                engine.counters().waitNanos.add(elapsed());
            }
        }
    }
}
