package dev.tentpole.pool;

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
        engine.lock().lock();
        try {
            int excess = excess();
            for (Slot<T> slot : engine.slots().all()) {
                excess -= excess > 0 && retireIfFree(slot) ? 1 : 0;
            }
            for (Slot<T> slot : engine.slots().all()) {
                int kind = slot.kind();
                if (excess > 0 && (kind == Slot.USED || kind == Slot.CHECKING)) {
                    slot.setFlag(Slot.SHRINK);
                    // It may have come back before it had the flag.
                    excess -= retireIfFree(slot) ? 1 : 0;
                }
            }
        } finally {
            engine.lock().unlock();
        }
    }

    private boolean retireIfFree(Slot<T> slot) {
        long seen = slot.state();
        return Slot.kind(seen) == Slot.FREE && engine.retiring().retire(slot, seen, CloseReason.SHRUNK);
    }

    /** For the owner of an object with the flag {@link Slot#SHRINK}: whether it was too many, and is being closed. */
    boolean retire(Slot<T> slot) {
        engine.lock().lock();
        try {
            slot.clearFlag(Slot.SHRINK);
            return excess() > 0 && engine.retiring().retire(slot, slot.leaseStamp, CloseReason.SHRUNK);
        } finally {
            engine.lock().unlock();
        }
    }

    /** Under the lock: by how many objects there are more than the maximum, without those that are being closed. */
    int excess() {
        Slots<T> slots = engine.slots();
        return slots.occupied() - slots.count(Slot.CLOSING) - engine.maxSize();
    }
}
