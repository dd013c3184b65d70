package dev.tentpole.pool;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A JDBC data source that lends connections from a {@link Pool}.
 *
 * <p>A connection comes back as it was: open statements and result sets are closed, uncommitted work is rolled back, and
 * auto-commit, read-only, isolation, catalog, schema, network timeout, holdability, type map, client info and warnings are
 * what they were before. It is thrown away instead if one of its exceptions says that it is broken: by SQLState (class 08,
 * and the codes by which servers end sessions) or by class. Whatever it gives out leads back to the pooled connection, never to
 * the driver's, and is refused once that has come back: statements, result sets and metadata, and large objects, their streams,
 * structures and arrays as well. {@code unwrap} gives out the driver's own object for the driver's own types. Safe for use by
 * several threads.
 */
public final class PooledDataSource implements DataSource, AutoCloseable {

    private final Pool<JdbcSession> pool;
    private final Credentials credentials;
    private final @Nullable DataSource given;
    private final @Nullable ObjectName bean;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    PooledDataSource(
            Pool<JdbcSession> pool, Credentials credentials, @Nullable DataSource given, boolean registerMBean) {
        this.pool = pool;
        this.credentials = credentials;
        this.given = given;
        this.bean = registerMBean ? register() : null;
    }

    /**
     * {@return a builder with the default settings}
     */
    public static PooledDataSourceBuilder builder() {
        return new PooledDataSourceBuilder();
    }

    /**
     * {@return a connection; closing it gives it back}
     *
     * @throws SQLTransientConnectionException if there was none in time; the cause is the {@link AcquireException}
     * @throws SQLNonTransientConnectionException if the data source is closed
     */
    @Override
    public Connection getConnection() throws SQLException {
        try {
            Lease<JdbcSession> lease = pool.acquire();
            return new PooledConnection(lease, lease.get());
        } catch (AcquireException e) {
            throw e.reason() == AcquireException.Reason.CLOSED
                    ? new SQLNonTransientConnectionException(e.getMessage(), "08003", e)
                    : new SQLTransientConnectionException(e.getMessage(), "08001", e);
        } catch (LeaseClosedException e) {
            throw new SQLNonTransientConnectionException(e.getMessage(), "08003", e);
        }
    }

    /**
     * Not supported: a pool has one user.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("a pool has one user; see credentials");
    }

    /**
     * Connects as someone else, or with a new password, from now on: connections that there are are closed, those that are
     * lent when they come back, and the next attempt is made at once.
     *
     * @param user the user
     * @param password the password; in no message and in no log
     * @throws IllegalStateException if it was built on a data source of the user's, which knows its own
     */
    public void credentials(String user, String password) {
        credentials.set(user, password);
        pool.evictAll();
    }

    /**
     * {@return the pool, for its statistics and metrics, to resize, suspend, evict and warm it up}
     */
    public Pool<?> pool() {
        return pool;
    }

    /** Closes the pool; see {@link Pool#close()}. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true) && bean != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(bean);
            } catch (JMException e) {
                LoggerFactory.getLogger(PooledDataSource.class).debug("No MBean {}", bean, e);
            }
        }
        pool.close();
    }

    private ObjectName register() {
        try {
            ObjectName name = new ObjectName("dev.tentpole.pool:type=PooledDataSource,name="
                    + ObjectName.quote(pool.settings().name()));
            ManagementFactory.getPlatformMBeanServer().registerMBean(new Bean(pool), name);
            return name;
        } catch (JMException e) {
            pool.close();
            throw new IllegalStateException(
                    "can't register an MBean for pool " + pool.settings().name(), e);
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    /**
     * Not supported: it logs by SLF4J.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("the pool logs by SLF4J");
    }

    /**
     * Not supported: see {@link PoolSettings.Builder#openTimeout}.
     *
     * @throws SQLFeatureNotSupportedException always
     */
    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException(
                "set openTimeout instead, for logging in, and acquireTimeout, for waiting");
    }

    @Override
    public int getLoginTimeout() {
        return (int) Math.max(1, pool.settings().openTimeout().toSeconds());
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the pool logs by SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (given == null) {
            throw new SQLException("not a " + type.getName());
        }
        return type.isInstance(given) ? type.cast(given) : given.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || (given != null && (type.isInstance(given) || given.isWrapperFor(type)));
    }

    @Override
    public String toString() {
        return "PooledDataSource[" + pool + "]";
    }

    /** What JMX shows. */
    private record Bean(Pool<?> pool) implements PooledDataSourceMXBean {

        @Override
        public int getActiveConnections() {
            return pool.statistics().borrowed();
        }

        @Override
        public int getIdleConnections() {
            return pool.statistics().idle();
        }

        @Override
        public int getTotalConnections() {
            return pool.statistics().total();
        }

        @Override
        public int getThreadsAwaitingConnection() {
            return pool.statistics().pending();
        }

        @Override
        public int getMinimumSize() {
            return pool.statistics().minSize();
        }

        @Override
        public int getMaximumSize() {
            return pool.statistics().maxSize();
        }

        @Override
        public void resize(int minimum, int maximum) {
            pool.resize(minimum, maximum);
        }

        @Override
        public void softEvictConnections() {
            pool.evictAll();
        }

        @Override
        public void suspendPool() {
            pool.suspend();
        }

        @Override
        public void resumePool() {
            pool.resume();
        }
    }
}
