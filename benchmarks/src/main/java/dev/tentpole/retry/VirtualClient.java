package dev.tentpole.retry;

import dev.tentpole.base.NanoClock;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A client with Tentpole's retries, budget and breaker, all real, in a time that is not. It is in this package to reach the
 * seam at which the module's tests replace the time, which users have no need of.
 */
@NullMarked
public final class VirtualClient {

    /** Where the time comes from. */
    public interface Events {

        /**
         * {@return the time in nanoseconds}
         */
        long now();

        /**
         * Runs something later.
         *
         * @param nanos how much later
         * @param task what to run
         */
        void later(long nanos, Runnable task);
    }

    private static final Operation OPERATION = Operation.idempotent("orders.read");

    private final Retryer retryer;
    private final CircuitBreaker breaker;
    private final Events events;

    /**
     * Makes a client.
     *
     * @param events the time
     * @param seed of its chance
     * @param policy of its retries
     * @param breaker of its backend
     */
    public VirtualClient(Events events, long seed, Policy policy, CircuitBreaker.Builder breaker) {
        Surroundings surroundings = new Virtual(events, new Random(seed));
        this.events = events;
        this.breaker = breaker.build(surroundings);
        // An open breaker ends a call, as it does in Resilience.
        Classifier refusals = Classifier.on(CallRejectedException.class, FailureKind.CANCELLED);
        retryer = Retryer.builder()
                .defaultPolicy(policy.toBuilder()
                        .classifier(refusals.orElse(policy.classifier()))
                        .build())
                .executor(Runnable::run)
                .build(surroundings, false);
    }

    /**
     * {@return the end of a call}
     *
     * @param attempt makes an attempt
     */
    public CompletableFuture<Boolean> call(Supplier<? extends CompletionStage<Boolean>> attempt) {
        return retryer.stageAsync(OPERATION, () -> {
            BreakerPhase phase = breaker.acquire();
            if (phase == null) {
                return CompletableFuture.failedFuture(new CallRejectedException(
                        "orders", CallRejectedException.Reason.BREAKER_OPEN, "the circuit breaker is open"));
            }
            long started = events.now();
            return attempt.get().whenComplete((value, thrown) -> report(phase, started, thrown));
        });
    }

    private void report(BreakerPhase phase, long started, @Nullable Throwable thrown) {
        if (thrown == null) {
            phase.succeeded(events.now(), started);
        } else {
            phase.failed(events.now(), started, Classifiers.standard().classify(RetryRun.unwrapped(thrown)));
        }
    }

    private record Virtual(Events events, RandomGenerator random) implements Surroundings {

        @Override
        public NanoClock clock() {
            return events::now;
        }

        @Override
        public NanoClock openCoarseClock() {
            return events::now;
        }

        @Override
        public void park(Object blocker, long nanos) {
            throw new AssertionError("nobody waits in virtual time");
        }

        @Override
        public Timer openTimer() {
            return new Timer() {
                @Override
                public Runnable schedule(Runnable task, long nanos) {
                    boolean[] cancelled = new boolean[1];
                    events.later(nanos, () -> {
                        if (!cancelled[0]) {
                            task.run();
                        }
                    });
                    return () -> cancelled[0] = true;
                }

                @Override
                public void close() {}
            };
        }
    }
}
