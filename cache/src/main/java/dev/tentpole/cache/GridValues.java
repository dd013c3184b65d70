package dev.tentpole.cache;

import java.util.List;

/**
 * How a {@link RangeCache} cuts values over a time grid into chunks and puts them together again.
 *
 * <p>What is joined must be the same, bit for bit, as if it had been loaded at once. {@link SeriesGrid#values} is a ready
 * one. Implementations are stateless and safe for use by several threads.
 *
 * @param <V> the type of values
 */
public interface GridValues<V> {

    /**
     * {@return the grid whose points a value tells about; a point of it for which there is no data is told about too}
     *
     * @param value a value that a loader returned, or that this made
     */
    TimeGrid grid(V value);

    /**
     * {@return a copy of a part of a value, which holds on to nothing of the rest}
     *
     * @param value the value
     * @param part the points of the copy, all of them points of the value's grid, on the same line
     */
    V slice(V value, TimeGrid part);

    /**
     * {@return a value over a grid, made of pieces of others without copying them}
     *
     * @param grid the points of the new value
     * @param pieces which values they come from, in the order of time, without overlaps; points that no piece covers are
     *     without data
     */
    V join(TimeGrid grid, List<Piece<V>> pieces);

    /**
     * {@return what a value holds, in bytes, 0 or more}
     *
     * @param value a value that {@link #slice} made
     */
    long weigh(V value);

    /**
     * Which points of a grid come from which value.
     *
     * @param from the offset of the first of these points in the grid of the join
     * @param to the offset after the last one
     * @param value the value; its grid has these points, on the same line or on one with a smaller step
     * @param <V> the type of values
     */
    record Piece<V>(long from, long to, V value) {}
}
