package dev.tentpole.pool;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The places of a pool, and the fast way to a free one.
 *
 * <p>A small table remembers, for each hash of a thread's number, the place that it used last: whoever comes again finds
 * the same object in his own cache. The table is read and written without any order; a wrong entry costs a look at another
 * place. It has no entry per thread, so threads that end leave nothing behind.
 *
 * <p>While the gate is shut nobody finds a place: borrowers look into an empty array instead.
 */
final class Slots<T> {

    private static final int TABLE_SIZE = 64;
    private static final int TABLE_MASK = TABLE_SIZE - 1;

    /** Entries of different threads lie on different cache lines. */
    private static final int SPREAD = 16;

    private final Engine<T> engine;
    private final Slot<T>[] none;
    private final @Nullable Slot<T>[] lastUsed = array(TABLE_SIZE * SPREAD);
    private volatile Slot<T>[] open;
    private volatile Slot<T>[] all;

    Slots(Engine<T> engine, int size) {
        this.engine = engine;
        none = array(0);
        Slot<T>[] slots = array(size);
        Arrays.setAll(slots, index -> new Slot<>(engine, index));
        all = slots;
        open = slots;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <T> Slot<T>[] array(int size) {
        return new Slot[size];
    }

    /** Borrows any free object; null if there is none, or the gate is shut. */
    @Nullable
    Slot<T> tryBorrow() {
        int entry = ((int) Thread.currentThread().getId() & TABLE_MASK) * SPREAD;
        Slot<T> slot = lastUsed[entry];
        return slot != null && open != none && slot.tryBorrow() ? slot : search(slot, entry);
    }

    private @Nullable Slot<T> search(@Nullable Slot<T> last, int entry) {
        Slot<T>[] slots = open;
        int size = slots.length;
        int index = last == null ? entry / SPREAD % Math.max(1, size) : last.index;
        for (int i = 0; i < size; i++) {
            index = index + 1 < size ? index + 1 : 0;
            if (slots[index].tryBorrow()) {
                lastUsed[entry] = slots[index];
                return slots[index];
            }
        }
        return null;
    }

    /** Whether someone could borrow now. */
    boolean isAnyFree() {
        for (Slot<T> slot : open) {
            if (slot.kind() == Slot.FREE) {
                return true;
            }
        }
        return false;
    }

    void shutGate() {
        open = none;
    }

    void openGate() {
        open = all;
    }

    /** All places, those beyond the maximum included. */
    Slot<T>[] all() {
        return all;
    }

    /** Makes more places, under the lock; never fewer, since what is in use stays where it is. */
    void growTo(int size) {
        Slot<T>[] slots = all;
        if (size > slots.length) {
            Slot<T>[] grown = Arrays.copyOf(slots, size);
            for (int i = slots.length; i < size; i++) {
                grown[i] = new Slot<>(engine, i);
            }
            replace(grown);
        }
    }

    private void replace(Slot<T>[] slots) {
        boolean isGateOpen = open == all;
        all = slots;
        if (isGateOpen) {
            open = slots;
        }
    }

    /**
     * Takes the loan of that stamp away from whoever has it. Returns the slot where the object is now, in the caller's hand;
     * null if the loan has ended.
     */
    @Nullable
    Slot<T> takeOver(Slot<T> slot, long stamp) {
        engine.lock().lock();
        try {
            Slot<T> next = slot.moveAway(stamp);
            if (next != null) {
                Slot<T>[] slots = all.clone();
                slots[slot.index] = next;
                replace(slots);
                // What went must not be kept for as long as a thread does not come again.
                for (int entry = 0; entry < lastUsed.length; entry += SPREAD) {
                    if (lastUsed[entry] == slot) {
                        lastUsed[entry] = next;
                    }
                }
            }
            return next;
        } finally {
            engine.lock().unlock();
        }
    }

    /** For whoever has taken it while it was free: whether there was anything in it, since it was not taken over before. */
    boolean isInPlace(Slot<T> slot) {
        if ((slot.flags() & Slot.MOVED) == 0) {
            return true;
        }
        engine.lock().lock();
        try {
            return all[slot.index] == slot;
        } finally {
            engine.lock().unlock();
        }
    }

    int count(int kind) {
        int count = 0;
        for (Slot<T> slot : all) {
            if (slot.kind() == kind) {
                count++;
            }
        }
        return count;
    }

    /** Places that are not empty: what there is, is about to be, and is about to go. */
    int occupied() {
        Slot<T>[] slots = all;
        int count = 0;
        for (Slot<T> slot : slots) {
            if (slot.kind() != Slot.EMPTY) {
                count++;
            }
        }
        return count;
    }
}
