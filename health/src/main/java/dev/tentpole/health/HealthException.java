package dev.tentpole.health;

import java.io.Serial;

/**
 * A registry refuses what it was asked: a name taken, a dependency unknown, a cycle, a registry closed.
 *
 * <p>Settings that are out of range are refused with {@link IllegalArgumentException} instead.
 */
public final class HealthException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Problem {
        /** A check of that name is registered already. */
        DUPLICATE_NAME,
        /** No check of that name is registered. */
        UNKNOWN_CHECK,
        /** A check names a dependency that is not registered. */
        UNKNOWN_DEPENDENCY,
        /** Checks depend on each other in a circle. */
        DEPENDENCY_CYCLE,
        /** A check, or a caller, names a group that the registry does not know. */
        UNKNOWN_GROUP,
        /** A remote check asks to be in {@link Group#LIVE} and gives no reason. */
        REMOTE_IN_LIVE,
        /** A check can't go, since others depend on it. */
        STILL_NEEDED,
        /** The registry has as many checks as it may have. */
        TOO_MANY_CHECKS,
        /** The registry is closed. */
        CLOSED
    }

    /** What was wrong. */
    private final Problem problem;

    /** The name that it is about. */
    private final String subject;

    HealthException(Problem problem, String subject, String message) {
        super(message);
        this.problem = problem;
        this.subject = subject;
    }

    /**
     * {@return what was wrong}
     */
    public Problem problem() {
        return problem;
    }

    /**
     * {@return the name of the check or group that it is about; empty if it is about the registry}
     */
    public String subject() {
        return subject;
    }
}
