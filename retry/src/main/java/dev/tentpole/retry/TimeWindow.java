package dev.tentpole.retry;

import dev.tentpole.base.StripedCounter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The calls of the last so much time, in ten slices: between nine tenths of the time and all of it.
 *
 * <p>Good calls are counted by a {@link StripedCounter} in the present slice and nothing else; bad ones are few, and they
 * pay for adding up.
 */
final class TimeWindow extends Window {

    private static final int SLICES = 10;

    private static final class Slice {

        private final long end;
        private final StripedCounter good = new StripedCounter();
        private final AtomicLong bad = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong slow = new AtomicLong();

        Slice(long end) {
            this.end = end;
        }
    }

    private final long sliceNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** The present slice and those before it; guarded by the lock. */
    private final Slice[] slices = new Slice[SLICES];

    private volatile Slice current;

    TimeWindow(long nanos, long now) {
        sliceNanos = nanos / SLICES;
        current = new Slice(now + sliceNanos);
        slices[0] = current;
        for (int i = 1; i < SLICES; i++) {
            slices[i] = new Slice(now);
        }
    }

    @Override
    void good(long now) {
        present(now).good.increment();
    }

    @Override
    void bad(long now, boolean failed, boolean slow) {
        Slice slice = present(now);
        slice.bad.incrementAndGet();
        if (failed) {
            slice.failed.incrementAndGet();
        }
        if (slow) {
            slice.slow.incrementAndGet();
        }
    }

    @Override
    Shares shares(long now) {
        present(now);
        long calls = 0;
        long failed = 0;
        long slow = 0;
        lock.lock();
        try {
            for (Slice slice : slices) {
                calls += slice.good.sum() + slice.bad.get();
                failed += slice.failed.get();
                slow += slice.slow.get();
            }
        } finally {
            lock.unlock();
        }
        return Shares.of(calls, failed, slow);
    }

    private Slice present(long now) {
        Slice slice = current;
        return now - slice.end < 0 ? slice : turn(now);
    }

    private Slice turn(long now) {
        lock.lock();
        try {
            Slice slice = current;
            long late = now - slice.end;
            if (late < 0) {
                return slice;
            }
            // Slices that nobody called in are empty ones, at most a whole window of them.
            long steps = late / sliceNanos + 1;
            long end = slice.end + steps * sliceNanos;
            for (int shift = (int) Math.min(steps, SLICES); shift > 0; shift--) {
                System.arraycopy(slices, 0, slices, 1, SLICES - 1);
                slices[0] = new Slice(end);
            }
            current = slices[0];
            return current;
        } finally {
            lock.unlock();
        }
    }
}
