package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tentpole.pool.faults.FaultProxy;
import dev.tentpole.pool.faults.MariaDbServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The data source on a real server. */
@Timeout(180)
final class MariaDbTest {

    private static MariaDbServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(MariaDbServer.isAvailable(), "no embedded MariaDB for this platform");
        server = new MariaDbServer();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static PooledDataSourceBuilder builder(int max) {
        return PooledDataSource.builder()
                .url(server.url())
                .credentials("pool", "pool")
                .property("connectTimeout", "2000")
                .pool(PoolSettings.named("mariadb")
                        .size(1, max)
                        .acquireTimeout(Duration.ofSeconds(30))
                        .build());
    }

    private static int one(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    @Test
    void work_that_was_not_committed_is_rolled_back_and_the_state_is_as_before() throws SQLException {
        try (PooledDataSource source = builder(1).build()) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE OR REPLACE TABLE t (x INT) ENGINE=InnoDB");
                connection.setAutoCommit(false);
                connection.setReadOnly(false);
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                statement.execute("INSERT INTO t VALUES (1)");
            }
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isZero();
            }
            assertThat(source.pool().statistics().opened()).isOne();
        }
    }

    @Test
    void restarts_of_the_server_under_load_are_survived_and_the_pool_is_whole_afterwards() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger successes = new AtomicInteger();
        AtomicInteger errors = new AtomicInteger();
        try (PooledDataSource source = builder(4).build()) {
            Thread[] borrowers = new Thread[6];
            for (int i = 0; i < borrowers.length; i++) {
                borrowers[i] = new Thread(() -> {
                    while (!isOver.get()) {
                        try (Connection connection = source.getConnection()) {
                            successes.addAndGet(one(connection));
                        } catch (SQLException e) {
                            errors.incrementAndGet();
                        }
                    }
                });
                borrowers[i].start();
            }
            for (int restart = 0; restart < 3; restart++) {
                int before = successes.get();
                Until.holds(() -> successes.get() > before + 100);
                server.stop();
                server.start();
            }
            int after = successes.get();
            Until.holds(() -> successes.get() > after + 100);
            isOver.set(true);
            for (Thread borrower : borrowers) {
                borrower.join();
            }
            PoolStatistics now = source.pool().statistics();
            assertThat(now.borrowed()).isZero();
            assertThat(now.total()).isLessThanOrEqualTo(4);
            assertThat(errors.get())
                    .as("each restart breaks at most what was in use, and what came right after")
                    .isLessThan(100);
            try (Connection connection = source.getConnection()) {
                assertThat(one(connection)).isOne();
            }
        }
    }

    @Test
    void a_black_hole_holds_nobody_for_longer_than_the_limits_and_is_survived() throws Exception {
        try (FaultProxy proxy = new FaultProxy(server.port());
                PooledDataSource source = PooledDataSource.builder()
                        .url(MariaDbServer.url(proxy.port()) + "?socketTimeout=1000&connectTimeout=1000")
                        .credentials("pool", "pool")
                        .pool(PoolSettings.named("hole")
                                .size(2, 2)
                                .acquireTimeout(Duration.ofSeconds(30))
                                .openTimeout(Duration.ofSeconds(1))
                                .build())
                        .build()) {
            try (Connection connection = source.getConnection()) {
                proxy.set(FaultProxy.Fault.BLACK_HOLE);
                assertThatThrownBy(() -> one(connection)).isInstanceOf(SQLException.class);
            }
            Until.holds(() -> source.pool().statistics().openFailures() > 0);
            proxy.set(FaultProxy.Fault.NONE);
            try (Connection connection = source.getConnection()) {
                assertThat(one(connection)).isOne();
            }
            assertThat(source.pool().statistics().total()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void a_wrong_password_is_tried_with_growing_pauses_and_a_new_one_at_once() throws SQLException {
        try (PooledDataSource source = builder(4).credentials("pool", "wrong").build()) {
            Until.holds(() -> source.pool().statistics().openFailures() >= 3);
            assertThat(source.pool().statistics().lastOpenFailure().orElseThrow())
                    .isInstanceOf(SQLException.class);
            source.credentials("pool", "pool");
            try (Connection connection = source.getConnection()) {
                assertThat(one(connection)).isOne();
            }
        }
    }

    @Test
    void what_does_not_exist_is_no_reason_to_throw_a_connection_away() throws SQLException {
        try (PooledDataSource source = builder(1).build();
                Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT x FROM nowhere"))
                    .isInstanceOf(SQLException.class);
            assertThat(connection.isClosed()).isFalse();
            assertThat(one(connection)).isOne();
        }
    }
}
