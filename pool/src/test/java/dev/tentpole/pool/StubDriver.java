package dev.tentpole.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

    /** As old drivers do that have no keys, no large objects and no savepoints, and don't say so. */
    volatile boolean answersNull;

    /** The method that fails, whoever's it is; the others go on. */
    volatile String refused = "";

    /** Told the name of every call, on its thread. */
    volatile Consumer<String> told = name -> {};

    /** Of the last call that had any, with the elements of arrays. */
    volatile List<Object> lastArguments = List.of();

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
        told.accept(name);
        if (args != null) {
            lastArguments = Stream.of(args)
                    .flatMap(argument -> argument instanceof Object[] all ? Stream.of(all) : Stream.of(argument))
                    .toList();
        }
        SQLException thrown = failure;
        if (thrown != null && !name.equals("close")) {
            throw thrown;
        }
        if (name.equals(refused)) {
            throw new SQLException("refused: " + name);
        }
        RuntimeException crashed = crash;
        if (crashed != null) {
            throw crashed;
        }
        if (answersNull && !method.getReturnType().isPrimitive()) {
            return null;
        }
        if (name.equals("getObject") && (args == null || !(args[args.length - 1] instanceof Class))) {
            // As drivers do whose databases have arrays.
            return proxy(new HashMap<>(), Array.class);
        }
        if (name.equals("getArray") && self instanceof Array) {
            return new Object[] {"one", proxy(new HashMap<>(), Blob.class)};
        }
        if (name.equals("getAttributes") && self instanceof Struct) {
            return new Object[] {1, proxy(new HashMap<>(), Blob.class)};
        }
        if (name.equals("closeOnCompletion")) {
            state.put("closesOnCompletion", true);
        }
        if (name.equals("isClosed") && self instanceof Statement) {
            // Every result set of the tests' is the last one.
            return state.containsKey("closesOnCompletion");
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
        if (type.isInterface() && type.getPackageName().equals("java.sql")) {
            return proxy(new HashMap<>(), type);
        }
        if (type == InputStream.class) {
            return new Bytes();
        }
        if (type == Reader.class) {
            return new Text();
        }
        if (type == OutputStream.class) {
            return new WrittenBytes();
        }
        if (type == Writer.class) {
            return new WrittenText();
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

    /** A call of a stream, which fails as others do, only with a wrapping. */
    private void stream(String name) throws IOException {
        calls.add(name);
        SQLException thrown = failure;
        if (thrown != null) {
            throw new IOException("wrapped", thrown);
        }
    }

    /** The driver's own. */
    final class Bytes extends InputStream {
        @Override
        public int read() throws IOException {
            stream("read");
            return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            stream("read");
            return -1;
        }

        @Override
        public long skip(long count) throws IOException {
            stream("skip");
            return 0;
        }

        @Override
        public int available() throws IOException {
            stream("available");
            return 0;
        }

        @Override
        public void reset() throws IOException {
            stream("reset");
        }
    }

    /** The driver's own. */
    final class Text extends Reader {
        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            stream("read");
            return -1;
        }

        @Override
        public boolean ready() throws IOException {
            stream("ready");
            return false;
        }

        @Override
        public void mark(int readLimit) throws IOException {
            stream("mark");
        }

        @Override
        public void reset() throws IOException {
            stream("reset");
        }

        @Override
        public void close() throws IOException {
            stream("close");
        }
    }

    /** The driver's own. */
    final class WrittenBytes extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            stream("write");
        }

        @Override
        public void flush() throws IOException {
            stream("flush");
        }
    }

    /** The driver's own. */
    final class WrittenText extends Writer {
        @Override
        public void write(char[] chars, int offset, int length) throws IOException {
            stream("write");
        }

        @Override
        public void flush() throws IOException {
            stream("flush");
        }

        @Override
        public void close() throws IOException {
            stream("close");
        }
    }
}
