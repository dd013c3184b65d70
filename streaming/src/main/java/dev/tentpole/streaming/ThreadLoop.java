package dev.tentpole.streaming;

import dev.tentpole.base.OwnedThreads;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop on a daemon thread. */
final class ThreadLoop implements EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);
    private static final ThreadFactory THREADS = OwnedThreads.daemon("streaming", "connection");
    private static final int TASKS_BETWEEN_TIMERS = 64;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final TimerQueue timers = new TimerQueue();
    private final Thread thread = THREADS.newThread(this::run);
    private volatile boolean closed;

    static ThreadLoop start() {
        ThreadLoop loop = new ThreadLoop();
        loop.thread.start();
        return loop;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            return;
        }
        tasks.add(task);
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return timers.add(nanoTime() + delayNanos, task);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        execute(() -> closed = true);
    }

    /** Waits for the thread's end; not at all if called by it. */
    void join(long millis) throws InterruptedException {
        if (!inLoop()) {
            thread.join(millis);
        }
    }

    private void run() {
        while (!closed) {
            for (int i = 0; i < TASKS_BETWEEN_TIMERS && !closed; i++) {
                Runnable task = tasks.poll();
                if (task == null) {
                    break;
                }
                runGuarded(task);
            }
            Runnable due = closed ? null : timers.pollDue(nanoTime());
            while (due != null) {
                runGuarded(due);
                due = closed ? null : timers.pollDue(nanoTime());
            }
            if (!closed && tasks.isEmpty()) {
                sleep();
            }
        }
        tasks.clear();
    }

    private void sleep() {
        long wait = timers.untilNext(nanoTime());
        // A protocol may have interrupted its thread, which then could not sleep any more.
        boolean ignored = Thread.interrupted();
        asleep.set(true);
        if (tasks.isEmpty() && wait > 0) {
            LockSupport.parkNanos(this, wait);
        }
        asleep.set(false);
    }

    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task of the connection's thread failed", e);
        }
    }
}
