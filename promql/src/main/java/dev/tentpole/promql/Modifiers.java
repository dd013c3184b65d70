package dev.tentpole.promql;

import java.util.Objects;
import java.util.Optional;

/**
 * What can stand behind a selection.
 *
 * @param at the fixed evaluation time, if any
 * @param offset how far back to look, if at all; a literal zero is dropped
 * @param edge how samples at the range's ends are found
 */
public record Modifiers(Optional<At> at, Optional<DurationExpr> offset, Edge edge) {

    /** Nothing. */
    public static final Modifiers NONE = new Modifiers(Optional.empty(), Optional.empty(), Edge.NONE);

    /**
     * None, of a selector whose name the parser has read: names are not looked at twice. Its constructor puts {@link #NONE} in
     * the place of this.
     */
    static final Modifiers NONE_BEHIND_READ_NAME = new Modifiers(Optional.empty(), Optional.empty(), Edge.NONE);

    /**
     * Drops an offset of zero.
     *
     * @param at the fixed evaluation time, if any
     * @param offset how far back to look, if at all; a literal zero is dropped
     * @param edge how samples at the range's ends are found
     */
    public Modifiers {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(edge, "edge");
        offset = offset.flatMap(Durations::canonicalOffset);
    }

    /** {@return whether there is no modifier at all} */
    public boolean isNone() {
        return at.isEmpty() && offset.isEmpty() && edge == Edge.NONE;
    }

    /**
     * {@return these modifiers with another time}
     *
     * @param other the evaluation time, if any
     */
    public Modifiers withAt(Optional<At> other) {
        return new Modifiers(other, offset, edge);
    }

    /**
     * {@return these modifiers with another offset}
     *
     * @param other how far back to look, if at all
     */
    public Modifiers withOffset(Optional<DurationExpr> other) {
        return new Modifiers(at, other, edge);
    }

    /**
     * {@return these modifiers with another edge}
     *
     * @param other how samples at the range's ends are found
     */
    public Modifiers withEdge(Edge other) {
        return new Modifiers(at, offset, other);
    }

    /** How the samples at the ends of a range are found. */
    public enum Edge {
        /** As ever: only samples within the range. */
        NONE,
        /** {@code anchored}: with the last sample before the range. */
        ANCHORED,
        /** {@code smoothed}: with values interpolated at both ends. */
        SMOOTHED
    }

    /** The time of an {@code @} modifier. */
    public sealed interface At permits At.Time, At.Bound, At.Placeholder {

        /**
         * A moment.
         *
         * @param millis milliseconds since 1970; beyond 2^53 the nearest value that PromQL can write
         */
        record Time(long millis) implements At {

            /**
             * Rounds moments that are too far away to be written exactly.
             *
             * @param millis milliseconds since 1970; beyond 2^53 the nearest value that PromQL can write
             */
            public Time {
                millis = Durations.canonicalMillis(millis);
            }
        }

        /** An end of the query's time range. */
        enum Bound implements At {
            /** {@code start()}. */
            START,
            /** {@code end()}. */
            END
        }

        /**
         * A template variable.
         *
         * @param text the text as written, with a minus if it has one
         */
        record Placeholder(String text) implements At {

            /**
             * Checks the text.
             *
             * @param text the text as written, with a minus if it has one
             * @throws IllegalArgumentException if there is no template variable in the text
             */
            public Placeholder {
                Templates.check(text.startsWith("-") ? text.substring(1) : text);
            }
        }
    }
}
