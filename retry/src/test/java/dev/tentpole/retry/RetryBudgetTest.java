package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tentpole.base.StripedCounter;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

    /** Positive: so many nanoseconds pass. 0: a success. -1: someone wants a retry. */
    @Property(tries = 1_000)
    void over_any_history_retries_are_within_the_rule(
            @ForAll("history") List<Long> history,
            @ForAll @DoubleRange(min = 0, max = 1) double ratio,
            @ForAll @DoubleRange(min = 0, max = 5) double perSecond,
            @ForAll @IntRange(min = 0, max = 20) int maxSaved,
            @ForAll boolean manySources) {
        FakeTime time = new FakeTime();
        RetryBudget budget = RetryBudget.builder()
                .ratio(ratio)
                .perSecond(perSecond)
                .maxSaved(maxSaved)
                .build(time.clock());
        StripedCounter successes = new StripedCounter();
        budget.addSource(successes);
        for (int i = 0; manySources && i < 100; i++) {
            budget.addSource(new StripedCounter());
        }
        double model = maxSaved;
        double earned = 0;
        long retries = 0;
        for (long event : history) {
            if (event == 0) {
                successes.increment();
                earned += ratio;
                model = Math.min(maxSaved, model + ratio);
            } else if (event > 0) {
                time.passNanos(event);
                earned += perSecond * event / 1e9;
                model = Math.min(maxSaved, model + perSecond * event / 1e9);
            } else if (budget.tryWithdraw()) {
                budget.retryStarted();
                retries++;
                assertThat(model).isGreaterThan(0.999);
                model -= 1;
            } else if (!manySources) {
                assertThat(model).isLessThan(1.001);
            }
            assertThat((double) retries).isLessThanOrEqualTo(maxSaved + earned + 0.001);
        }
        assertThat(budget.spent()).isEqualTo(retries);
        assertThat(budget.spent() + budget.refused())
                .isEqualTo(history.stream().filter(event -> event < 0).count());
    }

    @Test
    void what_could_not_be_built_adds_nothing_to_a_budget_that_others_share() {
        FakeTime time = new FakeTime();
        RetryBudget budget =
                RetryBudget.builder().ratio(1).perSecond(0).maxSaved(10).build(time.clock());
        Resilience.Builder wrong = Resilience.builder("wrong")
                .maxThreads(0)
                .hedging(Hedging.builder().budget(budget).build());
        for (int i = 0; i < 100; i++) {
            assertThatIllegalArgumentException().isThrownBy(() -> wrong.build(time, false));
        }
        assertOneSource(budget, time);
    }

    /** What many sources earn is seen at the next tick only. */
    private static void assertOneSource(RetryBudget budget, FakeTime time) {
        Retryer retryer = Retryer.builder().budget(budget).build(time, false);
        assertThat(budget.tryWithdraw()).isTrue();
        retryer.call(Operation.of("o"), () -> 1);
        assertThat(budget.available()).isEqualTo(10);
    }

    @Test
    void a_closed_retryer_adds_nothing_to_a_budget_that_others_share() {
        FakeTime time = new FakeTime();
        RetryBudget budget =
                RetryBudget.builder().ratio(1).perSecond(0).maxSaved(10).build(time.clock());
        Retryer closed = Retryer.builder().budget(budget).build(time, false);
        closed.close();
        for (int i = 0; i < 100; i++) {
            Operation operation = Operation.of("o" + i);
            assertThatExceptionOfType(CallRejectedException.class).isThrownBy(() -> closed.call(operation, () -> 1));
        }
        assertOneSource(budget, time);
    }

    @Test
    void with_many_sources_what_was_earned_can_be_spent_a_tick_later() {
        FakeTime time = new FakeTime();
        RetryBudget budget =
                RetryBudget.builder().ratio(1).perSecond(0).maxSaved(2).build(time.clock());
        List<StripedCounter> sources = java.util.stream.Stream.generate(StripedCounter::new)
                .limit(1_000)
                .toList();
        sources.forEach(budget::addSource);
        while (budget.tryWithdraw()) {}
        time.pass(Duration.ofMillis(10));
        assertThat(budget.available()).isZero();
        sources.forEach(StripedCounter::increment);
        assertThat(budget.tryWithdraw())
                .as("they are not looked at for every retry")
                .isFalse();
        time.pass(Duration.ofMillis(10));
        assertThat(budget.tryWithdraw()).isTrue();
        assertThat(budget.tryWithdraw()).isTrue();
        assertThat(budget.tryWithdraw()).isFalse();
    }

    @Test
    void what_was_spent_never_becomes_less() {
        FakeTime time = new FakeTime();
        RetryBudget budget = RetryBudget.builder().perSecond(0).build(time.clock());
        Retryer retryer = Retryer.builder()
                .budget(budget)
                .defaultPolicy(Policy.builder()
                        .backoff(Backoff.fixed(Duration.ofMillis(1)))
                        .build())
                .build(time, false);
        long[] during = new long[1];
        time.duringNextWait(() -> {
            during[0] = budget.spent();
            Thread.currentThread().interrupt();
        });
        try {
            retryer.call(Operation.idempotent("o"), new Script(new java.io.IOException()));
        } catch (Exception e) {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(budget.spent()).isGreaterThanOrEqualTo(during[0]).isZero();
    }

    @Provide
    Arbitrary<List<Long>> history() {
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(3, Arbitraries.just(0L)),
                        net.jqwik.api.Tuple.of(3, Arbitraries.just(-1L)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(1, 3_000_000_000L)))
                .list()
                .ofMaxSize(200);
    }

    @Test
    void successes_before_and_after_a_source_was_there_earn_nothing() {
        FakeTime time = new FakeTime();
        RetryBudget budget =
                RetryBudget.builder().ratio(1).perSecond(0).maxSaved(5).build(time.clock());
        while (budget.tryWithdraw()) {}
        StripedCounter source = new StripedCounter();
        source.increment();
        budget.addSource(source);
        assertThat(budget.available()).isZero();
        source.increment();
        assertThat(budget.available()).isEqualTo(1);
        budget.removeSource(source);
        budget.removeSource(source);
        source.increment();
        assertThat(budget.available()).isEqualTo(1);
    }

    @Test
    void with_a_backend_that_always_fails_retries_are_a_tenth_and_a_floor() {
        FakeTime time = new FakeTime();
        try (Retryer retryer = Retryer.builder()
                .defaultPolicy(Policy.builder().backoff(Backoff.none()).build())
                .build(time, false)) {
            Operation read = Operation.idempotent("o");
            Script script = new Script(new java.io.IOException());
            for (int call = 0; call < 10_000; call++) {
                time.pass(Duration.ofMillis(1));
                try {
                    retryer.call(read, script);
                } catch (Exception e) {
                    assertThat(e).isInstanceOf(java.io.IOException.class);
                }
            }
            // 10 saved and 0.1 a second for ten seconds
            assertThat(script.calls() - 10_000).isLessThanOrEqualTo(11);
        }
    }
}
