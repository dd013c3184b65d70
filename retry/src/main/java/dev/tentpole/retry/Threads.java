package dev.tentpole.retry;

import dev.tentpole.base.OwnedThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    /**
     * Makes a task that sees what this thread sees, and may run several times, one after the other.
     *
     * @param kept is told what kept it from running, if the carrier fails at that
     */
    Runnable carry(Runnable task, Consumer<Throwable> kept) {
        return new Carried(carrier, task, kept);
    }

    /** Runs the task, which sees what this thread sees; what the carrier or the executor throws here comes out. */
    void start(Task<?> task) {
        execute(carry(task, task::fail));
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** A carrier may be wrong: nobody must wait for a task that it lost. */
    private static final class Carried implements Runnable {

        private final Runnable carried;
        private final Consumer<Throwable> kept;
        private boolean ran;

        Carried(ContextCarrier carrier, Runnable task, Consumer<Throwable> kept) {
            this.kept = kept;
            carried = carrier.carry(() -> {
                ran = true;
                task.run();
            });
        }

        @Override
        public void run() {
            ran = false;
            try {
                carried.run();
            } catch (Throwable thrown) {
                if (ran) {
                    throw Engine.<RuntimeException>as(thrown);
                }
                kept.accept(thrown);
                return;
            }
            if (!ran) {
                kept.accept(new IllegalStateException("the context carrier did not run its task"));
            }
        }
    }

    /** Lets go on what runs; the threads end with it. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
