package dev.tentpole.streaming;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link RingLane}, apart from each other so that producer and consumer do not share cache lines.
 *
 * <p>Each class has the handles of its own fields: called with a receiver of any other class, Java 17 does not compile the
 * call away. Plain reads of a field are for the side that writes it.
 *
 * <p>The JVM lays out the fields of a superclass before those of its subclasses, which keeps the gaps where they are.
 */
@SuppressWarnings("unused") // the padding
class RingPad0 {

    /** Behind the object's header there is room for four bytes, which the JVM would fill with a field of the producer. */
    private int gap;

    private long p00;
    private long p01;
    private long p02;
    private long p03;
    private long p04;
    private long p05;
    private long p06;
    private long p07;
    private long p08;
    private long p09;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;
}

/** Written by the producer alone, but for the seal of the tail. */
class RingProducerFields extends RingPad0 {

    private static final VarHandle TAIL = field(MethodHandles.lookup(), "tail");
    private static final VarHandle EVICTED = field(MethodHandles.lookup(), "evicted");
    private static final VarHandle SEQUENCE = field(MethodHandles.lookup(), "sequence");
    private static final VarHandle BYTES_IN = field(MethodHandles.lookup(), "bytesIn");
    private static final VarHandle LAST_JUMP = field(MethodHandles.lookup(), "lastJump");
    private static final VarHandle HEAVIEST = field(MethodHandles.lookup(), "heaviest");
    private static final VarHandle LOSS = field(MethodHandles.lookup(), "loss");

    /**
     * How many messages have been put into the ring, which is the position of the next one; its complement, which is
     * negative, once the lane is sealed.
     */
    long tail;
    /** How many the producer has taken out again to make room. */
    private long evicted;
    /** The number of the last message; refused ones have numbers, too. */
    long sequence;
    /** The weight of all messages that have been put in. */
    long bytesIn;
    /** Why messages have been refused since the last accepted one: 0, or a reason's code. */
    int loss;

    /** The four bytes that the JVM would fill with a field of the consumer. */
    @SuppressWarnings("unused")
    private int gapBehindLoss;

    /** The last position that does not have the number after that of the position before; -1 if all have. */
    long lastJump = -1;
    /** The weight of the heaviest message that has been put in. */
    private long heaviest;
    /** A position that the head has reached for certain, and the weight of all messages before it. */
    long headSeen;

    long bytesBeforeHead;
    /** The position at which to look next whether the consumer is stuck while it clears slots. */
    long nextCheck;
    /** What the consumer was clearing at the last look, and for which clearing the slots were replaced. */
    long clearingSeen;

    long replacedFor = -1;

    /** The position of the next message, sealed or not. */
    final long tailPosition() {
        long now = (long) TAIL.getVolatile(this);
        return now < 0 ? ~now : now;
    }

    /** The position of the next message for its producer; negative if there will be none since the lane is sealed. */
    final long openTail() {
        return (long) TAIL.getOpaque(this);
    }

    /** Shows the consumer the message at a position, and is a full fence; false if the lane is sealed. */
    final boolean publish(long position) {
        return TAIL.compareAndSet(this, position, position + 1);
    }

    /** Lets no more messages in: what is in afterwards is all that there will ever be. */
    final void seal() {
        long now = (long) TAIL.getVolatile(this);
        while (now >= 0 && !TAIL.compareAndSet(this, now, ~now)) {
            now = (long) TAIL.getVolatile(this);
        }
    }

    final long evicted() {
        return (long) EVICTED.getAcquire(this);
    }

    final void addEvicted(long count) {
        EVICTED.setRelease(this, evicted + count);
    }

    final long lastNumber() {
        return (long) SEQUENCE.getOpaque(this);
    }

    final void setLastNumber(long number) {
        SEQUENCE.setOpaque(this, number);
    }

    final long weightIn() {
        return (long) BYTES_IN.getOpaque(this);
    }

    final void setWeightIn(long weight) {
        BYTES_IN.setOpaque(this, weight);
    }

    final long lastJump() {
        return (long) LAST_JUMP.getOpaque(this);
    }

    final void setLastJump(long position) {
        LAST_JUMP.setOpaque(this, position);
    }

    final long heaviest() {
        return (long) HEAVIEST.getOpaque(this);
    }

    /** Takes note of the weight of a message before it is shown. */
    final void weigh(long weight) {
        if (weight > heaviest) {
            HEAVIEST.setOpaque(this, weight);
        }
    }

    final int lossCode() {
        return (int) LOSS.getAcquire(this);
    }

    final void setLossCode(int code) {
        LOSS.setRelease(this, code);
    }

    static VarHandle field(MethodHandles.Lookup owner, String name) {
        try {
            Class<?> type = owner.lookupClass().getDeclaredField(name).getType();
            return owner.findVarHandle(owner.lookupClass(), name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}

/** Keeps the head's cache line apart from the producer's. */
@SuppressWarnings("unused") // the padding
class RingPad1 extends RingProducerFields {
    private long p00;
    private long p01;
    private long p02;
    private long p03;
    private long p04;
    private long p05;
    private long p06;
    private long p07;
    private long p08;
    private long p09;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;
}

/** Written by both sides, with compare-and-set. */
class RingHeadField extends RingPad1 {

    private static final VarHandle HEAD = field(MethodHandles.lookup(), "head");

    /** The position of the oldest message that is in the ring. */
    long head;

    final long head() {
        return (long) HEAD.getVolatile(this);
    }

    final boolean moveHead(long from, long to) {
        return HEAD.compareAndSet(this, from, to);
    }
}

/** Keeps the head's cache line apart from the consumer's. */
@SuppressWarnings("unused") // the padding
class RingPad2 extends RingHeadField {
    private long p00;
    private long p01;
    private long p02;
    private long p03;
    private long p04;
    private long p05;
    private long p06;
    private long p07;
    private long p08;
    private long p09;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;
}

/** Written by the consumer alone, but for one flag. */
class RingConsumerFields extends RingPad2 {

    /**
     * The first place of a batch that is used. The consumer writes to these arrays with each message, and what is next to
     * them in memory may be what the producer reads with each message.
     */
    static final int BATCH_START = 32;

    private static final VarHandle TAKEN = field(MethodHandles.lookup(), "taken");
    private static final VarHandle DELIVERED = field(MethodHandles.lookup(), "delivered");
    private static final VarHandle FAILED = field(MethodHandles.lookup(), "failed");
    private static final VarHandle DISCARDED = field(MethodHandles.lookup(), "discarded");
    private static final VarHandle EXPECTED = field(MethodHandles.lookup(), "expected");
    private static final VarHandle CONTENDED = field(MethodHandles.lookup(), "contended");
    private static final VarHandle CLEARING = field(MethodHandles.lookup(), "clearing");

    /** How many messages the consumer has taken out. */
    private long taken;

    private long delivered;
    private long failed;
    /** How many of those taken out were dropped since the lane had been closed meanwhile. */
    private long discarded;
    /** The first position of those that the consumer takes and clears at present; -1 if it does not. */
    long clearing = -1;
    /** Whether the consumer has copied messages in vain; set by it, and taken back by the producer. */
    boolean contended;
    /** A position that the tail has reached for certain. */
    long tailSeen;
    /** The position after the last one taken, and the number that it has if none was refused before it. */
    long nextPosition;

    long nextNumber = 1;
    /** The number that the next message has if nothing is lost. */
    long expected = 1;
    /** What has been taken out and not yet handed over. */
    final @Nullable Object[] batch;

    final long[] batchMeta;
    final long[] batchTimes;
    int batchNext;
    int batchEnd;
    /** How many messages were evicted before the first one of the batch. */
    long batchSkipped;

    RingConsumerFields(int batchSize) {
        batch = new Object[BATCH_START + batchSize + BATCH_START];
        batchMeta = new long[BATCH_START + batchSize + BATCH_START];
        batchTimes = new long[BATCH_START + batchSize + BATCH_START];
        batchNext = BATCH_START;
        batchEnd = BATCH_START;
    }

    final long taken() {
        return (long) TAKEN.getAcquire(this);
    }

    final void addTaken(long count) {
        TAKEN.setRelease(this, taken + count);
    }

    final long delivered() {
        return (long) DELIVERED.getAcquire(this);
    }

    final void addDelivered() {
        DELIVERED.setRelease(this, delivered + 1);
    }

    final long failed() {
        return (long) FAILED.getAcquire(this);
    }

    final void addFailed() {
        FAILED.setRelease(this, failed + 1);
    }

    final long discarded() {
        return (long) DISCARDED.getAcquire(this);
    }

    final void addDiscarded(long count) {
        DISCARDED.setRelease(this, discarded + count);
    }

    final long expectedNumber() {
        return (long) EXPECTED.getOpaque(this);
    }

    final void setExpectedNumber(long number) {
        EXPECTED.setOpaque(this, number);
    }

    final boolean isContended() {
        return (boolean) CONTENDED.getOpaque(this);
    }

    final void setContended(boolean now) {
        CONTENDED.setOpaque(this, now);
    }

    final long clearing() {
        return (long) CLEARING.getAcquire(this);
    }

    final void setClearing(long position) {
        CLEARING.setRelease(this, position);
    }
}

/** Keeps the consumer's cache line apart from what comes after. */
@SuppressWarnings("unused") // the padding
class RingFields extends RingConsumerFields {
    private long p00;
    private long p01;
    private long p02;
    private long p03;
    private long p04;
    private long p05;
    private long p06;
    private long p07;
    private long p08;
    private long p09;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;

    RingFields(int batchSize) {
        super(batchSize);
    }
}
