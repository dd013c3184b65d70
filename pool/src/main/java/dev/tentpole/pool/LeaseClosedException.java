package dev.tentpole.pool;

import java.io.Serial;

/** A lease was used after it had been closed or invalidated, or after its pool had taken the object back. */
public final class LeaseClosedException extends PoolException {

    @Serial
    private static final long serialVersionUID = 1L;

    LeaseClosedException(String pool) {
        super(
                pool,
                "pool " + pool + ": the lease is closed; use its object before close, and acquire another one after it",
                null);
    }
}
