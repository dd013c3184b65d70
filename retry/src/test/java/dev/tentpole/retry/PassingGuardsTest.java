package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls may cost and say on their way through breaker, rate limit and bulkhead, when there is a wait or a refusal. */
@Timeout(60)
final class PassingGuardsTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation WRITE = Operation.of("orders.write");
    private static final Policy AT_ONCE =
            Policy.builder().backoff(Backoff.none()).build();

    private final FakeTime time = new FakeTime();
    private final Journal journal = new Journal();
    private final Resilience.Builder builder =
            Resilience.builder("orders").policy(AT_ONCE).withoutBudget().listener(journal);

    private RateLimiter limiter(int permits, Duration period, int burst) {
        return RateLimiter.builder("l")
                .permits(permits, period)
                .burst(burst)
                .precise(true)
                .build(time);
    }

    private Bulkhead bulkhead(Duration maxWait) {
        return Bulkhead.builder("h").permits(1).maxWait(maxWait).build(time);
    }

    private static CallRejectedException.Reason rejection(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(CallRejectedException.class);
        return ((CallRejectedException) thrown).reason();
    }

    // Deadlines

    @Test
    void both_waits_together_end_with_the_deadline() {
        RateLimiter limiter = limiter(1, Duration.ofMillis(900), 1);
        Bulkhead bulkhead = bulkhead(Duration.ofSeconds(10));
        Resilience all = builder.rateLimit(limiter, Duration.ofSeconds(10))
                .bulkhead(bulkhead)
                .build(time, false);
        limiter.tryAcquire();
        bulkhead.acquire();
        Script script = new Script("a");
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> all.call(WRITE, Duration.ofSeconds(1), script));
        assertThat(time.waited()).isEqualTo(Duration.ofSeconds(1));
        assertThat(script.calls()).isZero();
    }

    @Test
    void a_call_whose_wait_has_used_its_time_up_is_not_made_and_leaves_nothing_behind() {
        Bulkhead bulkhead = bulkhead(Duration.ofSeconds(10));
        RateLimiter limiter = limiter(1, Duration.ofDays(1), 1);
        Resilience all =
                builder.rateLimit(limiter, Duration.ZERO).bulkhead(bulkhead).build(time, false);
        Bulkhead.Permit taken = bulkhead.acquire();
        time.duringNextWait(() -> {
            time.pass(Duration.ofSeconds(1));
            taken.close();
        });
        Script script = new Script("a");
        assertThat(rejection(() -> all.call(WRITE, Duration.ofSeconds(1), script)))
                .isEqualTo(CallRejectedException.Reason.DEADLINE);
        assertThat(script.calls()).isZero();
        assertThat(bulkhead.available()).isEqualTo(1);
        assertThat(limiter.available()).isEqualTo(1);
    }

    @Test
    void no_retry_waits_for_the_rate_limit_until_after_max_elapsed_or_min_attempt_time() {
        for (Duration maxElapsed : List.of(Duration.ofMillis(200), Duration.ofSeconds(10))) {
            RateLimiter limiter = limiter(1, Duration.ofSeconds(1), 1);
            Resilience all = Resilience.builder("orders")
                    .policy(AT_ONCE.toBuilder()
                            .maxElapsed(maxElapsed)
                            .minAttemptTime(Duration.ofMillis(800))
                            .build())
                    .withoutBudget()
                    .rateLimit(limiter, Duration.ofSeconds(10))
                    .build(time, false);
            Script script = new Script(new IOException());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> all.call(READ, Duration.ofMillis(1_200), script));
            assertThat(script.calls()).isEqualTo(1);
            assertThat(time.waited()).isZero();
        }
    }

    @Test
    void a_wait_that_took_longer_than_it_should_starts_no_retry_after_the_deadline() {
        Resilience all = builder.policy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(100)))
                        .build())
                .build(time, false);
        time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
        Script script = new Script(new IOException());
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> all.call(READ, Duration.ofMillis(500), script));
        assertThat(script.calls()).isEqualTo(1);
    }

    // What is given back

    @Test
    void calls_that_the_bulkhead_refuses_cost_no_permit_of_the_rate_limit() throws Exception {
        RateLimiter limiter = limiter(100, Duration.ofDays(1), 100);
        Bulkhead bulkhead = bulkhead(Duration.ZERO);
        Resilience all =
                builder.rateLimit(limiter, Duration.ZERO).bulkhead(bulkhead).build(time, false);
        Bulkhead.Permit taken = bulkhead.acquire();
        for (int i = 0; i < 100; i++) {
            assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
        }
        taken.close();
        assertThat(limiter.available()).isEqualTo(100);
        assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
    }

    @Test
    void a_permit_that_may_have_been_refilled_is_not_given_back() {
        RateLimiter limiter = limiter(1, Duration.ofSeconds(1), 1);
        Bulkhead bulkhead = bulkhead(Duration.ofSeconds(5));
        Resilience all =
                builder.rateLimit(limiter, Duration.ZERO).bulkhead(bulkhead).build(time, false);
        bulkhead.acquire();
        time.duringNextWait(() -> {
            time.pass(Duration.ofSeconds(2));
            assertThat(limiter.tryAcquire()).isTrue();
            time.pass(Duration.ofSeconds(3));
        });
        time.duringNextWait(() -> {});
        assertThat(rejection(() -> all.call(READ, () -> 1))).isEqualTo(CallRejectedException.Reason.BULKHEAD_FULL);
        assertThat(limiter.tryAcquire()).isTrue();
        assertThat(limiter.tryAcquire()).isFalse();
    }

    // The breaker

    @Test
    void who_waited_does_not_pass_a_breaker_that_opened_meanwhile() {
        CircuitBreaker breaker = CircuitBreaker.builder("b").build(time);
        Bulkhead bulkhead = bulkhead(Duration.ofSeconds(10));
        RateLimiter limiter = limiter(10, Duration.ofDays(1), 10);
        Resilience all = builder.breaker(breaker)
                .rateLimit(limiter, Duration.ZERO)
                .bulkhead(bulkhead)
                .build(time, false);
        Bulkhead.Permit taken = bulkhead.acquire();
        time.duringNextWait(() -> {
            breaker.forceOpen();
            taken.close();
        });
        Script script = new Script("a");
        assertThat(rejection(() -> all.call(READ, script))).isEqualTo(CallRejectedException.Reason.BREAKER_OPEN);
        assertThat(script.calls()).isZero();
        assertThat(bulkhead.available()).isEqualTo(1);
        assertThat(limiter.available()).isEqualTo(10);
    }

    @Test
    void a_probe_that_waits_for_its_turn_has_not_begun_and_is_not_lost() throws Exception {
        CircuitBreaker breaker = CircuitBreaker.builder("b")
                .countWindow(1)
                .minimumCalls(1)
                .probes(1)
                .openJitter(0)
                .probeTimeout(Duration.ofMillis(100))
                .build(time);
        Bulkhead bulkhead = bulkhead(Duration.ofSeconds(10));
        Resilience all = builder.policy(Policy.none())
                .breaker(breaker)
                .bulkhead(bulkhead)
                .build(time, false);
        catchThrowable(() -> all.call(READ, new Script(new IOException())));
        time.pass(Duration.ofSeconds(5));
        Bulkhead.Permit taken = bulkhead.acquire();
        time.duringNextWait(() -> {
            time.pass(Duration.ofSeconds(1));
            BreakerPhase probe = breaker.acquire();
            assertThat(probe).isNotNull();
            assertThat(breaker.lostProbes()).isZero();
            taken.close();
        });
        Script script = new Script("a");
        assertThat(rejection(() -> all.call(READ, script))).isEqualTo(CallRejectedException.Reason.BREAKER_OPEN);
        assertThat(script.calls()).isZero();
    }

    @Test
    void calls_that_their_callers_time_cuts_off_are_slow_and_have_not_failed() {
        CircuitBreaker slow = CircuitBreaker.builder("s")
                .countWindow(4)
                .minimumCalls(4)
                .slowCalls(Duration.ofMillis(50), 1)
                .build(time);
        Resilience all = Resilience.builder("hangs")
                .policy(Policy.none())
                .breaker(slow)
                .attemptTimeout(Duration.ofDays(1))
                .executor(task -> new Thread(task).start())
                .build(time, false);
        for (Duration within : List.of(Duration.ofMillis(49), Duration.ofMillis(50))) {
            for (int i = 0; i < 4; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                time.duringNextWait(() -> Stubborn.await(begun));
                assertThatExceptionOfType(CallTimeoutException.class)
                        .isThrownBy(() -> all.call(READ, within, () -> {
                            begun.countDown();
                            new CountDownLatch(1).await();
                            return 1;
                        }));
            }
            assertThat(slow.state())
                    .isEqualTo(within.toMillis() < 50 ? CircuitBreaker.State.CLOSED : CircuitBreaker.State.OPEN);
        }
    }

    @Test
    void the_time_in_our_own_lines_is_no_slowness_of_the_backend() throws Exception {
        CircuitBreaker breaker = CircuitBreaker.builder("b")
                .minimumCalls(1)
                .slowCalls(Duration.ofMillis(50), 0.5)
                .build(time);
        RateLimiter limiter = limiter(10, Duration.ofSeconds(1), 1);
        Resilience all = builder.policy(Policy.none())
                .breaker(breaker)
                .rateLimit(limiter, Duration.ofSeconds(10))
                .build(time, false);
        for (int i = 0; i < 10; i++) {
            all.call(READ, () -> 1);
        }
        assertThat(time.waited()).isEqualTo(Duration.ofMillis(900));
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        catchThrowable(() -> all.call(READ, new Script(new IOException())));
        assertThat(journal.attempts.get(0).duration()).isZero();
    }

    @Test
    void a_timeout_of_something_inside_speaks_against_the_backend_like_any_other() {
        CircuitBreaker breaker = CircuitBreaker.builder("b").build(time);
        Resilience all = builder.policy(Policy.none()).breaker(breaker).build(time, false);
        for (Exception thrown : List.of(
                new CallTimeoutException("inner", Duration.ofMillis(20), "x"),
                new CallRejectedException("inner", CallRejectedException.Reason.BREAKER_OPEN, "x"),
                new SocketTimeoutException())) {
            breaker.automatic();
            catchThrowable(() -> all.call(READ, new Script(thrown)));
            assertThat(breaker.failureRate()).as(thrown.toString()).isEqualTo(1);
        }
    }

    // Closing

    @Test
    void a_wait_that_is_closed_ends_as_closed_and_asks_no_fallback() {
        List<Runnable> closings = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Bulkhead bulkhead = bulkhead(Duration.ofSeconds(5));
            RateLimiter limiter = limiter(1, Duration.ofSeconds(1), 1);
            Resilience.Builder guards = Resilience.builder("orders").policy(Policy.none());
            boolean ofLimiter = i < 2;
            Resilience all = (ofLimiter ? guards.rateLimit(limiter, Duration.ofSeconds(5)) : guards.bulkhead(bulkhead))
                    .build(time, false);
            limiter.tryAcquire();
            bulkhead.acquire();
            closings.add(i % 2 == 0 ? all::close : ofLimiter ? limiter::close : bulkhead::close);
            time.duringNextWait(closings.get(i));
            assertThat(rejection(() -> all.call(READ, Duration.ofSeconds(30), () -> 1, failure -> 2)))
                    .as("closing %s", i)
                    .isEqualTo(CallRejectedException.Reason.CLOSED);
        }
        assertThat(time.waited()).isZero();
    }

    @Test
    void the_fallback_is_asked_when_the_policy_refuses() {
        Resilience all = builder.policy(Policy.builder().refuse("off").build()).build(time, false);
        assertThat(all.<Integer, RuntimeException>call(READ, Duration.ofSeconds(1), () -> 1, failure -> 2))
                .isEqualTo(2);
    }

    @Test
    void those_who_wait_in_a_line_that_is_closed_are_woken() throws Exception {
        for (boolean ofLimiter : new boolean[] {true, false}) {
            Bulkhead bulkhead = Bulkhead.builder("h")
                    .permits(1)
                    .maxWait(Duration.ofHours(1))
                    .build();
            RateLimiter limiter =
                    RateLimiter.builder("l").permits(1, Duration.ofHours(1)).build();
            Resilience.Builder guards = Resilience.builder("orders");
            try (Resilience all =
                    (ofLimiter ? guards.rateLimit(limiter, Duration.ofHours(1)) : guards.bulkhead(bulkhead)).build()) {
                limiter.tryAcquire();
                bulkhead.acquire();
                Thread waits = new Thread(() -> catchThrowable(() -> all.call(READ, () -> 1)));
                waits.start();
                while (limiter.waiting() + bulkhead.waiting() == 0) {
                    Thread.onSpinWait();
                }
                limiter.close();
                bulkhead.close();
                waits.join(Duration.ofSeconds(50).toMillis());
                assertThat(waits.isAlive()).isFalse();
            }
        }
    }
}
