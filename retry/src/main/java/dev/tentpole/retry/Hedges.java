package dev.tentpole.retry;

import dev.tentpole.base.NanoClock;
import dev.tentpole.base.StripedCounter;
import java.util.concurrent.atomic.AtomicLong;

/** The hedges of one {@link Resilience}: when there is to be one, and whether it can be paid for. */
final class Hedges implements AutoCloseable {

    private final Hedging settings;
    private final RecentTimes times = new RecentTimes();
    private final RetryBudget budget;
    private final StripedCounter successes = new StripedCounter();
    private final AtomicLong started = new AtomicLong();

    Hedges(Hedging settings, NanoClock clock) {
        this.settings = settings;
        RetryBudget given = settings.budget();
        budget = given == null ? RetryBudget.builder().ratio(0.05).perSecond(0).build(clock) : given;
        budget.addSource(successes);
    }

    int mostAtOnce() {
        return settings.maxHedges();
    }

    /** After how many nanoseconds an attempt takes unusually long; the largest number if that is not known yet. */
    long delay() {
        long quantile = times.quantile(settings.quantile(), settings.minSamples());
        return quantile < 0 ? Long.MAX_VALUE : Math.max(quantile, settings.minDelayNanos());
    }

    void attemptSucceeded(long nanos) {
        times.add(nanos);
        successes.increment();
    }

    boolean withdraw() {
        return budget.tryWithdraw();
    }

    void putBack() {
        budget.putBack();
    }

    void hedgeStarted() {
        budget.retryStarted();
        started.incrementAndGet();
    }

    long started() {
        return started.get();
    }

    @Override
    public void close() {
        budget.removeSource(successes);
    }
}
