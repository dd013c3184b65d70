package dev.tentpole.health;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link HealthRegistry} knew at one moment. Immutable, and true for as long as the registry hands it out.
 */
public final class HealthReport {

    private final long sequence;
    private final Instant at;
    private final @Nullable Instant lameDuckSince;
    private final List<CheckReport> checks;
    private final Map<String, Integer> positions;
    private final Map<Group, GroupReport> groups;
    private final Status status;

    HealthReport(
            long sequence,
            Instant at,
            @Nullable Instant lameDuckSince,
            List<CheckReport> checks,
            Map<String, Integer> positions,
            Map<Group, GroupReport> groups) {
        this.sequence = sequence;
        this.at = at;
        this.lameDuckSince = lameDuckSince;
        this.checks = checks;
        this.positions = positions;
        this.groups = groups;
        this.status = status(Group.FULL);
    }

    /**
     * {@return the status of {@link Group#FULL}: of all checks together}
     */
    public Status status() {
        return status;
    }

    /**
     * {@return the status of a group}
     *
     * @param group which group
     * @throws HealthException if the registry does not know the group
     */
    public Status status(Group group) {
        return group(group).status();
    }

    /**
     * {@return a group's status, score, coverage and checks}
     *
     * @param group which group
     * @throws HealthException if the registry does not know the group
     */
    public GroupReport group(Group group) {
        GroupReport report = groups.get(group);
        if (report == null) {
            throw new HealthException(
                    HealthException.Problem.UNKNOWN_GROUP,
                    group.name(),
                    "group = " + group.name() + " is not known to the registry; known are "
                            + groups.keySet().stream().map(Group::name).toList());
        }
        return report;
    }

    /**
     * {@return all groups; not modifiable}
     */
    public Collection<GroupReport> groups() {
        return groups.values();
    }

    /**
     * {@return all checks, in order of registration; not modifiable}
     */
    public List<CheckReport> checks() {
        return checks;
    }

    /**
     * {@return a check, if one of that name is registered}
     *
     * @param name the check's name
     */
    public Optional<CheckReport> check(String name) {
        Integer position = positions.get(name);
        return position == null ? Optional.empty() : Optional.of(checks.get(position));
    }

    /**
     * {@return how many changes the registry had seen; never smaller in a later report of the same registry}
     */
    public long sequence() {
        return sequence;
    }

    /**
     * {@return when this report was made; it held from then until the next one}
     */
    public Instant at() {
        return at;
    }

    /**
     * {@return since when the registry is about to stop, if it is}
     */
    public Optional<Instant> lameDuckSince() {
        return Optional.ofNullable(lameDuckSince);
    }

    @Override
    public String toString() {
        return "HealthReport[" + sequence + ", " + groups.values() + ", " + checks + "]";
    }
}
