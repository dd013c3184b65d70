package dev.tentpole.pool;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A statement of a pooled connection; closed when the connection is given back. */
sealed class PooledStatement<S extends Statement> extends Guarded<S> implements Statement permits PooledPrepared {

    private boolean closesOnCompletion;

    PooledStatement(PooledConnection connection, S statement) {
        super(connection, statement);
    }

    @Override
    public Connection getConnection() throws SQLException {
        check();
        return connection();
    }

    @Override
    public void close() throws SQLException {
        if (isUsable()) {
            connection().session().forget(delegate());
        }
        closeDelegate(delegate());
    }

    @Override
    public boolean isClosed() throws SQLException {
        return !isUsable() || asBoolean(Statement::isClosed);
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        run(Statement::closeOnCompletion);
        closesOnCompletion = true;
    }

    /** One of its result sets was closed, and with the last one it may have been itself. */
    final void resultSetClosed() throws SQLException {
        if (closesOnCompletion && isUsable() && asBoolean(Statement::isClosed)) {
            connection().session().forget(delegate());
            closedItself();
        }
    }

    @Override
    public boolean isCloseOnCompletion() throws SQLException {
        return asBoolean(Statement::isCloseOnCompletion);
    }

    final ResultSet rows(Fetch<S, @Nullable ResultSet> query) throws SQLException {
        return part(query, (connection, rows) -> new PooledResultSet(connection, this, rows));
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        willExecute();
        return rows(statement -> statement.executeQuery(sql));
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        willExecute();
        return asInt(statement -> statement.executeUpdate(sql));
    }

    @Override
    public int getMaxFieldSize() throws SQLException {
        return asInt(statement -> statement.getMaxFieldSize());
    }

    @Override
    public void setMaxFieldSize(int max) throws SQLException {
        run(statement -> statement.setMaxFieldSize(max));
    }

    @Override
    public int getMaxRows() throws SQLException {
        return asInt(statement -> statement.getMaxRows());
    }

    @Override
    public void setMaxRows(int max) throws SQLException {
        run(statement -> statement.setMaxRows(max));
    }

    @Override
    public void setEscapeProcessing(boolean enable) throws SQLException {
        run(statement -> statement.setEscapeProcessing(enable));
    }

    @Override
    public int getQueryTimeout() throws SQLException {
        return asInt(statement -> statement.getQueryTimeout());
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        run(statement -> statement.setQueryTimeout(seconds));
    }

    @Override
    public void cancel() throws SQLException {
        run(statement -> statement.cancel());
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        return get(statement -> statement.getWarnings());
    }

    @Override
    public void clearWarnings() throws SQLException {
        run(statement -> statement.clearWarnings());
    }

    @Override
    public void setCursorName(@Nullable String name) throws SQLException {
        run(statement -> statement.setCursorName(name));
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        willExecute();
        return asBoolean(statement -> statement.execute(sql));
    }

    @Override
    public @Nullable ResultSet getResultSet() throws SQLException {
        return rows(statement -> statement.getResultSet());
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return asInt(statement -> statement.getUpdateCount());
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return asBoolean(statement -> statement.getMoreResults());
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        run(statement -> statement.setFetchDirection(direction));
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return asInt(statement -> statement.getFetchDirection());
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        run(statement -> statement.setFetchSize(rows));
    }

    @Override
    public int getFetchSize() throws SQLException {
        return asInt(statement -> statement.getFetchSize());
    }

    @Override
    public int getResultSetConcurrency() throws SQLException {
        return asInt(statement -> statement.getResultSetConcurrency());
    }

    @Override
    public int getResultSetType() throws SQLException {
        return asInt(statement -> statement.getResultSetType());
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        run(statement -> statement.addBatch(sql));
    }

    @Override
    public void clearBatch() throws SQLException {
        run(statement -> statement.clearBatch());
    }

    @Override
    public int[] executeBatch() throws SQLException {
        willExecute();
        return get(statement -> statement.executeBatch());
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        return asBoolean(statement -> statement.getMoreResults(current));
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        return rows(statement -> statement.getGeneratedKeys());
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        willExecute();
        return asInt(statement -> statement.executeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public int executeUpdate(String sql, int @Nullable [] columnIndexes) throws SQLException {
        willExecute();
        return asInt(statement -> statement.executeUpdate(sql, columnIndexes));
    }

    @Override
    public int executeUpdate(String sql, String @Nullable [] columnNames) throws SQLException {
        willExecute();
        return asInt(statement -> statement.executeUpdate(sql, columnNames));
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        willExecute();
        return asBoolean(statement -> statement.execute(sql, autoGeneratedKeys));
    }

    @Override
    public boolean execute(String sql, int @Nullable [] columnIndexes) throws SQLException {
        willExecute();
        return asBoolean(statement -> statement.execute(sql, columnIndexes));
    }

    @Override
    public boolean execute(String sql, String @Nullable [] columnNames) throws SQLException {
        willExecute();
        return asBoolean(statement -> statement.execute(sql, columnNames));
    }

    @Override
    public int getResultSetHoldability() throws SQLException {
        return asInt(statement -> statement.getResultSetHoldability());
    }

    @Override
    public void setPoolable(boolean poolable) throws SQLException {
        run(statement -> statement.setPoolable(poolable));
    }

    @Override
    public boolean isPoolable() throws SQLException {
        return asBoolean(statement -> statement.isPoolable());
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        return asLong(statement -> statement.getLargeUpdateCount());
    }

    @Override
    public void setLargeMaxRows(long max) throws SQLException {
        run(statement -> statement.setLargeMaxRows(max));
    }

    @Override
    public long getLargeMaxRows() throws SQLException {
        return asLong(statement -> statement.getLargeMaxRows());
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        willExecute();
        return get(statement -> statement.executeLargeBatch());
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        willExecute();
        return asLong(statement -> statement.executeLargeUpdate(sql));
    }

    @Override
    public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        willExecute();
        return asLong(statement -> statement.executeLargeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public long executeLargeUpdate(String sql, int @Nullable [] columnIndexes) throws SQLException {
        willExecute();
        return asLong(statement -> statement.executeLargeUpdate(sql, columnIndexes));
    }

    @Override
    public long executeLargeUpdate(String sql, String @Nullable [] columnNames) throws SQLException {
        willExecute();
        return asLong(statement -> statement.executeLargeUpdate(sql, columnNames));
    }

    @Override
    public String enquoteLiteral(@Nullable String val) throws SQLException {
        return get(statement -> statement.enquoteLiteral(val));
    }

    @Override
    public String enquoteIdentifier(@Nullable String identifier, boolean alwaysQuote) throws SQLException {
        return get(statement -> statement.enquoteIdentifier(identifier, alwaysQuote));
    }

    @Override
    public boolean isSimpleIdentifier(@Nullable String identifier) throws SQLException {
        return asBoolean(statement -> statement.isSimpleIdentifier(identifier));
    }

    @Override
    public String enquoteNCharLiteral(@Nullable String val) throws SQLException {
        return get(statement -> statement.enquoteNCharLiteral(val));
    }
}
