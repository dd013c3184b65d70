package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many calls as threads are let in, and no more. */
@Timeout(60)
final class ThreadsTest {

    private static final Operation READ = Operation.idempotent("orders.read");

    @Test
    void calls_one_after_the_other_need_one_thread() throws Exception {
        try (Resilience one = Resilience.builder("one")
                .attemptTimeout(Duration.ofSeconds(30))
                .maxThreads(1)
                .build()) {
            for (int i = 0; i < 5_000; i++) {
                assertThat(one.<Integer, Exception>call(READ, () -> 1)).isEqualTo(1);
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(one.retryer().callAsync(READ, () -> 1).join()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_retry_needs_no_thread_beside_the_one_that_its_call_had() {
        int calls = 4;
        try (Retryer retryer = Retryer.builder()
                .withoutBudget()
                .maxThreads(calls)
                .defaultPolicy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .build()) {
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<Object>> all = new ArrayList<>();
                CountDownLatch together = new CountDownLatch(calls);
                for (int i = 0; i < calls; i++) {
                    AtomicInteger attempts = new AtomicInteger();
                    all.add(retryer.callAsync(READ, () -> {
                        if (attempts.incrementAndGet() == 1) {
                            together.countDown();
                            together.await();
                            throw new ConnectException();
                        }
                        return "good";
                    }));
                }
                assertThat(all).allSatisfy(call -> assertThat(call.join()).isEqualTo("good"));
            }
            assertThat(retryer.engine().state(READ).rejected()).isZero();
        }
    }

    @Test
    void more_calls_than_threads_are_refused() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Retryer retryer =
                Retryer.builder().maxThreads(2).defaultPolicy(Policy.none()).build()) {
            List<CompletableFuture<Boolean>> underWay = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                underWay.add(retryer.callAsync(READ, () -> {
                    end.await();
                    return true;
                }));
            }
            assertThatThrownBy(retryer.callAsync(READ, () -> true)::get)
                    .cause()
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("maxThreads");
            end.countDown();
            assertThat(underWay).allSatisfy(call -> assertThat(call.join()).isTrue());
            assertThat(retryer.callAsync(READ, () -> true).join()).isTrue();
        }
    }

    @Test
    void a_task_that_is_over_before_it_has_a_place_keeps_none() {
        try (Threads threads = new Threads(null, 1, task -> task)) {
            for (int i = 0; i < 3; i++) {
                Task<Integer> cancelled = task(() -> 1);
                cancelled.cancel(true);
                threads.runHere(cancelled);
            }
            Task<Integer> next = task(() -> 1);
            threads.start(next);
            assertThat(next.join()).isEqualTo(1);
        }
    }

    @Test
    void tasks_beyond_the_bound_and_refused_ones_leave_it_as_it_is() {
        try (Threads threads = new Threads(null, 1, task -> task)) {
            // A retry runs where its call did, while another call has the one place.
            threads.runHere(task(() -> {
                threads.runHere(task(() -> {
                    assertThatExceptionOfType(RejectedExecutionException.class)
                            .isThrownBy(() -> threads.start(task(() -> 1)));
                    return 1;
                }));
                return 1;
            }));
            CountDownLatch end = new CountDownLatch(1);
            Task<Integer> first = task(() -> {
                end.await();
                return 1;
            });
            threads.start(first);
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> threads.start(task(() -> 1)));
            end.countDown();
            assertThat(first.join()).isEqualTo(1);
        }
    }

    private static Task<Integer> task(CheckedSupplier<Integer, ?> call) {
        return new Task<>(call, () -> {}, result -> {});
    }

    @Test
    void tasks_wait_for_a_thread_and_none_is_forgotten() throws Exception {
        int tasks = 2_000;
        CountDownLatch ran = new CountDownLatch(tasks);
        CallThreads threads = new CallThreads(2, Duration.ofSeconds(10));
        for (int i = 0; i < tasks; i++) {
            threads.execute(ran::countDown);
        }
        threads.close();
        ran.await();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> threads.execute(ran::countDown));
    }

    // What is not made counts nowhere

    @Test
    void calls_that_find_no_thread_are_rejected_and_cost_the_backend_s_budget_nothing() {
        FakeTime time = new FakeTime();
        RetryBudget budget =
                RetryBudget.builder().ratio(0).perSecond(0).maxSaved(10).build(time.clock());
        Resilience all = Resilience.builder("orders")
                .budget(budget)
                .attemptTimeout(Duration.ofSeconds(1))
                .executor(task -> {
                    throw new RejectedExecutionException();
                })
                .build(time, false);
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> all.call(READ, () -> 1));
        }
        OperationState state = all.engine().state(READ);
        assertThat(state.rejected()).isEqualTo(5);
        assertThat(state.attempts()).isZero();
        assertThat(state.retries()).isZero();
        assertThat(state.failed(FailureKind.OVERLOADED)).isZero();
        assertThat(budget.available()).isEqualTo(10);
        assertThat(budget.spent()).isZero();
    }

    @Test
    void a_call_that_is_closed_before_its_thread_starts_is_refused_as_closed_and_asks_no_fallback() {
        Resilience[] all = new Resilience[1];
        all[0] = Resilience.builder("orders")
                .attemptTimeout(Duration.ofSeconds(1))
                .context(task -> {
                    all[0].close();
                    return task;
                })
                .build();
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> all[0].call(READ, Duration.ofSeconds(1), () -> 1, failure -> -1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.CLOSED));
    }

    @Test
    void an_asynchronous_call_that_is_closed_before_its_thread_starts_is_refused_as_closed() {
        Retryer[] retryer = new Retryer[1];
        AtomicInteger carried = new AtomicInteger();
        retryer[0] = Retryer.builder()
                .context(task -> {
                    // Once, and before the call is among those that close() ends.
                    if (carried.incrementAndGet() == 1) {
                        retryer[0].close();
                    }
                    return task;
                })
                .build();
        assertThatThrownBy(retryer[0].callAsync(READ, () -> 1)::join)
                .cause()
                .isInstanceOfSatisfying(
                        CallRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.CLOSED));
        assertThat(retryer[0].engine().state(READ).rejected()).isOne();
        assertThat(retryer[0].asyncCalls().count()).isZero();
    }

    @Test
    void an_interrupt_of_the_other_thread_is_no_interrupt_of_the_caller() {
        try (Resilience all = Resilience.builder("orders")
                .attemptTimeout(Duration.ofSeconds(30))
                .build()) {
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> all.call(READ, () -> {
                        throw new InterruptedException();
                    }));
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void an_interrupt_of_the_caller_is_kept_if_the_executor_makes_the_call_on_its_thread() {
        try (Resilience all = Resilience.builder("orders")
                .attemptTimeout(Duration.ofSeconds(30))
                .executor(Runnable::run)
                .build()) {
            CheckedSupplier<Integer, InterruptedException> interrupted = () -> {
                Thread.currentThread().interrupt();
                Thread.sleep(1);
                return 1;
            };
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> all.call(READ, interrupted));
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(all.retryer().callAsync(READ, interrupted)::join)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void no_more_threads_than_allowed_run_tasks_while_idle_ones_end() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (CallThreads threads = new CallThreads(1, Duration.ofNanos(20_000))) {
            Callable<Boolean> caller = () -> {
                for (int i = 0; i < 10_000; i++) {
                    int pause = i;
                    CountDownLatch ran = new CountDownLatch(1);
                    threads.execute(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(1_000L * (pause % 100));
                        running.decrementAndGet();
                        ran.countDown();
                    });
                    if (!ran.await(10, TimeUnit.SECONDS)) {
                        return false;
                    }
                    LockSupport.parkNanos(i % 50);
                }
                return true;
            };
            FutureTask<Boolean> other = new FutureTask<>(caller);
            new Thread(other).start();
            assertThat(caller.call()).as("none was forgotten").isTrue();
            assertThat(other.get()).as("none was forgotten").isTrue();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void what_a_task_throws_costs_no_thread_and_no_other_task() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        try (CallThreads threads = new CallThreads(1, Duration.ofSeconds(10))) {
            threads.execute(() -> {
                threads.execute(() -> {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    ran.countDown();
                });
                Thread.currentThread().interrupt();
                throw new IllegalStateException("planted");
            });
            assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
