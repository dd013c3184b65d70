package dev.tentpole.benchmarks.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tentpole.pool.PoolSettings;
import dev.tentpole.pool.PooledDataSource;
import dev.tentpole.pool.faults.FaultProxy;
import dev.tentpole.pool.faults.MariaDbServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A data source whose server fails, its own way to the server, and borrowers that ask for {@code SELECT 1} without end.
 *
 * <p>Both pools have four connections, one second for waiting, for logging in and for validating, and what else they have
 * settings for at its default; the driver has a second to connect and two for an answer.
 */
abstract class Faulted implements AutoCloseable {

    private static final int SIZE = 4;
    private static final int BORROWERS = 6;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String OF_DRIVER = "?connectTimeout=1000&socketTimeout=2000";

    /** Between two questions of a borrower, so that the processors are not what everything waits for. */
    private static final long PAUSE_NANOS = 4_000_000;

    private final FaultProxy proxy;
    private final CountingDriver driver;
    private final DataSource source;
    private final List<Thread> borrowers = new ArrayList<>();
    private final AtomicLong successes = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong firstSuccess = new AtomicLong();
    private volatile boolean isWatched;
    private volatile boolean isOver;

    Faulted(String name, MariaDbServer server, boolean direct) throws Exception {
        proxy = new FaultProxy(server.port());
        driver = new CountingDriver(name);
        source = open(driver.counted(MariaDbServer.url(direct ? server.port() : proxy.port()) + OF_DRIVER));
        for (int i = 0; i < BORROWERS; i++) {
            Thread borrower = new Thread(this::borrow, name + "-borrower");
            borrower.setDaemon(true);
            borrowers.add(borrower);
            borrower.start();
        }
    }

    /** Opens the pool. */
    abstract DataSource open(String url);

    /** Tells the pool of a new password, as its user would. */
    abstract void password(String value);

    final DataSource source() {
        return source;
    }

    final void fail(FaultProxy.Fault fault) {
        try {
            proxy.set(fault);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** From now on it counts when somebody succeeds for the first time. */
    final void watch() {
        firstSuccess.set(0);
        isWatched = true;
    }

    /** When somebody did, by {@code nanoTime}; zero before that. */
    final long firstSuccess() {
        return firstSuccess.get();
    }

    final long successes() {
        return successes.get();
    }

    final long errors() {
        return errors.get();
    }

    final long opened() {
        return driver.opened();
    }

    final long failedToOpen() {
        return driver.failed();
    }

    private void borrow() {
        while (!isOver) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT 1")) {
                if (rows.next()) {
                    succeeded();
                }
            } catch (SQLException e) {
                errors.incrementAndGet();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void succeeded() {
        successes.incrementAndGet();
        if (isWatched && firstSuccess.compareAndSet(0, System.nanoTime())) {
            isWatched = false;
        }
    }

    @Override
    public void close() throws Exception {
        isOver = true;
        for (Thread borrower : borrowers) {
            borrower.join();
        }
        ((AutoCloseable) source).close();
        driver.close();
        proxy.close();
    }

    /** Tentpole's. */
    static final class Tentpole extends Faulted {

        Tentpole(MariaDbServer server, boolean direct) throws Exception {
            super("tentpole", server, direct);
        }

        @Override
        DataSource open(String url) {
            return PooledDataSource.builder()
                    .url(url)
                    .credentials("pool", "pool")
                    .pool(PoolSettings.named("faults")
                            .size(SIZE, SIZE)
                            .acquireTimeout(SECOND)
                            .openTimeout(SECOND)
                            .validateTimeout(SECOND)
                            .build())
                    .build();
        }

        @Override
        void password(String value) {
            ((PooledDataSource) source()).credentials("pool", value);
        }
    }

    /** HikariCP. */
    static final class Hikari extends Faulted {

        Hikari(MariaDbServer server, boolean direct) throws Exception {
            super("hikari", server, direct);
        }

        @Override
        DataSource open(String url) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername("pool");
            config.setPassword("pool");
            config.setMaximumPoolSize(SIZE);
            config.setMinimumIdle(SIZE);
            config.setConnectionTimeout(SECOND.toMillis());
            config.setValidationTimeout(SECOND.toMillis());
            config.setInitializationFailTimeout(-1);
            return new HikariDataSource(config);
        }

        @Override
        void password(String value) {
            HikariDataSource hikari = (HikariDataSource) source();
            hikari.getHikariConfigMXBean().setPassword(value);
            hikari.getHikariPoolMXBean().softEvictConnections();
        }
    }
}
