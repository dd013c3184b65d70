package dev.tentpole.retry;

import dev.tentpole.base.StripedCounter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** What a retryer knows of one operation: its present plan and its counters. */
final class OperationState {

    final Engine engine;
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
    private final Map<FailureKind, AtomicLong> failedCalls = counters();
    private final Map<FailureKind, AtomicLong> failedAttempts = counters();

    OperationState(Engine engine, Operation operation, Plan plan) {
        this.engine = engine;
        this.operation = operation;
        this.plan = plan;
    }

    void attemptFailed(FailureKind kind) {
        of(failedAttempts, kind).incrementAndGet();
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
        of(failedCalls, kind).incrementAndGet();
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
        return of(failedCalls, kind).get();
    }

    long failedAttempts(FailureKind kind) {
        return of(failedAttempts, kind).get();
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

    private static Map<FailureKind, AtomicLong> counters() {
        Map<FailureKind, AtomicLong> counters = new EnumMap<>(FailureKind.class);
        for (FailureKind kind : FailureKind.values()) {
            counters.put(kind, new AtomicLong());
        }
        return counters;
    }

    private static AtomicLong of(Map<FailureKind, AtomicLong> counters, FailureKind kind) {
        return Objects.requireNonNull(counters.get(kind));
    }
}
