package dev.tentpole.retry;

import java.util.List;

/**
 * Is told of what did not go well: of every failed attempt, of calls that succeeded after all, and of calls that did not.
 *
 * <p>It is called on the thread that makes the call (for asynchronous calls on one that carries it on), under no lock, and
 * delays it: it must not wait; it sees what {@link Retryer.Builder#context} carries. What it throws is logged, without its message,
 * and harms nobody. Calls that succeed at the first attempt tell
 * nobody, since they are to cost nothing; {@link RetryMetrics} counts them.
 */
public interface RetryListener {

    /**
     * An attempt failed.
     *
     * @param operation what was called
     * @param attempt the attempt, with the wait before the next one
     */
    default void onFailedAttempt(Operation operation, Attempt attempt) {}

    /**
     * A call succeeded after at least one failed attempt.
     *
     * @param operation what was called
     * @param failed the failed attempts in order
     */
    default void onRecovered(Operation operation, List<Attempt> failed) {}

    /**
     * A call failed for good.
     *
     * @param operation what was called
     * @param failed all attempts in order
     */
    default void onFailed(Operation operation, List<Attempt> failed) {}
}
