package dev.tentpole.retry;

import dev.tentpole.base.OwnedThreads;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A timer with a daemon thread, which ends when there was nothing to do for ten seconds, and with {@code close()}. */
final class ThreadTimer implements Surroundings.Timer {

    private static final long IDLE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, OwnedThreads.daemon("retry", "timer"));

    ThreadTimer() {
        thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        Future<?> scheduled = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
