package dev.tentpole.examples;

import dev.tentpole.base.OwnedThreads;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a sample of the host and of this JVM into MariaDB every second, and forgets what is older than a day.
 */
final class HostSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostSampler.class);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final List<String> TABLES = List.of("host", "jvm", "disk", "network");
    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS host (time DATETIME(3) NOT NULL, cpu_percent DOUBLE, load1 DOUBLE,"
                    + " memory_used BIGINT, memory_total BIGINT, swap_used BIGINT, KEY (time))",
            "CREATE TABLE IF NOT EXISTS jvm (time DATETIME(3) NOT NULL, cpu_percent DOUBLE, heap_used BIGINT,"
                    + " heap_committed BIGINT, threads INT, gc_count BIGINT, gc_millis BIGINT, KEY (time))",
            "CREATE TABLE IF NOT EXISTS disk (time DATETIME(3) NOT NULL, mount VARCHAR(255) NOT NULL, used BIGINT,"
                    + " total BIGINT, KEY (time))",
            "CREATE TABLE IF NOT EXISTS network (time DATETIME(3) NOT NULL, interface VARCHAR(64) NOT NULL,"
                    + " received_per_second DOUBLE, sent_per_second DOUBLE, KEY (time))");

    private final String url;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(OwnedThreads.daemon("examples", "sampler"));
    private final Map<String, HostReadings.Network> before = new HashMap<>();
    private long beforeNanos;
    private long samples;

    private HostSampler(String url) {
        this.url = url;
    }

    /** Makes the tables, writes a first sample, and goes on every second. */
    static HostSampler start(String url) throws SQLException {
        HostSampler sampler = new HostSampler(url);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String table : SCHEMA) {
                statement.execute(table);
            }
        }
        ScheduledFuture<?> unused = sampler.timer.scheduleAtFixedRate(sampler::sample, 0, 1, TimeUnit.SECONDS);
        return sampler;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(3, TimeUnit.SECONDS)) {
                LOG.warn("the sampler has not ended within 3 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample() {
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            host(connection, now);
            jvm(connection, now);
            disks(connection, now);
            networks(connection, now);
            if (samples++ % 60 == 0) {
                forget(connection, now.minus(KEPT));
            }
            connection.commit();
        } catch (SQLException | IOException | RuntimeException e) {
            if (!timer.isShutdown()) {
                LOG.warn("no sample was written: {}", e.getMessage());
                LOG.debug("why no sample was written", e);
            }
        }
    }

    private static void host(Connection connection, LocalDateTime now) throws SQLException {
        HostReadings.Host host = HostReadings.host();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO host VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, now);
            number(insert, 2, host.cpuPercent());
            number(insert, 3, host.load1());
            insert.setLong(4, host.memoryUsed());
            insert.setLong(5, host.memoryTotal());
            insert.setLong(6, host.swapUsed());
            insert.executeUpdate();
        }
    }

    private static void jvm(Connection connection, LocalDateTime now) throws SQLException {
        HostReadings.Jvm jvm = HostReadings.jvm();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jvm VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, now);
            number(insert, 2, jvm.cpuPercent());
            insert.setLong(3, jvm.heapUsed());
            insert.setLong(4, jvm.heapCommitted());
            insert.setInt(5, jvm.threads());
            insert.setLong(6, jvm.gcCount());
            insert.setLong(7, jvm.gcMillis());
            insert.executeUpdate();
        }
    }

    private static void disks(Connection connection, LocalDateTime now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO disk VALUES (?, ?, ?, ?)")) {
            for (HostReadings.Disk disk : HostReadings.disks()) {
                insert.setObject(1, now);
                insert.setString(2, disk.mount());
                insert.setLong(3, disk.used());
                insert.setLong(4, disk.total());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void networks(Connection connection, LocalDateTime now) throws SQLException, IOException {
        Map<String, HostReadings.Network> traffic = HostReadings.networks();
        long nanos = System.nanoTime();
        double seconds = (nanos - beforeNanos) / 1e9;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO network VALUES (?, ?, ?, ?)")) {
            for (Map.Entry<String, HostReadings.Network> entry : traffic.entrySet()) {
                HostReadings.Network last = before.get(entry.getKey());
                if (last != null) {
                    insert.setObject(1, now);
                    insert.setString(2, entry.getKey());
                    insert.setDouble(3, (entry.getValue().received() - last.received()) / seconds);
                    insert.setDouble(4, (entry.getValue().sent() - last.sent()) / seconds);
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        before.clear();
        before.putAll(traffic);
        beforeNanos = nanos;
    }

    private static void forget(Connection connection, LocalDateTime before) throws SQLException {
        for (String table : TABLES) {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM " + table + " WHERE time < ? LIMIT 10000")) {
                delete.setObject(1, before);
                delete.executeUpdate();
            }
        }
    }

    private static void number(PreparedStatement insert, int index, double value) throws SQLException {
        if (Double.isNaN(value)) {
            insert.setNull(index, Types.DOUBLE);
        } else {
            insert.setDouble(index, value);
        }
    }
}
