package dev.tentpole.core;

import dev.tentpole.base.OwnedThreads;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads and the queue of one backend, so that a backend that hangs exhausts its own and nobody else's.
 */
final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Backend backend;
    private final ThreadPoolExecutor executor;
    private final Executor stopper;
    private final MeterRegistry meters;
    private final List<Meter> gauges = new ArrayList<>();
    private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile boolean closed;

    Lane(Backend backend, int threads, int queue, Executor stopper, MeterRegistry meters) {
        this.backend = backend;
        this.stopper = stopper;
        this.meters = meters;
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                OwnedThreads.daemon("core", backend.name()));
        executor.allowCoreThreadTimeOut(true);
        gauge(
                "tentpole.core.query.active",
                "Calls of a backend that run, also abandoned ones",
                executor::getActiveCount);
        gauge("tentpole.core.query.queued", "Calls that wait for a thread of their backend", executor.getQueue()::size);
        gauge("tentpole.core.query.abandoned", "Calls that nobody waits for and that have not ended", abandoned::get);
    }

    Backend backend() {
        return backend;
    }

    /**
     * Starts a call of the backend on one of its threads; if all are busy and the queue is full, or the lane is closed,
     * the call ends at once with status 503.
     */
    <T> Call<T> start(QueryContext context, Callable<T> work) {
        Call<T> call = new Call<>(this, context, work);
        calls.add(call);
        try {
            executor.execute(call.task());
        } catch (RejectedExecutionException e) {
            call.cancel(rejection());
        }
        if (closed) {
            call.cancel(closed());
        }
        return call;
    }

    /** Counts the outcome of a call, exactly once; a registry that fails keeps nobody from the answer. */
    void ended(Call<?> call, @Nullable Throwable failure) {
        calls.remove(call);
        executor.remove(call.task());
        try {
            Timer.builder("tentpole.core.query")
                    .description("Time from a query's arrival to its answer")
                    .tag("backend", backend.name())
                    .tag("outcome", outcome(failure))
                    .register(meters)
                    .record(call.nanosSinceStart(), TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            LOG.warn("backend {}: a call could not be counted", backend.name(), e);
        }
    }

    void abandoned(int change) {
        abandoned.addAndGet(change);
    }

    void runHook(QueryContext.Hook hook) {
        try {
            stopper.execute(hook::run);
        } catch (RejectedExecutionException e) {
            LOG.warn("backend {}: too many cancelled calls to stop at once; one runs on to its end", backend.name());
        }
    }

    /** Refuses new calls and cancels those that run. */
    void stop() {
        closed = true;
        executor.shutdown();
        calls.forEach(call -> call.cancel(closed()));
    }

    /** Waits for the calls to end. Returns whether they have. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }

    /** So that the registry holds no closed lane, and the next one of the name is measured in its place. */
    void removeGauges() {
        gauges.forEach(meters::remove);
    }

    QueryException late(Duration allowed) {
        return QueryException.downstream(
                504,
                "backend \"" + backend.name() + "\" gave no answer within " + allowed.toMillis()
                        + " ms: ask for less data or a shorter range, or raise the timeout");
    }

    private QueryException rejection() {
        return closed
                ? closed()
                : QueryException.plugin(
                        503,
                        "backend \"" + backend.name() + "\" is busy: all of its " + executor.getMaximumPoolSize()
                                + " threads (" + abandoned.get() + " of them on calls that were given up) and all "
                                + executor.getQueue().size()
                                + " places of its queue are taken; try again, or raise threadsPerBackend or"
                                + " queuePerBackend");
    }

    private static QueryException closed() {
        return QueryException.plugin(503, "the data source is closed");
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        gauges.add(Gauge.builder(name, value)
                .description(description)
                .tag("backend", backend.name())
                .register(meters));
    }

    private static String outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        return failure instanceof QueryException known ? known.source().id() : "bug";
    }
}
