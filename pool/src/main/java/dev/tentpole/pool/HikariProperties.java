package dev.tentpole.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads the property names that users of HikariCP know. */
final class HikariProperties {

    private static final String OF_DRIVER = "dataSource.";

    /** Known, and without a counterpart that is needed here. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("driverClassName", "allowPoolSuspension", "threadFactory");

    private static final Map<String, BiConsumer<PooledDataSourceBuilder, String>> OF_CONNECTIONS = Map.of(
            "jdbcUrl",
            PooledDataSourceBuilder::url,
            "username",
            (builder, value) -> builder.property("user", value),
            "password",
            (builder, value) -> builder.property("password", value),
            "autoCommit",
            (builder, value) -> builder.autoCommit(Boolean.parseBoolean(value)),
            "readOnly",
            (builder, value) -> builder.readOnly(Boolean.parseBoolean(value)),
            "transactionIsolation",
            (builder, value) -> builder.isolation(isolation(value)),
            "catalog",
            PooledDataSourceBuilder::catalog,
            "schema",
            PooledDataSourceBuilder::schema,
            "connectionInitSql",
            PooledDataSourceBuilder::initSql,
            "connectionTestQuery",
            PooledDataSourceBuilder::testQuery);

    private HikariProperties() {}

    static void apply(Properties properties, PooledDataSourceBuilder builder) {
        int max = Integer.parseInt(properties.getProperty("maximumPoolSize", "10"));
        int min = Integer.parseInt(properties.getProperty("minimumIdle", String.valueOf(max)));
        PoolSettings.Builder pool = PoolSettings.named(properties.getProperty("poolName", "jdbc"))
                .size(Math.min(min, max), max)
                .lifetimeJitter(0.025);
        for (String name : properties.stringPropertyNames()) {
            String value = properties.getProperty(name);
            BiConsumer<PooledDataSourceBuilder, String> setting = OF_CONNECTIONS.get(name);
            if (setting != null) {
                setting.accept(builder, value);
            } else if (name.startsWith(OF_DRIVER)) {
                builder.property(name.substring(OF_DRIVER.length()), value);
            } else if (name.equals("registerMbeans")) {
                builder.registerMBean(Boolean.parseBoolean(value));
            } else if (!WITHOUT_EFFECT.contains(name)) {
                ofPool(pool, name, value);
            }
        }
        builder.pool(pool.build());
    }

    private static void ofPool(PoolSettings.Builder pool, String name, String value) {
        switch (name) {
            case "connectionTimeout" -> pool.acquireTimeout(millis(value));
            case "validationTimeout" -> pool.validateTimeout(millis(value));
            case "idleTimeout" -> pool.idleTimeout(millis(value));
            case "maxLifetime" -> pool.maxLifetime(millis(value));
            case "keepaliveTime" -> pool.keepAlive(millis(value));
            case "leakDetectionThreshold" -> pool.leakThreshold(millis(value)).traceLeases(1);
            case "initializationFailTimeout" -> start(pool, Long.parseLong(value));
            case "maximumPoolSize", "minimumIdle", "poolName" -> {
                // Read before.
            }
            default -> throw new IllegalArgumentException("HikariCP's property " + name + " is not known here");
        }
    }

    private static void start(PoolSettings.Builder pool, long millis) {
        if (millis < 0) {
            pool.start(PoolSettings.Start.BACKGROUND);
        } else {
            pool.start(PoolSettings.Start.FAIL_FAST).startTimeout(Duration.ofMillis(Math.max(1, millis)));
        }
    }

    private static Duration millis(String value) {
        return Duration.ofMillis(Long.parseLong(value));
    }

    private static int isolation(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "TRANSACTION_READ_UNCOMMITTED" -> java.sql.Connection.TRANSACTION_READ_UNCOMMITTED;
            case "TRANSACTION_READ_COMMITTED" -> java.sql.Connection.TRANSACTION_READ_COMMITTED;
            case "TRANSACTION_REPEATABLE_READ" -> java.sql.Connection.TRANSACTION_REPEATABLE_READ;
            case "TRANSACTION_SERIALIZABLE" -> java.sql.Connection.TRANSACTION_SERIALIZABLE;
            case "TRANSACTION_NONE" -> java.sql.Connection.TRANSACTION_NONE;
            default -> Integer.parseInt(value);
        };
    }
}
