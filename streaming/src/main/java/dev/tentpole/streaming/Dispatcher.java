package dev.tentpole.streaming;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs calls of listeners in order, one at a time, on an executor: one task for each burst of calls, not for each call. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MAX_PENDING = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
    private final Executor executor;
    private boolean running;
    private long dropped;

    Dispatcher(Executor executor) {
        this.executor = executor;
    }

    /** Adds a call; beyond the limit it is dropped and counted, unless it must not be. */
    void call(boolean always, Runnable task) {
        lock.lock();
        try {
            if (!always && pending.size() >= MAX_PENDING) {
                dropped++;
                return;
            }
            pending.add(task);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.warn("no thread for a connection's listeners; calls are lost", e);
            discard();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private void discard() {
        lock.lock();
        try {
            dropped += pending.size();
            pending.clear();
            running = false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.warn("a connection's listener threw", e);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable task = pending.poll();
            running = task != null;
            return task;
        } finally {
            lock.unlock();
        }
    }
}
