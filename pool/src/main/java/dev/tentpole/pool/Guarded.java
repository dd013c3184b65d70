package dev.tentpole.pool;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/** A part of a pooled connection: usable until it is closed, or the connection is. */
abstract sealed class Guarded<D extends Wrapper> extends Delegate<D>
        permits PooledStatement, ResultSetReads, MetaDataFeatures {

    private final PooledConnection connection;
    private volatile boolean isClosed;

    Guarded(PooledConnection connection, D delegate) {
        super(delegate);
        this.connection = connection;
    }

    @Override
    final PooledConnection connection() {
        return connection;
    }

    @Override
    final boolean isUsable() {
        return !isClosed && connection.isUsable();
    }

    /** An array is the pooled connection's own, and so is a cursor that a procedure returns. */
    final @Nullable Object guarded(@Nullable Object value) {
        if (value instanceof Array array) {
            return new PooledArray(connection, array);
        }
        return value instanceof ResultSet rows ? PooledResultSet.alone(connection, rows) : value;
    }

    /** The same, unless the type that was asked for is the driver's. */
    final <T> @Nullable T guarded(Class<T> type, @Nullable T value) {
        Object ours = guarded((Object) value);
        return type.isInstance(ours) ? type.cast(ours) : value;
    }

    final @Nullable Array guardedArray(@Nullable Array value) {
        return value == null ? null : new PooledArray(connection, value);
    }

    /** Closing twice is harmless, as JDBC has it. */
    final void closeDelegate(AutoCloseable closeable) throws SQLException {
        if (isUsable()) {
            isClosed = true;
            try {
                closeable.close();
            } catch (SQLException e) {
                throw connection.examined(e);
            } catch (Exception e) {
                throw new SQLException("could not close", e);
            }
        }
    }
}
