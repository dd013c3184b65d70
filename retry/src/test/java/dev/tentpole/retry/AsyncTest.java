package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AsyncTest {

    private static final Operation READ = Operation.idempotent("orders.read");

    private final FakeTime time = new FakeTime();
    private final Journal journal = new Journal();
    private final Retryer.Builder builder = Retryer.builder()
            .withoutBudget()
            .defaultPolicy(Policy.builder()
                    .backoff(Backoff.fixed(Duration.ofMillis(100)))
                    .build())
            .executor(Runnable::run)
            .listener(journal);

    @Test
    void a_call_that_succeeds_starts_no_timer() {
        Retryer retryer = builder.build(time, false);
        assertThat(retryer.callAsync(READ, () -> 1)).isCompletedWithValue(1);
        assertThat(retryer.runAsync(READ, () -> {})).isCompletedWithValue(null);
        assertThat(time.openTimers()).isZero();
        assertThat(retryer.engine().state(READ).succeeded()).isEqualTo(2);
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void retries_are_scheduled_and_no_thread_waits() {
        Retryer retryer = builder.build(time, false);
        Script script = new Script(new IOException("1"), new IOException("2"), "a");
        CompletableFuture<Object> future = retryer.callAsync(READ, script);
        assertThat(future).isNotDone();
        assertThat(time.scheduled()).isEqualTo(1);
        time.pass(Duration.ofMillis(99));
        assertThat(script.calls()).isEqualTo(1);
        time.pass(Duration.ofMillis(1));
        assertThat(script.calls()).isEqualTo(2);
        time.pass(Duration.ofMillis(100));
        assertThat(future).isCompletedWithValue("a");
        assertThat(time.waited()).isZero();
        assertThat(journal.lines).hasSize(3);
        OperationState state = retryer.engine().state(READ);
        assertThat(List.of(state.succeeded(), state.attempts(), state.retries()))
                .containsExactly(1L, 3L, 2L);
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void the_last_failure_is_the_futures_and_not_wrapped() {
        Retryer retryer = builder.build(time, false);
        IOException first = new IOException("1");
        IOException last = new IOException("3");
        CompletableFuture<Object> future = retryer.callAsync(READ, new Script(first, new IOException("2"), last));
        time.pass(Duration.ofMillis(200));
        assertThatThrownBy(future::get).cause().isSameAs(last).hasSuppressedException(first);
        assertThat(retryer.engine().state(READ).exhausted()).isEqualTo(1);
    }

    @Test
    void stages_are_started_again() {
        Retryer retryer = builder.build(time, false);
        List<CompletableFuture<String>> stages = new ArrayList<>();
        CompletableFuture<String> future = retryer.stageAsync(READ, () -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
        assertThat(stages).hasSize(1);
        stages.get(0).completeExceptionally(new IOException());
        time.pass(Duration.ofMillis(100));
        assertThat(stages).hasSize(2);
        assertThat(future).isNotDone();
        stages.get(1).complete("a");
        assertThat(future).isCompletedWithValue("a");
    }

    @Test
    void a_supplier_that_throws_or_returns_null_fails_the_call() {
        Retryer retryer = builder.build(time, false);
        assertThat(retryer.stageAsync(READ, () -> null)).isCompletedExceptionally();
        assertThat(retryer.<String>stageAsync(READ, () -> {
                    throw new IllegalArgumentException();
                }))
                .isCompletedExceptionally();
    }

    @Test
    void cancelling_ends_the_wait_and_starts_nothing() {
        RetryBudget budget = RetryBudget.builder().perSecond(0).build();
        Retryer retryer = builder.budget(budget).build(time, false);
        Script script = new Script(new IOException());
        CompletableFuture<Object> future = retryer.callAsync(READ, script);
        assertThat(budget.available()).isEqualTo(9);
        assertThat(future.cancel(true)).isTrue();
        assertThat(budget.available()).isEqualTo(10);
        assertThat(budget.spent()).as("what was paid for and did not start").isZero();
        time.pass(Duration.ofSeconds(10));
        assertThat(script.calls()).isEqualTo(1);
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThat(time.scheduled()).isZero();
        assertThat(retryer.asyncCalls().count()).isZero();
        assertThat(retryer.engine().state(READ).failed(FailureKind.CANCELLED)).isEqualTo(1);
    }

    @Test
    void cancelling_interrupts_the_attempt_and_cancels_the_stage() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Retryer retryer = Retryer.builder().build()) {
            CompletableFuture<Void> future = retryer.runAsync(READ, () -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            started.await();
            future.cancel(false);
            interrupted.await();
            CompletableFuture<String> stage = new CompletableFuture<>();
            retryer.stageAsync(READ, () -> stage).cancel(true);
            assertThat(stage).isCancelled();
        }
    }

    @Test
    void closing_ends_waits_with_the_last_failure() {
        Retryer retryer = builder.build(time, false);
        IOException failure = new IOException();
        CompletableFuture<Object> waiting = retryer.callAsync(READ, new Script(failure));
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture<String> underWay = retryer.stageAsync(READ, () -> stage);
        retryer.close();
        assertThatThrownBy(waiting::get).cause().isSameAs(failure);
        assertThat(underWay).isNotDone();
        stage.completeExceptionally(failure);
        assertThatThrownBy(underWay::get).cause().isSameAs(failure);
        assertThatThrownBy(retryer.callAsync(READ, () -> 1)::get).cause().isInstanceOf(CallRejectedException.class);
        assertThat(time.openTimers()).isZero();
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void an_executor_that_refuses_fails_the_call_also_for_retries() {
        AtomicBoolean refuse = new AtomicBoolean(true);
        Retryer retryer = builder.executor(task -> {
                    if (refuse.get()) {
                        throw new RejectedExecutionException();
                    }
                    task.run();
                })
                .build(time, false);
        CompletableFuture<Object> first = retryer.callAsync(READ, () -> 1);
        time.pass(Duration.ofSeconds(1));
        assertThatThrownBy(first::get).cause().isInstanceOf(RejectedExecutionException.class);
        refuse.set(false);
        IOException failure = new IOException();
        CompletableFuture<Object> second = retryer.callAsync(READ, new Script(failure));
        refuse.set(true);
        time.pass(Duration.ofSeconds(1));
        assertThatThrownBy(second::get).cause().isSameAs(failure);
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void calls_under_way_are_bounded() {
        Retryer retryer = builder.maxAsyncCalls(1).build(time, false);
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture<String> one = retryer.stageAsync(READ, () -> stage);
        assertThatThrownBy(retryer.callAsync(READ, () -> 1)::get)
                .cause()
                .isInstanceOf(CallRejectedException.class)
                .hasMessageContaining("maxAsyncCalls");
        stage.complete("a");
        assertThat(one).isCompletedWithValue("a");
        assertThat(retryer.callAsync(READ, () -> 1)).isCompletedWithValue(1);
    }

    @Test
    void without_a_backoff_retries_go_to_the_executor_and_do_not_nest() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Retryer retryer = builder.executor(tasks::add)
                .defaultPolicy(Policy.builder()
                        .maxAttempts(100)
                        .backoff(Backoff.none())
                        .build())
                .build(time, false);
        Script script = new Script(new IOException());
        CompletableFuture<Object> future = retryer.callAsync(READ, script);
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
        assertThat(script.calls()).isEqualTo(100);
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void its_threads_end_with_it() {
        Retryer retryer = Retryer.builder()
                .defaultPolicy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .build();
        assertThat(retryer.callAsync(READ, new Script(new IOException(), "a")).join())
                .isEqualTo("a");
        retryer.close();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("tentpole-retry"))) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
