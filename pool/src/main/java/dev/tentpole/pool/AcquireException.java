package dev.tentpole.pool;

import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Nothing was lent: the time was up, the thread was interrupted, or the pool does not lend.
 *
 * <p>The cause is the last failure to open an object, if there was one since the last success; else the last to validate or
 * reset one, likewise.
 */
public final class AcquireException extends PoolException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why nothing was lent. */
    private final Reason reason;

    /** How long the borrower waited. */
    private final Duration waited;

    /** How the pool was. */
    private final transient PoolStatistics statistics;

    /** Why nothing was lent. */
    public enum Reason {
        /** Nothing became free in time. */
        TIMEOUT("nothing became free in time"),
        /** The waiting thread was interrupted; its interrupt flag is set. */
        INTERRUPTED("the thread was interrupted"),
        /** The pool is closed, or was closed meanwhile. */
        CLOSED("the pool is closed"),
        /** As many borrowers wait as may wait. */
        TOO_MANY_WAITING("too many wait already"),
        /** The pool could not open what it must have to start. */
        START_FAILED("the pool could not open its first objects in time");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    AcquireException(String pool, Reason reason, Duration waited, PoolStatistics statistics, String advice) {
        super(
                pool,
                message(pool, reason, waited, statistics, advice),
                statistics.lastOpenFailure().or(statistics::lastUnfit).orElse(null));
        this.reason = reason;
        this.waited = waited;
        this.statistics = statistics;
    }

    /**
     * {@return why nothing was lent}
     */
    public Reason reason() {
        return reason;
    }

    /**
     * {@return how long the borrower waited}
     */
    public Duration waited() {
        return waited;
    }

    /**
     * {@return how the pool was when the borrower gave up; not kept when the exception is serialized}
     */
    public PoolStatistics statistics() {
        return statistics;
    }

    /** What an exception of a user's code says, whatever that code does when it is asked. */
    static String words(Throwable failure) {
        try {
            return failure.toString();
        } catch (RuntimeException | LinkageError broken) {
            return failure.getClass().getName();
        }
    }

    private static String told(String what, Optional<Instant> time, Throwable failure) {
        return "; " + what + time.orElseThrow() + ": " + words(failure);
    }

    private static String message(String pool, Reason reason, Duration waited, PoolStatistics now, String advice) {
        String failure = now.lastOpenFailure()
                .map(e -> told("the last attempt to open one failed at ", now.lastOpenFailureTime(), e))
                .or(() ->
                        now.lastUnfit().map(e -> told("the last one of no use was closed at ", now.lastUnfitTime(), e)))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "pool %s: %s, waited %.3f s; total %d of %d, in use %d, idle %d, opening %d, pending %d%s%s. %s",
                pool,
                reason.words,
                waited.toNanos() / 1e9,
                now.total(),
                now.maxSize(),
                now.borrowed(),
                now.idle(),
                now.opening(),
                now.pending(),
                now.isSuspended() ? ", suspended" : "",
                failure,
                advice);
    }
}
