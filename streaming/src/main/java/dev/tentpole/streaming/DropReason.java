package dev.tentpole.streaming;

/**
 * Why a message was not delivered.
 */
public enum DropReason {
    /** It was the oldest one when a newer one needed its place. */
    OLDEST,
    /** It was the newest one when the buffer was full. */
    NEWEST,
    /** Alone it is heavier than the whole buffer may be. */
    TOO_LARGE,
    /** Its producer had waited for a place as long as it may, or was interrupted. */
    EXPIRED,
    /** The buffer was full, and its policy is to end the stream then. */
    DISCONNECTED,
    /** The subscription's rate limit was used up. */
    RATE_LIMITED,
    /** The subscription's own filter, key or weigher threw an exception. */
    REJECTED,
    /** The buffer was closed, before or after the message came. */
    CLOSED,
    /** Lost before it came here, for instance while a connection was away. */
    UPSTREAM,
    /** Several of the above; only in a {@link Gap}, never in counters. */
    SEVERAL
}
