package dev.tentpole.streaming;

/** Where a {@link StreamConnection} is in its life. */
public enum ConnectionState {
    /** A token is fetched, or a handshake is under way. */
    CONNECTING,
    /** The socket is open, but not every wanted channel has been acknowledged by the server. */
    OPEN,
    /** The socket is open and every wanted channel has been acknowledged. */
    READY,
    /** The connection was lost or refused; the next attempt waits for its time. */
    WAITING,
    /** Nothing new is taken in; what is buffered is delivered, then the connection closes. */
    DRAINING,
    /** Closed by this side's wish. Final. */
    CLOSED,
    /** Given up, for a reason that the listener, the future and the metrics tell; {@link StreamConnection#restart} revives. */
    FAILED;

    /**
     * {@return whether no further attempt will be made by itself}
     */
    public boolean isTerminal() {
        return this == CLOSED || this == FAILED;
    }

    boolean isConnected() {
        return this == OPEN || this == READY;
    }
}
