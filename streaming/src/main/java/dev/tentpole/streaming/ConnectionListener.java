package dev.tentpole.streaming;

import java.time.Duration;

/**
 * Is told how a connection and its channels fare.
 *
 * <p>Called in order, one call at a time, on a thread of its own: a slow listener delays no message, no heartbeat and no
 * other connection. What it throws is logged. When more than 1,024 calls wait, the newest are dropped and counted, but
 * never the one that tells of a terminal state.
 */
public interface ConnectionListener {

    /**
     * The state has changed.
     *
     * @param change from what, to what and why
     */
    void onState(StateChange change);

    /**
     * A channel's situation has changed.
     *
     * @param event which channel, and what happened
     */
    default void onChannel(ChannelEvent event) {}

    /**
     * A change of state.
     *
     * @param from the state before
     * @param to the state after
     * @param reason why the last connection ended, if it did; {@link ConnectionReason#REQUESTED} before that
     * @param code the close code (1000 and up) or HTTP status (below 1000) that the server gave with it; 0 if none
     * @param generation the number of the connection, from 1; 0 before the first attempt. A second connection that is made
     *     to replace it counts once it takes over
     * @param retryIn for {@link ConnectionState#WAITING}, how long the next attempt waits; else zero
     * @param detail what was wrong with the last connection, in words without secrets; empty before that
     */
    record StateChange(
            ConnectionState from,
            ConnectionState to,
            ConnectionReason reason,
            int code,
            int generation,
            Duration retryIn,
            String detail) {}

    /**
     * Something happened to a channel.
     *
     * @param channel the channel's name
     * @param kind what happened
     * @param generation the number of the connection that it happened on
     * @param detail the server's words for a refusal or an end, or empty
     */
    record ChannelEvent(String channel, Kind kind, int generation, String detail) {

        /** What can happen to a channel. */
        public enum Kind {
            /** The server acknowledged the subscription. */
            ACKNOWLEDGED,
            /** After a loss of connection nothing was missed, or all that was missed has been replayed. */
            RESUMED,
            /** Messages were missed for good; subscribers are told of a {@link Gap} in their place. */
            GAP,
            /** The server's history began anew (another epoch): positions and state of before are worth nothing. */
            RESET,
            /** The server refused the subscription; it alone has ended. */
            REFUSED,
            /** The subscription has ended, by this side's wish or the server's. */
            ENDED
        }
    }
}
