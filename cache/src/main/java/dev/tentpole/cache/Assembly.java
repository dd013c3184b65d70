package dev.tentpole.cache;

import dev.tentpole.cache.GridValues.Piece;
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
        CACHED,
        FETCHED,
        STALE
    }

    /** Points from..to-1 of the request. */
    record Span(long from, long to) {}

    private final List<Piece<V>> pieces = new ArrayList<>();
    private long cached;
    private long fetched;
    private long stale;
    private List<Span> missing;
    private long oldest;

    Assembly(long count, long now) {
        missing = List.of(new Span(0, count));
        oldest = now;
    }

    List<Span> missing() {
        return missing;
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

    long count(Source source) {
        return switch (source) {
            case CACHED -> cached;
            case FETCHED -> fetched;
            case STALE -> stale;
        };
    }

    long oldest() {
        return oldest;
    }

    List<Piece<V>> pieces() {
        pieces.sort(Comparator.comparingLong(Piece::from));
        return pieces;
    }

    /** {@return how many points it took} */
    long add(long from, long to, V value, Source source, long loadedAt) {
        List<Span> left = new ArrayList<>(missing.size() + 1);
        long taken = 0;
        for (Span span : missing) {
            long low = Math.max(from, span.from);
            long high = Math.min(to, span.to);
            if (low < high) {
                pieces.add(new Piece<>(low, high, value));
                taken += high - low;
                if (span.from < low) {
                    left.add(new Span(span.from, low));
                }
                if (high < span.to) {
                    left.add(new Span(high, span.to));
                }
            } else {
                left.add(span);
            }
        }
        missing = left;
        switch (source) {
            case CACHED -> cached += taken;
            case FETCHED -> fetched += taken;
            case STALE -> stale += taken;
        }
        if (taken > 0 && loadedAt - oldest < 0) {
            oldest = loadedAt;
        }
        return taken;
    }
}
