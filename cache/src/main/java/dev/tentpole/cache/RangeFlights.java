package dev.tentpole.cache;

import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.RangeDesk.Invalid;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The loads of a range cache that are under way, in the order of its history. */
final class RangeFlights<K, V> {

    private final ChunkStore<K, V> store;
    private final RangeSettings settings;
    private final History history = new History();
    private final Invalidations<K> invalidations = new Invalidations<>();
    private final Map<RangeFlight<V>, Lane<K, V>> running = new ConcurrentHashMap<>();

    RangeFlights(ChunkStore<K, V> store, RangeSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    History history() {
        return history;
    }

    /**
     * Begins a load of the first of some missing points that no load under way brings; under the lane's lock.
     *
     * @param present is told of the loads that bring some of them
     * @return the load, of which this thread has the lead; null if others load all of it
     */
    @Nullable
    RangeFlight<V> beginFirst(Job<K, V> job, List<Span> missing, Consumer<RangeFlight<V>> present) {
        List<Span> free = free(job, missing, present);
        if (free.isEmpty()) {
            return null;
        }
        RangeFlight<V> flight = begin(job.lane(), free.get(0), false);
        flight.flight().lead(history, job.deadline(), settings.timeout());
        return flight;
    }

    /** Begins loads in the background of all points that no load under way brings, for any thread; under the lane's lock. */
    List<RangeFlight<V>> beginAll(Job<K, V> job, List<Span> missing) {
        List<RangeFlight<V>> begun = new ArrayList<>();
        for (Span span : free(job, missing, present -> {})) {
            for (Span part : cut(span)) {
                begun.add(begin(job.lane(), part, true));
            }
        }
        return begun;
    }

    private RangeFlight<V> begin(Lane<K, V> lane, Span span, boolean background) {
        RangeFlight<V> flight = new RangeFlight<>(span.from(), span.to(), background, new Flight<>());
        lane.flights.add(flight);
        running.put(flight, lane);
        lane.hold();
        return flight;
    }

    /** {@return points by index that no load under way brings, with the gaps between them that nobody loads either} */
    private List<Span> free(Job<K, V> job, List<Span> missing, Consumer<RangeFlight<V>> present) {
        long first = job.grid().first();
        List<RangeFlight<V>> underWay = new ArrayList<>(job.lane().flights);
        underWay.sort(Comparator.comparingLong(RangeFlight::from));
        List<Span> free = new ArrayList<>();
        for (Span span : missing) {
            long next = first + span.from();
            long end = first + span.to();
            for (RangeFlight<V> flight : underWay) {
                if (flight.overlaps(next, end)) {
                    present.accept(flight);
                    if (next < flight.from()) {
                        free.add(new Span(next, flight.from()));
                    }
                    next = flight.to();
                }
            }
            if (next < end) {
                free.add(new Span(next, end));
            }
        }
        return withoutGaps(
                free,
                job.grid().stepMillis(),
                (from, to) -> underWay.stream().noneMatch(flight -> flight.overlaps(from, to)));
    }

    /** {@return what one load each may ask for, to have some missing points of the request's grid} */
    List<Span> parts(Job<K, V> job, List<Span> missing) {
        List<Span> parts = new ArrayList<>();
        withoutGaps(missing, job.grid().stepMillis(), (from, to) -> true).forEach(span -> parts.addAll(cut(span)));
        return parts;
    }

    private List<Span> cut(Span span) {
        List<Span> parts = new ArrayList<>();
        for (long next = span.from(); next < span.to(); next += settings.maximumPointsPerLoad()) {
            parts.add(new Span(next, Math.min(span.to(), next + settings.maximumPointsPerLoad())));
        }
        return parts;
    }

    /** Whether a gap may be loaded. */
    @FunctionalInterface
    private interface Gap {
        boolean isFree(long from, long to);
    }

    /** {@return spans and the small gaps between them, where that saves a load} */
    private List<Span> withoutGaps(List<Span> missing, long stepMillis, Gap gap) {
        long widest = settings.gapPoints(stepMillis);
        List<Span> merged = new ArrayList<>(missing.size());
        for (Span span : missing) {
            Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null
                    && span.from() - last.to() <= widest
                    && loads(last.from(), span.to()) < loads(last.from(), last.to()) + loads(span.from(), span.to())
                    && gap.isFree(last.to(), span.from())) {
                merged.set(merged.size() - 1, new Span(last.from(), span.to()));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    private long loads(long from, long to) {
        return (to - from + settings.maximumPointsPerLoad() - 1) / settings.maximumPointsPerLoad();
    }

    /** Ends a load that this thread leads; without a result it is abandoned. */
    void end(Lane<K, V> lane, RangeFlight<V> flight, @Nullable Loaded<V> loaded) {
        giveUp(lane, flight, loaded);
        // Last, since it calls the keys' methods, which are not ours.
        store.release(lane);
    }

    /** Ends a load whose leader goes on, and still needs its lane. */
    void giveUp(Lane<K, V> lane, RangeFlight<V> flight, @Nullable Loaded<V> loaded) {
        try {
            lane.lock.lock();
            try {
                lane.flights.remove(flight);
            } finally {
                lane.lock.unlock();
            }
            running.remove(flight);
        } finally {
            flight.flight().end(loaded);
        }
    }

    /** Ends a load that nobody leads, if that is so. */
    void abandon(Lane<K, V> lane, RangeFlight<V> flight) {
        if (flight.flight().lead(history)) {
            end(lane, flight, null);
        }
    }

    /** Ends those loads in the background that have no thread yet. */
    void abandonBackground() {
        running.forEach((flight, lane) -> {
            if (flight.background()) {
                abandon(lane, flight);
            }
        });
    }

    /** Tells loads that began before this of an invalidation. */
    void invalidate(Invalid<K> what) {
        long number = history.next();
        K key = what.key();
        String tag = what.tag();
        if (key != null) {
            invalidations.addKey(key, what.times(), number);
        } else if (tag != null) {
            invalidations.addTag(tag, what.times(), number);
        } else {
            invalidations.addAll(what.times(), number);
        }
    }

    /** {@return whether what a load brought was invalidated since it began, and not after a number} */
    boolean isOutdated(Lane<K, V> lane, RangeFlight<V> flight, Loaded<V> loaded, long asOf) {
        return invalidations.cover(
                lane.key.key(), loaded.tags(), loaded.times(), flight.flight().beganAt(), asOf);
    }
}
