package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hedge makes no call worse: neither its answer nor its time. */
@Timeout(60)
final class HedgingTest {

    private static final Operation READ = Operation.idempotent("orders.read");
    private static final Duration USUAL = Duration.ofMillis(32);

    private final FakeTime time = new FakeTime();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Object> discarded = new ArrayList<>();
    private Executor executor = Runnable::run;
    private final CircuitBreaker breaker =
            CircuitBreaker.builder("b").countWindow(4).minimumCalls(4).build(time);

    /** With attempts that usually take that time. */
    private Resilience hedged(int maxHedges) {
        Classifier bad = Classifier.onResult(
                String.class,
                text -> text.startsWith("bad") ? Optional.of(Failure.of(FailureKind.OVERLOADED)) : Optional.empty());
        Resilience all = Resilience.builder("orders")
                .policy(Policy.none().toBuilder()
                        .classifier(bad.orElse(Classifiers.standard()))
                        .onDiscard(discarded::add)
                        .build())
                .breaker(breaker)
                .executor(task -> executor.execute(task))
                .hedging(Hedging.builder()
                        .minSamples(1)
                        .minDelay(USUAL)
                        .maxHedges(maxHedges)
                        .build())
                .build(time, false);
        all.call(READ, () -> "good");
        executor = tasks::add;
        return all;
    }

    /** In the next two waits a hedge starts and ends. */
    private void hedgeEnds() {
        time.duringNextWait(() -> time.pass(USUAL));
        time.duringNextWait(() -> tasks.removeLast().run());
    }

    @Test
    void an_end_that_comes_while_a_hedge_waits_for_a_lock_is_not_missed() {
        Resilience all = hedged(1);
        executor = task -> {
            if (tasks.isEmpty()) {
                tasks.add(task);
            } else {
                // Takes the permit to go on, as every lock does that has to wait.
                tasks.remove().run();
                throw new RejectedExecutionException();
            }
        };
        time.duringNextWait(() -> time.pass(USUAL));
        assertThat(all.<String, RuntimeException>call(READ, () -> "answer")).isEqualTo("answer");
        assertThat(time.elapsed()).isEqualTo(USUAL);
    }

    @Test
    void a_hedge_s_result_that_stands_for_a_failure_takes_no_attempt_s_place() throws Exception {
        Resilience all = hedged(1);
        hedgeEnds();
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.call(READ, new Script("bad hedge", "good"))).isEqualTo("good");
        assertThat(discarded).containsExactly("bad hedge");
        assertThat(breaker.failureRate()).as("of three").isBetween(0.3, 0.4);
    }

    @Test
    void a_hedge_saves_an_attempt_whose_result_stands_for_a_failure() throws Exception {
        Resilience all = hedged(1);
        time.duringNextWait(() -> time.pass(USUAL));
        time.duringNextWait(() -> tasks.remove().run());
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.call(READ, new Script("bad first", "good"))).isEqualTo("good");
        assertThat(discarded).containsExactly("bad first");
    }

    @Test
    void without_a_good_result_the_attempt_has_its_own() throws Exception {
        Resilience all = hedged(1);
        hedgeEnds();
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.call(READ, new Script("bad hedge", "bad first"))).isEqualTo("bad first");
        assertThat(discarded).containsExactly("bad hedge");
    }

    @Test
    void what_counts_as_usual_is_how_long_successes_took() throws Exception {
        Resilience all = hedged(1);
        breaker.forceClosed();
        executor = Runnable::run;
        for (int i = 0; i < 100; i++) {
            all.call(READ, () -> {
                time.pass(Duration.ofSeconds(1));
                return "good";
            });
        }
        Hedges hedges = all.hedges;
        assertThat(hedges).isNotNull();
        long usual = hedges.delay();
        for (int i = 0; i < 3_000; i++) {
            all.call(READ, () -> "bad");
        }
        assertThat(hedges.delay()).isEqualTo(usual);
    }

    @Test
    void a_breaker_is_told_of_an_attempt_that_failed_beside_the_hedge_that_saved_it() throws Exception {
        Resilience all = hedged(1);
        time.duringNextWait(() -> time.pass(USUAL));
        time.duringNextWait(() -> tasks.remove().run());
        time.duringNextWait(() -> tasks.remove().run());
        assertThat(all.call(READ, new Script(new IOException(), "good"))).isEqualTo("good");
        assertThat(breaker.failureRate()).as("of three").isBetween(0.3, 0.4);
    }

    @Test
    void a_failure_that_is_not_tried_again_waits_for_no_hedge() {
        Resilience all = hedged(2);
        time.duringNextWait(() -> time.pass(USUAL));
        time.duringNextWait(() -> tasks.remove().run());
        IllegalArgumentException wrong = new IllegalArgumentException();
        assertThatThrownBy(() -> all.call(READ, new Script(wrong))).isSameAs(wrong);
        assertThat(time.elapsed()).isEqualTo(USUAL);
        assertThat(all.hedges()).isEqualTo(1);
    }

    @Test
    void a_failure_waits_for_a_hedge_no_longer_than_attempts_usually_take_and_starts_none() {
        Resilience all = hedged(2);
        time.duringNextWait(() -> time.pass(USUAL));
        time.duringNextWait(() -> tasks.remove().run());
        IOException failure = new IOException();
        assertThatThrownBy(() -> all.call(READ, new Script(failure))).isSameAs(failure);
        assertThat(time.elapsed()).isEqualTo(USUAL.multipliedBy(2));
        assertThat(all.hedges()).isEqualTo(1);
    }

    @Test
    void hedges_that_are_refused_are_tried_one_after_each_usual_time() {
        Resilience all = hedged(4);
        List<Duration> tried = new ArrayList<>();
        executor = task -> {
            if (tasks.isEmpty()) {
                tasks.add(task);
            } else {
                tried.add(time.elapsed());
                if (tried.size() == 4) {
                    tasks.remove().run();
                }
                throw new RejectedExecutionException();
            }
        };
        all.call(READ, () -> "good");
        assertThat(tried)
                .zipSatisfy(
                        List.of(1, 2, 3, 4),
                        (at, number) -> assertThat(at)
                                .isBetween(
                                        USUAL.multipliedBy(number),
                                        USUAL.multipliedBy(number).plusNanos(100)));
    }
}
