package dev.tentpole.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last so many calls: a ring with one bit a call for "failed" and one for "slow".
 *
 * <p>A call takes the next place; a good one has to write there only if the call before it in that place was bad. Places
 * are as many as calls, so that two calls meet in one only if one of them is delayed by a whole round; then one of the two
 * is counted twice and the other not at all.
 */
final class CountWindow extends Window {

    private static final int WORD_SHIFT = 6;

    private final int size;
    private final boolean watchesSlow;
    private final AtomicLongArray failed;
    private final AtomicLongArray slow;
    private final AtomicLong next = new AtomicLong();

    CountWindow(int size, boolean watchesSlow) {
        this.size = size;
        this.watchesSlow = watchesSlow;
        int words = ((size - 1) >> WORD_SHIFT) + 1;
        failed = new AtomicLongArray(words);
        slow = new AtomicLongArray(watchesSlow ? words : 0);
    }

    @Override
    void good(long now) {
        int place = (int) (next.getAndIncrement() % size);
        set(failed, place, false);
        if (watchesSlow) {
            set(slow, place, false);
        }
    }

    @Override
    void bad(long now, boolean isFailed, boolean isSlow) {
        int place = (int) (next.getAndIncrement() % size);
        set(failed, place, isFailed);
        if (watchesSlow) {
            set(slow, place, isSlow);
        }
    }

    @Override
    Shares shares(long now) {
        return Shares.of(Math.min(next.get(), size), count(failed), count(slow));
    }

    private static void set(AtomicLongArray bits, int place, boolean value) {
        int word = place >> WORD_SHIFT;
        long bit = 1L << (place & (Long.SIZE - 1));
        long before = bits.get(word);
        while (((before & bit) != 0) != value && !bits.compareAndSet(word, before, before ^ bit)) {
            before = bits.get(word);
        }
    }

    private static long count(AtomicLongArray bits) {
        long count = 0;
        for (int word = 0; word < bits.length(); word++) {
            count += Long.bitCount(bits.get(word));
        }
        return count;
    }
}
