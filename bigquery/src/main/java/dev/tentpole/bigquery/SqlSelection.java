package dev.tentpole.bigquery;

/**
 * Which partitions a condition selects: at least those of {@code lower}, most likely those of {@code expected}, at most those
 * of {@code upper}. Immutable.
 */
record SqlSelection(SqlRanges lower, SqlRanges expected, SqlRanges upper) {

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
        return new SqlSelection(lower.and(other.lower), expected.and(other.expected), upper.and(other.upper));
    }

    SqlSelection or(SqlSelection other) {
        return new SqlSelection(lower.or(other.lower), expected.or(other.expected), upper.or(other.upper));
    }

    boolean isAll() {
        return lower.isAll() && expected.isAll() && upper.isAll();
    }

    boolean isExact() {
        return lower.equals(upper);
    }
}
