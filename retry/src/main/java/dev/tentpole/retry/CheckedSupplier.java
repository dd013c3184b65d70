package dev.tentpole.retry;

import org.jspecify.annotations.Nullable;

/**
 * A call that brings a result and may throw one kind of checked exception.
 *
 * @param <T> the result
 * @param <X> what it may throw besides unchecked exceptions
 */
@FunctionalInterface
public interface CheckedSupplier<T extends @Nullable Object, X extends Exception> {

    /**
     * {@return the result}
     *
     * @throws X if the call fails
     */
    T get() throws X;
}
