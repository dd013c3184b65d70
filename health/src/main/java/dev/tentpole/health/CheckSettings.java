package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one check is named, weighed, scheduled and judged. Immutable.
 *
 * <p>Begin with {@link #local} or {@link #remote}; the two differ in the default timeout and in what {@link Group#LIVE}
 * takes.
 */
public final class CheckSettings {

    private static final double WEIGHT_UNITS = 1_000;
    private static final int LONGEST_NAME = 100;
    private static final int MAX_NAMES = 100;

    /** Where the thing is that a check looks at. */
    public enum Kind {
        /** In this process or on this machine. */
        LOCAL,
        /** Somewhere else, so that its trouble is not this process's fault. */
        REMOTE
    }

    private final String name;
    private final Kind kind;
    private final double weight;
    private final boolean critical;
    private final Duration interval;
    private final Duration intervalWhenFailing;
    private final Duration timeout;
    private final Duration staleAfter;
    private final double jitter;
    private final int failureThreshold;
    private final int successThreshold;
    private final Set<Group> groups;
    private final Set<String> dependsOn;
    private final @Nullable String liveReason;

    private CheckSettings(Builder builder) {
        name = builder.name;
        kind = builder.kind;
        weight = builder.weight;
        critical = builder.critical;
        interval = builder.interval;
        intervalWhenFailing = builder.intervalWhenFailing();
        timeout = builder.timeout();
        staleAfter = builder.staleAfter();
        jitter = builder.jitter;
        failureThreshold = builder.failureThreshold;
        successThreshold = builder.successThreshold;
        groups = Collections.unmodifiableSet(new LinkedHashSet<>(builder.groups));
        dependsOn = Collections.unmodifiableSet(new LinkedHashSet<>(builder.dependsOn));
        liveReason = builder.liveReason;
    }

    /**
     * {@return a builder for a check of something in this process or on this machine; timeout 1 s}
     *
     * @param name the check's name: at most 100 letters, digits or {@code . _ / : -}
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static Builder local(String name) {
        return new Builder(name, Kind.LOCAL);
    }

    /**
     * {@return a builder for a check of something elsewhere; timeout 3 s}
     *
     * @param name the check's name: at most 100 letters, digits or {@code . _ / : -}
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static Builder remote(String name) {
        return new Builder(name, Kind.REMOTE);
    }

    /**
     * {@return the check's name}
     */
    public String name() {
        return name;
    }

    /**
     * {@return where the thing is that the check looks at}
     */
    public Kind kind() {
        return kind;
    }

    /**
     * {@return how much the check counts in its groups' score}
     */
    public double weight() {
        return weight;
    }

    /** The weight in thousandths: scores are reckoned in integers. */
    long weightUnits() {
        return Math.round(weight * WEIGHT_UNITS);
    }

    /**
     * {@return whether the check alone decides: unhealthy, it makes its groups unhealthy}
     */
    public boolean isCritical() {
        return critical;
    }

    /**
     * {@return the time from one run to the next while the check is healthy}
     */
    public Duration interval() {
        return interval;
    }

    /**
     * {@return the time from one run to the next while the check is not healthy}
     */
    public Duration intervalWhenFailing() {
        return intervalWhenFailing;
    }

    /**
     * {@return how long one run may take}
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * {@return the age at which a result is no longer believed}
     */
    public Duration staleAfter() {
        return staleAfter;
    }

    /**
     * {@return by which part of itself each interval is lengthened or shortened at random}
     */
    public double jitter() {
        return jitter;
    }

    /**
     * {@return how many results in a row, all worse than the present status, worsen it}
     */
    public int failureThreshold() {
        return failureThreshold;
    }

    /**
     * {@return how many results in a row, all better than the present status, better it}
     */
    public int successThreshold() {
        return successThreshold;
    }

    /**
     * {@return the groups that the check is in, besides {@link Group#FULL}; not modifiable}
     */
    public Set<Group> groups() {
        return groups;
    }

    /**
     * {@return the names of the checks whose trouble explains this one's; not modifiable}
     */
    public Set<String> dependsOn() {
        return dependsOn;
    }

    /**
     * {@return why a remote check may be in {@link Group#LIVE}, if it may}
     */
    public Optional<String> liveReason() {
        return Optional.ofNullable(liveReason);
    }

    @Override
    public String toString() {
        return "CheckSettings[" + name + ", " + kind + ", weight=" + weight + (critical ? ", critical" : "") + "]";
    }

    /**
     * Builds {@link CheckSettings}. Not safe for use by several threads.
     */
    public static final class Builder {

        private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
        private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
        private static final Duration DEFAULT_INTERVAL_WHEN_FAILING = Duration.ofSeconds(5);
        private static final Duration LOCAL_TIMEOUT = Duration.ofSeconds(1);
        private static final Duration REMOTE_TIMEOUT = Duration.ofSeconds(3);
        private static final double MAX_WEIGHT = 1_000_000;
        private static final int MAX_THRESHOLD = 1_000;

        private final String name;
        private final Kind kind;
        private double weight = 1;
        private boolean critical;
        private Duration interval = Duration.ofSeconds(10);
        private @Nullable Duration intervalWhenFailing;
        private @Nullable Duration timeout;
        private @Nullable Duration staleAfter;
        private double jitter = 0.1;
        private int failureThreshold = 3;
        private int successThreshold = 2;
        private Set<Group> groups = Set.of(Group.READY);
        private Set<String> dependsOn = Set.of();
        private @Nullable String liveReason;

        private Builder(String name, Kind kind) {
            this.name = Names.check("name", name, LONGEST_NAME);
            this.kind = kind;
        }

        /**
         * Sets how much the check counts in its groups' score.
         *
         * @param value 0 (shown, but not counted) or 0.001 to 1,000,000; default 1; counted in thousandths
         * @return this builder
         */
        public Builder weight(double value) {
            weight = value;
            return this;
        }

        /**
         * Sets whether the check alone decides: while it is unhealthy, so are its groups, whatever the score; while it is
         * degraded, they are at best degraded.
         *
         * @param value default false
         * @return this builder
         */
        public Builder critical(boolean value) {
            critical = value;
            return this;
        }

        /**
         * Sets the time from the start of one run to the start of the next while the check is healthy.
         *
         * @param value 100 ms to 1 day; default 10 s
         * @return this builder
         */
        public Builder interval(Duration value) {
            interval = Objects.requireNonNull(value, "interval");
            return this;
        }

        /**
         * Sets the time from the start of one run to the start of the next while the check is not healthy.
         *
         * @param value 100 ms to 1 day; default 5 s, or the interval if that is shorter
         * @return this builder
         */
        public Builder intervalWhenFailing(Duration value) {
            intervalWhenFailing = Objects.requireNonNull(value, "intervalWhenFailing");
            return this;
        }

        /**
         * Sets how long one run may take; later answers count as a failure, and the run's thread is interrupted.
         *
         * @param value 1 ms to the shorter of the two intervals; default 1 s for a local check and 3 s for a remote one,
         *     or the shorter interval if that is less
         * @return this builder
         */
        public Builder timeout(Duration value) {
            timeout = Objects.requireNonNull(value, "timeout");
            return this;
        }

        /**
         * Sets the age at which a result is no longer believed and the check is {@link Status#STALE}.
         *
         * @param value at least the longest time between two results of a check that is on schedule: the longer interval
         *     with its jitter, and the timeout; at most 30 days; default three intervals and the timeout
         * @return this builder
         */
        public Builder staleAfter(Duration value) {
            staleAfter = Objects.requireNonNull(value, "staleAfter");
            return this;
        }

        /**
         * Sets by which part of itself each interval is lengthened or shortened at random, so that checks and processes
         * that started together drift apart.
         *
         * @param value 0 to 0.5; default 0.1
         * @return this builder
         */
        public Builder jitter(double value) {
            jitter = value;
            return this;
        }

        /**
         * Sets how many results in a row, all worse than the present status, worsen it; to the best of them. The first
         * result of all, and the first after the check was stale, is taken at its word.
         *
         * @param value 1 to 1,000; default 3
         * @return this builder
         */
        public Builder failureThreshold(int value) {
            failureThreshold = value;
            return this;
        }

        /**
         * Sets how many results in a row, all better than the present status, better it; to the worst of them.
         *
         * @param value 1 to 1,000; default 2
         * @return this builder
         */
        public Builder successThreshold(int value) {
            successThreshold = value;
            return this;
        }

        /**
         * Sets the groups that the check is in; it is in {@link Group#FULL} besides.
         *
         * @param values the groups, maybe none; default {@link Group#READY}
         * @return this builder
         */
        public Builder groups(Group... values) {
            groups = new LinkedHashSet<>(List.of(values));
            return this;
        }

        /**
         * Sets the names of the checks whose trouble explains this one's. The report then names them as the root cause.
         *
         * @param names names of other checks of the same registry, at most 100; default none
         * @return this builder
         */
        public Builder dependsOn(String... names) {
            dependsOn = new LinkedHashSet<>(Arrays.asList(names));
            return this;
        }

        /**
         * Lets a remote check into {@link Group#LIVE}, which takes local ones only: a trouble of the remote thing will get
         * this process restarted, and every other process that has such a check.
         *
         * @param reason why that is right here, not blank
         * @return this builder
         */
        public Builder liveDespiteRemote(String reason) {
            liveReason = Args.notBlank("liveDespiteRemote", reason);
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if a setting is out of range or two contradict each other; the message names
         *     the setting, its value and what is allowed
         * @throws HealthException if a remote check is in {@link Group#LIVE} without a reason
         */
        public CheckSettings build() {
            boolean weighs = weight == 0 || (weight >= 1 / WEIGHT_UNITS && weight <= MAX_WEIGHT);
            Args.check(weighs, "weight", weight, "0 or in 0.001..1000000 (check " + name + ")");
            Args.inRange("interval", interval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
            Args.inRange("intervalWhenFailing", intervalWhenFailing(), SHORTEST_INTERVAL, LONGEST_INTERVAL);
            Args.check(
                    timeout().compareTo(Duration.ofMillis(1)) >= 0 && timeout().compareTo(shorterInterval()) <= 0,
                    "timeout",
                    timeout(),
                    "at least PT0.001S and not longer than the shorter interval " + shorterInterval() + " (check "
                            + name + ")");
            Args.check(jitter >= 0 && jitter <= 0.5, "jitter", jitter, "in 0..0.5 (check " + name + ")");
            Args.inRange("staleAfter", staleAfter(), longestSilence(), Duration.ofDays(30));
            Args.inRange("failureThreshold", failureThreshold, 1, MAX_THRESHOLD);
            Args.inRange("successThreshold", successThreshold, 1, MAX_THRESHOLD);
            Args.inRange("groups", groups.size(), 0, MAX_NAMES);
            Args.inRange("dependsOn", dependsOn.size(), 0, MAX_NAMES);
            if (kind == Kind.REMOTE && groups.contains(Group.LIVE) && liveReason == null) {
                throw new HealthException(
                        HealthException.Problem.REMOTE_IN_LIVE,
                        name,
                        "groups of check " + name + " hold live, which takes local checks only: a restart does not mend"
                                + " what is elsewhere; liveDespiteRemote(reason) overrides it");
            }
            return new CheckSettings(this);
        }

        private Duration intervalWhenFailing() {
            return intervalWhenFailing == null ? shorter(DEFAULT_INTERVAL_WHEN_FAILING, interval) : intervalWhenFailing;
        }

        private Duration shorterInterval() {
            return shorter(interval, intervalWhenFailing());
        }

        private Duration timeout() {
            Duration usual = kind == Kind.LOCAL ? LOCAL_TIMEOUT : REMOTE_TIMEOUT;
            return timeout == null ? shorter(usual, shorterInterval()) : timeout;
        }

        private Duration staleAfter() {
            Duration usual = longerInterval().multipliedBy(3).plus(timeout());
            return staleAfter == null ? usual : staleAfter;
        }

        private Duration longerInterval() {
            return interval.compareTo(intervalWhenFailing()) >= 0 ? interval : intervalWhenFailing();
        }

        private Duration longestSilence() {
            long nanos = longerInterval().toNanos();
            return Duration.ofNanos(nanos + Math.round(nanos * jitter)).plus(timeout());
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) <= 0 ? one : other;
        }
    }
}
