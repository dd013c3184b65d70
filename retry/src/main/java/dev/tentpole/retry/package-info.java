/**
 * Try again without making it worse: retry with backoff, budget, circuit breaker, rate limit, bulkhead, timeout, hedging.
 *
 * <p>{@link dev.tentpole.retry.Resilience} puts everything around the calls to one backend, in an order that is fixed; {@link
 * dev.tentpole.retry.Retryer} and each of the others works alone as well.
 *
 * <pre>{@code
 * Operation read = Operation.idempotent("orders.read");
 * Resilience orders = Resilience.builder("orders")
 *         .policy("orders", Policy.standard())
 *         .breaker(CircuitBreaker.builder("orders").build())
 *         .bulkhead(Bulkhead.builder("orders").permits(16).build())
 *         .attemptTimeout(Duration.ofSeconds(2))
 *         .build();
 * String order = orders.call(read, () -> fetch("7"));
 * }</pre>
 */
@NullMarked
package dev.tentpole.retry;

import org.jspecify.annotations.NullMarked;
