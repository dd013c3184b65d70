package dev.tentpole.health;

import java.util.List;
import java.util.OptionalInt;

/**
 * One group as a {@link HealthReport} shows it. Immutable.
 *
 * <p>The status is the first of these that holds. Checks under maintenance count for nothing throughout.
 *
 * <ol>
 *   <li>{@link Status#LAME_DUCK} once the registry is about to stop, but for {@link Group#LIVE} and
 *       {@link Group#STARTUP};
 *   <li>{@link Status#UNKNOWN} if no check counts;
 *   <li>{@link Status#UNHEALTHY} if a critical check is unhealthy, or if the coverage suffices and the score is below the
 *       limit for it (default 5,000);
 *   <li>{@link Status#STALE}, else {@link Status#STARTING}, if a critical check is that, or the coverage is too small
 *       (default below 5,000) and a check is that;
 *   <li>{@link Status#DEGRADED} if the score is below the limit for it (default 9,000), a critical check is degraded, or
 *       any check is stale;
 *   <li>{@link Status#HEALTHY}.
 * </ol>
 */
public final class GroupReport {

    private final Group group;
    private final Status status;
    private final int score;
    private final int coverage;
    private final List<CheckReport> checks;
    private final List<String> rootCauses;

    GroupReport(
            Group group, Status status, int score, int coverage, List<CheckReport> checks, List<String> rootCauses) {
        this.group = group;
        this.status = status;
        this.score = score;
        this.coverage = coverage;
        this.checks = checks;
        this.rootCauses = rootCauses;
    }

    /**
     * {@return which group this is}
     */
    public Group group() {
        return group;
    }

    /**
     * {@return what is believed of the group}
     */
    public Status status() {
        return status;
    }

    /**
     * {@return the weighted score in basis points, 0 to 10,000, rounded down; empty if no check that has a weight has a
     * believable result}
     *
     * <p>A healthy check earns its whole weight, a degraded one half of it, an unhealthy one nothing; the sum is divided
     * by the weight of these checks alone, so read it together with {@link #coverage}. If every check of the group weighs
     * 0, all count alike.
     */
    public OptionalInt score() {
        return score < 0 ? OptionalInt.empty() : OptionalInt.of(score);
    }

    /**
     * {@return which part of the group's weight has a believable result, in basis points, 0 to 10,000, rounded down; 0 if
     * no check counts}
     */
    public int coverage() {
        return coverage;
    }

    /**
     * {@return the group's checks, in order of registration; not modifiable}
     */
    public List<CheckReport> checks() {
        return checks;
    }

    /**
     * {@return the names of the checks that explain the trouble of the group's checks, themselves in the group or not;
     * empty if none is in trouble; not modifiable}
     */
    public List<String> rootCauses() {
        return rootCauses;
    }

    @Override
    public String toString() {
        return group.name() + "=" + status;
    }
}
