package dev.tentpole.bigquery.fake;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A job of a {@link FakeBigQuery}. */
final class FakeJob {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final String id;
    private final FakeQuery query;
    private final FakeResult result;
    private int pollsLeft;
    private boolean cancelled;

    FakeJob(String id, FakeQuery query, FakeResult result) {
        this.id = id;
        this.query = query;
        this.result = result;
        this.pollsLeft = result.polls();
    }

    String id() {
        return id;
    }

    FakeQuery query() {
        return query;
    }

    FakeResult result() {
        return result;
    }

    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    boolean isRunning() {
        lock.lock();
        try {
            return !cancelled && (result.isEndless() || pollsLeft > 0);
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether the job was running; it runs no more} */
    boolean cancel() {
        lock.lock();
        try {
            boolean running = isRunning();
            cancelled |= running;
            ended.signalAll();
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Waits as the server does, and {@return whether the job is done} */
    boolean poll(long timeoutMillis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (result.isEndless() && !cancelled && left > 0) {
                left = ended.awaitNanos(left);
            }
            if (isRunning()) {
                pollsLeft--;
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
