package dev.tentpole.retry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Threads that wait for something scarce, first come, first served, and no more than allowed.
 *
 * <p>Only the first in the line tries to take; whoever leaves, with or without, wakes the next. So nobody holds anything
 * while waiting, and an interrupt, a timeout or {@code close()} has nothing to give back.
 */
final class WaitLine {

    /** How a wait ended. */
    enum End {
        /** There was no need to wait. */
        AT_ONCE,
        TAKEN,
        FULL,
        TIMEOUT,
        CLOSED;

        boolean granted() {
            return this == AT_ONCE || this == TAKEN;
        }
    }

    private static final class Waiter {

        private final Thread thread = Thread.currentThread();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> line = new ArrayDeque<>();
    private final int maxLength;
    private volatile int length;
    private volatile boolean closed;

    WaitLine(int maxLength) {
        this.maxLength = maxLength;
    }

    int length() {
        return length;
    }

    /**
     * Waits until it is this thread's turn and there is something to take.
     *
     * @param take takes and returns 0, or returns the nanoseconds after which trying again makes sense
     * @param maxWait the longest wait in nanoseconds
     */
    End await(LongSupplier take, long maxWait, Waits waits) throws InterruptedException {
        Waiter me = new Waiter();
        if (!join(me)) {
            return End.FULL;
        }
        long end = waits.clock().nanoTime() + maxWait;
        try {
            while (true) {
                long tryAgain = Long.MAX_VALUE;
                if (isFirst(me)) {
                    tryAgain = take.getAsLong();
                    if (tryAgain == 0) {
                        return End.TAKEN;
                    }
                }
                if (closed) {
                    return End.CLOSED;
                }
                long left = end - waits.clock().nanoTime();
                if (left <= 0) {
                    return End.TIMEOUT;
                }
                if (!waits.park(Math.min(left, tryAgain))) {
                    return End.CLOSED;
                }
            }
        } finally {
            leave(me);
        }
    }

    /** Ends all waits, wherever those who wait were sent from. */
    void close() {
        closed = true;
        lock.lock();
        try {
            line.forEach(waiter -> LockSupport.unpark(waiter.thread));
        } finally {
            lock.unlock();
        }
    }

    void wakeFirst() {
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            unparkFirst();
        } finally {
            lock.unlock();
        }
    }

    private boolean join(Waiter me) {
        lock.lock();
        try {
            if (line.size() >= maxLength) {
                return false;
            }
            line.addLast(me);
            length = line.size();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFirst(Waiter me) {
        lock.lock();
        try {
            return line.peekFirst() == me;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiter me) {
        lock.lock();
        try {
            line.remove(me);
            length = line.size();
            unparkFirst();
        } finally {
            lock.unlock();
        }
    }

    private void unparkFirst() {
        Waiter first = line.peekFirst();
        if (first != null) {
            LockSupport.unpark(first.thread);
        }
    }
}
