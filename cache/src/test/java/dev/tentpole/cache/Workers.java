package dev.tentpole.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test, ended with it. */
final class Workers implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final List<Thread> threads = new ArrayList<>();

    <T> Job<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "test-worker");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return new Job<>(task, thread);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    /** Work that runs or has ended. */
    record Job<T>(FutureTask<T> task, Thread thread) {

        T result() throws InterruptedException, TimeoutException {
            try {
                return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            }
        }

        Throwable failure() throws InterruptedException, TimeoutException {
            try {
                T result = task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                throw new AssertionError("no failure but " + result);
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }

        void interrupt() {
            thread.interrupt();
        }

        /** Waits until the thread waits for something. */
        void awaitWaiting() {
            Until.holds(
                    () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        }
    }
}
