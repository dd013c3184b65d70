package dev.tentpole.cache;

import java.util.List;

/** Where points from..to-1 of a grid are: in a block, from a place on, a stride apart. */
record SeriesPart<S>(int from, int to, Block<S> block, int start, int stride) {

    /**
     * Columns as they are stored, one for each key.
     *
     * @param ordered whether the keys are in the order of the cache's values, each of them with a point somewhere
     */
    record Block<S>(int points, List<S> keys, List<SeriesColumn> columns, boolean ordered) {}

    /** {@return all points of a grid, in a block of their own} */
    static <S> SeriesPart<S> whole(int points, List<S> keys, List<SeriesColumn> columns, boolean ordered) {
        return new SeriesPart<>(0, points, new Block<>(points, keys, columns, ordered), 0, 1);
    }

    boolean has(int column) {
        return block.columns.get(column).isAnyPresent(start, stride, to - from);
    }

    int place(int offset) {
        return start + (offset - from) * stride;
    }

    /** Copies a column's points to where they are in the grid, and marks there which are there. */
    void copy(int column, long[] bits, long[] present) {
        block.columns.get(column).copy(start, stride, to - from, bits, present, from);
    }
}
