package dev.tentpole.cache;

import dev.tentpole.cache.Answer.Reason;
import dev.tentpole.cache.CacheControl.Mode;
import dev.tentpole.cache.GridValues.Piece;
import dev.tentpole.cache.RangeAnswer.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An answer that is being put together: which points it has, from where, and which are missing. For one thread.
 *
 * <p>Of several that bring the same point the first one counts.
 */
final class Assembly<V> {

    /** Where points come from. */
    enum Source {
        /** Cached and fresh. */
        CACHED,
        /** Loaded for this request, by it or by another one. */
        FETCHED,
        /** Cached, and past its soft time to live. */
        REFRESHING,
        /** Cached, and past its time to live. */
        STALE
    }

    /** Points from..to-1 of the request. */
    record Span(long from, long to) {}

    private final List<Piece<V>> pieces = new ArrayList<>();
    private long cached;
    private long fetched;
    private long refreshing;
    private long stale;
    private long reused;
    private final List<Span> missing;
    private long oldest;
    private Reason staleBecause = Reason.NONE;
    private Reason notKept = Reason.NONE;

    Assembly(long count, long now) {
        this(List.of(new Span(0, count)), now);
    }

    /** One that needs only some points. */
    Assembly(List<Span> missing, long now) {
        this.missing = new ArrayList<>(missing);
        this.oldest = now;
    }

    /** {@return the parts of some spans that others do not cover; both in the order of time, without overlaps} */
    static List<Span> difference(List<Span> spans, List<Span> others) {
        List<Span> left = new ArrayList<>();
        for (Span span : spans) {
            long next = span.from;
            for (Span other : others) {
                if (other.to > next && other.from < span.to) {
                    if (other.from > next) {
                        left.add(new Span(next, other.from));
                    }
                    next = other.to;
                }
            }
            if (next < span.to) {
                left.add(new Span(next, span.to));
            }
        }
        return left;
    }

    /** {@return what is missing now, in the order of time} */
    List<Span> missing() {
        return List.copyOf(missing);
    }

    /** {@return those of some points that are missing now, in the order of time} */
    List<Span> missing(Span points) {
        List<Span> found = new ArrayList<>();
        for (int i = firstAfter(points.from); i < missing.size() && missing.get(i).from < points.to; i++) {
            Span span = missing.get(i);
            found.add(new Span(Math.max(span.from, points.from), Math.min(span.to, points.to)));
        }
        return found;
    }

    /** {@return the place of the first missing span that ends after a point} */
    private int firstAfter(long point) {
        int low = 0;
        int high = missing.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (missing.get(middle).to > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    boolean isComplete() {
        return missing.isEmpty();
    }

    long missingCount() {
        long count = 0;
        for (Span span : missing) {
            count += span.to - span.from;
        }
        return count;
    }

    /** {@return whether any of some points is missing} */
    boolean isMissing(Span points) {
        int place = firstAfter(points.from);
        return place < missing.size() && missing.get(place).from < points.to;
    }

    /** {@return whether all that it has was kept before} */
    boolean isCachedOnly() {
        return fetched == 0;
    }

    /** How many points came from a line with a smaller step. */
    long reused() {
        return reused;
    }

    void addReused(long points) {
        reused += points;
    }

    List<Piece<V>> pieces() {
        pieces.sort(Comparator.comparingLong(Piece::from));
        return pieces;
    }

    void add(long from, long to, V value, Source source, long loadedAt) {
        long taken = 0;
        for (int i = firstAfter(from); from < to && i < missing.size() && missing.get(i).from < to; ) {
            Span span = missing.get(i);
            long low = Math.max(from, span.from);
            long high = Math.min(to, span.to);
            pieces.add(new Piece<>(low, high, value));
            taken += high - low;
            i = cut(i, span, low, high);
        }
        switch (source) {
            case CACHED -> cached += taken;
            case FETCHED -> fetched += taken;
            case REFRESHING -> refreshing += taken;
            case STALE -> stale += taken;
        }
        if (taken > 0 && loadedAt - oldest < 0) {
            oldest = loadedAt;
        }
    }

    /** Takes points from the span at a place. {@return the place of the first span after them} */
    private int cut(int place, Span span, long low, long high) {
        int next = place;
        if (span.from < low) {
            missing.add(place, new Span(span.from, low));
            next++;
        }
        if (high < span.to) {
            missing.set(next, new Span(high, span.to));
        } else {
            missing.remove(next);
        }
        return next;
    }

    /** Says why points are served that are past their soft time to live. */
    void setStaleBecause(Reason reason) {
        staleBecause = reason;
    }

    /** Says why something that was loaded was not kept, if it was not; the first reason counts. */
    void setNotKept(Reason reason) {
        if (notKept == Reason.NONE) {
            notKept = reason;
        }
    }

    RangeAnswer<V> answer(V value, Mode mode, long now) {
        long missingPoints = missingCount();
        Reason reason = stale > 0 ? Reason.LOAD_FAILED : refreshing > 0 ? staleBecause : notKept;
        return new RangeAnswer<>(
                value,
                outcome(mode, missingPoints),
                reason,
                cached,
                fetched,
                refreshing + stale,
                missingPoints,
                Duration.ofNanos(Math.max(0, now - oldest)),
                notKept == Reason.NONE);
    }

    private Outcome outcome(Mode mode, long missingPoints) {
        if (mode == Mode.BYPASS) {
            return Outcome.BYPASSED;
        }
        if (refreshing + stale > 0) {
            return Outcome.STALE;
        }
        if (mode == Mode.REFRESH) {
            return Outcome.REFRESHED;
        }
        if (cached == 0) {
            return Outcome.MISS;
        }
        return fetched + missingPoints == 0 ? Outcome.HIT : Outcome.PARTIAL;
    }
}
