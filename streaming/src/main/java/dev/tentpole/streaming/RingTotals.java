package dev.tentpole.streaming;

import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What became of the messages of a {@link RingLane}.
 *
 * <p>Each counter is written by one side only and never decreases. They are read against the flow: what was delivered, what
 * was taken, what was evicted, what was put in. A message that is counted downstream has been counted upstream before, so
 * that the differences, what is buffered and what is in flight, are never negative. It reads again until the sides have
 * stood still meanwhile; if that does not happen, what passed by between the first reading and the last one is shown as in
 * flight.
 */
final class RingTotals {

    private static final int READINGS = 64;

    private final long[] marks;
    private final int mask;
    private final int maxMessages;
    private final long maxBytes;
    /** Messages refused, by reason, and filtered ones under {@link DropReason#SEVERAL}; written by the producer alone. */
    private final AtomicLongArray refused = new AtomicLongArray(DropReason.CODES);

    private final AtomicLong swept = new AtomicLong();

    RingTotals(long[] marks, int maxMessages, long maxBytes) {
        this.marks = marks;
        mask = marks.length / 2 - 1;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    void addFiltered() {
        addRefused(DropReason.SEVERAL);
    }

    void addRefused(DropReason reason) {
        refused.setRelease(reason.code, refused.getPlain(reason.code) + 1);
    }

    /** Counts messages that were in the ring when it was closed. */
    void addSwept(long count) {
        swept.addAndGet(count);
    }

    BufferCounters read(RingFields ring) {
        long deliveredNow = 0;
        long failedNow = 0;
        long discardedNow = 0;
        long takenNow = 0;
        long sweptNow = 0;
        long evictedNow = 0;
        long tailNow = 0;
        boolean stoodStill = false;
        for (int i = 0; i < READINGS && !stoodStill; i++) {
            deliveredNow = ring.delivered();
            failedNow = ring.failed();
            discardedNow = ring.discarded();
            takenNow = ring.taken();
            sweptNow = swept.get();
            evictedNow = ring.evicted();
            tailNow = ring.tailPosition();
            stoodStill = evictedNow == ring.evicted() && takenNow == ring.taken() && deliveredNow == ring.delivered();
        }
        long gone = evictedNow + sweptNow;
        takenNow = Math.max(takenNow, tailNow - gone - maxMessages);
        long buffered = tailNow - gone - takenNow;
        EnumMap<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        long refusedNow = 0;
        for (DropReason reason : DropReason.values()) {
            long count = refused.getAcquire(reason.code);
            refusedNow += count;
            dropped.put(reason, count);
        }
        long filtered = Objects.requireNonNull(dropped.remove(DropReason.SEVERAL));
        dropped.merge(DropReason.OLDEST, evictedNow, Long::sum);
        dropped.merge(DropReason.CLOSED, sweptNow + discardedNow, Long::sum);
        return new BufferCounters(
                tailNow + refusedNow,
                deliveredNow,
                failedNow,
                dropped,
                0,
                filtered,
                buffered,
                takenNow - deliveredNow - failedNow - discardedNow,
                bufferedBytes(ring, buffered));
    }

    private long bufferedBytes(RingFields ring, long buffered) {
        if (buffered == 0) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < READINGS; i++) {
            long first = ring.head();
            long end = ring.tailPosition();
            bytes = first >= end ? 0 : ring.weightIn() - marks[2 * ((int) first & mask)];
            VarHandle.acquireFence();
            if (first == ring.head()) {
                break;
            }
        }
        return Math.max(0, Math.min(maxBytes, bytes));
    }
}
