package dev.tentpole.streaming;

import dev.tentpole.base.OwnedThreads;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A connection's threads: one that does all, and those that may block, which end when they have nothing to do. */
final class OwnThreads {

    private static final int REPLAY_THREADS = 4;
    private static final long IDLE_SECONDS = 5;

    final ThreadLoop loop = ThreadLoop.start();
    private final ExecutorService listeners = pool("listener", 1);
    private final ExecutorService tokens = pool("token", 1);
    private final ExecutorService replays = pool("replay", REPLAY_THREADS);
    private final ExecutorService delivery = pool("delivery", 1);

    Surroundings surroundings() {
        return new Surroundings(
                loop,
                () -> ThreadLocalRandom.current().nextDouble(),
                InstantSource.system(),
                listeners,
                tokens,
                replays,
                delivery);
    }

    /** Ends the threads once they have done what was given to them; interrupts those that wait for others. */
    void close() {
        List<Runnable> ignored = tokens.shutdownNow();
        ignored = replays.shutdownNow();
        listeners.shutdown();
        delivery.shutdown();
        loop.close();
    }

    private static ExecutorService pool(String what, int threads) {
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                OwnedThreads.daemon("streaming", what));
        made.allowCoreThreadTimeOut(true);
        return made;
    }
}
