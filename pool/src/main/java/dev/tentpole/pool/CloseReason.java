package dev.tentpole.pool;

/** Says why a pool closed an object. */
public enum CloseReason {
    /** Nobody borrowed it for {@link PoolSettings.Builder#idleTimeout}. */
    IDLE,
    /** It reached its {@link PoolSettings.Builder#maxLifetime}. */
    LIFETIME,
    /** {@link Allocator#validate} said no, threw or ran into its timeout. */
    INVALID,
    /** A borrower called {@link Lease#invalidate}. */
    INVALIDATED,
    /** {@link Allocator#reset} threw or ran into its timeout. */
    RESET_FAILED,
    /** {@link Pool#evictAll} was called. */
    EVICTED,
    /** The pool's maximum was lowered. */
    SHRUNK,
    /** Its lease was lost: collected as garbage without having been closed. */
    LOST,
    /** The pool was closed. */
    POOL_CLOSED
}
