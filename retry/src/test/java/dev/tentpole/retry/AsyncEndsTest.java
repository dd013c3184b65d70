package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However an asynchronous call ends, and whoever ends it, it ends once and leaves nothing behind. */
@Timeout(60)
final class AsyncEndsTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation WRITE = Operation.of("orders.write");

    private final FakeTime time = new FakeTime();
    private final Journal journal = new Journal();
    private Executor executor = Runnable::run;
    private final Retryer.Builder builder = Retryer.builder()
            .withoutBudget()
            .defaultPolicy(Policy.builder()
                    .backoff(Backoff.fixed(Duration.ofMillis(100)))
                    .build())
            .executor(task -> executor.execute(task))
            .listener(journal);

    @AfterEach
    void leave_no_interrupt() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private static <T> CompletionStage<T> dependent(Throwable thrown) {
        return CompletableFuture.<T>failedFuture(thrown).thenApply(value -> value);
    }

    private void assertNothingIsLeft(Retryer retryer) {
        assertThat(retryer.asyncCalls().count()).isZero();
        assertThat(time.scheduled()).isZero();
    }

    // What comes out

    @Test
    void failures_of_dependent_stages_keep_the_earlier_ones() {
        Retryer retryer = builder.build(time, false);
        List<IOException> thrown = List.of(new IOException("1"), new IOException("2"), new IOException("3"));
        AtomicInteger attempts = new AtomicInteger();
        CompletableFuture<String> future =
                retryer.stageAsync(READ, () -> dependent(thrown.get(attempts.getAndIncrement())));
        time.pass(Duration.ofSeconds(1));
        assertThatThrownBy(future::get)
                .cause()
                .isSameAs(thrown.get(2))
                .satisfies(end -> assertThat(end.getSuppressed()).containsExactly(thrown.get(0), thrown.get(1)));
    }

    @Test
    void what_the_call_throws_keeps_its_kind() {
        Retryer retryer = builder.build(time, false);
        ExecutionException thrown = new ExecutionException(new IllegalArgumentException());
        assertThatThrownBy(retryer.callAsync(READ, new Script(thrown))::get)
                .cause()
                .isSameAs(thrown);
    }

    @Test
    void all_that_futures_put_around_a_failure_is_taken_off_before_it_is_judged() {
        Retryer retryer = builder.build(time, false);
        Script script = new Script(new CompletionException(new ExecutionException(new ConnectException())));
        CompletableFuture<Object> future = retryer.callAsync(READ, script);
        time.pass(Duration.ofSeconds(1));
        assertThat(future).isCompletedExceptionally();
        assertThat(script.calls()).isEqualTo(3);
    }

    // Interrupts are of other threads

    @Test
    void a_stage_that_was_interrupted_interrupts_nobody_else() throws Exception {
        Retryer retryer = builder.build(time, false);
        CompletableFuture<String> failed = retryer.stageAsync(READ, () -> dependent(new InterruptedException()));
        assertThat(failed).isCompletedExceptionally();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture<String> future = retryer.stageAsync(READ, () -> stage);
        boolean[] interrupted = new boolean[1];
        Thread loop = new Thread(() -> {
            stage.completeExceptionally(new InterruptedException());
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        loop.start();
        loop.join();
        assertThat(interrupted[0]).isFalse();
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void an_interrupted_thread_that_brings_a_failure_does_not_end_the_call() throws Exception {
        Retryer retryer = builder.build(time, false);
        List<CompletableFuture<String>> stages = new ArrayList<>();
        CompletableFuture<String> future = retryer.stageAsync(READ, () -> {
            stages.add(new CompletableFuture<>());
            return stages.get(stages.size() - 1);
        });
        Thread loop = new Thread(() -> {
            Thread.currentThread().interrupt();
            stages.get(0).completeExceptionally(new IOException());
        });
        loop.start();
        loop.join();
        time.pass(Duration.ofMillis(100));
        stages.get(1).complete("a");
        assertThat(future).isCompletedWithValue("a");
    }

    // Futures that others end

    @Test
    void a_future_that_someone_else_completes_ends_the_call() {
        List<Consumer<CompletableFuture<Object>>> ends = List.of(
                future -> future.completeExceptionally(new CancellationException()),
                future -> future.completeExceptionally(new IOException()),
                future -> future.complete("else"),
                future -> future.cancel(true));
        for (Consumer<CompletableFuture<Object>> end : ends) {
            RetryBudget budget = RetryBudget.builder().perSecond(0).build(time.clock());
            Retryer retryer = builder.maxAsyncCalls(1).budget(budget).build(time, false);
            Script script = new Script(new IOException());
            CompletableFuture<Object> waiting = retryer.callAsync(READ, script);
            end.accept(waiting);
            assertNothingIsLeft(retryer);
            assertThat(budget.available()).isEqualTo(10);
            time.pass(Duration.ofSeconds(1));
            assertThat(script.calls()).isEqualTo(1);
            CompletableFuture<Object> stage = new CompletableFuture<>();
            CompletableFuture<Object> trying = retryer.stageAsync(READ, () -> stage);
            end.accept(trying);
            assertThat(stage).isCancelled();
            assertNothingIsLeft(retryer);
            OperationState state = retryer.engine().state(READ);
            assertThat(state.failed(FailureKind.CANCELLED)).isEqualTo(2);
            assertThat(state.attempts() - state.retries()).as("calls").isEqualTo(2);
            assertThat(retryer.callAsync(READ, () -> 1)).isCompletedWithValue(1);
        }
    }

    @Test
    void a_stage_that_is_no_future_can_t_be_cancelled_and_the_call_ends_all_the_same() {
        Retryer retryer = builder.build(time, false);
        CompletableFuture<String> future = retryer.stageAsync(READ, () -> new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> toCompletableFuture() {
                throw new UnsupportedOperationException();
            }
        });
        assertThat(future.cancel(true)).isTrue();
        assertNothingIsLeft(retryer);
    }

    @Test
    void an_answer_that_comes_after_the_call_was_cancelled_is_let_go() throws Exception {
        List<Object> discarded = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        executor = task -> {
            thread[0] = new Thread(task);
            thread[0].start();
        };
        Retryer retryer = builder.defaultPolicy(
                        Policy.builder().onDiscard(discarded::add).build())
                .build(time, false);
        CompletableFuture<String> future = retryer.callAsync(READ, () -> {
            begun.countDown();
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.onSpinWait();
                }
            }
            return "connection";
        });
        begun.await();
        future.cancel(true);
        end.countDown();
        thread[0].join();
        assertThat(discarded).containsExactly("connection");
    }

    // The executor

    @Test
    void an_executor_that_refuses_for_a_while_ends_no_call() {
        Retryer retryer = builder.build(time, false);
        Script script = new Script(new IOException(), "a");
        CompletableFuture<Object> future = retryer.callAsync(WRITE, new Script(new ConnectException(), "a"));
        CompletableFuture<Object> other = retryer.callAsync(READ, script);
        executor = task -> {
            throw new RejectedExecutionException();
        };
        time.pass(Duration.ofMillis(100));
        executor = Runnable::run;
        time.pass(Duration.ofMillis(100));
        assertThat(future).isCompletedWithValue("a");
        assertThat(other).isCompletedWithValue("a");
        assertThat(journal.lines).noneMatch(line -> line.startsWith("ended"));
    }

    @Test
    void an_executor_that_throws_anything_else_ends_the_call_and_is_not_waited_for() {
        Retryer retryer = builder.build(time, false);
        CompletableFuture<Object> future = retryer.callAsync(READ, new Script(new IOException()));
        executor = task -> {
            throw new IllegalStateException();
        };
        time.pass(Duration.ofMillis(100));
        assertThat(future).isCompletedExceptionally();
        assertNothingIsLeft(retryer);
    }

    @RepeatedTest(20)
    void no_more_calls_than_allowed_are_under_way_however_many_ask_at_once() throws Exception {
        int crowd = 4;
        Retryer retryer = builder.maxAsyncCalls(1).build(time, false);
        CountDownLatch start = new CountDownLatch(crowd);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < crowd; t++) {
            Thread thread = new Thread(() -> {
                start.countDown();
                while (start.getCount() > 0) {
                    Thread.onSpinWait();
                }
                catchThrowable(() -> retryer.stageAsync(READ, CompletableFuture::new));
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(retryer.asyncCalls().count()).isEqualTo(1);
    }

    // Parts that are wrong

    @Test
    void chance_that_throws_ends_the_call() {
        Retryer retryer = builder.random(() -> {
                    throw new IllegalStateException("random");
                })
                .defaultPolicy(Policy.builder()
                        .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofSeconds(1)))
                        .build())
                .build(time, false);
        assertThatThrownBy(retryer.callAsync(READ, new Script(new IOException()))::get)
                .cause()
                .isInstanceOf(IllegalStateException.class);
        assertNothingIsLeft(retryer);
    }

    @Test
    void a_carrier_that_fails_on_the_other_thread_fails_the_call() {
        IllegalStateException wrong = new IllegalStateException("carrier");
        AtomicInteger failing = new AtomicInteger();
        ContextCarrier carrier = task -> () -> {
            if (failing.get() == 1) {
                throw wrong;
            } else if (failing.get() == 0) {
                task.run();
            }
        };
        Retryer retryer = builder.context(carrier).build(time, false);
        failing.set(1);
        assertThatThrownBy(retryer.callAsync(READ, () -> 1)::get).cause().isSameAs(wrong);
        failing.set(0);
        for (int how : new int[] {1, 2}) {
            CompletableFuture<Object> retried = retryer.callAsync(READ, new Script(new IOException()));
            failing.set(how);
            time.pass(Duration.ofSeconds(1));
            assertThat(catchThrowable(retried::get)).cause().isInstanceOf(IllegalStateException.class);
            failing.set(0);
        }
        assertNothingIsLeft(retryer);
    }

    @Test
    void a_result_that_is_tried_again_is_let_go_and_the_last_one_is_returned() {
        List<Object> discarded = new ArrayList<>();
        Classifier bad = Classifier.onResult(
                String.class,
                text -> text.startsWith("bad") ? Optional.of(Failure.of(FailureKind.OVERLOADED)) : Optional.empty());
        Retryer retryer = builder.defaultPolicy(Policy.builder()
                        .classifier(bad)
                        .backoff(Backoff.fixed(Duration.ofMillis(100)))
                        .onDiscard(discarded::add)
                        .build())
                .build(time, false);
        CompletableFuture<Object> future = retryer.callAsync(READ, new Script("bad 1", "bad 2", "bad 3"));
        time.pass(Duration.ofSeconds(1));
        assertThat(future).isCompletedWithValue("bad 3");
        assertThat(discarded).containsExactly("bad 1", "bad 2");
    }
}
