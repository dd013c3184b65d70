package dev.tentpole.retry;

import dev.tentpole.base.OwnedThreads;
import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Daemon threads, started as needed up to a bound, that end when there was nothing to do for ten seconds.
 *
 * <p>A task for which there is none waits for one. How many tasks there may be is the business of whoever gives them; since
 * a thread is not at once ready for the next task when one has ended, even as many tasks as threads may wait a moment.
 */
final class CallThreads implements Executor, AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    /** Takes a task only for a thread that waits, so that the pool starts one if none does; or keeps it until one comes. */
    private static final class Handover extends LinkedTransferQueue<Runnable> {

        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void keep(Runnable task) {
            super.offer(task);
        }
    }

    private final Handover waiting = new Handover();
    private final ThreadPoolExecutor pool;

    CallThreads(int maxThreads) {
        ThreadFactory threads = OwnedThreads.daemon("retry", "call");
        pool = new ThreadPoolExecutor(
                0,
                maxThreads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                waiting,
                work -> threads.newThread(() -> {
                    work.run();
                    runWaiting();
                }),
                (task, full) -> keep(task));
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    private void keep(Runnable task) {
        waiting.keep(task);
        if (pool.isShutdown() && waiting.remove(task)) {
            throw new RejectedExecutionException("the threads for calls are closed");
        }
        if (pool.getPoolSize() < pool.getMaximumPoolSize() && waiting.remove(task)) {
            // A thread has ended just now, and may have looked for what waits before this did.
            pool.execute(task);
        }
    }

    /** A thread that is about to end leaves nothing behind that came meanwhile: the pool would not start another one. */
    private void runWaiting() {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }

    /** Lets go on what runs and what waits; the threads end with it. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
