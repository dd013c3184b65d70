package dev.tentpole.pool;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls are left behind, each on a thread that Java can't end, and whether one more may be.
 *
 * <p>As many as the limit may be at any time. Beyond it openings alone may be, so that a pool whose target hung finds out
 * that it is well again although nothing returns: one after a pause, which doubles with each of them until there are fewer
 * than the limit again. However long it lasts, these are no more than {@link #MOST_DOUBLINGS} and one.
 */
final class Abandoned {

    /** A pause of 1 ms that was doubled as often is 34 years. */
    private static final int MOST_DOUBLINGS = 40;

    /** Far from where differences of times overflow. */
    private static final long LONGEST_PAUSE = Long.MAX_VALUE / 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final int limit;
    private final long firstPause;
    private int count;
    private int beyond;
    private long notBefore;

    Abandoned(int limit, Duration firstPause) {
        this.limit = limit;
        this.firstPause = firstPause.toNanos();
    }

    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Counts one more, unless it may not be. */
    boolean tryAdd(Call.Kind kind, boolean force, long now) {
        lock.lock();
        try {
            if (count >= limit && !force && !(kind == Call.Kind.OPEN && isBeyondAllowed(now))) {
                return false;
            }
            count++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void returned() {
        lock.lock();
        try {
            count--;
            if (count < limit || count == 0) {
                beyond = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isBeyondAllowed(long now) {
        if (beyond > MOST_DOUBLINGS || (beyond > 0 && notBefore - now > 0)) {
            return false;
        }
        notBefore = now + (firstPause > (LONGEST_PAUSE >> beyond) ? LONGEST_PAUSE : firstPause << beyond);
        beyond++;
        return true;
    }
}
