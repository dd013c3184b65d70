package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.time.Instant;
import java.util.Objects;

/**
 * A person's word against a check's own result: who, why, and until when.
 *
 * <p>It ends by itself; an override without an end is not to be had.
 *
 * @param kind what the check shows meanwhile
 * @param by who ordered it, not blank
 * @param reason why, not blank
 * @param until when it ends, at most 30 days ahead when it is put in force
 */
public record ManualOverride(Kind kind, String by, String reason, Instant until) {

    /** What an override does to a check. */
    public enum Kind {
        /** The check shows healthy and counts as such. */
        FORCE_UP,
        /** The check shows unhealthy and counts as such. */
        FORCE_DOWN,
        /** The check shows {@link Status#MAINTENANCE} and counts for nothing, be it critical or not. */
        MAINTENANCE
    }

    /**
     * Checks what was given.
     *
     * @param kind what the check shows meanwhile
     * @param by who ordered it
     * @param reason why
     * @param until when it ends
     * @throws IllegalArgumentException if {@code by} or {@code reason} is blank
     */
    public ManualOverride {
        Objects.requireNonNull(kind, "kind");
        Args.notBlank("by", by);
        Args.notBlank("reason", reason);
        Objects.requireNonNull(until, "until");
    }

    Status status() {
        return switch (kind) {
            case FORCE_UP -> Status.HEALTHY;
            case FORCE_DOWN -> Status.UNHEALTHY;
            case MAINTENANCE -> Status.MAINTENANCE;
        };
    }
}
