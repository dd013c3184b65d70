package dev.tentpole.retry;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where calls run that do not run on their callers' threads: the user's executor, or daemon threads of ours, as needed. */
final class Threads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retryer.class);

    /** How long a thread of ours waits for a task before it ends. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Executor executor;
    private final @Nullable CallThreads own;
    private final int maxThreads;
    private final ContextCarrier carrier;

    /** How many of our threads have a task, or will; those that do not ask for a place may be more than allowed. */
    private final AtomicInteger busy = new AtomicInteger();

    private final AtomicLong refused = new AtomicLong();

    Threads(@Nullable Executor given, int maxThreads, ContextCarrier carrier) {
        this.maxThreads = maxThreads;
        this.carrier = carrier;
        if (given == null) {
            own = new CallThreads(maxThreads, IDLE);
            executor = own;
        } else {
            own = null;
            executor = given;
        }
    }

    /** Whether they are ours, and bounded here. */
    boolean areOwn() {
        return own != null;
    }

    int busy() {
        return busy.get();
    }

    /** How many attempts found all of them busy. */
    long refused() {
        return refused.get();
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
        Runnable carried = carry(task, task::fail);
        task.isAskedForHere();
        if (own != null) {
            if (busy.getAndUpdate(taken -> taken < maxThreads ? taken + 1 : taken) >= maxThreads) {
                refused.incrementAndGet();
                throw new RejectedExecutionException("all " + maxThreads + " (maxThreads) threads are busy");
            }
            task.takes(busy::decrementAndGet);
        }
        execute(carried);
    }

    /** Runs the task on this thread, which is one of those and sees what the task is to see. */
    void runHere(Task<?> task) {
        if (own != null) {
            busy.incrementAndGet();
            task.takes(busy::decrementAndGet);
        }
        task.run();
    }

    /** Runs what carries a call on; with threads of ours it waits for one. */
    void execute(Runnable task) {
        executor.execute(task);
    }

    /** A carrier may be wrong: nobody must wait for a task that it lost, nor lose what a task has done. */
    private static final class Carried implements Runnable {

        private final Runnable carried;
        private final Consumer<Throwable> kept;
        private boolean ran;
        private @Nullable Throwable thrown;

        Carried(ContextCarrier carrier, Runnable task, Consumer<Throwable> kept) {
            this.kept = kept;
            carried = carrier.carry(() -> {
                ran = true;
                try {
                    task.run();
                } catch (Throwable e) {
                    thrown = e;
                    throw e;
                }
            });
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // That very exception, which the carrier lets out.
        public void run() {
            ran = false;
            thrown = null;
            try {
                carried.run();
            } catch (Throwable e) {
                if (!ran) {
                    kept.accept(e);
                    return;
                } else if (e != thrown) {
                    Judge.report(LOG, "A context carrier, after its task,", e);
                }
            }
            if (!ran) {
                kept.accept(new IllegalStateException("the context carrier did not run its task"));
            } else if (thrown != null) {
                throw Engine.<RuntimeException>as(thrown);
            }
        }
    }

    /** Lets go on what runs; the threads end with it. */
    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
