package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import java.time.Duration;

/**
 * A value over the grid that was asked for, and where its points come from.
 *
 * <p>{@code cached + fetched + stale + missing} is the number of points that were asked for.
 *
 * @param value the value: a view of what is cached, as far as it is
 * @param outcome what happened
 * @param reason why, where the outcome alone doesn't say it: why points are stale, or else why not all that was loaded was
 *     kept
 * @param cached how many points were cached and fresh
 * @param fetched how many points were loaded, by this call or by another one that this one waited for
 * @param stale how many points are older than their soft time to live, and being loaded anew in the background, or older
 *     than their time to live, since loading them failed
 * @param missing how many points the loader did not tell about
 * @param age how long ago the oldest of these points was loaded
 * @param kept whether all that was loaded for this call could be kept; false if the loader or the caller forbade it, or it
 *     was invalidated meanwhile, or weighs too much
 * @param <V> the type of the value
 */
public record RangeAnswer<V>(
        V value,
        Outcome outcome,
        Reason reason,
        long cached,
        long fetched,
        long stale,
        long missing,
        Duration age,
        boolean kept) {

    /** What happened. */
    public enum Outcome {
        /** All points were cached and fresh. */
        HIT,
        /** Some points were cached, others loaded. */
        PARTIAL,
        /** All points were loaded, or asked for in vain. */
        MISS,
        /** Some points are older than their time to live, or than their soft time to live. */
        STALE,
        /** All points were loaded because the caller asked for new ones. */
        REFRESHED,
        /** All points were loaded without the cache. */
        BYPASSED
    }
}
