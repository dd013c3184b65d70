package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RetryerTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Operation WRITE = Operation.of("orders.write");
    private static final Policy PLAIN = Policy.builder()
            .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .withoutJitter())
            .build();

    private final FakeTime time = new FakeTime();
    private final Journal journal = new Journal();
    private final Retryer.Builder builder =
            Retryer.builder().defaultPolicy(PLAIN).listener(journal).withoutBudget();
    private Retryer retryer = builder.build(time, false);

    @AfterEach
    void leave_no_interrupt() {
        retryer.close();
        assertThat(Thread.interrupted()).isFalse();
    }

    private OperationState state(Operation operation) {
        return retryer.engine().state(operation);
    }

    @Test
    void a_call_that_succeeds_is_made_once_and_tells_nobody() throws Exception {
        Script script = new Script("a");
        assertThat(retryer.call(READ, script)).isEqualTo("a");
        assertThat(script.calls()).isEqualTo(1);
        assertThat(journal.lines).isEmpty();
        assertThat(state(READ).succeeded()).isEqualTo(1);
        assertThat(state(READ).attempts()).isEqualTo(1);
    }

    @Test
    void a_transient_failure_is_tried_again_after_the_backoff() throws Exception {
        Script script = new Script(new IOException("1"), new IOException("2"), "a");
        assertThat(retryer.call(READ, script)).isEqualTo("a");
        assertThat(time.waited()).isEqualTo(Duration.ofMillis(300));
        assertThat(journal.lines)
                .containsExactly(
                        "failed orders.read 1 transient IOException PT0S Optional[PT0.1S]",
                        "failed orders.read 2 transient IOException PT0S Optional[PT0.2S]",
                        "recovered orders.read [1 transient IOException PT0S Optional[PT0.1S], 2 transient IOException"
                                + " PT0S Optional[PT0.2S]]");
        assertThat(state(READ).retries()).isEqualTo(2);
        assertThat(state(READ).attempts()).isEqualTo(3);
        assertThat(state(READ).waitedNanos()).isEqualTo(300_000_000);
    }

    @Test
    void what_a_listener_takes_is_a_part_of_the_wait() throws Exception {
        Retryer slow = builder.defaultPolicy(PLAIN.toBuilder()
                        .backoff(Backoff.fixed(Duration.ofMillis(900)))
                        .build())
                .listener(new RetryListener() {
                    @Override
                    public void onFailedAttempt(Operation operation, Attempt attempt) {
                        time.pass(Duration.ofMillis(500));
                    }
                })
                .build(time, false);
        Object result = slow.call(READ, Duration.ofSeconds(1), new Script(new IOException(), "a"));
        assertThat(result).isEqualTo("a");
        assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(900));
    }

    @Test
    void the_last_failure_comes_out_as_it_is_and_the_others_are_suppressed() {
        IOException first = new IOException("1");
        IOException second = new IOException("2");
        IOException third = new IOException("3");
        assertThatThrownBy(() -> retryer.call(READ, new Script(first, second, third)))
                .isSameAs(third)
                .hasSuppressedException(first)
                .hasSuppressedException(second)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(2));
        assertThat(state(READ).failed(FailureKind.TRANSIENT)).isEqualTo(1);
        assertThat(state(READ).exhausted()).isEqualTo(1);
    }

    @Test
    void one_exception_thrown_again_and_again_is_not_its_own_suppressed() {
        IOException only = new IOException("1");
        assertThatThrownBy(() -> retryer.call(READ, new Script(only))).isSameAs(only);
        assertThat(only.getSuppressed()).isEmpty();
    }

    @Test
    void checked_exceptions_keep_their_kind_at_compile_time() {
        assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
    }

    private void connect() throws ConnectException {
        retryer.run(WRITE, () -> {
            throw new ConnectException();
        });
    }

    @Test
    void what_is_not_retryable_is_not_tried_again() {
        Script script = new Script(new IllegalArgumentException("x"));
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IllegalArgumentException.class);
        assertThat(script.calls()).isEqualTo(1);
        assertThat(state(READ).exhausted()).isZero();
        assertThat(journal.lines.get(1)).startsWith("ended");
    }

    @Test
    void what_is_not_idempotent_is_tried_again_only_when_nothing_was_done() throws Exception {
        Script unsure = new Script(new SocketTimeoutException());
        assertThatThrownBy(() -> retryer.call(WRITE, unsure)).isInstanceOf(SocketTimeoutException.class);
        assertThat(unsure.calls()).isEqualTo(1);
        assertThat(retryer.call(WRITE, new Script(new ConnectException(), "a"))).isEqualTo("a");
    }

    @Test
    void errors_come_out_at_once() {
        for (Error error : new Error[] {new OutOfMemoryError("x"), new AssertionError("x"), new LinkageError("x")}) {
            Script script = new Script(error);
            assertThatThrownBy(() -> retryer.call(READ, script)).isSameAs(error);
            assertThat(script.calls()).isEqualTo(1);
        }
        assertThat(state(READ).failed(FailureKind.BUG)).isEqualTo(3);
    }

    @Test
    void a_stack_overflow_of_the_call_comes_out_and_the_retryer_works_on() throws Exception {
        assertThatThrownBy(() -> retryer.call(READ, () -> endless(0))).isInstanceOf(StackOverflowError.class);
        assertThat(retryer.call(READ, () -> 1)).isEqualTo(1);
    }

    @SuppressWarnings("InfiniteRecursion") // That is the point.
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Test
    void what_a_future_wraps_is_judged_by_its_cause_and_thrown_as_it_came() {
        CompletionException wrapped = new CompletionException(new IllegalArgumentException());
        Script script = new Script(wrapped);
        assertThatThrownBy(() -> retryer.call(READ, script)).isSameAs(wrapped);
        assertThat(script.calls()).isEqualTo(1);
        assertThatThrownBy(() -> retryer.call(READ, new Script(new CompletionException(new IOException()))))
                .isInstanceOf(CompletionException.class);
        assertThat(state(READ).failed(FailureKind.TRANSIENT)).isEqualTo(1);
    }

    @Test
    void the_servers_advice_wins_over_the_backoff_and_is_spread_a_little() throws Exception {
        advise(Failure.of(FailureKind.OVERLOADED).after(Duration.ofSeconds(2)));
        assertThat(retryer.call(READ, new Script(new IOException(), "a"))).isEqualTo("a");
        assertThat(time.waited()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_200));
    }

    @Test
    void advice_shorter_than_the_backoff_does_not_shorten_it() throws Exception {
        advise(Failure.of(FailureKind.OVERLOADED).after(Duration.ofMillis(1)));
        assertThat(retryer.call(READ, new Script(new IOException(), "a"))).isEqualTo("a");
        assertThat(time.waited()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void advice_beyond_the_bound_ends_the_call() {
        advise(Failure.of(FailureKind.OVERLOADED).after(Duration.ofSeconds(Long.MAX_VALUE)));
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(1);
        assertThat(time.waited()).isZero();
    }

    @Test
    void a_server_that_asks_not_to_be_tried_again_is_not() {
        advise(Failure.of(FailureKind.TRANSIENT).withoutRetry());
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(1);
    }

    private void advise(Failure failure) {
        retryer.setDefaultPolicy(PLAIN.toBuilder().classifier(thrown -> failure).build());
    }

    @Test
    void no_retry_starts_that_would_end_after_the_deadline() {
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, Duration.ofMillis(101), script))
                .isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(1);
        assertThat(time.elapsed()).isZero();
        assertThatThrownBy(() -> retryer.call(READ, Duration.ofMillis(102), script))
                .isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(3);
    }

    @Test
    void no_retry_starts_after_max_elapsed() {
        retryer.setDefaultPolicy(PLAIN.toBuilder()
                .maxElapsed(Duration.ofMillis(250))
                .maxAttempts(10)
                .build());
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(2);
    }

    @Test
    void a_call_without_time_is_refused() {
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> retryer.call(READ, Duration.ZERO, () -> 1))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.DEADLINE));
        assertThat(state(READ).rejected()).isEqualTo(1);
    }

    @Test
    void policies_are_inherited_by_name_and_change_while_running() {
        Policy one = Policy.none();
        Policy two = PLAIN.toBuilder().maxAttempts(2).build();
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, script));
        assertThat(script.calls()).isEqualTo(3);
        retryer.setPolicy("orders", one);
        assertThat(retryer.policy("orders.read")).isSameAs(one);
        assertThat(retryer.policy("orders.read.by-id")).isSameAs(one);
        assertThat(retryer.policy("ordersx")).isSameAs(PLAIN);
        assertThatThrownBy(() -> retryer.call(READ, script));
        assertThat(script.calls()).isEqualTo(4);
        retryer.setPolicy("orders.read", two);
        assertThatThrownBy(() -> retryer.call(READ, script));
        assertThat(script.calls()).isEqualTo(6);
        retryer.removePolicy("orders.read");
        retryer.removePolicy("orders");
        retryer.setDefaultPolicy(two);
        assertThatThrownBy(() -> retryer.call(READ, script));
        assertThat(script.calls()).isEqualTo(8);
    }

    @Test
    void a_refused_operation_is_not_called() {
        retryer.setPolicy("orders", Policy.builder().refuse("migration").build());
        Script script = new Script("a");
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> retryer.call(READ, script))
                .withMessageContaining("migration");
        assertThat(script.calls()).isZero();
    }

    @Test
    void only_the_kinds_that_the_policy_names_are_tried_again() {
        retryer.setDefaultPolicy(
                PLAIN.toBuilder().retryOn(Set.of(FailureKind.UNKNOWN)).build());
        Script known = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, known));
        assertThat(known.calls()).isEqualTo(1);
        Script unknown = new Script(new RuntimeException());
        assertThatThrownBy(() -> retryer.call(READ, unknown));
        assertThat(unknown.calls()).isEqualTo(3);
    }

    @Test
    void a_result_that_stands_for_a_failure_is_tried_again_and_returned_in_the_end() throws Exception {
        retryer.setDefaultPolicy(PLAIN.toBuilder()
                .classifier(Classifier.onResult(
                        String.class,
                        text -> text.startsWith("bad")
                                ? Optional.of(Failure.of(FailureKind.OVERLOADED))
                                : Optional.empty()))
                .build());
        assertThat(retryer.call(READ, new Script("bad1", "good"))).isEqualTo("good");
        assertThat(retryer.call(READ, new Script("bad1", "bad2", "bad3"))).isEqualTo("bad3");
        assertThat(state(READ).succeeded()).isEqualTo(1);
        assertThat(state(READ).failed(FailureKind.OVERLOADED)).isEqualTo(1);
        assertThat(retryer.<Object, RuntimeException>call(READ, () -> null)).isNull();
    }

    @Test
    void a_classifier_that_throws_or_says_nothing_makes_the_failure_unknown() {
        for (Classifier wrong : new Classifier[] {
            thrown -> {
                throw new IllegalStateException();
            },
            thrown -> null
        }) {
            retryer.setDefaultPolicy(PLAIN.toBuilder().classifier(wrong).build());
            IOException thrown = new IOException();
            assertThatThrownBy(() -> retryer.call(READ, new Script(thrown))).isSameAs(thrown);
        }
        assertThat(state(READ).failed(FailureKind.UNKNOWN)).isEqualTo(2);
    }

    @Test
    void a_listener_that_throws_harms_nobody() throws Exception {
        retryer = builder.listener(new RetryListener() {
                    @Override
                    public void onFailedAttempt(Operation operation, Attempt attempt) {
                        throw new IllegalStateException();
                    }
                })
                .listener(journal)
                .build(time, false);
        assertThat(retryer.call(READ, new Script(new IOException(), "a"))).isEqualTo("a");
        assertThat(journal.attempts).hasSize(2);
    }

    @Test
    void without_budget_left_there_is_no_retry() {
        retryer = Retryer.builder()
                .defaultPolicy(PLAIN)
                .budget(RetryBudget.builder().maxSaved(1).perSecond(0).build(time.clock()))
                .build(time, false);
        Script script = new Script(new IOException());
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(2);
        assertThatThrownBy(() -> retryer.call(READ, script)).isInstanceOf(IOException.class);
        assertThat(script.calls()).isEqualTo(3);
    }

    @Test
    void a_retry_that_was_paid_for_and_did_not_start_is_put_back() {
        RetryBudget budget = RetryBudget.builder().maxSaved(1).perSecond(0).build(time.clock());
        retryer = Retryer.builder().defaultPolicy(PLAIN).budget(budget).build(time, false);
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        assertThatThrownBy(() -> retryer.call(READ, new Script(new IOException())))
                .isInstanceOf(CallInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(budget.available()).isEqualTo(1);
        assertThat(budget.spent()).isZero();
    }

    @Test
    void an_interrupt_during_the_wait_ends_it_at_once() {
        IOException failure = new IOException();
        time.duringNextWait(() -> Thread.currentThread().interrupt());
        Throwable thrown = catchThrowable(() -> retryer.call(READ, new Script(failure, "a")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(CallInterruptedException.class).hasSuppressedException(failure);
        assertThat(time.waited()).isZero();
        assertThat(state(READ).failed(FailureKind.CANCELLED)).isEqualTo(1);
        assertThat(retryer.engine().waits().count()).isZero();
    }

    @Test
    void an_interrupt_during_the_call_ends_it_and_its_failure_comes_out() {
        InterruptedException interrupted = new InterruptedException();
        Throwable thrown = catchThrowable(() -> retryer.call(READ, new Script(interrupted)));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isSameAs(interrupted);
        assertThat(state(READ).failed(FailureKind.CANCELLED)).isEqualTo(1);
    }

    @Test
    void a_call_that_fails_on_an_interrupted_thread_is_not_tried_again() {
        Script script = new Script((Runnable) () -> {
            Thread.currentThread().interrupt();
            throw new java.io.UncheckedIOException(new IOException());
        });
        Throwable thrown = catchThrowable(() -> retryer.call(READ, script));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(java.io.UncheckedIOException.class);
        assertThat(script.calls()).isEqualTo(1);
    }

    @Test
    void closing_ends_the_wait_and_the_last_failure_comes_out() {
        IOException failure = new IOException();
        time.duringNextWait(() -> retryer.close());
        Script script = new Script(failure, "a");
        assertThatThrownBy(() -> retryer.call(READ, script)).isSameAs(failure);
        assertThat(script.calls()).isEqualTo(1);
        assertThat(time.waited()).isZero();
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> retryer.call(READ, script))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(CallRejectedException.Reason.CLOSED));
        assertThatExceptionOfType(CallRejectedException.class)
                .isThrownBy(() -> retryer.call(Operation.of("new.one"), script));
        retryer.close();
    }

    @Test
    void equal_operations_share_policy_and_counters() throws Exception {
        retryer.call(READ, () -> 1);
        retryer.call(Operation.idempotent("orders.read"), () -> 1);
        retryer.call(Operation.of("orders.read"), () -> 1);
        assertThat(state(READ).succeeded()).isEqualTo(2);
    }
}
