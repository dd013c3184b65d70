package dev.tentpole.streaming;

import java.util.concurrent.CompletionStage;

/**
 * What became of a message that was given to {@link StreamConnection#send}.
 *
 * @param status whether it was taken
 * @param written done when the message is written to the socket; failed with {@link ConnectionException} if it was not
 *     taken, if the connection ended before it was written, or while it was being written, in which case the server may
 *     have it or not
 */
public record SendResult(Status status, CompletionStage<Void> written) {

    /** Whether a message was taken. */
    public enum Status {
        /** It waits to be written. */
        ACCEPTED,
        /** Too much waits already; nothing else has happened. */
        OVERFLOW,
        /** It is larger than {@link ConnectionSettings.Builder#maxOutboundBytes}. */
        TOO_LARGE,
        /** There is no connection at present. What is sent later may make no sense any more, so it is not kept. */
        NOT_CONNECTED,
        /** The connection is draining, closed or given up. */
        CLOSED
    }

    /**
     * {@return whether it was taken}
     */
    public boolean isAccepted() {
        return status == Status.ACCEPTED;
    }
}
