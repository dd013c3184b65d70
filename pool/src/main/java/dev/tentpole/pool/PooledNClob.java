package dev.tentpole.pool;

import java.sql.NClob;

/** Large text in the national character set, of a pooled connection. */
final class PooledNClob extends PooledClob<NClob> implements NClob {

    PooledNClob(PooledConnection connection, NClob clob) {
        super(connection, clob);
    }
}
