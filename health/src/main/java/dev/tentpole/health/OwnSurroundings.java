package dev.tentpole.health;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks of the JVM, and daemon threads: one that schedules, one for listeners, a few for checks. */
final class OwnSurroundings implements Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRegistry.class);
    private static final long IDLE_SECONDS = 10;
    private static final long AFTER_FAULT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final @Nullable CoarseClock coarseClock;
    private final ThreadPoolExecutor checks = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), owned("check"));
    private final ThreadPoolExecutor listeners = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), owned("listener"));
    private volatile boolean stopped;
    private volatile @Nullable Thread scheduler;

    OwnSurroundings(boolean preciseReads) {
        coarseClock = preciseReads ? null : CoarseClock.open();
        listeners.allowCoreThreadTimeOut(true);
    }

    @Override
    public NanoClock clock() {
        return NanoClock.system();
    }

    @Override
    public NanoClock readClock() {
        return coarseClock == null ? NanoClock.system() : coarseClock;
    }

    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public Executor checks() {
        return checks;
    }

    @Override
    public Executor listeners() {
        return listeners;
    }

    @Override
    public void schedule(LongSupplier tick) {
        Thread thread = owned("scheduler").newThread(() -> {
            while (!stopped) {
                LockSupport.parkNanos(this, tickSafely(tick));
            }
        });
        scheduler = thread;
        thread.start();
    }

    @Override
    public void wake() {
        LockSupport.unpark(scheduler);
    }

    @Override
    public void close(Duration longest, Runnable giveUp) {
        Deadline deadline = Deadline.after(longest, NanoClock.system());
        stopped = true;
        wake();
        checks.shutdown();
        listeners.shutdown();
        for (Thread thread : threads) {
            join(thread, deadline);
        }
        giveUp.run();
        listeners.shutdownNow();
        if (coarseClock != null) {
            coarseClock.close();
        }
    }

    /** Whoever closes from a thread of ours can't wait for it. */
    private static void join(Thread thread, Deadline deadline) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, deadline.remainingNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A fault of ours must not end all scheduling. */
    private static long tickSafely(LongSupplier tick) {
        try {
            return tick.getAsLong();
        } catch (RuntimeException | Error e) {
            LOG.error("Scheduling health checks failed; goes on in a second", e);
            return AFTER_FAULT_NANOS;
        }
    }

    private ThreadFactory owned(String what) {
        ThreadFactory factory = OwnedThreads.daemon("health", what);
        return task -> {
            threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
            Thread thread = factory.newThread(task);
            threads.add(thread);
            return thread;
        };
    }
}
