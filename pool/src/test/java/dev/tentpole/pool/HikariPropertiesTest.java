package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings by HikariCP's names mean what they mean there; and how long logging in may take reaches the driver. */
@Timeout(60)
final class HikariPropertiesTest {

    private final StubDriver driver = new StubDriver();
    private volatile int loginTimeout;

    private PooledDataSource open(Properties properties) {
        return PooledDataSource.builder()
                .dataSource(drivers())
                .hikari(properties)
                .build();
    }

    private DataSource drivers() {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class, Runnable.class},
                (self, method, args) -> switch (method.getName()) {
                    case "getLoginTimeout" -> loginTimeout;
                    case "setLoginTimeout" -> {
                        loginTimeout = (Integer) args[0];
                        yield null;
                    }
                    case "isWrapperFor" -> false;
                    case "toString" -> "stub";
                    default -> driver.connect();
                });
    }

    private static Properties properties(Object... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    private PoolSettings settings(Object... namesAndValues) {
        try (PooledDataSource source = open(properties(namesAndValues))) {
            return source.pool().settings();
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "0", "-1", "5000"})
    void a_healthy_server_lets_any_initialization_begin(String timeout) throws SQLException {
        try (PooledDataSource source = open(properties("initializationFailTimeout", timeout));
                Connection connection = source.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
        }
    }

    /** Each attempt with a wrong password brings the account nearer to being locked. */
    @Test
    void a_wrong_password_is_sent_once_where_initialization_is_to_fail_at_once() {
        AtomicInteger logins = new AtomicInteger();
        DataSource refusing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (method.getName().equals("getConnection")) {
                        logins.incrementAndGet();
                        throw new SQLException("Access denied", "28000");
                    }
                    return method.getReturnType() == int.class ? (Object) 0 : null;
                });
        var builder = PooledDataSource.builder()
                .dataSource(refusing)
                .hikari(properties("initializationFailTimeout", "1", "minimumIdle", "1"));

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(AcquireException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(AcquireException.Reason.START_FAILED);
                    assertThat(failure.waited()).isLessThan(Duration.ofSeconds(10));
                })
                .hasMessageContaining("Access denied");
        assertThat(logins).hasValue(1);
    }

    @Test
    void numbers_and_truth_values_may_be_given_as_such() {
        assertThat(settings("maximumPoolSize", 20).maxSize()).isEqualTo(20);
        assertThat(settings("connectionTimeout", 250L).acquireTimeout()).isEqualTo(Duration.ofMillis(250));
        try (PooledDataSource source = open(properties("autoCommit", false))) {
            assertThat(source.pool().settings().maxSize()).isEqualTo(10);
        }
    }

    @Test
    void zero_means_what_it_means_there() {
        assertThat(settings("leakDetectionThreshold", "0").traceLeases()).isZero();
        assertThat(settings("leakDetectionThreshold", "2000").traceLeases()).isOne();
        assertThat(settings("connectionTimeout", "0").acquireTimeout()).isEqualTo(Duration.ofDays(365));
    }

    @ParameterizedTest
    @CsvSource({
        "maximumPoolSize, ten",
        "connectionTimeout, 30s",
        "initializationFailTimeout, soon",
        "transactionIsolation, SERIALIZABLE",
        "autoCommit, yes",
        "maximumPoolSize, 99999999999"
    })
    void what_can_not_be_read_is_named(String name, String value) {
        assertThatThrownBy(() -> settings(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(value);
    }

    @Test
    void a_data_source_has_its_own_user_and_settings() {
        assertThatThrownBy(() -> settings("username", "me", "password", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("user")
                .hasMessageNotContaining("secret");
    }

    @Test
    void a_data_source_without_a_login_timeout_gets_the_pools() {
        open(properties()).close();
        assertThat(loginTimeout).isEqualTo(10);
        loginTimeout = 3;
        open(properties()).close();
        assertThat(loginTimeout).isEqualTo(3);
    }

    @Test
    void the_data_source_that_was_given_can_be_had_back() throws SQLException {
        try (PooledDataSource source = open(properties())) {
            assertThat(source.isWrapperFor(Runnable.class)).isTrue();
            assertThat(source.unwrap(Runnable.class)).isInstanceOf(DataSource.class);
            assertThat(source.isWrapperFor(List.class)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mariadb://h/d, connectTimeout, 1500",
        "jdbc:mysql://h/d, connectTimeout, 1500",
        "jdbc:postgresql://h/d, loginTimeout, 1",
        "jdbc:sqlserver://h, loginTimeout, 1",
        "jdbc:oracle:thin:@h, oracle.net.CONNECT_TIMEOUT, 1500"
    })
    void drivers_are_told_how_long_logging_in_may_take(String url, String name, String value) {
        Properties told = new Properties();
        LoginTimeout.add(url, told, Duration.ofMillis(1500));
        assertThat(told).containsExactlyEntriesOf(java.util.Map.of(name, value));
        Properties own = properties(name, "7");
        LoginTimeout.add(url, own, Duration.ofMillis(1500));
        assertThat(own).containsEntry(name, "7");
        Properties inUrl = new Properties();
        LoginTimeout.add(url + "?" + name.toLowerCase(java.util.Locale.ROOT) + "=7", inUrl, Duration.ofMillis(1500));
        assertThat(inUrl).isEmpty();
    }

    @Test
    void a_server_that_accepts_and_says_nothing_holds_no_thread_for_long() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                PooledDataSource source = PooledDataSource.builder()
                        .url("jdbc:mariadb://127.0.0.1:" + silent.getLocalPort() + "/d")
                        .credentials("me", "mine")
                        .pool(PoolSettings.named("silent")
                                .size(1, 1)
                                .openTimeout(Duration.ofMillis(200))
                                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                                .build())
                        .build()) {
            PoolStatistics[] now = new PoolStatistics[1];
            assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> Until.holds(() -> {
                        now[0] = source.pool().statistics();
                        return now[0].openFailures() >= 12;
                    }));
            assertThat(now[0].abandoned()).isLessThan(8);
        }
    }
}
