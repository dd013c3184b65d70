package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The series of several parts, and for each part the column of each series, or -1. */
record SeriesUnion<S>(List<S> keys, List<int[]> columns) {

    /**
     * {@return the series that have points in some parts}
     *
     * @param order their order; null for that of the only part
     */
    static <S> SeriesUnion<S> of(List<SeriesPart<S>> parts, @Nullable Comparator<? super S> order) {
        if (parts.isEmpty()) {
            return new SeriesUnion<>(List.of(), List.of());
        }
        SeriesPart.Block<S> first = parts.get(0).block();
        List<S> keys = first.keys();
        boolean same = first.ordered() || isSorted(keys, order);
        for (int p = 1; p < parts.size() && same; p++) {
            List<S> other = parts.get(p).block().keys();
            // Most of what is kept has its keys from one list.
            same = other == keys || other.equals(keys);
        }
        return same ? ofSame(parts, keys) : ofAny(parts, order);
    }

    private static <S> boolean isSorted(List<S> keys, @Nullable Comparator<? super S> order) {
        for (int i = 1; i < keys.size() && order != null; i++) {
            if (order.compare(keys.get(i - 1), keys.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Unites parts that all have the same keys in the same order, which is the usual case. */
    private static <S> SeriesUnion<S> ofSame(List<SeriesPart<S>> parts, List<S> keys) {
        int[] columns = new int[keys.size()];
        int count = 0;
        for (int column = 0; column < columns.length; column++) {
            if (isAnywhere(parts, column)) {
                columns[count++] = column;
            }
        }
        if (count == columns.length) {
            return new SeriesUnion<>(keys, Collections.nCopies(parts.size(), columns));
        }
        int[] present = Arrays.copyOf(columns, count);
        List<S> found = new ArrayList<>(count);
        for (int column : present) {
            found.add(keys.get(column));
        }
        return new SeriesUnion<>(List.copyOf(found), Collections.nCopies(parts.size(), present));
    }

    private static boolean isAnywhere(List<? extends SeriesPart<?>> parts, int column) {
        // Without an iterator, which would be one object per series.
        for (int p = 0; p < parts.size(); p++) {
            if (parts.get(p).has(column)) {
                return true;
            }
        }
        return false;
    }

    private static <S> SeriesUnion<S> ofAny(List<SeriesPart<S>> parts, @Nullable Comparator<? super S> order) {
        Map<S, int[]> found = new LinkedHashMap<>();
        for (int p = 0; p < parts.size(); p++) {
            SeriesPart<S> part = parts.get(p);
            List<S> keys = part.block().keys();
            for (int c = 0; c < keys.size(); c++) {
                if (part.has(c)) {
                    int[] columns = found.computeIfAbsent(keys.get(c), key -> {
                        int[] none = new int[parts.size()];
                        Arrays.fill(none, -1);
                        return none;
                    });
                    columns[p] = c;
                }
            }
        }
        List<Map.Entry<S, int[]>> series = new ArrayList<>(found.entrySet());
        if (order != null) {
            series.sort((a, b) -> order.compare(a.getKey(), b.getKey()));
        }
        List<int[]> columns = new ArrayList<>(parts.size());
        for (int p = 0; p < parts.size(); p++) {
            int part = p;
            columns.add(
                    series.stream().mapToInt(entry -> entry.getValue()[part]).toArray());
        }
        return new SeriesUnion<>(series.stream().map(Map.Entry::getKey).toList(), columns);
    }
}
