package dev.tentpole.pool;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An SQL array of a pooled connection: its elements as a result set lead back to the pooled connection as well. */
final class PooledArray implements Array {

    private final PooledConnection connection;
    private final Array array;

    PooledArray(PooledConnection connection, Array array) {
        this.connection = connection;
        this.array = array;
    }

    /** What to give to the driver, which may want an array of its own. */
    static @Nullable Array driversOwn(@Nullable Array value) {
        return value instanceof PooledArray pooled ? pooled.array : value;
    }

    /** What to give to the driver, which may want an array of its own. */
    static @Nullable Object driversOwn(@Nullable Object value) {
        return value instanceof PooledArray pooled ? pooled.array : value;
    }

    private ResultSet rows(Delegate.Fetch<Array, ResultSet> call) throws SQLException {
        return PooledResultSet.alone(connection, connection.get(any -> call.from(array)));
    }

    @Override
    public String getBaseTypeName() throws SQLException {
        return connection.get(any -> array.getBaseTypeName());
    }

    @Override
    public int getBaseType() throws SQLException {
        return connection.asInt(any -> array.getBaseType());
    }

    @Override
    public @Nullable Object getArray() throws SQLException {
        return connection.getOrNull(any -> array.getArray());
    }

    @Override
    public @Nullable Object getArray(Map<String, Class<?>> map) throws SQLException {
        return connection.getOrNull(any -> array.getArray(map));
    }

    @Override
    public @Nullable Object getArray(long index, int count) throws SQLException {
        return connection.getOrNull(any -> array.getArray(index, count));
    }

    @Override
    public @Nullable Object getArray(long index, int count, Map<String, Class<?>> map) throws SQLException {
        return connection.getOrNull(any -> array.getArray(index, count, map));
    }

    @Override
    public ResultSet getResultSet() throws SQLException {
        return rows(Array::getResultSet);
    }

    @Override
    public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
        return rows(own -> own.getResultSet(map));
    }

    @Override
    public ResultSet getResultSet(long index, int count) throws SQLException {
        return rows(own -> own.getResultSet(index, count));
    }

    @Override
    public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map) throws SQLException {
        return rows(own -> own.getResultSet(index, count, map));
    }

    /** Harmless once the connection was given back, as JDBC has it for an array that is freed twice. */
    @Override
    public void free() throws SQLException {
        if (connection.isUsable()) {
            connection.run(any -> array.free());
        }
    }
}
