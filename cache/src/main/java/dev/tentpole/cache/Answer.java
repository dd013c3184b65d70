package dev.tentpole.cache;

import java.time.Duration;

/**
 * A value, and how a {@link QueryCache} came by it.
 *
 * @param value the value
 * @param outcome what happened
 * @param reason why, where the outcome alone doesn't say it
 * @param age how long ago the value was loaded; zero for one that was loaded for this call
 * @param timeToLive how long the value may still be served, though as stale once it is past a soft time to live; zero for
 *     one that is stale or not kept
 * @param <V> the type of the value
 */
public record Answer<V>(V value, Outcome outcome, Reason reason, Duration age, Duration timeToLive) {

    /** What happened. */
    public enum Outcome {
        /** The value was cached and fresh. */
        HIT,
        /** The value was loaded. */
        MISS,
        /** The value was cached, and is older than its time to live or soft time to live, or than what was asked for. */
        STALE,
        /** The value was loaded because the caller asked for a new one. */
        REFRESHED,
        /** The value was loaded without the cache; nothing was kept. */
        BYPASSED
    }

    /** Why it happened. */
    public enum Reason {
        /** The outcome says it. */
        NONE,
        /** Loaded by another caller who asked before; this one waited. */
        SHARED,
        /** Taken from the second level. */
        SECOND_LEVEL,
        /** Stale, and a load that is under way is to replace it. */
        REFRESHING,
        /** Stale, since loading failed a moment ago, or there was no thread for it. */
        LOAD_FAILED,
        /** Not kept, or stale and not loaded anew: the caller's {@link CacheControl} forbids it. */
        CALLER,
        /** Not kept: the loader forbids it, or gave it no time to live. */
        LOADER,
        /** Not kept: it is empty, and empty results are not kept here. */
        EMPTY,
        /** Not kept: it weighs more than the cache holds. */
        TOO_HEAVY,
        /** Not kept: the weigher, the time to live or the test for emptiness failed on it; see the log. */
        SETTING_FAILED,
        /** Not kept: it was invalidated, or a newer one was kept, while it was loaded. */
        OUTDATED
    }
}
