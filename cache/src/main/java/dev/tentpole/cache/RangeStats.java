package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link RangeCache} has done since it was built.
 *
 * <p>Each count is exact; two of them may be read some nanoseconds apart. At rest, {@code requests()} is the sum of all
 * outcomes and failures.
 *
 * @param hits requests answered from the cache alone
 * @param partial requests of which some points were cached
 * @param misses requests of which no point was cached
 * @param staleRefreshing requests answered with points older than their soft time to live, while they are loaded anew
 * @param staleOnError requests answered with points older than their time to live, since loading failed
 * @param refreshed requests that asked for new points
 * @param bypasses requests that asked not to use the cache
 * @param negativeHits requests answered with a failure that is remembered
 * @param failures requests that ended with another exception
 * @param pointsCached points of answers that were cached
 * @param pointsFetched points of answers that were loaded
 * @param pointsStale points of answers that were stale
 * @param pointsMissing points of answers that the loader did not tell about
 * @param pointsLoaded points that loaders were asked for, those of small gaps between missing ones included
 * @param pointsReused points that came from a smaller step; part of those cached
 * @param loads loads that ended with a value
 * @param loadFailures loads that ended with an exception
 * @param loadsAbandoned loads whose caller was cancelled or ran out of its time
 * @param loadTime the time that loads took in all, whatever their end
 * @param shared loads by one request for whose result another one waited
 * @param refreshes loads in the background that were started
 * @param refreshesRefused loads in the background for which there was no thread
 * @param notStored loads, or requests in the caller's case, of which something was handed out and not kept, by reason
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
        long staleRefreshing,
        long staleOnError,
        long refreshed,
        long bypasses,
        long negativeHits,
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
        long refreshes,
        long refreshesRefused,
        Map<Reason, Long> notStored,
        long evictedBySize,
        long evictedByTime,
        long invalidated,
        long chunks,
        long weight) {

    /**
     * {@return how many requests there were}
     */
    public long requests() {
        return hits
                + partial
                + misses
                + staleRefreshing
                + staleOnError
                + refreshed
                + bypasses
                + negativeHits
                + failures;
    }
}
