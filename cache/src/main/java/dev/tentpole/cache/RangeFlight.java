package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.Invalidations.Times;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The load of some neighbouring points of a line: from..to-1 by index.
 *
 * @param background whether it is to run in the background; until it has a thread, a caller who needs it may run it
 */
record RangeFlight<V>(long from, long to, boolean background, Flight<RangeFlight.Loaded<V>> flight) {

    /** {@return whether it brings some of points from..to-1 by index} */
    boolean overlaps(long otherFrom, long otherTo) {
        return from < otherTo && to > otherFrom;
    }

    /**
     * What a load brought.
     *
     * @param grid the points that were asked for
     * @param from the index of the first point that it tells about
     * @param to the index after the last one; not larger than from if it tells about none
     * @param value the value; null if it failed
     * @param failure why it failed; null if it didn't
     * @param tags the tags of it and of its lane
     * @param reason why it was not kept; {@code NONE} if it was
     */
    record Loaded<V>(
            TimeGrid grid,
            long from,
            long to,
            @Nullable V value,
            @Nullable Throwable failure,
            Set<String> tags,
            Reason reason) {

        /** {@return the times of the points that were asked for} */
        Times times() {
            return new Times(grid.timeMillis(0), grid.timeMillis(grid.count() - 1));
        }
    }
}
