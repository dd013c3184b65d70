package dev.tentpole.streaming;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A lane without a lock: a ring from one producer to one consumer, out of which the producer may take the oldest
 * messages again.
 *
 * <p><b>Positions.</b> Messages are put in at positions 0, 1, 2 and so on; {@code tail} is the next one, {@code head} the
 * oldest that is still in. The slot of a position is its remainder by the ring's length, which is at least twice the
 * bound. The tail is the producer's. The head moves by compare-and-set only: the consumer takes messages by it, and the
 * producer evicts by it. Whoever moves the head over a position has its message, and nobody else.
 *
 * <p><b>Taking.</b> The consumer first copies what it is about to take, and then moves the head. If it can, none of these
 * messages had been evicted, and since the producer writes to a slot only after the head has left its last position,
 * none had been overwritten. If it can't, it forgets the copies and tries again.
 *
 * <p><b>Contention.</b> A producer that evicts one message after another moves the head faster than the consumer can copy. A
 * consumer that has copied in vain says so, and the producer then evicts a batch at once, at most a quarter of what is there, which leaves the head alone for as
 * long as it takes to put in as many.
 *
 * <p><b>Clearing.</b> Then it clears the slots, so that nothing holds messages that are gone. The producer reaches these
 * slots again half a ring later at the earliest. So every quarter of a ring it looks what the consumer is clearing. If
 * that is the same as at the look before, the consumer was interrupted by the system in the middle of it; then the
 * producer goes on with a new array and leaves the old one to the consumer. It never waits.
 *
 * <p><b>Gaps.</b> Every message has a number, refused ones too, and it is kept beside the message. A jump of the numbers
 * is a loss; that positions jump, too, tells evictions from refusals.
 *
 * <p><b>Counters.</b> Each is written by one side only and never decreases. {@link #counters} reads them against the flow:
 * what was delivered, what was taken, what was evicted, what was put in. A message that is counted downstream has been
 * counted upstream before, so that the differences, what is buffered and what is in flight, are never negative. It reads
 * again until the sides have stood still meanwhile; if that does not happen, what passed by between the first reading
 * and the last one is shown as in flight.
 */
@SuppressWarnings("auxiliaryclass") // the layers of fields belong together, in one file
final class RingLane<T> extends RingFields implements Lane<T> {

    private static final int BATCH = 64;
    private static final int SHORTEST_RING = 16;
    private static final int REASON_BITS = 4;
    private static final int REASON_MASK = (1 << REASON_BITS) - 1;
    private static final int READINGS = 64;

    private static final int OPEN = 0;
    private static final int COMPLETED = 1;
    private static final int DISCONNECTED = 2;
    private static final int CLOSED = 3;

    private final ToLongFunction<? super T> weigher;
    private final @Nullable Predicate<? super T> filter;
    private final Overflow.Kind overflow;
    private final int maxMessages;
    private final long maxBytes;
    private final int batchMessages;
    private final long batchBytes;
    private final int mask;
    private final int quarter;
    private final Signal arrivals;
    private final Signal departures;
    private final @Nullable LongSupplier stamps;

    /** The number of each message, and why messages before it were refused. */
    private final long[] meta;
    /** The weight of all messages before this one. */
    private final long[] before;

    private final long @Nullable [] times;
    /** Messages refused, by reason, and filtered ones under {@link DropReason#SEVERAL}; written by the producer alone. */
    private final AtomicLongArray refused = new AtomicLongArray(1 << REASON_BITS);

    private final ReentrantLock closing = new ReentrantLock();
    private final AtomicLong swept = new AtomicLong();
    private volatile int state;
    private volatile @Nullable Object[] slots;

    RingLane(MessageBuffer.Builder<T> builder, int maxMessages, long maxBytes, Signal arrivals, Signal departures) {
        super(BATCH);
        weigher = builder.weigher;
        filter = builder.filter;
        overflow = builder.overflow.kind();
        stamps = builder.stamps;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.arrivals = arrivals;
        this.departures = departures;
        batchMessages = Math.max(1, Math.min(BATCH, maxMessages / 4));
        batchBytes = Math.max(1, maxBytes / 4);
        int length = Math.max(SHORTEST_RING, Integer.highestOneBit(2 * maxMessages - 1) << 1);
        mask = length - 1;
        quarter = length / 4;
        slots = new Object[length];
        meta = new long[length];
        before = new long[length];
        times = stamps == null ? null : new long[length];
    }

    @Override
    public @Nullable OfferResult tryOffer(T message) {
        Objects.requireNonNull(message, "message");
        if (state != OPEN) {
            return refuseEnded();
        }
        if (filter != null && !filter.test(message)) {
            count(DropReason.SEVERAL);
            return OfferResult.FILTERED;
        }
        long weight = weigher.applyAsLong(message);
        if (weight < 0) {
            throw new IllegalArgumentException("weight = " + weight + " of a message, must not be negative");
        }
        if (weight > maxBytes) {
            return refuse(OfferResult.TOO_LARGE, DropReason.TOO_LARGE);
        }
        long at = tail;
        OfferResult result = OfferResult.ACCEPTED;
        if (!fits(at, weight)) {
            headSeen = (long) HEAD.getAcquire((RingHeadField) this);
            bytesBeforeHead = weightBefore(headSeen, at);
            if (!fits(at, weight)) {
                switch (overflow) {
                    case DROP_OLDEST -> result = evict(at, weight);
                    case BLOCK -> {
                        return null;
                    }
                    case DISCONNECT -> {
                        end(DISCONNECTED);
                        return refuse(OfferResult.DISCONNECTED, DropReason.DISCONNECTED);
                    }
                    default -> {
                        return refuse(OfferResult.DROPPED_NEWEST, DropReason.NEWEST);
                    }
                }
            }
        }
        if (at == nextCheck) {
            leaveSlotsThatAreBeingCleared(at);
        }
        int index = (int) at & mask;
        before[index] = bytesIn;
        long number = sequence + 1;
        meta[index] = number << REASON_BITS | loss;
        if (times != null && stamps != null) {
            times[index] = stamps.getAsLong();
        }
        slots[index] = message;
        SEQUENCE.setOpaque((RingProducerFields) this, number);
        if (loss != 0) {
            LOSS.setOpaque((RingProducerFields) this, 0);
        }
        BYTES_IN.setOpaque((RingProducerFields) this, bytesIn + weight);
        TAIL.setRelease((RingProducerFields) this, at + 1);
        arrivals.wakeIfWanted();
        return result;
    }

    private boolean fits(long at, long weight) {
        return at - headSeen < maxMessages && bytesIn + weight - bytesBeforeHead <= maxBytes;
    }

    private long weightBefore(long position, long at) {
        return position == at ? bytesIn : before[(int) position & mask];
    }

    /** Moves the head until there is room; the consumer may have made it meanwhile. */
    private OfferResult evict(long at, long weight) {
        OfferResult result = OfferResult.ACCEPTED;
        while (!fits(at, weight)) {
            long first = headSeen;
            long end = first;
            do {
                end++;
                headSeen = end;
                bytesBeforeHead = weightBefore(end, at);
            } while (!fits(at, weight));
            if ((boolean) CONTENDED.getOpaque((RingConsumerFields) this)) {
                CONTENDED.setOpaque((RingConsumerFields) this, false);
                end = Math.max(end, first + Math.min(batchMessages, (at - first) / 4));
                headSeen = end;
                bytesBeforeHead = weightBefore(end, at);
            }
            if (HEAD.compareAndSet((RingHeadField) this, first, end)) {
                for (long position = first; position < end; position++) {
                    slots[(int) position & mask] = null;
                }
                EVICTED.setRelease((RingProducerFields) this, evicted + end - first);
                result = OfferResult.ACCEPTED_DROPPED_OLDEST;
            } else {
                headSeen = (long) HEAD.getAcquire((RingHeadField) this);
                bytesBeforeHead = weightBefore(headSeen, at);
            }
        }
        return result;
    }

    private void leaveSlotsThatAreBeingCleared(long at) {
        nextCheck = at + quarter;
        long first = (long) HEAD.getAcquire((RingHeadField) this);
        long cleared = (long) CLEARING.getAcquire((RingConsumerFields) this);
        if (cleared >= 0 && cleared == clearingSeen && cleared != replacedFor) {
            @Nullable Object[] fresh = new Object[slots.length];
            for (long position = first; position < at; position++) {
                fresh[(int) position & mask] = slots[(int) position & mask];
            }
            slots = fresh;
            replacedFor = cleared;
        }
        clearingSeen = cleared;
    }

    private OfferResult refuseEnded() {
        boolean disconnected = state == DISCONNECTED;
        count(disconnected ? DropReason.DISCONNECTED : DropReason.CLOSED);
        return disconnected ? OfferResult.DISCONNECTED : OfferResult.CLOSED;
    }

    private OfferResult refuse(OfferResult result, DropReason reason) {
        SEQUENCE.setOpaque((RingProducerFields) this, sequence + 1);
        int code = reason.code;
        LOSS.setOpaque((RingProducerFields) this, loss == 0 || loss == code ? code : DropReason.SEVERAL.code);
        count(reason);
        return result;
    }

    private void count(DropReason reason) {
        refused.setRelease(reason.code, refused.getPlain(reason.code) + 1);
    }

    @Override
    public OfferResult giveUp(OfferResult result, DropReason reason) {
        return state == OPEN ? refuse(result, reason) : refuseEnded();
    }

    @Override
    public long progress() {
        return state == OPEN ? (long) HEAD.getVolatile((RingHeadField) this) : -1;
    }

    @Override
    public int drain(Receiver<? super T> receiver, int max, @Nullable LongConsumer lag) {
        int count = 0;
        while (count < max && (batchNext < batchEnd || take(max - count))) {
            while (count < max && batchNext < batchEnd) {
                if (state == CLOSED) {
                    discardBatch();
                    return count;
                }
                handOver(receiver, lag);
                count++;
            }
        }
        return count;
    }

    /** Takes messages into the batch. */
    private boolean take(int max) {
        long first = (long) HEAD.getAcquire((RingHeadField) this);
        int inVain = 0;
        while (true) {
            if (first >= tailSeen) {
                tailSeen = (long) TAIL.getAcquire((RingProducerFields) this);
                if (first >= tailSeen) {
                    CLEARING.setRelease((RingConsumerFields) this, -1L);
                    Arrays.fill(batch, 0, inVain, null);
                    return false;
                }
            }
            @Nullable Object[] from = slots;
            int count = (int) Math.min(Math.min(max, batchMessages), tailSeen - first);
            while (count > 1 && before[(int) (first + count - 1) & mask] - before[(int) first & mask] > batchBytes) {
                count >>= 1;
            }
            for (int i = 0; i < count; i++) {
                int index = (int) (first + i) & mask;
                batch[i] = from[index];
                batchMeta[i] = meta[index];
                if (times != null) {
                    batchTimes[i] = times[index];
                }
            }
            CLEARING.setRelease((RingConsumerFields) this, first);
            if (HEAD.compareAndSet((RingHeadField) this, first, first + count)) {
                for (int i = 0; i < count; i++) {
                    from[(int) (first + i) & mask] = null;
                }
                CLEARING.setRelease((RingConsumerFields) this, -1L);
                TAKEN.setRelease((RingConsumerFields) this, taken + count);
                batchSkipped = first - nextPosition;
                nextPosition = first + count;
                batchNext = 0;
                batchEnd = count;
                for (int i = count; i < inVain; i++) {
                    batch[i] = null;
                }
                departures.wakeIfWanted();
                return true;
            }
            inVain = Math.max(inVain, count);
            CONTENDED.setOpaque((RingConsumerFields) this, true);
            first = (long) HEAD.getAcquire((RingHeadField) this);
        }
    }

    @SuppressWarnings("unchecked") // nothing else is put in
    private void handOver(Receiver<? super T> receiver, @Nullable LongConsumer lag) {
        int i = batchNext;
        T message = (T) batch[i];
        if (message == null) {
            batchNext = i + 1;
            DISCARDED.setRelease((RingConsumerFields) this, discarded + 1);
            return;
        }
        long number = batchMeta[i] >>> REASON_BITS;
        if (number != expected) {
            handOverGap(receiver, number, (int) batchMeta[i] & REASON_MASK, i == 0 ? batchSkipped : 0);
        }
        batchNext = i + 1;
        batch[i] = null;
        EXPECTED.setOpaque((RingConsumerFields) this, number + 1);
        boolean returned = false;
        try {
            if (lag != null && times != null) {
                lag.accept(batchTimes[i]);
            }
            receiver.onMessage(message, number);
            returned = true;
        } finally {
            if (returned) {
                DELIVERED.setRelease((RingConsumerFields) this, delivered + 1);
            } else {
                FAILED.setRelease((RingConsumerFields) this, failed + 1);
            }
        }
    }

    private void handOverGap(Receiver<? super T> receiver, long next, int code, long skipped) {
        long count = next - expected;
        DropReason reason =
                skipped == 0 ? DropReason.of(code) : skipped == count ? DropReason.OLDEST : DropReason.SEVERAL;
        Gap gap = new Gap(count, expected, next - 1, reason);
        EXPECTED.setOpaque((RingConsumerFields) this, next);
        receiver.onGap(gap);
    }

    private boolean isLastGapDue() {
        int now = state;
        return (now == COMPLETED || now == DISCONNECTED)
                && (long) SEQUENCE.getOpaque((RingProducerFields) this)
                        >= (long) EXPECTED.getOpaque((RingConsumerFields) this);
    }

    @Override
    public void drainLastGap(Receiver<? super T> receiver) {
        int code = (int) LOSS.getOpaque((RingProducerFields) this);
        if (isLastGapDue()
                && code != 0
                && (long) HEAD.getAcquire((RingHeadField) this) == (long) TAIL.getAcquire((RingProducerFields) this)) {
            handOverGap(receiver, (long) SEQUENCE.getOpaque((RingProducerFields) this) + 1, code, 0);
        }
    }

    private void discardBatch() {
        int left = batchEnd - batchNext;
        Arrays.fill(batch, batchNext, batchEnd, null);
        batchNext = batchEnd;
        DISCARDED.setRelease((RingConsumerFields) this, discarded + left);
    }

    @Override
    public boolean isEmpty() {
        return (long) HEAD.getVolatile((RingHeadField) this) >= (long) TAIL.getVolatile((RingProducerFields) this)
                && batchNext == batchEnd
                && !isLastGapDue();
    }

    @Override
    public void complete() {
        end(COMPLETED);
    }

    @Override
    public void close() {
        end(CLOSED);
        sweep();
    }

    private void end(int how) {
        closing.lock();
        try {
            if (how == CLOSED || state == OPEN) {
                state = how;
            }
        } finally {
            closing.unlock();
        }
        departures.wake();
    }

    /** Takes out what is left in a closed lane, and what a producer that had not noticed yet has put in. */
    private void sweep() {
        closing.lock();
        try {
            long first = (long) HEAD.getAcquire((RingHeadField) this);
            long end = (long) TAIL.getAcquire((RingProducerFields) this);
            while (first < end) {
                if (HEAD.compareAndSet((RingHeadField) this, first, end)) {
                    @Nullable Object[] from = slots;
                    for (long position = first; position < end; position++) {
                        from[(int) position & mask] = null;
                    }
                    swept.addAndGet(end - first);
                }
                first = (long) HEAD.getAcquire((RingHeadField) this);
                end = (long) TAIL.getAcquire((RingProducerFields) this);
            }
        } finally {
            closing.unlock();
        }
    }

    @Override
    public void disconnect() {
        end(DISCONNECTED);
    }

    @Override
    public BufferCounters counters() {
        if (state == CLOSED) {
            sweep();
        }
        long deliveredNow = 0;
        long failedNow = 0;
        long discardedNow = 0;
        long takenNow = 0;
        long sweptNow = 0;
        long evictedNow = 0;
        long tailNow = 0;
        boolean stoodStill = false;
        for (int i = 0; i < READINGS && !stoodStill; i++) {
            deliveredNow = (long) DELIVERED.getAcquire((RingConsumerFields) this);
            failedNow = (long) FAILED.getAcquire((RingConsumerFields) this);
            discardedNow = (long) DISCARDED.getAcquire((RingConsumerFields) this);
            takenNow = (long) TAKEN.getAcquire((RingConsumerFields) this);
            sweptNow = swept.get();
            evictedNow = (long) EVICTED.getAcquire((RingProducerFields) this);
            tailNow = (long) TAIL.getAcquire((RingProducerFields) this);
            stoodStill = evictedNow == (long) EVICTED.getAcquire((RingProducerFields) this)
                    && takenNow == (long) TAKEN.getAcquire((RingConsumerFields) this)
                    && deliveredNow == (long) DELIVERED.getAcquire((RingConsumerFields) this);
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
                bufferedBytes(buffered));
    }

    private long bufferedBytes(long buffered) {
        if (buffered == 0) {
            return 0;
        }
        long bytes = 0;
        for (int i = 0; i < READINGS; i++) {
            long first = (long) HEAD.getVolatile((RingHeadField) this);
            long end = (long) TAIL.getAcquire((RingProducerFields) this);
            bytes = first >= end
                    ? 0
                    : (long) BYTES_IN.getOpaque((RingProducerFields) this) - before[(int) first & mask];
            if (first == (long) HEAD.getVolatile((RingHeadField) this)) {
                break;
            }
        }
        return Math.max(0, Math.min(maxBytes, bytes));
    }
}
