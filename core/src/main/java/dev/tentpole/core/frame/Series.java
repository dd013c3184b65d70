package dev.tentpole.core.frame;

import java.util.Arrays;

/**
 * One time series: rows of a value field, in the order of their times.
 *
 * @param value the value field, with the series' name, labels and config
 * @param times the times, ascending, without duplicates
 * @param rows for each time, the row of the value field
 */
// The arrays are shared among the series of one frame and never written to.
@SuppressWarnings("ArrayRecordComponent")
record Series(Field value, long[] times, int[] rows) {

    /**
     * A series of rows in any order.
     *
     * @param rows some rows of the value field; this method sorts them
     * @param timeOfRow the time of each row
     */
    static Series of(Field value, int[] rows, long[] timeOfRow, Conversion conversion) {
        TimeAxis.sort(rows, timeOfRow);
        long[] times = new long[rows.length];
        int[] unique = new int[rows.length];
        int size = 0;
        int duplicates = 0;
        long firstDuplicate = 0;
        for (int row : rows) {
            long time = timeOfRow[row];
            if (size > 0 && times[size - 1] == time) {
                firstDuplicate = duplicates++ == 0 ? time : firstDuplicate;
                unique[size - 1] = row;
            } else {
                times[size] = time;
                unique[size++] = row;
            }
        }
        if (duplicates > 0) {
            conversion.duplicatePoints(value, duplicates, firstDuplicate);
            return new Series(value, Arrays.copyOf(times, size), Arrays.copyOf(unique, size));
        }
        return new Series(value, times, unique);
    }

    /** The same rows of another field of the same frame. */
    Series withValue(Field other) {
        return new Series(other, times, rows);
    }

    boolean isNull(int point) {
        return value.isNull(rows[point]);
    }

    double number(int point) {
        return value.getDouble(rows[point]);
    }
}
