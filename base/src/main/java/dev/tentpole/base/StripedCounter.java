package dev.tentpole.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A counter for hot paths, whose cache lines threads rarely share; exact once the threads that add have done so.
 *
 * <p>A {@link java.util.concurrent.atomic.LongAdder} costs a few nanoseconds more: it looks its cell up by a probe, and
 * makes cells only once threads have met. Here there are four times as many stripes as processors from the start, two lines
 * apart, and a thread's stripe follows from its id. A stripe of all counters belongs to one thread at most, the first that
 * used it often, until that thread has ended: its owner alone writes one of the stripe's two cells, and needs no atomic
 * operation, which would cost more than all the rest. All others add to the other cell; two threads there are slow and
 * right. A counter takes 128 bytes for each stripe, 8 KB at most. Safe for use by several threads.
 */
public final class StripedCounter {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);

    /** 16 longs are two cache lines: processors fetch lines in pairs. */
    private static final int STRIDE_SHIFT = 4;

    private static final int MOST_STRIPES = 64;
    private static final int STRIPES = Math.min(
            MOST_STRIPES, Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors() - 1) << 1);

    /** Multiplying by it spreads numbers that follow one another over the highest bits (Knuth, volume 3, section 6.4). */
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private static final int HIGHEST_BITS = Integer.SIZE - Integer.numberOfTrailingZeros(STRIPES);

    /** One of so many additions to a shared cell asks for the stripe, so that threads that end soon get none. */
    private static final int CLAIM_MASK = 63;

    /** A thread that does not stay in memory for the sake of a counter. */
    private static final class Owner extends WeakReference<Thread> {
        private Owner(@Nullable Thread thread) {
            super(thread);
        }
    }

    /**
     * Read without care: nobody but a thread itself writes its name here, and nobody takes it away while that thread lives.
     * So a thread that reads its name is the owner, and one that reads another's may be late to see that it has ended.
     */
    private static final Owner[] OWNERS = new Owner[STRIPES];

    static {
        Arrays.setAll(OWNERS, stripe -> new Owner(null));
    }

    /**
     * Of each stripe the owner's cell and the shared one. The first stride is padding, so that no cell shares a line with the
     * array's header.
     */
    private final long[] cells = new long[(STRIPES + 1) << STRIDE_SHIFT];

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
        // A subclass may say what it likes of its id: whose stripe it is does not depend on that.
        int stripe = ((int) thread.getId() * GOLDEN_RATIO) >>> HIGHEST_BITS;
        int cell = (stripe + 1) << STRIDE_SHIFT;
        if (OWNERS[stripe].refersTo(thread)) {
            long before = cells[cell];
            CELL.setRelease(cells, cell, before + delta);
            return before;
        }
        long before = (long) CELL.getAndAdd(cells, cell + 1, delta);
        if ((before & CLAIM_MASK) == CLAIM_MASK) {
            claim(stripe, thread);
        }
        return before;
    }

    /**
     * Who sees that a thread is not alive also sees what it wrote (JLS 17.4.4), and may go on from there. So does who sees
     * that the collector has found it unreachable, since a thread that can still run is reachable.
     */
    private static void claim(int stripe, Thread thread) {
        Owner owner = (Owner) OWNER.getVolatile(OWNERS, stripe);
        Thread present = owner.get();
        if (present == null || !present.isAlive()) {
            OWNER.compareAndSet(OWNERS, stripe, owner, new Owner(thread));
        }
    }

    /**
     * {@return the sum of all that was added before, and perhaps of some that is added meanwhile}
     */
    public long sum() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            int cell = stripe << STRIDE_SHIFT;
            sum += (long) CELL.getVolatile(cells, cell) + (long) CELL.getVolatile(cells, cell + 1);
        }
        return sum;
    }
}
