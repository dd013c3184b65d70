package dev.tentpole.cache;

import dev.tentpole.base.Args;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * A second level on a Redis or Valkey server, by way of Jedis: {@code redis.clients:jedis} must be on the class path.
 *
 * <p>Keys are UTF-8 with a prefix; values are stored with {@code SET … PX}. The server ought to have a {@code maxmemory}
 * and a policy of eviction. Connections are opened when they are needed. Safe for use by several threads.
 */
public final class RedisSecondLevel implements SecondLevel {

    private final RedisClient client;
    private final String prefix;

    private RedisSecondLevel(Builder builder) {
        prefix = builder.prefix;
        int timeout = Math.toIntExact(builder.timeout.toMillis());
        // Told which protocol there is, the client opens no connection to find out.
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .protocol(RedisProtocol.RESP2)
                .connectionTimeoutMillis(timeout)
                .socketTimeoutMillis(timeout)
                .database(builder.database);
        if (builder.tls) {
            config.sslOptions(SslOptions.defaults());
        }
        if (builder.user != null) {
            config.user(builder.user);
        }
        if (builder.password != null) {
            config.password(builder.password);
        }
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(builder.connections);
        pool.setMaxIdle(builder.connections);
        pool.setMaxWait(builder.timeout);
        pool.setBlockWhenExhausted(true);
        pool.setJmxEnabled(false);
        client = RedisClient.builder()
                .hostAndPort(builder.host, builder.port)
                .clientConfig(config.build())
                .poolConfig(pool)
                .build();
    }

    /**
     * {@return a builder}
     *
     * @param host the server's name or address
     * @param port its port, 1 to 65,535
     * @throws IllegalArgumentException if the host is blank or the port out of its range
     */
    public static Builder builder(String host, int port) {
        return new Builder(host, port);
    }

    @Override
    public Optional<byte[]> get(String key) throws InterruptedException {
        return Optional.ofNullable(call(() -> client.get(bytes(key))));
    }

    @Override
    public void put(String key, byte[] value, Duration timeToLive) throws InterruptedException {
        long millis = Math.max(1, timeToLive.toMillis());
        String answer =
                call(() -> client.set(bytes(key), value, SetParams.setParams().px(millis)));
        if (!"OK".equals(answer)) {
            throw new IllegalStateException("the server answered " + answer + " to SET");
        }
    }

    @Override
    public void remove(String key) throws InterruptedException {
        long removed = Objects.requireNonNull(call(() -> client.del(bytes(key))));
        if (removed < 0) {
            throw new IllegalStateException("the server answered " + removed + " to DEL");
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Calls the client, which makes another exception of an interrupt while it waits for a connection. */
    private static <T> @Nullable T call(Supplier<@Nullable T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (JedisException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof InterruptedException) {
                    InterruptedException interrupt = new InterruptedException("interrupted in a call of the server");
                    interrupt.initCause(e);
                    throw interrupt;
                }
            }
            throw e;
        }
    }

    private byte[] bytes(String key) {
        return (prefix + key).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Gathers the settings of a {@link RedisSecondLevel}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final String host;
        private final int port;
        private String prefix = "tentpole:";
        private int database;
        private boolean tls;
        private @Nullable String user;
        private @Nullable String password;
        private Duration timeout = Duration.ofMillis(250);
        private int connections = 8;

        private Builder(String host, int port) {
            this.host = Args.notBlank("host", host);
            this.port = Args.inRange("port", port, 1, 65_535);
        }

        /**
         * Sets what every key begins with.
         *
         * @param prefix the prefix, of at most 100 characters; default {@code tentpole:}
         * @return this
         */
        public Builder prefix(String prefix) {
            this.prefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * Sets the database's number.
         *
         * @param database 0 to 1,000; default 0
         * @return this
         */
        public Builder database(int database) {
            this.database = database;
            return this;
        }

        /**
         * Sets whether the connection is encrypted.
         *
         * @param tls default false
         * @return this
         */
        public Builder tls(boolean tls) {
            this.tls = tls;
            return this;
        }

        /**
         * Sets who logs in.
         *
         * @param user the user; null for the server's default user
         * @param password the password; null for none
         * @return this
         */
        public Builder login(@Nullable String user, @Nullable String password) {
            this.user = user;
            this.password = password;
            return this;
        }

        /**
         * Sets how long each of these may take: to open a connection, to get one, to read an answer.
         *
         * @param timeout 1 ms to 1 minute; default 250 ms
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how many connections there are at most.
         *
         * @param connections 1 to 1,000; default 8
         * @return this
         */
        public Builder connections(int connections) {
            this.connections = connections;
            return this;
        }

        /**
         * {@return the second level; no connection is opened yet}
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public RedisSecondLevel build() {
            Args.inRange("length of prefix", prefix.length(), 0, 100);
            Args.inRange("database", database, 0, 1_000);
            Args.inRange("timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(1));
            Args.inRange("connections", connections, 1, 1_000);
            return new RedisSecondLevel(this);
        }
    }
}
