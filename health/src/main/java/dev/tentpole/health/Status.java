package dev.tentpole.health;

/**
 * What is believed of a check, or of a {@link Group} of checks.
 */
public enum Status {
    /** It works. */
    HEALTHY,
    /** It works, but worse than it should. */
    DEGRADED,
    /** It does not work. */
    UNHEALTHY,
    /** No result has come yet; of a group: a critical check has none, or too few checks have one. */
    STARTING,
    /** The last result is too old to be believed; of a group: so is a critical check's, or too many are. */
    STALE,
    /** Nothing counts: the group has no checks, or all of them are under maintenance. */
    UNKNOWN,
    /** Taken out of the reckoning by hand. Only checks have this status. */
    MAINTENANCE,
    /** About to stop, so that no new work should be sent here. Only groups have this status. */
    LAME_DUCK;

    /** Whether a result stands behind the status, so that it counts in a score. */
    boolean isKnown() {
        return this == HEALTHY || this == DEGRADED || this == UNHEALTHY;
    }

    /** Whether a check in this status may be the cause of another one's trouble. */
    boolean isTroubled() {
        return this == DEGRADED || this == UNHEALTHY || this == STALE || this == MAINTENANCE;
    }
}
