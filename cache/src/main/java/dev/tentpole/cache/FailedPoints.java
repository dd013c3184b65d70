package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.List;

/** Which points of a line could not be loaded a moment ago. Immutable. */
record FailedPoints(List<Failed> all) {

    /** With more than that the oldest is forgotten. */
    private static final int MOST = 100;

    private static final FailedPoints NONE = new FailedPoints(List.of());

    /**
     * A load of points from..to-1 by index that failed.
     *
     * @param at when it failed
     * @param until till when whoever misses these points gets the failure
     * @param retryAt till when they are not tried while there is something stale to serve; not before {@code until}
     */
    record Failed(long from, long to, Throwable failure, long at, long until, long retryAt) {

        boolean overlaps(long otherFrom, long otherTo) {
            return from < otherTo && to > otherFrom;
        }

        boolean isRemembered(long now) {
            return until - now > 0;
        }

        private Failed cut(long newFrom, long newTo) {
            return new Failed(newFrom, newTo, failure, at, until, retryAt);
        }
    }

    static FailedPoints none() {
        return NONE;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** {@return those that are not tried now, of points from..to-1} */
    List<Failed> held(long from, long to, long now) {
        List<Failed> held = new ArrayList<>();
        for (Failed failed : all) {
            if (failed.overlaps(from, to) && failed.retryAt - now > 0) {
                held.add(failed);
            }
        }
        return held;
    }

    FailedPoints with(Failed added, long now) {
        List<Failed> kept = new ArrayList<>();
        for (Failed failed : without(added.from, added.to).all) {
            if (failed.retryAt - now > 0) {
                kept.add(failed);
            }
        }
        kept.add(added);
        return new FailedPoints(kept.size() > MOST ? kept.subList(kept.size() - MOST, kept.size()) : kept);
    }

    FailedPoints without(long from, long to) {
        List<Failed> kept = new ArrayList<>(all.size() + 1);
        for (Failed failed : all) {
            if (failed.from < Math.min(failed.to, from)) {
                kept.add(failed.cut(failed.from, Math.min(failed.to, from)));
            }
            if (Math.max(failed.from, to) < failed.to) {
                kept.add(failed.cut(Math.max(failed.from, to), failed.to));
            }
        }
        return new FailedPoints(kept);
    }

    /** How long some failure is still of use. */
    long remaining(long now) {
        long longest = 0;
        for (Failed failed : all) {
            longest = Math.max(longest, failed.retryAt - now);
        }
        return longest;
    }
}
