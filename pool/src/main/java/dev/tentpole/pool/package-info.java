/**
 * Anything costly to open, lent quickly and taken back whole; and a JDBC {@code DataSource} on it.
 *
 * <p>A {@link dev.tentpole.pool.Pool} lends what an {@link dev.tentpole.pool.Allocator} opens.
 *
 * <pre>{@code
 * PoolSettings settings = PoolSettings.named("parsers")
 *         .size(1, 8)
 *         .acquireTimeout(Duration.ofSeconds(2))
 *         .leakThreshold(Duration.ofMinutes(1))
 *         .build();
 * try (Pool<InputStream> pool = Pool.open(settings, parsers);
 *         Lease<InputStream> lease = pool.acquire()) {
 *     answer = lease.get().read();
 * }
 * }</pre>
 */
@NullMarked
package dev.tentpole.pool;

import org.jspecify.annotations.NullMarked;
