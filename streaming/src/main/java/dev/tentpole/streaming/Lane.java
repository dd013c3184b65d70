package dev.tentpole.streaming;

import java.util.List;

/**
 * One producer's part of a buffer: bounded, filled by one thread at a time, emptied by one thread at a time.
 *
 * <p>{@link #close} and {@link #counters} may be called by any thread at any time.
 */
interface Lane<T> extends Producer<T> {

    /**
     * Hands over at most {@code max} messages, with the gaps before them.
     *
     * @return how many; 0 if there is none
     */
    int drain(Receiver<? super T> receiver, int max);

    /** Whether there is nothing to hand over, neither messages nor, once completed, a last gap. */
    boolean isEmpty();

    /** Refuses further messages; what is buffered may still be taken. */
    void complete();

    /** Refuses further messages and drops what is buffered. */
    void close();

    /** Whether the lane ended the stream since it was full. */
    boolean isDisconnected();

    BufferCounters counters();

    @Override
    default int offerAll(List<? extends T> messages) {
        int accepted = 0;
        for (int i = 0; i < messages.size(); i++) {
            if (offer(messages.get(i)).isAccepted()) {
                accepted++;
            }
        }
        return accepted;
    }
}
