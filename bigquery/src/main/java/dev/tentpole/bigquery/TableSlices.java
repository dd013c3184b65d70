package dev.tentpole.bigquery;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a table as arrays: which values each can hold, its rows and bytes. What the table has and no listed
 * partition does is one more, which may hold anything.
 */
final class TableSlices {

    private static final byte VALUES = 0;
    private static final byte NULLS = 1;
    private static final byte UNPARTITIONED = 2;
    private static final byte ANYTHING = 3;
    private static final byte UNLISTED = 4;

    /** For what partitions are selected. */
    enum Bound {
        LOWER,
        EXPECTED,
        UPPER
    }

    private final List<TablePartition> partitions;
    /** Whether the rows of the table are what its leaves say. */
    private final boolean rowsAgree;

    private final int size;
    private final byte[] kind;
    private final long[] from;
    private final long[] to;
    private final long[] rows;
    private final long[] bytes;
    private final long[] @Nullable [] leafBytes;
    private final boolean range;
    private final boolean ingestion;
    private final boolean sharp;

    TableSlices(
            Optional<TablePartitioning> partitioning,
            List<TablePartition> partitions,
            TableLeaves leaves,
            long tableRows,
            long tableBytes,
            boolean rowsAgree) {
        this.partitions = partitions;
        this.rowsAgree = rowsAgree;
        range = partitioning.isPresent() && partitioning.get().unit() == TablePartitioning.Unit.RANGE;
        ingestion = partitioning.isPresent() && partitioning.get().field().isEmpty();
        int listed = partitions.size();
        long rowSum = 0;
        long byteSum = 0;
        for (TablePartition partition : partitions) {
            rowSum = CostBytes.plus(rowSum, Math.max(0, partition.rows()));
            byteSum = CostBytes.plus(byteSum, Math.max(0, partition.bytes()));
        }
        boolean unlisted = listed > 0 && (tableRows > rowSum || tableBytes > byteSum);
        size = unlisted ? listed + 1 : listed;
        kind = new byte[size];
        from = new long[size];
        to = new long[size];
        rows = new long[size];
        bytes = new long[size];
        leafBytes = new long[size][];
        boolean allSharp = !unlisted;
        for (int i = 0; i < listed; i++) {
            TablePartition partition = partitions.get(i);
            fill(i, partition, leaves);
            if (partitioning.isPresent()) {
                bounds(partitioning.get(), partition.id(), i);
            }
            kind[i] = kindOf(partition.id(), i);
            allSharp &= kind[i] == VALUES || kind[i] == NULLS;
        }
        if (unlisted) {
            kind[listed] = UNLISTED;
            rows[listed] = tableRows > rowSum ? tableRows - rowSum : TableStats.UNKNOWN;
            bytes[listed] = tableBytes > byteSum ? tableBytes - byteSum : TableStats.UNKNOWN;
        }
        sharp = allSharp;
    }

    private void fill(int i, TablePartition partition, TableLeaves leaves) {
        bytes[i] = partition.bytes();
        leafBytes[i] = partition.leafBytes().isEmpty() ? null : leaves.known(partition.leafBytes());
        boolean isTrusted = rowsAgree && leaves.agree(partition.rows(), partition.bytes(), leafBytes[i]);
        rows[i] = isTrusted ? partition.rows() : TableStats.UNKNOWN;
    }

    private byte kindOf(String id, int i) {
        return switch (id) {
            case "__NULL__" -> NULLS;
            case "__UNPARTITIONED__" -> UNPARTITIONED;
            default -> from[i] == Long.MIN_VALUE ? ANYTHING : VALUES;
        };
    }

    private void bounds(TablePartitioning partitioning, String id, int i) {
        try {
            if (range) {
                from[i] = Long.parseLong(id);
                to[i] = partitioning.last(from[i]);
                return;
            }
            if (id.length() != digits(partitioning.unit())) {
                throw new IllegalArgumentException("not a partition of that unit");
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

    private static int digits(TablePartitioning.Unit unit) {
        return switch (unit) {
            case YEAR -> 4;
            case MONTH -> 6;
            case HOUR -> 10;
            default -> 8;
        };
    }

    boolean isKnown() {
        return size > 0;
    }

    /** How many partitions the catalog lists. */
    int listed() {
        return partitions.size();
    }

    /** Whether bounds do not differ for the same ranges: each partition is one of values that are known. */
    boolean isSharp() {
        return sharp;
    }

    /** Which partitions are read; the last one may be what no listed partition has. */
    boolean[] select(SqlRanges ranges, Bound bound) {
        boolean[] in = new boolean[size];
        boolean all = ranges.isAll();
        for (int i = 0; i < size; i++) {
            in[i] = all || selects(i, ranges, bound);
        }
        return in;
    }

    private boolean selects(int i, SqlRanges ranges, Bound bound) {
        return switch (kind[i]) {
            case VALUES -> ranges.meets(from[i], to[i]);
            case NULLS -> ranges.nulls();
            case UNPARTITIONED -> (ingestion && ranges.nulls()) || bound != Bound.LOWER;
            case ANYTHING -> bound != Bound.LOWER;
            default -> bound == Bound.UPPER && !ranges.isNone();
        };
    }

    /** The rows of the partitions with that mark; {@link TableStats#UNKNOWN} if those of any are not known. */
    long rows(boolean[] in, boolean mark) {
        return sum(rows, in, mark);
    }

    /** The bytes of the partitions with that mark; {@link TableStats#UNKNOWN} if those of any are not known. */
    long bytes(boolean[] in, boolean mark) {
        return sum(bytes, in, mark);
    }

    private static long sum(long[] values, boolean[] in, boolean mark) {
        long sum = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == mark) {
                if (values[i] < 0) {
                    return TableStats.UNKNOWN;
                }
                sum = CostBytes.plus(sum, values[i]);
            }
        }
        return sum;
    }

    /** The bytes of one partition; {@link TableStats#UNKNOWN} if they are not known. */
    long bytes(int partition) {
        return bytes[partition];
    }

    /** The leaves of the partitions with that mark. */
    CostLeaves leaves(TableLeaves leaves, boolean[] in, boolean mark) {
        return CostLeaves.of(leaves.leaves(), rows(in, mark), bytes(in, mark), known(leaves, in, mark));
    }

    /** The leaves of one partition. */
    CostLeaves leaves(TableLeaves leaves, int partition) {
        return CostLeaves.of(leaves.leaves(), rows[partition], bytes[partition], leafBytes[partition]);
    }

    private long @Nullable [] known(TableLeaves leaves, boolean[] in, boolean mark) {
        long[] sum = null;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == mark) {
                long[] known = leafBytes[i];
                if (known == null) {
                    return null;
                }
                if (sum == null) {
                    sum = new long[leaves.leaves().size()];
                }
                for (int leaf = 0; leaf < sum.length; leaf++) {
                    sum[leaf] = sum[leaf] < 0 || known[leaf] < 0 ? -1 : CostBytes.plus(sum[leaf], known[leaf]);
                }
            }
        }
        return sum;
    }
}
