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

    /** For blocking calls: never sleeps, since the waits are ours, see {@link RetryRun}. */
    final FailsafeExecutor<Object> failsafe;

    final RetryPolicy<Object> retryPolicy;

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
                .withMaxAttempts(Math.max(1, maxAttempts))
                .handle(RetryRun.Again.class)
                .withDelayFn(context -> {
                    Throwable again = context.getLastException();
                    return again instanceof RetryRun.Again signal ? signal.delay() : null;
                })
                .build();
        this.failsafe = Failsafe.with(retryPolicy);
    }
}
