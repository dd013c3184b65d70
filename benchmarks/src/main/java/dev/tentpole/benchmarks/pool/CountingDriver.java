package dev.tentpole.benchmarks.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** MariaDB's driver under a prefix of its own, to count what one pool opens and what it tries in vain. */
final class CountingDriver implements Driver, AutoCloseable {

    private final Driver driver = new org.mariadb.jdbc.Driver();
    private final String prefix;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    CountingDriver(String name) throws SQLException {
        prefix = "jdbc:counting-" + name + ":";
        DriverManager.registerDriver(this);
    }

    /** The URL by which the connections of a {@code jdbc:} URL are counted here. */
    String counted(String url) {
        return prefix + url;
    }

    long opened() {
        return opened.get();
    }

    long failed() {
        return failed.get();
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        try {
            Connection connection = driver.connect(url.substring(prefix.length()), info);
            opened.incrementAndGet();
            return connection;
        } catch (SQLException e) {
            failed.incrementAndGet();
            throw e;
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(prefix);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url.substring(prefix.length()), info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
    }
}
