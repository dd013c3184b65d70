package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.Wrapper;

/** A part of a pooled connection: usable until it is closed, or the connection is. */
abstract sealed class Guarded<D extends Wrapper> extends Unwrappable<D>
        permits PooledStatement, ResultSetReads, MetaDataFeatures, PooledRowMetaData, PooledParameterMetaData {

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

    /** The driver closed it, and may hand it out again as another one. */
    final void closedItself() {
        isClosed = true;
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
