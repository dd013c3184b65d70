package dev.tentpole.retry;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A policy made ready: what a call looks at, in fields, and the Failsafe policy that carries out its retries. */
final class Plan {

    final Policy policy;
    final Backoff backoff;
    final Classifier classifier;
    final Set<FailureKind> retryOn;
    final int maxAttempts;
    final long maxElapsed;
    final long minAttemptTime;
    final boolean judgesResults;
    final @Nullable String refusal;
    final boolean closed;

    /** Whether a call may simply be made: nothing refuses it, and whatever it returns is good. */
    final boolean simple;

    /**
     * Makes the attempts after the first one, as long as {@link RetryRun} asks for another; all of them with
     * {@code alwaysFailsafe}. Waits are not its business.
     */
    final RetryPolicy<Object> retryPolicy;

    final FailsafeExecutor<Object> failsafe;

    Plan(Policy policy, boolean closed, boolean alwaysFailsafe) {
        this.policy = policy;
        this.backoff = policy.backoff();
        this.classifier = policy.classifier();
        this.retryOn = policy.retryOn();
        this.maxAttempts = policy.maxAttempts();
        this.maxElapsed = policy.maxElapsed().toNanos();
        this.minAttemptTime = policy.minAttemptTime().toNanos();
        this.judgesResults = classifier.judgesResults();
        this.refusal = policy.refusal();
        this.closed = closed;
        this.simple = !closed && refusal == null && !judgesResults && !alwaysFailsafe;
        this.retryPolicy = RetryPolicy.builder()
                .withMaxAttempts(Math.max(1, alwaysFailsafe ? maxAttempts : maxAttempts - 1))
                .handleIf((result, thrown) -> result instanceof RetryRun)
                .build();
        this.failsafe = Failsafe.with(retryPolicy);
    }
}
