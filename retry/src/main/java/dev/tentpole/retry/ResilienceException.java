package dev.tentpole.retry;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call ended here and not at its backend: it was refused, took too long, or was interrupted while it waited.
 *
 * <p>What the backend itself threw is never wrapped: it comes out as it went in.
 */
public abstract sealed class ResilienceException extends RuntimeException
        permits CallRejectedException, CallTimeoutException, CallInterruptedException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was called, or the name of what refused it. */
    private final String subject;

    ResilienceException(String subject, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.subject = subject;
    }

    /**
     * {@return the operation that was called, or the name of what refused it if it is used on its own}
     */
    public String subject() {
        return subject;
    }
}
