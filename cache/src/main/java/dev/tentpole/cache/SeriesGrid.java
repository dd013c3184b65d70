package dev.tentpole.cache;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Time series over a grid, in columns of primitives: the ready value for a {@link RangeCache}.
 *
 * <p>Each series has a key, such as its labels, and at each point of the grid 64 bits, a {@code double} or a {@code long},
 * or nothing. A series that has no point on the grid is not in it. What {@link #values} joins is a view over the columns of
 * others; a method that returns an array makes a copy.
 *
 * <p>Immutable and safe for use by several threads, as far as the keys are.
 *
 * @param <S> the type of the series' keys, with {@code equals} and {@code hashCode}
 */
public final class SeriesGrid<S> {

    private final TimeGrid grid;
    private final List<SeriesPart<S>> parts;
    private final @Nullable Comparator<? super S> order;
    private volatile @Nullable SeriesUnion<S> union;

    SeriesGrid(TimeGrid grid, List<SeriesPart<S>> parts, @Nullable Comparator<? super S> order) {
        this.grid = grid;
        this.parts = parts;
        this.order = order;
    }

    /**
     * {@return a builder}
     *
     * @param grid the grid, of at most 100,000,000 points
     * @param <S> the type of the series' keys
     * @throws IllegalArgumentException if the grid has more points
     */
    public static <S> Builder<S> builder(TimeGrid grid) {
        return new Builder<>(grid);
    }

    /**
     * {@return how a cache handles these values, with series in the natural order of their keys}
     *
     * @param <S> the type of the series' keys
     */
    public static <S extends Comparable<? super S>> GridValues<SeriesGrid<S>> values() {
        return values(Comparator.naturalOrder());
    }

    /**
     * {@return how a cache handles these values, with series in an order}
     *
     * <p>Where a series begins and ends in time differs from chunk to chunk, so that an order is needed that does not depend
     * on it: with the one in which the server has them, what comes from the cache is what the server would give.
     *
     * @param order the order, in which keys that are not equal differ; whatever the order of a loader's series, those of the
     *     cache's answers are in this one
     * @param <S> the type of the series' keys
     */
    public static <S> GridValues<SeriesGrid<S>> values(Comparator<? super S> order) {
        return values(order, SeriesValues::weighKey);
    }

    /**
     * {@return the same, for keys that hold more or less than is taken for granted: 56 bytes and two for each character of a
     * text, 64 bytes of anything else}
     *
     * @param order the order, in which keys that are not equal differ
     * @param weighKey what a key holds, in bytes; negative ones count as 0. It is asked for each series of each load
     * @param <S> the type of the series' keys
     */
    public static <S> GridValues<SeriesGrid<S>> values(
            Comparator<? super S> order, ToLongFunction<? super S> weighKey) {
        return new SeriesValues<>(order, weighKey);
    }

    /**
     * {@return the grid}
     */
    public TimeGrid grid() {
        return grid;
    }

    /**
     * {@return the keys of the series}
     */
    public List<S> series() {
        return union().keys();
    }

    /**
     * {@return whether a series has a value at a point}
     *
     * @param series which series, by its place in {@link #series}
     * @param offset which point, from 0 to the grid's count - 1
     */
    public boolean isPresent(int series, int offset) {
        int part = partAt(offset);
        return part >= 0 && isPresent(part, series, offset);
    }

    /**
     * {@return a value; 0 if there is none}
     *
     * @param series which series, by its place in {@link #series}
     * @param offset which point, from 0 to the grid's count - 1
     */
    public double doubleAt(int series, int offset) {
        return Double.longBitsToDouble(longAt(series, offset));
    }

    /**
     * {@return a value; 0 if there is none}
     *
     * @param series which series, by its place in {@link #series}
     * @param offset which point, from 0 to the grid's count - 1
     */
    public long longAt(int series, int offset) {
        int part = partAt(offset);
        if (part < 0 || !isPresent(part, series, offset)) {
            return 0;
        }
        return column(part, series).bits().get(parts.get(part).place(offset));
    }

    /**
     * {@return a copy of a series' values}
     *
     * @param series which series, by its place in {@link #series}
     * @param absent what stands for no value
     */
    public double[] doubles(int series, double absent) {
        long[] longs = longs(series, Double.doubleToRawLongBits(absent));
        double[] doubles = new double[longs.length];
        for (int i = 0; i < longs.length; i++) {
            doubles[i] = Double.longBitsToDouble(longs[i]);
        }
        return doubles;
    }

    /**
     * {@return a copy of a series' values}
     *
     * @param series which series, by its place in {@link #series}
     * @param absent what stands for no value
     */
    public long[] longs(int series, long absent) {
        int count = (int) grid.count();
        long[] bits = new long[count];
        long[] present = new long[SeriesColumn.words(count)];
        copy(union().columns(), series, bits, present);
        for (int i = 0; i < count; i++) {
            if ((present[i / Long.SIZE] >>> i & 1) == 0) {
                bits[i] = absent;
            }
        }
        return bits;
    }

    /** Whether both have the same series on the same grid with the same bits at the same points. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SeriesGrid<?> that) || !grid.equals(that.grid) || !series().equals(that.series())) {
            return false;
        }
        for (int s = 0; s < series().size(); s++) {
            for (int i = 0; i < grid.count(); i++) {
                if (isPresent(s, i) != that.isPresent(s, i) || longAt(s, i) != that.longAt(s, i)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Objects.hash(grid, series());
    }

    @Override
    public String toString() {
        return "SeriesGrid[" + grid + ", " + series().size() + " series]";
    }

    private boolean isPresent(int part, int series, int offset) {
        return union().columns().get(part)[series] >= 0
                && column(part, series).isPresent(parts.get(part).place(offset));
    }

    private SeriesColumn column(int part, int series) {
        return parts.get(part).block().columns().get(union().columns().get(part)[series]);
    }

    private int partAt(int offset) {
        Objects.checkIndex(offset, (int) grid.count());
        int low = 0;
        int high = parts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SeriesPart<S> part = parts.get(middle);
            if (offset < part.from()) {
                high = middle - 1;
            } else if (offset >= part.to()) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    /** {@return a copy of a series' points} */
    SeriesColumn column(int series) {
        int count = (int) grid.count();
        long[] bits = new long[count];
        long[] present = new long[SeriesColumn.words(count)];
        copy(union().columns(), series, bits, present);
        return SeriesColumn.of(bits, present, count);
    }

    private void copy(List<int[]> columns, int series, long[] bits, long[] present) {
        for (int p = 0; p < parts.size(); p++) {
            SeriesPart<S> part = parts.get(p);
            int column = columns.get(p)[series];
            if (column >= 0) {
                part.copy(column, bits, present);
            }
        }
    }

    /** Whether it holds all points of one block and no other. */
    boolean isOneBlock() {
        return parts.size() == 1
                && parts.get(0).block().points() == grid.count()
                && parts.get(0).to() == grid.count();
    }

    List<SeriesPart<S>> parts() {
        return parts;
    }

    SeriesUnion<S> union() {
        SeriesUnion<S> known = union;
        if (known == null) {
            known = SeriesUnion.of(parts, order);
            union = known;
        }
        return known;
    }

    /**
     * Gathers series. Not safe for use by several threads.
     *
     * @param <S> the type of the series' keys
     */
    public static final class Builder<S> {

        private static final int MOST_POINTS = 100_000_000;

        private final TimeGrid grid;
        private final int count;
        private final Map<S, Integer> places = new LinkedHashMap<>();
        private final List<long[]> bits = new ArrayList<>();
        private final List<long[]> present = new ArrayList<>();
        private boolean built;

        private Builder(TimeGrid grid) {
            this.grid = grid;
            this.count = (int) Args.inRange("points of the grid", grid.count(), 1, MOST_POINTS);
        }

        /**
         * {@return the place of a series, for the other methods; a new one is added}
         *
         * @param key the series' key
         */
        public int series(S key) {
            checkUse();
            Integer place = places.get(key);
            if (place != null) {
                return place;
            }
            places.put(key, bits.size());
            bits.add(new long[count]);
            present.add(new long[SeriesColumn.words(count)]);
            return bits.size() - 1;
        }

        /**
         * Sets a value; the last one set at a point counts.
         *
         * @param series the series' place
         * @param offset which point, from 0 to the grid's count - 1
         * @param value the value, of which every bit is kept
         * @return this
         */
        public Builder<S> set(int series, int offset, double value) {
            return set(series, offset, Double.doubleToRawLongBits(value));
        }

        /**
         * Sets a value; the last one set at a point counts.
         *
         * @param series the series' place
         * @param offset which point, from 0 to the grid's count - 1
         * @param value the value
         * @return this
         */
        public Builder<S> set(int series, int offset, long value) {
            checkUse();
            bits.get(series)[Objects.checkIndex(offset, count)] = value;
            SeriesColumn.mark(present.get(series), offset);
            return this;
        }

        /**
         * Sets a value at a time; in any order.
         *
         * @param series the series' place
         * @param millis the time of one of the grid's points, in milliseconds since the epoch
         * @param value the value, of which every bit is kept
         * @return this
         * @throws IllegalArgumentException if the grid has no point at that time
         */
        public Builder<S> setAt(int series, long millis, double value) {
            long offset = grid.offsetOf(millis);
            Args.check(offset >= 0, "time", millis, "the time of a point of " + grid);
            return set(series, (int) offset, value);
        }

        /**
         * {@return the series; the builder can't be used after that}
         *
         * @throws IllegalStateException if it was called before
         */
        public SeriesGrid<S> build() {
            checkUse();
            built = true;
            List<SeriesColumn> columns = new ArrayList<>(bits.size());
            for (int i = 0; i < bits.size(); i++) {
                columns.add(SeriesColumn.of(bits.get(i), present.get(i), count));
            }
            bits.clear();
            present.clear();
            List<S> keys = List.copyOf(places.keySet());
            return new SeriesGrid<>(grid, List.of(SeriesPart.whole(count, keys, columns, false)), null);
        }

        private void checkUse() {
            if (built) {
                throw new IllegalStateException("the series were built, and their builder can't be used any more");
            }
        }
    }
}
