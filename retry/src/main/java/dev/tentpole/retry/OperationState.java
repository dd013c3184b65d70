package dev.tentpole.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What a retryer knows of one operation: its present plan and its counters. */
final class OperationState {

    final Operation operation;

    /** Calls that succeeded at the first attempt; the only thing that a quick call writes. */
    final StripedCounter firstSuccesses = new StripedCounter();

    /** Replaced whenever policies change; a call keeps the one that it began with. */
    volatile Plan plan;

    private final AtomicLong recovered = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong waitNanos = new AtomicLong();
    private final AtomicLong exhausted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLongArray failedCalls = new AtomicLongArray(FailureKind.values().length);
    private final AtomicLongArray failedAttempts = new AtomicLongArray(FailureKind.values().length);

    OperationState(Operation operation, Plan plan) {
        this.operation = operation;
        this.plan = plan;
    }

    void attemptFailed(FailureKind kind) {
        failedAttempts.incrementAndGet(kind.ordinal());
    }

    void retryStarted() {
        retries.incrementAndGet();
    }

    void waited(long nanos) {
        waitNanos.addAndGet(nanos);
    }

    void callRecovered() {
        recovered.incrementAndGet();
    }

    void callFailed(FailureKind kind) {
        failedCalls.incrementAndGet(kind.ordinal());
    }

    void callExhausted() {
        exhausted.incrementAndGet();
    }

    /** A call that never got as far as an attempt. */
    void callRejected() {
        rejected.incrementAndGet();
    }

    long succeeded() {
        return firstSuccesses.sum() + recovered.get();
    }

    /** Each one succeeded, as the last of its call, or failed. */
    long attempts() {
        long attempts = succeeded();
        for (FailureKind kind : FailureKind.values()) {
            attempts += failedAttempts(kind);
        }
        return attempts;
    }

    long failed(FailureKind kind) {
        return failedCalls.get(kind.ordinal());
    }

    long failedAttempts(FailureKind kind) {
        return failedAttempts.get(kind.ordinal());
    }

    long retries() {
        return retries.get();
    }

    long waitedNanos() {
        return waitNanos.get();
    }

    long exhausted() {
        return exhausted.get();
    }

    long rejected() {
        return rejected.get();
    }
}
