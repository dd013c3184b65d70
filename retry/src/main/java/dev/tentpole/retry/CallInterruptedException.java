package dev.tentpole.retry;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted while it waited: between two attempts, for a limit, or for an answer.
 *
 * <p>The thread's interrupt status is set. The failures of the attempts so far are suppressed exceptions.
 */
public final class CallInterruptedException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    CallInterruptedException(String subject, String message, @Nullable Throwable cause) {
        super(subject, message, cause);
    }
}
