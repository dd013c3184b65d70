package dev.tentpole.health;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import dev.tentpole.base.TickLoop;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks of the JVM, and daemon threads: one that schedules, one for listeners, a few for checks. */
final class OwnSurroundings implements Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(HealthRegistry.class);
    private static final long IDLE_SECONDS = 10;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final @Nullable CoarseClock coarseClock;
    private final ThreadPoolExecutor checks = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), owned("check"));
    private final ThreadPoolExecutor listeners = new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), owned("listener"));
    private volatile @Nullable TickLoop scheduler;

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
        // A fault of ours must not end all scheduling.
        TickLoop loop = new TickLoop(
                owned("scheduler"),
                tick,
                fault -> LOG.error("Scheduling health checks failed; goes on in a second", fault));
        scheduler = loop;
        loop.start();
    }

    @Override
    public void wake() {
        TickLoop loop = scheduler;
        if (loop != null) {
            loop.wake();
        }
    }

    @Override
    public void close(Duration longest, Runnable giveUp) {
        Deadline deadline = Deadline.after(longest, NanoClock.system());
        TickLoop loop = scheduler;
        if (loop != null) {
            loop.stop();
        }
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
