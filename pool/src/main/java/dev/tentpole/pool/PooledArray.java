package dev.tentpole.pool;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An SQL array of a pooled connection: its elements as a result set lead back to the pooled connection as well. */
final class PooledArray extends PooledValue<Array> implements Array {

    PooledArray(PooledConnection connection, Array array) {
        super(connection, array);
    }

    private ResultSet rows(Fetch<Array, ResultSet> call) throws SQLException {
        return part(call, PooledResultSet::alone);
    }

    @Override
    public String getBaseTypeName() throws SQLException {
        return get(array -> array.getBaseTypeName());
    }

    @Override
    public int getBaseType() throws SQLException {
        return asInt(array -> array.getBaseType());
    }

    @Override
    public @Nullable Object getArray() throws SQLException {
        return guarded(Object.class, getOrNull(array -> array.getArray()));
    }

    @Override
    public @Nullable Object getArray(Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(array -> array.getArray(map)));
    }

    @Override
    public @Nullable Object getArray(long index, int count) throws SQLException {
        return guarded(Object.class, getOrNull(array -> array.getArray(index, count)));
    }

    @Override
    public @Nullable Object getArray(long index, int count, Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(array -> array.getArray(index, count, map)));
    }

    @Override
    public ResultSet getResultSet() throws SQLException {
        return rows(array -> array.getResultSet());
    }

    @Override
    public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
        return rows(array -> array.getResultSet(map));
    }

    @Override
    public ResultSet getResultSet(long index, int count) throws SQLException {
        return rows(array -> array.getResultSet(index, count));
    }

    @Override
    public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map) throws SQLException {
        return rows(array -> array.getResultSet(index, count, map));
    }

    @Override
    public void free() throws SQLException {
        freeBy(Array::free);
    }
}
