package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ResilienceTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Duration FOREVER = Duration.ofDays(1_000);

    private final FakeTime time = new FakeTime();
    private final CircuitBreaker breaker = CircuitBreaker.builder("b")
            .countWindow(4)
            .minimumCalls(4)
            .openJitter(0)
            .build(time);
    private final Bulkhead bulkhead = Bulkhead.builder("h").permits(2).build(time);
    private final RateLimiter limiter = RateLimiter.builder("l")
            .permits(10, Duration.ofSeconds(1))
            .precise(true)
            .build(time);
    private final Journal journal = new Journal();
    private final Resilience.Builder builder = Resilience.builder("orders")
            .policy(Policy.builder()
                    .backoff(Backoff.fixed(Duration.ofMillis(100)))
                    .build())
            .withoutBudget()
            .listener(journal);

    @AfterEach
    void leave_no_interrupt() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private static CallRejectedException.Reason rejection(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(CallRejectedException.class);
        return ((CallRejectedException) thrown).reason();
    }

    @Test
    void the_breaker_is_asked_first_then_the_rate_limit_then_the_bulkhead() throws Exception {
        Resilience all = builder.breaker(breaker)
                .rateLimit(limiter, Duration.ZERO)
                .bulkhead(bulkhead)
                .build(time, false);
        Bulkhead.Permit one = bulkhead.acquire();
        Bulkhead.Permit two = bulkhead.acquire();
        limiter.tryAcquire(10);
        breaker.forceOpen();
        assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BREAKER_OPEN);
        breaker.automatic();
        assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.RATE_LIMITED);
        time.pass(Duration.ofSeconds(1));
        assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
        one.close();
        two.close();
        assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
        assertThat(bulkhead.available()).isEqualTo(2);
        assertThat(all.engine().state(READ).rejected()).isEqualTo(3);
    }

    @Test
    void the_call_is_inside_the_bulkhead_inside_the_retries_and_the_fallback_sees_the_end() throws Exception {
        List<String> events = new ArrayList<>();
        Resilience all = builder.breaker(breaker)
                .bulkhead(bulkhead)
                .rateLimit(limiter, Duration.ZERO)
                .build(time, false);
        String result = all.call(
                READ,
                FOREVER,
                () -> {
                    events.add("call, places " + bulkhead.available() + ", permits " + limiter.available());
                    throw new IOException();
                },
                failure -> {
                    events.add("fallback, places " + bulkhead.available() + ", suppressed "
                            + failure.getSuppressed().length);
                    return "old";
                });
        assertThat(result).isEqualTo("old");
        assertThat(events)
                .containsExactly(
                        "call, places 1, permits 9",
                        "call, places 1, permits 9",
                        "call, places 1, permits 9",
                        "fallback, places 2, suppressed 2");
        assertThat(breaker.failureRate()).isEqualTo(1);
        assertThat(all.fallbacks()).isEqualTo(1);
    }

    @Test
    void an_open_breaker_ends_the_retries() throws Exception {
        Resilience all = builder.breaker(breaker).build(time, false);
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> all.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(3);
        assertThatThrownBy(() -> all.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(4);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(rejection(() -> all.call(READ, script))).isEqualTo(CallRejectedException.Reason.BREAKER_OPEN);
    }

    @Test
    void a_failed_probe_is_not_followed_by_a_retry() throws Exception {
        Resilience all = builder.breaker(breaker).build(time, false);
        Script script = new Script(new IOException());
        catchThrowable(() -> all.call(READ, script));
        catchThrowable(() -> all.call(READ, script));
        time.pass(Duration.ofSeconds(5));
        int before = script.calls();
        catchThrowable(() -> all.call(READ, script));
        assertThat(script.calls() - before).isLessThanOrEqualTo(2);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
    }

    @Test
    void every_end_of_a_probe_gives_its_permission_back() throws Exception {
        CircuitBreaker one = CircuitBreaker.builder("b")
                .countWindow(1)
                .minimumCalls(1)
                .probes(1)
                .openJitter(0)
                .build(time);
        Resilience all =
                builder.breaker(one).bulkhead(bulkhead).policy(Policy.none()).build(time, false);
        catchThrowable(() -> all.call(READ, new Script(new IOException())));
        time.pass(Duration.ofSeconds(5));
        Bulkhead.Permit a = bulkhead.acquire();
        Bulkhead.Permit b = bulkhead.acquire();
        assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
        a.close();
        b.close();
        catchThrowable(() -> all.call(READ, new Script(new java.util.concurrent.CancellationException())));
        catchThrowable(() -> all.call(READ, new Script(new NullPointerException())));
        assertThat(one.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
        assertThat(one.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void the_quick_way_and_the_way_with_all_guards_count_alike() throws Exception {
        Resilience quick = builder.breaker(breaker).build(time, false);
        for (int i = 0; i < 3; i++) {
            quick.call(READ, () -> 1);
        }
        quick.run(READ, () -> {});
        quick.call(READ, new Script(new IOException(), "a"));
        assertThat(breaker.failureRate()).isEqualTo(0.25);
        assertThat(quick.engine().state(READ).succeeded()).isEqualTo(5);
        assertThat(quick.engine().state(READ).attempts()).isEqualTo(6);
    }

    @Test
    void an_interrupt_while_it_waits_for_the_limiter_or_the_bulkhead_leaves_nothing_behind() throws Exception {
        Bulkhead patient =
                Bulkhead.builder("h").permits(1).maxWait(Duration.ofSeconds(9)).build(time);
        RateLimiter one = RateLimiter.builder("l")
                .permits(1, Duration.ofSeconds(1))
                .precise(true)
                .build(time);
        Resilience all = builder.breaker(breaker)
                .rateLimit(one, Duration.ofSeconds(9))
                .bulkhead(patient)
                .build(time, false);
        one.tryAcquire();
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        assertThatExceptionOfType(CallInterruptedException.class).isThrownBy(() -> all.call(READ, () -> 1));
        assertThat(Thread.interrupted()).isTrue();
        time.pass(Duration.ofSeconds(1));
        assertThat(one.available()).isEqualTo(1);
        assertThat(patient.available()).isEqualTo(1);
        Bulkhead.Permit permit = patient.acquire();
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        assertThatExceptionOfType(CallInterruptedException.class).isThrownBy(() -> all.call(READ, () -> 1));
        assertThat(Thread.interrupted()).isTrue();
        permit.close();
        assertThat(patient.available()).isEqualTo(1);
        assertThat(patient.waiting()).isZero();
    }

    @Test
    void waits_end_with_the_callers_deadline_and_with_close() throws Exception {
        Bulkhead patient =
                Bulkhead.builder("h").permits(1).maxWait(Duration.ofSeconds(9)).build(time);
        Resilience all = builder.bulkhead(patient).build(time, false);
        patient.acquire();
        assertThat(rejection(() -> all.call(READ, Duration.ofSeconds(2), () -> 1)))
                .isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
        assertThat(time.waited()).isEqualTo(Duration.ofSeconds(2));
        time.duringNextWait(all::close);
        assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> all.call(READ, () -> 1));
        assertThat(time.waited()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void the_fallback_is_not_asked_for_faults_of_the_caller_and_its_own_failure_keeps_the_first() throws Exception {
        Resilience all = builder.build(time, false);
        assertThatThrownBy(() -> all.call(READ, FOREVER, new Script(new IllegalArgumentException()), f -> "old"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> all.call(READ, FOREVER, new Script(new AssertionError()), f -> "old"))
                .isInstanceOf(AssertionError.class);
        IOException failure = new IOException();
        assertThatThrownBy(() -> all.call(READ, FOREVER, new Script(failure), f -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasSuppressedException(failure);
        breaker.forceOpen();
        Resilience open = builder.breaker(breaker).build(time, false);
        assertThat(open.<Object, Exception>call(READ, FOREVER, () -> "new", f -> "old"))
                .isEqualTo("old");
    }

    // With threads

    private static void until(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void an_attempt_that_ignores_its_interrupt_is_given_up_and_keeps_its_place_until_it_ends() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Bulkhead one = Bulkhead.builder("h").permits(1).build();
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.none())
                .bulkhead(one)
                .attemptTimeout(Duration.ofMillis(500))
                .build()) {
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(() -> all.run(READ, () -> Stubborn.await(end)))
                    .withMessageContaining("attemptTimeout")
                    .satisfies(e -> assertThat(e.limit()).isEqualTo(Duration.ofMillis(500)));
            assertThat(all.abandoned()).isEqualTo(1);
            assertThat(one.available()).isZero();
            assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
            end.countDown();
            until(() -> one.available() == 1);
            until(() -> all.abandoned() == 0);
        }
    }

    @Test
    void a_retry_after_an_abandoned_attempt_needs_another_place() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Bulkhead two = Bulkhead.builder("h").permits(2).build();
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.builder().maxAttempts(5).backoff(Backoff.none()).build())
                .withoutBudget()
                .bulkhead(two)
                .attemptTimeout(Duration.ofMillis(500))
                .build()) {
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(() -> all.run(READ, () -> {
                        calls.incrementAndGet();
                        Stubborn.await(end);
                    }));
            assertThat(calls).hasValue(2);
            assertThat(two.available()).isZero();
            end.countDown();
            until(() -> two.available() == 2);
        }
    }

    @Test
    void an_attempt_that_answers_to_interrupts_is_interrupted_once_and_its_thread_is_clean() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.none())
                .attemptTimeout(Duration.ofMillis(500))
                .maxThreads(1)
                .build()) {
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(() -> all.run(READ, () -> {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                    }));
            until(() -> interrupted.getCount() == 0 && all.abandoned() == 0);
            assertThat(nextResult(all)).isEqualTo(false);
        }
    }

    private static Object nextResult(Resilience all) {
        while (true) {
            try {
                return all.call(READ, () -> Thread.currentThread().isInterrupted());
            } catch (CallRejectedException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void a_deadline_shorter_than_the_timeout_speaks_against_nobody() throws Exception {
        CircuitBreaker own =
                CircuitBreaker.builder("b").countWindow(1).minimumCalls(1).build();
        CountDownLatch end = new CountDownLatch(1);
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.none())
                .breaker(own)
                .attemptTimeout(Duration.ofSeconds(50))
                .build()) {
            assertThatExceptionOfType(CallTimeoutException.class)
                    .isThrownBy(() -> all.call(READ, Duration.ofMillis(500), () -> {
                        end.await();
                        return 1;
                    }))
                    .withMessageContaining("deadline");
            assertThat(own.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    @Test
    void what_the_call_throws_on_another_thread_comes_out_as_it_is() throws Exception {
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.none())
                .attemptTimeout(Duration.ofSeconds(50))
                .build()) {
            IOException failure = new IOException();
            assertThatThrownBy(() -> all.call(READ, new Script(failure))).isSameAs(failure);
            java.util.concurrent.CompletionException wrapped = new java.util.concurrent.CompletionException(failure);
            assertThatThrownBy(() -> all.call(READ, new Script(wrapped))).isSameAs(wrapped);
            assertThat(all.<Object, Exception>call(READ, () -> null)).isNull();
        }
    }

    @Test
    void an_interrupt_of_the_watching_thread_cancels_the_attempt() throws Exception {
        Thread caller = Thread.currentThread();
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Resilience all =
                Resilience.builder("x").attemptTimeout(Duration.ofSeconds(50)).build()) {
            assertThatExceptionOfType(CallInterruptedException.class)
                    .isThrownBy(() -> all.run(READ, () -> {
                        caller.interrupt();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            cancelled.countDown();
                        }
                    }));
            assertThat(Thread.interrupted()).isTrue();
            until(() -> cancelled.getCount() == 0 && all.abandoned() == 0);
        }
    }

    @Test
    void without_a_thread_the_call_is_refused_and_nothing_leaks() throws Exception {
        try (Resilience all = builder.bulkhead(bulkhead)
                .breaker(breaker)
                .policy(Policy.none())
                .attemptTimeout(Duration.ofSeconds(1))
                .executor(task -> {
                    throw new RejectedExecutionException();
                })
                .build(time, false)) {
            for (int i = 0; i < 10; i++) {
                assertThat(rejection(() -> all.call(READ, () -> 1)))
                        .isEqualTo(CallRejectedException.Reason.NO_CAPACITY);
            }
            assertThat(bulkhead.available()).isEqualTo(2);
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    @Test
    void an_answer_that_comes_while_it_is_looked_for_is_no_failure() {
        try (Resilience all = Resilience.builder("x")
                .policy(Policy.none())
                .attemptTimeout(Duration.ofMinutes(1))
                .build()) {
            for (int i = 0; i < 20_000; i++) {
                assertThat(all.<String, RuntimeException>call(READ, () -> "good"))
                        .isEqualTo("good");
            }
        }
    }

    @Test
    void a_hedge_answers_for_a_slow_attempt_which_is_cancelled() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Resilience all = Resilience.builder("x")
                .bulkhead(bulkhead)
                .hedging(Hedging.builder().minSamples(10).build())
                .build()) {
            for (int i = 0; i < 20; i++) {
                all.call(READ, () -> 1);
            }
            AtomicInteger attempts = new AtomicInteger();
            String result = all.call(READ, () -> {
                if (attempts.incrementAndGet() == 1) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        cancelled.countDown();
                        throw e;
                    }
                }
                return "hedge";
            });
            assertThat(result).isEqualTo("hedge");
            assertThat(all.hedges()).isPositive();
            until(() -> cancelled.getCount() == 0);
            until(() -> bulkhead.available() == 2);
            until(() -> all.abandoned() == 0);
        }
    }

    @Test
    void what_is_not_idempotent_or_not_yet_measured_is_not_hedged() throws Exception {
        try (Resilience all = Resilience.builder("x")
                .hedging(Hedging.builder().minSamples(10).build())
                .build()) {
            for (int i = 0; i < 20; i++) {
                all.call(Operation.of("write"), () -> 1);
            }
            AtomicInteger attempts = new AtomicInteger();
            all.call(Operation.of("write"), () -> {
                LockSupport.parkNanos(20_000_000);
                return attempts.incrementAndGet();
            });
            assertThat(attempts).hasValue(1);
            assertThat(all.hedges()).isZero();
        }
    }

    @Test
    void hedges_keep_to_their_budget() throws Exception {
        try (Resilience all = Resilience.builder("x")
                .hedging(Hedging.builder()
                        .minSamples(1)
                        .budget(RetryBudget.builder()
                                .maxSaved(2)
                                .ratio(0)
                                .perSecond(0)
                                .build())
                        .build())
                .build()) {
            Hedges hedges = all.hedges;
            assertThat(hedges).isNotNull();
            // The times of the calls below would make the next ones usual.
            for (int i = 0; i < RecentTimes.HALF; i++) {
                hedges.attemptSucceeded(1);
            }
            for (int i = 0; i < 10; i++) {
                all.call(READ, () -> {
                    LockSupport.parkNanos(20_000_000);
                    return 1;
                });
            }
            assertThat(all.hedges()).isEqualTo(2);
        }
    }

    @Test
    void quantiles_are_within_a_quarter() throws Exception {
        RecentTimes times = new RecentTimes();
        assertThat(times.quantile(0.5, 1)).isEqualTo(-1);
        for (int i = 1; i <= 1_000; i++) {
            times.add(i * 1_000_000L);
        }
        assertThat(times.quantile(0.95, 1_000)).isBetween(950_000_000L, 1_190_000_000L);
        assertThat(times.quantile(0.5, 1_000)).isBetween(500_000_000L, 630_000_000L);
        for (int i = 0; i < 2_000; i++) {
            times.add(1_000);
        }
        assertThat(times.quantile(0.99, 1)).isBetween(1_000L, 1_250L);
        for (long nanos : new long[] {0, 1, 4, 5, 1_000_000, Long.MAX_VALUE / 2}) {
            assertThat(RecentTimes.end(RecentTimes.bucket(nanos))).isGreaterThan(nanos);
        }
    }
}
