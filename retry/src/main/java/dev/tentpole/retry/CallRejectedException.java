package dev.tentpole.retry;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call was not made, and so nothing was done of what {@link #subject} names.
 *
 * <p>To an operation inside of which this is thrown it says less: what that one did before is done.
 */
public final class CallRejectedException extends ResilienceException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Who refused it. */
    public enum Reason {
        /** The circuit breaker is open, or its probes are under way. */
        BREAKER_OPEN(FailureKind.OVERLOADED),
        /** The rate limit allows no call now, or not within the longest wait. */
        RATE_LIMITED(FailureKind.THROTTLED),
        /** As many calls as allowed are under way, and nothing became free within the longest wait. */
        BULKHEAD_FULL(FailureKind.OVERLOADED),
        /** No thread is free to run the call on, or too many asynchronous calls are under way. */
        NO_CAPACITY(FailureKind.OVERLOADED),
        /** The deadline leaves no time for a first attempt. */
        DEADLINE(FailureKind.TIMEOUT),
        /** The policy refuses the operation, see {@link Policy.Builder#refuse}. */
        REFUSED(FailureKind.CALLER_FAULT),
        /** Whatever should have made the call is closed. */
        CLOSED(FailureKind.CANCELLED);

        private final FailureKind kind;

        Reason(FailureKind kind) {
            this.kind = kind;
        }
    }

    /** Who refused it. */
    private final Reason reason;

    /** When it may be worth asking again. */
    private final @Nullable Duration retryAfter;

    CallRejectedException(String subject, Reason reason, String message) {
        this(subject, reason, message, null, null);
    }

    CallRejectedException(
            String subject, Reason reason, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(subject, message, cause);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /**
     * {@return who refused it}
     */
    public Reason reason() {
        return reason;
    }

    /**
     * {@return how long until it may be worth asking again; empty if that is not known}
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * How an outer call, or a classifier, sees it. Nothing was done of the call that was refused; of the outer one, which
     * may have done something before, that is not known.
     */
    Failure failure() {
        Failure failure = Failure.of(reason.kind);
        return retryAfter == null ? failure : failure.after(retryAfter);
    }
}
