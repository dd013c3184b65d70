package dev.tentpole.benchmarks.retry;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerBuilder;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.tentpole.retry.Backoff;
import dev.tentpole.retry.CheckedSupplier;
import dev.tentpole.retry.Operation;
import dev.tentpole.retry.Policy;
import dev.tentpole.retry.Resilience;
import dev.tentpole.retry.Retryer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;

/** Makes a call with what stands between it and its backend: three attempts, no wait between them. */
interface Caller extends AutoCloseable {

    /** How often a call is tried. */
    int ATTEMPTS = 3;

    /** Makes the call. */
    Object call() throws Exception;

    @Override
    default void close() {}

    /** With retries alone. */
    static Caller retry(String implementation, CheckedSupplier<Object, IOException> call) {
        return switch (implementation) {
            case "tentpole" -> tentpole(call);
            case "failsafe" -> {
                FailsafeExecutor<Object> failsafe = Failsafe.with(failsafeRetry());
                yield () -> failsafe.get(call::get);
            }
            case "resilience4j" -> {
                Retry retry = resilienceRetry();
                yield () -> retry.executeCallable(call::get);
            }
            default -> handWritten(call);
        };
    }

    /** With retries and a circuit breaker, ours with a budget and counters besides. */
    static Caller stack(String implementation, CheckedSupplier<Object, IOException> call) {
        return switch (implementation) {
            case "tentpole" -> resilience(dev.tentpole.retry.CircuitBreaker.builder("b"), call);
            case "tentpole-count-window" ->
                resilience(dev.tentpole.retry.CircuitBreaker.builder("b").countWindow(100), call);
            case "failsafe" -> {
                CircuitBreakerBuilder<Object> breaker = CircuitBreaker.builder().withFailureThreshold(50, 100);
                FailsafeExecutor<Object> failsafe = Failsafe.with(failsafeRetry(), breaker.build());
                yield () -> failsafe.get(call::get);
            }
            case "resilience4j" -> resilience4j(CircuitBreakerConfig.ofDefaults(), call);
            default ->
                resilience4j(
                        CircuitBreakerConfig.custom()
                                .slidingWindow(30, 20, CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                                .build(),
                        call);
        };
    }

    private static Caller tentpole(CheckedSupplier<Object, IOException> call) {
        Retryer retryer =
                Retryer.builder().withoutBudget().defaultPolicy(policy()).build();
        Operation operation = Operation.idempotent("orders.read");
        return new Caller() {
            @Override
            public Object call() throws Exception {
                return retryer.call(operation, call);
            }

            @Override
            public void close() {
                retryer.close();
            }
        };
    }

    private static Caller resilience(
            dev.tentpole.retry.CircuitBreaker.Builder breaker, CheckedSupplier<Object, IOException> call) {
        Resilience resilience = Resilience.builder("orders")
                .policy(policy())
                .breaker(breaker.build())
                .build();
        Operation operation = Operation.idempotent("orders.read");
        return new Caller() {
            @Override
            public Object call() throws Exception {
                return resilience.call(operation, call);
            }

            @Override
            public void close() {
                resilience.close();
            }
        };
    }

    private static Caller resilience4j(CircuitBreakerConfig config, CheckedSupplier<Object, IOException> call) {
        Retry retry = resilienceRetry();
        io.github.resilience4j.circuitbreaker.CircuitBreaker breaker =
                io.github.resilience4j.circuitbreaker.CircuitBreaker.of("b", config);
        return () -> retry.executeCallable(() -> breaker.executeCallable(call::get));
    }

    private static Caller handWritten(CheckedSupplier<Object, IOException> call) {
        return () -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return call.get();
                } catch (IOException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        };
    }

    private static Policy policy() {
        return Policy.builder().maxAttempts(ATTEMPTS).backoff(Backoff.none()).build();
    }

    private static RetryPolicy<Object> failsafeRetry() {
        return RetryPolicy.builder()
                .withMaxAttempts(ATTEMPTS)
                .handle(IOException.class)
                .build();
    }

    private static Retry resilienceRetry() {
        return Retry.of(
                "r",
                RetryConfig.custom()
                        .maxAttempts(ATTEMPTS)
                        .waitDuration(Duration.ZERO)
                        .retryExceptions(IOException.class)
                        .build());
    }
}
