package dev.tentpole.pool;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Modifier;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * A value of a pooled connection that may be a handle of something at the server: usable until the connection comes back.
 * All that passes between the driver and the borrower is made the pooled connection's, and the driver's own again, here.
 */
abstract sealed class PooledValue<D> extends Delegate<D>
        permits PooledArray, PooledBlob, PooledClob, PooledRef, PooledSavepoint, PooledStruct, PooledXml {

    private final PooledConnection connection;

    PooledValue(PooledConnection connection, D value) {
        super(value);
        this.connection = connection;
    }

    @Override
    final PooledConnection connection() {
        return connection;
    }

    @Override
    final boolean isUsable() {
        return connection.isUsable();
    }

    /** Harmless once the connection was given back, as JDBC has it for what is freed twice. */
    final void freeBy(Action<D> call) throws SQLException {
        if (isUsable()) {
            run(call);
        }
    }

    /** A part of the pooled connection for a value that the driver gave out; that itself if the type is the driver's. */
    static <T> @Nullable T guarded(PooledConnection connection, Class<T> type, @Nullable T value) {
        if (value instanceof String || value instanceof Number || value instanceof Date) {
            return value;
        }
        // Drivers have classes that are several of these: the type that was asked for says which one is meant.
        Object ours = value;
        if (value instanceof NClob clob && type.isAssignableFrom(PooledNClob.class)) {
            ours = new PooledNClob(connection, clob);
        } else if (value instanceof Clob clob && type.isAssignableFrom(PooledClob.class)) {
            ours = new PooledClob<>(connection, clob);
        } else if (value instanceof Blob blob && type.isAssignableFrom(PooledBlob.class)) {
            ours = new PooledBlob(connection, blob);
        } else if (value instanceof Array array && type.isAssignableFrom(PooledArray.class)) {
            ours = new PooledArray(connection, array);
        } else if (value instanceof SQLXML xml && type.isAssignableFrom(PooledXml.class)) {
            ours = new PooledXml(connection, xml);
        } else if (value instanceof Struct struct && type.isAssignableFrom(PooledStruct.class)) {
            ours = new PooledStruct(connection, struct);
        } else if (value instanceof Ref ref && type.isAssignableFrom(PooledRef.class)) {
            ours = new PooledRef(connection, ref);
        } else if (value instanceof ResultSet rows && type.isAssignableFrom(PooledResultSet.class)) {
            ours = PooledResultSet.alone(connection, rows);
        } else if (value instanceof InputStream stream && type.isAssignableFrom(PooledInputStream.class)) {
            ours = new PooledInputStream(connection, stream);
        } else if (value instanceof Reader reader && type.isAssignableFrom(PooledReader.class)) {
            ours = new PooledReader(connection, reader);
        } else if (value instanceof Object[] elements && type.isInstance(elements)) {
            ours = guardedAll(connection, elements);
        }
        return type.isInstance(ours) ? type.cast(ours) : value;
    }

    static Object[] guardedAll(PooledConnection connection, Object[] elements) {
        Class<?> type = elements.getClass().getComponentType();
        if (Modifier.isFinal(type.getModifiers())) {
            return elements;
        }
        @Nullable Object[] ours = elements.clone();
        for (int i = 0; i < ours.length; i++) {
            ours[i] = element(connection, type, ours[i]);
        }
        return ours;
    }

    private static <T> @Nullable T element(PooledConnection connection, Class<T> type, @Nullable Object element) {
        return element == null ? null : guarded(connection, type, type.cast(element));
    }

    /** What to give to the driver, which may want a value of its own. */
    @SuppressWarnings("unchecked") // what is a delegate for one of JDBC's interfaces has that of the driver
    static <T> @Nullable T driversOwn(@Nullable T value) throws SQLException {
        if (!(value instanceof PooledValue<?> pooled)) {
            return value;
        }
        if (!pooled.isUsable()) {
            // Not the words and the SQLState of a connection that is broken: the one that it is given to is well.
            throw new SQLException("the value is of a connection that was given back to the pool", "0F001");
        }
        return (T) pooled.delegate();
    }

    static Object @Nullable [] driversOwnAll(Object @Nullable [] values) throws SQLException {
        if (values == null) {
            return null;
        }
        @Nullable Object[] own = values.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = driversOwn(own[i]);
        }
        return own;
    }
}
