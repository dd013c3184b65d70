package dev.tentpole.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A counter for hot paths, whose cache lines threads rarely share; exact once the threads that add have done so.
 *
 * <p>A {@link java.util.concurrent.atomic.LongAdder} costs several nanoseconds more: it looks its cell up by a probe, and
 * changes it by an atomic operation. Here there are twice as many stripes as processors from the start, and a thread's
 * stripe follows from its id. A stripe belongs to the thread that used it often while nobody had it, until that thread has
 * ended: its owner alone writes one of the stripe's two cells, and needs no atomic operation for that. All others add to the
 * other cell, as a {@code LongAdder} would.
 *
 * <p>It takes 256 bytes for each stripe, 16 KB at most. Safe for use by several threads.
 */
public final class StripedCounter {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);

    /** 16 longs are two cache lines: processors fetch lines in pairs. */
    private static final int CELL_SHIFT = 4;

    private static final int MOST_STRIPES = 64;
    private static final int STRIPES = Math.min(
            MOST_STRIPES, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1) << 1);
    private static final int MASK = STRIPES - 1;

    /** One of so many additions to a stripe's shared cell asks for the stripe, so that threads that end soon get none. */
    private static final int CLAIM_MASK = 63;

    /** A thread that does not stay in memory for the sake of a counter. */
    private static final class Owner extends WeakReference<Thread> {
        private Owner(Thread thread) {
            super(thread);
        }
    }

    /** In turn owned and shared ones; the first is padding, so that no cell has a line in common with the header. */
    private final long[] cells = new long[(2 * STRIPES + 1) << CELL_SHIFT];

    private final @Nullable Owner[] owners = new Owner[STRIPES];

    /** Makes a counter that is at zero. */
    public StripedCounter() {}

    /**
     * Adds one.
     *
     * @return what this thread's cell held before, of use to whoever samples one of so many
     */
    public long increment() {
        return add(1);
    }

    /**
     * Adds a number.
     *
     * @param delta the number, of either sign
     * @return what this thread's cell held before
     */
    public long add(long delta) {
        Thread thread = Thread.currentThread();
        int stripe = (int) thread.getId() & MASK;
        Owner owner = (Owner) OWNER.getAcquire(owners, stripe);
        return owner != null && owner.refersTo(thread)
                ? addOwned(stripe, delta)
                : addShared(thread, stripe, owner, delta);
    }

    private long addOwned(int stripe, long delta) {
        int cell = owned(stripe);
        long before = cells[cell];
        CELL.setRelease(cells, cell, before + delta);
        return before;
    }

    private long addShared(Thread thread, int stripe, @Nullable Owner owner, long delta) {
        long before = (long) CELL.getAndAdd(cells, shared(stripe), delta);
        if ((before & CLAIM_MASK) == CLAIM_MASK && hasEnded(owner)) {
            OWNER.compareAndSet(owners, stripe, owner, new Owner(thread));
        }
        return before;
    }

    /**
     * Who sees that a thread is not alive also sees what it wrote (JLS 17.4.4), and may go on from there. So does who sees
     * that the collector has found it unreachable, since a thread that runs is reachable.
     */
    private static boolean hasEnded(@Nullable Owner owner) {
        Thread thread = owner == null ? null : owner.get();
        return thread == null || !thread.isAlive();
    }

    private static int owned(int stripe) {
        return (2 * stripe + 1) << CELL_SHIFT;
    }

    private static int shared(int stripe) {
        return (2 * stripe + 2) << CELL_SHIFT;
    }

    /**
     * {@return the sum of all that was added before, and perhaps of some that is added meanwhile}
     */
    public long sum() {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += (long) CELL.getVolatile(cells, owned(stripe));
            sum += (long) CELL.getVolatile(cells, shared(stripe));
        }
        return sum;
    }
}
