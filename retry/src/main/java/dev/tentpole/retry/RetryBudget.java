package dev.tentpole.retry;

import dev.tentpole.base.Args;
import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.StripedCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps retries a small share of the load: each call that succeeds at once earns a part of a retry, each retry costs one.
 * Share one per backend.
 *
 * <p>A backend that fails for everybody earns nobody anything, and so the retries against it run dry, where a fixed number
 * of attempts would multiply the load just when it hurts most. The rule is that of Finagle's {@code RetryBudget} and of
 * gRPC's retry throttling (proposal A6): in any history, retries &le; {@code maxSaved} + {@code ratio} * successes + {@code
 * perSecond} * seconds.
 *
 * <p>Safe for use by several threads. Successes cost this budget nothing: it reads the counters of those who use it when
 * somebody wants a retry.
 */
public final class RetryBudget {

    /** Tokens are kept in millionths, so that parts add up exactly. */
    private static final long TOKEN = 1_000_000;

    /** So many sources are looked at whenever a retry is wanted; more of them no more often than the coarse clock ticks. */
    private static final int FEW_SOURCES = 64;

    private static final double MAX_PER_SECOND = 1_000_000;
    private static final int MAX_SAVED = 1_000_000;

    private final long perSuccess;
    private final double perNano;
    private final long maxTokens;
    private final NanoClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<StripedCounter> sources = new ArrayList<>();
    private long seenSuccesses;
    private long seenTime;
    private double partOfTime;
    private long tokens;

    /** What was withdrawn since the last look at the sources, other than right after it. */
    private long unseen;

    private final AtomicLong spent = new AtomicLong();
    private long refused;

    private RetryBudget(Builder builder, NanoClock clock) {
        perSuccess = Math.round(builder.ratio * TOKEN);
        perNano = builder.perSecond * TOKEN / Duration.ofSeconds(1).toNanos();
        maxTokens = builder.maxSaved * TOKEN;
        tokens = maxTokens;
        this.clock = clock;
        seenTime = clock.nanoTime();
    }

    /**
     * {@return the usual budget: retries are at most 10 % of successes, one more every ten seconds, and 10 at once}
     */
    public static RetryBudget standard() {
        return builder().build();
    }

    /**
     * {@return a builder that begins with {@link #standard}}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return how many retries could be made at this moment}
     */
    public long available() {
        lock.lock();
        try {
            earn();
            return tokens / TOKEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return how many retries were paid for and made, since the start}
     */
    public long spent() {
        return spent.get();
    }

    /**
     * {@return how many retries were refused, since the start}
     */
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    boolean tryWithdraw() {
        lock.lock();
        try {
            boolean looked = earn();
            if (tokens < TOKEN) {
                refused++;
                return false;
            }
            tokens -= TOKEN;
            unseen += looked ? 0 : TOKEN;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What a withdrawn retry that was not made after all gives back. */
    void putBack() {
        lock.lock();
        try {
            tokens = Math.min(maxTokens, tokens + TOKEN);
        } finally {
            lock.unlock();
        }
    }

    /** What was withdrawn is made, and not given back any more. */
    void retryStarted() {
        spent.incrementAndGet();
    }

    /** From now on, what this counts earns tokens. */
    void addSource(StripedCounter successes) {
        lock.lock();
        try {
            sources.add(successes);
            seenSuccesses += successes.sum();
        } finally {
            lock.unlock();
        }
    }

    void removeSource(StripedCounter successes) {
        lock.lock();
        try {
            look(clock.nanoTime());
            if (sources.remove(successes)) {
                seenSuccesses = 0;
                sources.forEach(source -> seenSuccesses += source.sum());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has looked, and so knows of all that was earned by now. */
    private boolean earn() {
        long now = clock.nanoTime();
        boolean due = sources.size() <= FEW_SOURCES || now - seenTime >= CoarseClock.TICK.toNanos();
        if (due) {
            look(now);
        }
        return due;
    }

    /**
     * The cap may be applied late if nothing was spent meanwhile. What was spent, nobody knows whether before or after it was
     * earned: it counts as spent after, when there was no room for what was earned.
     */
    private void look(long now) {
        long successes = 0;
        for (StripedCounter source : sources) {
            successes += source.sum();
        }
        long missing = Math.max(0, maxTokens - tokens - unseen);
        unseen = 0;
        double earned = (double) (successes - seenSuccesses) * perSuccess + (now - seenTime) * perNano + partOfTime;
        long whole = (long) Math.min((double) missing, earned);
        partOfTime = whole == missing ? 0 : earned - whole;
        tokens += whole;
        seenSuccesses = successes;
        seenTime = now;
    }

    /** Collects the settings of a {@link RetryBudget}. Not safe for use by several threads. */
    public static final class Builder {

        private double ratio = 0.1;
        private double perSecond = 0.1;
        private int maxSaved = 10;

        private Builder() {}

        /**
         * Sets how many retries a success earns; 0.1 by default: one retry for ten successes.
         *
         * @param share 0 to 1
         * @return this
         */
        public Builder ratio(double share) {
            ratio = share;
            return this;
        }

        /**
         * Sets how many retries a second are always allowed, so that a program with little traffic may try again too; 0.1
         * by default. Mind that each client of a backend has this much.
         *
         * @param retries 0 to 1,000,000
         * @return this
         */
        public Builder perSecond(double retries) {
            perSecond = retries;
            return this;
        }

        /**
         * Sets how many retries can be saved up, which is also what there is at the start; 10 by default.
         *
         * @param retries 0 to 1,000,000; 0 allows no retry at all
         * @return this
         */
        public Builder maxSaved(int retries) {
            maxSaved = retries;
            return this;
        }

        /**
         * {@return the budget}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public RetryBudget build() {
            return build(NanoClock.system());
        }

        RetryBudget build(NanoClock clock) {
            Args.check(ratio >= 0 && ratio <= 1, "ratio", ratio, "0.0 to 1.0");
            Args.check(
                    perSecond >= 0 && perSecond <= MAX_PER_SECOND, "perSecond", perSecond, "0.0 to " + MAX_PER_SECOND);
            Args.inRange("maxSaved", maxSaved, 0, MAX_SAVED);
            return new RetryBudget(this, clock);
        }
    }
}
