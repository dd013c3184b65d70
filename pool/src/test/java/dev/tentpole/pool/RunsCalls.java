package dev.tentpole.pool;

import java.util.concurrent.locks.LockSupport;

/** Runs held calls on this thread while another one does something that waits for them. */
final class RunsCalls {

    private static final long PAUSE_NANOS = 100_000;

    private RunsCalls() {}

    static void during(FakeSurroundings time, Runnable action) {
        Thread thread = new Thread(action, "waits for calls");
        thread.start();
        while (thread.isAlive()) {
            time.runCalls();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
