package dev.tentpole.core.frame;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times in order, without duplicates. */
final class TimeAxis {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private TimeAxis() {}

    static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }

    /** The times of a time field; a copy only if it is a slice. */
    static long[] times(Field time) {
        return time.offset() == 0 && time.longs().length == time.size()
                ? time.longs()
                : Arrays.copyOfRange(time.longs(), time.offset(), time.offset() + time.size());
    }

    /** Whether times rise, each above the one before. */
    static boolean isAscending(long[] times) {
        for (int i = 1; i < times.length; i++) {
            if (times[i] <= times[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Every time of any series, in order. */
    static long[] union(List<Series> series) {
        if (series.isEmpty()) {
            return new long[0];
        }
        long[] first = series.get(0).times();
        boolean same = true;
        int total = 0;
        long[] last = null;
        for (Series one : series) {
            if (one.times() != last) {
                total = Math.addExact(total, one.times().length);
                same &= one.times() == first || Arrays.equals(one.times(), first);
            }
            last = one.times();
        }
        return same ? first : sortedUnion(series, total);
    }

    private static long[] sortedUnion(List<Series> series, int total) {
        long[] all = new long[total];
        int size = 0;
        long @Nullable [] last = null;
        for (Series one : series) {
            if (one.times() != last) {
                System.arraycopy(one.times(), 0, all, size, one.times().length);
                size += one.times().length;
            }
            last = one.times();
        }
        Arrays.sort(all);
        int unique = Math.min(1, size);
        for (int i = 1; i < size; i++) {
            if (all[i] != all[unique - 1]) {
                all[unique++] = all[i];
            }
        }
        return Arrays.copyOf(all, unique);
    }

    /** Sorts rows by their times; rows of the same time keep their order. */
    static void sort(int[] rows, long[] timeOfRow) {
        boolean sorted = true;
        for (int i = 1; sorted && i < rows.length; i++) {
            sorted = timeOfRow[rows[i - 1]] <= timeOfRow[rows[i]];
        }
        if (!sorted) {
            mergeSort(rows, timeOfRow);
        }
    }

    private static void mergeSort(int[] rows, long[] timeOfRow) {
        int[] from = rows;
        int[] to = new int[rows.length];
        for (int width = 1; width > 0 && width < rows.length; width *= 2) {
            for (int start = 0; start < rows.length; start += 2 * width) {
                int middle = Math.min(rows.length, start + width);
                int end = (int) Math.min(rows.length, start + 2L * width);
                int left = start;
                int right = middle;
                for (int i = start; i < end; i++) {
                    boolean takeLeft =
                            left < middle && (right >= end || timeOfRow[from[left]] <= timeOfRow[from[right]]);
                    to[i] = takeLeft ? from[left++] : from[right++];
                }
                if (end == rows.length) {
                    break;
                }
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        if (from != rows) {
            System.arraycopy(from, 0, rows, 0, rows.length);
        }
    }
}
