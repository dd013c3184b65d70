package dev.tentpole.pool;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The terms on which a {@link Pool} lends; immutable. All are checked in {@link Builder#build()}.
 *
 * @param name the pool's name, for messages, metrics and threads
 * @param minSize see {@link Builder#size}
 * @param maxSize see {@link Builder#size}
 * @param start see {@link Builder#start}
 * @param startTimeout see {@link Builder#startTimeout}
 * @param acquireTimeout see {@link Builder#acquireTimeout}
 * @param maxPending see {@link Builder#maxPending}
 * @param openTimeout see {@link Builder#openTimeout}
 * @param validateTimeout see {@link Builder#validateTimeout}
 * @param resetTimeout see {@link Builder#resetTimeout}
 * @param closeTimeout see {@link Builder#closeTimeout}
 * @param idleTimeout see {@link Builder#idleTimeout}
 * @param maxLifetime see {@link Builder#maxLifetime}
 * @param lifetimeJitter see {@link Builder#lifetimeJitter}
 * @param keepAlive see {@link Builder#keepAlive}
 * @param validateAfterIdle see {@link Builder#validateAfterIdle}
 * @param validateOnReturn see {@link Builder#validateOnReturn}
 * @param maxOpening see {@link Builder#maxOpening}
 * @param firstBackoff see {@link Builder#backoff}
 * @param maxBackoff see {@link Builder#backoff}
 * @param circuitAfter see {@link Builder#circuitAfter}
 * @param maxAbandoned see {@link Builder#maxAbandoned}
 * @param leakThreshold see {@link Builder#leakThreshold}
 * @param traceLeases see {@link Builder#traceLeases}
 * @param onLeak see {@link Builder#onLeak}
 * @param drainTimeout see {@link Builder#drainTimeout}
 */
public record PoolSettings(
        String name,
        int minSize,
        int maxSize,
        Start start,
        Duration startTimeout,
        Duration acquireTimeout,
        int maxPending,
        Duration openTimeout,
        Duration validateTimeout,
        Duration resetTimeout,
        Duration closeTimeout,
        Duration idleTimeout,
        Duration maxLifetime,
        double lifetimeJitter,
        Duration keepAlive,
        Duration validateAfterIdle,
        boolean validateOnReturn,
        int maxOpening,
        Duration firstBackoff,
        Duration maxBackoff,
        int circuitAfter,
        int maxAbandoned,
        Duration leakThreshold,
        int traceLeases,
        Consumer<Leak> onLeak,
        Duration drainTimeout) {

    static final int LARGEST_POOL = 10_000;

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    /** When a pool opens its first objects. */
    public enum Start {
        /** Nothing is opened before the first borrower comes; from then on there is the minimum. */
        LAZY,
        /** The minimum is opened in background, over and over until that succeeds. */
        BACKGROUND,
        /** {@link Pool#open} waits for the minimum, at least one object, and throws if it is not there in time. */
        FAIL_FAST
    }

    /**
     * Checks all settings; {@link #named} makes it easier.
     *
     * @param name the pool's name
     * @param minSize as in the builder
     * @param maxSize as in the builder
     * @param start as in the builder
     * @param startTimeout as in the builder
     * @param acquireTimeout as in the builder
     * @param maxPending as in the builder
     * @param openTimeout as in the builder
     * @param validateTimeout as in the builder
     * @param resetTimeout as in the builder
     * @param closeTimeout as in the builder
     * @param idleTimeout as in the builder
     * @param maxLifetime as in the builder
     * @param lifetimeJitter as in the builder
     * @param keepAlive as in the builder
     * @param validateAfterIdle as in the builder
     * @param validateOnReturn as in the builder
     * @param maxOpening as in the builder
     * @param firstBackoff as in the builder
     * @param maxBackoff as in the builder
     * @param circuitAfter as in the builder
     * @param maxAbandoned as in the builder
     * @param leakThreshold as in the builder
     * @param traceLeases as in the builder
     * @param onLeak as in the builder
     * @param drainTimeout as in the builder
     * @throws IllegalArgumentException if one is out of range; the message gives name, value and range
     */
    public PoolSettings {
        Args.notBlank("name", name);
        Args.inRange("maxSize", maxSize, 1, LARGEST_POOL);
        Args.inRange("minSize", minSize, 0, maxSize);
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(onLeak, "onLeak");
        Args.inRange("startTimeout", startTimeout, SHORTEST, LONGEST);
        Args.inRange("acquireTimeout", acquireTimeout, Duration.ZERO, LONGEST);
        Args.inRange("maxPending", maxPending, 1, 10_000_000);
        Args.inRange("openTimeout", openTimeout, SHORTEST, LONGEST);
        Args.inRange("validateTimeout", validateTimeout, SHORTEST, LONGEST);
        Args.inRange("resetTimeout", resetTimeout, SHORTEST, LONGEST);
        Args.inRange("closeTimeout", closeTimeout, SHORTEST, LONGEST);
        zeroOrInRange("idleTimeout", idleTimeout, Duration.ofMillis(100));
        zeroOrInRange("maxLifetime", maxLifetime, Duration.ofMillis(100));
        Args.check(lifetimeJitter >= 0 && lifetimeJitter <= 0.5, "lifetimeJitter", lifetimeJitter, "0 to 0.5");
        zeroOrInRange("keepAlive", keepAlive, Duration.ofMillis(100));
        Args.inRange("validateAfterIdle", validateAfterIdle, Duration.ZERO, LONGEST);
        Args.inRange("maxOpening", maxOpening, 1, 1_000);
        Args.inRange("firstBackoff", firstBackoff, SHORTEST, LONGEST);
        Args.inRange("maxBackoff", maxBackoff, firstBackoff, LONGEST);
        Args.inRange("circuitAfter", circuitAfter, 1, 1_000);
        Args.inRange("maxAbandoned", maxAbandoned, 0, 1_000);
        zeroOrInRange("leakThreshold", leakThreshold, Duration.ofMillis(100));
        Args.inRange("traceLeases", traceLeases, 0, 1_000_000);
        Args.inRange("drainTimeout", drainTimeout, Duration.ZERO, LONGEST);
    }

    private static void zeroOrInRange(String name, Duration value, Duration min) {
        if (!Objects.requireNonNull(value, name).isZero()) {
            Args.inRange(name + " (zero for never, else)", value, min, LONGEST);
        }
    }

    /**
     * {@return a builder with the default settings}
     *
     * @param name the pool's name, not blank
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects settings; not safe for use by several threads. */
    public static final class Builder {

        private final String name;
        private int minSize = 1;
        private int maxSize = 10;
        private Start start = Start.BACKGROUND;
        private Duration startTimeout = Duration.ofSeconds(30);
        private Duration acquireTimeout = Duration.ofSeconds(30);
        private int maxPending = 10_000;
        private Duration openTimeout = Duration.ofSeconds(10);
        private Duration validateTimeout = Duration.ofSeconds(5);
        private Duration resetTimeout = Duration.ofSeconds(5);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration idleTimeout = Duration.ofMinutes(10);
        private Duration maxLifetime = Duration.ofMinutes(30);
        private double lifetimeJitter = 0.1;
        private Duration keepAlive = Duration.ofMinutes(2);
        private Duration validateAfterIdle = Duration.ofMillis(500);
        private boolean validateOnReturn;
        private int maxOpening = 2;
        private Duration firstBackoff = Duration.ofMillis(10);
        private Duration maxBackoff = Duration.ofSeconds(1);
        private int circuitAfter = 5;
        private int maxAbandoned = 8;
        private Duration leakThreshold = Duration.ZERO;
        private int traceLeases;
        private Consumer<Leak> onLeak = leak -> {};
        private Duration drainTimeout = Duration.ofSeconds(10);

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Sets how many objects there are: at least the minimum, idle or lent, even if nobody asks, and never more than
         * the maximum, those that are being opened and closed included.
         *
         * @param min 0 to {@code max}; default 1
         * @param max 1 to 10,000; default 10
         * @return this
         */
        public Builder size(int min, int max) {
            minSize = min;
            maxSize = max;
            return this;
        }

        /**
         * Sets when the first objects are opened.
         *
         * @param value default {@link Start#BACKGROUND}
         * @return this
         */
        public Builder start(Start value) {
            start = value;
            return this;
        }

        /**
         * Sets how long {@link Start#FAIL_FAST} goes on trying. The first attempt has its {@link #openTimeout} in any case; a
         * failure after this time is the last one.
         *
         * @param value 1 ms to 365 days; default 30 s
         * @return this
         */
        public Builder startTimeout(Duration value) {
            startTimeout = value;
            return this;
        }

        /**
         * Sets how long {@link Pool#acquire()} waits for an object at most.
         *
         * @param value 0 to 365 days; default 30 s
         * @return this
         */
        public Builder acquireTimeout(Duration value) {
            acquireTimeout = value;
            return this;
        }

        /**
         * Sets how many borrowers may wait; further ones are refused at once.
         *
         * @param value 1 to 10,000,000; default 10,000
         * @return this
         */
        public Builder maxPending(int value) {
            maxPending = value;
            return this;
        }

        /**
         * Sets how long {@link Allocator#open} may take.
         *
         * @param value 1 ms to 365 days; default 10 s
         * @return this
         */
        public Builder openTimeout(Duration value) {
            openTimeout = value;
            return this;
        }

        /**
         * Sets how long {@link Allocator#validate} may take.
         *
         * @param value 1 ms to 365 days; default 5 s
         * @return this
         */
        public Builder validateTimeout(Duration value) {
            validateTimeout = value;
            return this;
        }

        /**
         * Sets how long {@link Allocator#reset} may take.
         *
         * @param value 1 ms to 365 days; default 5 s
         * @return this
         */
        public Builder resetTimeout(Duration value) {
            resetTimeout = value;
            return this;
        }

        /**
         * Sets how long {@link Allocator#close} may take before the object counts as closed.
         *
         * @param value 1 ms to 365 days; default 5 s
         * @return this
         */
        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        /**
         * Sets after how long without a borrower an object above the minimum is closed.
         *
         * @param value 100 ms to 365 days, or zero for never; default 10 min
         * @return this
         */
        public Builder idleTimeout(Duration value) {
            idleTimeout = value;
            return this;
        }

        /**
         * Sets how long after its opening an object is closed, if it is lent then: when it comes back. Before that, in
         * the last tenth of its life, it is replaced while others are idle, so that no borrower waits for the opening.
         *
         * @param value 100 ms to 365 days, or zero for ever; default 30 min
         * @return this
         */
        public Builder maxLifetime(Duration value) {
            maxLifetime = value;
            return this;
        }

        /**
         * Sets by which part at most a lifetime is shortened at random, so that objects do not all end at once.
         *
         * @param value 0 to 0.5; default 0.1
         * @return this
         */
        public Builder lifetimeJitter(double value) {
            lifetimeJitter = value;
            return this;
        }

        /**
         * Sets how often an idle object is validated in background, a random tenth of that sooner.
         *
         * @param value 100 ms to 365 days, or zero for never; default 2 min
         * @return this
         */
        public Builder keepAlive(Duration value) {
            keepAlive = value;
            return this;
        }

        /**
         * Sets how long an object must have been idle to be validated before it is lent; zero validates always. Told by
         * the coarse clock, exact to 10 ms.
         *
         * @param value 0 to 365 days; default 500 ms
         * @return this
         */
        public Builder validateAfterIdle(Duration value) {
            validateAfterIdle = value;
            return this;
        }

        /**
         * Sets whether objects are validated when they come back; the borrower waits for it.
         *
         * @param value default false
         * @return this
         */
        public Builder validateOnReturn(boolean value) {
            validateOnReturn = value;
            return this;
        }

        /**
         * Sets how many objects are opened at the same time at most.
         *
         * @param value 1 to 1,000; default 2
         * @return this
         */
        public Builder maxOpening(int value) {
            maxOpening = value;
            return this;
        }

        /**
         * Sets how long to wait after a failure to open: the first time for the first, then twice as long after each
         * further one, and a random half of that less.
         *
         * @param first 1 ms to {@code max}; default 10 ms
         * @param max up to 365 days; default 1 s
         * @return this
         */
        public Builder backoff(Duration first, Duration max) {
            firstBackoff = first;
            maxBackoff = max;
            return this;
        }

        /**
         * Sets how many failures in a row open the circuit: from then on, until one succeeds, a single attempt is made at
         * a time.
         *
         * @param value 1 to 1,000; default 5
         * @return this
         */
        public Builder circuitAfter(int value) {
            circuitAfter = value;
            return this;
        }

        /**
         * Sets how many threads may be stuck in calls past their timeout before such calls keep the place of their
         * object as well. Beyond it single attempts to open are given up nevertheless, so that a target that is well again
         * is found though nothing returns: the first one at its timeout, the next ones after the longest backoff, which
         * doubles with each of them until fewer are stuck. So the pool has at most that many threads more than objects, and
         * in an hour of hanging a dozen on top, in a year two dozen.
         *
         * @param value 0 to 1,000; default 8
         * @return this
         */
        public Builder maxAbandoned(int value) {
            maxAbandoned = value;
            return this;
        }

        /**
         * Sets how long a lease may be out before it is reported as {@link Leak.Kind#HELD}. Lost leases are found and
         * reported in any case.
         *
         * @param value 100 ms to 365 days, or zero for never; default never
         * @return this
         */
        public Builder leakThreshold(Duration value) {
            leakThreshold = value;
            return this;
        }

        /**
         * Sets for how many leases of an object a stack trace is taken when it is lent, for the report of a leak.
         *
         * @param value 0 for none, 1 for all, n for one of n; up to 1,000,000; default 0
         * @return this
         */
        public Builder traceLeases(int value) {
            traceLeases = value;
            return this;
        }

        /**
         * Sets whom to tell of leaks, besides the log. Called on the pool's housekeeping thread; must not wait. What it
         * throws is logged.
         *
         * @param value default nobody
         * @return this
         */
        public Builder onLeak(Consumer<Leak> value) {
            onLeak = value;
            return this;
        }

        /**
         * Sets how long {@link Pool#close()} waits for leases to come back.
         *
         * @param value 0 to 365 days; default 10 s
         * @return this
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = value;
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if one is out of range; the message gives name, value and range
         * @throws NullPointerException if one is null
         */
        public PoolSettings build() {
            return new PoolSettings(
                    name,
                    minSize,
                    maxSize,
                    start,
                    startTimeout,
                    acquireTimeout,
                    maxPending,
                    openTimeout,
                    validateTimeout,
                    resetTimeout,
                    closeTimeout,
                    idleTimeout,
                    maxLifetime,
                    lifetimeJitter,
                    keepAlive,
                    validateAfterIdle,
                    validateOnReturn,
                    maxOpening,
                    firstBackoff,
                    maxBackoff,
                    circuitAfter,
                    maxAbandoned,
                    leakThreshold,
                    traceLeases,
                    onLeak,
                    drainTimeout);
        }
    }
}
