package dev.tentpole.cache;

import java.time.Duration;

/**
 * What a {@link RangeCache} has done since it was built.
 *
 * <p>Each count is exact; two of them may be read some nanoseconds apart. At rest, {@code requests()} is the sum of all
 * outcomes and failures.
 *
 * @param hits requests answered from the cache alone
 * @param partial requests of which some points were cached
 * @param misses requests of which no point was cached
 * @param stale requests answered with points that are too old, since loading failed
 * @param refreshed requests that asked for new points
 * @param bypasses requests that asked not to use the cache
 * @param failures requests that ended with an exception
 * @param pointsCached points of answers that were cached
 * @param pointsFetched points of answers that were loaded
 * @param pointsStale points of answers that were too old
 * @param pointsMissing points of answers that the loader did not tell about
 * @param pointsLoaded points that loaders were asked for, those of small gaps between missing ones included
 * @param pointsReused points that came from a smaller step; part of those cached
 * @param loads loads that ended with a value
 * @param loadFailures loads that ended with an exception
 * @param loadsAbandoned loads whose caller was cancelled or ran out of its time
 * @param loadTime the time that loads took in all, whatever their end
 * @param shared loads by one request for whose result another one waited
 * @param evictedBySize chunks evicted to make room
 * @param evictedByTime chunks removed because they could serve nobody any more
 * @param invalidated chunks removed or cut by invalidation
 * @param chunks chunks that are there now
 * @param weight what they weigh now, in bytes
 */
public record RangeStats(
        long hits,
        long partial,
        long misses,
        long stale,
        long refreshed,
        long bypasses,
        long failures,
        long pointsCached,
        long pointsFetched,
        long pointsStale,
        long pointsMissing,
        long pointsLoaded,
        long pointsReused,
        long loads,
        long loadFailures,
        long loadsAbandoned,
        Duration loadTime,
        long shared,
        long evictedBySize,
        long evictedByTime,
        long invalidated,
        long chunks,
        long weight) {

    /**
     * {@return how many requests there were}
     */
    public long requests() {
        return hits + partial + misses + stale + refreshed + bypasses + failures;
    }
}
