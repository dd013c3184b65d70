package dev.tentpole.pool;

import dev.tentpole.base.Args;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what a {@link PooledDataSource} needs; not safe for use by several threads. */
public final class PooledDataSourceBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(PooledDataSource.class);

    private PoolSettings settings = PoolSettings.named("jdbc").build();
    private final Properties driverProperties = new Properties();
    private @Nullable String url;
    private @Nullable DataSource dataSource;
    private @Nullable Boolean autoCommit;
    private @Nullable Boolean readOnly;
    private @Nullable Integer isolation;
    private @Nullable String catalog;
    private @Nullable String schema;
    private @Nullable String initSql;
    private @Nullable String testQuery;
    private boolean registerMBean;
    private Predicate<SQLException> brokenToo = e -> false;

    PooledDataSourceBuilder() {}

    /**
     * Sets the terms of the pool.
     *
     * @param value default {@code PoolSettings.named("jdbc").build()}
     * @return this
     */
    public PooledDataSourceBuilder pool(PoolSettings value) {
        settings = Objects.requireNonNull(value, "pool");
        return this;
    }

    /**
     * Connects by a driver on the class path. It is looked up at once. The drivers of MariaDB, MySQL, PostgreSQL, SQL Server
     * and Oracle are told that logging in may take no longer than {@link PoolSettings.Builder#openTimeout}, unless the URL or
     * a property says something else; give others a property of their own, since a driver that hangs holds a thread.
     *
     * @param value a JDBC URL
     * @return this
     */
    public PooledDataSourceBuilder url(String value) {
        url = Args.notBlank("url", value);
        return this;
    }

    /**
     * Sets who connects, if it is not in the URL.
     *
     * @param user the user
     * @param password the password; in no message and in no log
     * @return this
     */
    public PooledDataSourceBuilder credentials(String user, String password) {
        return property("user", user).property("password", password);
    }

    /**
     * Gives a property to the driver.
     *
     * @param name a name that the driver knows
     * @param value its value
     * @return this
     */
    public PooledDataSourceBuilder property(String name, String value) {
        driverProperties.setProperty(name, value);
        return this;
    }

    /**
     * Connects by a data source of the driver's, instead of by a URL. Its login timeout is set to the pool's {@link
     * PoolSettings.Builder#openTimeout} if it has none.
     *
     * @param value where connections come from
     * @return this
     */
    public PooledDataSourceBuilder dataSource(DataSource value) {
        dataSource = Objects.requireNonNull(value, "dataSource");
        return this;
    }

    /**
     * Sets the auto-commit mode of connections.
     *
     * @param value default: the driver's
     * @return this
     */
    public PooledDataSourceBuilder autoCommit(boolean value) {
        autoCommit = value;
        return this;
    }

    /**
     * Sets whether connections are read-only.
     *
     * @param value default: the driver's
     * @return this
     */
    public PooledDataSourceBuilder readOnly(boolean value) {
        readOnly = value;
        return this;
    }

    /**
     * Sets the transaction isolation of connections.
     *
     * @param value a constant of {@link java.sql.Connection}; default: the driver's
     * @return this
     */
    public PooledDataSourceBuilder isolation(int value) {
        isolation = value;
        return this;
    }

    /**
     * Sets the catalog of connections.
     *
     * @param value default: the driver's
     * @return this
     */
    public PooledDataSourceBuilder catalog(String value) {
        catalog = value;
        return this;
    }

    /**
     * Sets the schema of connections.
     *
     * @param value default: the driver's
     * @return this
     */
    public PooledDataSourceBuilder schema(String value) {
        schema = value;
        return this;
    }

    /**
     * Sets a statement that each new connection runs first.
     *
     * @param value default none
     * @return this
     */
    public PooledDataSourceBuilder initSql(String value) {
        initSql = Args.notBlank("initSql", value);
        return this;
    }

    /**
     * Sets a statement that validates, for drivers whose {@link java.sql.Connection#isValid} does not work.
     *
     * @param value default none: {@code isValid}
     * @return this
     */
    public PooledDataSourceBuilder testQuery(String value) {
        testQuery = Args.notBlank("testQuery", value);
        return this;
    }

    /**
     * Sets which exceptions say that a connection is broken, besides those known.
     *
     * @param value default none
     * @return this
     */
    public PooledDataSourceBuilder brokenToo(Predicate<SQLException> value) {
        brokenToo = Objects.requireNonNull(value, "brokenToo");
        return this;
    }

    /**
     * Sets whether there is an MBean, a {@link PooledDataSourceMXBean}.
     *
     * @param value default false
     * @return this
     */
    public PooledDataSourceBuilder registerMBean(boolean value) {
        registerMBean = value;
        return this;
    }

    /**
     * Reads HikariCP's properties; the module's README says what each of them becomes.
     *
     * @param properties such as {@code jdbcUrl}, {@code maximumPoolSize}, {@code maxLifetime}
     * @return this
     * @throws IllegalArgumentException if a name is not known or a value is out of range
     */
    public PooledDataSourceBuilder hikari(Properties properties) {
        HikariProperties.apply(properties, this);
        return this;
    }

    /**
     * {@return the data source, whose pool starts as its settings say}
     *
     * @throws IllegalArgumentException if there is neither a URL nor a data source, or both, or no driver knows the URL, or there
     *     are properties for a data source
     */
    public PooledDataSource build() {
        Args.check(
                (url == null) != (dataSource == null), "url", url == null ? null : "given", "given, or dataSource is");
        Args.check(
                dataSource == null || driverProperties.isEmpty(),
                "property",
                driverProperties.stringPropertyNames(),
                "given with a URL only: a data source knows its own user and settings");
        Credentials credentials = new Credentials(dataSource == null, driverProperties);
        JdbcAllocator.Terms terms = new JdbcAllocator.Terms(
                autoCommit, readOnly, isolation, catalog, schema, initSql, testQuery, settings.validateTimeout());
        JdbcAllocator allocator = new JdbcAllocator(source(credentials), terms, new BrokenConnections(brokenToo));
        return new PooledDataSource(Pool.open(settings, allocator), credentials, dataSource, registerMBean);
    }

    /** Logging in may take no longer than an attempt, if its data source has no limit of its own and takes one. */
    private void limitLogin(DataSource given) {
        try {
            if (given.getLoginTimeout() == 0) {
                given.setLoginTimeout((int) Math.max(
                        1, Math.min(Integer.MAX_VALUE, settings.openTimeout().toSeconds())));
            }
        } catch (SQLException | UnsupportedOperationException e) {
            LOG.debug("A data source takes no login timeout", e);
        }
    }

    private JdbcAllocator.Source source(Credentials credentials) {
        DataSource given = dataSource;
        if (given != null) {
            limitLogin(given);
            return given::getConnection;
        }
        String target = Objects.requireNonNull(url);
        Driver driver;
        try {
            driver = DriverManager.getDriver(target);
        } catch (SQLException e) {
            throw new IllegalArgumentException("no driver on the class path knows the URL", e);
        }
        return () -> {
            Properties properties = credentials.properties();
            LoginTimeout.add(target, properties, settings.openTimeout());
            java.sql.Connection connection = driver.connect(target, properties);
            if (connection == null) {
                throw new SQLException("the driver does not know the URL any more");
            }
            return connection;
        };
    }
}
