package dev.tentpole.pool;

import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a called procedure brought. */
abstract sealed class CallableReads extends PooledPrepared<CallableStatement> implements CallableStatement
        permits PooledCallable {

    CallableReads(PooledConnection connection, CallableStatement statement) {
        super(connection, statement);
    }

    @Override
    public boolean wasNull() throws SQLException {
        return asBoolean(statement -> statement.wasNull());
    }

    @Override
    public @Nullable String getString(int parameterIndex) throws SQLException {
        return get(statement -> statement.getString(parameterIndex));
    }

    @Override
    public boolean getBoolean(int parameterIndex) throws SQLException {
        return asBoolean(statement -> statement.getBoolean(parameterIndex));
    }

    @Override
    public byte getByte(int parameterIndex) throws SQLException {
        return get(statement -> statement.getByte(parameterIndex));
    }

    @Override
    public short getShort(int parameterIndex) throws SQLException {
        return get(statement -> statement.getShort(parameterIndex));
    }

    @Override
    public int getInt(int parameterIndex) throws SQLException {
        return asInt(statement -> statement.getInt(parameterIndex));
    }

    @Override
    public long getLong(int parameterIndex) throws SQLException {
        return asLong(statement -> statement.getLong(parameterIndex));
    }

    @Override
    public float getFloat(int parameterIndex) throws SQLException {
        return get(statement -> statement.getFloat(parameterIndex));
    }

    @Override
    public double getDouble(int parameterIndex) throws SQLException {
        return asDouble(statement -> statement.getDouble(parameterIndex));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public @Nullable BigDecimal getBigDecimal(int parameterIndex, int scale) throws SQLException {
        return get(statement -> statement.getBigDecimal(parameterIndex, scale));
    }

    @Override
    public byte @Nullable [] getBytes(int parameterIndex) throws SQLException {
        return get(statement -> statement.getBytes(parameterIndex));
    }

    @Override
    public @Nullable Date getDate(int parameterIndex) throws SQLException {
        return get(statement -> statement.getDate(parameterIndex));
    }

    @Override
    public @Nullable Time getTime(int parameterIndex) throws SQLException {
        return get(statement -> statement.getTime(parameterIndex));
    }

    @Override
    public @Nullable Timestamp getTimestamp(int parameterIndex) throws SQLException {
        return get(statement -> statement.getTimestamp(parameterIndex));
    }

    @Override
    public @Nullable Object getObject(int parameterIndex) throws SQLException {
        return guarded(Object.class, getOrNull(statement -> statement.getObject(parameterIndex)));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int parameterIndex) throws SQLException {
        return get(statement -> statement.getBigDecimal(parameterIndex));
    }

    @Override
    public @Nullable Object getObject(int parameterIndex, Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(statement -> statement.getObject(parameterIndex, map)));
    }

    @Override
    public @Nullable Ref getRef(int parameterIndex) throws SQLException {
        return guarded(Ref.class, getOrNull(statement -> statement.getRef(parameterIndex)));
    }

    @Override
    public @Nullable Blob getBlob(int parameterIndex) throws SQLException {
        return guarded(Blob.class, getOrNull(statement -> statement.getBlob(parameterIndex)));
    }

    @Override
    public @Nullable Clob getClob(int parameterIndex) throws SQLException {
        return guarded(Clob.class, getOrNull(statement -> statement.getClob(parameterIndex)));
    }

    @Override
    public @Nullable Array getArray(int parameterIndex) throws SQLException {
        return guarded(Array.class, getOrNull(statement -> statement.getArray(parameterIndex)));
    }

    @Override
    public @Nullable Date getDate(int parameterIndex, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getDate(parameterIndex, cal));
    }

    @Override
    public @Nullable Time getTime(int parameterIndex, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getTime(parameterIndex, cal));
    }

    @Override
    public @Nullable Timestamp getTimestamp(int parameterIndex, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getTimestamp(parameterIndex, cal));
    }

    @Override
    public @Nullable URL getURL(int parameterIndex) throws SQLException {
        return get(statement -> statement.getURL(parameterIndex));
    }

    @Override
    public @Nullable String getString(String parameterName) throws SQLException {
        return get(statement -> statement.getString(parameterName));
    }

    @Override
    public boolean getBoolean(String parameterName) throws SQLException {
        return asBoolean(statement -> statement.getBoolean(parameterName));
    }

    @Override
    public byte getByte(String parameterName) throws SQLException {
        return get(statement -> statement.getByte(parameterName));
    }

    @Override
    public short getShort(String parameterName) throws SQLException {
        return get(statement -> statement.getShort(parameterName));
    }

    @Override
    public int getInt(String parameterName) throws SQLException {
        return asInt(statement -> statement.getInt(parameterName));
    }

    @Override
    public long getLong(String parameterName) throws SQLException {
        return asLong(statement -> statement.getLong(parameterName));
    }

    @Override
    public float getFloat(String parameterName) throws SQLException {
        return get(statement -> statement.getFloat(parameterName));
    }

    @Override
    public double getDouble(String parameterName) throws SQLException {
        return asDouble(statement -> statement.getDouble(parameterName));
    }

    @Override
    public byte @Nullable [] getBytes(String parameterName) throws SQLException {
        return get(statement -> statement.getBytes(parameterName));
    }

    @Override
    public @Nullable Date getDate(String parameterName) throws SQLException {
        return get(statement -> statement.getDate(parameterName));
    }

    @Override
    public @Nullable Time getTime(String parameterName) throws SQLException {
        return get(statement -> statement.getTime(parameterName));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String parameterName) throws SQLException {
        return get(statement -> statement.getTimestamp(parameterName));
    }

    @Override
    public @Nullable Object getObject(String parameterName) throws SQLException {
        return guarded(Object.class, getOrNull(statement -> statement.getObject(parameterName)));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(String parameterName) throws SQLException {
        return get(statement -> statement.getBigDecimal(parameterName));
    }

    @Override
    public @Nullable Object getObject(String parameterName, Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(statement -> statement.getObject(parameterName, map)));
    }

    @Override
    public @Nullable Ref getRef(String parameterName) throws SQLException {
        return guarded(Ref.class, getOrNull(statement -> statement.getRef(parameterName)));
    }

    @Override
    public @Nullable Blob getBlob(String parameterName) throws SQLException {
        return guarded(Blob.class, getOrNull(statement -> statement.getBlob(parameterName)));
    }

    @Override
    public @Nullable Clob getClob(String parameterName) throws SQLException {
        return guarded(Clob.class, getOrNull(statement -> statement.getClob(parameterName)));
    }

    @Override
    public @Nullable Array getArray(String parameterName) throws SQLException {
        return guarded(Array.class, getOrNull(statement -> statement.getArray(parameterName)));
    }

    @Override
    public @Nullable Date getDate(String parameterName, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getDate(parameterName, cal));
    }

    @Override
    public @Nullable Time getTime(String parameterName, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getTime(parameterName, cal));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String parameterName, @Nullable Calendar cal) throws SQLException {
        return get(statement -> statement.getTimestamp(parameterName, cal));
    }

    @Override
    public @Nullable URL getURL(String parameterName) throws SQLException {
        return get(statement -> statement.getURL(parameterName));
    }

    @Override
    public @Nullable RowId getRowId(int parameterIndex) throws SQLException {
        return get(statement -> statement.getRowId(parameterIndex));
    }

    @Override
    public @Nullable RowId getRowId(String parameterName) throws SQLException {
        return get(statement -> statement.getRowId(parameterName));
    }

    @Override
    public @Nullable NClob getNClob(int parameterIndex) throws SQLException {
        return guarded(NClob.class, getOrNull(statement -> statement.getNClob(parameterIndex)));
    }

    @Override
    public @Nullable NClob getNClob(String parameterName) throws SQLException {
        return guarded(NClob.class, getOrNull(statement -> statement.getNClob(parameterName)));
    }

    @Override
    public @Nullable SQLXML getSQLXML(int parameterIndex) throws SQLException {
        return guarded(SQLXML.class, getOrNull(statement -> statement.getSQLXML(parameterIndex)));
    }

    @Override
    public @Nullable SQLXML getSQLXML(String parameterName) throws SQLException {
        return guarded(SQLXML.class, getOrNull(statement -> statement.getSQLXML(parameterName)));
    }

    @Override
    public @Nullable String getNString(int parameterIndex) throws SQLException {
        return get(statement -> statement.getNString(parameterIndex));
    }

    @Override
    public @Nullable String getNString(String parameterName) throws SQLException {
        return get(statement -> statement.getNString(parameterName));
    }

    @Override
    public @Nullable Reader getNCharacterStream(int parameterIndex) throws SQLException {
        return guarded(Reader.class, getOrNull(statement -> statement.getNCharacterStream(parameterIndex)));
    }

    @Override
    public @Nullable Reader getNCharacterStream(String parameterName) throws SQLException {
        return guarded(Reader.class, getOrNull(statement -> statement.getNCharacterStream(parameterName)));
    }

    @Override
    public @Nullable Reader getCharacterStream(int parameterIndex) throws SQLException {
        return guarded(Reader.class, getOrNull(statement -> statement.getCharacterStream(parameterIndex)));
    }

    @Override
    public @Nullable Reader getCharacterStream(String parameterName) throws SQLException {
        return guarded(Reader.class, getOrNull(statement -> statement.getCharacterStream(parameterName)));
    }

    @Override
    public <T> @Nullable T getObject(int parameterIndex, Class<T> type) throws SQLException {
        return guarded(type, getOrNull(statement -> statement.getObject(parameterIndex, type)));
    }

    @Override
    public <T> @Nullable T getObject(String parameterName, Class<T> type) throws SQLException {
        return guarded(type, getOrNull(statement -> statement.getObject(parameterName, type)));
    }
}
