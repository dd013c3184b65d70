package dev.tentpole.health;

import dev.tentpole.base.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One check as a {@link HealthReport} shows it. Immutable; only {@link #age} depends on when it is asked.
 */
public final class CheckReport {

    private final CheckSettings settings;
    private final Status status;
    private final @Nullable Facts facts;
    private final @Nullable ManualOverride override;
    private final boolean abandoned;
    private final List<String> rootCauses;

    /**
     * What the results so far have left behind.
     *
     * @param observed what the results alone say, by the check's thresholds
     * @param result the last result
     * @param at when it came
     * @param atNanos the same on the monotonic clock
     * @param clock that clock
     * @param durationNanos how long the last run took
     * @param failures unhealthy results in a row
     * @param successes other results in a row
     * @param lastFailureAt when the last unhealthy result came
     * @param lastSuccessAt when the last other result came
     */
    record Facts(
            Status observed,
            CheckResult result,
            Instant at,
            long atNanos,
            NanoClock clock,
            long durationNanos,
            int failures,
            int successes,
            @Nullable Instant lastFailureAt,
            @Nullable Instant lastSuccessAt) {}

    CheckReport(
            CheckSettings settings,
            Status status,
            @Nullable Facts facts,
            @Nullable ManualOverride override,
            boolean abandoned,
            List<String> rootCauses) {
        this.settings = settings;
        this.status = status;
        this.facts = facts;
        this.override = override;
        this.abandoned = abandoned;
        this.rootCauses = rootCauses;
    }

    /**
     * {@return the check's name}
     */
    public String name() {
        return settings.name();
    }

    /**
     * {@return the check's settings}
     */
    public CheckSettings settings() {
        return settings;
    }

    /**
     * {@return what is believed of the check, with its age and a manual override taken into account}
     */
    public Status status() {
        return status;
    }

    /**
     * {@return what the results alone say, by the check's thresholds, however old and whatever the override;
     * {@link Status#STARTING} without a result}
     */
    public Status observed() {
        return facts == null ? Status.STARTING : facts.observed();
    }

    /**
     * {@return the last result, if there is one}
     */
    public Optional<CheckResult> lastResult() {
        return facts == null ? Optional.empty() : Optional.of(facts.result());
    }

    /**
     * {@return why the last result is what it is; {@link ReasonCategory#NONE} if it is healthy or there is none}
     */
    public ReasonCategory reason() {
        return facts == null ? ReasonCategory.NONE : facts.result().reason();
    }

    /**
     * {@return when the last result came, if there is one}
     */
    public Optional<Instant> lastResultAt() {
        return facts == null ? Optional.empty() : Optional.of(facts.at());
    }

    /**
     * {@return how old the last result is at the moment of this call, by the monotonic clock, if there is one}
     */
    public Optional<Duration> age() {
        if (facts == null) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.max(0, facts.clock().nanoTime() - facts.atNanos())));
    }

    /**
     * {@return when the last result came that was not unhealthy, if one ever did}
     */
    public Optional<Instant> lastSuccessAt() {
        return facts == null ? Optional.empty() : Optional.ofNullable(facts.lastSuccessAt());
    }

    /**
     * {@return when the last unhealthy result came, if one ever did}
     */
    public Optional<Instant> lastFailureAt() {
        return facts == null ? Optional.empty() : Optional.ofNullable(facts.lastFailureAt());
    }

    /**
     * {@return how many unhealthy results have come in a row}
     */
    public int consecutiveFailures() {
        return facts == null ? 0 : facts.failures();
    }

    /**
     * {@return how many results that were not unhealthy have come in a row; a passive success that changed nothing is not
     * counted}
     */
    public int consecutiveSuccesses() {
        return facts == null ? 0 : facts.successes();
    }

    /**
     * {@return how long the last run took; zero if only passive signals have come; empty without a result}
     */
    public Optional<Duration> lastDuration() {
        return facts == null ? Optional.empty() : Optional.of(Duration.ofNanos(facts.durationNanos()));
    }

    /**
     * {@return whether a run of this check passed its timeout, was interrupted, and has not returned; the check does not
     * run again before it has}
     */
    public boolean isAbandoned() {
        return abandoned;
    }

    /**
     * {@return the manual override that is in force, if there is one}
     */
    public Optional<ManualOverride> override() {
        return Optional.ofNullable(override);
    }

    /**
     * {@return the names of the checks that explain this one's trouble: those at the end of its chains of troubled
     * dependencies, or the check itself; empty if it is not in trouble; not modifiable}
     */
    public List<String> rootCauses() {
        return rootCauses;
    }

    @Nullable
    Facts facts() {
        return facts;
    }

    @Override
    public String toString() {
        return name() + "=" + status;
    }
}
