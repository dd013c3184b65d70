package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Which values of the partition column each partition holds. Immutable. */
final class TableSlices {

    private final List<TablePartition> partitions;
    private final long[] from;
    private final long[] to;
    private final boolean range;
    private final boolean ingestion;

    TableSlices(Optional<TablePartitioning> partitioning, List<TablePartition> partitions) {
        this.partitions = partitions;
        from = new long[partitions.size()];
        to = new long[partitions.size()];
        range = partitioning.isPresent() && partitioning.get().unit() == TablePartitioning.Unit.RANGE;
        ingestion = partitioning.isPresent() && partitioning.get().field().isEmpty();
        for (int i = 0; i < from.length; i++) {
            // An identifier that is not understood may hold any value.
            from[i] = Long.MIN_VALUE;
            to[i] = Long.MAX_VALUE;
            if (partitioning.isPresent()) {
                bounds(partitioning.get(), partitions.get(i).id(), i);
            }
        }
    }

    private void bounds(TablePartitioning partitioning, String id, int i) {
        try {
            if (range) {
                from[i] = Long.parseLong(id);
                to[i] = Math.addExact(from[i], partitioning.interval() - 1);
                return;
            }
            int month = id.length() >= 6 ? Integer.parseInt(id.substring(4, 6)) : 1;
            int day = id.length() >= 8 ? Integer.parseInt(id.substring(6, 8)) : 1;
            int hour = id.length() >= 10 ? Integer.parseInt(id.substring(8, 10)) : 0;
            LocalDateTime start = LocalDateTime.of(Integer.parseInt(id.substring(0, 4)), month, day, hour, 0);
            LocalDateTime end = switch (id.length()) {
                case 4 -> start.plusYears(1);
                case 6 -> start.plusMonths(1);
                case 8 -> start.plusDays(1);
                default -> start.plusHours(1);
            };
            from[i] = SqlValue.micros(start.toInstant(ZoneOffset.UTC));
            // _PARTITIONTIME has but one value in a partition.
            to[i] = ingestion ? from[i] : SqlValue.micros(end.toInstant(ZoneOffset.UTC)) - 1;
        } catch (DateTimeException
                | ArithmeticException
                | IllegalArgumentException
                | StringIndexOutOfBoundsException e) {
            from[i] = Long.MIN_VALUE;
            to[i] = Long.MAX_VALUE;
        }
    }

    boolean isKnown() {
        return !partitions.isEmpty();
    }

    /**
     * Whether a partition has rows that a set of values selects. Rows that BigQuery has not yet put into partitions may have
     * any value: they are read where {@code cautious} is set.
     */
    boolean selects(int partition, SqlRanges ranges, boolean cautious) {
        if (ranges.isAll()) {
            return true;
        }
        String id = partitions.get(partition).id();
        if (id.equals("__NULL__")) {
            return ranges.nulls();
        }
        if (id.equals("__UNPARTITIONED__")) {
            return ingestion ? ranges.nulls() || cautious : cautious;
        }
        if (from[partition] == Long.MIN_VALUE) {
            return cautious;
        }
        return ranges.meets(from[partition], to[partition]);
    }
}
