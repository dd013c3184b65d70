package dev.tentpole.bigquery;

import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The bytes of each leaf of some rows, within bounds that hold: all leaves together are all bytes, so that what is known of
 * some bounds the others.
 */
final class CostLeaves {

    private final long[] lower;
    private final long[] expected;
    private final long[] upper;

    private CostLeaves(int size) {
        lower = new long[size];
        expected = new long[size];
        upper = new long[size];
    }

    /** The leaves of a whole table. */
    static CostLeaves of(TableStats table) {
        Map<String, Long> known = table.leafBytes();
        return of(
                table.leaves().leaves(),
                table.rows(),
                table.bytes(),
                leaf -> known.isEmpty() ? -1 : known.getOrDefault(leaf.path(), -1L));
    }

    /**
     * The leaves of rows.
     *
     * @param rows how many there are
     * @param bytes the bytes of all their leaves; 0 with rows if it is not known
     * @param known the bytes of a leaf, below 0 if they are not known
     */
    static CostLeaves of(List<TableLeaves.Leaf> leaves, long rows, long bytes, ToLongFunction<TableLeaves.Leaf> known) {
        int size = leaves.size();
        CostLeaves result = new CostLeaves(size);
        boolean sized = bytes > 0 || rows == 0;
        long lowerSum = 0;
        long upperSum = 0;
        long expectedSum = 0;
        int open = 0;
        for (int i = 0; i < size; i++) {
            TableLeaves.Leaf leaf = leaves.get(i);
            TableField field = leaf.field();
            long exact = known.applyAsLong(leaf);
            long least = CostBytes.times(field.type().leastBytes(), rows);
            if (exact >= 0) {
                result.lower[i] = exact;
                result.upper[i] = exact;
                result.expected[i] = exact;
            } else {
                result.lower[i] = leaf.always() ? least : 0;
                boolean fixed = field.type().isFixed() && !leaf.repeated();
                result.upper[i] = fixed ? least : sized ? bytes : CostBytes.UNBOUNDED;
                result.expected[i] = -1;
                if (field.averageBytes().isPresent()) {
                    result.expected[i] = (long) (field.averageBytes().getAsDouble() * rows * leaf.fraction());
                } else if (fixed) {
                    result.expected[i] = (long) (least * leaf.fraction());
                }
            }
            open += result.expected[i] < 0 ? 1 : 0;
            expectedSum = CostBytes.plus(expectedSum, Math.max(0, result.expected[i]));
            lowerSum = CostBytes.plus(lowerSum, result.lower[i]);
            upperSum = CostBytes.plus(upperSum, result.upper[i]);
        }
        result.balance(bytes, sized, lowerSum, upperSum, expectedSum, open);
        return result;
    }

    /** Tightens each leaf by what the others leave of all bytes. */
    private void balance(long bytes, boolean sized, long lowerSum, long upperSum, long expectedSum, int open) {
        long rest = open == 0 ? 0 : Math.max(0, bytes - expectedSum) / open;
        for (int i = 0; i < lower.length; i++) {
            long least = lower[i];
            long most = upper[i];
            if (sized && lowerSum <= bytes) {
                most = Math.min(most, bytes - (lowerSum - lower[i]));
                if (upperSum != Long.MAX_VALUE && upperSum >= bytes) {
                    least = Math.max(least, bytes - (upperSum - upper[i]));
                }
            }
            most = Math.max(least, most);
            long guess = expected[i] < 0 ? rest : expected[i];
            expected[i] = Math.max(least, Math.min(guess, most));
            lower[i] = least;
            upper[i] = most;
        }
    }

    long lower(int leaf) {
        return lower[leaf];
    }

    long expected(int leaf) {
        return expected[leaf];
    }

    long upper(int leaf) {
        return upper[leaf];
    }
}
