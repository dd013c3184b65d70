package dev.tentpole.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * The leaves of rows.
     *
     * @param rows how many there are; {@link TableStats#UNKNOWN} if that is not known
     * @param bytes the bytes of all their leaves; {@link TableStats#UNKNOWN} if they are not known
     * @param known the bytes of each leaf, below 0 where they are not known; null if none are
     */
    static CostLeaves of(List<TableLeaves.Leaf> leaves, long rows, long bytes, long @Nullable [] known) {
        int size = leaves.size();
        CostLeaves result = new CostLeaves(size);
        long lowerSum = 0;
        long upperSum = 0;
        long expectedSum = 0;
        int open = 0;
        for (int i = 0; i < size; i++) {
            if (known != null && known[i] >= 0) {
                result.lower[i] = known[i];
                result.upper[i] = known[i];
                result.expected[i] = known[i];
            } else {
                result.guess(i, leaves.get(i), rows, bytes);
            }
            open += result.expected[i] < 0 ? 1 : 0;
            expectedSum = CostBytes.plus(expectedSum, Math.max(0, result.expected[i]));
            lowerSum = CostBytes.plus(lowerSum, result.lower[i]);
            upperSum = CostBytes.plus(upperSum, result.upper[i]);
        }
        result.balance(bytes, lowerSum, upperSum, expectedSum, open);
        return result;
    }

    private void guess(int i, TableLeaves.Leaf leaf, long rows, long bytes) {
        long count = Math.max(0, rows);
        long least = CostBytes.times(leaf.field().type().leastBytes(), count);
        boolean fixed = leaf.isFixed() && rows >= 0;
        lower[i] = leaf.always() ? least : 0;
        upper[i] = fixed || rows == 0 ? least : bytes >= 0 ? bytes : CostBytes.UNBOUNDED;
        if (leaf.field().averageBytes().isPresent() && rows >= 0) {
            expected[i] = (long) (leaf.field().averageBytes().getAsDouble() * count * leaf.fraction());
        } else {
            expected[i] = fixed ? (long) (least * leaf.fraction()) : -1;
        }
    }

    /** Tightens each leaf by what the others leave of all bytes. */
    private void balance(long bytes, long lowerSum, long upperSum, long expectedSum, int open) {
        long rest = open == 0 ? 0 : Math.max(0, bytes - expectedSum) / open;
        for (int i = 0; i < lower.length; i++) {
            long least = lower[i];
            long most = upper[i];
            if (bytes >= 0 && lowerSum <= bytes) {
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
