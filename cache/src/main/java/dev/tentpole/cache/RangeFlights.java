package dev.tentpole.cache;

import dev.tentpole.cache.Assembly.Span;
import dev.tentpole.cache.RangeDesk.Job;
import dev.tentpole.cache.RangeFlight.Loaded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The loads of a range cache that are under way, in the order of its history. */
final class RangeFlights<K, V> {

    private final ChunkStore<K, V> store;
    private final RangeSettings settings;
    private final History history = new History();
    private final Map<RangeFlight<V>, Lane<K, V>> running = new ConcurrentHashMap<>();

    RangeFlights(ChunkStore<K, V> store, RangeSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    History history() {
        return history;
    }

    /** Begins loads of those points that no load under way brings, and tells of those that bring some; under the lane's lock. */
    List<RangeFlight<V>> begin(Job<K, V> job, List<Span> spans, boolean background, Consumer<RangeFlight<V>> present) {
        Lane<K, V> lane = job.lane();
        long first = job.grid().first();
        List<RangeFlight<V>> underWay = new ArrayList<>(lane.flights);
        underWay.sort(Comparator.comparingLong(RangeFlight::from));
        List<RangeFlight<V>> begun = new ArrayList<>();
        for (Span span : withoutGaps(spans, settings.gapPoints(job.grid().stepMillis()))) {
            long next = first + span.from();
            long end = first + span.to();
            for (RangeFlight<V> flight : underWay) {
                if (flight.from() < end && flight.to() > next) {
                    present.accept(flight);
                    addParts(begun, next, flight.from(), background);
                    next = Math.max(next, flight.to());
                }
            }
            addParts(begun, next, end, background);
        }
        lane.flights.addAll(begun);
        for (RangeFlight<V> flight : begun) {
            running.put(flight, lane);
            lane.hold();
        }
        return begun;
    }

    private void addParts(List<RangeFlight<V>> begun, long from, long to, boolean background) {
        for (Span part : parts(from, to, settings.maximumPointsPerLoad())) {
            begun.add(new RangeFlight<>(part.from(), part.to(), background, new Flight<>()));
        }
    }

    /** {@return from..to-1 in parts of so many at most; none if there is nothing between} */
    static List<Span> parts(long from, long to, long most) {
        List<Span> parts = new ArrayList<>();
        for (long next = from; next < to; next += most) {
            parts.add(new Span(next, Math.min(to, next + most)));
        }
        return parts;
    }

    /** {@return spans and the gaps between them of at most so many points} */
    static List<Span> withoutGaps(List<Span> missing, long gap) {
        List<Span> merged = new ArrayList<>(missing.size());
        for (Span span : missing) {
            Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && span.from() - last.to() <= gap) {
                merged.set(merged.size() - 1, new Span(last.from(), span.to()));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    /** Ends a load that this thread leads; without a result it is abandoned. */
    void end(Lane<K, V> lane, RangeFlight<V> flight, @Nullable Loaded<V> loaded) {
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
        // Last, since it calls the keys' methods, which are not ours.
        store.release(lane);
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

    /** Notes an invalidation on all loads under way. */
    void invalidate(Predicate<Loaded<V>> matches) {
        Invalidation<Loaded<V>> invalidation = new Invalidation<>(history.next(), matches);
        running.keySet().forEach(flight -> flight.flight().invalidate(invalidation));
    }
}
