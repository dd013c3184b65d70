package dev.tentpole.streaming;

import java.util.Objects;

/**
 * Why a subscription is over. Immutable.
 *
 * @param kind what happened
 * @param detail a sentence for a log; empty if there is nothing to add
 */
public record EndReason(Kind kind, String detail) {

    /** What happened. */
    public enum Kind {
        /** The subscriber closed its subscription. */
        UNSUBSCRIBED,
        /** The source has no more messages, and all of them were delivered. */
        COMPLETED,
        /** The buffer was full and its policy is {@link Overflow#disconnect()}. */
        TOO_SLOW,
        /** The server refused the subscription or took it away. */
        REFUSED,
        /** The connection, or delivery itself, failed for good. */
        FAILED,
        /** The topics were closed. */
        CLOSED
    }

    /**
     * Makes a reason.
     *
     * @param kind what happened
     * @param detail a sentence for a log
     */
    public EndReason {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /**
     * {@return a reason without detail}
     *
     * @param kind what happened
     */
    public static EndReason of(Kind kind) {
        return new EndReason(kind, "");
    }
}
