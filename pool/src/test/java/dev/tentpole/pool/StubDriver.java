package dev.tentpole.pool;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A driver that writes down every call, answers with defaults and remembers what is set. */
final class StubDriver {

    /** A type of the driver's own. */
    interface Special {
        String special();
    }

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final List<Connection> opened = Collections.synchronizedList(new ArrayList<>());
    volatile SQLException failure;
    volatile RuntimeException crash;
    volatile boolean isValid = true;

    /** The last argument of the last call that had any. */
    volatile Object lastArgument;

    Connection connect() {
        Map<String, Object> state =
                new HashMap<>(Map.of("AutoCommit", true, "TransactionIsolation", 4, "Catalog", "first"));
        Connection connection = proxy(state, Connection.class, Special.class);
        opened.add(connection);
        return connection;
    }

    @SuppressWarnings("unchecked") // the first interface
    private <D> D proxy(Map<String, Object> state, Class<D> type, Class<?>... more) {
        Class<?>[] types = new Class<?>[1 + more.length];
        types[0] = type;
        System.arraycopy(more, 0, types, 1, more.length);
        InvocationHandler handler = (self, method, args) -> answer(self, state, method, args);
        return (D) Proxy.newProxyInstance(StubDriver.class.getClassLoader(), types, handler);
    }

    private Object answer(Object self, Map<String, Object> state, Method method, Object[] args) throws SQLException {
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return switch (name) {
                case "equals" -> self == args[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> "stub";
            };
        }
        if (name.equals("special")) {
            return "driver's own";
        }
        calls.add(name);
        if (args != null) {
            lastArgument = args[args.length - 1];
        }
        SQLException thrown = failure;
        if (thrown != null && !name.equals("close")) {
            throw thrown;
        }
        RuntimeException crashed = crash;
        if (crashed != null) {
            throw crashed;
        }
        if (name.equals("getObject") && !(args[args.length - 1] instanceof Class)) {
            // As drivers do whose databases have arrays.
            return proxy(new HashMap<>(), Array.class);
        }
        if (name.equals("isValid")) {
            return isValid;
        }
        if (self instanceof Connection && name.startsWith("set") && args != null) {
            state.put(name.substring(3), args[args.length - 1]);
            calls.add(name + " " + args[args.length - 1]);
        }
        Object remembered = self instanceof Connection ? state.get(name.replaceFirst("^(get|is)", "")) : null;
        return remembered != null ? remembered : defaultOf(method.getReturnType());
    }

    private Object defaultOf(Class<?> type) {
        if (type == Connection.class
                || type == Array.class
                || type == Statement.class
                || type == PreparedStatement.class
                || type == CallableStatement.class
                || type == ResultSet.class
                || type == DatabaseMetaData.class) {
            return proxy(new HashMap<>(), type);
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == double.class) {
            return 0.0;
        }
        if (type == float.class) {
            return 0f;
        }
        if (type == short.class) {
            return (short) 0;
        }
        if (type == byte.class) {
            return (byte) 0;
        }
        return null;
    }
}
