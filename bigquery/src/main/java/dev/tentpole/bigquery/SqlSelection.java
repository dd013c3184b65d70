package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;

/**
 * Which partitions a condition selects: at least those of {@code lower}, most likely those of {@code expected}, at most those
 * of {@code upper}. Immutable.
 */
record SqlSelection(SqlRanges lower, SqlRanges expected, SqlRanges upper) {

    private static final int MOST_RANGES = 5_000;

    static final SqlSelection ALL = new SqlSelection(SqlRanges.ALL, SqlRanges.ALL, SqlRanges.ALL);
    static final SqlSelection UNKNOWN = new SqlSelection(SqlRanges.NONE, SqlRanges.ALL, SqlRanges.ALL);

    static SqlSelection exactly(SqlRanges ranges) {
        return new SqlSelection(ranges, ranges, ranges);
    }

    /** Maybe these, maybe all. */
    static SqlSelection maybe(SqlRanges ranges) {
        return new SqlSelection(ranges, SqlRanges.ALL, SqlRanges.ALL);
    }

    SqlSelection and(SqlSelection other) {
        if (isOne() && other.isOne() && lower.size() + other.lower.size() < MOST_RANGES) {
            return exactly(lower.and(other.lower));
        }
        return new SqlSelection(
                lower.size() + other.lower.size() < MOST_RANGES ? lower.and(other.lower) : SqlRanges.NONE,
                wide(expected, other.expected),
                wide(upper, other.upper));
    }

    /** What both select, or more if that has too many pieces. */
    private static SqlRanges wide(SqlRanges one, SqlRanges other) {
        if (one.size() + other.size() < MOST_RANGES) {
            return one.and(other);
        }
        return one.size() < other.size() ? one : other;
    }

    SqlSelection or(SqlSelection other) {
        return isOne() && other.isOne()
                ? exactly(lower.or(other.lower))
                : new SqlSelection(lower.or(other.lower), expected.or(other.expected), upper.or(other.upper));
    }

    /** Whether one set stands for all three. */
    @SuppressWarnings("ReferenceEquality") // Equal sets that are not the same go the slow way.
    private boolean isOne() {
        return lower == upper && lower == expected;
    }

    boolean isAll() {
        return lower.isAll() && expected.isAll() && upper.isAll();
    }

    boolean isSame(SqlSelection other) {
        return lower.isSame(other.lower) && expected.isSame(other.expected) && upper.isSame(other.upper);
    }

    /** What any of many select. */
    static SqlSelection union(List<SqlSelection> all) {
        List<SqlRanges> lower = new ArrayList<>();
        List<SqlRanges> expected = new ArrayList<>();
        List<SqlRanges> upper = new ArrayList<>();
        for (SqlSelection each : all) {
            lower.add(each.lower);
            expected.add(each.expected);
            upper.add(each.upper);
        }
        return new SqlSelection(SqlRanges.union(lower), SqlRanges.union(expected), SqlRanges.union(upper));
    }

    boolean isExact() {
        return isOne() || (lower.isSame(upper) && lower.isSame(expected));
    }
}
