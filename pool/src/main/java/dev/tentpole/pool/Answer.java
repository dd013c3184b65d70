package dev.tentpole.pool;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What one thread waits for and another one finds out: either it is told in time, or the first one has left before. */
final class Answer {

    /** What is known. */
    enum State {
        UNKNOWN,
        YES,
        NO,
        LEFT
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private State state = State.UNKNOWN;

    /** Returns false if the one who asked has left. */
    boolean tell(boolean yes) {
        lock.lock();
        try {
            if (state == State.LEFT) {
                return false;
            }
            state = yes ? State.YES : State.NO;
            told.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, and leaves if the answer does not come in time; on an interruption as well, with the flag set again. */
    State await(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (state == State.UNKNOWN && left > 0) {
                left = told.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return leaveUnlessTold();
    }

    private State leaveUnlessTold() {
        lock.lock();
        try {
            if (state == State.UNKNOWN) {
                state = State.LEFT;
            }
            return state;
        } finally {
            lock.unlock();
        }
    }
}
