package dev.tentpole.streaming;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a {@link RingLane}, apart from each other so that producer and consumer do not share cache lines.
 *
 * <p>A handle is called with a receiver of exactly the class that declares its field: with any other one, Java 17 does not
 * compile the call away.
 *
 * <p>The JVM lays out the fields of a superclass before those of its subclasses, which keeps the gaps where they are.
 */
@SuppressWarnings("unused") // the padding
class RingPad0 {
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

/** Written by the producer alone. */
class RingProducerFields extends RingPad0 {

    static final VarHandle TAIL = field(RingProducerFields.class, "tail");
    static final VarHandle EVICTED = field(RingProducerFields.class, "evicted");
    static final VarHandle SEQUENCE = field(RingProducerFields.class, "sequence");
    static final VarHandle BYTES_IN = field(RingProducerFields.class, "bytesIn");
    static final VarHandle LOSS = field(RingProducerFields.class, "loss");

    /** How many messages have been put into the ring: the position of the next one. */
    long tail;
    /** How many the producer has taken out again to make room. */
    long evicted;
    /** The number of the last message; refused ones have numbers, too. */
    long sequence;
    /** The weight of all messages that have been put in. */
    long bytesIn;
    /** Why messages have been refused since the last accepted one: 0, or a reason's code. */
    int loss;
    /** A position that the head has reached for certain, and the weight of all messages before it. */
    long headSeen;

    long bytesBeforeHead;
    /** The position at which to look next whether the consumer is stuck while it clears slots. */
    long nextCheck;
    /** What the consumer was clearing at the last look, and for which clearing the slots were replaced. */
    long clearingSeen;

    long replacedFor = -1;

    static VarHandle field(Class<?> owner, String name) {
        try {
            Class<?> type = owner.getDeclaredField(name).getType();
            return MethodHandles.lookup().findVarHandle(owner, name, type);
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

    static final VarHandle HEAD = field(RingHeadField.class, "head");

    /** The position of the oldest message that is in the ring. */
    long head;
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

/** Written by the consumer alone. */
class RingConsumerFields extends RingPad2 {

    static final VarHandle TAKEN = field(RingConsumerFields.class, "taken");
    static final VarHandle DELIVERED = field(RingConsumerFields.class, "delivered");
    static final VarHandle FAILED = field(RingConsumerFields.class, "failed");
    static final VarHandle DISCARDED = field(RingConsumerFields.class, "discarded");
    static final VarHandle EXPECTED = field(RingConsumerFields.class, "expected");
    static final VarHandle CONTENDED = field(RingConsumerFields.class, "contended");
    static final VarHandle CLEARING = field(RingConsumerFields.class, "clearing");

    /** How many messages the consumer has taken out. */
    long taken;

    long delivered;
    long failed;
    /** How many of those taken out were dropped since the lane had been closed meanwhile. */
    long discarded;
    /** The first position of those that the consumer takes and clears at present; -1 if it does not. */
    long clearing = -1;
    /** Whether the consumer has copied messages in vain; set by it, and taken back by the producer. */
    boolean contended;
    /** A position that the tail has reached for certain. */
    long tailSeen;
    /** The position after the last one taken. */
    long nextPosition;
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
        batch = new Object[batchSize];
        batchMeta = new long[batchSize];
        batchTimes = new long[batchSize];
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
