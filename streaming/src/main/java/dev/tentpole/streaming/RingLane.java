package dev.tentpole.streaming;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
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
 * consumer that has copied in vain says so, and the producer then evicts a batch at once, at most a quarter of what is
 * there, which leaves the head alone for as long as it takes to put in as many.
 *
 * <p><b>Clearing.</b> Then it clears the slots, so that nothing holds messages that are gone. The producer reaches these
 * slots again half a ring later at the earliest. So every quarter of a ring it looks what the consumer is clearing. If
 * that is the same as at the look before, the consumer was interrupted by the system in the middle of it; then the
 * producer goes on with a new array and leaves the old one to the consumer. It never waits.
 *
 * <p><b>The end.</b> A message is in once the producer has moved the tail over it, by compare-and-set. Whoever ends the lane
 * seals the tail the same way. So a message either comes before the seal, and the consumer finds it before it can find the
 * lane finished, or its producer is told that the lane has ended. The same compare-and-set is the full fence between a
 * message and the look for a consumer that waits, so that the two never miss each other.
 *
 * <p><b>Gaps.</b> Every message has a number, refused ones too, and it is kept beside the message. A jump of the numbers
 * is a loss; that positions jump, too, tells evictions from refusals.
 *
 * <p><b>Marks.</b> Numbers and weights are written by the producer, and each line of them that the consumer reads the
 * producer has to get back. So the consumer derives what it can: before the producer moves the tail over a message it says
 * whether its number jumps and whether it is the heaviest so far. Whoever has seen the tail has seen that, too; what is
 * newer can only make the consumer look at marks that it need not look at.
 */
final class RingLane<T> extends RingFields implements Lane<T> {

    private static final int BATCH = 64;
    private static final int SHORTEST_RING = 16;
    private static final int REASON_BITS = 4;
    private static final int REASON_MASK = (1 << REASON_BITS) - 1;

    private static final int OPEN = 0;
    private static final int COMPLETED = 1;
    private static final int DISCONNECTED = 2;
    private static final int CLOSED = 3;

    private final Overflow.Kind overflow;
    private final int maxMessages;
    private final long maxBytes;
    private final int batchMessages;
    private final long batchBytes;
    private final int mask;
    private final int quarter;
    private final Signal arrivals;
    private final @Nullable Runnable freed;

    /** Two for each message: the weight of all before it; its number, and why messages before it were refused. */
    private final long[] marks;

    private final long @Nullable [] times;
    private final RingTotals totals;

    private final ReentrantLock closing = new ReentrantLock();
    private volatile int state;
    private volatile @Nullable Object[] slots;

    /**
     * Makes a lane.
     *
     * @param arrivals what the consumer waits for
     * @param freed run whenever the consumer has made places free, by itself, and when the lane takes no more messages;
     *     null if no producer waits for that
     */
    RingLane(
            MessageBuffer.Builder<T> builder,
            int maxMessages,
            long maxBytes,
            Signal arrivals,
            @Nullable Runnable freed) {
        super(BATCH);
        overflow = builder.overflow.kind();
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.arrivals = arrivals;
        this.freed = freed;
        batchMessages = Math.max(1, Math.min(BATCH, maxMessages / 4));
        batchBytes = Math.max(1, maxBytes / 4);
        int length = Math.max(SHORTEST_RING, Integer.highestOneBit(2 * maxMessages - 1) << 1);
        mask = length - 1;
        quarter = length / 4;
        slots = new Object[length];
        marks = new long[2 * length];
        totals = new RingTotals(marks, maxMessages, maxBytes);
        times = builder.stamped ? new long[length] : null;
    }

    @Override
    public @Nullable OfferResult put(T message, long weight, long stamp) {
        long at = openTail();
        if (at < 0) {
            return refuseEnded();
        }
        OfferResult result = OfferResult.ACCEPTED;
        if (at == nextCheck || !fits(at, weight)) {
            result = makeRoom(at, weight);
            if (result == null || !result.isAccepted()) {
                return result;
            }
        }
        int index = (int) at & mask;
        long weightBefore = bytesIn;
        long number = sequence + 1;
        marks[2 * index] = weightBefore;
        marks[2 * index + 1] = number << REASON_BITS | loss;
        if (times != null) {
            times[index] = stamp;
        }
        slots[index] = message;
        setWeightIn(weightBefore + weight);
        weigh(weight);
        if (loss != 0) {
            setLastJump(at);
        }
        if (!publish(at)) {
            return takeBack(index, weightBefore, result);
        }
        setLastNumber(number);
        if (loss != 0) {
            setLossCode(0);
        }
        arrivals.wakeIfWanted();
        return result;
    }

    @Override
    public OfferResult filtered() {
        if (openTail() < 0) {
            return refuseEnded();
        }
        totals.addFiltered();
        return OfferResult.FILTERED;
    }

    /** Does what is not to be done for each message; null if the producer has to wait for a place. */
    private @Nullable OfferResult makeRoom(long at, long weight) {
        if (weight > maxBytes) {
            return refuse(OfferResult.TOO_LARGE, DropReason.TOO_LARGE);
        }
        OfferResult result = OfferResult.ACCEPTED;
        if (!fits(at, weight)) {
            headSeen = head();
            bytesBeforeHead = weightBefore(headSeen, at);
            if (!fits(at, weight)) {
                result = overflow(at, weight);
            }
        }
        if (at == nextCheck && result != null && result.isAccepted()) {
            leaveSlotsThatAreBeingCleared(at);
        }
        return result;
    }

    private @Nullable OfferResult overflow(long at, long weight) {
        switch (overflow) {
            case DROP_OLDEST -> {
                return evict(at, weight);
            }
            case BLOCK -> {
                return null;
            }
            case DISCONNECT -> {
                // Counted first: whoever sees the end must see the loss.
                OfferResult result = refuse(OfferResult.DISCONNECTED, DropReason.DISCONNECTED);
                end(DISCONNECTED);
                return result;
            }
            default -> {
                return refuse(OfferResult.DROPPED_NEWEST, DropReason.NEWEST);
            }
        }
    }

    /** Undoes what a message has written that the lane was sealed against. What was evicted for it stays lost. */
    private OfferResult takeBack(int index, long weightBefore, OfferResult result) {
        slots[index] = null;
        setWeightIn(weightBefore);
        if (result == OfferResult.ACCEPTED_DROPPED_OLDEST) {
            setLossCode(merged(DropReason.OLDEST.code));
        }
        return refuseEnded();
    }

    private int merged(int code) {
        return loss == 0 || loss == code ? code : DropReason.SEVERAL.code;
    }

    private boolean fits(long at, long weight) {
        return at - headSeen < maxMessages && weight <= maxBytes - (bytesIn - bytesBeforeHead);
    }

    private long weightBefore(long position, long at) {
        return position == at ? bytesIn : marks[2 * ((int) position & mask)];
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
            if (isContended()) {
                setContended(false);
                end = Math.max(end, first + Math.min(batchMessages, (at - first) / 4));
                headSeen = end;
                bytesBeforeHead = weightBefore(end, at);
            }
            if (moveHead(first, end)) {
                for (long position = first; position < end; position++) {
                    slots[(int) position & mask] = null;
                }
                addEvicted(end - first);
                result = OfferResult.ACCEPTED_DROPPED_OLDEST;
            } else {
                headSeen = head();
                bytesBeforeHead = weightBefore(headSeen, at);
            }
        }
        return result;
    }

    private void leaveSlotsThatAreBeingCleared(long at) {
        nextCheck = at + quarter;
        long first = head();
        long cleared = clearing();
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
        totals.addRefused(disconnected ? DropReason.DISCONNECTED : DropReason.CLOSED);
        return disconnected ? OfferResult.DISCONNECTED : OfferResult.CLOSED;
    }

    private OfferResult refuse(OfferResult result, DropReason reason) {
        passOver(reason, 1);
        totals.addRefused(reason);
        return result;
    }

    @Override
    public OfferResult giveUp(OfferResult result, DropReason reason) {
        return state == OPEN ? refuse(result, reason) : refuseEnded();
    }

    @Override
    public OfferResult count(OfferResult result, DropReason reason) {
        if (state != OPEN) {
            return refuseEnded();
        }
        totals.addRefused(reason);
        return result;
    }

    @Override
    public void passOver(DropReason reason, long count) {
        setLastNumber(sequence + count);
        setLossCode(merged(reason.code));
    }

    @Override
    public long progress() {
        return state == OPEN ? head() : -1;
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
                count += handOver(receiver, lag) ? 1 : 0;
            }
        }
        return count;
    }

    /** Takes messages into the batch. */
    private boolean take(int max) {
        long first = head();
        int inVain = 0;
        while (true) {
            if (first >= tailSeen) {
                tailSeen = tailPosition();
                if (first >= tailSeen) {
                    setClearing(-1);
                    Arrays.fill(batch, BATCH_START, BATCH_START + inVain, null);
                    return false;
                }
            }
            @Nullable Object[] from = slots;
            int count = (int) Math.min(Math.min(max, batchMessages), tailSeen - first);
            while (count > 1
                    && heaviest() > batchBytes / count
                    && marks[2 * ((int) (first + count - 1) & mask)] - marks[2 * ((int) first & mask)] > batchBytes) {
                count >>= 1;
            }
            for (int i = 0; i < count; i++) {
                int index = (int) (first + i) & mask;
                batch[BATCH_START + i] = from[index];
                if (times != null) {
                    batchTimes[BATCH_START + i] = times[index];
                }
            }
            copyNumbers(first, count);
            setClearing(first);
            if (moveHead(first, first + count)) {
                for (int i = 0; i < count; i++) {
                    from[(int) (first + i) & mask] = null;
                }
                batchSkipped = first - nextPosition;
                nextPosition = first + count;
                nextNumber = (batchMeta[BATCH_START + count - 1] >>> REASON_BITS) + 1;
                batchNext = BATCH_START;
                batchEnd = BATCH_START + count;
                // Whoever sees nothing being cleared sees the batch.
                setClearing(-1);
                addTaken(count);
                for (int i = count; i < inVain; i++) {
                    batch[BATCH_START + i] = null;
                }
                if (freed != null) {
                    freed.run();
                }
                return true;
            }
            inVain = Math.max(inVain, count);
            setContended(true);
            first = head();
        }
    }

    /** Looks at no number that follows from the one before, so that those stay with the producer. */
    private void copyNumbers(long first, int count) {
        boolean noJump = lastJump() < nextPosition;
        long mark = noJump ? (nextNumber + first - nextPosition) << REASON_BITS : numberMark(first);
        if (!noJump) {
            noJump = (numberMark(first + count - 1) >>> REASON_BITS) - (mark >>> REASON_BITS) == count - 1;
        }
        for (int i = 0; i < count; i++) {
            batchMeta[BATCH_START + i] = noJump ? mark + ((long) i << REASON_BITS) : numberMark(first + i);
        }
    }

    private long numberMark(long position) {
        return marks[2 * ((int) position & mask) + 1];
    }

    /** Hands over the next message; false if the receiver, told of the gap before it, has taken it or closed the lane. */
    @SuppressWarnings("unchecked") // nothing else is put in
    private boolean handOver(Receiver<? super T> receiver, @Nullable LongConsumer lag) {
        int i = batchNext;
        T message = (T) Objects.requireNonNull(batch[i]);
        long number = batchMeta[i] >>> REASON_BITS;
        if (number != expected) {
            handOverGap(receiver, number, (int) batchMeta[i] & REASON_MASK, i == BATCH_START ? batchSkipped : 0);
            if (number != expected || state == CLOSED) {
                return false;
            }
        }
        batchNext = i + 1;
        batch[i] = null;
        setExpectedNumber(number + 1);
        boolean returned = false;
        try {
            if (lag != null && times != null) {
                lag.accept(batchTimes[i]);
            }
            receiver.onMessage(message, number);
            returned = true;
        } finally {
            if (returned) {
                addDelivered();
            } else {
                addFailed();
            }
        }
        return true;
    }

    private void handOverGap(Receiver<? super T> receiver, long next, int code, long skipped) {
        long count = next - expected;
        DropReason reason =
                skipped == 0 ? DropReason.of(code) : skipped == count ? DropReason.OLDEST : DropReason.SEVERAL;
        Gap gap = new Gap(count, expected, next - 1, reason);
        setExpectedNumber(next);
        receiver.onGap(gap);
    }

    private boolean isLastGapDue() {
        int now = state;
        return (now == COMPLETED || now == DISCONNECTED) && lastNumber() >= expectedNumber();
    }

    @Override
    public void drainLastGap(Receiver<? super T> receiver) {
        int code = lossCode();
        if (isLastGapDue() && code != 0 && head() == tailPosition()) {
            handOverGap(receiver, lastNumber() + 1, code, 0);
        }
    }

    private void discardBatch() {
        int left = batchEnd - batchNext;
        Arrays.fill(batch, batchNext, batchEnd, null);
        batchNext = batchEnd;
        addDiscarded(left);
    }

    @Override
    public boolean hasMessages() {
        return head() < tailPosition() || clearing() >= 0 || batchNext != batchEnd;
    }

    @Override
    public boolean isEmpty() {
        return !hasMessages() && !isLastGapDue();
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
            seal();
        } finally {
            closing.unlock();
        }
        if (freed != null) {
            freed.run();
        }
    }

    /** Takes out what is left in a closed lane. */
    private void sweep() {
        closing.lock();
        try {
            long first = head();
            long end = tailPosition();
            while (first < end) {
                if (moveHead(first, end)) {
                    @Nullable Object[] from = slots;
                    for (long position = first; position < end; position++) {
                        from[(int) position & mask] = null;
                    }
                    totals.addSwept(end - first);
                }
                first = head();
                end = tailPosition();
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
        return totals.read(this);
    }
}
