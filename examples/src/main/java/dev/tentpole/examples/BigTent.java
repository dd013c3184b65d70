package dev.tentpole.examples;

import dev.tentpole.base.OwnedThreads;
import dev.tentpole.bigquery.BigQueryException;
import dev.tentpole.core.Backend;
import dev.tentpole.core.DataSource;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running example: its sources, its data source, its HTTP server. Safe for use by several threads.
 */
public final class BigTent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BigTent.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private final ReentrantLock closing = new ReentrantLock();
    private final List<Thread> starting = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Options options;
    private final HttpApi http;
    private volatile List<Backend> sources = List.of();
    private volatile @Nullable EmbeddedMariaDb embedded;
    private volatile @Nullable HostSampler sampler;

    private BigTent(Options options) throws IOException {
        this.options = options;
        this.http = HttpApi.bind(options.port(), meters);
    }

    /**
     * Starts Big Tent and waits until its sources answer, or are known not to.
     *
     * @param options how
     * @return the running instance; close it to stop it and all that it has started
     * @throws IOException if the port is taken
     * @throws InterruptedException if the calling thread is interrupted; nothing is left running then
     */
    public static BigTent start(Options options) throws IOException, InterruptedException {
        BigTent bigTent = new BigTent(options);
        try {
            bigTent.startSources();
            return bigTent;
        } catch (IOException | InterruptedException | RuntimeException e) {
            bigTent.close();
            throw e;
        }
    }

    /**
     * {@return where the page is}
     */
    public URI address() {
        return URI.create("http://127.0.0.1:" + http.port() + "/");
    }

    /**
     * {@return a line for each source, that says whether it is configured}
     */
    public List<String> describe() {
        return sources.stream()
                .map(backend -> "  " + backend.name() + ": "
                        + (backend instanceof UnconfiguredBackend missing ? missing.advice() : "ready"))
                .toList();
    }

    /** The JDBC URL of the embedded MariaDB, with the user that can only read. */
    Optional<String> mysqlUrl() {
        return Optional.ofNullable(embedded).map(EmbeddedMariaDb::readerUrl);
    }

    /**
     * Blocks until Big Tent is closed.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Stops the server, then what it has started, then removes the temporary folders. Closing twice is harmless.
     */
    @Override
    public void close() {
        closed = true;
        HostSampler writing = sampler;
        if (writing != null) {
            // First of all, since on Ctrl-C MariaDB is being stopped at the same time.
            writing.close();
        }
        http.close();
        starting.forEach(BigTent::endStart);
        closing.lock();
        try {
            while (!toClose.isEmpty()) {
                close(toClose.pop());
            }
        } finally {
            closing.unlock();
            stopped.countDown();
        }
    }

    /** A source that is still starting cleans up after itself, or hands over what it has opened to be closed. */
    private static void endStart(Thread starter) {
        starter.interrupt();
        try {
            starter.join(LONGEST_START.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startSources() throws IOException, InterruptedException {
        bindMeters();
        FutureTask<Backend> mysql = inParallel("mysql", this::mysql);
        FutureTask<Backend> prometheus = inParallel("prometheus", this::prometheus);
        DataSource source = DataSource.builder()
                .backend(result(mysql))
                .backend(result(prometheus))
                .backend(rest())
                .backend(bigQuery())
                .meterRegistry(meters)
                .build();
        opened(source);
        sources = source.backends();
        http.start(new Routes(source, meters, InstantSource.system()));
    }

    private Backend mysql() throws IOException {
        if (options.mysqlUrl().isPresent()) {
            return new MySqlBackend("mysql", options.mysqlUrl().get(), CONNECT_TIMEOUT);
        }
        if (!EmbeddedMariaDb.isAvailable()) {
            return new UnconfiguredBackend(
                    "mysql",
                    "mysql",
                    "no MariaDB is embedded for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + "; start Big Tent with --mysql-url jdbc:mariadb://…");
        }
        EmbeddedMariaDb server = opened(EmbeddedMariaDb.start());
        embedded = server;
        try {
            sampler = opened(HostSampler.start(server.writerUrl()));
        } catch (SQLException e) {
            throw new IOException("the tables of the samples could not be made", e);
        }
        return new MySqlBackend("mysql", server.readerUrl(), CONNECT_TIMEOUT);
    }

    private Backend prometheus() throws IOException, InterruptedException {
        if (options.prometheusUrl().isPresent()) {
            return new PrometheusBackend("prometheus", options.prometheusUrl().get());
        }
        Optional<Path> binary = PrometheusProcess.find();
        if (binary.isEmpty()) {
            return new UnconfiguredBackend(
                    "prometheus",
                    "prometheus",
                    "there is no prometheus on the PATH; install one, or start Big Tent with --prometheus-url http://…");
        }
        PrometheusProcess process = opened(PrometheusProcess.start(binary.get(), http.port()));
        return new PrometheusBackend("prometheus", process.address());
    }

    private Backend rest() throws IOException {
        if (options.restUrl().isPresent()) {
            return new RestBackend("rest", options.restUrl().get());
        }
        return new RestBackend("rest", opened(Inventory.start()).address());
    }

    private Backend bigQuery() {
        if (!options.bigQuery().isConfigured()) {
            return new UnconfiguredBackend(
                    "bigquery",
                    "bigquery",
                    "to know what queries cost, start Big Tent with --bigquery-catalog FILE; to run them, with"
                            + " --bigquery-project and --bigquery-key FILE");
        }
        try {
            return BigQueryBackend.open("bigquery", options.bigQuery());
        } catch (IOException | IllegalArgumentException | BigQueryException e) {
            LOG.warn("bigquery did not start", e);
            return new UnconfiguredBackend("bigquery", "bigquery", "it did not start: " + e.getMessage());
        }
    }

    private void bindMeters() {
        new ClassLoaderMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        opened(new JvmGcMetrics()).bindTo(meters);
    }

    private FutureTask<Backend> inParallel(String name, Callable<Backend> start) {
        FutureTask<Backend> task = new FutureTask<>(() -> {
            try {
                return start.call();
            } catch (IOException e) {
                LOG.warn("{} did not start", name, e);
                return new UnconfiguredBackend(
                        name, name, "it did not start: " + e.getMessage() + "; start Big Tent with --" + name + "-url");
            }
        });
        Thread starter = OwnedThreads.daemon("examples", "start-" + name).newThread(task);
        starting.add(starter);
        starter.start();
        return task;
    }

    private static Backend result(FutureTask<Backend> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a source did not start", e.getCause());
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        closing.lock();
        try {
            toClose.push(resource);
            if (closed && stopped.getCount() == 0) {
                close(toClose.pop());
            }
            return resource;
        } finally {
            closing.unlock();
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("{} did not close cleanly", resource.getClass().getSimpleName(), e);
        }
    }
}
