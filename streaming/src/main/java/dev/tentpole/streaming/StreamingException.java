package dev.tentpole.streaming;

import java.io.Serial;

/**
 * A buffer or topics refuse what they were asked: too many producers or subscriptions, or they are closed.
 *
 * <p>Settings that are out of range are refused with {@link IllegalArgumentException} instead.
 */
public class StreamingException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Problem {
        /** All producers that the buffer may have are in use. */
        TOO_MANY_PRODUCERS,
        /** The buffer's only lane has gone to a producer, so that nobody else may offer. */
        LANE_TAKEN,
        /** There are as many subscriptions as there may be. */
        TOO_MANY_SUBSCRIPTIONS,
        /** The topics are closed. */
        CLOSED,
        /** A filter, weigher or key published to the topics that had called it. */
        NESTED
    }

    /** What was wrong. */
    private final Problem problem;

    StreamingException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    /**
     * {@return what was wrong}
     */
    public Problem problem() {
        return problem;
    }
}
