package dev.tentpole.pool;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A result set of a pooled connection; closed with its statement. */
final class PooledResultSet extends ResultSetUpdates {

    private final @Nullable PooledStatement<?> statement;

    /** The statement is the caller's, or null for what the database says about itself. */
    PooledResultSet(PooledConnection connection, @Nullable PooledStatement<?> statement, ResultSet rows) {
        super(connection, rows);
        this.statement = statement;
    }

    /** Of no statement of the borrower's; closed when the connection comes back. */
    static PooledResultSet alone(PooledConnection connection, ResultSet rows) {
        return new PooledResultSet(connection, null, connection.session().opened(rows));
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        check();
        return statement;
    }

    @Override
    public void close() throws SQLException {
        if (statement == null && isUsable()) {
            connection().session().forget(delegate());
        }
        closeDelegate(delegate());
        if (statement != null) {
            statement.resultSetClosed();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return !isUsable() || asBoolean(ResultSet::isClosed);
    }

    @Override
    public boolean next() throws SQLException {
        return asBoolean(resultSet -> resultSet.next());
    }

    @Override
    public boolean wasNull() throws SQLException {
        return asBoolean(resultSet -> resultSet.wasNull());
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        return get(resultSet -> resultSet.getWarnings());
    }

    @Override
    public void clearWarnings() throws SQLException {
        run(resultSet -> resultSet.clearWarnings());
    }

    @Override
    public String getCursorName() throws SQLException {
        return get(resultSet -> resultSet.getCursorName());
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return part(resultSet -> resultSet.getMetaData(), PooledRowMetaData::new);
    }

    @Override
    public int findColumn(String columnLabel) throws SQLException {
        return asInt(resultSet -> resultSet.findColumn(columnLabel));
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return asBoolean(resultSet -> resultSet.isBeforeFirst());
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return asBoolean(resultSet -> resultSet.isAfterLast());
    }

    @Override
    public boolean isFirst() throws SQLException {
        return asBoolean(resultSet -> resultSet.isFirst());
    }

    @Override
    public boolean isLast() throws SQLException {
        return asBoolean(resultSet -> resultSet.isLast());
    }

    @Override
    public void beforeFirst() throws SQLException {
        run(resultSet -> resultSet.beforeFirst());
    }

    @Override
    public void afterLast() throws SQLException {
        run(resultSet -> resultSet.afterLast());
    }

    @Override
    public boolean first() throws SQLException {
        return asBoolean(resultSet -> resultSet.first());
    }

    @Override
    public boolean last() throws SQLException {
        return asBoolean(resultSet -> resultSet.last());
    }

    @Override
    public int getRow() throws SQLException {
        return asInt(resultSet -> resultSet.getRow());
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        return asBoolean(resultSet -> resultSet.absolute(row));
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        return asBoolean(resultSet -> resultSet.relative(rows));
    }

    @Override
    public boolean previous() throws SQLException {
        return asBoolean(resultSet -> resultSet.previous());
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        run(resultSet -> resultSet.setFetchDirection(direction));
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return asInt(resultSet -> resultSet.getFetchDirection());
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        run(resultSet -> resultSet.setFetchSize(rows));
    }

    @Override
    public int getFetchSize() throws SQLException {
        return asInt(resultSet -> resultSet.getFetchSize());
    }

    @Override
    public int getType() throws SQLException {
        return asInt(resultSet -> resultSet.getType());
    }

    @Override
    public int getConcurrency() throws SQLException {
        return asInt(resultSet -> resultSet.getConcurrency());
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return asBoolean(resultSet -> resultSet.rowUpdated());
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return asBoolean(resultSet -> resultSet.rowInserted());
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return asBoolean(resultSet -> resultSet.rowDeleted());
    }

    @Override
    public void insertRow() throws SQLException {
        willExecute();
        run(resultSet -> resultSet.insertRow());
    }

    @Override
    public void updateRow() throws SQLException {
        willExecute();
        run(resultSet -> resultSet.updateRow());
    }

    @Override
    public void deleteRow() throws SQLException {
        willExecute();
        run(resultSet -> resultSet.deleteRow());
    }

    @Override
    public void refreshRow() throws SQLException {
        run(resultSet -> resultSet.refreshRow());
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        run(resultSet -> resultSet.cancelRowUpdates());
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        run(resultSet -> resultSet.moveToInsertRow());
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        run(resultSet -> resultSet.moveToCurrentRow());
    }

    @Override
    public int getHoldability() throws SQLException {
        return asInt(resultSet -> resultSet.getHoldability());
    }
}
