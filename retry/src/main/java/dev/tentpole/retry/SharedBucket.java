package dev.tentpole.retry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A bucket that several threads ask at once, without waiting for each other's cache line.
 *
 * <p>Design. A bucket is together or spread out. Together it is one number ({@link Gcra}), changed by compare-and-set; one
 * thread alone never sees anything else. Threads that get in each other's way, so that a compare-and-set fails, spread it
 * out: the number moves to a field under a lock, {@link Gcra#ELSEWHERE} stands in its place, and each thread takes a batch
 * of permits to its stripe, from which single ones cost it a compare-and-set on a line of its own.
 *
 * <p>Nothing is granted that one number would not have granted, and nothing refused but for what is in a {@link PermitRun}:
 *
 * <ul>
 *   <li>A batch is valid for one reading of the clock, which is why only limiters on the coarse clock do this. Within it
 *       no bucket refills, so that permits which come back from the stripes are worth what they were when they went. The
 *       first call that reads a later time brings the bucket together before anything else.
 *   <li>Only a bucket that is together refuses. Whoever finds too few permits brings it together first, and then sees all
 *       that there are; those who carry permits to or from a stripe hold the lock meanwhile, and are waited for.
 *   <li>A batch is a small part of what is left. If it would be smaller than {@link #SMALLEST_BATCH}, the bucket is brought
 *       together and stays so: limits that are nearly used up, or allow few permits anyway, are never spread out.
 * </ul>
 */
final class SharedBucket {

    static final int STRIPES =
            Math.min(64, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1) << 1);

    /** Two cache lines of longs: processors fetch lines in pairs. */
    private static final int STRIDE_SHIFT = 4;

    /** Below that, moving permits costs more than it saves. */
    private static final int SMALLEST_BATCH = 8;

    private final Gcra gcra;
    private final int smallestBatch;
    private final int longestRun;

    /** Whoever takes a permit when so many nanoseconds' worth are gone may have the run. */
    private final long muchUse;

    private volatile PermitRun run = PermitRun.none();

    /** The bucket while it is together. */
    private final AtomicLong bucket = new AtomicLong();

    /** The permits of each stripe while it is spread out; the first stride is padding. */
    private final AtomicLongArray stripes = new AtomicLongArray((STRIPES + 1) << STRIDE_SHIFT);

    /** Held by whoever spreads out, brings together, or carries permits. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The bucket while it is spread out, without what is on the stripes; guarded by the lock. */
    private long rest;

    /** For which reading of the clock it was spread out. */
    private volatile long spreadAt;

    /**
     * Makes a full bucket.
     *
     * @param coarse whether many calls read the same time, so that spreading out and runs of permits make sense
     */
    SharedBucket(Gcra gcra, boolean coarse) {
        this(gcra, coarse ? SMALLEST_BATCH : Integer.MAX_VALUE, coarse ? PermitRun.longest(gcra.interval()) : 0);
    }

    SharedBucket(Gcra gcra, int smallestBatch, int longestRun) {
        this.gcra = gcra;
        this.smallestBatch = smallestBatch;
        this.longestRun = longestRun;
        this.muchUse = longestRun == 0 ? Long.MAX_VALUE : PermitRun.SHARE * gcra.interval();
    }

    /**
     * Takes permits.
     *
     * @return 0 if they were granted, else the nanoseconds until they would be
     */
    long acquire(long now, int permits) {
        return acquire(now, permits, Thread.currentThread());
    }

    /** As that thread. */
    long acquire(long now, int permits, Thread thread) {
        boolean taken = longestRun > 0 && permits == 1 && takeByRun(now, thread);
        return taken ? 0 : acquireExactly(now, permits, thread);
    }

    private boolean takeByRun(long now, Thread thread) {
        PermitRun present = run;
        return present.refersTo(thread) && (present.spend(now) || takeRun(now, present));
    }

    /** Takes a permit, and more for the run, if that is a small part of what there is and nobody else is about to. */
    private boolean takeRun(long now, PermitRun own) {
        long more = own.next(now, longestRun);
        long full = bucket.get();
        boolean taken = full != Gcra.ELSEWHERE
                && gcra.excess(gcra.next(full, now, more * PermitRun.PART + 1), now) <= 0
                && bucket.compareAndSet(full, gcra.next(full, now, more + 1));
        if (taken) {
            own.took(more);
        }
        return taken;
    }

    private long acquireExactly(long now, int permits, Thread thread) {
        while (true) {
            long full = bucket.get();
            if (full == Gcra.ELSEWHERE) {
                int stripe = stripe(thread);
                boolean taken = permits == 1 && now <= spreadAt && takeFrom(stripe);
                if (taken || takeFromRest(now, permits, stripe)) {
                    return 0;
                }
            } else {
                long next = gcra.next(full, now, permits);
                long excess = gcra.excess(next, now);
                if (excess > 0) {
                    return excess;
                }
                if (bucket.compareAndSet(full, next)) {
                    if (next - now >= muchUse) {
                        offerRun(thread, now);
                    }
                    return 0;
                }
                spreadOut(now);
            }
        }
    }

    private void offerRun(Thread thread, long now) {
        if (run.isIdle(now)) {
            run = new PermitRun(thread, now);
        }
    }

    /**
     * Gives a permit back, unless the bucket may have been full meanwhile.
     *
     * @param sure whether it was not; asked while nobody can take a permit unnoticed, since a bucket that is found full the
     *     moment after the question would have one permit too many
     */
    void putBack(BooleanSupplier sure) {
        while (true) {
            long full = bucket.get();
            if (full == Gcra.ELSEWHERE
                    ? putBackToRest(sure)
                    : !sure.getAsBoolean() || bucket.compareAndSet(full, full - gcra.interval())) {
                return;
            }
        }
    }

    /** Nanoseconds until the permits would be granted, 0 if now. */
    long timeUntil(long now, int permits) {
        return gcra.timeUntil(together(), now, permits);
    }

    /** How many permits there are now. */
    long available(long now) {
        return gcra.available(together(), now);
    }

    /** Does so if it is worth it and nobody else is about to. */
    void spreadOut(long now) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            long full = bucket.get();
            if (full != Gcra.ELSEWHERE && batch(full, now) >= smallestBatch) {
                rest = full;
                spreadAt = now;
                bucket.compareAndSet(full, Gcra.ELSEWHERE);
            }
        } finally {
            lock.unlock();
        }
    }

    private static int stripe(Thread thread) {
        return (((int) thread.getId() & (STRIPES - 1)) + 1) << STRIDE_SHIFT;
    }

    private boolean takeFrom(int stripe) {
        long left = stripes.get(stripe);
        while (left > 0 && !stripes.compareAndSet(stripe, left, left - 1)) {
            left = stripes.get(stripe);
        }
        return left > 0;
    }

    /** Takes permits, and a batch for the stripe; if that is impossible, the bucket is together afterwards. */
    private boolean takeFromRest(long now, int permits, int stripe) {
        lock.lock();
        try {
            if (bucket.get() != Gcra.ELSEWHERE) {
                return false;
            }
            long batch = permits == 1 ? batch(rest, spreadAt) : permits;
            long next = gcra.next(rest, spreadAt, batch);
            boolean enough = permits == 1 ? batch >= smallestBatch : gcra.excess(next, spreadAt) <= 0;
            if (now > spreadAt || !enough) {
                bringTogether();
                return false;
            }
            rest = next;
            stripes.addAndGet(stripe, batch - permits);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean putBackToRest(BooleanSupplier sure) {
        lock.lock();
        try {
            boolean spread = bucket.get() == Gcra.ELSEWHERE;
            rest -= spread && sure.getAsBoolean() ? gcra.interval() : 0;
            return spread;
        } finally {
            lock.unlock();
        }
    }

    /** So small a part that all stripes together take half of what there is. */
    private long batch(long full, long now) {
        return gcra.available(full, now) / (2L * STRIPES);
    }

    /** The lock is held. */
    private void bringTogether() {
        long unused = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            unused += stripes.getAndSet(stripe << STRIDE_SHIFT, 0);
        }
        bucket.set(rest - unused * gcra.interval());
    }

    private long together() {
        long full = bucket.get();
        if (full != Gcra.ELSEWHERE) {
            return full;
        }
        lock.lock();
        try {
            if (bucket.get() == Gcra.ELSEWHERE) {
                bringTogether();
            }
            return bucket.get();
        } finally {
            lock.unlock();
        }
    }
}
