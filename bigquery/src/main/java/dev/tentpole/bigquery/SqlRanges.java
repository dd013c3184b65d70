package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A set of whole numbers as closed ranges in order that do not touch, and whether null belongs to it. Points in time are
 * microseconds, days are those of their beginning. Immutable.
 */
record SqlRanges(List<long[]> ranges, boolean nulls) {

    static final SqlRanges ALL = new SqlRanges(List.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}), true);
    static final SqlRanges NONE = new SqlRanges(List.of(), false);
    static final SqlRanges NULL = new SqlRanges(List.of(), true);
    static final SqlRanges NOT_NULL = new SqlRanges(ALL.ranges, false);

    static SqlRanges of(long from, long to) {
        return from > to ? NONE : new SqlRanges(List.of(new long[] {from, to}), false);
    }

    boolean isAll() {
        return nulls && coversAllNumbers();
    }

    boolean isSame(SqlRanges other) {
        boolean same = nulls == other.nulls && ranges.size() == other.ranges.size();
        for (int i = 0; same && i < ranges.size(); i++) {
            same = Arrays.equals(ranges.get(i), other.ranges.get(i));
        }
        return same;
    }

    int size() {
        return ranges.size();
    }

    boolean isNone() {
        return !nulls && ranges.isEmpty();
    }

    boolean coversAllNumbers() {
        return ranges.size() == 1 && ranges.get(0)[0] == Long.MIN_VALUE && ranges.get(0)[1] == Long.MAX_VALUE;
    }

    SqlRanges and(SqlRanges other) {
        if (isAll()) {
            return other;
        }
        List<long[]> both = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < ranges.size() && j < other.ranges.size()) {
            long[] a = ranges.get(i);
            long[] b = other.ranges.get(j);
            long from = Math.max(a[0], b[0]);
            long to = Math.min(a[1], b[1]);
            if (from <= to) {
                both.add(new long[] {from, to});
            }
            if (a[1] < b[1]) {
                i++;
            } else {
                j++;
            }
        }
        return new SqlRanges(both, nulls && other.nulls);
    }

    SqlRanges or(SqlRanges other) {
        if (isAll() || other.isAll()) {
            return ALL;
        }
        return union(List.of(this, other));
    }

    /** The union of many sets; takes time for the sum of their sizes, nearly. */
    static SqlRanges union(List<SqlRanges> sets) {
        List<long[]> all = new ArrayList<>();
        boolean nulls = false;
        for (SqlRanges set : sets) {
            all.addAll(set.ranges);
            nulls |= set.nulls;
        }
        all.sort(Comparator.comparingLong(range -> range[0]));
        List<long[]> merged = new ArrayList<>();
        for (long[] range : all) {
            long[] last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && (last[1] == Long.MAX_VALUE || range[0] <= last[1] + 1)) {
                merged.set(merged.size() - 1, new long[] {last[0], Math.max(last[1], range[1])});
            } else {
                merged.add(range);
            }
        }
        return new SqlRanges(merged, nulls);
    }

    /** All numbers that are not in it, without null. */
    SqlRanges complement() {
        List<long[]> rest = new ArrayList<>();
        long next = Long.MIN_VALUE;
        for (long[] range : ranges) {
            if (range[0] > next) {
                rest.add(new long[] {next, range[0] - 1});
            }
            if (range[1] == Long.MAX_VALUE) {
                return new SqlRanges(rest, false);
            }
            next = range[1] + 1;
        }
        rest.add(new long[] {next, Long.MAX_VALUE});
        return new SqlRanges(rest, false);
    }

    /** Whether a range of numbers has any in common with it. */
    boolean meets(long from, long to) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long[] range = ranges.get(middle);
            if (range[1] < from) {
                low = middle + 1;
            } else if (range[0] > to) {
                high = middle - 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
