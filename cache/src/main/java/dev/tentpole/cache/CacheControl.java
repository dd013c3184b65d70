package dev.tentpole.cache;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call wants of a cache, and how long it will wait. Immutable.
 */
public final class CacheControl {

    /** What a call wants of a cache. */
    public enum Mode {
        /** Take what is cached, load what is not, and keep it. */
        USE,
        /** Load without a look at the cache, share the load with nobody, and keep nothing. */
        BYPASS,
        /** Load anew whatever is cached, and keep it; callers who want this at the same time share one load. */
        REFRESH,
        /** Take what is cached and within its time to live, soft or hard; never load, nor take what serves if loading fails. */
        ONLY_IF_CACHED,
        /** Take what is cached, stale if loading fails; load what is not without sharing it, and keep nothing. */
        NO_STORE
    }

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final CacheControl USE = new CacheControl(Mode.USE, null);

    private final Mode mode;
    private final @Nullable Duration timeout;

    private CacheControl(Mode mode, @Nullable Duration timeout) {
        this.mode = mode;
        this.timeout = timeout;
    }

    /**
     * {@return the ordinary call: {@link Mode#USE}, with the cache's own timeout}
     */
    public static CacheControl use() {
        return USE;
    }

    /**
     * {@return a call of the given mode, with the cache's own timeout}
     *
     * @param mode what the call wants
     */
    public static CacheControl of(Mode mode) {
        return mode == Mode.USE ? USE : new CacheControl(Objects.requireNonNull(mode, "mode"), null);
    }

    /**
     * {@return the same with a timeout of its own}
     *
     * <p>A caller who waits for somebody else's load waits no longer than that. A caller who loads runs the loader on its
     * own thread: the loader is told ({@link Load#remaining}) and has to keep to it. What a range cache loads for him
     * on other threads besides is waited for until then, and cancelled.
     *
     * @param timeout how long the caller will wait: 1 ms to 1 day
     * @throws IllegalArgumentException if the timeout is outside of that
     */
    public CacheControl within(Duration timeout) {
        return new CacheControl(mode, Args.inRange("timeout", timeout, Duration.ofMillis(1), LONGEST));
    }

    /**
     * {@return what the call wants}
     */
    public Mode mode() {
        return mode;
    }

    /**
     * {@return how long the caller will wait; empty for the cache's own timeout}
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    @Override
    public String toString() {
        return "CacheControl[" + mode + (timeout == null ? "" : " within " + timeout) + "]";
    }
}
