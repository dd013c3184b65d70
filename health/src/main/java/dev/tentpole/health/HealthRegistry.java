package dev.tentpole.health;

import dev.tentpole.base.Args;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs checks on a schedule and answers at once, from memory, how they are.
 *
 * <p>{@link #report()} never runs a check, never waits, and never shows a result as fresh that is too old: age is judged
 * when the report is read, not when the scheduler gets round to it. A check runs at most once at a time. One that hangs
 * is interrupted after its timeout and counted as failed; it delays no other check. All changes of status are told to
 * listeners, once and in order.
 *
 * <p>Threads, all daemons: one that schedules, one for listeners, at most {@link Builder#checkThreads checkThreads} and
 * {@link Builder#maxAbandoned maxAbandoned} for checks, and the one of the coarse clock. Close the registry to end them.
 * Safe for use by several threads.
 */
public final class HealthRegistry implements AutoCloseable {

    private final Engine engine;

    private HealthRegistry(Engine engine) {
        this.engine = engine;
    }

    /**
     * {@return a builder with the default settings and no checks}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return what is known now, from memory}
     *
     * <p>While nothing changes this is one read of a field and one comparison with the time, whatever the number of
     * checks, and allocates nothing. It takes no lock that anyone could hold while waiting, and does no input or output.
     * The time is that of a clock that is at most about 10 ms behind, unless {@link Builder#preciseReads} is set. A
     * closed registry goes on to answer; its results grow stale.
     */
    public HealthReport report() {
        return engine.report();
    }

    /**
     * Adds a check; its first run is due at once or later, within {@link Builder#startSpread}.
     *
     * @param settings the check's name and terms
     * @param check what to run
     * @throws HealthException if the name is taken, a group or dependency is unknown, there are too many checks, or the
     *     registry is closed; nothing has changed then
     */
    public void register(CheckSettings settings, HealthCheck check) {
        engine.register(Objects.requireNonNull(settings, "settings"), Objects.requireNonNull(check, "check"));
    }

    /**
     * Removes a check; if it is running it is interrupted, and what it brings is not used. The report is as if the check
     * had never been there.
     *
     * @param name the check's name
     * @return whether there was such a check
     * @throws HealthException if other checks depend on it; nothing has changed then
     */
    public boolean unregister(String name) {
        return engine.unregister(name);
    }

    /**
     * Runs a check now and waits for the result; if it is running already, waits for that run instead. If the last result
     * is younger than {@link Builder#refreshCooldown}, or an abandoned run has not returned, nothing is run.
     *
     * @param name the check's name
     * @param longest how long to wait at most; the run goes on after that
     * @return the check's report after the run, or after the wait
     * @throws HealthException if there is no such check, or the registry is closed
     * @throws InterruptedException if the thread is interrupted while it waits; the run goes on
     */
    public CheckReport refresh(String name, Duration longest) throws InterruptedException {
        Run run = engine.refresh(name);
        if (run != null) {
            run.done.await(Deadline.after(longest, NanoClock.system()).remainingNanos(), TimeUnit.NANOSECONDS);
        }
        return report().check(name)
                .orElseThrow(() -> new HealthException(
                        HealthException.Problem.UNKNOWN_CHECK, name, "check " + name + " was unregistered meanwhile"));
    }

    /**
     * Runs all checks now, side by side, and waits for their results, by the rules of {@link #refresh}. Good for a start
     * that wants to know soon.
     *
     * @param longest how long to wait at most, for all together; the runs go on after that
     * @return the report after the runs, or after the wait
     * @throws HealthException if the registry is closed
     * @throws InterruptedException if the thread is interrupted while it waits; the runs go on
     */
    public HealthReport refreshAll(Duration longest) throws InterruptedException {
        Deadline deadline = Deadline.after(longest, NanoClock.system());
        for (Run run : engine.refreshAll()) {
            run.done.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        }
        return report();
    }

    /**
     * Says that a real use of a dependency has just succeeded. Counts like a healthy result, and the check's next run is
     * put off by a whole interval: where there is traffic, nobody probes.
     *
     * <p>Cheap enough for each query: a success on a healthy check whose last result is healthy and younger than a tenth
     * of its interval changes nothing, and costs one look at a field. Does nothing on a closed registry.
     *
     * @param name the check's name
     * @return whether there is such a check
     */
    public boolean recordSuccess(String name) {
        return engine.record(name, CheckResult.healthy());
    }

    /**
     * Says that a real use of a dependency has just failed. Counts like an unhealthy result; the check's next run is due
     * within the interval for failing checks.
     *
     * <p>Report what the dependency is to blame for, not a caller's bad query: the check's failure threshold is reached by
     * that many failures without a success between them, however soon they follow each other.
     *
     * @param name the check's name
     * @param reason why
     * @param message a few words for authorised readers, without secrets
     * @return whether there is such a check
     */
    public boolean recordFailure(String name, ReasonCategory reason, String message) {
        return engine.record(name, CheckResult.unhealthy(reason, message));
    }

    /**
     * Puts a person's word in the place of a check's results, until it ends, is replaced or is lifted. The check goes on
     * to run meanwhile.
     *
     * @param name the check's name
     * @param override what to show, who says so, why and until when
     * @throws HealthException if there is no such check
     * @throws IllegalArgumentException if the override's end is not ahead, or more than 30 days ahead
     */
    public void override(String name, ManualOverride override) {
        engine.override(name, Objects.requireNonNull(override, "override"));
    }

    /**
     * Lifts a check's override, if it has one.
     *
     * @param name the check's name
     * @throws HealthException if there is no such check
     */
    public void clearOverride(String name) {
        engine.override(name, null);
    }

    /**
     * Says that this process is about to stop: from now on every group but {@link Group#LIVE} and {@link Group#STARTUP} is
     * {@link Status#LAME_DUCK}, so that no new work is sent here. Checks go on. There is no way back; {@link #close} does
     * it as well.
     */
    public void lameDuck() {
        engine.lameDuck();
    }

    /**
     * Adds a listener for the transitions that are not delivered yet. Adding it again has no effect.
     *
     * @param listener whom to tell
     */
    public void addListener(TransitionListener listener) {
        engine.dispatcher().addListener(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener; a delivery that has begun goes on.
     *
     * @param listener whom to tell no longer
     */
    public void removeListener(TransitionListener listener) {
        engine.dispatcher().removeListener(listener);
    }

    /**
     * {@return how many runs have passed their timeout, or lost their check, and have not returned: each holds a thread}
     */
    public int abandonedRuns() {
        return engine.abandoned();
    }

    /**
     * {@return how many transitions were not delivered since the listeners were too slow for
     * {@link Builder#maxPendingTransitions}, or the registry was closed}
     */
    public long droppedTransitions() {
        return engine.dispatcher().dropped();
    }

    /**
     * Stops: interrupts the checks that run, delivers the transitions that wait, ends the threads. Returns within
     * {@link Builder#closeTimeout}, also if a check or a listener hangs; its daemon thread is then left to itself.
     * Closing twice is harmless. If the calling thread is interrupted it does not wait, and stays interrupted.
     */
    @Override
    public void close() {
        engine.close();
    }

    Engine engine() {
        return engine;
    }

    /**
     * Builds a {@link HealthRegistry}. Not safe for use by several threads.
     */
    public static final class Builder {

        private static final int MAX_CHECKS = 10_000;
        private static final int MAX_GROUPS = 100;
        private static final int MAX_THREADS = 1_000;
        private static final int FULL_SCORE = Aggregation.FULL_SCORE;

        private final List<CheckSettings> settings = new ArrayList<>();
        private final List<HealthCheck> checks = new ArrayList<>();
        private final Set<Group> groups =
                new LinkedHashSet<>(List.of(Group.LIVE, Group.READY, Group.STARTUP, Group.FULL));
        private final List<TransitionListener> listeners = new ArrayList<>();
        private int degradedBelow = 9_000;
        private int unhealthyBelow = 5_000;
        private int minimumCoverage = 5_000;
        private int checkThreads = 16;
        private int maxAbandoned = 8;
        private int maxChecks = 1_000;
        private int maxPendingTransitions = 10_000;
        private Duration startSpread = Duration.ofSeconds(10);
        private Duration refreshCooldown = Duration.ofSeconds(1);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private boolean preciseReads;

        private Builder() {}

        /**
         * Adds a check. The order does not matter for {@code dependsOn}; it is that of the report.
         *
         * @param checkSettings the check's name and terms
         * @param check what to run
         * @return this builder
         */
        public Builder check(CheckSettings checkSettings, HealthCheck check) {
            settings.add(Objects.requireNonNull(checkSettings, "settings"));
            checks.add(Objects.requireNonNull(check, "check"));
            return this;
        }

        /**
         * Makes a group of your own known, besides the four that every registry has.
         *
         * @param group the group; at most 100 in all
         * @return this builder
         */
        public Builder group(Group group) {
            groups.add(Objects.requireNonNull(group, "group"));
            return this;
        }

        /**
         * Adds a listener from the start. Adding it again has no effect.
         *
         * @param listener whom to tell of transitions
         * @return this builder
         */
        public Builder listener(TransitionListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets the score below which a group is degraded.
         *
         * @param basisPoints 0 to 10,000, not below {@code unhealthyBelow}; default 9,000
         * @return this builder
         */
        public Builder degradedBelow(int basisPoints) {
            degradedBelow = basisPoints;
            return this;
        }

        /**
         * Sets the score below which a group is unhealthy.
         *
         * @param basisPoints 0 to 10,000; default 5,000
         * @return this builder
         */
        public Builder unhealthyBelow(int basisPoints) {
            unhealthyBelow = basisPoints;
            return this;
        }

        /**
         * Sets the coverage below which a group's score says nothing, so that it is starting or stale instead.
         *
         * @param basisPoints 0 to 10,000; default 5,000
         * @return this builder
         */
        public Builder minimumCoverage(int basisPoints) {
            minimumCoverage = basisPoints;
            return this;
        }

        /**
         * Sets how many checks run at the same time; the others wait their turn.
         *
         * @param value 1 to 1,000; default 16
         * @return this builder
         */
        public Builder checkThreads(int value) {
            checkThreads = value;
            return this;
        }

        /**
         * Sets how many threads may be lost to hanging checks before each further one takes a place of
         * {@code checkThreads}.
         *
         * @param value 0 to 1,000; default 8
         * @return this builder
         */
        public Builder maxAbandoned(int value) {
            maxAbandoned = value;
            return this;
        }

        /**
         * Sets how many checks the registry may have.
         *
         * @param value 1 to 10,000; default 1,000
         * @return this builder
         */
        public Builder maxChecks(int value) {
            maxChecks = value;
            return this;
        }

        /**
         * Sets how many transitions may wait for a slow listener; beyond that the newest are dropped and counted.
         *
         * @param value 1 to 1,000,000; default 10,000
         * @return this builder
         */
        public Builder maxPendingTransitions(int value) {
            maxPendingTransitions = value;
            return this;
        }

        /**
         * Sets the time over which first runs are spread, for each check at most its interval: checks that start together
         * would fall due together for ever. {@link HealthRegistry#refreshAll} does not wait for it.
         *
         * @param value 0 to 1 day; default 10 s
         * @return this builder
         */
        public Builder startSpread(Duration value) {
            startSpread = Objects.requireNonNull(value, "startSpread");
            return this;
        }

        /**
         * Sets the age below which {@link HealthRegistry#refresh} is content with the last result, so that refreshing in a
         * loop does not become a flood.
         *
         * @param value 0 to 1 hour; default 1 s
         * @return this builder
         */
        public Builder refreshCooldown(Duration value) {
            refreshCooldown = Objects.requireNonNull(value, "refreshCooldown");
            return this;
        }

        /**
         * Sets how long {@link HealthRegistry#close} waits for checks and listeners.
         *
         * @param value 0 to 1 minute; default 5 s
         * @return this builder
         */
        public Builder closeTimeout(Duration value) {
            closeTimeout = Objects.requireNonNull(value, "closeTimeout");
            return this;
        }

        /**
         * Sets whether reading asks the exact clock: a read then costs some 25 ns more, and is not the 10 ms late in
         * noticing age that the coarse clock may be.
         *
         * @param value default false
         * @return this builder
         */
        public Builder preciseReads(boolean value) {
            preciseReads = value;
            return this;
        }

        /**
         * {@return a new registry, whose first checks are due at once}
         *
         * @throws IllegalArgumentException if a setting is out of range; the message names it, its value and the range
         * @throws HealthException if two checks have one name, a check names an unknown group or dependency, checks depend
         *     on each other in a circle, or there are too many
         */
        public HealthRegistry build() {
            return build(() -> new OwnSurroundings(preciseReads));
        }

        /** Nothing is started before all is checked. */
        HealthRegistry build(Supplier<Surroundings> surroundings) {
            Setup setup = setup();
            Structure.of(settings, groups);
            Engine engine = new Engine(setup, surroundings.get());
            engine.start();
            return new HealthRegistry(engine);
        }

        private Setup setup() {
            Args.inRange("unhealthyBelow", unhealthyBelow, 0, FULL_SCORE);
            Args.inRange("degradedBelow", degradedBelow, unhealthyBelow, FULL_SCORE);
            Args.inRange("minimumCoverage", minimumCoverage, 0, FULL_SCORE);
            Args.inRange("checkThreads", checkThreads, 1, MAX_THREADS);
            Args.inRange("maxAbandoned", maxAbandoned, 0, MAX_THREADS);
            Args.inRange("maxChecks", maxChecks, 1, MAX_CHECKS);
            Args.inRange("maxPendingTransitions", maxPendingTransitions, 1, 1_000_000);
            Args.inRange("startSpread", startSpread, Duration.ZERO, Duration.ofDays(1));
            Args.inRange("refreshCooldown", refreshCooldown, Duration.ZERO, Duration.ofHours(1));
            Args.inRange("closeTimeout", closeTimeout, Duration.ZERO, Duration.ofMinutes(1));
            Args.inRange("groups", groups.size(), 0, MAX_GROUPS);
            if (settings.size() > maxChecks) {
                throw new HealthException(
                        HealthException.Problem.TOO_MANY_CHECKS,
                        "",
                        settings.size() + " checks are too many: maxChecks = " + maxChecks);
            }
            return new Setup(
                    List.copyOf(settings),
                    List.copyOf(checks),
                    List.copyOf(groups),
                    List.copyOf(listeners),
                    new Aggregation(degradedBelow, unhealthyBelow, minimumCoverage),
                    checkThreads,
                    maxAbandoned,
                    maxChecks,
                    maxPendingTransitions,
                    startSpread,
                    refreshCooldown,
                    closeTimeout);
        }
    }
}
