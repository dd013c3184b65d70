package dev.tentpole.retry;

import dev.tentpole.base.OwnedThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Daemon threads, started as needed up to a bound, that end when there was nothing to do for a while.
 *
 * <p>A task for which there is none waits for one. How many tasks there may be is the business of whoever gives them; since
 * a thread is not at once ready for the next task when one has ended, even as many tasks as threads may wait a moment.
 *
 * <p>A {@code ThreadPoolExecutor} either starts a thread though another one is idle, or keeps tasks though it could start
 * one; and a task that it keeps just as an idle thread ends may be run by nobody. Here one lock orders what comes and who
 * ends, so that a thread ends only when nothing waits.
 */
final class CallThreads implements Executor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

    private final ThreadFactory factory = OwnedThreads.daemon("retry", "call");
    private final int maxThreads;
    private final long idleNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by lock

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int threads;

    /** Threads that look for a task; those that were woken for one are among them until they have it. */
    private int idle;

    private boolean closed;

    CallThreads(int maxThreads, Duration idle) {
        this.maxThreads = maxThreads;
        this.idleNanos = idle.toNanos();
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("the threads for calls are closed");
            }
            if (idle <= waiting.size() && threads < maxThreads) {
                factory.newThread(() -> work(task)).start();
                threads++;
            } else {
                waiting.add(task);
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void work(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                Judge.report(LOG, "A call's thread", e);
            }
        }
    }

    /** The next task; null if this thread is to end, which is counted no more then. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            idle++;
            awaitTask();
            idle--;
            if (waiting.isEmpty()) {
                threads--;
            }
            // An interrupt that the last task left is not for the next one.
            Thread.interrupted();
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitTask() {
        long left = idleNanos;
        while (waiting.isEmpty() && !closed && left > 0) {
            try {
                left = news.awaitNanos(left);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt an idle thread; it was meant for a task that has ended.
                left = idleNanos;
            }
        }
    }

    /** Lets go on what runs and what waits; the threads end with it. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
