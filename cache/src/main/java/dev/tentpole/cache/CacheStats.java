package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * What a {@link QueryCache} has done since it was built.
 *
 * <p>Each count is exact; two of them may be read some nanoseconds apart. At rest, {@code requests()} is the sum of hits,
 * stale answers, misses, negative hits and bypasses, and {@code stored} is the sum of what was replaced, evicted and
 * invalidated and of the entries that are there.
 *
 * @param hits requests answered with a fresh value
 * @param staleRefreshing requests answered with a value older than its soft time to live, while it is loaded anew
 * @param staleOnError requests answered with a value older than its time to live, or than what was asked for, since loading
 *     failed or took too long
 * @param misses requests that found nothing to serve, whether a value was then loaded, another load was waited for, or the
 *     request failed
 * @param negativeHits requests answered with a failure that is remembered
 * @param bypasses requests that asked not to use the cache
 * @param shared requests that waited for somebody else's load and took its result; part of the misses, or stale
 * @param loads loads that ended with a value
 * @param loadFailures loads that ended with an exception
 * @param loadsAbandoned loads whose leader was cancelled or ran out of its time
 * @param loadTime the time that loads took in all, whatever their end
 * @param refreshes loads in the background that were started
 * @param refreshesRefused loads in the background for which there was no thread
 * @param stored entries put into the cache
 * @param replaced entries that a newer one replaced
 * @param evictedBySize entries evicted to make room
 * @param evictedByTime entries removed because they could serve nobody any more
 * @param invalidated entries invalidated
 * @param notStored values handed out and not kept, by reason
 * @param entries entries that are there now, expired ones included until they are removed
 * @param weight what they weigh now: bytes, or their number in a cache that counts
 * @param secondLevel what the second level did
 */
public record CacheStats(
        long hits,
        long staleRefreshing,
        long staleOnError,
        long misses,
        long negativeHits,
        long bypasses,
        long shared,
        long loads,
        long loadFailures,
        long loadsAbandoned,
        Duration loadTime,
        long refreshes,
        long refreshesRefused,
        long stored,
        long replaced,
        long evictedBySize,
        long evictedByTime,
        long invalidated,
        Map<Reason, Long> notStored,
        long entries,
        long weight,
        SecondLevelStats secondLevel) {

    /**
     * What a second level did since the cache was built; all zero without one.
     *
     * @param hits values taken from it
     * @param misses times it had nothing, or nothing that may be served
     * @param failures operations on it that failed
     * @param skipped reads and writes that were not tried while it was failing
     * @param written values written to it
     * @param dropped writes dropped because too many were waiting
     */
    public record SecondLevelStats(long hits, long misses, long failures, long skipped, long written, long dropped) {}

    /**
     * {@return how many requests there were}
     */
    public long requests() {
        return hits + staleRefreshing + staleOnError + misses + negativeHits + bypasses;
    }

    /**
     * {@return the part of the requests that was answered from the cache, 0 to 1; 0 before the first request}
     */
    public double hitRatio() {
        long requests = requests();
        return requests == 0 ? 0 : (double) (hits + staleRefreshing + staleOnError + negativeHits) / requests;
    }
}
