package dev.tentpole.pool;

import dev.tentpole.base.CoarseClock;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import dev.tentpole.base.TickLoop;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks of the JVM, and daemon threads: one that keeps house, a few for calls of the allocator. */
final class OwnSurroundings implements Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    private static final long IDLE_SECONDS = 10;
    private static final long LONGEST_JOIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CoarseClock coarseClock = CoarseClock.open();
    private final ThreadPoolExecutor calls = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            OwnedThreads.daemon("pool", "call"));
    private volatile @Nullable TickLoop housekeeper;

    @Override
    public NanoClock clock() {
        return NanoClock.system();
    }

    @Override
    public NanoClock coarseClock() {
        return coarseClock;
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
    public Executor calls() {
        return calls;
    }

    @Override
    public void schedule(LongSupplier tick) {
        // A fault of ours, or of a listener, must not end all housekeeping.
        TickLoop loop = new TickLoop(
                OwnedThreads.daemon("pool", "housekeeper"),
                tick,
                fault -> LOG.error("Keeping house failed; goes on in a second", fault));
        housekeeper = loop;
        loop.start();
    }

    @Override
    public void wake() {
        TickLoop loop = housekeeper;
        if (loop != null) {
            loop.wake();
        }
    }

    @Override
    public void close() {
        calls.shutdown();
        TickLoop loop = housekeeper;
        if (loop != null) {
            loop.stop();
            try {
                loop.join(LONGEST_JOIN_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        coarseClock.close();
    }
}
