package dev.tentpole.streaming;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A connection was given up, did not become ready in time, or did not write what it was given.
 *
 * <p>The message has neither the address's query nor headers nor tokens.
 */
public final class ConnectionException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why. */
    private final ConnectionReason reason;

    /** The close code or the HTTP status that the server gave, or 0. */
    private final int code;

    ConnectionException(ConnectionReason reason, int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = code;
    }

    /**
     * {@return why}
     */
    public ConnectionReason reason() {
        return reason;
    }

    /**
     * {@return the close code (1000 and up) or the HTTP status (below 1000) that the server gave; 0 if it gave none}
     */
    public int code() {
        return code;
    }
}
