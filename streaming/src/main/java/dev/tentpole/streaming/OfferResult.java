package dev.tentpole.streaming;

/**
 * What became of a message that was offered.
 */
public enum OfferResult {
    /** It is in the buffer. */
    ACCEPTED,
    /** It is in the buffer, and at least one older message was dropped for it. */
    ACCEPTED_DROPPED_OLDEST,
    /** It is in the buffer, in the place of an older message with the same key. */
    CONFLATED,
    /** The filter refused it. */
    FILTERED,
    /** The buffer is full: the message was dropped. */
    DROPPED_NEWEST,
    /** The message alone is heavier than the whole buffer may be, and was dropped. */
    TOO_LARGE,
    /** No place became free in the longest time that a producer may wait: the message was dropped. */
    TIMED_OUT,
    /** The producer was interrupted while it waited: the message was dropped, the thread's interrupt flag is set. */
    INTERRUPTED,
    /** The buffer is full and its policy is to end then: the message was dropped, and so will be all others. */
    DISCONNECTED,
    /** The buffer is closed or completed: the message was dropped. */
    CLOSED;

    /**
     * {@return whether the message is in the buffer}
     */
    public boolean isAccepted() {
        return this == ACCEPTED || this == ACCEPTED_DROPPED_OLDEST || this == CONFLATED;
    }
}
