package dev.tentpole.cache;

import org.jspecify.annotations.Nullable;

/**
 * The points of one series in one block: 64 bits each, and which of them are there.
 *
 * @param bits one for each point of the block
 * @param present a bit for each point that is there; null if all are
 */
record SeriesColumn(Bits bits, @Nullable Bits present) {

    /** An array that is not changed once it is in here. */
    static final class Bits {

        private final long[] words;

        Bits(long[] words) {
            this.words = words;
        }

        long get(int i) {
            return words[i];
        }

        int length() {
            return words.length;
        }
    }

    static SeriesColumn of(long[] values, long[] present, int count) {
        boolean full = true;
        for (int i = 0; i < present.length && full; i++) {
            full = present[i] == mask(i, count);
        }
        return new SeriesColumn(new Bits(values), full ? null : new Bits(present));
    }

    private static long mask(int word, int count) {
        int rest = count - word * Long.SIZE;
        return rest >= Long.SIZE ? -1L : (1L << rest) - 1;
    }

    static int words(int count) {
        return (count + Long.SIZE - 1) / Long.SIZE;
    }

    static void mark(long[] present, int i) {
        present[i / Long.SIZE] |= 1L << i;
    }

    private static void markRange(long[] present, int from, int to) {
        int next = from;
        while (next < to) {
            int end = Math.min(to, (next / Long.SIZE + 1) * Long.SIZE);
            long low = -1L << next;
            long high = -1L >>> -end;
            present[next / Long.SIZE] |= low & high;
            next = end;
        }
    }

    boolean isPresent(int i) {
        return present == null || (present.get(i / Long.SIZE) >>> i & 1) != 0;
    }

    /** {@return whether any of some points is there: count points from the first on, the given stride apart} */
    boolean isAnyPresent(int first, int stride, int count) {
        if (present == null) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (isPresent(first + i * stride)) {
                return true;
            }
        }
        return false;
    }

    /** Copies points to a target, and marks there which are there. */
    void copy(int first, int stride, int count, long[] target, long[] targetPresent, int at) {
        if (stride == 1) {
            System.arraycopy(bits.words, first, target, at, count);
        } else {
            for (int i = 0; i < count; i++) {
                target[at + i] = bits.words[first + i * stride];
            }
        }
        if (present == null) {
            markRange(targetPresent, at, at + count);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (isPresent(first + i * stride)) {
                mark(targetPresent, at + i);
            } else {
                target[at + i] = 0;
            }
        }
    }

    long weigh() {
        return (long) Long.BYTES * (bits.length() + (present == null ? 0 : present.length()));
    }
}
