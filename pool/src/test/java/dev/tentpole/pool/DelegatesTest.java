package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every method of JDBC's interfaces, as the running JDK has them: none bypasses the checks, none gives out the driver's own.
 * Parts are whatever can be reached from a connection.
 */
@Timeout(60)
final class DelegatesTest {

    /** Those that JDBC wants to work on what is closed, and two that may not throw. */
    private static final Set<String> FINE_WHEN_CLOSED =
            Set.of("close", "free", "isClosed", "isValid", "abort", "getDriverMajorVersion", "getDriverMinorVersion");

    /** Those that do not reach the driver; the transaction's, whose checks come first. */
    private static final Set<String> NOT_OF_THE_DRIVER =
            Set.of("getConnection", "getStatement", "unwrap", "isWrapperFor", "close", "isClosed", "abort");

    private static final Set<Class<?>> IS_STREAM =
            Set.of(InputStream.class, OutputStream.class, Reader.class, Writer.class);

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

    private static ResultSet rows(Connection connection) throws SQLException {
        return connection.createStatement().executeQuery("SELECT 1");
    }

    private static List<Part> parts() {
        return List.of(
                new Part(Connection.class, connection -> connection),
                new Part(Statement.class, Connection::createStatement),
                new Part(PreparedStatement.class, connection -> connection.prepareStatement("SELECT 1")),
                new Part(CallableStatement.class, connection -> connection.prepareCall("CALL p()")),
                new Part(ResultSet.class, DelegatesTest::rows),
                new Part(ResultSetMetaData.class, connection -> rows(connection).getMetaData()),
                new Part(
                        ParameterMetaData.class,
                        connection -> connection.prepareStatement("SELECT ?").getParameterMetaData()),
                new Part(Array.class, connection -> connection.createArrayOf("INT", new Object[0])),
                new Part(Blob.class, connection -> rows(connection).getBlob(1)),
                new Part(Clob.class, Connection::createClob),
                new Part(NClob.class, connection -> rows(connection).getNClob(1)),
                new Part(SQLXML.class, Connection::createSQLXML),
                new Part(Struct.class, connection -> connection.createStruct("t", new Object[0])),
                new Part(Ref.class, connection -> rows(connection).getRef(1)),
                new Part(Savepoint.class, Connection::setSavepoint),
                new Part(DatabaseMetaData.class, Connection::getMetaData));
    }

    private static List<Part> streams() {
        return List.of(
                new Part(
                        InputStream.class, connection -> connection.createBlob().getBinaryStream()),
                new Part(
                        OutputStream.class,
                        connection -> connection.createBlob().setBinaryStream(1)),
                new Part(Reader.class, connection -> rows(connection).getCharacterStream(1)),
                new Part(Writer.class, connection -> connection.createClob().setCharacterStream(1)));
    }

    private static List<Part> partsAndStreams() {
        return Stream.concat(parts().stream(), streams().stream()).toList();
    }

    /** A row's id is a value of its own: nothing that it does can fail at the server. */
    private static boolean leadsToTheServer(Class<?> type) {
        return type.getPackageName().equals("java.sql")
                && type.isInterface()
                && methods(type)
                        .anyMatch(method -> List.of(method.getExceptionTypes()).contains(SQLException.class));
    }

    @Test
    void whatever_can_be_reached_from_a_connection_is_looked_at_here() {
        Set<Class<?>> reached = parts().stream()
                .flatMap(part -> methods(part.type()))
                .map(Method::getReturnType)
                .filter(type -> leadsToTheServer(type) || IS_STREAM.contains(type))
                .collect(Collectors.toSet());
        assertThat(partsAndStreams()).extracting(Part::type).containsAll(reached);
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
                        assertThat(isDriversOwn(object)).isFalse();
                        List<String> leaks = new ArrayList<>();
                        List<String> nothing = new ArrayList<>();
                        methods(part.type())
                                .filter(method -> !Set.of("close", "abort").contains(method.getName()))
                                .forEach(method -> {
                                    Object result = result(object, method);
                                    if (isDriversOwn(result)) {
                                        leaks.add(method.toString());
                                    }
                                    if (result == null && leadsToTheServer(method.getReturnType())) {
                                        nothing.add(method.toString());
                                    }
                                });
                        assertThat(leaks).isEmpty();
                        assertThat(nothing).as("proves nothing").isEmpty();
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> what_the_driver_answers_with_null_is_null() {
        return parts().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    try (PooledDataSource source = open()) {
                        List<String> made = new ArrayList<>();
                        try (Connection connection = source.getConnection()) {
                            Object object = part.from().part(connection);
                            driver.answersNull = true;
                            methods(part.type())
                                    .filter(method -> !method.getReturnType().isPrimitive())
                                    .filter(method -> !NOT_OF_THE_DRIVER.contains(method.getName()))
                                    .filter(method ->
                                            thrownBy(object, method) != null || result(object, method) != null)
                                    .forEach(method -> made.add(method.toString()));
                            driver.answersNull = false;
                        }
                        assertThat(made).isEmpty();
                        assertThat(source.pool().statistics().idle())
                                .as("the connection is kept")
                                .isOne();
                    }
                }))
                .toList();
    }

    private static boolean isDriversOwn(Object result) {
        if (result instanceof Object[] elements) {
            return Stream.of(elements).anyMatch(DelegatesTest::isDriversOwn);
        }
        return result != null
                && !(result instanceof RowId)
                && (Proxy.isProxyClass(result.getClass()) || result.getClass().getEnclosingClass() == StubDriver.class);
    }

    @TestFactory
    List<DynamicTest> a_stream_ends_with_the_loan() {
        return streams().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    try (PooledDataSource source = open()) {
                        Connection connection = source.getConnection();
                        Object stream = part.from().part(connection);
                        connection.close();
                        driver.calls.clear();
                        ((Closeable) stream).close();
                        List<String> passed = callsOf(part.type())
                                .filter(method -> !(thrownBy(stream, method) instanceof IOException))
                                .map(Method::toString)
                                .toList();
                        assertThat(passed).isEmpty();
                        assertThat(driver.calls).as("reached the driver").isEmpty();
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> every_exception_of_a_stream_is_examined() {
        return streams().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    List<String> missed = new ArrayList<>();
                    try (PooledDataSource source = open()) {
                        for (Method method : callsOf(part.type()).toList()) {
                            Connection connection = source.getConnection();
                            Object stream = part.from().part(connection);
                            driver.failure = new SQLException("gone", "08006");
                            Throwable thrown = thrownBy(stream, method);
                            driver.failure = null;
                            if (thrown != null && !connection.isClosed()) {
                                missed.add(method.toString());
                            }
                            connection.close();
                        }
                        assertThat(source.pool().statistics().closed(CloseReason.INVALIDATED))
                                .isPositive();
                    }
                    assertThat(missed).isEmpty();
                }))
                .toList();
    }

    /** What a stream does, whichever of its own methods it does that with. */
    private static Stream<Method> callsOf(Class<?> stream) {
        return methods(stream)
                .filter(method -> List.of(method.getExceptionTypes()).contains(IOException.class))
                .filter(method -> !Set.of("close", "append").contains(method.getName()))
                .filter(method -> Stream.of(method.getParameterTypes())
                        .allMatch(type -> type.isPrimitive() || type.isArray() || type == String.class));
    }

    @Test
    void what_is_written_after_a_commit_is_rolled_back() throws Exception {
        try (PooledDataSource source = open()) {
            for (Part part : List.of(
                    new Part(Blob.class, Connection::createBlob),
                    new Part(Writer.class, connection -> connection.createClob().setCharacterStream(1)))) {
                Connection connection = source.getConnection();
                connection.setAutoCommit(false);
                Object written = part.from().part(connection);
                connection.commit();
                driver.calls.clear();
                if (written instanceof Blob blob) {
                    blob.setBytes(1, new byte[1]);
                } else {
                    ((Writer) written).write("x");
                }
                connection.close();
                assertThat(driver.calls).as(part.type().getSimpleName()).contains("rollback");
            }
        }
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

    /** Each method that takes a part of a connection, called with one. */
    @TestFactory
    List<DynamicTest> the_driver_gets_its_own_back() {
        return parts().stream()
                .map(part -> DynamicTest.dynamicTest(part.type().getSimpleName(), () -> {
                    try (PooledDataSource source = open();
                            Connection connection = source.getConnection()) {
                        Object object = part.from().part(connection);
                        List<String> kept = new ArrayList<>();
                        for (Method method : methods(part.type()).toList()) {
                            for (Part given : parts()) {
                                if (!(given.from().part(connection) instanceof PooledValue<?> value)) {
                                    continue;
                                }
                                Object[] arguments = arguments(method);
                                int position = positionOf(given.type(), method);
                                if (position < 0) {
                                    continue;
                                }
                                arguments[position] = method.getParameterTypes()[position] == Object[].class
                                        ? new Object[] {value}
                                        : value;
                                method.invoke(object, arguments);
                                if (driver.lastArguments.stream().anyMatch(PooledValue.class::isInstance)) {
                                    kept.add(method.toString());
                                }
                            }
                        }
                        assertThat(kept).isEmpty();
                    }
                }))
                .toList();
    }

    /** Which parameter takes a part of that type; less than zero if none does. */
    private static int positionOf(Class<?> part, Method method) {
        List<Class<?>> types = List.of(method.getParameterTypes());
        int position = types.indexOf(part);
        if (position < 0 && method.getName().matches("(set|update)Object")) {
            position = types.indexOf(Object.class);
        }
        return position < 0 ? types.indexOf(Object[].class) : position;
    }

    @Test
    void a_value_of_a_connection_that_was_given_back_is_refused_and_does_no_harm_to_another() throws SQLException {
        try (PooledDataSource source = open()) {
            Connection first = source.getConnection();
            Blob blob = first.createBlob();
            first.close();
            try (Connection second = source.getConnection();
                    PreparedStatement statement = second.prepareStatement("SELECT ?")) {
                assertThatThrownBy(() -> statement.setBlob(1, blob)).isInstanceOf(SQLException.class);
                assertThat(second.isClosed()).isFalse();
            }
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
        if (type == byte[].class) {
            return new byte[2];
        }
        if (type == char[].class) {
            return new char[2];
        }
        return type == String.class ? "xx" : null;
    }
}
