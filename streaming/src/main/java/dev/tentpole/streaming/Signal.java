package dev.tentpole.streaming;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets threads wait until something has changed, and costs the one who changes it a memory read while nobody waits.
 *
 * <p>Whoever changes something need not put a full fence between the change and the look for waiters, so that on paper a
 * waiter and a waker can miss each other. A waiter therefore looks again by itself: after a millisecond, and from then on
 * after twice the time each, up to a second.
 */
final class Signal {

    private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_LOOK = TimeUnit.SECONDS.toNanos(1);

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
        long look = FIRST_LOOK;
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
                long unused = changed.awaitNanos(Math.min(left, look));
                look = Math.min(2 * look, LONGEST_LOOK);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits, if anybody does. */
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
