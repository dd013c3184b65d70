package dev.tentpole.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A report together with what it was made from and the instant until which time alone can't change it.
 *
 * <p>Making one is a pure function of states and time. So a reader that comes too late for the published snapshot can make
 * the right one by itself, without a lock, and everything can be recomputed from scratch. Parts of the previous snapshot
 * that would come out the same are taken over as they are. Immutable; times are nanoseconds since the registry's start.
 */
final class Snapshot {

    /** Later than anything: 146 years after the registry's start. */
    static final long NEVER = Long.MAX_VALUE / 2;

    private final Structure structure;
    private final List<CheckState> states;
    private final @Nullable Instant lameDuckSince;
    private final Aggregation aggregation;
    private final HealthReport report;
    private final long validUntil;

    private Snapshot(
            Structure structure,
            List<CheckState> states,
            @Nullable Instant lameDuckSince,
            Aggregation aggregation,
            HealthReport report,
            long validUntil) {
        this.structure = structure;
        this.states = states;
        this.lameDuckSince = lameDuckSince;
        this.aggregation = aggregation;
        this.report = report;
        this.validUntil = validUntil;
    }

    HealthReport report() {
        return report;
    }

    /** When a report has to be made anew although nothing happened. */
    long validUntil() {
        return validUntil;
    }

    /** The same states at a later time. */
    Snapshot later(long now, Instant wall) {
        return at(structure, states, lameDuckSince, aggregation, report.sequence(), now, wall, this);
    }

    /** The first one of a registry. */
    static Snapshot first(
            Structure structure, List<CheckState> states, Aggregation aggregation, long now, Instant wall) {
        return at(structure, states, null, aggregation, 1, now, wall, null);
    }

    /** The one that follows this. */
    Snapshot next(
            Structure newStructure, List<CheckState> newStates, @Nullable Instant lameDuck, long now, Instant wall) {
        return at(newStructure, newStates, lameDuck, aggregation, report.sequence() + 1, now, wall, this);
    }

    private static Snapshot at(
            Structure structure,
            List<CheckState> states,
            @Nullable Instant lameDuckSince,
            Aggregation aggregation,
            long sequence,
            long now,
            Instant wall,
            @Nullable Snapshot previous) {
        Status[] statuses = new Status[states.size()];
        long validUntil = NEVER;
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] = states.get(i).statusAt(now);
            validUntil = Math.min(validUntil, states.get(i).nextChange(now));
        }
        List<List<String>> causes = rootCauses(structure, states, statuses);
        Snapshot comparable = previous != null && previous.structure == structure ? previous : null;
        List<CheckReport> checks = new ArrayList<>(statuses.length);
        for (int i = 0; i < statuses.length; i++) {
            checks.add(checkReport(i, states.get(i), statuses[i], causes.get(i), now, comparable));
        }
        HealthReport report = new HealthReport(
                sequence,
                wall,
                lameDuckSince,
                Collections.unmodifiableList(checks),
                structure.positions(),
                groups(structure, checks, lameDuckSince != null, aggregation));
        return new Snapshot(structure, states, lameDuckSince, aggregation, report, validUntil);
    }

    private static CheckReport checkReport(
            int position,
            CheckState state,
            Status status,
            List<String> causes,
            long now,
            @Nullable Snapshot comparable) {
        ManualOverride override = state.overrideAt(now);
        if (comparable != null && comparable.states.get(position).equals(state)) {
            CheckReport before = comparable.report.checks().get(position);
            boolean overridden = before.override().isPresent();
            if (before.status() == status
                    && overridden == (override != null)
                    && before.rootCauses().equals(causes)) {
                return before;
            }
        }
        return new CheckReport(state.settings(), status, state.facts(), override, state.abandoned(), causes);
    }

    private static Map<Group, GroupReport> groups(
            Structure structure, List<CheckReport> checks, boolean lameDuck, Aggregation aggregation) {
        Map<Group, GroupReport> groups = new LinkedHashMap<>();
        structure.members().forEach((group, positions) -> {
            List<CheckReport> members = new ArrayList<>(positions.length);
            for (int position : positions) {
                members.add(checks.get(position));
            }
            groups.put(group, aggregation.judge(group, Collections.unmodifiableList(members), lameDuck));
        });
        return Collections.unmodifiableMap(groups);
    }

    private static List<List<String>> rootCauses(Structure structure, List<CheckState> states, Status[] statuses) {
        List<List<String>> causes = new ArrayList<>(Collections.nCopies(statuses.length, List.of()));
        for (int position : structure.dependenciesFirst()) {
            if (statuses[position].isTroubled()) {
                Set<String> roots = new LinkedHashSet<>();
                for (int dependency : structure.dependencies(position)) {
                    roots.addAll(causes.get(dependency));
                }
                String itself = states.get(position).settings().name();
                causes.set(position, roots.isEmpty() ? List.of(itself) : List.copyOf(roots));
            }
        }
        return causes;
    }
}
