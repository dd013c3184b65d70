package dev.tentpole.streaming;

/**
 * Why a message was not delivered.
 */
public enum DropReason {
    /** It was the oldest one when a newer one needed its place. */
    OLDEST(1),
    /** It was the newest one when the buffer was full. */
    NEWEST(2),
    /** Alone it is heavier than the whole buffer may be. */
    TOO_LARGE(3),
    /** Its producer had waited for a place as long as it may, or was interrupted. */
    EXPIRED(4),
    /** The buffer was full, and its policy is to end the stream then. */
    DISCONNECTED(5),
    /** The subscription's rate limit was used up. */
    RATE_LIMITED(6),
    /** The buffer's or subscription's filter, key or weigher threw an exception. */
    REJECTED(7),
    /** The buffer was closed, before or after the message came. */
    CLOSED(8),
    /** Lost before it came here, for instance while a connection was away. */
    UPSTREAM(9),
    /** Several of the above; only in a {@link Gap}, never in counters. */
    SEVERAL(10);

    /** One more than the largest code. */
    static final int CODES = 16;

    private static final DropReason[] BY_CODE = new DropReason[CODES];

    static {
        for (DropReason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    /** What stands for the reason where there is no room for a reference; 1 to 15. */
    final int code;

    DropReason(int code) {
        this.code = code;
    }

    static DropReason of(int code) {
        return BY_CODE[code];
    }
}
