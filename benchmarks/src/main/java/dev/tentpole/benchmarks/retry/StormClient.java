package dev.tentpole.benchmarks.retry;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.spi.Scheduler;
import dev.tentpole.retry.Backoff;
import dev.tentpole.retry.Policy;
import dev.tentpole.retry.VirtualClient;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;

/** One of the many clients: makes a call of several attempts. */
interface StormClient {

    /** Attempts that a call has at most. */
    int ATTEMPTS = 4;

    /** The first wait; each further one is twice as long. */
    Duration FIRST_WAIT = Duration.ofMillis(100);

    /** The longest wait. */
    Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Makes a call. */
    CompletableFuture<Boolean> call();

    /** Tries again at once. */
    static StormClient naive(VirtualServer server) {
        return () -> again(server, server::request, attempt -> 0, 1);
    }

    /** Failsafe's executor and retry policy, on a scheduler of virtual time. */
    static StormClient failsafe(VirtualServer server) {
        FailsafeExecutor<Boolean> failsafe = Failsafe.with(RetryPolicy.<Boolean>builder()
                        .withMaxAttempts(ATTEMPTS)
                        .withBackoff(FIRST_WAIT, LONGEST_WAIT)
                        .build())
                .with(new VirtualScheduler(server));
        return () -> failsafe.getStageAsync(server::request);
    }

    /** resilience4j's interval function, asked by a loop of ours: its own needs a whole scheduled executor. */
    static StormClient resilienceRetry(VirtualServer server) {
        IntervalFunction interval = IntervalFunction.ofExponentialBackoff(FIRST_WAIT, 2, LONGEST_WAIT);
        return () -> again(server, server::request, attempt -> millis(interval.apply(attempt)), 1);
    }

    /** The same with resilience4j's circuit breaker as it is by default. */
    static StormClient resilienceDefaults(VirtualServer server) {
        return resilienceBreaker(server, CircuitBreakerConfig.custom());
    }

    /** The same with resilience4j's circuit breaker set as Tentpole's is by default. */
    static StormClient resilienceAlike(VirtualServer server) {
        return resilienceBreaker(
                server,
                CircuitBreakerConfig.custom()
                        .slidingWindow(10, 10, CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .permittedNumberOfCallsInHalfOpenState(3));
    }

    /** On a clock of virtual time. */
    private static StormClient resilienceBreaker(VirtualServer server, CircuitBreakerConfig.Builder config) {
        IntervalFunction interval = IntervalFunction.ofExponentialBackoff(FIRST_WAIT, 2, LONGEST_WAIT);
        CircuitBreaker breaker = CircuitBreaker.of(
                "orders",
                config.currentTimestampFunction(clock -> server.now(), TimeUnit.NANOSECONDS)
                        .clock(new VirtualClock(server))
                        .build());
        Supplier<CompletableFuture<Boolean>> guarded = () -> {
            if (!breaker.tryAcquirePermission()) {
                return CompletableFuture.failedFuture(
                        CallNotPermittedException.createCallNotPermittedException(breaker));
            }
            long started = server.now();
            return server.request().whenComplete((value, thrown) -> {
                if (thrown == null) {
                    breaker.onSuccess(server.now() - started, TimeUnit.NANOSECONDS);
                } else {
                    breaker.onError(server.now() - started, TimeUnit.NANOSECONDS, thrown);
                }
            });
        };
        return () -> again(server, guarded, attempt -> millis(interval.apply(attempt)), 1);
    }

    /** Tentpole's retryer, budget and breaker. */
    static StormClient tentpole(VirtualServer server, long seed) {
        Policy policy = Policy.builder()
                .maxAttempts(ATTEMPTS)
                .backoff(Backoff.exponential(FIRST_WAIT, LONGEST_WAIT))
                .build();
        VirtualClient client =
                new VirtualClient(server, seed, policy, dev.tentpole.retry.CircuitBreaker.builder("orders"));
        return () -> client.call(server::request);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static CompletableFuture<Boolean> again(
            VirtualServer server, Supplier<CompletableFuture<Boolean>> request, IntToLongFunction wait, int attempt) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        CompletableFuture<Boolean> unused = request.get().whenComplete((value, thrown) -> {
            boolean over = thrown == null || attempt == ATTEMPTS || thrown instanceof CallNotPermittedException;
            if (over) {
                end.complete(thrown == null);
            } else {
                server.later(wait.applyAsLong(attempt), () -> {
                    CompletableFuture<Boolean> ignored =
                            again(server, request, wait, attempt + 1).whenComplete((good, bad) -> end.complete(good));
                });
            }
        });
        return end;
    }

    /** The server's time as a clock. */
    final class VirtualClock extends Clock {

        private final VirtualServer server;

        VirtualClock(VirtualServer server) {
            this.server = server;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(server.now());
        }
    }

    /** Failsafe's scheduler in the server's time. */
    record VirtualScheduler(VirtualServer server) implements Scheduler {

        @Override
        public ScheduledFuture<?> schedule(Callable<?> callable, long delay, TimeUnit unit) {
            Scheduled scheduled = new Scheduled();
            server.later(unit.toNanos(delay), () -> {
                try {
                    callable.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            return scheduled;
        }

        private static final class Scheduled extends CompletableFuture<Object> implements ScheduledFuture<Object> {

            @Override
            public long getDelay(TimeUnit unit) {
                return 0;
            }

            @Override
            public int compareTo(Delayed other) {
                return 0;
            }
        }
    }
}
