package dev.tentpole.retry;

/** Why there is no further attempt. */
enum Stop {
    NOT_RETRYABLE("it can't be retried"),
    ATTEMPTS("no attempts are left (maxAttempts)"),
    TIME("no time is left (maxElapsed or the caller's deadline)"),
    BUDGET("the retry budget is used up"),
    ADVICE("the server asks for a longer wait than maxAdvice"),
    GUARD("the breaker, rate limit or bulkhead refuses"),
    CLOSED("the retryer is closed"),
    /** While it waited. */
    INTERRUPTED("the thread was interrupted"),
    /** During the attempt: someone wants the thread back, and what the call threw is answer enough. */
    THREAD_WANTED("the thread is interrupted");

    private final String text;

    Stop(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Whether retries were given a chance and did not save a call that ended so. */
    boolean exhausts(int attempts, FailureKind kind) {
        return switch (this) {
            case NOT_RETRYABLE -> attempts > 1 && kind != FailureKind.CANCELLED;
            case INTERRUPTED, THREAD_WANTED -> false;
            default -> true;
        };
    }
}
