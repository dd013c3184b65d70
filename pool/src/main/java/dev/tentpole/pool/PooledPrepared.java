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
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** A prepared statement of a pooled connection. */
sealed class PooledPrepared<S extends PreparedStatement> extends PooledStatement<S> implements PreparedStatement
        permits CallableReads {

    PooledPrepared(PooledConnection connection, S statement) {
        super(connection, statement);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        willExecute();
        return rows(statement -> statement.executeQuery());
    }

    @Override
    public int executeUpdate() throws SQLException {
        willExecute();
        return asInt(statement -> statement.executeUpdate());
    }

    @Override
    public void setNull(int parameterIndex, int sqlType) throws SQLException {
        run(statement -> statement.setNull(parameterIndex, sqlType));
    }

    @Override
    public void setBoolean(int parameterIndex, boolean x) throws SQLException {
        run(statement -> statement.setBoolean(parameterIndex, x));
    }

    @Override
    public void setByte(int parameterIndex, byte x) throws SQLException {
        run(statement -> statement.setByte(parameterIndex, x));
    }

    @Override
    public void setShort(int parameterIndex, short x) throws SQLException {
        run(statement -> statement.setShort(parameterIndex, x));
    }

    @Override
    public void setInt(int parameterIndex, int x) throws SQLException {
        run(statement -> statement.setInt(parameterIndex, x));
    }

    @Override
    public void setLong(int parameterIndex, long x) throws SQLException {
        run(statement -> statement.setLong(parameterIndex, x));
    }

    @Override
    public void setFloat(int parameterIndex, float x) throws SQLException {
        run(statement -> statement.setFloat(parameterIndex, x));
    }

    @Override
    public void setDouble(int parameterIndex, double x) throws SQLException {
        run(statement -> statement.setDouble(parameterIndex, x));
    }

    @Override
    public void setBigDecimal(int parameterIndex, @Nullable BigDecimal x) throws SQLException {
        run(statement -> statement.setBigDecimal(parameterIndex, x));
    }

    @Override
    public void setString(int parameterIndex, @Nullable String x) throws SQLException {
        run(statement -> statement.setString(parameterIndex, x));
    }

    @Override
    public void setBytes(int parameterIndex, byte @Nullable [] x) throws SQLException {
        run(statement -> statement.setBytes(parameterIndex, x));
    }

    @Override
    public void setDate(int parameterIndex, @Nullable Date x) throws SQLException {
        run(statement -> statement.setDate(parameterIndex, x));
    }

    @Override
    public void setTime(int parameterIndex, @Nullable Time x) throws SQLException {
        run(statement -> statement.setTime(parameterIndex, x));
    }

    @Override
    public void setTimestamp(int parameterIndex, @Nullable Timestamp x) throws SQLException {
        run(statement -> statement.setTimestamp(parameterIndex, x));
    }

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterIndex, x, length));
    }

    @Override
    @Deprecated
    @SuppressWarnings("deprecation") // the driver's own
    public void setUnicodeStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        run(statement -> statement.setUnicodeStream(parameterIndex, x, length));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterIndex, x, length));
    }

    @Override
    public void clearParameters() throws SQLException {
        run(statement -> statement.clearParameters());
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, int targetSqlType) throws SQLException {
        run(statement -> statement.setObject(parameterIndex, PooledValue.driversOwn(x), targetSqlType));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x) throws SQLException {
        run(statement -> statement.setObject(parameterIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public boolean execute() throws SQLException {
        willExecute();
        return asBoolean(statement -> statement.execute());
    }

    @Override
    public void addBatch() throws SQLException {
        run(statement -> statement.addBatch());
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader, int length) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterIndex, reader, length));
    }

    @Override
    public void setRef(int parameterIndex, @Nullable Ref x) throws SQLException {
        run(statement -> statement.setRef(parameterIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable Blob x) throws SQLException {
        run(statement -> statement.setBlob(parameterIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Clob x) throws SQLException {
        run(statement -> statement.setClob(parameterIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void setArray(int parameterIndex, @Nullable Array x) throws SQLException {
        run(statement -> statement.setArray(parameterIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        return part(statement -> statement.getMetaData(), PooledRowMetaData::new);
    }

    @Override
    public void setDate(int parameterIndex, @Nullable Date x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setDate(parameterIndex, x, cal));
    }

    @Override
    public void setTime(int parameterIndex, @Nullable Time x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setTime(parameterIndex, x, cal));
    }

    @Override
    public void setTimestamp(int parameterIndex, @Nullable Timestamp x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setTimestamp(parameterIndex, x, cal));
    }

    @Override
    public void setNull(int parameterIndex, int sqlType, @Nullable String typeName) throws SQLException {
        run(statement -> statement.setNull(parameterIndex, sqlType, typeName));
    }

    @Override
    public void setURL(int parameterIndex, @Nullable URL x) throws SQLException {
        run(statement -> statement.setURL(parameterIndex, x));
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        return part(statement -> statement.getParameterMetaData(), PooledParameterMetaData::new);
    }

    @Override
    public void setRowId(int parameterIndex, @Nullable RowId x) throws SQLException {
        run(statement -> statement.setRowId(parameterIndex, x));
    }

    @Override
    public void setNString(int parameterIndex, @Nullable String value) throws SQLException {
        run(statement -> statement.setNString(parameterIndex, value));
    }

    @Override
    public void setNCharacterStream(int parameterIndex, @Nullable Reader value, long length) throws SQLException {
        run(statement -> statement.setNCharacterStream(parameterIndex, value, length));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable NClob value) throws SQLException {
        run(statement -> statement.setNClob(parameterIndex, PooledValue.driversOwn(value)));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setClob(parameterIndex, reader, length));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable InputStream inputStream, long length) throws SQLException {
        run(statement -> statement.setBlob(parameterIndex, inputStream, length));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setNClob(parameterIndex, reader, length));
    }

    @Override
    public void setSQLXML(int parameterIndex, @Nullable SQLXML xmlObject) throws SQLException {
        run(statement -> statement.setSQLXML(parameterIndex, PooledValue.driversOwn(xmlObject)));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, int targetSqlType, int scaleOrLength)
            throws SQLException {
        run(statement -> statement.setObject(parameterIndex, PooledValue.driversOwn(x), targetSqlType, scaleOrLength));
    }

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x, long length) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterIndex, x, length));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x, long length) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterIndex, x, length));
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterIndex, reader, length));
    }

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterIndex, x));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterIndex, x));
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterIndex, reader));
    }

    @Override
    public void setNCharacterStream(int parameterIndex, @Nullable Reader value) throws SQLException {
        run(statement -> statement.setNCharacterStream(parameterIndex, value));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setClob(parameterIndex, reader));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable InputStream inputStream) throws SQLException {
        run(statement -> statement.setBlob(parameterIndex, inputStream));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setNClob(parameterIndex, reader));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, @Nullable SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        run(statement -> statement.setObject(parameterIndex, PooledValue.driversOwn(x), targetSqlType, scaleOrLength));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, @Nullable SQLType targetSqlType) throws SQLException {
        run(statement -> statement.setObject(parameterIndex, PooledValue.driversOwn(x), targetSqlType));
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        willExecute();
        return asLong(statement -> statement.executeLargeUpdate());
    }
}
