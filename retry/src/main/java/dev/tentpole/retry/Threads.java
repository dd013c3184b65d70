package dev.tentpole.retry;

import dev.tentpole.base.OwnedThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where calls run that do not run on their callers' threads: the user's executor, or daemon threads of ours, as needed. */
final class Threads implements AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;
    private final ContextCarrier carrier;

    Threads(@Nullable Executor given, int maxThreads, ContextCarrier carrier) {
        this.carrier = carrier;
        if (given == null) {
            own = new ThreadPoolExecutor(
                    0,
                    maxThreads,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    OwnedThreads.daemon("retry", "call"));
            executor = own;
        } else {
            own = null;
            executor = given;
        }
    }

    /** Makes a task that sees what this thread sees. */
    Runnable carry(Runnable task) {
        return carrier.carry(task);
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Lets go on what runs; the threads end with it. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
