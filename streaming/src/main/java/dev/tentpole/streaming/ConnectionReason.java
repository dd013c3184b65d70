package dev.tentpole.streaming;

/** Why a connection ended, was not made, or was given up. */
public enum ConnectionReason {
    /** This side wished it: close, drain, restart. */
    REQUESTED,
    /** No connection: name not found, refused, unreachable, TLS. */
    CONNECT_FAILED,
    /** The handshake took longer than {@link ConnectionSettings.Builder#connectTimeout}. */
    CONNECT_TIMEOUT,
    /** The server answered the handshake with a status other than 101. */
    HANDSHAKE_REFUSED,
    /** The server refused the token, also a fresh one. */
    UNAUTHORIZED,
    /** The {@link TokenSource} threw, or took longer than {@link ConnectionSettings.Builder#tokenTimeout}. */
    TOKEN_FAILED,
    /** The server acknowledged an opening message or a subscription not in time, three times. */
    ACK_TIMEOUT,
    /** The server closed with a close frame. */
    PEER_CLOSED,
    /** The connection broke without a close frame. */
    CONNECTION_LOST,
    /** Nothing came from the server, not even answers to pings. */
    PEER_DEAD,
    /** A message was not written within {@link ConnectionSettings.Builder#sendTimeout}. */
    SEND_TIMEOUT,
    /** Framing, text encoding or the {@link StreamProtocol}'s own rules were violated. */
    PROTOCOL_ERROR,
    /**
     * A message was larger than {@link ConnectionSettings.Builder#maxMessageBytes}, or an answer that the server asked for
     * than {@link ConnectionSettings.Builder#maxOutboundBytes}.
     */
    MESSAGE_TOO_LARGE,
    /** A message came in more small parts than {@link ConnectionSettings.Builder#maxFragments}. */
    TOO_MANY_FRAGMENTS,
    /** A message took longer than {@link ConnectionSettings.Builder#messageTimeout}. */
    MESSAGE_TOO_SLOW,
    /**
     * More pings, pongs or answers asked for than {@link ConnectionSettings.Builder#maxControlFramesPerSecond}, or more
     * answers that the server does not read than {@link ConnectionSettings.Builder#maxOutboundBytes}.
     */
    CONTROL_FLOOD,
    /** The server's protocol asked for a new connection. */
    ADVISED,
    /** {@link ConnectionSettings.Builder#maxAttempts} attempts in a row failed. */
    ATTEMPTS_EXHAUSTED,
    /** A bug in this library or in a component it was given; see the cause. */
    INTERNAL_ERROR
}
