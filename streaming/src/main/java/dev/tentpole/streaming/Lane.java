package dev.tentpole.streaming;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One producer's part of a buffer: bounded, filled by one thread at a time, emptied by one thread at a time.
 *
 * <p>{@link #complete}, {@link #close}, {@link #progress} and {@link #counters} are for any thread at any time.
 */
interface Lane<T> {

    /**
     * Puts a message in.
     *
     * @param weight not negative
     * @param stamp when it came; kept if the buffer is stamped
     * @return what became of it; null if its producer has to wait for a place, in which case nothing has happened, as if
     *     this throws what the message's key throws
     */
    @Nullable
    OfferResult put(T message, long weight, long stamp);

    /** Counts a message that the filter refuses. */
    OfferResult filtered();

    /**
     * Counts a message that is dropped before it comes in.
     *
     * @return the given result, or that the lane takes no more messages
     */
    OfferResult giveUp(OfferResult result, DropReason reason);

    /** As {@link #giveUp}, but gives the message no number: that is left to {@link #passOver}. */
    OfferResult count(OfferResult result, DropReason reason);

    /** Gives numbers to messages that were {@linkplain #count counted}, all for the same reason, or for several. */
    void passOver(DropReason reason, long count);

    /** A number that changes whenever a place may have become free, and when the lane takes no more messages. */
    long progress();

    /**
     * Hands over at most {@code max} messages, with the gaps before them.
     *
     * @param lag told the stamp of each message; null if nobody wants to know
     * @return how many; 0 if there is none
     */
    int drain(Receiver<? super T> receiver, int max, @Nullable LongConsumer lag);

    /** Hands over the gap after the last message of all lanes, once there will be no other one. */
    void drainLastGap(Receiver<? super T> receiver);

    /** Whether there are messages to hand over. */
    boolean hasMessages();

    /** Whether there is nothing to hand over, neither messages nor, once completed, a last gap. */
    boolean isEmpty();

    /** Refuses further messages; what is buffered may still be taken. */
    void complete();

    /** Refuses further messages and drops what is buffered. */
    void close();

    /** Refuses further messages since a lane was full; what is buffered may still be taken. */
    void disconnect();

    BufferCounters counters();
}
