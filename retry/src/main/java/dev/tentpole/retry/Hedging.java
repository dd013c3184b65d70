package dev.tentpole.retry;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Starts a second attempt beside one that takes unusually long, and takes the good answer that comes first. Immutable.
 *
 * <p>"Unusually long" is a quantile of recent attempts that succeeded (Dean and Barroso, "The Tail at Scale", CACM 2013).
 * Only idempotent operations are hedged; a budget keeps hedges a small share of calls; the loser is cancelled by interrupting
 * its thread. There is no hedge before enough attempts have been measured.
 *
 * <p>A hedge that fails, be it by its result, changes nothing for the attempt. An attempt that fails beside its hedge has
 * succeeded if the hedge does; the hedge has no longer for that than attempts usually take, and no time at all if such a
 * failure is not tried again. A breaker is told of both.
 */
public final class Hedging {

    private final double quantile;
    private final Duration minDelay;
    private final int minSamples;
    private final int maxHedges;
    private final @Nullable RetryBudget budget;

    private Hedging(Builder builder) {
        quantile = builder.quantile;
        minDelay = builder.minDelay;
        minSamples = builder.minSamples;
        maxHedges = builder.maxHedges;
        budget = builder.budget;
    }

    /**
     * {@return one hedge after the 95th percentile, at least 1 ms, for at most 5 % of calls}
     */
    public static Hedging standard() {
        return builder().build();
    }

    /**
     * {@return a builder that begins with {@link #standard}}
     */
    public static Builder builder() {
        return new Builder();
    }

    double quantile() {
        return quantile;
    }

    long minDelayNanos() {
        return minDelay.toNanos();
    }

    int minSamples() {
        return minSamples;
    }

    int maxHedges() {
        return maxHedges;
    }

    @Nullable
    RetryBudget budget() {
        return budget;
    }

    /** Collects the settings of {@link Hedging}. Not safe for use by several threads. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(1);

        private double quantile = 0.95;
        private Duration minDelay = Duration.ofMillis(1);
        private int minSamples = 50;
        private int maxHedges = 1;
        private @Nullable RetryBudget budget;

        private Builder() {}

        /**
         * Sets after which quantile of recent times an attempt is unusually long; 0.95 by default.
         *
         * @param share 0.5 to 0.999
         * @return this
         */
        public Builder quantile(double share) {
            quantile = share;
            return this;
        }

        /**
         * Sets how long a hedge waits at least, whatever the quantile; 1 ms by default.
         *
         * @param time 0 to 1 day
         * @return this
         */
        public Builder minDelay(Duration time) {
            minDelay = Objects.requireNonNull(time, "minDelay");
            return this;
        }

        /**
         * Sets how many attempts must have been measured; 50 by default.
         *
         * @param attempts 1 to 1,000
         * @return this
         */
        public Builder minSamples(int attempts) {
            minSamples = attempts;
            return this;
        }

        /**
         * Sets how many hedges an attempt may have, one after each further time of the quantile; 1 by default. One that is
         * refused then, by the budget or a guard, is not made up for.
         *
         * @param hedges 1 to 4
         * @return this
         */
        public Builder maxHedges(int hedges) {
            maxHedges = hedges;
            return this;
        }

        /**
         * Sets the budget of hedges; by default one of its own: 5 % of successes, 10 at once, none by time.
         *
         * @param hedges the budget
         * @return this
         */
        public Builder budget(RetryBudget hedges) {
            budget = Objects.requireNonNull(hedges, "budget");
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if a setting is out of its range, with its name, value and range
         */
        public Hedging build() {
            Args.check(quantile >= 0.5 && quantile <= 0.999, "quantile", quantile, "0.5 to 0.999");
            Args.inRange("minDelay", minDelay, Duration.ZERO, LONGEST);
            Args.inRange("minSamples", minSamples, 1, RecentTimes.HALF);
            Args.inRange("maxHedges", maxHedges, 1, 4);
            return new Hedging(this);
        }
    }
}
