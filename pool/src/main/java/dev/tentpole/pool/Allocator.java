package dev.tentpole.pool;

/**
 * Opens, checks, cleans and closes what a {@link Pool} lends.
 *
 * <p>All methods but {@link #needsReset} run on threads of the pool, one at a time for each object and several at once for
 * different ones. Each has a timeout in {@link PoolSettings}: past it the thread is interrupted, the pool goes on without
 * the object, and what the call brings later is closed. An {@link Error} counts as a failure like any exception.
 *
 * @param <T> what is lent
 */
public interface Allocator<T> {

    /**
     * {@return a new object, not null}
     *
     * @throws Exception if there is none; the pool tries again later, and later still if that fails
     */
    T open() throws Exception;

    /**
     * {@return whether the object can be lent}
     *
     * <p>The default believes in every object.
     *
     * @param object an object that nobody uses meanwhile
     * @param occasion why it is asked: a check on borrowing keeps a borrower waiting, one in background may be thorough
     * @throws Exception if that can't be found out; the object is closed
     */
    default boolean validate(T object, Occasion occasion) throws Exception {
        return true;
    }

    /**
     * {@return whether {@link #reset} has anything to do for an object that comes back}
     *
     * <p>Runs on the borrower's thread at every return: look at memory only, never at a server. The default has nothing to
     * do. An exception counts as true.
     *
     * @param object the object that comes back
     */
    default boolean needsReset(T object) {
        return false;
    }

    /**
     * Brings an object that comes back into the state of a new one; the borrower's {@link Lease#close} waits for it, at
     * most as long as its timeout.
     *
     * @param object an object for which {@link #needsReset} said true
     * @throws Exception if that fails; the object is closed
     */
    default void reset(T object) throws Exception {}

    /**
     * Closes an object for good. Called exactly once for each object that was opened. The default closes what is {@link
     * AutoCloseable}.
     *
     * @param object the object
     * @throws Exception if that fails; it is logged, and the object counts as closed
     */
    default void close(T object) throws Exception {
        if (object instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** Why an object is validated. */
    enum Occasion {
        /** A borrower waits for it: it has been idle for {@link PoolSettings.Builder#validateAfterIdle} or is suspected. */
        BORROW,
        /** Its keep-alive is due; nobody waits. */
        BACKGROUND,
        /** It comes back, and {@link PoolSettings.Builder#validateOnReturn} is set. */
        RETURN
    }
}
