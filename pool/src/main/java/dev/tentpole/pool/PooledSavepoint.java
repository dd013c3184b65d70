package dev.tentpole.pool;

import java.sql.SQLException;
import java.sql.Savepoint;

/** A point to which a transaction of a pooled connection can be rolled back. */
final class PooledSavepoint extends PooledValue<Savepoint> implements Savepoint {

    PooledSavepoint(PooledConnection connection, Savepoint savepoint) {
        super(connection, savepoint);
    }

    @Override
    public int getSavepointId() throws SQLException {
        return asInt(savepoint -> savepoint.getSavepointId());
    }

    @Override
    public String getSavepointName() throws SQLException {
        return get(savepoint -> savepoint.getSavepointName());
    }
}
