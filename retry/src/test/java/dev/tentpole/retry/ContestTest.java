package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts and hedges on an executor that runs them when the test says so. */
@Timeout(60)
final class ContestTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation WRITE = Operation.of("orders.write");

    private final FakeTime time = new FakeTime();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private Executor executor = Runnable::run;
    private final CircuitBreaker breaker =
            CircuitBreaker.builder("b").countWindow(1).minimumCalls(1).build(time);
    private final Resilience.Builder builder = Resilience.builder("orders")
            .policy(Policy.builder()
                    .maxAttempts(3)
                    .backoff(Backoff.fixed(Duration.ofMillis(10)))
                    .build())
            .withoutBudget()
            .breaker(breaker)
            .executor(task -> executor.execute(task));

    @Test
    void an_attempt_that_never_began_says_nothing_about_the_backend_and_did_nothing() {
        executor = tasks::add;
        Resilience all = builder.attemptTimeout(Duration.ofSeconds(1)).build(time, false);
        Script script = new Script("a");
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> all.call(WRITE, script))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.NO_CAPACITY));
        assertThat(tasks)
                .as("nothing was done, so that it could be tried again")
                .hasSize(3);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        tasks.forEach(Runnable::run);
        assertThat(script.calls()).isZero();
        assertThat(all.abandoned()).isZero();
    }

    @Test
    void a_call_that_ran_ends_with_its_own_failure_though_a_retry_found_no_thread() {
        IOException failure = new IOException();
        Script script = new Script(failure);
        int[] runs = new int[1];
        executor = task -> {
            if (runs[0]++ > 0) {
                throw new RejectedExecutionException();
            }
            task.run();
        };
        Resilience all = Resilience.builder("orders")
                .policy(Policy.builder().backoff(Backoff.none()).build())
                .executor(task -> executor.execute(task))
                .attemptTimeout(Duration.ofSeconds(1))
                .build(time, false);
        assertThatThrownBy(() -> all.call(READ, script))
                .isSameAs(failure)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .hasOnlyElementsOfType(CallRejectedException.class)
                        .hasSize(2));
        assertThat(runs[0]).isEqualTo(3);
    }

    @Test
    void an_attempt_that_was_not_made_costs_no_permit_of_the_rate_limit() {
        executor = task -> {
            throw new RejectedExecutionException();
        };
        RateLimiter limiter = RateLimiter.builder("l")
                .permits(10, Duration.ofDays(1))
                .precise(true)
                .build(time);
        Resilience all = builder.policy(Policy.none())
                .rateLimit(limiter, Duration.ZERO)
                .attemptTimeout(Duration.ofSeconds(1))
                .build(time, false);
        assertThat(catchThrowable(() -> all.call(READ, () -> 1))).isInstanceOf(CallRejectedException.class);
        assertThat(limiter.available()).isEqualTo(10);
    }

    @Test
    void a_thread_that_is_interrupted_already_makes_no_call_elsewhere() {
        Resilience all = builder.attemptTimeout(Duration.ofSeconds(1)).build(time, false);
        Script script = new Script("a");
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> all.call(WRITE, script));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(CallInterruptedException.class);
        assertThat(script.calls()).isZero();
    }

    // Results that are tried again

    /** A backend of one connection, which an answer holds until it is let go; the first answer stands for a failure. */
    private static final class Connection implements CheckedSupplier<String, IOException> {

        private final List<Object> discarded = new ArrayList<>();
        private int free = 1;
        private int calls;
        private final Policy policy = Policy.builder()
                .backoff(Backoff.none())
                .classifier(Classifier.onResult(
                                String.class,
                                answer -> answer.equals("503")
                                        ? Optional.of(Failure.of(FailureKind.OVERLOADED))
                                        : Optional.empty())
                        .orElse(Classifiers.standard()))
                .onDiscard(answer -> {
                    discarded.add(answer);
                    free++;
                })
                .build();

        @Override
        public String get() throws IOException {
            calls++;
            if (free == 0) {
                throw new IOException("no connection");
            }
            free--;
            return calls == 1 ? "503" : "200";
        }
    }

    private Resilience.Builder over(Connection connection) {
        return Resilience.builder("orders")
                .policy(connection.policy)
                .executor(task -> executor.execute(task))
                .attemptTimeout(Duration.ofSeconds(1));
    }

    @Test
    void a_result_that_is_tried_again_is_let_go_and_its_retry_counted_before_the_next_attempt_begins()
            throws IOException {
        Connection connection = new Connection();
        RetryBudget budget = RetryBudget.builder().build(time.clock());
        Resilience all = over(connection).budget(budget).build(time, false);
        OperationState state = all.engine().state(READ);
        String answer = all.call(READ, () -> {
            assertThat(state.retries()).isEqualTo(connection.calls);
            assertThat(budget.spent()).isEqualTo(connection.calls);
            return connection.get();
        });
        assertThat(answer).isEqualTo("200");
        assertThat(connection.calls).isEqualTo(2);
        assertThat(connection.discarded).containsExactly("503");
        assertThat(state.retries()).isEqualTo(1);
    }

    @Test
    void a_result_is_what_the_call_ends_with_if_its_retry_found_no_thread() throws IOException {
        Executor refusing = task -> {
            throw new RejectedExecutionException();
        };
        for (Executor later : List.of(refusing, (Executor) tasks::add)) {
            Connection connection = new Connection();
            executor = Runnable::run;
            Resilience all = over(connection).build(time, false);
            String answer = all.call(READ, () -> {
                executor = later;
                return connection.get();
            });
            assertThat(answer).isEqualTo("503");
            assertThat(connection.discarded).isEmpty();
            assertThat(all.engine().state(READ).retries()).isZero();
            tasks.forEach(Runnable::run);
            assertThat(connection.calls).isEqualTo(1);
        }
    }

    @Test
    void a_result_whose_retry_is_interrupted_before_it_begins_is_let_go() {
        Connection connection = new Connection();
        Resilience all = over(connection).build(time, false);
        time.duringNextWait(Thread.currentThread()::interrupt);
        assertThatExceptionOfType(CallInterruptedException.class)
                .isThrownBy(() -> all.call(READ, () -> {
                    executor = tasks::add;
                    return connection.get();
                }));
        assertThat(Thread.interrupted()).isTrue();
        tasks.forEach(Runnable::run);
        assertThat(connection.calls).isEqualTo(1);
        assertThat(connection.discarded).containsExactly("503");
    }

    @Test
    void what_an_executor_throws_after_it_has_made_the_call_is_no_refusal() throws Exception {
        Script script = new Script("done");
        executor = task -> {
            task.run();
            throw new RejectedExecutionException();
        };
        Resilience all = builder.attemptTimeout(Duration.ofSeconds(1)).build(time, false);
        assertThat(all.call(WRITE, script)).isEqualTo("done");
        assertThat(script.calls()).isEqualTo(1);
    }

    // Hedges

    private Resilience hedged(RetryBudget budget, RateLimiter limiter, ContextCarrier carrier) {
        Resilience all = builder.policy(Policy.none())
                .rateLimit(limiter, Duration.ZERO)
                .context(carrier)
                .hedging(Hedging.builder().minSamples(1).budget(budget).build())
                .build(time, false);
        all.call(READ, () -> 1);
        return all;
    }

    private RateLimiter limiter() {
        return RateLimiter.builder("l").permits(100, Duration.ofDays(1)).build(time);
    }

    private static RetryBudget.Builder saved(int hedges) {
        return RetryBudget.builder().maxSaved(hedges).ratio(0).perSecond(0);
    }

    @Test
    void a_hedge_that_its_budget_refuses_costs_nothing() {
        RateLimiter limiter = limiter();
        Resilience all = hedged(saved(0).build(time.clock()), limiter, ContextCarrier.none());
        long before = limiter.available();
        executor = tasks::add;
        time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
        assertThat(before - limiter.available()).isEqualTo(1);
        assertThat(tasks).isEmpty();
    }

    @Test
    void whatever_keeps_a_hedge_from_starting_harms_nobody_and_costs_nothing() {
        List<RuntimeException> obstacles = List.of(new RejectedExecutionException(), new IllegalStateException());
        for (RuntimeException obstacle : obstacles) {
            RateLimiter limiter = limiter();
            RetryBudget budget = saved(5).build(time.clock());
            executor = Runnable::run;
            Resilience all = hedged(budget, limiter, ContextCarrier.none());
            long before = limiter.available();
            executor = task -> {
                if (!tasks.isEmpty()) {
                    throw obstacle;
                }
                tasks.add(task);
            };
            time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
            time.duringNextWait(() -> tasks.remove().run());
            assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
            assertThat(before - limiter.available()).isEqualTo(1);
            assertThat(budget.available()).isEqualTo(5);
            assertThat(all.hedges()).isZero();
        }
    }

    @Test
    void a_carrier_that_fails_for_a_hedge_leaves_the_attempt_alone() {
        boolean[] wrong = new boolean[1];
        Resilience all = hedged(saved(5).build(time.clock()), limiter(), task -> {
            if (wrong[0] && !tasks.isEmpty()) {
                throw new IllegalStateException("carrier");
            }
            return task;
        });
        wrong[0] = true;
        executor = tasks::add;
        time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.<Integer, RuntimeException>call(READ, () -> 1)).isEqualTo(1);
    }

    @Test
    void what_a_hedge_threw_is_kept_with_the_failure_of_its_attempt() {
        Resilience all = hedged(saved(5).build(time.clock()), limiter(), ContextCarrier.none());
        executor = tasks::add;
        IOException ofHedge = new IOException("hedge");
        IOException ofFirst = new IOException("first");
        time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
        time.duringNextWait(() -> tasks.removeLast().run());
        time.duringNextWait(() -> tasks.remove().run());
        assertThatThrownBy(() -> all.call(READ, new Script(ofHedge, ofFirst)))
                .isSameAs(ofFirst)
                .hasSuppressedException(ofHedge);
        assertThat(all.hedges()).isEqualTo(1);
    }

    // Results that nobody gets

    @Test
    void an_answer_that_comes_too_late_is_let_go() throws Exception {
        List<Object> discarded = new ArrayList<>();
        Policy policy = Policy.none().toBuilder().onDiscard(discarded::add).build();
        Resilience all =
                builder.policy(policy).attemptTimeout(Duration.ofSeconds(1)).build(time, false);
        Thread other = new Thread(() -> tasks.remove().run());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        executor = task -> {
            tasks.add(task);
            other.start();
            Stubborn.await(begun);
        };
        assertThatExceptionOfType(CallTimeoutException.class)
                .isThrownBy(() -> all.call(READ, () -> {
                    begun.countDown();
                    Stubborn.await(end);
                    return "late";
                }));
        end.countDown();
        other.join();
        assertThat(discarded).containsExactly("late");
    }

    @Test
    void of_two_answers_the_one_that_is_not_taken_is_let_go() {
        List<Object> discarded = new ArrayList<>();
        Resilience all = builder.policy(
                        Policy.none().toBuilder().onDiscard(discarded::add).build())
                .hedging(Hedging.builder().minSamples(1).build())
                .build(time, false);
        all.call(READ, () -> 1);
        executor = tasks::add;
        time.duringNextWait(() -> time.pass(Duration.ofSeconds(1)));
        time.duringNextWait(() -> {
            tasks.remove().run();
            tasks.remove().run();
        });
        int[] calls = new int[1];
        assertThat(all.<String, RuntimeException>call(READ, () -> "answer " + ++calls[0]))
                .isEqualTo("answer 1");
        assertThat(discarded).containsExactly("answer 2");
    }
}
