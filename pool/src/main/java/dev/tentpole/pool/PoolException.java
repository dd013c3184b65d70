package dev.tentpole.pool;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Something that a pool could not do; the subclasses say what.
 *
 * <p>Settings that are out of range are refused with {@link IllegalArgumentException} instead.
 */
public abstract sealed class PoolException extends RuntimeException permits AcquireException, LeaseClosedException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The pool's name. */
    private final String pool;

    PoolException(String pool, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.pool = pool;
    }

    /**
     * {@return the pool's name}
     */
    public String pool() {
        return pool;
    }
}
