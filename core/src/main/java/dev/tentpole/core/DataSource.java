package dev.tentpole.core;

import dev.tentpole.base.Args;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import dev.tentpole.base.OwnedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests from several backends: one answer per query, never an exception for one of many.
 *
 * <p>The queries of a request run in parallel, each on a thread of its backend's own. A query that fails, throws an
 * {@link Error}, or hangs until the deadline spoils no other. Safe for use by several threads.
 *
 * <p>Metrics, if there is a registry: the timer {@code tentpole.core.query} (tags {@code backend}, {@code outcome}:
 * ok, plugin, downstream, bug) and the gauges {@code tentpole.core.query.active}, {@code .queued} and {@code .abandoned}
 * (tag {@code backend}).
 */
public final class DataSource implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataSource.class);

    private final Router router;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final ThreadPoolExecutor stopper;
    private final Duration timeout;
    private final Duration closeTimeout;
    private final int maxQueries;
    private final NanoClock clock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DataSource(Builder builder) {
        this.router = builder.router.build();
        this.timeout = builder.timeout;
        this.closeTimeout = builder.closeTimeout;
        this.maxQueries = builder.maxQueries;
        this.clock = builder.clock;
        this.stopper = new ThreadPoolExecutor(
                4, 4, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1_024), OwnedThreads.daemon("core", "stopper"));
        stopper.allowCoreThreadTimeOut(true);
        for (Backend backend : router.backends()) {
            lanes.put(
                    backend.name(),
                    new Lane(backend, builder.threadsPerBackend, builder.queuePerBackend, stopper, builder.meters));
        }
    }

    /**
     * {@return a builder of a data source}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the backends, by priority, then by name}
     */
    public List<Backend> backends() {
        return router.backends();
    }

    /**
     * Answers a request. Blocks until every query has its answer, or the deadline has passed.
     *
     * <p>If the calling thread is interrupted, what runs is cancelled and nothing is left behind.
     *
     * @param request the queries
     * @return one answer per query, in request order; a query that has failed or timed out is answered with an error
     * @throws InterruptedException if the calling thread is interrupted
     */
    public QueryResponse query(QueryRequest request) throws InterruptedException {
        Duration allowed = shorter(request.timeout().orElse(timeout));
        Deadline deadline = Deadline.after(allowed, clock);
        Map<String, QueryResult> results = new LinkedHashMap<>();
        Map<String, Call<QueryResult>> calls = new LinkedHashMap<>();
        request.refIds().forEach(refId -> results.put(refId, pending(refId)));
        request.refused().forEach((refId, error) -> results.put(refId, QueryResult.failure(refId, error)));
        for (Query query : request.queries()) {
            try {
                calls.put(query.refId(), start(query, request, deadline));
            } catch (RuntimeException | Error e) {
                // Whatever a backend's canHandle throws, also an Error, is the fate of this query alone.
                results.put(query.refId(), QueryResult.failure(query.refId(), failure(e, query.refId(), request.id())));
            }
        }
        try {
            for (Map.Entry<String, Call<QueryResult>> call : calls.entrySet()) {
                String refId = call.getKey();
                Function<Throwable, QueryResult> failed =
                        e -> QueryResult.failure(refId, failure(e, refId, request.id()));
                results.put(refId, await(call.getValue(), deadline, allowed, failed));
            }
        } catch (InterruptedException e) {
            calls.values().forEach(call -> call.cancel(cancelled()));
            throw e;
        }
        return new QueryResponse(request.id(), List.copyOf(results.values()));
    }

    /**
     * Asks every backend for its health, in parallel. Blocks until all have answered, or the timeout has passed.
     *
     * @param timeout the longest wait; a backend that has not answered by then is in error
     * @return the health by backend name, in the order of {@link #backends()}
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Map<String, BackendHealth> checkHealth(Duration timeout) throws InterruptedException {
        Duration allowed = shorter(timeout);
        Deadline deadline = Deadline.after(allowed, clock);
        Map<String, Call<BackendHealth>> calls = new LinkedHashMap<>();
        lanes.forEach((name, lane) -> {
            QueryContext context = new QueryContext("health", deadline);
            calls.put(
                    name,
                    lane.start(
                            context,
                            () -> Objects.requireNonNull(lane.backend().checkHealth(context), "the health is null")));
        });
        Map<String, BackendHealth> health = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Call<BackendHealth>> call : calls.entrySet()) {
                String name = call.getKey();
                Function<Throwable, BackendHealth> failed =
                        e -> BackendHealth.error(failure(e, name, "health").message());
                health.put(name, await(call.getValue(), deadline, allowed, failed));
            }
        } catch (InterruptedException e) {
            calls.values().forEach(call -> call.cancel(cancelled()));
            throw e;
        }
        return health;
    }

    /**
     * Refuses new requests, cancels those that run (they are answered with status 503), waits for their threads up to the
     * close timeout, and closes the backends. Closing twice is harmless.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Deadline deadline = Deadline.after(closeTimeout, clock);
        lanes.values().forEach(Lane::stop);
        List<Thread> closers = new ArrayList<>();
        boolean interrupted = false;
        for (Lane lane : lanes.values()) {
            Thread closer = OwnedThreads.daemon(
                            "core", "close-" + lane.backend().name())
                    .newThread(() -> close(lane, deadline));
            closer.start();
            closers.add(closer);
        }
        for (Thread closer : closers) {
            try {
                if (!interrupted) {
                    closer.join(Math.max(1, deadline.remaining().toMillis()));
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (closer.isAlive()) {
                LOG.warn("{} has not ended within {}; it is left behind", closer.getName(), closeTimeout);
                closer.interrupt();
            }
        }
        stopper.shutdownNow();
        lanes.values().forEach(Lane::removeGauges);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Lane lane, Deadline deadline) {
        String name = lane.backend().name();
        try {
            // Half of the time for the calls, so that the backend gets its turn although a call hangs.
            if (!lane.awaitEnd(deadline.remainingNanos() / 2)) {
                LOG.warn("backend {} is closed although a cancelled call of it has not ended", name);
            }
        } catch (InterruptedException e) {
            LOG.warn("backend {} is closed without waiting for its calls", name);
        }
        try {
            lane.backend().close();
        } catch (RuntimeException e) {
            LOG.warn("backend {} failed to close", name, e);
        }
    }

    private Call<QueryResult> start(Query query, QueryRequest request, Deadline deadline) {
        if (request.refIds().size() > maxQueries) {
            throw QueryException.badQuery("the request has " + request.refIds().size() + " queries, more than "
                    + maxQueries + ": send fewer, or raise maxQueries");
        }
        Lane lane = lane(router.route(query));
        QueryContext context = new QueryContext(request.id(), deadline);
        Callable<QueryResult> work =
                () -> QueryResult.success(query.refId(), lane.backend().query(query, context));
        return lane.start(context, work);
    }

    private Lane lane(Backend backend) {
        return Objects.requireNonNull(lanes.get(backend.name()));
    }

    private static <T> T await(Call<T> call, Deadline deadline, Duration allowed, Function<Throwable, T> failed)
            throws InterruptedException {
        try {
            return call.await(deadline, allowed);
        } catch (ExecutionException e) {
            return failed.apply(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static QueryError failure(Throwable failure, String what, String requestId) {
        if (failure instanceof QueryException known) {
            LOG.debug("request {}, {}: {}", requestId, what, known.getMessage(), known);
            return known.error();
        }
        LOG.error("request {}, {}: unexpected failure", requestId, what, failure);
        return new QueryError(
                500,
                ErrorSource.PLUGIN,
                "unexpected failure (" + failure.getClass().getSimpleName() + "); the log has it under request id "
                        + requestId);
    }

    private Duration shorter(Duration wanted) {
        return wanted.compareTo(timeout) < 0 ? wanted : timeout;
    }

    private static QueryException cancelled() {
        return QueryException.plugin(QueryError.CANCELLED, "the request was cancelled");
    }

    private static QueryResult pending(String refId) {
        return QueryResult.failure(refId, new QueryError(500, ErrorSource.PLUGIN, "the query was not started"));
    }

    /**
     * Builds a {@link DataSource}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final Router.Builder router = Router.builder();
        private Duration timeout = Duration.ofSeconds(30);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private int threadsPerBackend = 16;
        private int queuePerBackend = 32;
        private int maxQueries = 100;
        private MeterRegistry meters = new CompositeMeterRegistry();
        private NanoClock clock = NanoClock.system();

        private Builder() {}

        /**
         * Adds a backend with priority 0. The data source closes it when it is closed.
         *
         * @param backend the backend
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder backend(Backend backend) {
            router.backend(backend);
            return this;
        }

        /**
         * Adds a backend. The data source closes it when it is closed.
         *
         * @param backend the backend
         * @param priority among the backends of its type; the smallest is tried first
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name already
         */
        public Builder backend(Backend backend, int priority) {
            router.backend(backend, priority);
            return this;
        }

        /**
         * Sets the longest time for an answer. Default: 30 s.
         *
         * @param time from 1 ms to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is outside of its range
         */
        public Builder timeout(Duration time) {
            this.timeout = Args.inRange("timeout", time, Duration.ofMillis(1), Duration.ofDays(1));
            return this;
        }

        /**
         * Sets the longest time for {@link DataSource#close}. Default: 5 s.
         *
         * @param time from 1 ms to 10 min
         * @return this builder
         * @throws IllegalArgumentException if the time is outside of its range
         */
        public Builder closeTimeout(Duration time) {
            this.closeTimeout = Args.inRange("closeTimeout", time, Duration.ofMillis(1), Duration.ofMinutes(10));
            return this;
        }

        /**
         * Sets how many calls of one backend run at once. Default: 16.
         *
         * @param threads from 1 to 1,000
         * @return this builder
         * @throws IllegalArgumentException if the number is outside of its range
         */
        public Builder threadsPerBackend(int threads) {
            this.threadsPerBackend = Args.inRange("threadsPerBackend", threads, 1, 1_000);
            return this;
        }

        /**
         * Sets how many calls of one backend wait for a thread; one more is answered with status 503. Default: 32.
         *
         * @param places from 1 to 100,000
         * @return this builder
         * @throws IllegalArgumentException if the number is outside of its range
         */
        public Builder queuePerBackend(int places) {
            this.queuePerBackend = Args.inRange("queuePerBackend", places, 1, 100_000);
            return this;
        }

        /**
         * Sets how many queries a request may have; in a larger one all are answered with status 400. Default: 100.
         *
         * @param queries from 1 to 10,000
         * @return this builder
         * @throws IllegalArgumentException if the number is outside of its range
         */
        public Builder maxQueries(int queries) {
            this.maxQueries = Args.inRange("maxQueries", queries, 1, 10_000);
            return this;
        }

        /**
         * Sets where the metrics go. Default: nowhere.
         *
         * @param registry the registry
         * @return this builder
         */
        public Builder meterRegistry(MeterRegistry registry) {
            this.meters = Objects.requireNonNull(registry, "registry");
            return this;
        }

        /** For tests: what the deadlines read. */
        Builder clock(NanoClock nanoClock) {
            this.clock = nanoClock;
            return this;
        }

        /**
         * {@return the data source}
         *
         * @throws IllegalArgumentException if there is no backend
         */
        public DataSource build() {
            return new DataSource(this);
        }
    }
}
