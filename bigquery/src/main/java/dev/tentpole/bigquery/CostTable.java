package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is read of one table by one selection of its partitions: bytes of each leaf. */
final class CostTable {

    final TableStats table;
    final long[] lower;
    final long[] expected;
    final long[] upper;
    final boolean[] inExpected;
    final boolean[] inUpper;
    final boolean[] inLower;
    final long upperRows;
    /** All bytes of what is selected at most; {@link CostBytes#UNBOUNDED} if they are not known. */
    final long upperBytes;
    /** All bytes of what is selected at least. */
    final long lowerBytes;

    private CostTable(TableStats table, SqlSelection selection) {
        this.table = table;
        int leaves = table.leaves().leaves().size();
        int partitions = table.partitions().size();
        lower = new long[leaves];
        expected = new long[leaves];
        upper = new long[leaves];
        inLower = new boolean[partitions];
        inExpected = new boolean[partitions];
        inUpper = new boolean[partitions];
        TableSlices slices = table.slices();
        for (int i = 0; i < partitions; i++) {
            inLower[i] = slices.selects(i, selection.lower(), false);
            inExpected[i] = slices.selects(i, selection.expected(), true);
            inUpper[i] = slices.selects(i, selection.upper(), true);
        }
        upperRows = fill(selection, slices);
        boolean sized = table.bytes() > 0 || table.rows() == 0;
        boolean cut = table.partitioning().isPresent() && !selection.isAll() && slices.isKnown();
        boolean whole = table.partitioning().isEmpty() || selection.lower().isAll();
        upperBytes = !sized ? CostBytes.UNBOUNDED : cut ? bytes(inUpper) : table.bytes();
        lowerBytes = cut ? bytes(inLower) : whole ? table.bytes() : 0;
    }

    static CostTable of(TableStats table, SqlSelection selection) {
        return new CostTable(table, selection);
    }

    private long bytes(boolean[] in) {
        long bytes = 0;
        for (int i = 0; i < in.length; i++) {
            bytes += in[i] ? table.partitions().get(i).bytes() : 0;
        }
        return bytes;
    }

    private long fill(SqlSelection selection, TableSlices slices) {
        CostLeaves whole = table.costs();
        boolean partitioned = table.partitioning().isPresent() && !selection.isAll();
        if (!partitioned || !slices.isKnown()) {
            for (int i = 0; i < lower.length; i++) {
                lower[i] = partitioned && !selection.lower().isAll() ? 0 : whole.lower(i);
                expected[i] = whole.expected(i);
                upper[i] = whole.upper(i);
            }
            return table.rows();
        }
        part(inLower, whole, lower, null, null);
        part(inExpected, whole, null, expected, null);
        part(inUpper, whole, null, null, upper);
        long rows = 0;
        for (int i = 0; i < inUpper.length; i++) {
            rows += inUpper[i] ? table.partitions().get(i).rows() : 0;
        }
        for (int i = 0; i < lower.length; i++) {
            upper[i] = Math.max(upper[i], lower[i]);
            expected[i] = Math.max(lower[i], Math.min(expected[i], upper[i]));
        }
        return rows;
    }

    /** Bounds of the leaves of some partitions: those of their own rows, and what the other partitions leave of the table. */
    private void part(
            boolean[] in, CostLeaves whole, long @Nullable [] least, long @Nullable [] most, long @Nullable [] limit) {
        List<TablePartition> inside = new ArrayList<>();
        List<TablePartition> outside = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            (in[i] ? inside : outside).add(table.partitions().get(i));
        }
        CostLeaves own = leaves(inside);
        CostLeaves others = leaves(outside);
        long insideBytes = inside.stream().mapToLong(TablePartition::bytes).sum();
        for (int i = 0; i < lower.length; i++) {
            if (least != null) {
                long other = others.upper(i);
                long left = other == CostBytes.UNBOUNDED ? 0 : Math.max(0, whole.lower(i) - other);
                least[i] = Math.max(own.lower(i), left);
            }
            if (most != null) {
                TableLeaves.Leaf leaf = table.leaves().leaves().get(i);
                boolean fixed = leaf.field().type().isFixed() && !leaf.repeated();
                most[i] = fixed && table.leafBytes().isEmpty()
                        ? own.expected(i)
                        : CostBytes.share(whole.expected(i), insideBytes, Math.max(insideBytes, table.bytes()));
            }
            if (limit != null) {
                long left = whole.upper(i) == CostBytes.UNBOUNDED
                        ? CostBytes.UNBOUNDED
                        : Math.max(0, whole.upper(i) - others.lower(i));
                limit[i] = Math.min(own.upper(i), left);
            }
        }
    }

    private CostLeaves leaves(List<TablePartition> partitions) {
        long rows = 0;
        long bytes = 0;
        for (TablePartition partition : partitions) {
            rows += partition.rows();
            bytes += partition.bytes();
        }
        return CostLeaves.of(table.leaves().leaves(), rows, bytes, leaf -> {
            long sum = 0;
            for (TablePartition partition : partitions) {
                Map<String, Long> known = partition.leafBytes();
                Long value = known.isEmpty() ? null : known.get(leaf.path());
                if (value == null) {
                    return -1;
                }
                sum += value;
            }
            return partitions.isEmpty() ? 0 : sum;
        });
    }
}
