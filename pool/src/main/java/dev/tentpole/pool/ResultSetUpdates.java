package dev.tentpole.pool;

import java.io.InputStream;
import java.io.Reader;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import org.jspecify.annotations.Nullable;

/** New values for the current row, of the large kinds. */
abstract sealed class ResultSetUpdates extends ResultSetScalarUpdates permits PooledResultSet {

    ResultSetUpdates(PooledConnection connection, ResultSet rows) {
        super(connection, rows);
    }

    @Override
    public void updateBytes(int columnIndex, byte @Nullable [] x) throws SQLException {
        run(resultSet -> resultSet.updateBytes(columnIndex, x));
    }

    @Override
    public void updateAsciiStream(int columnIndex, @Nullable InputStream x, int length) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnIndex, x, length));
    }

    @Override
    public void updateBinaryStream(int columnIndex, @Nullable InputStream x, int length) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnIndex, x, length));
    }

    @Override
    public void updateCharacterStream(int columnIndex, @Nullable Reader x, int length) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnIndex, x, length));
    }

    @Override
    public void updateBytes(String columnLabel, byte @Nullable [] x) throws SQLException {
        run(resultSet -> resultSet.updateBytes(columnLabel, x));
    }

    @Override
    public void updateAsciiStream(String columnLabel, @Nullable InputStream x, int length) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnLabel, x, length));
    }

    @Override
    public void updateBinaryStream(String columnLabel, @Nullable InputStream x, int length) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnLabel, x, length));
    }

    @Override
    public void updateCharacterStream(String columnLabel, @Nullable Reader reader, int length) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnLabel, reader, length));
    }

    @Override
    public void updateRef(int columnIndex, @Nullable Ref x) throws SQLException {
        run(resultSet -> resultSet.updateRef(columnIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateRef(String columnLabel, @Nullable Ref x) throws SQLException {
        run(resultSet -> resultSet.updateRef(columnLabel, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateBlob(int columnIndex, @Nullable Blob x) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateBlob(String columnLabel, @Nullable Blob x) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnLabel, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateClob(int columnIndex, @Nullable Clob x) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateClob(String columnLabel, @Nullable Clob x) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnLabel, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateArray(int columnIndex, @Nullable Array x) throws SQLException {
        run(resultSet -> resultSet.updateArray(columnIndex, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateArray(String columnLabel, @Nullable Array x) throws SQLException {
        run(resultSet -> resultSet.updateArray(columnLabel, PooledValue.driversOwn(x)));
    }

    @Override
    public void updateRowId(int columnIndex, @Nullable RowId x) throws SQLException {
        run(resultSet -> resultSet.updateRowId(columnIndex, x));
    }

    @Override
    public void updateRowId(String columnLabel, @Nullable RowId x) throws SQLException {
        run(resultSet -> resultSet.updateRowId(columnLabel, x));
    }

    @Override
    public void updateNClob(int columnIndex, @Nullable NClob nClob) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnIndex, PooledValue.driversOwn(nClob)));
    }

    @Override
    public void updateNClob(String columnLabel, @Nullable NClob nClob) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnLabel, PooledValue.driversOwn(nClob)));
    }

    @Override
    public void updateSQLXML(int columnIndex, @Nullable SQLXML xmlObject) throws SQLException {
        run(resultSet -> resultSet.updateSQLXML(columnIndex, PooledValue.driversOwn(xmlObject)));
    }

    @Override
    public void updateSQLXML(String columnLabel, @Nullable SQLXML xmlObject) throws SQLException {
        run(resultSet -> resultSet.updateSQLXML(columnLabel, PooledValue.driversOwn(xmlObject)));
    }

    @Override
    public void updateNCharacterStream(int columnIndex, @Nullable Reader x, long length) throws SQLException {
        run(resultSet -> resultSet.updateNCharacterStream(columnIndex, x, length));
    }

    @Override
    public void updateNCharacterStream(String columnLabel, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateNCharacterStream(columnLabel, reader, length));
    }

    @Override
    public void updateAsciiStream(int columnIndex, @Nullable InputStream x, long length) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnIndex, x, length));
    }

    @Override
    public void updateBinaryStream(int columnIndex, @Nullable InputStream x, long length) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnIndex, x, length));
    }

    @Override
    public void updateCharacterStream(int columnIndex, @Nullable Reader x, long length) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnIndex, x, length));
    }

    @Override
    public void updateAsciiStream(String columnLabel, @Nullable InputStream x, long length) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnLabel, x, length));
    }

    @Override
    public void updateBinaryStream(String columnLabel, @Nullable InputStream x, long length) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnLabel, x, length));
    }

    @Override
    public void updateCharacterStream(String columnLabel, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnLabel, reader, length));
    }

    @Override
    public void updateBlob(int columnIndex, @Nullable InputStream inputStream, long length) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnIndex, inputStream, length));
    }

    @Override
    public void updateBlob(String columnLabel, @Nullable InputStream inputStream, long length) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnLabel, inputStream, length));
    }

    @Override
    public void updateClob(int columnIndex, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnIndex, reader, length));
    }

    @Override
    public void updateClob(String columnLabel, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnLabel, reader, length));
    }

    @Override
    public void updateNClob(int columnIndex, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnIndex, reader, length));
    }

    @Override
    public void updateNClob(String columnLabel, @Nullable Reader reader, long length) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnLabel, reader, length));
    }

    @Override
    public void updateNCharacterStream(int columnIndex, @Nullable Reader x) throws SQLException {
        run(resultSet -> resultSet.updateNCharacterStream(columnIndex, x));
    }

    @Override
    public void updateNCharacterStream(String columnLabel, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateNCharacterStream(columnLabel, reader));
    }

    @Override
    public void updateAsciiStream(int columnIndex, @Nullable InputStream x) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnIndex, x));
    }

    @Override
    public void updateBinaryStream(int columnIndex, @Nullable InputStream x) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnIndex, x));
    }

    @Override
    public void updateCharacterStream(int columnIndex, @Nullable Reader x) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnIndex, x));
    }

    @Override
    public void updateAsciiStream(String columnLabel, @Nullable InputStream x) throws SQLException {
        run(resultSet -> resultSet.updateAsciiStream(columnLabel, x));
    }

    @Override
    public void updateBinaryStream(String columnLabel, @Nullable InputStream x) throws SQLException {
        run(resultSet -> resultSet.updateBinaryStream(columnLabel, x));
    }

    @Override
    public void updateCharacterStream(String columnLabel, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateCharacterStream(columnLabel, reader));
    }

    @Override
    public void updateBlob(int columnIndex, @Nullable InputStream inputStream) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnIndex, inputStream));
    }

    @Override
    public void updateBlob(String columnLabel, @Nullable InputStream inputStream) throws SQLException {
        run(resultSet -> resultSet.updateBlob(columnLabel, inputStream));
    }

    @Override
    public void updateClob(int columnIndex, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnIndex, reader));
    }

    @Override
    public void updateClob(String columnLabel, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateClob(columnLabel, reader));
    }

    @Override
    public void updateNClob(int columnIndex, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnIndex, reader));
    }

    @Override
    public void updateNClob(String columnLabel, @Nullable Reader reader) throws SQLException {
        run(resultSet -> resultSet.updateNClob(columnLabel, reader));
    }
}
