package dev.tentpole.retry;

import java.io.Serial;
import java.time.Duration;

/**
 * An attempt did not end within its time. Its thread has been interrupted; whether the backend did the work is not known.
 */
public final class CallTimeoutException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** How long the attempt was given. */
    private final Duration limit;

    CallTimeoutException(String subject, Duration limit, String message) {
        super(subject, message, null);
        this.limit = limit;
    }

    /**
     * {@return how long the attempt was given: the attempt timeout, or what was left before the deadline if that was less}
     */
    public Duration limit() {
        return limit;
    }
}
