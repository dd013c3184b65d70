package dev.tentpole.core;

import dev.tentpole.base.Args;
import java.util.Objects;

/**
 * Why a query has no answer: what went wrong, an HTTP-like status, and who is to blame.
 *
 * @param status an HTTP status from 400 to 599
 * @param source who is to blame
 * @param message what failed, on what, and what to do about it; for people, without secrets
 */
public record QueryError(int status, ErrorSource source, String message) {

    /** Somebody took the query back before it ended; the status that servers use for a client that went away. */
    public static final int CANCELLED = 499;

    /**
     * Checks the parts.
     *
     * @param status an HTTP status from 400 to 599
     * @param source who is to blame
     * @param message what failed, on what, and what to do about it; for people, without secrets
     * @throws IllegalArgumentException if the status is not from 400 to 599, or the message is blank
     */
    public QueryError {
        Args.inRange("status", status, 400, 599);
        Objects.requireNonNull(source, "source");
        Args.notBlank("message", message);
    }
}
