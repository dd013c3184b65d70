package dev.tentpole.pool;

import dev.tentpole.pool.Allocator.Occasion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what time brings: ends calls that are overdue, closes what is idle or old, validates in background, looks for leaks,
 * and opens what is wanted. {@link #tick} does what is due and says when it wants to be called next.
 */
final class Housekeeper<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    private static final long LONGEST_ROUND = Duration.ofMillis(500).toNanos();
    private static final long SHORTEST_ROUND = Duration.ofMillis(10).toNanos();

    /** How long an object that came back when somebody began to wait may have been missed (see Waiters). */
    static final long LOOK_AGAIN = Duration.ofMillis(10).toNanos();

    /** The part of its life in which an object is replaced ahead of its end. */
    private static final int LAST_PART = 10;

    /** The part of the objects that may be validated in background at a time, so that borrowers find the others. */
    private static final int PART_CHECKED = 4;

    /** The part of the keep-alive by which a validation may come earlier, at random. */
    private static final double KEEP_ALIVE_JITTER = 0.1;

    private final Engine<T> engine;
    private final PoolSettings settings;
    private final Leaks<T> leaks;
    private final long round;
    private final long keepAlive;
    private volatile long wakeAt;
    private volatile @Nullable Runnable end;
    private volatile long endAt;

    /** Asked for since the last tick: so that waits that come and go between ticks cost one of them at a time. */
    private volatile boolean isToLookAgain;

    private long nextRound;

    /**
     * How many objects there are, those being opened and closed aside, and how many are validated in background. Counted at
     * the beginning of a round and kept while it goes; what others do meanwhile shows in the next one.
     */
    private int size;

    private int checking;

    Housekeeper(Engine<T> engine) {
        this.engine = engine;
        this.settings = engine.settings();
        this.leaks = new Leaks<>(engine);
        this.keepAlive = settings.keepAlive().toNanos();
        this.round = Math.max(
                SHORTEST_ROUND,
                Math.min(
                        Math.min(part(settings.idleTimeout(), 4), part(settings.maxLifetime(), 4 * LAST_PART)),
                        Math.min(part(settings.keepAlive(), 4), part(settings.leakThreshold(), 4))));
        long now = engine.clock().nanoTime();
        this.nextRound = now;
        this.wakeAt = now;
    }

    private static long part(Duration time, int of) {
        return time.isZero() ? LONGEST_ROUND : Math.min(LONGEST_ROUND, time.toNanos() / of);
    }

    /** Sees to it that {@link #tick} is called by then. */
    void wakeBy(long time) {
        if (time - wakeAt < 0) {
            wakeAt = time;
            engine.surroundings().wake();
        }
    }

    /** Somebody has begun to wait, or has looked in vain. */
    void lookAgainSoon() {
        isToLookAgain = true;
        wakeBy(engine.clock().nanoTime() + LOOK_AGAIN);
    }

    /** The pool was closed: goes on until nothing is left to be closed, but no longer than until then, and ends it all. */
    void endBy(long time, Runnable action) {
        endAt = time;
        end = action;
        engine.surroundings().wake();
    }

    long tick() {
        long now = engine.clock().nanoTime();
        Runnable action = end;
        if (action != null && (engine.slots().occupied() == 0 || now - endAt >= 0)) {
            end = null;
            action.run();
            return Long.MAX_VALUE;
        }
        // From here on whoever has something earlier than the next round wakes this thread again.
        wakeAt = now + round;
        long untilLook = Long.MAX_VALUE;
        if (isToLookAgain) {
            isToLookAgain = false;
            untilLook = LOOK_AGAIN;
            wakeAt = now + Math.min(round, LOOK_AGAIN);
        }
        long untilCall = engine.calls().expireOverdue();
        if (now - nextRound >= 0) {
            nextRound = now + round;
            count();
            for (Slot<T> slot : engine.slots().all()) {
                lookAt(slot, now);
            }
        }
        engine.openWhatIsWanted();
        engine.wakeIfAnyIsFree();
        long wait = Math.min(
                Math.min(untilCall, untilAttempt()),
                Math.min(untilLook, nextRound - engine.clock().nanoTime()));
        return action == null ? Math.max(0, wait) : Math.max(0, Math.min(wait, SHORTEST_ROUND));
    }

    private long untilAttempt() {
        engine.lock().lock();
        try {
            return engine.opener().nanosUntilAttempt(engine.clock().nanoTime());
        } finally {
            engine.lock().unlock();
        }
    }

    private void count() {
        Slots<T> slots = engine.slots();
        size = slots.occupied() - slots.count(Slot.CLOSING) - slots.count(Slot.OPENING);
        checking = slots.count(Slot.CHECKING);
    }

    private void lookAt(Slot<T> slot, long now) {
        long seen = slot.state();
        int kind = Slot.kind(seen);
        if (kind == Slot.USED) {
            if (now - slot.expiresAt >= 0 && (slot.flags() & Slot.EVICT) == 0) {
                slot.evictReason = CloseReason.LIFETIME;
                slot.setFlag(Slot.EVICT);
            } else if (isToBeReplaced(slot, now)) {
                slot.isReplaced = engine.openReplacement(false);
            }
            leaks.lookAt(slot, seen, now);
        } else if (kind == Slot.FREE
                && isSomethingDue(slot, now)
                && slot.tryMove(seen, Slot.CHECKING)
                && engine.slots().isInPlace(slot)) {
            seeTo(slot, now);
        }
    }

    /** A first look from outside; decided by the second one, when nobody can borrow it. */
    private boolean isSomethingDue(Slot<T> slot, long now) {
        return (slot.flags() & (Slot.EVICT | Slot.SHRINK)) != 0
                || now - slot.expiresAt >= 0
                || isIdleForTooLong(slot, now)
                || isToBeReplaced(slot, now)
                || isBorrowerGone(slot)
                || (isKeepAliveDue(slot, now) && mayCheckOneMore());
    }

    private boolean mayCheckOneMore() {
        return checking < Math.max(1, size / PART_CHECKED);
    }

    /** An ended thread is not to be kept for as long as an object that nobody borrows. */
    private static boolean isBorrowerGone(Slot<?> slot) {
        Thread borrower = slot.borrower;
        return borrower != null && !borrower.isAlive();
    }

    private void seeTo(Slot<T> slot, long now) {
        long seen = slot.state();
        if (isBorrowerGone(slot)) {
            slot.borrower = null;
        }
        if ((slot.flags() & Slot.EVICT) != 0) {
            retire(slot, seen, slot.evictReason);
        } else if (now - slot.expiresAt >= 0) {
            retireAndReplace(slot, seen, now);
        } else if (isIdleForTooLong(slot, now)) {
            retire(slot, seen, CloseReason.IDLE);
        } else if (isToBeReplaced(slot, now) && replace(slot, seen, now)) {
            LOG.debug("Pool {} replaces an object before its lifetime ends", settings.name());
        } else if (isKeepAliveDue(slot, now)) {
            validate(slot);
        } else {
            putBack(slot);
        }
    }

    private boolean isIdleForTooLong(Slot<T> slot, long now) {
        long timeout = settings.idleTimeout().toNanos();
        return timeout > 0 && now - slot.releasedAt >= timeout && size > engine.minSize();
    }

    private boolean isToBeReplaced(Slot<T> slot, long now) {
        return lastPart() > 0 && now - (slot.expiresAt - lastPart()) >= 0 && isNeeded(slot, now);
    }

    private long lastPart() {
        return settings.maxLifetime().toNanos() / LAST_PART;
    }

    /** Whether another one should take its place: the minimum needs it, or borrowers did lately. */
    private boolean isNeeded(Slot<T> slot, long now) {
        return !slot.isReplaced && (size <= engine.minSize() || now - slot.releasedAt < lastPart());
    }

    /** Opens the next one first if there is room; else closes this one now if another one is free meanwhile. */
    private boolean replace(Slot<T> slot, long seen, long now) {
        if (engine.openReplacement(false)) {
            slot.isReplaced = true;
            return false;
        }
        return engine.slots().isAnyFree() && retireAndReplace(slot, seen, now);
    }

    private boolean retireAndReplace(Slot<T> slot, long seen, long now) {
        boolean isNeeded = isNeeded(slot, now);
        boolean retired = retire(slot, seen, CloseReason.LIFETIME);
        if (retired && isNeeded) {
            engine.openReplacement(true);
        }
        return retired;
    }

    private boolean retire(Slot<T> slot, long seen, CloseReason reason) {
        boolean retired = engine.retiring().retire(slot, seen, reason);
        size -= retired ? 1 : 0;
        return retired;
    }

    private boolean isKeepAliveDue(Slot<T> slot, long now) {
        long sinceUse = now - slot.releasedAt;
        long sinceCheck = now - slot.checkedAt;
        return keepAlive > 0 && Math.min(sinceUse, sinceCheck) >= keepAlive * (1 - KEEP_ALIVE_JITTER * slot.jitter);
    }

    private void validate(Slot<T> slot) {
        checking++;
        T object = slot.owned();
        long seen = slot.state();
        boolean wasJustOpened = engine.retiring().isJustOpened(slot);
        engine.calls()
                .submit(
                        Call.Kind.VALIDATE,
                        () -> engine.allocator().validate(object, Occasion.BACKGROUND),
                        new Call.Outcome<Boolean>() {
                            @Override
                            public void succeeded(Boolean isValid) {
                                if (isValid) {
                                    slot.checkedAt = engine.coarseClock().nanoTime();
                                    slot.jitter = engine.random();
                                    slot.clearFlag(Slot.SUSPECT);
                                    engine.retiring().proved();
                                    putBack(slot);
                                } else {
                                    failed(new IllegalStateException("it is not valid"));
                                }
                            }

                            @Override
                            public void failed(Throwable failure) {
                                engine.retiring().retireInvalid(slot, seen, failure, wasJustOpened);
                                LOG.debug("Pool {} closed an idle object", settings.name(), failure);
                            }
                        });
    }

    private void putBack(Slot<T> slot) {
        slot.takeFrom(Slot.CHECKING);
        engine.giveBackOrRetire(slot);
    }
}
