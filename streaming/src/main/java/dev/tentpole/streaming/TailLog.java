package dev.tentpole.streaming;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The log of the latest messages of one pattern, written by publishers one at a time and read by any number of
 * {@link TailFeed}s, none of which the publisher knows of.
 *
 * <p>Positions count up from 0. Those from {@code floor} to before {@code tail} can be read. The publisher raises the
 * floor, puts a fence, and only then clears or overwrites a slot. A reader copies slots, puts a fence, and only then looks
 * at the floor: a slot whose position is not below it had not been touched (Boehm, "Can seqlocks get along with
 * programming language memory models?", 2012).
 */
final class TailLog<T> {

    private static final VarHandle TAIL;
    private static final VarHandle FLOOR;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(TailLog.class, "tail", long.class);
            FLOOR = lookup.findVarHandle(TailLog.class, "floor", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final int maxMessages;
    private final long maxBytes;
    private final int mask;
    private final AtomicReferenceArray<@Nullable T> slots;
    private final long[] times;
    private final long[] before;
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesBeforeFloor = new AtomicLong();
    private final Signal arrivals = new Signal();
    private long tail;
    private long floor;

    TailLog(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        int length = maxMessages == 1 ? 1 : Integer.highestOneBit(maxMessages - 1) << 1;
        mask = length - 1;
        slots = new AtomicReferenceArray<>(length);
        times = new long[length];
        before = new long[length];
    }

    /**
     * Adds a message; called by one publisher at a time.
     *
     * @return false if it is too large: its position is there, but nothing at it
     */
    boolean append(T message, long itsWeight, long stamp) {
        boolean tooLarge = itsWeight > maxBytes;
        long weight = tooLarge ? 0 : itsWeight;
        long at = tail;
        long kept = floor;
        long bytes = bytesIn.getPlain();
        long bytesBefore = bytesBeforeFloor.getPlain();
        while (at - kept >= maxMessages || bytes + weight - bytesBefore > maxBytes) {
            kept++;
            bytesBefore = kept == at ? bytes : before[(int) kept & mask];
        }
        if (kept != floor) {
            long first = floor;
            FLOOR.setOpaque(this, kept);
            bytesBeforeFloor.setOpaque(bytesBefore);
            VarHandle.releaseFence();
            for (long position = first; position < kept; position++) {
                slots.setOpaque((int) position & mask, null);
            }
        }
        int index = (int) at & mask;
        before[index] = bytes;
        times[index] = stamp;
        slots.setOpaque(index, tooLarge ? null : message);
        bytesIn.setOpaque(bytes + weight);
        // Volatile, so that it comes before the look for waiters.
        TAIL.setVolatile(this, at + 1);
        arrivals.wakeIfWanted();
        return !tooLarge;
    }

    long tail() {
        return (long) TAIL.getVolatile(this);
    }

    long floor() {
        return (long) FLOOR.getVolatile(this);
    }

    int maxMessages() {
        return maxMessages;
    }

    private long bytes() {
        return Math.max(0, Math.min(maxBytes, bytesIn.get() - bytesBeforeFloor.get()));
    }

    /** The weight of the messages from a position to before another one; of all that the log has if the first has left it. */
    long weight(long from, long to) {
        long weightIn = to < tail() ? before[(int) to & mask] : bytesIn.get();
        long weight = weightIn - before[(int) from & mask];
        VarHandle.acquireFence();
        return floor() > from ? bytes() : Math.max(0, Math.min(maxBytes, weight));
    }

    /** How many messages to take at once, so that they are a quarter of what the log may hold, or one. */
    int portion(long position, int wanted) {
        int count = Math.max(1, Math.min(wanted, maxMessages / 4));
        while (count > 1
                && before[(int) (position + count - 1) & mask] - before[(int) position & mask] > maxBytes / 4) {
            count >>= 1;
        }
        return count;
    }

    /** Copies messages of consecutive positions; they count only if {@link #floor} is not above the first one after. */
    void copy(long position, int count, @Nullable Object[] messages, long[] stamps) {
        for (int i = 0; i < count; i++) {
            int index = (int) (position + i) & mask;
            messages[i] = slots.getOpaque(index);
            stamps[i] = times[index];
        }
        VarHandle.acquireFence();
    }

    Signal arrivals() {
        return arrivals;
    }
}
