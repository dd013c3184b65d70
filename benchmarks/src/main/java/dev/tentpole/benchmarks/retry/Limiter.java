package dev.tentpole.benchmarks.retry;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/** A rate limit, whoever's. */
interface Limiter extends AutoCloseable {

    /** Permits a second that nobody uses up. */
    int PLENTY = 1_000_000_000;

    /** Takes a permit if there is one. */
    boolean tryAcquire();

    @Override
    default void close() {}

    /** One that always grants. */
    static Limiter generous(String implementation) {
        return of(implementation, PLENTY, Duration.ofSeconds(1));
    }

    /** One that grants once. */
    static Limiter strict(String implementation) {
        return of(implementation, 1, Duration.ofHours(1));
    }

    private static Limiter of(String implementation, int permits, Duration period) {
        return switch (implementation) {
            case "tentpole" -> tentpole(permits, period, false);
            case "tentpole-precise" -> tentpole(permits, period, true);
            case "guava" -> {
                RateLimiter limiter = guava(permits, period);
                yield limiter::tryAcquire;
            }
            case "resilience4j" -> {
                io.github.resilience4j.ratelimiter.RateLimiter limiter = resilience4j(permits, period);
                yield limiter::acquirePermission;
            }
            case "bucket4j" -> {
                Bucket bucket = bucket4j(permits, period);
                yield () -> bucket.tryConsume(1);
            }
            default -> {
                dev.failsafe.RateLimiter<Object> limiter =
                        dev.failsafe.RateLimiter.burstyBuilder(permits, period).build();
                yield limiter::tryAcquirePermit;
            }
        };
    }

    private static Limiter tentpole(int permits, Duration period, boolean precise) {
        dev.tentpole.retry.RateLimiter limiter = dev.tentpole.retry.RateLimiter.builder("l")
                .permits(permits, period)
                .precise(precise)
                .build();
        return new Limiter() {
            @Override
            public boolean tryAcquire() {
                return limiter.tryAcquire();
            }

            @Override
            public void close() {
                limiter.close();
            }
        };
    }

    /** Guava's. */
    static RateLimiter guava(int permits, Duration period) {
        return RateLimiter.create((double) permits / period.toSeconds());
    }

    /** The one of resilience4j, which does not wait. */
    static io.github.resilience4j.ratelimiter.RateLimiter resilience4j(int permits, Duration period) {
        return io.github.resilience4j.ratelimiter.RateLimiter.of(
                "l",
                RateLimiterConfig.custom()
                        .limitForPeriod(permits)
                        .limitRefreshPeriod(period)
                        .timeoutDuration(Duration.ZERO)
                        .build());
    }

    /** Bucket4j's, with nanoseconds. */
    static Bucket bucket4j(int permits, Duration period) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, period))
                .withNanosecondPrecision()
                .build();
    }
}
