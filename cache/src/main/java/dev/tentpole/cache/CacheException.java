package dev.tentpole.cache;

import java.io.Serial;

/**
 * A cache has no value to give.
 *
 * <p>Settings that are out of range are refused with {@link IllegalArgumentException} instead. A message shows a key as
 * {@link CacheKey#toString} does, and the class alone of a key of any other type.
 */
public final class CacheException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Problem {
        /** The loader failed; the cause is its exception. */
        LOAD_FAILED,
        /** The loader failed a moment ago, and failures of that class are remembered; the cause is its exception. */
        FAILED_RECENTLY,
        /** Somebody else's load, or several of his own, took longer than the caller would wait. */
        TIMEOUT,
        /** The caller wanted no load, and nothing is cached. */
        NOT_CACHED,
        /**
         * A loader asked for what it is loading, itself or by way of other loads that wait for each other, in whatever
         * caches. Not seen by way of threads that a loader waits for: that ends as {@code TIMEOUT} or {@code LOAD_FAILED}.
         */
        RECURSIVE_LOAD,
        /** The loader's answer lies on another line of points than what was asked; the cause says on which. */
        WRONG_GRID,
        /** A request has more points than the cache allows. */
        TOO_MANY_POINTS,
        /** The cache is closed. */
        CLOSED
    }

    /** What was wrong. */
    private final Problem problem;

    CacheException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    CacheException(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /**
     * {@return what was wrong}
     */
    public Problem problem() {
        return problem;
    }

    static String show(Object key) {
        return key instanceof CacheKey ? key.toString() : "a " + key.getClass().getSimpleName();
    }
}
