package dev.tentpole.retry;

import java.util.concurrent.locks.ReentrantLock;

/**
 * How long the last one to two thousand attempts took, to within a quarter: counts in buckets that grow by a quarter of a
 * power of two, in two halves of which the older one is dropped when the newer one is full.
 */
final class RecentTimes {

    /** Times in a half. */
    static final int HALF = 1_000;

    private static final int SHIFT = 2;
    private static final int BUCKETS = Long.SIZE << SHIFT;

    private final ReentrantLock lock = new ReentrantLock();
    private int[] older = new int[BUCKETS];
    private int[] newer = new int[BUCKETS];
    private int olderCount;
    private int newerCount;

    void add(long nanos) {
        lock.lock();
        try {
            if (newerCount == HALF) {
                older = newer;
                olderCount = newerCount;
                newer = new int[BUCKETS];
                newerCount = 0;
            }
            newer[bucket(nanos)]++;
            newerCount++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The time that the given share of attempts did not exceed, rounded up to its bucket's end.
     *
     * @return -1 if there are fewer than so many
     */
    long quantile(double share, int minCount) {
        lock.lock();
        try {
            int count = olderCount + newerCount;
            if (count < minCount) {
                return -1;
            }
            long rank = (long) Math.ceil(share * count);
            long seen = 0;
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                seen += older[bucket] + newer[bucket];
                if (seen >= rank) {
                    return end(bucket);
                }
            }
            return end(BUCKETS - 1);
        } finally {
            lock.unlock();
        }
    }

    static int bucket(long nanos) {
        long value = Math.max(nanos, 1L << SHIFT);
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int quarter = (int) (value >>> (exponent - SHIFT)) & ((1 << SHIFT) - 1);
        return ((exponent - SHIFT) << SHIFT) + quarter;
    }

    static long end(int bucket) {
        int exponent = (bucket >> SHIFT) + SHIFT;
        long quarter = (bucket & ((1 << SHIFT) - 1)) + (1L << SHIFT) + 1;
        return quarter << (exponent - SHIFT);
    }
}
