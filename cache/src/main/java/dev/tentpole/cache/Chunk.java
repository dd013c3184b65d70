package dev.tentpole.cache;

import dev.tentpole.cache.Assembly.Source;
import dev.tentpole.cache.GridValues.Piece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a fixed number of neighbouring points of a line: values, and for each point since when and how long.
 *
 * <p>Two lists of the same points, since they change in different ways. Segments say where a point's value is; with many
 * of them, as a live dashboard makes by appending a point at a time, neighbours are copied into one. Runs say when points were
 * loaded and until when they are fresh; they are not merged unless they agree, so that no point ends earlier or later
 * than its own time. Immutable.
 */
final class Chunk<V> {

    /** With more segments than that, neighbours are copied into one. */
    private static final int MOST_SEGMENTS = 16;

    private static final int RUN_BYTES = 64;
    private static final int CHUNK_BYTES = 256;

    /** Points from..to-1 of the chunk are in this value, which may hold others that have been replaced. */
    record Segment<V>(int from, int to, V value, long weight, long points) {

        Segment<V> cut(int newFrom, int newTo) {
            return new Segment<>(newFrom, newTo, value, weight, points);
        }
    }

    /**
     * When points from..to-1 of the chunk were loaded, by a load that began as the numberth, and what that is good for:
     * to be served without a word, to be served while it is loaded anew, to be served if loading fails.
     */
    record Run(int from, int to, long number, long loadedAt, long softUntil, long freshUntil, long usableUntil) {

        Run cut(int newFrom, int newTo) {
            return new Run(newFrom, newTo, number, loadedAt, softUntil, freshUntil, usableUntil);
        }

        boolean continues(Run before) {
            return from == before.to
                    && number == before.number
                    && loadedAt == before.loadedAt
                    && softUntil == before.softUntil
                    && freshUntil == before.freshUntil
                    && usableUntil == before.usableUntil;
        }

        /** {@return whether it may be served in a role, and its load began after a number} */
        boolean isGood(long now, Source as, long newerThan) {
            long until = switch (as) {
                case CACHED, FETCHED -> softUntil;
                case REFRESHING -> freshUntil;
                case STALE -> usableUntil;
            };
            return until - now > 0 && number > newerThan;
        }
    }

    final List<Segment<V>> segments;
    final List<Run> runs;
    /** All runs in one, so that who reads all points need not look at each. */
    private final @Nullable Run whole;

    private Chunk(List<Segment<V>> segments, List<Run> runs) {
        this.segments = segments;
        this.runs = runs;
        this.whole = whole(runs);
    }

    static <V> Chunk<V> empty() {
        return new Chunk<>(List.of(), List.of());
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** How many points it has. */
    int count() {
        int count = 0;
        for (Segment<V> segment : segments) {
            count += segment.to - segment.from;
        }
        return count;
    }

    long weight() {
        long weight = CHUNK_BYTES + (long) RUN_BYTES * runs.size();
        for (int i = 0; i < segments.size(); i++) {
            weight += isFirstOfItsValue(i) ? segments.get(i).weight : 0;
        }
        return weight;
    }

    /** Several segments have one value if points in between were replaced. */
    private boolean isFirstOfItsValue(int place) {
        V value = segments.get(place).value;
        for (int i = 0; i < place; i++) {
            if (segments.get(i).value == value) {
                return false;
            }
        }
        return true;
    }

    /** How long some point can still be of use. */
    long remaining(long now) {
        long longest = 0;
        for (Run run : runs) {
            longest = Math.max(longest, run.usableUntil - now);
        }
        return longest;
    }

    /** {@return the same without some points} */
    Chunk<V> without(int from, int to) {
        if (runs.stream().noneMatch(run -> run.from < to && run.to > from)) {
            return this;
        }
        List<Segment<V>> keptSegments = new ArrayList<>(segments.size() + 1);
        for (Segment<V> segment : segments) {
            if (segment.from < Math.min(segment.to, from)) {
                keptSegments.add(segment.cut(segment.from, Math.min(segment.to, from)));
            }
            if (Math.max(segment.from, to) < segment.to) {
                keptSegments.add(segment.cut(Math.max(segment.from, to), segment.to));
            }
        }
        List<Run> keptRuns = new ArrayList<>(runs.size() + 1);
        for (Run run : runs) {
            if (run.from < Math.min(run.to, from)) {
                keptRuns.add(run.cut(run.from, Math.min(run.to, from)));
            }
            if (Math.max(run.from, to) < run.to) {
                keptRuns.add(run.cut(Math.max(run.from, to), run.to));
            }
        }
        return new Chunk<>(keptSegments, keptRuns);
    }

    /** {@return the same without what is of no use any more} */
    Chunk<V> withoutUseless(long now) {
        List<Run> useful = new ArrayList<>(runs.size());
        for (Run run : runs) {
            if (run.usableUntil - now > 0) {
                useful.add(run);
            }
        }
        return useful.size() == runs.size() ? this : new Chunk<>(segmentsOf(useful), useful);
    }

    /** {@return the segments cut to the points of some of the runs} */
    private List<Segment<V>> segmentsOf(List<Run> kept) {
        List<Segment<V>> cut = new ArrayList<>(segments.size());
        int place = 0;
        for (int i = 0; i < kept.size(); i++) {
            int from = kept.get(i).from;
            while (i + 1 < kept.size() && kept.get(i + 1).from == kept.get(i).to) {
                i++;
            }
            int to = kept.get(i).to;
            while (place < segments.size() && segments.get(place).to <= from) {
                place++;
            }
            for (int s = place; s < segments.size() && segments.get(s).from < to; s++) {
                Segment<V> segment = segments.get(s);
                cut.add(segment.cut(Math.max(segment.from, from), Math.min(segment.to, to)));
            }
        }
        return cut;
    }

    /** {@return the same with a value for the points of a run, of which it holds no others} */
    Chunk<V> with(Run added, V value, long valueWeight) {
        Chunk<V> rest = without(added.from, added.to);
        Segment<V> segment = new Segment<>(added.from, added.to, value, valueWeight, added.to - added.from);
        List<Segment<V>> newSegments = new ArrayList<>(rest.segments.size() + 1);
        newSegments.addAll(rest.segments);
        int place = newSegments.size();
        while (place > 0 && newSegments.get(place - 1).from > added.from) {
            place--;
        }
        newSegments.add(place, segment);
        return new Chunk<>(newSegments, rest.runsWith(added));
    }

    private List<Run> runsWith(Run added) {
        List<Run> grown = new ArrayList<>(runs.size() + 1);
        grown.addAll(runs);
        int place = grown.size();
        while (place > 0 && grown.get(place - 1).from > added.from) {
            place--;
        }
        Run merged = added;
        if (place < grown.size() && grown.get(place).continues(merged)) {
            merged = merged.cut(merged.from, grown.remove(place).to);
        }
        if (place > 0 && merged.continues(grown.get(place - 1))) {
            grown.set(place - 1, merged.cut(grown.get(place - 1).from, merged.to));
        } else {
            grown.add(place, merged);
        }
        return grown;
    }

    /** {@return the parts of some points that no load which began later has brought} */
    List<int[]> olderThan(long number, int from, int to) {
        List<int[]> parts = new ArrayList<>(1);
        int next = from;
        for (Run run : runs) {
            if (run.number > number && run.to > next && run.from < to) {
                if (run.from > next) {
                    parts.add(new int[] {next, run.from});
                }
                next = run.to;
            }
        }
        if (next < to) {
            parts.add(new int[] {next, to});
        }
        return parts;
    }

    /**
     * {@return the same in few segments that hold nothing else, if there are many, or they hold much else}
     *
     * @param line some points of the line
     * @param base the index of the chunk's first point on it
     * @param all whether to leave as few as can be, since it has just got its last point
     */
    Chunk<V> compact(GridValues<V> values, TimeGrid line, long base, boolean all) {
        long held = 0;
        for (int i = 0; i < segments.size(); i++) {
            held += isFirstOfItsValue(i) ? segments.get(i).points : 0;
        }
        boolean wasteful = held > 2L * count();
        boolean many = segments.size() > (all ? 1 : MOST_SEGMENTS);
        if (!many && !wasteful) {
            return this;
        }
        List<Segment<V>> compacted = new ArrayList<>();
        int start = 0;
        for (int count : sizes(wasteful || all)) {
            List<Segment<V>> neighbours = segments.subList(start, start + count);
            compacted.add(count == 1 && !wasteful ? neighbours.get(0) : copy(values, line, base, neighbours));
            start += count;
        }
        return new Chunk<>(compacted, runs);
    }

    /**
     * {@return how many neighbours go into one each time: all, or as many as leave each segment longer than the next one}
     *
     * <p>The latter copies a point only into segments at least twice as long, so that appending points one by one to a
     * chunk of n copies each of them log2(n) times at most, however long the chunk is.
     */
    private List<Integer> sizes(boolean all) {
        Deque<Integer> sizes = new ArrayDeque<>();
        Deque<Integer> points = new ArrayDeque<>();
        for (int i = 0; i < segments.size(); i++) {
            int size = 1;
            int length = segments.get(i).to - segments.get(i).from;
            int from = segments.get(i).from;
            while (!sizes.isEmpty() && (all || points.getLast() <= length) && segments.get(i - size).to == from) {
                int before = sizes.removeLast();
                from = segments.get(i - size - before + 1).from;
                size += before;
                length += points.removeLast();
            }
            sizes.addLast(size);
            points.addLast(length);
        }
        return List.copyOf(sizes);
    }

    private static <V> Segment<V> copy(GridValues<V> values, TimeGrid line, long base, List<Segment<V>> neighbours) {
        int from = neighbours.get(0).from;
        int to = neighbours.get(neighbours.size() - 1).to;
        TimeGrid part = line.between(base + from, base + to);
        List<Piece<V>> pieces = new ArrayList<>(neighbours.size());
        for (Segment<V> segment : neighbours) {
            pieces.add(new Piece<>(segment.from - (long) from, segment.to - (long) from, segment.value));
        }
        V copy = values.slice(values.join(part, pieces), part);
        return new Segment<>(from, to, copy, values.weigh(copy), to - (long) from);
    }

    /** Takes what a reader finds. */
    @FunctionalInterface
    interface Sink<V> {
        void add(int from, int to, V value, long loadedAt);
    }

    /** Hands over the points that are good, in the order of time, with the oldest time of those that are neighbours. */
    void read(int from, int to, Predicate<Run> good, Sink<V> sink) {
        if (whole != null && from <= whole.from && whole.to <= to && good.test(whole)) {
            hand(whole.from, whole.to, whole.loadedAt, sink);
            return;
        }
        int low = 0;
        int high = 0;
        long loadedAt = 0;
        for (Run run : runs) {
            int runFrom = Math.max(from, run.from);
            int runTo = Math.min(to, run.to);
            if (runFrom >= runTo || !good.test(run)) {
                continue;
            }
            boolean isNeighbour = runFrom == high && low < high;
            if (!isNeighbour) {
                hand(low, high, loadedAt, sink);
                low = runFrom;
            }
            loadedAt = isNeighbour ? earlier(loadedAt, run.loadedAt) : run.loadedAt;
            high = runTo;
        }
        hand(low, high, loadedAt, sink);
    }

    private void hand(int from, int to, long loadedAt, Sink<V> sink) {
        for (Segment<V> segment : segments) {
            int low = Math.max(from, segment.from);
            int high = Math.min(to, segment.to);
            if (low < high) {
                sink.add(low, high, segment.value, loadedAt);
            }
        }
    }

    /** {@return what holds of all runs, as one run; null if they have gaps} */
    private static @Nullable Run whole(List<Run> runs) {
        if (runs.isEmpty()) {
            return null;
        }
        Run first = runs.get(0);
        int to = first.from;
        long number = first.number;
        long loadedAt = first.loadedAt;
        long softUntil = first.softUntil;
        long freshUntil = first.freshUntil;
        long usableUntil = first.usableUntil;
        for (Run run : runs) {
            if (run.from != to) {
                return null;
            }
            to = run.to;
            number = Math.min(number, run.number);
            loadedAt = earlier(loadedAt, run.loadedAt);
            softUntil = earlier(softUntil, run.softUntil);
            freshUntil = earlier(freshUntil, run.freshUntil);
            usableUntil = earlier(usableUntil, run.usableUntil);
        }
        return new Run(first.from, to, number, loadedAt, softUntil, freshUntil, usableUntil);
    }

    /** Of two times of a clock that may overflow. */
    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
