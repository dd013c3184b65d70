package dev.tentpole.pool;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
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
            (builder, value) -> builder.autoCommit(flag("autoCommit", value)),
            "readOnly",
            (builder, value) -> builder.readOnly(flag("readOnly", value)),
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
        Map<String, String> texts = texts(properties);
        int max = (int) number("maximumPoolSize", texts.getOrDefault("maximumPoolSize", "10"), Integer.MAX_VALUE);
        String minimum = texts.getOrDefault("minimumIdle", String.valueOf(max));
        int min = (int) number("minimumIdle", minimum, Integer.MAX_VALUE);
        PoolSettings.Builder pool = PoolSettings.named(texts.getOrDefault("poolName", "jdbc"))
                .size(Math.min(min, max), max)
                .lifetimeJitter(0.025);
        texts.forEach((name, value) -> {
            BiConsumer<PooledDataSourceBuilder, String> setting = OF_CONNECTIONS.get(name);
            if (setting != null) {
                setting.accept(builder, value);
            } else if (name.startsWith(OF_DRIVER)) {
                builder.property(name.substring(OF_DRIVER.length()), value);
            } else if (name.equals("registerMbeans")) {
                builder.registerMBean(flag(name, value));
            } else if (!WITHOUT_EFFECT.contains(name)) {
                ofPool(pool, name, value);
            }
        });
        start(pool, texts);
        builder.pool(pool.build());
    }

    /** Numbers and truth values may be given as such. */
    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
        properties.forEach((name, value) -> texts.putIfAbsent(String.valueOf(name), String.valueOf(value)));
        return texts;
    }

    private static void ofPool(PoolSettings.Builder pool, String name, String value) {
        switch (name) {
            case "connectionTimeout" -> pool.acquireTimeout(acquireTimeout(value));
            case "validationTimeout" -> pool.validateTimeout(millis(name, value));
            case "idleTimeout" -> pool.idleTimeout(millis(name, value));
            case "maxLifetime" -> pool.maxLifetime(millis(name, value));
            case "keepaliveTime" -> pool.keepAlive(millis(name, value));
            case "leakDetectionThreshold" -> {
                Duration threshold = millis(name, value);
                pool.leakThreshold(threshold).traceLeases(threshold.isZero() ? 0 : 1);
            }
            case "initializationFailTimeout", "maximumPoolSize", "minimumIdle", "poolName" -> {
                // Read elsewhere.
            }
            default -> throw new IllegalArgumentException("HikariCP's property " + name + " is not known here");
        }
    }

    /** Zero is no limit. */
    private static Duration acquireTimeout(String value) {
        Duration timeout = millis("connectionTimeout", value);
        return timeout.isZero() ? Duration.ofDays(365) : timeout;
    }

    /** Negative and zero begin without a connection; above, it is how long to go on trying. */
    private static void start(PoolSettings.Builder pool, Map<String, String> texts) {
        long millis = number("initializationFailTimeout", texts.getOrDefault("initializationFailTimeout", "-1"));
        if (millis > 0) {
            pool.start(PoolSettings.Start.FAIL_FAST).startTimeout(Duration.ofMillis(millis));
        }
    }

    private static Duration millis(String name, String value) {
        return Duration.ofMillis(number(name, value));
    }

    private static long number(String name, String value) {
        return number(name, value, Long.MAX_VALUE);
    }

    private static long number(String name, String value, long most) {
        try {
            long number = Long.parseLong(value.trim());
            if (number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "HikariCP's property " + name + " = " + value + ", must be a whole number; times are in milliseconds");
    }

    private static boolean flag(String name, String value) {
        Args.check(
                value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"),
                "HikariCP's property " + name,
                value,
                "true or false");
        return Boolean.parseBoolean(value);
    }

    private static int isolation(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "TRANSACTION_READ_UNCOMMITTED" -> java.sql.Connection.TRANSACTION_READ_UNCOMMITTED;
            case "TRANSACTION_READ_COMMITTED" -> java.sql.Connection.TRANSACTION_READ_COMMITTED;
            case "TRANSACTION_REPEATABLE_READ" -> java.sql.Connection.TRANSACTION_REPEATABLE_READ;
            case "TRANSACTION_SERIALIZABLE" -> java.sql.Connection.TRANSACTION_SERIALIZABLE;
            case "TRANSACTION_NONE" -> java.sql.Connection.TRANSACTION_NONE;
            default -> (int) number("transactionIsolation", value, Integer.MAX_VALUE);
        };
    }
}
