package dev.tentpole.streaming;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets threads wait until something has changed, and costs the one who changes it a memory read while nobody waits.
 *
 * <p>A waiter says that it waits and then looks at the condition. Whoever changes something does so by a volatile write or
 * a compare-and-set, and then looks for waiters. Since these accesses have one order that all threads agree upon, one of
 * the two sees the other: no wake-up is ever missed, and nobody needs to look again after a while.
 */
final class Signal {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean wanted;

    /**
     * Waits for a condition that must read volatile state, take no lock and not wait.
     *
     * @return whether it came true in time
     */
    boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long deadline = System.nanoTime() + nanos;
        lock.lockInterruptibly();
        try {
            while (true) {
                wanted = true;
                if (condition.getAsBoolean()) {
                    return true;
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                long unused = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits, if anybody does; the change before was a volatile write or a compare-and-set. */
    void wakeIfWanted() {
        if (wanted) {
            wake();
        }
    }

    /** Wakes whoever waits. */
    void wake() {
        lock.lock();
        try {
            wanted = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
