package dev.tentpole.health;

import dev.tentpole.health.CheckReport.Facts;
import org.jspecify.annotations.Nullable;

/**
 * All that decides a check's status but the time. Immutable; times are nanoseconds since the registry's start.
 *
 * @param settings the check's settings
 * @param facts what its results have left behind, if there was one
 * @param staleAt when the last result ceases to be believed; means nothing without facts
 * @param override the last override that was put in force and not lifted
 * @param overrideEnd when it ends; means nothing without one
 * @param abandoned whether a run passed its timeout and has not returned
 */
record CheckState(
        CheckSettings settings,
        @Nullable Facts facts,
        long staleAt,
        @Nullable ManualOverride override,
        long overrideEnd,
        boolean abandoned) {

    CheckState(CheckSettings settings) {
        this(settings, null, 0, null, 0, false);
    }

    CheckState with(Facts newFacts, long newStaleAt) {
        return new CheckState(settings, newFacts, newStaleAt, override, overrideEnd, abandoned);
    }

    CheckState with(@Nullable ManualOverride newOverride, long newOverrideEnd) {
        return new CheckState(settings, facts, staleAt, newOverride, newOverrideEnd, abandoned);
    }

    CheckState withAbandoned(boolean isAbandoned) {
        return new CheckState(settings, facts, staleAt, override, overrideEnd, isAbandoned);
    }

    @Nullable
    ManualOverride overrideAt(long now) {
        return override != null && now < overrideEnd ? override : null;
    }

    boolean isStaleAt(long now) {
        return facts != null && now >= staleAt;
    }

    Status statusAt(long now) {
        ManualOverride inForce = overrideAt(now);
        if (inForce != null) {
            return inForce.status();
        }
        if (facts == null) {
            return Status.STARTING;
        }
        return now >= staleAt ? Status.STALE : facts.observed();
    }

    /** The next instant at which time alone could change what a report shows of this check. */
    long nextChange(long now) {
        long next = Snapshot.NEVER;
        if (overrideAt(now) != null) {
            next = overrideEnd;
        }
        if (facts != null && now < staleAt) {
            next = Math.min(next, staleAt);
        }
        return next;
    }
}
