package dev.tentpole.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Closes what is more than the maximum, once that has become smaller: idle objects at once, whichever they are, and of the
 * lent ones those that come back first.
 */
final class Shrinking<T> {

    private final Engine<T> engine;

    Shrinking(Engine<T> engine) {
        this.engine = engine;
    }

    /** Sees to it that no more than the maximum are left. */
    void shrink() {
        List<Slot<T>> taken = new ArrayList<>();
        engine.lock().lock();
        try {
            int excess = excess();
            for (Slot<T> slot : engine.slots().all()) {
                if (taken.size() < excess && isTaken(slot)) {
                    taken.add(slot);
                }
            }
            for (Slot<T> slot : engine.slots().all()) {
                int kind = slot.kind();
                if (taken.size() < excess && (kind == Slot.USED || kind == Slot.CHECKING)) {
                    slot.setFlag(Slot.SHRINK);
                    // It may have come back before it had the flag.
                    if (isTaken(slot)) {
                        taken.add(slot);
                    }
                }
            }
        } finally {
            engine.lock().unlock();
        }
        taken.forEach(slot -> engine.retiring().close(slot, CloseReason.SHRUNK));
    }

    /** Whether it was free and is not any more. */
    private boolean isTaken(Slot<T> slot) {
        long seen = slot.state();
        return Slot.kind(seen) == Slot.FREE && slot.tryMove(seen, Slot.CLOSING);
    }

    /** For the owner of an object with the flag {@link Slot#SHRINK}: whether it was too many, and is being closed. */
    boolean retire(Slot<T> slot) {
        boolean taken;
        engine.lock().lock();
        try {
            slot.clearFlag(Slot.SHRINK);
            taken = excess() > 0 && slot.tryMove(slot.leaseStamp, Slot.CLOSING);
        } finally {
            engine.lock().unlock();
        }
        if (taken) {
            engine.retiring().close(slot, CloseReason.SHRUNK);
        }
        return taken;
    }

    /** Under the lock: by how many objects there are more than the maximum, without those that are being closed. */
    int excess() {
        Slots<T> slots = engine.slots();
        return slots.occupied() - slots.count(Slot.CLOSING) - engine.maxSize();
    }
}
