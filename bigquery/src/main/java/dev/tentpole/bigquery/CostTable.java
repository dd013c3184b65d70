package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TableSlices.Bound;

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
        lower = new long[leaves];
        expected = new long[leaves];
        upper = new long[leaves];
        TableSlices slices = table.slices();
        inUpper = slices.select(selection.upper(), Bound.UPPER);
        boolean sharp = selection.isExact() && slices.isSharp();
        inExpected = sharp ? inUpper : slices.select(selection.expected(), Bound.EXPECTED);
        inLower = sharp ? inUpper : slices.select(selection.lower(), Bound.LOWER);
        boolean partitioned = table.partitioning().isPresent() && !selection.isAll();
        if (partitioned && slices.isKnown()) {
            upperRows = slices.rows(inUpper, true);
            upperBytes = Math.min(within(slices.bytes(inUpper, true)), within(table.bytes()));
            lowerBytes = Math.max(0, slices.bytes(inLower, true));
            parts(slices);
        } else {
            boolean whole = !partitioned || selection.lower().isAll();
            upperRows = table.rows();
            upperBytes = within(table.bytes());
            lowerBytes = whole ? Math.max(0, table.bytes()) : 0;
            CostLeaves costs = table.costs();
            for (int i = 0; i < leaves; i++) {
                lower[i] = whole ? costs.lower(i) : 0;
                expected[i] = costs.expected(i);
                upper[i] = costs.upper(i);
            }
        }
    }

    static CostTable of(TableStats table, SqlSelection selection) {
        return new CostTable(table, selection);
    }

    private static long within(long bytes) {
        return bytes < 0 ? CostBytes.UNBOUNDED : bytes;
    }

    /** Bounds of the leaves of some partitions: those of their own rows, and what the other partitions leave of the table. */
    private void parts(TableSlices slices) {
        CostLeaves whole = table.costs();
        TableLeaves leaves = table.leaves();
        CostLeaves most = slices.leaves(leaves, inUpper, true);
        CostLeaves beyond = slices.leaves(leaves, inUpper, false);
        CostLeaves likely = inExpected == inUpper ? most : slices.leaves(leaves, inExpected, true);
        CostLeaves least = inLower == inUpper ? most : slices.leaves(leaves, inLower, true);
        CostLeaves besides = inLower == inUpper ? beyond : slices.leaves(leaves, inLower, false);
        long likelyBytes = slices.bytes(inExpected, true);
        for (int i = 0; i < lower.length; i++) {
            long other = besides.upper(i);
            long left = other == CostBytes.UNBOUNDED ? 0 : Math.max(0, whole.lower(i) - other);
            lower[i] = Math.max(least.lower(i), left);
            long rest = whole.upper(i) == CostBytes.UNBOUNDED
                    ? CostBytes.UNBOUNDED
                    : Math.max(0, whole.upper(i) - beyond.lower(i));
            upper[i] = Math.max(lower[i], Math.min(most.upper(i), rest));
            boolean own = likelyBytes < 0
                    || table.bytes() <= 0
                    || (leaves.leaves().get(i).isFixed() && table.leafBytes().isEmpty());
            long guess = own
                    ? likely.expected(i)
                    : CostBytes.share(whole.expected(i), likelyBytes, Math.max(likelyBytes, table.bytes()));
            expected[i] = Math.max(lower[i], Math.min(guess, upper[i]));
        }
    }
}
