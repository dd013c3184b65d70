/**
 * A query cache with time to live, and a range cache that fetches only what is missing.
 *
 * <p>{@link dev.tentpole.cache.QueryCache} keeps whole results, {@link dev.tentpole.cache.RangeCache} results over a time
 * grid; {@link dev.tentpole.cache.CacheKey} makes keys for both.
 *
 * <pre>{@code
 * try (QueryCache<CacheKey, String> labels = QueryCache.<CacheKey, String>builder()
 *                 .timeToLive(Duration.ofMinutes(5))
 *                 .refreshAfter(Duration.ofMinutes(1))
 *                 .staleIfError(Duration.ofHours(1))
 *                 .build();
 *         RangeCache<CacheKey, SeriesGrid<String>> ranges = RangeCache
 *                 .<CacheKey, SeriesGrid<String>>builder(SeriesGrid.values())
 *                 .build()) {
 *     CacheKey key = CacheKey.of("prom", "sum(rate(http_requests_total[5m]))");
 *     String answer = labels.get(key, (missing, load) -> server.labels(missing));
 *     TimeGrid day = TimeGrid.of(now.minus(Duration.ofDays(1)), now, Duration.ofMinutes(1));
 *     RangeRequest<CacheKey> request = RangeRequest.of(key, day, now.minusSeconds(60)).withTags("prom");
 *     RangeAnswer<SeriesGrid<String>> series =
 *             ranges.get(request, (missing, points, load) -> server.query(points));
 * }
 * }</pre>
 */
@NullMarked
package dev.tentpole.cache;

import org.jspecify.annotations.NullMarked;
