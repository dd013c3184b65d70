package dev.tentpole.retry;

/**
 * A call without a result that may throw one kind of checked exception.
 *
 * @param <X> what it may throw besides unchecked exceptions
 */
@FunctionalInterface
public interface CheckedRunnable<X extends Exception> {

    /**
     * Makes the call.
     *
     * @throws X if the call fails
     */
    void run() throws X;
}
