package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import dev.tentpole.base.Deadline;
import dev.tentpole.base.OwnedThreads;
import dev.tentpole.bigquery.QueryCancelledException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs queries on BigQuery over its REST interface: dry runs, results page by page, limits on what they may cost.
 *
 * <p>Its methods block and are cancelled by interrupting their thread; a job that may run is cancelled then, and so it is when a
 * query's time is over. What may be retried is retried until the query's deadline, with growing pauses, as
 * {@link QueryFailedException.Retry} says. Safe for use by several threads.
 */
public final class BigQueryClient implements AutoCloseable {

    static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    static final Duration MAX_TIMEOUT = Duration.ofHours(6);

    private static final long THREAD_IDLE_SECONDS = 10;

    /** How long a result that is there may be held back to learn what it has cost. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    private final Transport transport;
    private final boolean ownTransport;
    private final RestCalls rest;
    private final JobRequests requests;
    private final Pauses pauses;
    private final Duration timeout;
    private final int maxAttempts;
    private final @Nullable Budgets budgets;
    private final ThreadPoolExecutor prefetch;
    private final LongAdder queries = new LongAdder();
    private final LongAdder cancels = new LongAdder();
    private final OpenCalls calls = new OpenCalls();

    private BigQueryClient(Builder builder) {
        Transport given = builder.transport;
        this.ownTransport = given == null;
        this.transport = given == null ? Transport.http(builder.requestTimeout) : given;
        this.pauses = builder.pauses;
        this.timeout = builder.timeout;
        this.maxAttempts = builder.maxAttempts;
        this.budgets = builder.budgets;
        this.rest = new RestCalls(
                transport,
                builder.tokens,
                builder.endpoint,
                pauses,
                builder.requestTimeout,
                maxAttempts,
                builder.maxAnswerBytes);
        this.requests = new JobRequests(
                builder.project,
                builder.location,
                Map.copyOf(builder.labels),
                builder.maximumBytesBilled,
                builder.pageRows,
                Builder.longPoll(builder.requestTimeout));
        this.prefetch = new ThreadPoolExecutor(
                0,
                builder.prefetchThreads,
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                OwnedThreads.daemon("bigquery", "page"));
    }

    /**
     * {@return a builder}
     *
     * @param project the project that runs and pays the queries
     * @param tokens gives the access tokens
     */
    public static Builder builder(String project, TokenSource tokens) {
        return new Builder(project, tokens);
    }

    /**
     * {@return what BigQuery says of a query without running it, at no cost}
     *
     * @param request the query
     * @throws QueryFailedException if BigQuery refuses the query
     * @throws QueryCancelledException if the answer doesn't come in time, or the thread is interrupted
     */
    public QueryDryRun dryRun(QueryRequest request) {
        return calling(() -> ask(request));
    }

    private QueryDryRun ask(QueryRequest request) {
        return QueryDryRun.of(interruptibly(() -> rest.send(
                new RestCalls.Call("the dry run", null, requests.jobsPath(), requests.dryRun(request)),
                deadline(request),
                Json.MAPPER::readTree)));
    }

    /**
     * Runs a query and waits for its first page.
     *
     * @param request the query
     * @return its rows; to be closed unless all are read
     * @throws BudgetExceededException if a budget refuses it, before anything is run
     * @throws QueryFailedException if BigQuery refuses it or fails
     * @throws QueryCancelledException if it doesn't end in time, or the thread is interrupted; the job is cancelled then
     */
    public QueryResult run(QueryRequest request) {
        return calling(() -> runWithin(request));
    }

    private QueryResult runWithin(QueryRequest request) {
        Budgets limits = budgets;
        if (limits == null) {
            return result(request, job(request, OptionalLong.empty()).run());
        }
        Budgets.Reservation reservation = limits.reserve(request, requests.labels(request), ask(request));
        QueryJob job = job(request, reservation.cap());
        boolean ran = false;
        try {
            QueryJob.Done done = job.run();
            ran = true;
            QueryResult result = result(request, done);
            reservation.settle(billed(result, request));
            return result;
        } finally {
            // Ended already unless something went wrong; a cancelled query may cost up to the full price.
            if (ran || job.mayHaveBilled()) {
                reservation.keep();
            } else {
                reservation.release();
            }
        }
    }

    /**
     * {@return what a query has cost, asked of BigQuery unless the result says it already}
     *
     * @param result the query's result
     * @throws QueryFailedException if BigQuery refuses
     * @throws QueryCancelledException if the answer doesn't come in time, or the thread is interrupted
     */
    public QueryStatistics statistics(QueryResult result) {
        return calling(() -> statistics(result, timeout));
    }

    private QueryStatistics statistics(QueryResult result, Duration longest) {
        if (result.statistics().bytesBilled().isPresent() || result.jobId().isEmpty()) {
            return result.statistics();
        }
        String job = result.jobId().get();
        JsonNode answer = interruptibly(() -> rest.send(
                new RestCalls.Call("reading a job", job, requests.jobPath(job, result.location()), null),
                Deadline.after(longest, pauses.nanos()),
                Json.MAPPER::readTree));
        return QueryStatistics.ofJob(job, answer.path("statistics"));
    }

    /** {@return the queries that were run, also those that failed; dry runs are none} */
    long queries() {
        return queries.sum();
    }

    /** {@return the jobs that were asked to stop} */
    long cancels() {
        return cancels.sum();
    }

    /** {@return the queries that a budget refused} */
    long refused() {
        Budgets limits = budgets;
        return limits == null ? 0 : limits.refused();
    }

    /** {@return the HTTP requests, all attempts counted} */
    long requests() {
        return rest.requests();
    }

    /** {@return the attempts after the first one} */
    long retries() {
        return rest.retries();
    }

    /**
     * Wakes whoever waits for a query, whose job is cancelled then, or for a page, and ends the client's threads; results give no more
     * pages. A transport that was given stays open; whoever was woken needs it to cancel a job, which takes 5 seconds at most. An own
     * one is closed behind the last of them. Closing twice is harmless.
     */
    @Override
    public void close() {
        prefetch.shutdownNow();
        calls.close(ownTransport ? transport::close : () -> {});
    }

    private QueryJob job(QueryRequest request, OptionalLong cap) {
        queries.increment();
        return new QueryJob(
                rest,
                requests,
                pauses,
                maxAttempts,
                request,
                request.timeout().orElse(timeout),
                cap,
                cancels::increment);
    }

    private QueryResult result(QueryRequest request, QueryJob.Done done) {
        return new QueryResult(
                rest,
                requests,
                pauses,
                prefetch,
                calls,
                request.timeout().orElse(timeout),
                done,
                QueryStatistics.ofAnswer(done.jobId(), done.first().head()));
    }

    /** What is billed; nothing known is no reason to lose the result, so the whole reservation counts then. */
    private OptionalLong billed(QueryResult result, QueryRequest request) {
        if (result.statistics().cacheHit()) {
            return OptionalLong.of(0);
        }
        try {
            Duration longest = request.timeout().orElse(timeout);
            return statistics(result, longest.compareTo(LONGEST_LOOK) < 0 ? longest : LONGEST_LOOK)
                    .bytesBilled();
        } catch (BigQueryException e) {
            return OptionalLong.empty();
        }
    }

    private Deadline deadline(QueryRequest request) {
        return Deadline.after(request.timeout().orElse(timeout), pauses.nanos());
    }

    @FunctionalInterface
    private interface Sending<T> {
        T send() throws InterruptedException;
    }

    private static <T> T interruptibly(Sending<T> sending) {
        try {
            return sending.send();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryCancelledException(Reason.INTERRUPTED, "the thread was interrupted", null, false, e);
        }
    }

    /** Closing wakes what is called here, and tells that it was so. */
    private <T> T calling(Supplier<T> method) {
        try (OpenCalls.Call call = calls.begin()) {
            try {
                return method.get();
            } catch (QueryCancelledException e) {
                throw call.explain(e);
            }
        }
    }

    /** {@return whether secrets may be sent there} */
    static boolean isSafe(URI address) {
        String host = String.valueOf(address.getHost());
        boolean thisMachine = host.equals("localhost") || LOOPBACK.matcher(host).matches() || host.equals("[::1]");
        return "https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && thisMachine);
    }

    /** Says how the client works; used by one thread. */
    public static final class Builder {

        private static final URI GOOGLE = URI.create("https://bigquery.googleapis.com");
        private static final Duration LONGEST_POLL = Duration.ofSeconds(10);

        private final String project;
        private final TokenSource tokens;
        private URI endpoint = GOOGLE;
        private @Nullable Transport transport;
        private @Nullable String location;
        private Map<String, String> labels = Map.of();
        private OptionalLong maximumBytesBilled = OptionalLong.empty();
        private @Nullable Budgets budgets;
        private Duration timeout = Duration.ofMinutes(5);
        private Duration requestTimeout = Duration.ofSeconds(30);
        private int maxAttempts = 8;
        private int pageRows = 10_000;
        private long maxAnswerBytes = 64L << 20;
        private int prefetchThreads = 4;
        private Pauses pauses = Pauses.system();

        private Builder(String project, TokenSource tokens) {
            this.project = Args.notBlank("project", project);
            this.tokens = Objects.requireNonNull(tokens, "tokens");
        }

        /**
         * Sets where BigQuery is, {@code https://bigquery.googleapis.com} by default.
         *
         * @param address scheme, host and port; {@code http} only on this machine, since tokens are sent
         * @return this
         */
        public Builder endpoint(URI address) {
            this.endpoint = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Sets what carries the requests, an own {@link Transport#http} by default.
         *
         * @param carrier the transport; it isn't closed with the client
         * @return this
         */
        public Builder transport(Transport carrier) {
            this.transport = Objects.requireNonNull(carrier, "carrier");
            return this;
        }

        /**
         * Sets where queries run that don't say so; by default BigQuery finds out by the query's tables.
         *
         * @param name such as {@code EU} or {@code europe-west3}
         * @return this
         */
        public Builder location(String name) {
            this.location = Args.notBlank("location", name);
            return this;
        }

        /**
         * Adds a label to all queries, sanitised as {@link QueryRequest.Builder#label} says.
         *
         * @param key the key
         * @param value the value
         * @return this
         */
        public Builder label(String key, String value) {
            Map<String, String> more = new LinkedHashMap<>(labels);
            more.put(Labels.key(key), Labels.value(value));
            this.labels = more;
            return this;
        }

        /**
         * Makes BigQuery refuse, at no cost, queries that would bill more and don't set a limit of their own. None by default.
         *
         * @param bytes the most bytes, at least 10 MiB
         * @return this
         */
        public Builder maximumBytesBilled(long bytes) {
            this.maximumBytesBilled = OptionalLong.of(bytes);
            return this;
        }

        /**
         * Sets the budgets that queries must keep. None by default. With budgets each query has a dry run before it.
         *
         * @param limits the budgets, may be shared by clients
         * @return this
         */
        public Builder budgets(Budgets limits) {
            this.budgets = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Sets how long a query may take, and each page after its first one. 5 minutes by default.
         *
         * @param longest from 1 ms to 6 hours
         * @return this
         */
        public Builder timeout(Duration longest) {
            this.timeout = longest;
            return this;
        }

        /**
         * Sets how long one HTTP request may take, its answer's body included; then it is tried again. 30 seconds by default.
         *
         * @param longest from 1 ms to 10 minutes
         * @return this
         */
        public Builder requestTimeout(Duration longest) {
            this.requestTimeout = longest;
            return this;
        }

        /**
         * Sets how often a request is sent at most, and how many jobs are made of one query. 8 by default.
         *
         * @param attempts from 1 to 100
         * @return this
         */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /**
         * Sets how many rows a page has at most; BigQuery ends a page at 10 MB by itself. 10,000 by default.
         *
         * @param rows from 1 to 1,000,000
         * @return this
         */
        public Builder pageRows(int rows) {
            this.pageRows = rows;
            return this;
        }

        /**
         * Sets the largest answer that is read, after decompression. 64 MiB by default.
         *
         * @param bytes from 1 MiB to 1 GiB
         * @return this
         */
        public Builder maxAnswerBytes(long bytes) {
            this.maxAnswerBytes = bytes;
            return this;
        }

        /**
         * Sets how many pages are fetched ahead at once, over all results. Beyond that, a page is fetched when it is asked for. 4 by
         * default.
         *
         * @param threads from 1 to 100
         * @return this
         */
        public Builder prefetchThreads(int threads) {
            this.prefetchThreads = threads;
            return this;
        }

        /** Replaces time, for tests. */
        Builder pauses(Pauses replacement) {
            this.pauses = replacement;
            return this;
        }

        /**
         * {@return the client}
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public BigQueryClient build() {
            Args.check(isSafe(endpoint), "endpoint", endpoint, "https, or http on this machine");
            Args.inRange("timeout", timeout, MIN_TIMEOUT, MAX_TIMEOUT);
            Args.inRange("requestTimeout", requestTimeout, MIN_TIMEOUT, Duration.ofMinutes(10));
            Args.inRange("maxAttempts", maxAttempts, 1, 100);
            Args.inRange("pageRows", pageRows, 1, 1_000_000);
            Args.inRange("maxAnswerBytes", maxAnswerBytes, 1L << 20, 1L << 30);
            Args.inRange("prefetchThreads", prefetchThreads, 1, 100);
            Args.inRange("labels.size()", labels.size(), 0, Labels.MOST);
            maximumBytesBilled.ifPresent(bytes ->
                    Args.inRange("maximumBytesBilled", bytes, QueryRequest.LEAST_BYTES_BILLED, Long.MAX_VALUE));
            return new BigQueryClient(this);
        }

        /** The server must answer before the request is given up. */
        private static Duration longPoll(Duration requestTimeout) {
            Duration half = requestTimeout.dividedBy(2);
            return half.compareTo(LONGEST_POLL) < 0 ? half : LONGEST_POLL;
        }
    }
}
