package dev.tentpole.pool;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** A call of a procedure over a pooled connection. */
final class PooledCallable extends CallableReads {

    PooledCallable(PooledConnection connection, CallableStatement statement) {
        super(connection, statement);
    }

    @Override
    public void registerOutParameter(int parameterIndex, int sqlType) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType));
    }

    @Override
    public void registerOutParameter(int parameterIndex, int sqlType, int scale) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType, scale));
    }

    @Override
    public void registerOutParameter(int parameterIndex, int sqlType, @Nullable String typeName) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType, typeName));
    }

    @Override
    public void registerOutParameter(String parameterName, int sqlType) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType));
    }

    @Override
    public void registerOutParameter(String parameterName, int sqlType, int scale) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType, scale));
    }

    @Override
    public void registerOutParameter(String parameterName, int sqlType, @Nullable String typeName) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType, typeName));
    }

    @Override
    public void setURL(String parameterName, @Nullable URL val) throws SQLException {
        run(statement -> statement.setURL(parameterName, val));
    }

    @Override
    public void setNull(String parameterName, int sqlType) throws SQLException {
        run(statement -> statement.setNull(parameterName, sqlType));
    }

    @Override
    public void setBoolean(String parameterName, boolean x) throws SQLException {
        run(statement -> statement.setBoolean(parameterName, x));
    }

    @Override
    public void setByte(String parameterName, byte x) throws SQLException {
        run(statement -> statement.setByte(parameterName, x));
    }

    @Override
    public void setShort(String parameterName, short x) throws SQLException {
        run(statement -> statement.setShort(parameterName, x));
    }

    @Override
    public void setInt(String parameterName, int x) throws SQLException {
        run(statement -> statement.setInt(parameterName, x));
    }

    @Override
    public void setLong(String parameterName, long x) throws SQLException {
        run(statement -> statement.setLong(parameterName, x));
    }

    @Override
    public void setFloat(String parameterName, float x) throws SQLException {
        run(statement -> statement.setFloat(parameterName, x));
    }

    @Override
    public void setDouble(String parameterName, double x) throws SQLException {
        run(statement -> statement.setDouble(parameterName, x));
    }

    @Override
    public void setBigDecimal(String parameterName, @Nullable BigDecimal x) throws SQLException {
        run(statement -> statement.setBigDecimal(parameterName, x));
    }

    @Override
    public void setString(String parameterName, @Nullable String x) throws SQLException {
        run(statement -> statement.setString(parameterName, x));
    }

    @Override
    public void setBytes(String parameterName, byte @Nullable [] x) throws SQLException {
        run(statement -> statement.setBytes(parameterName, x));
    }

    @Override
    public void setDate(String parameterName, @Nullable Date x) throws SQLException {
        run(statement -> statement.setDate(parameterName, x));
    }

    @Override
    public void setTime(String parameterName, @Nullable Time x) throws SQLException {
        run(statement -> statement.setTime(parameterName, x));
    }

    @Override
    public void setTimestamp(String parameterName, @Nullable Timestamp x) throws SQLException {
        run(statement -> statement.setTimestamp(parameterName, x));
    }

    @Override
    public void setAsciiStream(String parameterName, @Nullable InputStream x, int length) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterName, x, length));
    }

    @Override
    public void setBinaryStream(String parameterName, @Nullable InputStream x, int length) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterName, x, length));
    }

    @Override
    public void setObject(String parameterName, @Nullable Object x, int targetSqlType, int scale) throws SQLException {
        run(statement -> statement.setObject(parameterName, PooledValue.driversOwn(x), targetSqlType, scale));
    }

    @Override
    public void setObject(String parameterName, @Nullable Object x, int targetSqlType) throws SQLException {
        run(statement -> statement.setObject(parameterName, PooledValue.driversOwn(x), targetSqlType));
    }

    @Override
    public void setObject(String parameterName, @Nullable Object x) throws SQLException {
        run(statement -> statement.setObject(parameterName, PooledValue.driversOwn(x)));
    }

    @Override
    public void setCharacterStream(String parameterName, @Nullable Reader reader, int length) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterName, reader, length));
    }

    @Override
    public void setDate(String parameterName, @Nullable Date x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setDate(parameterName, x, cal));
    }

    @Override
    public void setTime(String parameterName, @Nullable Time x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setTime(parameterName, x, cal));
    }

    @Override
    public void setTimestamp(String parameterName, @Nullable Timestamp x, @Nullable Calendar cal) throws SQLException {
        run(statement -> statement.setTimestamp(parameterName, x, cal));
    }

    @Override
    public void setNull(String parameterName, int sqlType, @Nullable String typeName) throws SQLException {
        run(statement -> statement.setNull(parameterName, sqlType, typeName));
    }

    @Override
    public void setRowId(String parameterName, @Nullable RowId x) throws SQLException {
        run(statement -> statement.setRowId(parameterName, x));
    }

    @Override
    public void setNString(String parameterName, @Nullable String value) throws SQLException {
        run(statement -> statement.setNString(parameterName, value));
    }

    @Override
    public void setNCharacterStream(String parameterName, @Nullable Reader value, long length) throws SQLException {
        run(statement -> statement.setNCharacterStream(parameterName, value, length));
    }

    @Override
    public void setNClob(String parameterName, @Nullable NClob value) throws SQLException {
        run(statement -> statement.setNClob(parameterName, PooledValue.driversOwn(value)));
    }

    @Override
    public void setClob(String parameterName, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setClob(parameterName, reader, length));
    }

    @Override
    public void setBlob(String parameterName, @Nullable InputStream inputStream, long length) throws SQLException {
        run(statement -> statement.setBlob(parameterName, inputStream, length));
    }

    @Override
    public void setNClob(String parameterName, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setNClob(parameterName, reader, length));
    }

    @Override
    public void setSQLXML(String parameterName, @Nullable SQLXML xmlObject) throws SQLException {
        run(statement -> statement.setSQLXML(parameterName, PooledValue.driversOwn(xmlObject)));
    }

    @Override
    public void setBlob(String parameterName, @Nullable Blob x) throws SQLException {
        run(statement -> statement.setBlob(parameterName, PooledValue.driversOwn(x)));
    }

    @Override
    public void setClob(String parameterName, @Nullable Clob x) throws SQLException {
        run(statement -> statement.setClob(parameterName, PooledValue.driversOwn(x)));
    }

    @Override
    public void setAsciiStream(String parameterName, @Nullable InputStream x, long length) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterName, x, length));
    }

    @Override
    public void setBinaryStream(String parameterName, @Nullable InputStream x, long length) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterName, x, length));
    }

    @Override
    public void setCharacterStream(String parameterName, @Nullable Reader reader, long length) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterName, reader, length));
    }

    @Override
    public void setAsciiStream(String parameterName, @Nullable InputStream x) throws SQLException {
        run(statement -> statement.setAsciiStream(parameterName, x));
    }

    @Override
    public void setBinaryStream(String parameterName, @Nullable InputStream x) throws SQLException {
        run(statement -> statement.setBinaryStream(parameterName, x));
    }

    @Override
    public void setCharacterStream(String parameterName, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setCharacterStream(parameterName, reader));
    }

    @Override
    public void setNCharacterStream(String parameterName, @Nullable Reader value) throws SQLException {
        run(statement -> statement.setNCharacterStream(parameterName, value));
    }

    @Override
    public void setClob(String parameterName, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setClob(parameterName, reader));
    }

    @Override
    public void setBlob(String parameterName, @Nullable InputStream inputStream) throws SQLException {
        run(statement -> statement.setBlob(parameterName, inputStream));
    }

    @Override
    public void setNClob(String parameterName, @Nullable Reader reader) throws SQLException {
        run(statement -> statement.setNClob(parameterName, reader));
    }

    @Override
    public void setObject(String parameterName, @Nullable Object x, @Nullable SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        run(statement -> statement.setObject(parameterName, PooledValue.driversOwn(x), targetSqlType, scaleOrLength));
    }

    @Override
    public void setObject(String parameterName, @Nullable Object x, @Nullable SQLType targetSqlType)
            throws SQLException {
        run(statement -> statement.setObject(parameterName, PooledValue.driversOwn(x), targetSqlType));
    }

    @Override
    public void registerOutParameter(int parameterIndex, @Nullable SQLType sqlType) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType));
    }

    @Override
    public void registerOutParameter(int parameterIndex, @Nullable SQLType sqlType, int scale) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType, scale));
    }

    @Override
    public void registerOutParameter(int parameterIndex, @Nullable SQLType sqlType, @Nullable String typeName)
            throws SQLException {
        run(statement -> statement.registerOutParameter(parameterIndex, sqlType, typeName));
    }

    @Override
    public void registerOutParameter(String parameterName, @Nullable SQLType sqlType) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType));
    }

    @Override
    public void registerOutParameter(String parameterName, @Nullable SQLType sqlType, int scale) throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType, scale));
    }

    @Override
    public void registerOutParameter(String parameterName, @Nullable SQLType sqlType, @Nullable String typeName)
            throws SQLException {
        run(statement -> statement.registerOutParameter(parameterName, sqlType, typeName));
    }
}
