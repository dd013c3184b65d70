package dev.tentpole.health;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Judges a group by its checks: the rules that {@link GroupReport} documents.
 *
 * <p>Sums are integers: weights in thousandths, at most 10^9 each, times 10,000 points, for at most 10,000 checks, fit a
 * long with room to spare.
 *
 * @param degradedBelow the score below which a group is degraded, in basis points
 * @param unhealthyBelow the score below which a group is unhealthy, in basis points
 * @param minimumCoverage the coverage below which a score says nothing, in basis points
 */
record Aggregation(int degradedBelow, int unhealthyBelow, int minimumCoverage) {

    static final int FULL_SCORE = 10_000;
    private static final int HALF_SCORE = FULL_SCORE / 2;
    private static final int NO_SCORE = -1;

    GroupReport judge(Group group, List<CheckReport> checks, boolean lameDuck) {
        Tally tally = new Tally();
        checks.forEach(tally::add);
        if (tally.totalWeight == 0) {
            tally = new Tally();
            tally.equalWeights = true;
            checks.forEach(tally::add);
        }
        int score = tally.knownWeight == 0 ? NO_SCORE : (int) (tally.points / tally.knownWeight);
        int coverage = tally.totalWeight == 0 ? 0 : (int) (tally.knownWeight * FULL_SCORE / tally.totalWeight);
        boolean drains = lameDuck && group.drains();
        Status status = drains ? Status.LAME_DUCK : status(tally, score, coverage);
        return new GroupReport(group, status, score, coverage, checks, rootCauses(checks));
    }

    private Status status(Tally tally, int score, int coverage) {
        boolean judged = score != NO_SCORE && coverage >= minimumCoverage;
        if (tally.counted == 0) {
            return Status.UNKNOWN;
        }
        if (tally.criticalUnhealthy || (judged && score < unhealthyBelow)) {
            return Status.UNHEALTHY;
        }
        if (tally.criticalStale || (!judged && tally.stale)) {
            return Status.STALE;
        }
        if (tally.criticalStarting || !judged) {
            return Status.STARTING;
        }
        boolean capped = tally.criticalDegraded || tally.stale;
        return score < degradedBelow || capped ? Status.DEGRADED : Status.HEALTHY;
    }

    private static List<String> rootCauses(List<CheckReport> checks) {
        Set<String> causes = new LinkedHashSet<>();
        checks.forEach(check -> causes.addAll(check.rootCauses()));
        return List.copyOf(causes);
    }

    private static final class Tally {
        private boolean equalWeights;
        private int counted;
        private long totalWeight;
        private long knownWeight;
        private long points;
        private boolean stale;
        private boolean criticalUnhealthy;
        private boolean criticalDegraded;
        private boolean criticalStale;
        private boolean criticalStarting;

        void add(CheckReport check) {
            Status status = check.status();
            if (status == Status.MAINTENANCE) {
                return;
            }
            counted++;
            long weight = equalWeights ? 1 : check.settings().weightUnits();
            totalWeight += weight;
            if (status.isKnown()) {
                knownWeight += weight;
                points += weight * (status == Status.HEALTHY ? FULL_SCORE : status == Status.DEGRADED ? HALF_SCORE : 0);
            }
            stale |= status == Status.STALE;
            boolean critical = check.settings().isCritical();
            criticalUnhealthy |= critical && status == Status.UNHEALTHY;
            criticalDegraded |= critical && status == Status.DEGRADED;
            criticalStale |= critical && status == Status.STALE;
            criticalStarting |= critical && status == Status.STARTING;
        }
    }
}
