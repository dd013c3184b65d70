package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.management.ManagementFactory;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PooledDataSourceTest {

    private final StubDriver driver = new StubDriver();

    private PooledDataSourceBuilder builder() {
        return PooledDataSource.builder()
                .dataSource(source())
                .pool(PoolSettings.named("stub")
                        .size(0, 1)
                        .acquireTimeout(Duration.ofSeconds(20))
                        .validateAfterIdle(Duration.ofDays(1))
                        .build());
    }

    private DataSource source() {
        return (DataSource) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, args) -> method.getName().equals("getLoginTimeout") ? (Object) 10 : driver.connect());
    }

    @Test
    void what_a_borrower_changed_is_as_before_for_the_next_one() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                connection.setCatalog("other");
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                connection.createStatement().execute("UPDATE t SET x = 1");
                driver.calls.clear();
            }
            assertThat(driver.calls)
                    .containsSubsequence(
                            "close", "rollback", "setAutoCommit true", "setTransactionIsolation 4", "setCatalog first");
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(connection.getCatalog()).isEqualTo("first");
            }
            assertThat(driver.opened).hasSize(1);
        }
    }

    /** A driver may ask the server, which begins a transaction, and may set what a rollback takes back. */
    @Test
    void with_auto_commit_off_what_is_set_is_committed_and_what_is_asked_for_is_rolled_back() throws SQLException {
        try (PooledDataSource source =
                builder().autoCommit(false).schema("mine").build()) {
            Connection connection = source.getConnection();
            assertThat(driver.calls).containsSubsequence("setAutoCommit false", "setSchema mine", "commit");
            driver.calls.clear();
            connection.setSchema("other");
            connection.close();
            assertThat(driver.calls)
                    .containsSubsequence("setSchema other", "rollback", "setSchema mine", "commit")
                    .endsWith("clearWarnings");
            for (Asked asked : List.<Asked>of(
                    Connection::getSchema, Connection::getCatalog, Connection::getTransactionIsolation)) {
                Connection next = source.getConnection();
                asked.from(next);
                driver.calls.clear();
                next.close();
                assertThat(driver.calls).contains("rollback").doesNotContain("commit");
            }
        }
    }

    private interface Asked {
        Object from(Connection connection) throws SQLException;
    }

    @Test
    void a_connection_that_nobody_changed_is_given_back_without_a_word_to_the_server() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            source.getConnection().close();
            driver.calls.clear();
            source.getConnection().close();
            assertThat(driver.calls).isEmpty();
        }
    }

    @Test
    void statements_that_closed_themselves_are_not_kept() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            JdbcSession session = ((PooledConnection) connection).session();
            Statement statement = connection.createStatement();
            statement.closeOnCompletion();
            ResultSet rows = statement.executeQuery("SELECT 1");
            assertThat(session.needsReset()).isTrue();
            rows.close();
            assertThat(session.needsReset()).isFalse();
            connection.close();
        }
    }

    @Test
    void rows_that_were_closed_with_their_statement_do_not_cost_the_connection() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            try (Connection connection = source.getConnection();
                    CallableStatement statement = connection.prepareCall("{call cursor(?)}")) {
                statement.execute();
                statement.getArray(1).getResultSet();
                // As JDBC has it for a closed result set.
                driver.refused = "getStatement";
            }
            source.getConnection().close();
            assertThat(driver.opened).hasSize(1);
        }
    }

    @Test
    void warnings_of_a_loan_that_executed_nothing_are_not_the_next_ones() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            try (Connection connection = source.getConnection()) {
                connection.nativeSQL("SELECT 1");
            }
            try (Connection connection = source.getConnection()) {
                driver.calls.clear();
                connection.getWarnings();
                assertThat(driver.calls).containsExactly("clearWarnings", "getWarnings");
            }
        }
    }

    @Test
    void what_asking_for_meta_data_began_is_rolled_back() throws SQLException {
        try (PooledDataSource source = builder().autoCommit(false).build()) {
            try (Connection connection = source.getConnection()) {
                connection.getMetaData().getTables(null, null, null, null).close();
            }
            assertThat(driver.calls).contains("rollback");
            try (Connection connection = source.getConnection()) {
                DatabaseMetaData metaData = connection.getMetaData();
                connection.commit();
                metaData.getSchemas().close();
                driver.calls.clear();
            }
            assertThat(driver.calls).contains("rollback");
            try (Connection connection = source.getConnection()) {
                driver.calls.clear();
                connection.isValid(1);
            }
            assertThat(driver.calls).contains("rollback");
        }
    }

    /** Else it could be the next borrower's whom another thread's close let in. */
    @Test
    void a_connection_that_is_aborted_is_not_lent_any_more() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            List<Boolean> wasClosed = Collections.synchronizedList(new ArrayList<>());
            driver.told = name -> {
                if (name.equals("abort")) {
                    wasClosed.add(!((PooledConnection) connection).isUsable());
                }
            };
            connection.abort(Runnable::run);
            connection.abort(Runnable::run);
            assertThat(wasClosed).isNotEmpty().containsOnly(true);
        }
    }

    @Test
    void what_is_closed_and_may_not_be_aborted_is_rolled_back() throws SQLException {
        JdbcSession session = new JdbcSession(driver.connect(), e -> false);
        session.autoCommitIs(false);
        session.executed();
        driver.refused = "abort";
        driver.calls.clear();
        session.close();
        assertThat(driver.calls).containsExactly("abort", "rollback", "close");
    }

    @Test
    void a_statement_that_closed_itself_is_not_closed_again() throws SQLException {
        try (PooledDataSource source = builder().build();
                Connection connection = source.getConnection()) {
            Statement statement = connection.createStatement();
            statement.closeOnCompletion();
            statement.executeQuery("SELECT 1").close();
            driver.calls.clear();
            statement.close();
            assertThat(driver.calls).doesNotContain("close");
        }
    }

    @Test
    void statements_are_closed_in_any_order_in_the_same_time() throws SQLException {
        JdbcSession session = new JdbcSession(driver.connect(), e -> false);
        List<AutoCloseable> statements = new ArrayList<>();
        for (int i = 0; i < 400_000; i++) {
            statements.add(session.opened(() -> {}));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> statements.forEach(session::forget));
        assertThat(session.needsReset()).isFalse();
    }

    private static void executeOn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    /** A driver may wait for a query of another thread's before it clears its warnings. */
    @Test
    void nobody_calls_the_driver_on_his_way_back() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            executeOn(connection);
            driver.calls.clear();
            connection.close();
            assertThat(driver.calls).isEmpty();
        }
    }

    @Test
    void warnings_of_the_borrower_before_are_gone_before_there_are_others_or_someone_asks() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            try (Connection connection = source.getConnection()) {
                executeOn(connection);
            }
            driver.calls.clear();
            try (Connection connection = source.getConnection()) {
                executeOn(connection);
                executeOn(connection);
            }
            assertThat(driver.calls).containsSubsequence("clearWarnings", "execute", "execute");
            assertThat(driver.calls).containsOnlyOnce("clearWarnings");
            driver.calls.clear();
            try (Connection connection = source.getConnection()) {
                assertThat((Object) connection.getWarnings()).isNull();
            }
            assertThat(driver.calls).containsExactly("clearWarnings", "getWarnings");
        }
    }

    @Test
    void a_driver_that_can_not_forget_warnings_costs_its_connection_and_no_place() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            executeOn(connection);
            connection.close();
            driver.crash = new IllegalStateException("a bug of the driver's");
            Connection next = source.getConnection();
            assertThatThrownBy(next::getWarnings).isSameAs(driver.crash);
            driver.crash = null;
            next.close();
            assertThat(source.pool().statistics().borrowed()).isZero();
            source.getConnection().close();
            assertThat(driver.opened).hasSize(2);
        }
    }

    @Test
    void a_broken_connection_is_taken_away_at_once_and_never_lent_again() throws SQLException {
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            driver.failure = new SQLException("no such table", "42S02");
            assertThatThrownBy(() -> connection.createStatement()).isSameAs(driver.failure);
            assertThat(connection.isClosed()).isFalse();
            driver.failure = new SQLException("connection reset", "08S01");
            assertThatThrownBy(() -> connection.createStatement()).isSameAs(driver.failure);
            assertThat(connection.isClosed()).isTrue();
            driver.failure = null;
            source.getConnection().close();
            assertThat(driver.opened).hasSize(2);
            assertThat(source.pool().statistics().closed(CloseReason.INVALIDATED))
                    .isOne();
        }
    }

    @Test
    void none_in_time_is_a_transient_exception_that_says_why() throws SQLException {
        try (PooledDataSource source = builder()
                .pool(PoolSettings.named("stub")
                        .size(0, 1)
                        .acquireTimeout(Duration.ofMillis(50))
                        .build())
                .build()) {
            source.pool().warmUp(1, Duration.ofSeconds(20));
            try (Connection connection = source.getConnection()) {
                assertThatThrownBy(source::getConnection)
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("in use 1")
                        .hasCauseInstanceOf(AcquireException.class);
                assertThat(connection.isClosed()).isFalse();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void properties_of_hikari_are_understood_and_unknown_ones_refused() {
        Properties properties = new Properties();
        properties.setProperty("poolName", "orders");
        properties.setProperty("maximumPoolSize", "7");
        properties.setProperty("minimumIdle", "2");
        properties.setProperty("connectionTimeout", "1234");
        properties.setProperty("maxLifetime", "600000");
        properties.setProperty("initializationFailTimeout", "-1");
        properties.setProperty("autoCommit", "false");
        try (PooledDataSource source = builder().hikari(properties).build()) {
            PoolSettings settings = source.pool().settings();
            assertThat(settings.name()).isEqualTo("orders");
            assertThat(settings.minSize()).isEqualTo(2);
            assertThat(settings.maxSize()).isEqualTo(7);
            assertThat(settings.acquireTimeout()).isEqualTo(Duration.ofMillis(1234));
        }
        properties.setProperty("maxPoolSize", "7");
        assertThatThrownBy(() -> builder().hikari(properties)).hasMessageContaining("maxPoolSize");
    }

    @Test
    void the_mbean_shows_and_steers_the_pool() throws Exception {
        ObjectName name = new ObjectName("dev.tentpole.pool:type=PooledDataSource,name=\"stub\"");
        try (PooledDataSource source = builder().registerMBean(true).build();
                Connection connection = source.getConnection()) {
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "ActiveConnections"))
                    .isEqualTo(1);
            ManagementFactory.getPlatformMBeanServer().invoke(name, "suspendPool", new Object[0], new String[0]);
            assertThat(source.pool().statistics().isSuspended()).isTrue();
            assertThat(connection.isClosed()).isFalse();
        }
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(name))
                .isFalse();
    }

    /** As drivers are used: one thread reads while another one asks something else, or cancels. */
    @RepeatedTest(20)
    void statements_of_threads_that_share_a_connection_are_closed_with_it() throws Exception {
        int threads = 3;
        int statements = 1_000;
        try (PooledDataSource source = builder().build()) {
            Connection connection = source.getConnection();
            List<FutureTask<Integer>> tasks = new ArrayList<>();
            CountDownLatch begin = new CountDownLatch(1);
            for (int i = 0; i < threads; i++) {
                FutureTask<Integer> task = new FutureTask<>(() -> {
                    begin.await();
                    for (int j = 0; j < statements; j++) {
                        Statement statement = connection.createStatement();
                        if (j % 3 > 0) {
                            statement.close();
                        }
                    }
                    return statements;
                });
                tasks.add(task);
                new Thread(task, "shares").start();
            }
            begin.countDown();
            for (FutureTask<Integer> task : tasks) {
                task.get();
            }
            connection.close();
            Until.holds(() -> source.pool().statistics().idle() > 0);
            assertThat(Collections.frequency(driver.calls, "close")).isEqualTo(threads * statements);
        }
    }
}
