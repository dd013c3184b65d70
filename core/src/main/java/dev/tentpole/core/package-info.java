/**
 * A data source: queries come in, a router finds the backend of each, frames or errors go out, one answer per query.
 *
 * <pre>{@code
 * try (DataSource source = DataSource.builder()
 *         .backend(new Thermometer())
 *         .timeout(Duration.ofSeconds(10))
 *         .build()) {
 *     QueryRequest request = QueryRequest.of(Query.builder("A")
 *             .backend("kitchen")
 *             .timeRange(TimeRange.parse("now-1h", "now", InstantSource.system()))
 *             .build());
 *     QueryResponse response = source.query(request);
 *     List<Frame> frames = response.result("A").framesOrThrow();
 * }
 * }</pre>
 *
 * <p>A {@link dev.tentpole.core.Backend} is the one interface that a plugin author implements. It answers with frames or
 * throws a {@link dev.tentpole.core.QueryException}; what it throws or how long it hangs never touches another query of
 * the same request.
 */
@NullMarked
package dev.tentpole.core;

import org.jspecify.annotations.NullMarked;
