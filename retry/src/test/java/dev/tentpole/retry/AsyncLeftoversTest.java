package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tentpole.base.NanoClock;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results, tokens and counts of asynchronous calls that end in the middle of something. */
@Timeout(60)
final class AsyncLeftoversTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation WRITE = Operation.of("orders.write");
    private static final Duration WAIT = Duration.ofMillis(100);

    private final FakeTime time = new FakeTime();
    private final List<Object> discarded = new ArrayList<>();
    private final RetryBudget budget =
            RetryBudget.builder().ratio(0).perSecond(0).maxSaved(5).build(time.clock());
    private final Classifier bad = Classifier.onResult(
            String.class,
            text -> text.startsWith("bad") ? Optional.of(Failure.of(FailureKind.OVERLOADED)) : Optional.empty());
    private final Policy policy = Policy.builder()
            .classifier(bad.orElse(Classifiers.standard()))
            .backoff(Backoff.fixed(WAIT))
            .onDiscard(discarded::add)
            .build();
    private Executor executor = Runnable::run;
    private final Retryer.Builder builder =
            Retryer.builder().budget(budget).defaultPolicy(policy).executor(task -> executor.execute(task));
    private CompletableFuture<?> toCancel = new CompletableFuture<>();

    @BeforeEach
    void save_five_tokens() {
        assertThat(budget.available()).isEqualTo(5);
    }

    private static void assertAddsUp(Retryer retryer, int made) {
        OperationState state = retryer.engine().state(READ);
        assertThat(state.attempts()).isEqualTo(made);
        assertThat(retryer.asyncCalls().count()).isZero();
    }

    @Test
    void a_result_that_was_to_be_tried_again_is_let_go_when_the_future_is_ended_during_the_wait() {
        Retryer retryer = builder.build(time, false);
        CompletableFuture<Object> stage =
                retryer.stageAsync(READ, () -> CompletableFuture.completedFuture("bad stage"));
        stage.cancel(true);
        assertThat(discarded).containsExactly("bad stage");
        CompletableFuture<Object> call = retryer.callAsync(READ, () -> "bad call");
        call.complete("else");
        assertThat(discarded).containsExactly("bad stage", "bad call");
        assertAddsUp(retryer, 2);
    }

    @Test
    void a_result_is_let_go_when_the_future_is_ended_while_it_is_judged() {
        Retryer retryer = builder.listener(new RetryListener() {
                    @Override
                    public void onFailedAttempt(Operation operation, Attempt attempt) {
                        toCancel.cancel(true);
                    }
                })
                .build(time, false);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        toCancel = retryer.stageAsync(READ, () -> answer);
        answer.complete("bad");
        assertThat(toCancel).isCancelled();
        assertThat(discarded).containsExactly("bad");
        assertThat(budget.available()).isEqualTo(5);
        assertAddsUp(retryer, 1);
    }

    @Test
    void a_future_that_is_ended_between_the_wait_and_the_attempt_costs_no_token_and_counts_no_attempt() {
        for (Duration late : List.of(Duration.ZERO, Duration.ofDays(1))) {
            FakeTime inner = new FakeTime();
            Surroundings cancelling = new Cancelling(inner);
            Retryer retryer = builder.build(cancelling, false);
            for (int i = 0; i < 4; i++) {
                toCancel = retryer.stageAsync(READ, () -> CompletableFuture.completedFuture("bad"));
                cancelNow = true;
                inner.pass(late.plus(WAIT));
                assertThat(toCancel).isCancelled();
            }
            assertAddsUp(retryer, 4);
            assertThat(retryer.engine().state(READ).retries()).isZero();
            assertThat(budget.available()).isEqualTo(5);
            assertThat(budget.spent()).isZero();
            assertThat(discarded).hasSize(4);
            discarded.clear();
        }
    }

    private boolean cancelNow;

    /** The next look at the clock that a timer causes cancels the future first. */
    private final class Cancelling implements Surroundings {

        private final FakeTime inner;

        Cancelling(FakeTime inner) {
            this.inner = inner;
        }

        @Override
        public NanoClock clock() {
            return () -> {
                if (cancelNow) {
                    cancelNow = false;
                    toCancel.cancel(true);
                }
                return inner.clock().nanoTime();
            };
        }

        @Override
        public NanoClock openCoarseClock() {
            return inner.openCoarseClock();
        }

        @Override
        public RandomGenerator random() {
            return inner.random();
        }

        @Override
        public void park(Object blocker, long nanos) {
            inner.park(blocker, nanos);
        }

        @Override
        public Timer openTimer() {
            return inner.openTimer();
        }
    }

    @Test
    void a_carrier_that_fails_after_its_task_changes_nothing() {
        Retryer retryer = builder.context(task -> () -> {
                    task.run();
                    throw new IllegalStateException("restore");
                })
                .build(time, false);
        assertThat(retryer.stageAsync(READ, () -> CompletableFuture.completedFuture("good")))
                .isCompletedWithValue("good");
        CompletableFuture<Object> retried = retryer.callAsync(READ, new Script(new IOException(), "good"));
        time.pass(WAIT);
        assertThat(retried).isCompletedWithValue("good");
        assertThat(budget.spent()).isEqualTo(1);
        assertAddsUp(retryer, 3);
    }

    @Test
    void a_result_that_nobody_could_judge_is_let_go_and_its_attempt_has_failed() {
        boolean[] fails = new boolean[1];
        Retryer retryer = builder.context(task -> () -> {
                    if (fails[0]) {
                        throw new IllegalStateException("set");
                    }
                    task.run();
                })
                .build(time, false);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        CompletableFuture<Object> future = retryer.stageAsync(READ, () -> answer);
        fails[0] = true;
        answer.complete("good");
        assertThat(future).isCompletedExceptionally();
        assertThat(discarded).containsExactly("good");
        assertAddsUp(retryer, 1);
    }

    @Test
    void a_late_result_is_let_go_by_the_policy_that_its_call_began_with() {
        Retryer retryer = builder.build(time, false);
        List<Runnable> tasks = new ArrayList<>();
        executor = tasks::add;
        toCancel = retryer.callAsync(READ, () -> {
            retryer.setDefaultPolicy(Policy.none());
            toCancel.cancel(true);
            return "late";
        });
        tasks.get(0).run();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(discarded).containsExactly("late");
    }

    @Test
    void closing_ends_what_the_executor_has_not_begun_or_has_lost() {
        Script script = new Script("never");
        executor = task -> {};
        Retryer retryer = builder.build(time, false);
        CompletableFuture<Object> lost = retryer.callAsync(READ, script);
        retryer.close();
        assertThatThrownBy(lost::get)
                .cause()
                .isInstanceOfSatisfying(
                        CallRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.CLOSED));
        assertThat(script.calls()).isZero();
        assertThat(retryer.engine().state(READ).rejected()).isEqualTo(1);
        assertAddsUp(retryer, 0);
    }

    @Test
    void retries_that_the_executor_refused_cost_no_token_and_count_nowhere() {
        Retryer retryer = builder.build(time, false);
        CompletableFuture<Object> future = retryer.callAsync(WRITE, new Script(new ConnectException(), "good"));
        executor = task -> {
            throw new RejectedExecutionException();
        };
        time.pass(WAIT);
        executor = Runnable::run;
        time.pass(WAIT);
        assertThat(future).isCompletedWithValue("good");
        OperationState state = retryer.engine().state(WRITE);
        assertThat(state.attempts()).isEqualTo(2);
        assertThat(state.retries()).isEqualTo(1);
        assertThat(budget.spent()).isEqualTo(1);
        assertThat(budget.available()).isEqualTo(4);
    }
}
