package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Every method of JDBC's interfaces, as the running JDK has them: none bypasses the checks, none gives out the driver's own. */
@Timeout(60)
final class DelegatesTest {

    /** Those that JDBC wants to work on what is closed, and two that may not throw. */
    private static final Set<String> FINE_WHEN_CLOSED =
            Set.of("close", "free", "isClosed", "isValid", "abort", "getDriverMajorVersion", "getDriverMinorVersion");

    /** Those that do not reach the driver; the transaction's, whose checks come first. */
    private static final Set<String> NOT_OF_THE_DRIVER =
            Set.of("getConnection", "getStatement", "unwrap", "isWrapperFor", "close", "isClosed", "abort");

    private final StubDriver driver = new StubDriver();

    private PooledDataSource open() {
        return new PooledDataSource(
                Pool.open(
                        PoolSettings.named("stub")
                                .size(0, 1)
                                .validateAfterIdle(Duration.ofDays(1))
                                .build(),
                        new JdbcAllocator(
                                driver::connect,
                                new JdbcAllocator.Terms(
                                        null, null, null, null, null, null, null, Duration.ofSeconds(1)),
                                new BrokenConnections(e -> false))),
                new Credentials(false, new java.util.Properties()),
                null,
                false);
    }

    private record Part(Class<?> type, Of from) {

        interface Of {
            Object part(Connection connection) throws SQLException;
        }
    }

    private static List<Part> parts() {
        return List.of(
                new Part(Connection.class, connection -> connection),
                new Part(Statement.class, Connection::createStatement),
                new Part(PreparedStatement.class, connection -> connection.prepareStatement("SELECT 1")),
                new Part(CallableStatement.class, connection -> connection.prepareCall("CALL p()")),
                new Part(
                        ResultSet.class,
                        connection -> connection.createStatement().executeQuery("SELECT 1")),
                new Part(Array.class, connection -> connection.createArrayOf("INT", new Object[0])),
                new Part(DatabaseMetaData.class, Connection::getMetaData));
    }

    private static Stream<Method> methods(Class<?> type) {
        return Stream.of(type.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @TestFactory
    List<DynamicTest> every_method_is_refused_once_the_connection_was_given_back() {
        return parts().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    try (PooledDataSource source = open()) {
                        Connection connection = source.getConnection();
                        Object object = part.from().part(connection);
                        connection.close();
                        Connection next = source.getConnection();
                        List<String> passed = new ArrayList<>();
                        driver.calls.clear();
                        methods(part.type())
                                .filter(method -> !FINE_WHEN_CLOSED.contains(method.getName()))
                                .filter(method -> !(thrownBy(object, method) instanceof SQLException))
                                .forEach(method -> passed.add(method.toString()));
                        assertThat(passed).isEmpty();
                        assertThat(driver.calls).as("reached the driver").isEmpty();
                        assertThat(next.isClosed()).isFalse();
                        next.close();
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> every_method_that_reaches_the_driver_has_its_exception_examined() {
        return parts().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    List<String> missed = new ArrayList<>();
                    try (PooledDataSource source = open()) {
                        for (Method method : methods(part.type()).toList()) {
                            if (NOT_OF_THE_DRIVER.contains(method.getName())
                                    || method.getName().startsWith("getDriverM")) {
                                continue;
                            }
                            driver.failure = null;
                            Connection connection = source.getConnection();
                            Object object = part.from().part(connection);
                            driver.failure = new SQLException("gone", "08006");
                            thrownBy(object, method);
                            driver.failure = null;
                            if (!connection.isClosed()) {
                                missed.add(method.toString());
                                connection.close();
                            }
                        }
                    }
                    assertThat(missed).isEmpty();
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> nothing_gives_out_the_drivers_own() {
        return parts().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    try (PooledDataSource source = open();
                            Connection connection = source.getConnection()) {
                        Object object = part.from().part(connection);
                        List<String> leaks = new ArrayList<>();
                        methods(part.type())
                                .filter(method -> !Set.of("close", "abort").contains(method.getName()))
                                .forEach(method -> {
                                    Object result = result(object, method);
                                    if (result != null && Proxy.isProxyClass(result.getClass())) {
                                        leaks.add(method.toString());
                                    }
                                });
                        assertThat(leaks).isEmpty();
                    }
                }))
                .toList();
    }

    @Test
    void each_part_leads_back_to_the_pooled_connection() throws SQLException {
        try (PooledDataSource source = open();
                Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.unwrap(StubDriver.Special.class).special()).isEqualTo("driver's own");
            assertThat(connection.isWrapperFor(StubDriver.Special.class)).isTrue();
        }
    }

    @Test
    void the_driver_gets_its_own_array_back() throws SQLException {
        try (PooledDataSource source = open();
                Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            Array array = connection.createArrayOf("INT", new Object[0]);
            statement.setArray(1, array);
            assertThat(driver.lastArgument).isInstanceOf(Proxy.class);
            statement.setObject(1, array);
            assertThat(driver.lastArgument).isInstanceOf(Proxy.class);
            assertThat(array.getResultSet()).isInstanceOf(PooledResultSet.class);
        }
    }

    private static Throwable thrownBy(Object object, Method method) {
        try {
            method.invoke(object, arguments(method));
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object result(Object object, Method method) {
        try {
            return method.invoke(object, arguments(method));
        } catch (InvocationTargetException | IllegalAccessException e) {
            return null;
        }
    }

    private static Object[] arguments(Method method) {
        return Stream.of(method.getParameterTypes())
                .map(DelegatesTest::argument)
                .toArray();
    }

    private static Object argument(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == double.class) {
            return 1.0;
        }
        if (type == float.class) {
            return 1f;
        }
        if (type == short.class) {
            return (short) 1;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        if (type == Class.class) {
            return Connection.class;
        }
        return type == String.class ? "x" : null;
    }
}
