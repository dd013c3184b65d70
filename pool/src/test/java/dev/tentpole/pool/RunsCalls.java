package dev.tentpole.pool;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Runs held calls on this thread while another one does something that waits for them. */
final class RunsCalls {

    private static final long PAUSE_NANOS = 100_000;

    private RunsCalls() {}

    /** Also throws what the action throws. */
    static void during(FakeSurroundings time, Runnable action) {
        FutureTask<?> task = new FutureTask<>(action, null);
        new Thread(task, "waits for calls").start();
        while (!task.isDone()) {
            time.runCalls();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        try {
            task.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
