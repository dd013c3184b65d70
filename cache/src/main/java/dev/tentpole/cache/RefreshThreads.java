package dev.tentpole.cache;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs what is loaded in the background: on a user's executor, or on a few threads that end when they are idle.
 *
 * <p>A task that runs for longer than it may is interrupted by whoever brings the next one, so that those that hang don't
 * hold all threads; and so are all when this is closed.
 */
final class RefreshThreads implements Executor, AutoCloseable {

    /** How many tasks may wait for a thread. */
    static final int QUEUE = 1_000;

    private static final long IDLE_SECONDS = 10;

    private final Executor executor;
    private final @Nullable ThreadPoolExecutor owned;
    private final Set<Limited> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private RefreshThreads(Executor executor, @Nullable ThreadPoolExecutor owned) {
        this.executor = executor;
        this.owned = owned;
    }

    static RefreshThreads of(Executor executor) {
        return new RefreshThreads(executor, null);
    }

    static RefreshThreads owned(int threads, String what) {
        ThreadPoolExecutor owned = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                OwnedThreads.daemon("cache", what));
        owned.allowCoreThreadTimeOut(true);
        return new RefreshThreads(owned, owned);
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the cache is closed");
        }
        executor.execute(task);
    }

    /** Runs a task that may take so long from when it has a thread. */
    void execute(Runnable task, Duration limit) {
        interruptOverdue();
        execute(new Limited(task, limit));
    }

    /** Runs a task on this thread that may take so long. */
    void run(Runnable task, Duration limit) {
        new Limited(task, limit).run();
    }

    void interruptOverdue() {
        running.forEach(task -> {
            if (task.deadline.isExpired()) {
                task.interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        if (owned != null) {
            owned.shutdownNow();
        }
        running.forEach(Limited::interrupt);
    }

    /** A task that can be interrupted, and whose thread does not keep the interrupt for what it does after that. */
    private final class Limited implements Runnable {

        private final Runnable task;
        private final Duration limit;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile Deadline deadline;
        private @Nullable Thread thread;
        private boolean interrupted;

        Limited(Runnable task, Duration limit) {
            this.task = task;
            this.limit = limit;
            this.deadline = Deadline.after(limit, NanoClock.system());
        }

        @Override
        public void run() {
            deadline = Deadline.after(limit, NanoClock.system());
            setThread(Thread.currentThread());
            running.add(this);
            try {
                if (closed) {
                    interrupt();
                }
                task.run();
            } finally {
                running.remove(this);
                setThread(null);
                if (interrupted) {
                    Thread.interrupted();
                }
            }
        }

        private void setThread(@Nullable Thread runner) {
            lock.lock();
            try {
                thread = runner;
            } finally {
                lock.unlock();
            }
        }

        void interrupt() {
            lock.lock();
            try {
                if (thread != null && !interrupted) {
                    interrupted = true;
                    thread.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
