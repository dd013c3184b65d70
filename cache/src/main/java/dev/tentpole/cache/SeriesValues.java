package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** How a cache handles series: it keeps them in blocks whose series are in an order. */
final class SeriesValues<S> implements GridValues<SeriesGrid<S>> {

    /** Rough cost of a series besides its points and its key: its column's objects and its place in the list. */
    private static final int SERIES_BYTES = 96;

    private static final int BLOCK_BYTES = 128;
    private static final int TEXT_BYTES = 56;
    private static final int KEY_BYTES = 64;

    private final Comparator<? super S> order;
    private final ToLongFunction<? super S> weighKey;
    private final SharedKeys<S> shared = new SharedKeys<>();

    SeriesValues(Comparator<? super S> order, ToLongFunction<? super S> weighKey) {
        this.order = Objects.requireNonNull(order, "order");
        this.weighKey = Objects.requireNonNull(weighKey, "weighKey");
    }

    /** {@return what a key holds, in bytes: of a text at most, of others a guess} */
    static long weighKey(Object key) {
        return key instanceof CharSequence text ? TEXT_BYTES + (long) Character.BYTES * text.length() : KEY_BYTES;
    }

    @Override
    public TimeGrid grid(SeriesGrid<S> value) {
        return value.grid();
    }

    @Override
    public SeriesGrid<S> slice(SeriesGrid<S> value, TimeGrid part) {
        boolean all = value.isOneBlock() && part.equals(value.grid());
        SeriesGrid<S> view = all
                ? new SeriesGrid<>(part, value.parts(), order)
                : join(part, List.of(new Piece<>(0, part.count(), value)));
        SeriesUnion<S> union = view.union();
        List<SeriesColumn> columns = new ArrayList<>(union.keys().size());
        for (int s = 0; s < union.keys().size(); s++) {
            // Columns are never changed: all of one can be had without a copy.
            columns.add(
                    all
                            ? view.parts()
                                    .get(0)
                                    .block()
                                    .columns()
                                    .get(union.columns().get(0)[s])
                            : view.column(s));
        }
        List<S> keys = shared.share(union.keys());
        return new SeriesGrid<>(part, List.of(SeriesPart.whole((int) part.count(), keys, columns, true)), order);
    }

    @Override
    public SeriesGrid<S> join(TimeGrid grid, List<Piece<SeriesGrid<S>>> pieces) {
        List<SeriesPart<S>> parts = new ArrayList<>(pieces.size());
        for (Piece<SeriesGrid<S>> piece : pieces) {
            SeriesGrid<S> value = piece.value();
            int from = (int) piece.from();
            int base = (int) value.grid().offsetOf(grid.timeMillis(from));
            // So far apart that no two of them are in one value, the points may as well be a little nearer.
            int stride = (int)
                    Math.min(Integer.MAX_VALUE, grid.stepMillis() / value.grid().stepMillis());
            for (SeriesPart<S> part : value.parts()) {
                int low = from + Math.max(0, ceilDiv(part.from() - base, stride));
                int high = Math.min((int) piece.to(), from + ceilDiv(part.to() - base, stride));
                if (low < high) {
                    int inner = base + (low - from) * stride;
                    int innerStride = (int) Math.min(Integer.MAX_VALUE, (long) stride * part.stride());
                    parts.add(new SeriesPart<>(low, high, part.block(), part.place(inner), innerStride));
                }
            }
        }
        return new SeriesGrid<>(grid, parts, order);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return -Math.floorDiv(-dividend, divisor);
    }

    @Override
    public long weigh(SeriesGrid<S> value) {
        long weight = BLOCK_BYTES;
        for (SeriesPart<S> part : value.parts()) {
            for (SeriesColumn column : part.block().columns()) {
                weight += SERIES_BYTES + column.weigh();
            }
            for (S key : part.block().keys()) {
                weight += Math.max(0, weighKey.applyAsLong(key));
            }
        }
        return weight;
    }
}
