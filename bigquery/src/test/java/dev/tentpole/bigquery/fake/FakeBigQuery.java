package dev.tentpole.bigquery.fake;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A server that speaks BigQuery's REST, for tests: it runs no SQL, but answers what it was told to, goes wrong when it was
 * told to, and counts.
 *
 * <p>It is one that Google's own client takes for BigQuery. Safe for use by several threads.
 */
public final class FakeBigQuery implements AutoCloseable {

    static {
        // Without it each answer waits for a delayed acknowledgement.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Function<FakeQuery, FakeResult> answers;
    private final CountDownLatch closing = new CountDownLatch(1);

    private final Map<String, FakeJob> jobs = new ConcurrentHashMap<>();
    private final Map<String, String> jobsByRequest = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> runs = new ConcurrentHashMap<>();
    private final Map<FakeRoute, Deque<FakeFault>> faults = new EnumMap<>(FakeRoute.class);
    private final Map<FakeRoute, AtomicLong> requests = new EnumMap<>(FakeRoute.class);
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<FakeQuery> queries = new ConcurrentLinkedQueue<>();
    private final AtomicLong tokensMade = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong billed = new AtomicLong();
    private final AtomicLong rowsServed = new AtomicLong();
    private volatile boolean tokensNeeded;
    private volatile boolean jobsOptional;
    private volatile FakeTokens tokenServer = FakeTokens.NONE;

    private FakeBigQuery(Function<FakeQuery, FakeResult> answers) throws IOException {
        this.answers = answers;
        for (FakeRoute route : FakeRoute.values()) {
            faults.put(route, new ArrayDeque<>());
            requests.put(route, new AtomicLong());
        }
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-bigquery");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", new FakeRest(this));
        server.start();
    }

    /**
     * {@return a running server}
     *
     * @param answers what to answer to a query; called once for each job and each dry run
     */
    public static FakeBigQuery start(Function<FakeQuery, FakeResult> answers) {
        try {
            return new FakeBigQuery(answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@return a running server that answers the same to all queries}
     *
     * @param answer what to answer
     */
    public static FakeBigQuery answering(FakeResult answer) {
        return start(query -> answer);
    }

    /**
     * {@return where it is, without a path}
     */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Makes the next request of a kind go wrong; several calls make as many requests go wrong, in order.
     *
     * @param route the kind of request
     * @param fault what goes wrong
     * @return this
     */
    public FakeBigQuery fault(FakeRoute route, FakeFault fault) {
        synchronized (faults) {
            faults.get(route).add(fault);
        }
        return this;
    }

    /**
     * Takes requests with a token alone; from then on others are answered with 401.
     *
     * @param token the token; several calls make several good ones
     * @return this
     */
    public FakeBigQuery accept(String token) {
        tokensNeeded = true;
        tokens.add(token);
        return this;
    }

    /**
     * Takes a token no more.
     *
     * @param token the token
     */
    public void expire(String token) {
        tokens.remove(token);
    }

    /**
     * Answers short queries that allow it without making a job.
     *
     * @return this
     */
    public FakeBigQuery withoutJobs() {
        jobsOptional = true;
        return this;
    }

    /**
     * Gives out tokens, {@code token-1} and so on, that are taken from then on, to whoever signs with a key.
     *
     * @param with how assertions are checked
     * @return this
     */
    public FakeBigQuery tokens(FakeTokens with) {
        tokensNeeded = true;
        tokenServer = with;
        return this;
    }

    /**
     * {@return how many requests of a kind there were}
     *
     * @param route the kind
     */
    public long requests(FakeRoute route) {
        return requests.get(route).get();
    }

    /**
     * {@return the queries that were run, in order; dry runs are none}
     */
    public List<FakeQuery> queries() {
        return List.copyOf(queries);
    }

    /**
     * {@return how many jobs there are that run still}
     */
    public long running() {
        return jobs.values().stream().filter(FakeJob::isRunning).count();
    }

    /**
     * {@return how many running jobs were cancelled}
     */
    public long cancelled() {
        return cancelled.get();
    }

    /**
     * {@return how often a job was to be made that there was already}
     */
    public long duplicates() {
        return duplicates.get();
    }

    /**
     * {@return the bytes that all jobs have billed}
     */
    public long billedBytes() {
        return billed.get();
    }

    /**
     * {@return how many rows were sent, those of answers that broke off included}
     */
    public long rowsServed() {
        return rowsServed.get();
    }

    /** Stops the server; answers that hang are given up. Closing twice is harmless. */
    @Override
    public void close() {
        closing.countDown();
        jobs.values().forEach(FakeJob::cancel);
        server.stop(0);
        threads.shutdownNow();
    }

    // What the REST side needs.

    FakeFault nextFault(FakeRoute route) {
        requests.get(route).incrementAndGet();
        synchronized (faults) {
            return faults.get(route).poll();
        }
    }

    boolean isAccepted(String authorization) {
        return !tokensNeeded
                || (authorization != null
                        && authorization.startsWith("Bearer ")
                        && tokens.contains(authorization.substring("Bearer ".length())));
    }

    String newToken() {
        String token = "token-" + tokensMade.incrementAndGet();
        tokens.add(token);
        return token;
    }

    FakeTokens tokenServer() {
        return tokenServer;
    }

    boolean mayOmitJobs() {
        return jobsOptional;
    }

    FakeResult answer(FakeQuery query) {
        return answers.apply(query);
    }

    int nextRun(String sql) {
        return (int) runs.computeIfAbsent(sql, key -> new AtomicLong()).getAndIncrement();
    }

    FakeJob job(String id) {
        return jobs.get(id);
    }

    String jobOfRequest(String requestId) {
        return jobsByRequest.get(requestId);
    }

    void add(FakeJob job, String requestId) {
        jobs.put(job.id(), job);
        queries.add(job.query());
        if (!requestId.isEmpty()) {
            jobsByRequest.put(requestId, job.id());
        }
        if (job.result().failure().isEmpty()) {
            billed.addAndGet(job.result().billedBytes());
        }
    }

    void countDuplicate() {
        duplicates.incrementAndGet();
    }

    void countCancelled() {
        cancelled.incrementAndGet();
    }

    void countRows(long rows) {
        rowsServed.addAndGet(rows);
    }

    void awaitClose() throws InterruptedException {
        closing.await();
    }

    /** {@return whether the server closes, after at most so long} */
    boolean awaitClose(Duration longest) throws InterruptedException {
        return closing.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }
}
