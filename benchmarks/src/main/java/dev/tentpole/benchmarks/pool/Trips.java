package dev.tentpole.benchmarks.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tentpole.pool.Lease;
import dev.tentpole.pool.Pool;
import dev.tentpole.pool.PoolSettings;
import dev.tentpole.pool.PooledDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.vibur.objectpool.ConcurrentPool;
import org.vibur.objectpool.PoolObjectFactory;
import org.vibur.objectpool.util.ConcurrentLinkedDequeCollection;
import stormpot.Allocator;
import stormpot.Expiration;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * A pool under a benchmark: borrows an object and gives it back. All have a maximum lifetime with jitter, idle eviction and
 * statistics where they have such a thing at all.
 */
interface Trips extends AutoCloseable {

    /** Before it is set up. */
    Trips NONE = new Trips() {
        @Override
        public Object trip() {
            throw new IllegalStateException("not open");
        }

        @Override
        public void close() {}
    };

    /** Borrows and gives back; returns something of the object. */
    Object trip() throws Exception;

    /** Borrows, does something while it holds the object, and gives back; not for all. */
    default void tripThat(Runnable action) throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName());
    }

    @Override
    void close() throws Exception;

    static Trips of(String implementation, int size) throws Exception {
        return switch (implementation) {
            case "tentpole" -> new Tentpole(size);
            case "tentpole-jdbc" -> new Jdbc(tentpole(size));
            case "hikari" -> new Jdbc(hikari(size));
            case "agroal" -> new Jdbc(agroal(size));
            case "stormpot" -> new Stormpot(size, Expiration.after(8, 10, TimeUnit.MINUTES));
            case "stormpot-never" -> new Stormpot(size, Expiration.never());
            case "commons-pool2" -> new Commons(size);
            case "vibur" -> new Vibur(size);
            default -> new SemaphoreAndDeque(size);
        };
    }

    private static DataSource tentpole(int size) throws InterruptedException {
        PooledDataSource source = PooledDataSource.builder()
                .dataSource(StubConnections.dataSource())
                .pool(PoolSettings.named("jdbc")
                        .size(size, size)
                        .leakThreshold(Duration.ofMinutes(1))
                        .build())
                .build();
        source.pool().warmUp(size, Duration.ofSeconds(10));
        return source;
    }

    private static DataSource hikari(int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(StubConnections.dataSource());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(size);
        return new HikariDataSource(config);
    }

    private static DataSource agroal(int size) throws Exception {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(false)
                .connectionPoolConfiguration(pool -> pool.initialSize(size)
                        .minSize(size)
                        .maxSize(size)
                        .maxLifetime(Duration.ofMinutes(30))
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(
                                factory -> factory.connectionProviderClass(StubConnections.OfDriver.class)
                                        .jdbcUrl("jdbc:stub:"))));
    }

    /** Ours. */
    final class Tentpole implements Trips {

        private final Pool<Object> pool;

        Tentpole(int size) throws InterruptedException {
            pool = Pool.open(
                    PoolSettings.named("bench")
                            .size(size, size)
                            .leakThreshold(Duration.ofMinutes(1))
                            .build(),
                    Object::new);
            pool.warmUp(size, Duration.ofSeconds(10));
        }

        @Override
        public Object trip() {
            try (Lease<Object> lease = pool.acquire()) {
                return lease.get();
            }
        }

        @Override
        public void tripThat(Runnable action) {
            try (Lease<Object> lease = pool.acquire()) {
                lease.get();
                action.run();
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** A data source. */
    final class Jdbc implements Trips {

        private final DataSource source;

        Jdbc(DataSource source) {
            this.source = source;
        }

        @Override
        public Object trip() throws Exception {
            try (Connection connection = source.getConnection()) {
                return connection;
            }
        }

        @Override
        public void tripThat(Runnable action) throws Exception {
            try (Connection connection = source.getConnection()) {
                connection.isReadOnly();
                action.run();
            }
        }

        @Override
        public void close() throws Exception {
            ((AutoCloseable) source).close();
        }
    }

    /** Stormpot. */
    final class Stormpot implements Trips {

        private static final Timeout TIMEOUT = new Timeout(30, TimeUnit.SECONDS);

        private final stormpot.Pool<Thing> pool;

        Stormpot(int size, Expiration<? super Thing> expiration) {
            pool = stormpot.Pool.from(new Allocator<Thing>() {
                        @Override
                        public Thing allocate(Slot slot) {
                            return new Thing(slot);
                        }

                        @Override
                        public void deallocate(Thing thing) {}
                    })
                    .setSize(size)
                    .setExpiration(expiration)
                    .build();
        }

        @Override
        public Object trip() throws Exception {
            Thing thing = pool.claim(TIMEOUT);
            if (thing == null) {
                throw new IllegalStateException("none in time");
            }
            thing.release();
            return thing;
        }

        @Override
        public void close() throws Exception {
            pool.shutdown().await(new Timeout(10, TimeUnit.SECONDS));
        }

        private record Thing(Slot slot) implements Poolable {
            @Override
            public void release() {
                slot.release(this);
            }
        }
    }

    /** Apache Commons Pool. */
    final class Commons implements Trips {

        private final GenericObjectPool<Object> pool;

        Commons(int size) throws Exception {
            GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
            config.setMaxTotal(size);
            config.setMaxIdle(size);
            config.setMinIdle(size);
            config.setJmxEnabled(false);
            config.setTimeBetweenEvictionRuns(Duration.ofSeconds(30));
            pool = new GenericObjectPool<>(
                    new BasePooledObjectFactory<Object>() {
                        @Override
                        public Object create() {
                            return new Object();
                        }

                        @Override
                        public PooledObject<Object> wrap(Object object) {
                            return new DefaultPooledObject<>(object);
                        }
                    },
                    config);
            pool.preparePool();
        }

        @Override
        public Object trip() throws Exception {
            Object object = pool.borrowObject();
            pool.returnObject(object);
            return object;
        }

        @Override
        public void tripThat(Runnable action) throws Exception {
            Object object = pool.borrowObject();
            try {
                action.run();
            } finally {
                pool.returnObject(object);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** Vibur's object pool. */
    final class Vibur implements Trips {

        private final ConcurrentPool<Object> pool;

        Vibur(int size) {
            pool = new ConcurrentPool<>(
                    new ConcurrentLinkedDequeCollection<>(),
                    new PoolObjectFactory<Object>() {
                        @Override
                        public Object create() {
                            return new Object();
                        }

                        @Override
                        public boolean readyToTake(Object object) {
                            return true;
                        }

                        @Override
                        public boolean readyToRestore(Object object) {
                            return true;
                        }

                        @Override
                        public void destroy(Object object) {}
                    },
                    size,
                    size,
                    false);
        }

        @Override
        public Object trip() {
            Object object = pool.take();
            pool.restore(object);
            return object;
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** What one writes when one has no pool. */
    final class SemaphoreAndDeque implements Trips {

        private final Semaphore permits;
        private final ConcurrentLinkedDeque<Object> objects = new ConcurrentLinkedDeque<>();

        SemaphoreAndDeque(int size) {
            permits = new Semaphore(size);
            for (int i = 0; i < size; i++) {
                objects.add(new Object());
            }
        }

        @Override
        public Object trip() throws Exception {
            permits.acquire();
            Object object = objects.pollFirst();
            if (object == null) {
                throw new IllegalStateException("a permit without an object");
            }
            objects.addFirst(object);
            permits.release();
            return object;
        }

        @Override
        public void tripThat(Runnable action) throws Exception {
            permits.acquire();
            Object object = objects.pollFirst();
            if (object == null) {
                throw new IllegalStateException("a permit without an object");
            }
            try {
                action.run();
            } finally {
                objects.addFirst(object);
                permits.release();
            }
        }

        @Override
        public void close() {}
    }
}
