package dev.tentpole.pool;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of the current row. */
abstract sealed class ResultSetReads extends Guarded<ResultSet> implements ResultSet permits ResultSetScalarUpdates {

    ResultSetReads(PooledConnection connection, ResultSet rows) {
        super(connection, rows);
    }

    @Override
    public @Nullable String getString(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getString(columnIndex));
    }

    @Override
    public boolean getBoolean(int columnIndex) throws SQLException {
        return asBoolean(resultSet -> resultSet.getBoolean(columnIndex));
    }

    @Override
    public byte getByte(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getByte(columnIndex));
    }

    @Override
    public short getShort(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getShort(columnIndex));
    }

    @Override
    public int getInt(int columnIndex) throws SQLException {
        return asInt(resultSet -> resultSet.getInt(columnIndex));
    }

    @Override
    public long getLong(int columnIndex) throws SQLException {
        return asLong(resultSet -> resultSet.getLong(columnIndex));
    }

    @Override
    public float getFloat(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getFloat(columnIndex));
    }

    @Override
    public double getDouble(int columnIndex) throws SQLException {
        return asDouble(resultSet -> resultSet.getDouble(columnIndex));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public @Nullable BigDecimal getBigDecimal(int columnIndex, int scale) throws SQLException {
        return get(resultSet -> resultSet.getBigDecimal(columnIndex, scale));
    }

    @Override
    public byte @Nullable [] getBytes(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getBytes(columnIndex));
    }

    @Override
    public @Nullable Date getDate(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getDate(columnIndex));
    }

    @Override
    public @Nullable Time getTime(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getTime(columnIndex));
    }

    @Override
    public @Nullable Timestamp getTimestamp(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getTimestamp(columnIndex));
    }

    @Override
    public @Nullable InputStream getAsciiStream(int columnIndex) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getAsciiStream(columnIndex)));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public @Nullable InputStream getUnicodeStream(int columnIndex) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getUnicodeStream(columnIndex)));
    }

    @Override
    public @Nullable InputStream getBinaryStream(int columnIndex) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getBinaryStream(columnIndex)));
    }

    @Override
    public @Nullable String getString(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getString(columnLabel));
    }

    @Override
    public boolean getBoolean(String columnLabel) throws SQLException {
        return asBoolean(resultSet -> resultSet.getBoolean(columnLabel));
    }

    @Override
    public byte getByte(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getByte(columnLabel));
    }

    @Override
    public short getShort(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getShort(columnLabel));
    }

    @Override
    public int getInt(String columnLabel) throws SQLException {
        return asInt(resultSet -> resultSet.getInt(columnLabel));
    }

    @Override
    public long getLong(String columnLabel) throws SQLException {
        return asLong(resultSet -> resultSet.getLong(columnLabel));
    }

    @Override
    public float getFloat(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getFloat(columnLabel));
    }

    @Override
    public double getDouble(String columnLabel) throws SQLException {
        return asDouble(resultSet -> resultSet.getDouble(columnLabel));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public @Nullable BigDecimal getBigDecimal(String columnLabel, int scale) throws SQLException {
        return get(resultSet -> resultSet.getBigDecimal(columnLabel, scale));
    }

    @Override
    public byte @Nullable [] getBytes(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getBytes(columnLabel));
    }

    @Override
    public @Nullable Date getDate(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getDate(columnLabel));
    }

    @Override
    public @Nullable Time getTime(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getTime(columnLabel));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getTimestamp(columnLabel));
    }

    @Override
    public @Nullable InputStream getAsciiStream(String columnLabel) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getAsciiStream(columnLabel)));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public @Nullable InputStream getUnicodeStream(String columnLabel) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getUnicodeStream(columnLabel)));
    }

    @Override
    public @Nullable InputStream getBinaryStream(String columnLabel) throws SQLException {
        return guarded(InputStream.class, getOrNull(resultSet -> resultSet.getBinaryStream(columnLabel)));
    }

    @Override
    public @Nullable Object getObject(int columnIndex) throws SQLException {
        return guarded(Object.class, getOrNull(resultSet -> resultSet.getObject(columnIndex)));
    }

    @Override
    public @Nullable Object getObject(String columnLabel) throws SQLException {
        return guarded(Object.class, getOrNull(resultSet -> resultSet.getObject(columnLabel)));
    }

    @Override
    public @Nullable Reader getCharacterStream(int columnIndex) throws SQLException {
        return guarded(Reader.class, getOrNull(resultSet -> resultSet.getCharacterStream(columnIndex)));
    }

    @Override
    public @Nullable Reader getCharacterStream(String columnLabel) throws SQLException {
        return guarded(Reader.class, getOrNull(resultSet -> resultSet.getCharacterStream(columnLabel)));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getBigDecimal(columnIndex));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getBigDecimal(columnLabel));
    }

    @Override
    public @Nullable Object getObject(int columnIndex, Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(resultSet -> resultSet.getObject(columnIndex, map)));
    }

    @Override
    public @Nullable Ref getRef(int columnIndex) throws SQLException {
        return guarded(Ref.class, getOrNull(resultSet -> resultSet.getRef(columnIndex)));
    }

    @Override
    public @Nullable Blob getBlob(int columnIndex) throws SQLException {
        return guarded(Blob.class, getOrNull(resultSet -> resultSet.getBlob(columnIndex)));
    }

    @Override
    public @Nullable Clob getClob(int columnIndex) throws SQLException {
        return guarded(Clob.class, getOrNull(resultSet -> resultSet.getClob(columnIndex)));
    }

    @Override
    public @Nullable Array getArray(int columnIndex) throws SQLException {
        return guarded(Array.class, getOrNull(resultSet -> resultSet.getArray(columnIndex)));
    }

    @Override
    public @Nullable Object getObject(String columnLabel, Map<String, Class<?>> map) throws SQLException {
        return guarded(Object.class, getOrNull(resultSet -> resultSet.getObject(columnLabel, map)));
    }

    @Override
    public @Nullable Ref getRef(String columnLabel) throws SQLException {
        return guarded(Ref.class, getOrNull(resultSet -> resultSet.getRef(columnLabel)));
    }

    @Override
    public @Nullable Blob getBlob(String columnLabel) throws SQLException {
        return guarded(Blob.class, getOrNull(resultSet -> resultSet.getBlob(columnLabel)));
    }

    @Override
    public @Nullable Clob getClob(String columnLabel) throws SQLException {
        return guarded(Clob.class, getOrNull(resultSet -> resultSet.getClob(columnLabel)));
    }

    @Override
    public @Nullable Array getArray(String columnLabel) throws SQLException {
        return guarded(Array.class, getOrNull(resultSet -> resultSet.getArray(columnLabel)));
    }

    @Override
    public @Nullable Date getDate(int columnIndex, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getDate(columnIndex, cal));
    }

    @Override
    public @Nullable Date getDate(String columnLabel, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getDate(columnLabel, cal));
    }

    @Override
    public @Nullable Time getTime(int columnIndex, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getTime(columnIndex, cal));
    }

    @Override
    public @Nullable Time getTime(String columnLabel, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getTime(columnLabel, cal));
    }

    @Override
    public @Nullable Timestamp getTimestamp(int columnIndex, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getTimestamp(columnIndex, cal));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String columnLabel, @Nullable Calendar cal) throws SQLException {
        return get(resultSet -> resultSet.getTimestamp(columnLabel, cal));
    }

    @Override
    public @Nullable URL getURL(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getURL(columnIndex));
    }

    @Override
    public @Nullable URL getURL(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getURL(columnLabel));
    }

    @Override
    public @Nullable RowId getRowId(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getRowId(columnIndex));
    }

    @Override
    public @Nullable RowId getRowId(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getRowId(columnLabel));
    }

    @Override
    public @Nullable NClob getNClob(int columnIndex) throws SQLException {
        return guarded(NClob.class, getOrNull(resultSet -> resultSet.getNClob(columnIndex)));
    }

    @Override
    public @Nullable NClob getNClob(String columnLabel) throws SQLException {
        return guarded(NClob.class, getOrNull(resultSet -> resultSet.getNClob(columnLabel)));
    }

    @Override
    public @Nullable SQLXML getSQLXML(int columnIndex) throws SQLException {
        return guarded(SQLXML.class, getOrNull(resultSet -> resultSet.getSQLXML(columnIndex)));
    }

    @Override
    public @Nullable SQLXML getSQLXML(String columnLabel) throws SQLException {
        return guarded(SQLXML.class, getOrNull(resultSet -> resultSet.getSQLXML(columnLabel)));
    }

    @Override
    public @Nullable String getNString(int columnIndex) throws SQLException {
        return get(resultSet -> resultSet.getNString(columnIndex));
    }

    @Override
    public @Nullable String getNString(String columnLabel) throws SQLException {
        return get(resultSet -> resultSet.getNString(columnLabel));
    }

    @Override
    public @Nullable Reader getNCharacterStream(int columnIndex) throws SQLException {
        return guarded(Reader.class, getOrNull(resultSet -> resultSet.getNCharacterStream(columnIndex)));
    }

    @Override
    public @Nullable Reader getNCharacterStream(String columnLabel) throws SQLException {
        return guarded(Reader.class, getOrNull(resultSet -> resultSet.getNCharacterStream(columnLabel)));
    }

    @Override
    public <T> @Nullable T getObject(int columnIndex, Class<T> type) throws SQLException {
        return guarded(type, getOrNull(resultSet -> resultSet.getObject(columnIndex, type)));
    }

    @Override
    public <T> @Nullable T getObject(String columnLabel, Class<T> type) throws SQLException {
        return guarded(type, getOrNull(resultSet -> resultSet.getObject(columnLabel, type)));
    }
}
