package dev.tentpole.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The first attempt is made without Failsafe, which is entered when it has failed. Here the same calls go both ways, and
 * results, exceptions, listeners, counters, waits and interrupts are the same.
 */
final class BothPathsPropertyTest {

    /** What an attempt may do. */
    @SuppressWarnings("ImmutableEnumChecker") // Suppliers of new exceptions have no state.
    enum Act {
        GOOD(() -> "good"),
        BAD_RESULT(() -> "bad"),
        NULL(() -> null),
        IO(IOException::new),
        REFUSED(ConnectException::new),
        TIMEOUT(SocketTimeoutException::new),
        FAULT(IllegalArgumentException::new),
        BUG(NullPointerException::new),
        ERROR(AssertionError::new),
        INTERRUPTED(InterruptedException::new),
        INTERRUPTS_ITSELF(() -> (Runnable) () -> Thread.currentThread().interrupt()),
        FAILS_INTERRUPTED(() -> (Runnable) () -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException();
        });

        private final Supplier<Object> outcome;

        Act(Supplier<Object> outcome) {
            this.outcome = outcome;
        }
    }

    private record Ending(
            Object result,
            String thrown,
            List<String> suppressed,
            List<String> journal,
            List<Long> counters,
            long elapsed,
            boolean interrupted,
            int calls) {}

    @Property(tries = 2_000)
    void both_ways_end_alike(
            @ForAll("acts") @Size(min = 1, max = 6) List<Act> acts,
            @ForAll boolean idempotent,
            @ForAll boolean judgesResults,
            @ForAll @IntRange(min = 1, max = 5) int maxAttempts,
            @ForAll @IntRange(min = 0, max = 3) int budget,
            @ForAll @IntRange(min = 1, max = 400) int deadlineMillis,
            @ForAll @IntRange(min = 0, max = 3) int disturbance) {
        Ending quick = run(false, acts, idempotent, judgesResults, maxAttempts, budget, deadlineMillis, disturbance);
        Ending failsafe = run(true, acts, idempotent, judgesResults, maxAttempts, budget, deadlineMillis, disturbance);
        assertThat(quick).isEqualTo(failsafe);
    }

    private static Ending run(
            boolean alwaysFailsafe,
            List<Act> acts,
            boolean idempotent,
            boolean judgesResults,
            int maxAttempts,
            int budget,
            int deadlineMillis,
            int disturbance) {
        FakeTime time = new FakeTime();
        Journal journal = new Journal();
        Classifier results = Classifier.onResult(
                String.class,
                text -> text.equals("bad") ? Optional.of(Failure.of(FailureKind.OVERLOADED)) : Optional.empty());
        Classifier classifier = judgesResults ? results.orElse(Classifiers.standard()) : Classifiers.standard();
        Operation operation = idempotent ? Operation.idempotent("o") : Operation.of("o");
        Retryer retryer = Retryer.builder()
                .defaultPolicy(Policy.builder()
                        .maxAttempts(maxAttempts)
                        .classifier(classifier)
                        .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofSeconds(1)))
                        .build())
                .budget(RetryBudget.builder().maxSaved(budget).perSecond(0).build(time.clock()))
                .listener(journal)
                .build(time, alwaysFailsafe);
        if (disturbance == 1) {
            time.duringNextWait(() -> Thread.currentThread().interrupt());
        } else if (disturbance == 2) {
            time.duringNextWait(retryer::close);
        }
        Script script = new Script(acts.stream().map(act -> act.outcome.get()).toArray());
        Object result = null;
        Throwable thrown = null;
        try {
            result = retryer.call(operation, Duration.ofMillis(deadlineMillis), () -> {
                time.passNanos(1_000_000);
                return script.get();
            });
        } catch (Throwable e) {
            thrown = e;
        }
        boolean interrupted = Thread.interrupted();
        OperationState state = retryer.engine().state(operation);
        List<Long> counters = new ArrayList<>(
                List.of(state.succeeded(), state.attempts(), state.retries(), state.exhausted(), state.waitedNanos()));
        for (FailureKind kind : FailureKind.values()) {
            counters.add(state.failed(kind));
            counters.add(state.failedAttempts(kind));
        }
        assertThat(state.attempts()).isEqualTo(1 + state.retries()).isEqualTo(script.calls());
        retryer.close();
        return new Ending(
                result,
                thrown == null ? "" : thrown.getClass() + ": " + thrown.getMessage(),
                thrown == null
                        ? List.of()
                        : java.util.Arrays.stream(thrown.getSuppressed())
                                .map(Object::toString)
                                .toList(),
                journal.lines,
                counters,
                time.elapsedNanos(),
                interrupted,
                script.calls());
    }

    @Provide
    Arbitrary<List<Act>> acts() {
        return Arbitraries.of(Act.class).list();
    }

    @Property(tries = 1_000)
    void no_attempt_starts_and_no_wait_ends_after_the_deadline(
            @ForAll @IntRange(min = 1, max = 10_000) int deadlineMillis,
            @ForAll @IntRange(min = 0, max = 500) int attemptMillis,
            @ForAll @IntRange(min = 0, max = 300) int initialMillis,
            @ForAll long seed) {
        FakeTime time = new FakeTime(seed);
        try (Retryer retryer = Retryer.builder()
                .withoutBudget()
                .defaultPolicy(Policy.builder()
                        .maxAttempts(100)
                        .maxElapsed(Duration.ofHours(1))
                        .backoff(
                                initialMillis == 0
                                        ? Backoff.none()
                                        : Backoff.exponential(Duration.ofMillis(initialMillis), Duration.ofSeconds(20)))
                        .build())
                .build(time, false)) {
            long deadline = Duration.ofMillis(deadlineMillis).toNanos();
            List<Long> starts = new ArrayList<>();
            try {
                retryer.run(Operation.idempotent("o"), () -> {});
                retryer.call(Operation.idempotent("o"), Duration.ofNanos(deadline), () -> {
                    starts.add(time.elapsedNanos());
                    time.pass(Duration.ofMillis(attemptMillis));
                    throw new IOException();
                });
            } catch (IOException e) {
                assertThat(starts).allMatch(start -> start < deadline);
                assertThat(time.elapsedNanos())
                        .isLessThanOrEqualTo(Math.max(deadline, 0)
                                + Duration.ofMillis(attemptMillis).toNanos());
            }
        }
    }
}
