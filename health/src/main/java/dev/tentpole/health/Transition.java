package dev.tentpole.health;

import java.time.Instant;

/**
 * One change of the status of a check or of a group.
 *
 * @param sequence counts a registry's transitions from 1, rising; a gap is as many transitions as were dropped
 * @param at when it was noticed
 * @param scope whether a check or a group changed
 * @param name the check's or the group's name
 * @param from the status before
 * @param to the status after, never equal to {@code from}
 * @param reason why, from the check's last result; {@link ReasonCategory#NONE} for a group
 */
public record Transition(
        long sequence, Instant at, Scope scope, String name, Status from, Status to, ReasonCategory reason) {

    /** What changed. */
    public enum Scope {
        /** A check. */
        CHECK,
        /** A group of checks. */
        GROUP
    }
}
