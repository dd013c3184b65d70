package dev.tentpole.core;

import java.util.Map;
import java.util.Objects;

/**
 * What a backend says of itself, in the three words of Grafana's health check.
 *
 * @param status whether it can answer queries
 * @param message one sentence for people: what was checked, or what is wrong and what to do
 * @param details facts for the curious, such as a server's version; without secrets
 */
public record BackendHealth(Status status, String message, Map<String, String> details) {

    /**
     * Whether a backend can answer queries.
     */
    public enum Status {
        /** It can. */
        OK,
        /** It can't. */
        ERROR,
        /** Nobody knows, for instance because it is not configured. */
        UNKNOWN
    }

    /**
     * Copies the details.
     *
     * @param status whether it can answer queries
     * @param message one sentence for people: what was checked, or what is wrong and what to do
     * @param details facts for the curious, such as a server's version; without secrets
     */
    public BackendHealth {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(message, "message");
        details = Map.copyOf(details);
    }

    /**
     * {@return health of a backend that works}
     *
     * @param message what was checked
     */
    public static BackendHealth ok(String message) {
        return new BackendHealth(Status.OK, message, Map.of());
    }

    /**
     * {@return health of a backend that does not work}
     *
     * @param message what is wrong and what to do
     */
    public static BackendHealth error(String message) {
        return new BackendHealth(Status.ERROR, message, Map.of());
    }

    /**
     * {@return health of a backend of which nothing is known}
     *
     * @param message why nothing is known
     */
    public static BackendHealth unknown(String message) {
        return new BackendHealth(Status.UNKNOWN, message, Map.of());
    }
}
