package dev.tentpole.retry;

import java.util.Locale;

/**
 * What kind of failure it was, which decides whether trying again can help and whom the failure speaks against.
 *
 * <p>{@link #isRetryable} is for the call, {@link #countsAgainstBackend} for the circuit breaker: an answer that refuses
 * the caller's request is a failed call and a working backend.
 */
public enum FailureKind {
    /** Something broke that may work in a moment: a reset connection, an unavailable node, a deadlock. */
    TRANSIENT(true, Verdict.AGAINST),
    /** The backend has too much to do. */
    OVERLOADED(true, Verdict.AGAINST),
    /** The backend, or a limit in front of it, says that this caller asks too much. */
    THROTTLED(true, Verdict.AGAINST),
    /** No answer in time; what the backend did is not known. */
    TIMEOUT(true, Verdict.AGAINST),
    /** The request itself is wrong, and will be so again. */
    CALLER_FAULT(false, Verdict.FOR),
    /** The caller is not known or may not do this. */
    AUTHENTICATION(false, Verdict.FOR),
    /** What was asked for is not there. */
    NOT_FOUND(false, Verdict.FOR),
    /** Someone ended the call: an interrupt, a cancelled future, a client that went away. */
    CANCELLED(false, Verdict.NEITHER),
    /** This program is wrong: a null pointer, a failed assertion, an {@link Error}. */
    BUG(false, Verdict.NEITHER),
    /** Nothing is known about it; it is not tried again unless the policy names it. */
    UNKNOWN(false, Verdict.AGAINST);

    private enum Verdict {
        FOR,
        AGAINST,
        NEITHER
    }

    private final boolean retryable;
    private final Verdict verdict;
    private final String tag;

    FailureKind(boolean retryable, Verdict verdict) {
        this.retryable = retryable;
        this.verdict = verdict;
        this.tag = name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return whether trying again can help}
     */
    public boolean isRetryable() {
        return retryable;
    }

    /**
     * {@return whether it says that the backend is in trouble}
     */
    public boolean countsAgainstBackend() {
        return verdict == Verdict.AGAINST;
    }

    /** Whether it says that the backend works. */
    boolean countsForBackend() {
        return verdict == Verdict.FOR;
    }

    /** The name as metrics and logs have it. */
    String tag() {
        return tag;
    }
}
