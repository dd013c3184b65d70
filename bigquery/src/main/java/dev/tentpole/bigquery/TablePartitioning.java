package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.Objects;
import java.util.Optional;

/**
 * How a table is cut into partitions. Immutable.
 *
 * @param unit how long a partition is, or {@link Unit#RANGE} for whole numbers
 * @param field the column that decides; empty for partitions by the time of ingestion
 * @param start the first value of a range, 0 for units of time
 * @param end behind the last value of a range, 0 for units of time
 * @param interval the values in a partition of a range, 0 for units of time
 */
public record TablePartitioning(Unit unit, Optional<String> field, long start, long end, long interval) {

    /** The last number of the range that begins there. */
    long last(long first) {
        long next = first > Long.MAX_VALUE - interval ? end : first + interval;
        return Math.max(first, Math.min(next, end) - 1);
    }

    /** How long a partition is. */
    public enum Unit {
        /** An hour in UTC, with identifiers such as {@code 2024010113}. */
        HOUR,
        /** A day in UTC, with identifiers such as {@code 20240101}. */
        DAY,
        /** A month, with identifiers such as {@code 202401}. */
        MONTH,
        /** A year, with identifiers such as {@code 2024}. */
        YEAR,
        /** A range of whole numbers; its identifier is the first of them. */
        RANGE
    }

    /**
     * Checks the values.
     *
     * @param unit see {@link #unit}
     * @param field see {@link #field}
     * @param start see {@link #start}
     * @param end see {@link #end}
     * @param interval see {@link #interval}
     */
    public TablePartitioning {
        Objects.requireNonNull(unit, "unit");
        field.ifPresent(name -> Args.notBlank("field", name));
        if (unit == Unit.RANGE) {
            Args.check(field.isPresent(), "field", field, "present for partitions of ranges");
            Args.check(end > start, "end", end, "more than start = " + start);
            Args.check(interval > 0, "interval", interval, "at least 1");
        } else {
            Args.check(start == 0 && end == 0 && interval == 0, "start, end, interval", start, "0 for units of time");
        }
    }

    /**
     * {@return partitions by a column of dates or times}
     *
     * @param unit how long a partition is, not {@link Unit#RANGE}
     * @param field the column, a {@code DATE}, {@code DATETIME} or {@code TIMESTAMP}
     */
    public static TablePartitioning time(Unit unit, String field) {
        return new TablePartitioning(unit, Optional.of(field), 0, 0, 0);
    }

    /**
     * {@return partitions by the time of ingestion, {@code _PARTITIONTIME}}
     *
     * @param unit how long a partition is, not {@link Unit#RANGE}
     */
    public static TablePartitioning ingestion(Unit unit) {
        return new TablePartitioning(unit, Optional.empty(), 0, 0, 0);
    }

    /**
     * {@return partitions by ranges of whole numbers}
     *
     * @param field the column, an {@code INT64}
     * @param start the first value
     * @param end behind the last value
     * @param interval the values in each partition, at least 1
     */
    public static TablePartitioning range(String field, long start, long end, long interval) {
        return new TablePartitioning(Unit.RANGE, Optional.of(field), start, end, interval);
    }
}
