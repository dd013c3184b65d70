package dev.tentpole.retry;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Permits that one thread took from a bucket at once, and spends without an atomic operation.
 *
 * <p>Design. A compare-and-set costs more than all the rest of a grant, so a thread that asks very often takes several
 * permits with one. They are taken as any others are, and spent only while the clock shows the reading at which that was:
 * no more is granted in any time than without runs. But what is in a run nobody else can have, and what is left of it when
 * the clock moves on is lost. So a run is short. It has
 *
 * <ul>
 *   <li>at most {@value #LONGEST} permits, and no more than come in a millisecond, which is what others may have to wait for
 *       them; limits that are too slow for {@value #SHORTEST} have no runs;
 *   <li>at most one for each {@value #SHARE} that its thread was granted at this reading, so that no more than that part is
 *       lost, and whoever asks now and then takes single ones;
 *   <li>at most one for each {@value #PART} that the bucket has, so that one which is nearly used up gives single ones.
 * </ul>
 *
 * <p>A bucket has one run at most, of the first thread that was seen when much was used; another one may have the place when
 * the clock has moved on. Its thread alone writes to it, and reads nothing but what it wrote itself. Whoever else sees an old
 * reading takes the place too early, and the run is lost as if its thread asked no more.
 */
final class PermitRun extends WeakReference<Thread> {

    static final int LONGEST = 64;

    static final int SHARE = 64;

    static final int PART = 16;

    static final int SHORTEST = 8;

    private static final long MILLISECOND = 1_000_000;

    /** Two lines from both ends: what is written at each grant shares none with what others read. */
    private static final int CELLS = 32;

    private static final int LEFT = 16;
    private static final int GRANTED = 17;

    private final long[] cells = new long[CELLS];

    /** When the permits were taken; written once in a reading. */
    private volatile long reading;

    PermitRun(@Nullable Thread thread, long now) {
        super(thread);
        reading = now;
    }

    /** The run of nobody. */
    static PermitRun none() {
        return new PermitRun(null, -MILLISECOND);
    }

    /** How many permits a run may have if one comes in so many nanoseconds; 0 if there are none. */
    static int longest(long interval) {
        long inTime = Math.min(LONGEST, MILLISECOND / interval);
        return inTime < SHORTEST ? 0 : (int) inTime;
    }

    /** Whether its thread has not asked for a while. */
    boolean isIdle(long now) {
        // Readings of the coarse clock are further apart; those of a closed one, and of threads that wait, are not.
        return now - reading >= MILLISECOND;
    }

    /** Spends a permit if there is one. */
    boolean spend(long now) {
        long left = cells[LEFT];
        if (left == 0 || reading != now) {
            return false;
        }
        cells[LEFT] = left - 1;
        return true;
    }

    /** How many permits to take besides the one that is asked for, when the last one is spent. */
    long next(long now, int longest) {
        if (reading != now) {
            reading = now;
            cells[LEFT] = 0;
            cells[GRANTED] = 0;
        }
        long share = Math.min(longest, cells[GRANTED] / SHARE);
        return share < SHORTEST ? 0 : share;
    }

    /** Says that a permit was granted, and how many were taken besides. */
    void took(long more) {
        cells[LEFT] = more;
        cells[GRANTED] += 1 + more;
    }
}
