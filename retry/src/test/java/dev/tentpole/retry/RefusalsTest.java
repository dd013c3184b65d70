package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bad settings are refused with name, value and range. */
final class RefusalsTest {

    private record Case(String message, ThrowingCallable build) {}

    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration LONG = Duration.ofDays(2);

    @TestFactory
    List<DynamicTest> bad_settings_are_refused_with_name_value_and_range() {
        Backoff growing = Backoff.exponential(Duration.ofMillis(1), Duration.ofSeconds(1));
        return List.of(
                        new Case("jitter = 1.1, must be 0.0 to 1.0", () -> growing.withProportionalJitter(1.1)),
                        new Case("jitter = NaN, must be 0.0 to 1.0", () -> growing.withProportionalJitter(Double.NaN)),
                        new Case("jitter = -0.1, must be 0.0 to 1.0", () -> growing.withProportionalJitter(-0.1)),
                        new Case("factor = 0.5, must be 1.0 to 100.0", () -> growing.withFactor(0.5)),
                        new Case("factor = NaN, must be 1.0 to 100.0", () -> growing.withFactor(Double.NaN)),
                        new Case(
                                "factor = 2.0, must be left out: only exponential backoff has one",
                                () -> Backoff.fixed(Duration.ZERO).withFactor(2)),
                        new Case(
                                "maximum = PT0.001S is not in PT1S..PT24H",
                                () -> Backoff.exponential(Duration.ofSeconds(1), Duration.ofMillis(1))),
                        new Case(
                                "initial = PT0S is not in PT0.000000001S..PT24H",
                                () -> Backoff.fibonacci(Duration.ZERO, Duration.ofSeconds(1))),
                        new Case("wait = PT-0.000000001S is not in PT0S..PT24H", () -> Backoff.fixed(NEGATIVE)),
                        new Case("wait = PT48H is not in PT0S..PT24H", () -> Backoff.fixed(LONG)),
                        new Case(
                                "retry = 0 is not in 1..2147483647",
                                () -> growing.delay(0, Duration.ZERO, new java.util.Random())),
                        new Case(
                                "maxAttempts = 0, must be 1 to 100, or 0 by refuse(reason)",
                                () -> Policy.builder().maxAttempts(0).build()),
                        new Case(
                                "maxAttempts = -1, must be 1 to 100, or 0 by refuse(reason)",
                                () -> Policy.builder().maxAttempts(-1).build()),
                        new Case(
                                "maxAttempts = 101, must be 1 to 100, or 0 by refuse(reason)",
                                () -> Policy.builder().maxAttempts(101).build()),
                        new Case(
                                "refuse is blank",
                                () -> Policy.builder().refuse(" ").build()),
                        new Case(
                                "maxElapsed = PT-0.000000001S is not in PT0S..PT24H",
                                () -> Policy.builder().maxElapsed(NEGATIVE).build()),
                        new Case(
                                "minAttemptTime = PT48H is not in PT0S..PT24H",
                                () -> Policy.builder().minAttemptTime(LONG).build()),
                        new Case(
                                "maxAdvice = PT48H is not in PT0S..PT24H",
                                () -> Policy.builder().maxAdvice(LONG).build()),
                        new Case(
                                "retryOn = [], must be at least one kind, without CANCELLED and BUG",
                                () -> Policy.builder().retryOn(Set.of()).build()),
                        new Case(
                                "retryOn = [BUG], must be at least one kind, without CANCELLED and BUG",
                                () -> Policy.builder()
                                        .retryOn(Set.of(FailureKind.BUG))
                                        .build()),
                        new Case(
                                "operation = a b, must be at most 100 letters, digits and _ / : - in parts between"
                                        + " dots",
                                () -> Operation.of("a b")),
                        new Case(
                                "operation = a..b, must be at most 100 letters, digits and _ / : - in parts between"
                                        + " dots",
                                () -> Operation.idempotent("a..b")),
                        new Case("operation is blank", () -> Operation.of("")),
                        new Case(
                                "ratio = 1.5, must be 0.0 to 1.0",
                                () -> RetryBudget.builder().ratio(1.5).build()),
                        new Case(
                                "ratio = NaN, must be 0.0 to 1.0",
                                () -> RetryBudget.builder().ratio(Double.NaN).build()),
                        new Case(
                                "perSecond = -1.0, must be 0.0 to 1000000.0",
                                () -> RetryBudget.builder().perSecond(-1).build()),
                        new Case(
                                "maxSaved = -1 is not in 0..1000000",
                                () -> RetryBudget.builder().maxSaved(-1).build()),
                        new Case(
                                "failureRate = 0.0, must be above 0.0, to 1.0",
                                () -> CircuitBreaker.builder("b").failureRate(0).build()),
                        new Case(
                                "failureRate = NaN, must be above 0.0, to 1.0",
                                () -> CircuitBreaker.builder("b")
                                        .failureRate(Double.NaN)
                                        .build()),
                        new Case(
                                "slowCallRate = 2.0, must be above 0.0, to 1.0",
                                () -> CircuitBreaker.builder("b")
                                        .slowCalls(Duration.ofSeconds(1), 2)
                                        .build()),
                        new Case(
                                "slowCallDuration = PT0.001S is not in PT0.01S..PT24H",
                                () -> CircuitBreaker.builder("b")
                                        .slowCalls(Duration.ofMillis(1), 0.5)
                                        .build()),
                        new Case(
                                "minimumCalls = 11 is not in 1..10",
                                () -> CircuitBreaker.builder("b")
                                        .countWindow(10)
                                        .minimumCalls(11)
                                        .build()),
                        new Case(
                                "countWindow = 0 is not in 1..100000",
                                () -> CircuitBreaker.builder("b").countWindow(0).build()),
                        new Case(
                                "timeWindow = PT0.1S is not in PT1S..PT24H",
                                () -> CircuitBreaker.builder("b")
                                        .timeWindow(Duration.ofMillis(100))
                                        .build()),
                        new Case(
                                "probes = 0 is not in 1..1000",
                                () -> CircuitBreaker.builder("b").probes(0).build()),
                        new Case(
                                "openJitter = NaN, must be 0.0 to 1.0",
                                () -> CircuitBreaker.builder("b")
                                        .openJitter(Double.NaN)
                                        .build()),
                        new Case("name is blank", () -> CircuitBreaker.builder(" ")),
                        new Case(
                                "permits = 0 is not in 1..1000000000",
                                () -> RateLimiter.builder("l").build()),
                        new Case(
                                "period = PT0.000000001S is not in PT0.000000002S..PT24H",
                                () -> RateLimiter.builder("l")
                                        .permits(2, Duration.ofNanos(1))
                                        .build()),
                        new Case(
                                "permits = 600000000, must be such that PT1S / permits is within 1 % of whole"
                                        + " nanoseconds",
                                () -> RateLimiter.builder("l")
                                        .permits(600_000_000, Duration.ofSeconds(1))
                                        .build()),
                        new Case(
                                "burst = 0 is not in 1..1000000000",
                                () -> RateLimiter.builder("l")
                                        .permits(1, Duration.ofSeconds(1))
                                        .burst(0)
                                        .build()),
                        new Case(
                                "burst = 2, must be worth at most PT24H of the rate",
                                () -> RateLimiter.builder("l")
                                        .permits(1, Duration.ofDays(1))
                                        .burst(2)
                                        .build()),
                        new Case(
                                "permits = 0 is not in 1..1000000",
                                () -> Bulkhead.builder("b").permits(0).build()),
                        new Case(
                                "maxWait = PT-0.000000001S is not in PT0S..PT24H",
                                () -> Bulkhead.builder("b").maxWait(NEGATIVE).build()),
                        new Case(
                                "quantile = 0.4, must be 0.5 to 0.999",
                                () -> Hedging.builder().quantile(0.4).build()),
                        new Case(
                                "quantile = NaN, must be 0.5 to 0.999",
                                () -> Hedging.builder().quantile(Double.NaN).build()),
                        new Case(
                                "maxHedges = 5 is not in 1..4",
                                () -> Hedging.builder().maxHedges(5).build()),
                        new Case(
                                "attemptTimeout = PT0S is not in PT0.001S..PT24H",
                                () -> Resilience.builder("r")
                                        .attemptTimeout(Duration.ZERO)
                                        .build()),
                        new Case(
                                "maxThreads = 0 is not in 1..10000",
                                () -> Retryer.builder().maxThreads(0).build()),
                        new Case(
                                "maxAsyncCalls = 0 is not in 1..1000000",
                                () -> Retryer.builder().maxAsyncCalls(0).build()),
                        new Case(
                                "maxOperations = 0 is not in 1..100000",
                                () -> Retryer.builder().maxOperations(0).build()))
                .stream()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.message,
                        () -> assertThatIllegalArgumentException()
                                .isThrownBy(bad.build)
                                .withMessage(bad.message)))
                .toList();
    }

    @Test
    void permits_that_can_never_be_had_at_once_are_refused() {
        try (RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofSeconds(1))
                .burst(2)
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limiter.tryAcquire(3))
                    .withMessage("permits = 3 is not in 1..2");
        }
    }

    @Test
    void a_burst_below_one_and_waits_that_leave_no_time_for_a_second_attempt_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.builder("l")
                        .permits(10, Duration.ofSeconds(1))
                        .burst(-1)
                        .build())
                .withMessage("burst = -1 is not in 1..1000000000");
        Policy.Builder late =
                Policy.builder().backoff(Backoff.fixed(Duration.ofSeconds(15))).maxElapsed(Duration.ofSeconds(10));
        assertThatIllegalArgumentException()
                .isThrownBy(late::build)
                .withMessage(
                        "backoff = PT15S at the least, must be below maxElapsed = PT10S, or no second attempt is ever"
                                + " made");
        assertThat(late.maxElapsed(Duration.ofSeconds(16)).build().maxAttempts())
                .isEqualTo(3);
    }

    @Test
    void what_must_be_given_is_named_if_it_is_null() {
        Operation read = Operation.idempotent("orders.read");
        try (Retryer retryer = Retryer.builder().build();
                Resilience all = Resilience.builder("r").build()) {
            assertThatNullPointerException()
                    .isThrownBy(() -> retryer.call(read, null))
                    .withMessage("call");
            assertThatNullPointerException()
                    .isThrownBy(() -> all.call(read, null))
                    .withMessage("call");
            assertThatNullPointerException()
                    .isThrownBy(() -> all.call(read, Duration.ofSeconds(1), () -> 1, null))
                    .withMessage("fallback");
            assertThatNullPointerException()
                    .isThrownBy(() -> retryer.run(read, null))
                    .withMessage("call");
            assertThatNullPointerException()
                    .isThrownBy(() -> all.run(read, null))
                    .withMessage("call");
            assertThat(retryer.engine().state(read).attempts()).isZero();
            assertThat(all.engine().state(read).attempts()).isZero();
        }
    }

    @Test
    void a_breaker_or_bulkhead_alone_names_it_too() {
        try (CircuitBreaker breaker = CircuitBreaker.builder("b").build();
                Bulkhead bulkhead = Bulkhead.builder("b").build()) {
            assertThatNullPointerException()
                    .isThrownBy(() -> breaker.call(null))
                    .withMessage("call");
            assertThatNullPointerException().isThrownBy(() -> breaker.run(null)).withMessage("call");
            assertThatNullPointerException()
                    .isThrownBy(() -> bulkhead.run(null))
                    .withMessage("call");
        }
    }

    @Test
    void operations_without_end_are_refused_and_the_limit_is_named() {
        try (Retryer retryer = Retryer.builder().maxOperations(2).build()) {
            retryer.call(Operation.of("a"), () -> 1);
            retryer.call(Operation.of("b"), () -> 1);
            retryer.call(Operation.of("a"), () -> 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> retryer.call(Operation.of("c"), () -> 1))
                    .withMessageContaining("maxOperations = 2");
            retryer.setPolicy("x", Policy.none());
            retryer.setPolicy("y", Policy.none());
            retryer.setPolicy("x", Policy.standard());
            assertThatIllegalStateException()
                    .isThrownBy(() -> retryer.setPolicy("z", Policy.none()))
                    .withMessageContaining("maxOperations = 2");
        }
    }

    @Test
    void a_policy_that_refuses_keeps_its_reason_and_takes_no_attempts() {
        Policy refusing = Policy.builder().refuse("migration").build();
        assertThat(refusing.maxAttempts()).isZero();
        assertThat(refusing.toString()).contains("migration");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> refusing.toBuilder().maxAttempts(2).build())
                .withMessage("maxAttempts = 2, must be left out after refuse(reason)");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Policy.builder().refuse("migration").maxAttempts(3).build());
        assertThat(Policy.builder().maxAttempts(3).refuse("migration").build().maxAttempts())
                .isZero();
        assertThat(refusing.toBuilder().build().maxAttempts()).isZero();
    }
}
