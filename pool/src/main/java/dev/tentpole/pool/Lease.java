package dev.tentpole.pool;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * An object on loan from a {@link Pool}, to be given back by {@link #close}.
 *
 * <p>A lease is good for one loan. After it was closed or invalidated, {@link #get} refuses, and {@code close} and {@code
 * invalidate} do nothing, even while the same object is lent to somebody else: each loan has a number, and a lease acts on
 * its own only. So closing twice is harmless, from several threads too. A lease may be passed on to other threads; its
 * object is as safe for that as its own type says. Closing is cheapest on the thread that took the lease. Another one that
 * closes a lease makes its object, once in its life, an object of all threads, whose leases cost an atomic operation more to
 * close, whoever does.
 *
 * <p>In a try-with-resources statement that the JIT compiler has compiled a lease is not allocated at all; elsewhere it
 * takes 32 bytes at most. A lease that is forgotten without being closed is noticed once the garbage collector has found it.
 *
 * @param <T> what is lent
 */
public final class Lease<T> implements AutoCloseable {

    private final Slot<T> slot;
    private final Token token;
    private final @Nullable Thread borrower;
    private final long stamp;

    Lease(Slot<T> slot, Token token, @Nullable Thread borrower, long stamp) {
        this.slot = slot;
        this.token = token;
        this.borrower = borrower;
        this.stamp = stamp;
    }

    /**
     * {@return the object}
     *
     * @throws LeaseClosedException if the lease was closed or invalidated, or the pool took the object back when it closed
     */
    public T get() {
        return slot.valueFor(stamp);
    }

    /** Whether it has not been closed. */
    boolean isOpen() {
        return slot.state() == stamp;
    }

    /**
     * Discards the object: it is closed instead of being lent again. Does nothing if the lease is closed.
     *
     * @param cause why, for the log
     */
    public void invalidate(Throwable cause) {
        tryInvalidate(cause);
    }

    /** Returns whether that ended the loan. */
    boolean tryInvalidate(Throwable cause) {
        try {
            return slot.engine().retiring().invalidate(slot, borrower, stamp, cause);
        } finally {
            // Else a lease of which nothing but this call is left would count as lost before.
            Reference.reachabilityFence(token);
        }
    }

    /**
     * Gives the object back. Waits only if it has to be reset or validated, and then no longer than that may take. Does
     * nothing if the lease is closed already. Throws nothing: what fails costs the object, not the borrower.
     */
    @Override
    public void close() {
        slot.engine().release(slot, token, borrower, stamp);
    }
}
