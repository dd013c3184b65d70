package dev.tentpole.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes objects out of the pool and closes them: those that are to go, and those that turned out to be of no use. */
final class Retiring<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    /** What has been there for longer may have broken since it was opened. */
    private static final long YOUNG = TimeUnit.SECONDS.toNanos(1);

    /** What was wrong with an object, until another one passes the same. */
    record Flaw(Call.Kind foundBy, Throwable failure, Instant time) {}

    private final Engine<T> engine;
    private volatile @Nullable Flaw lastFlaw;

    Retiring(Engine<T> engine) {
        this.engine = engine;
    }

    @Nullable
    Flaw lastFlaw() {
        return lastFlaw;
    }

    /** Closes an object, unless its slot has left that state. Returns whether it does. */
    boolean retire(Slot<T> slot, long seen, CloseReason reason) {
        if (!slot.tryMove(seen, Slot.CLOSING)) {
            return false;
        }
        close(slot, reason);
        return true;
    }

    /** For whoever has moved the slot to {@link Slot#CLOSING}; not under the lock. */
    void close(Slot<T> slot, CloseReason reason) {
        engine.counters().closed(reason);
        T object = slot.owned();
        engine.calls()
                .submit(
                        Call.Kind.CLOSE,
                        () -> {
                            engine.allocator().close(object);
                            return true;
                        },
                        new Call.Outcome<Boolean>() {
                            @Override
                            public void succeeded(Boolean result) {
                                emptied(slot);
                            }

                            @Override
                            public void failed(Throwable failure) {
                                emptied(slot);
                                LOG.warn("Pool {} could not close an object", engine.name(), failure);
                            }
                        });
    }

    private void emptied(Slot<T> slot) {
        engine.lock().lock();
        try {
            slot.clear();
            slot.move(Slot.CLOSING, Slot.EMPTY);
            engine.changed();
        } finally {
            engine.lock().unlock();
        }
        engine.openWhatIsWanted();
    }

    /** Closes what was opened after its timeout, on the thread that opened it. */
    void closeLate(T object) {
        try {
            engine.allocator().close(object);
        } catch (Exception | Error e) {
            LOG.warn("Pool {} could not close an object that came late", engine.name(), e);
        }
    }

    /** Closes those that are idle now, and the others when they come back. */
    void evictAll(CloseReason reason) {
        List<Slot<T>> taken = new ArrayList<>();
        engine.lock().lock();
        try {
            for (Slot<T> slot : engine.slots().all()) {
                if (evict(slot, reason)) {
                    taken.add(slot);
                }
            }
        } finally {
            engine.lock().unlock();
        }
        taken.forEach(slot -> close(slot, reason));
    }

    /** Whether it was idle and is to be closed now. */
    private static boolean evict(Slot<?> slot, CloseReason reason) {
        int kind = slot.kind();
        if (kind != Slot.USED && kind != Slot.CHECKING && kind != Slot.FREE) {
            return false;
        }
        slot.evictReason = reason;
        slot.setFlag(Slot.EVICT);
        long seen = slot.state();
        return Slot.kind(seen) == Slot.FREE && slot.tryMove(seen, Slot.CLOSING);
    }

    /** For the owner of a loan: closes the object if it was to be closed when it comes back, and returns whether it does. */
    boolean retireIfMarked(Slot<T> slot) {
        int flags = slot.flags();
        if ((flags & Slot.EVICT) != 0) {
            retire(slot, slot.leaseStamp, slot.evictReason);
            return true;
        }
        return (flags & Slot.SHRINK) != 0 && engine.shrinking().retire(slot);
    }

    /** Its borrower found it broken; returns whether that ended the loan. */
    boolean invalidate(Slot<T> lent, @Nullable Thread borrower, long stamp, Throwable cause) {
        Slot<T> slot = engine.claim(lent, borrower, stamp);
        if (slot == null) {
            return false;
        }
        LOG.debug("Pool {} closes an object that its borrower found broken", engine.name(), cause);
        engine.account(slot);
        retire(slot, slot.leaseStamp, CloseReason.INVALIDATED);
        suspectAll();
        return true;
    }

    /** Whether what is wrong with an object when it is validated now was wrong when it was opened; for the owner. */
    boolean isJustOpened(Slot<T> slot) {
        return slot.isFresh() && engine.coarseClock().nanoTime() - slot.checkedAt < YOUNG;
    }

    /** For the owner of an object that failed its validation, which it may have begun as one {@link #isJustOpened}. */
    void retireInvalid(Slot<T> slot, long stamp, Throwable failure, boolean wasJustOpened) {
        found(Call.Kind.VALIDATE, failure);
        long openedAt = slot.checkedAt;
        if (slot.tryMove(stamp, Slot.CLOSING)) {
            if (wasJustOpened) {
                // Before it is closed: then another one may be opened.
                engine.opener().useless(failure, openedAt);
            }
            close(slot, CloseReason.INVALID);
        }
        suspectAll();
    }

    /** For the owner of an object that could not be reset. */
    void retireUnreset(Slot<T> slot, long stamp, Throwable failure) {
        found(Call.Kind.RESET, failure);
        retire(slot, stamp, CloseReason.RESET_FAILED);
    }

    private void found(Call.Kind by, Throwable failure) {
        lastFlaw = new Flaw(by, failure, engine.wallTime());
    }

    /** An object has passed its validation. */
    void proved() {
        passed(Call.Kind.VALIDATE);
        int ended;
        engine.lock().lock();
        try {
            ended = engine.opener().proved();
        } finally {
            engine.lock().unlock();
        }
        if (ended > 0) {
            engine.openWhatIsWanted();
            engine.opener().tellOfRecovery(ended);
        }
    }

    /** An object has passed that. */
    void passed(Call.Kind call) {
        Flaw flaw = lastFlaw;
        if (flaw != null && flaw.foundBy() == call) {
            lastFlaw = null;
        }
    }

    /** One was found broken: whoever borrows another one that is idle now has it checked first. */
    private void suspectAll() {
        for (Slot<T> slot : engine.slots().all()) {
            if (slot.kind() == Slot.FREE) {
                slot.setFlag(Slot.SUSPECT);
            }
        }
    }
}
