package dev.tentpole.pool;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Time;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;

/** New values for the current row, of the simple kinds. */
abstract sealed class ResultSetScalarUpdates extends ResultSetReads permits ResultSetUpdates {

    ResultSetScalarUpdates(PooledConnection connection, ResultSet rows) {
        super(connection, rows);
    }

    @Override
    public void updateNull(int columnIndex) throws SQLException {
        run(resultSet -> resultSet.updateNull(columnIndex));
    }

    @Override
    public void updateBoolean(int columnIndex, boolean x) throws SQLException {
        run(resultSet -> resultSet.updateBoolean(columnIndex, x));
    }

    @Override
    public void updateByte(int columnIndex, byte x) throws SQLException {
        run(resultSet -> resultSet.updateByte(columnIndex, x));
    }

    @Override
    public void updateShort(int columnIndex, short x) throws SQLException {
        run(resultSet -> resultSet.updateShort(columnIndex, x));
    }

    @Override
    public void updateInt(int columnIndex, int x) throws SQLException {
        run(resultSet -> resultSet.updateInt(columnIndex, x));
    }

    @Override
    public void updateLong(int columnIndex, long x) throws SQLException {
        run(resultSet -> resultSet.updateLong(columnIndex, x));
    }

    @Override
    public void updateFloat(int columnIndex, float x) throws SQLException {
        run(resultSet -> resultSet.updateFloat(columnIndex, x));
    }

    @Override
    public void updateDouble(int columnIndex, double x) throws SQLException {
        run(resultSet -> resultSet.updateDouble(columnIndex, x));
    }

    @Override
    public void updateBigDecimal(int columnIndex, @Nullable BigDecimal x) throws SQLException {
        run(resultSet -> resultSet.updateBigDecimal(columnIndex, x));
    }

    @Override
    public void updateString(int columnIndex, @Nullable String x) throws SQLException {
        run(resultSet -> resultSet.updateString(columnIndex, x));
    }

    @Override
    public void updateDate(int columnIndex, @Nullable Date x) throws SQLException {
        run(resultSet -> resultSet.updateDate(columnIndex, x));
    }

    @Override
    public void updateTime(int columnIndex, @Nullable Time x) throws SQLException {
        run(resultSet -> resultSet.updateTime(columnIndex, x));
    }

    @Override
    public void updateTimestamp(int columnIndex, @Nullable Timestamp x) throws SQLException {
        run(resultSet -> resultSet.updateTimestamp(columnIndex, x));
    }

    @Override
    public void updateObject(int columnIndex, @Nullable Object x, int scaleOrLength) throws SQLException {
        run(resultSet -> resultSet.updateObject(columnIndex, PooledValue.driversOwn(x), scaleOrLength));
    }

    @Override
    public void updateObject(int columnIndex, @Nullable Object x) throws SQLException {
        run(resultSet -> resultSet.updateObject(columnIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateNull(String columnLabel) throws SQLException {
        run(resultSet -> resultSet.updateNull(columnLabel));
    }

    @Override
    public void updateBoolean(String columnLabel, boolean x) throws SQLException {
        run(resultSet -> resultSet.updateBoolean(columnLabel, x));
    }

    @Override
    public void updateByte(String columnLabel, byte x) throws SQLException {
        run(resultSet -> resultSet.updateByte(columnLabel, x));
    }

    @Override
    public void updateShort(String columnLabel, short x) throws SQLException {
        run(resultSet -> resultSet.updateShort(columnLabel, x));
    }

    @Override
    public void updateInt(String columnLabel, int x) throws SQLException {
        run(resultSet -> resultSet.updateInt(columnLabel, x));
    }

    @Override
    public void updateLong(String columnLabel, long x) throws SQLException {
        run(resultSet -> resultSet.updateLong(columnLabel, x));
    }

    @Override
    public void updateFloat(String columnLabel, float x) throws SQLException {
        run(resultSet -> resultSet.updateFloat(columnLabel, x));
    }

    @Override
    public void updateDouble(String columnLabel, double x) throws SQLException {
        run(resultSet -> resultSet.updateDouble(columnLabel, x));
    }

    @Override
    public void updateBigDecimal(String columnLabel, @Nullable BigDecimal x) throws SQLException {
        run(resultSet -> resultSet.updateBigDecimal(columnLabel, x));
    }

    @Override
    public void updateString(String columnLabel, @Nullable String x) throws SQLException {
        run(resultSet -> resultSet.updateString(columnLabel, x));
    }

    @Override
    public void updateDate(String columnLabel, @Nullable Date x) throws SQLException {
        run(resultSet -> resultSet.updateDate(columnLabel, x));
    }

    @Override
    public void updateTime(String columnLabel, @Nullable Time x) throws SQLException {
        run(resultSet -> resultSet.updateTime(columnLabel, x));
    }

    @Override
    public void updateTimestamp(String columnLabel, @Nullable Timestamp x) throws SQLException {
        run(resultSet -> resultSet.updateTimestamp(columnLabel, x));
    }

    @Override
    public void updateObject(String columnLabel, @Nullable Object x, int scaleOrLength) throws SQLException {
        run(resultSet -> resultSet.updateObject(columnLabel, PooledValue.driversOwn(x), scaleOrLength));
    }

    @Override
    public void updateObject(String columnLabel, @Nullable Object x) throws SQLException {
        run(resultSet -> resultSet.updateObject(columnLabel, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateNString(int columnIndex, @Nullable String nString) throws SQLException {
        run(resultSet -> resultSet.updateNString(columnIndex, nString));
    }

    @Override
    public void updateNString(String columnLabel, @Nullable String nString) throws SQLException {
        run(resultSet -> resultSet.updateNString(columnLabel, nString));
    }

    @Override
    public void updateObject(int columnIndex, @Nullable Object x, @Nullable SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        run(resultSet -> resultSet.updateObject(columnIndex, PooledValue.driversOwn(x), targetSqlType, scaleOrLength));
    }

    @Override
    public void updateObject(String columnLabel, @Nullable Object x, @Nullable SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        run(resultSet -> resultSet.updateObject(columnLabel, PooledValue.driversOwn(x), targetSqlType, scaleOrLength));
    }

    @Override
    public void updateObject(int columnIndex, @Nullable Object x, @Nullable SQLType targetSqlType) throws SQLException {
        run(resultSet -> resultSet.updateObject(columnIndex, PooledValue.driversOwn(x), targetSqlType));
    }

    @Override
    public void updateObject(String columnLabel, @Nullable Object x, @Nullable SQLType targetSqlType)
            throws SQLException {
        run(resultSet -> resultSet.updateObject(columnLabel, PooledValue.driversOwn(x), targetSqlType));
    }
}
