package dev.tentpole.cache;

import dev.tentpole.base.OwnedThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs what is loaded in the background: on a user's executor, or on a few threads that end when they are idle. */
final class RefreshThreads implements Executor, AutoCloseable {

    /** How many tasks may wait for a thread. */
    static final int QUEUE = 1_000;

    private static final long IDLE_SECONDS = 10;

    private final Executor executor;
    private final @Nullable ThreadPoolExecutor owned;
    private volatile boolean closed;

    private RefreshThreads(Executor executor, @Nullable ThreadPoolExecutor owned) {
        this.executor = executor;
        this.owned = owned;
    }

    static RefreshThreads of(Executor executor) {
        return new RefreshThreads(executor, null);
    }

    static RefreshThreads owned(int threads, String what) {
        ThreadPoolExecutor owned = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                OwnedThreads.daemon("cache", what));
        owned.allowCoreThreadTimeOut(true);
        return new RefreshThreads(owned, owned);
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the cache is closed");
        }
        executor.execute(task);
    }

    @Override
    public void close() {
        closed = true;
        if (owned != null) {
            owned.shutdownNow();
        }
    }
}
