package dev.tentpole.pool;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connection on loan: gives itself back when it is closed. */
final class PooledConnection extends Unwrappable<Connection> implements Connection {

    private final Lease<JdbcSession> lease;
    private final JdbcSession session;

    PooledConnection(Lease<JdbcSession> lease, JdbcSession session) {
        super(session.connection());
        this.lease = lease;
        this.session = session;
    }

    @Override
    PooledConnection connection() {
        return this;
    }

    @Override
    boolean isUsable() {
        return lease.isOpen();
    }

    JdbcSession session() {
        return session;
    }

    /** Takes the connection away from its borrower if that exception says that it is broken. */
    SQLException examined(SQLException e) {
        if (session.isBroken(e)) {
            lease.invalidate(e);
        }
        return e;
    }

    @Override
    public void close() {
        if (lease.isOpen()) {
            session.warningsAreOld();
            lease.close();
        }
    }

    @Override
    public boolean isClosed() {
        return !isUsable();
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        // The loan ends first: after that the connection can't be that of the next borrower.
        if (lease.tryInvalidate(new SQLException("aborted by its borrower"))) {
            delegate().abort(executor);
        }
    }

    @Override
    public boolean isValid(int timeout) throws SQLException {
        if (!isUsable()) {
            return false;
        }
        willExecute();
        return asBoolean(connection -> connection.isValid(timeout));
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        willExecute();
        return part(Connection::getMetaData, PooledMetaData::new);
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        session.willChange(JdbcSession.AUTO_COMMIT, this);
        run(connection -> connection.setAutoCommit(autoCommit));
        session.autoCommitIs(autoCommit);
    }

    @Override
    public void commit() throws SQLException {
        run(Connection::commit);
        session.transactionEnded();
    }

    @Override
    public void rollback() throws SQLException {
        run(Connection::rollback);
        session.transactionEnded();
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        run(connection -> connection.rollback(PooledValue.driversOwn(savepoint)));
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        willExecute();
        return part(Connection::setSavepoint, PooledSavepoint::new);
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        willExecute();
        return part(connection -> connection.setSavepoint(name), PooledSavepoint::new);
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        check();
        session.forgetOldWarnings();
        return get(Connection::getWarnings);
    }

    @Override
    public void clearWarnings() throws SQLException {
        run(Connection::clearWarnings);
    }

    @Override
    public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
        try {
            session.willChange(JdbcSession.CLIENT_INFO, this);
            run(connection -> connection.setClientInfo(name, value));
        } catch (SQLException e) {
            throw clientInfo(e);
        }
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        try {
            session.willChange(JdbcSession.CLIENT_INFO, this);
            run(connection -> connection.setClientInfo(properties));
        } catch (SQLException e) {
            throw clientInfo(e);
        }
    }

    private static SQLClientInfoException clientInfo(SQLException e) {
        return e instanceof SQLClientInfoException already
                ? already
                : new SQLClientInfoException(e.getMessage(), e.getSQLState(), e.getErrorCode(), Map.of(), e);
    }

    private Statement statement(Fetch<Connection, Statement> open) throws SQLException {
        return part(open, (self, statement) -> new PooledStatement<>(self, session.opened(statement)));
    }

    private PreparedStatement prepared(Fetch<Connection, PreparedStatement> open) throws SQLException {
        return part(open, (self, statement) -> new PooledPrepared<>(self, session.opened(statement)));
    }

    private CallableStatement callable(Fetch<Connection, CallableStatement> open) throws SQLException {
        return part(open, (self, statement) -> new PooledCallable(self, session.opened(statement)));
    }

    @Override
    public String toString() {
        return "PooledConnection[" + (isUsable() ? session.connection() : "closed") + "]";
    }

    @Override
    public Statement createStatement() throws SQLException {
        return statement(connection -> connection.createStatement());
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepared(connection -> connection.prepareStatement(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return callable(connection -> connection.prepareCall(sql));
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency) throws SQLException {
        return statement(connection -> connection.createStatement(resultSetType, resultSetConcurrency));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int resultSetType, int resultSetConcurrency)
            throws SQLException {
        return prepared(connection -> connection.prepareStatement(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public CallableStatement prepareCall(String sql, int resultSetType, int resultSetConcurrency) throws SQLException {
        return callable(connection -> connection.prepareCall(sql, resultSetType, resultSetConcurrency));
    }

    @Override
    public Statement createStatement(int resultSetType, int resultSetConcurrency, int resultSetHoldability)
            throws SQLException {
        return statement(
                connection -> connection.createStatement(resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public PreparedStatement prepareStatement(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        return prepared(connection ->
                connection.prepareStatement(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public CallableStatement prepareCall(
            String sql, int resultSetType, int resultSetConcurrency, int resultSetHoldability) throws SQLException {
        return callable(
                connection -> connection.prepareCall(sql, resultSetType, resultSetConcurrency, resultSetHoldability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return prepared(connection -> connection.prepareStatement(sql, autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int @Nullable [] columnIndexes) throws SQLException {
        return prepared(connection -> connection.prepareStatement(sql, columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String @Nullable [] columnNames) throws SQLException {
        return prepared(connection -> connection.prepareStatement(sql, columnNames));
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        session().willChange(JdbcSession.READ_ONLY, this);
        run(connection -> connection.setReadOnly(readOnly));
    }

    @Override
    public void setCatalog(@Nullable String catalog) throws SQLException {
        session().willChange(JdbcSession.CATALOG, this);
        run(connection -> connection.setCatalog(catalog));
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        session().willChange(JdbcSession.ISOLATION, this);
        run(connection -> connection.setTransactionIsolation(level));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        session().willChange(JdbcSession.TYPE_MAP, this);
        run(connection -> connection.setTypeMap(map));
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        session().willChange(JdbcSession.HOLDABILITY, this);
        run(connection -> connection.setHoldability(holdability));
    }

    @Override
    public void setSchema(@Nullable String schema) throws SQLException {
        session().willChange(JdbcSession.SCHEMA, this);
        run(connection -> connection.setSchema(schema));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        session().willChange(JdbcSession.NETWORK_TIMEOUT, this);
        run(connection -> connection.setNetworkTimeout(executor, milliseconds));
    }

    @Override
    public boolean setShardingKeyIfValid(
            @Nullable ShardingKey shardingKey, @Nullable ShardingKey superShardingKey, int timeout)
            throws SQLException {
        session().willChange(JdbcSession.SHARDING, this);
        return asBoolean(connection -> connection.setShardingKeyIfValid(shardingKey, superShardingKey, timeout));
    }

    @Override
    public boolean setShardingKeyIfValid(@Nullable ShardingKey shardingKey, int timeout) throws SQLException {
        session().willChange(JdbcSession.SHARDING, this);
        return asBoolean(connection -> connection.setShardingKeyIfValid(shardingKey, timeout));
    }

    @Override
    public void setShardingKey(@Nullable ShardingKey shardingKey, @Nullable ShardingKey superShardingKey)
            throws SQLException {
        session().willChange(JdbcSession.SHARDING, this);
        run(connection -> connection.setShardingKey(shardingKey, superShardingKey));
    }

    @Override
    public void setShardingKey(@Nullable ShardingKey shardingKey) throws SQLException {
        session().willChange(JdbcSession.SHARDING, this);
        run(connection -> connection.setShardingKey(shardingKey));
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        return get(connection -> connection.nativeSQL(sql));
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return asBoolean(connection -> connection.getAutoCommit());
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return asBoolean(connection -> connection.isReadOnly());
    }

    @Override
    public @Nullable String getCatalog() throws SQLException {
        willExecute();
        return get(connection -> connection.getCatalog());
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        willExecute();
        return asInt(connection -> connection.getTransactionIsolation());
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        return get(connection -> connection.getTypeMap());
    }

    @Override
    public int getHoldability() throws SQLException {
        return asInt(connection -> connection.getHoldability());
    }

    @Override
    public void releaseSavepoint(@Nullable Savepoint savepoint) throws SQLException {
        run(connection -> connection.releaseSavepoint(PooledValue.driversOwn(savepoint)));
    }

    @Override
    public Clob createClob() throws SQLException {
        return part(connection -> connection.createClob(), PooledClob::new);
    }

    @Override
    public Blob createBlob() throws SQLException {
        return part(connection -> connection.createBlob(), PooledBlob::new);
    }

    @Override
    public NClob createNClob() throws SQLException {
        return part(connection -> connection.createNClob(), PooledNClob::new);
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        return part(connection -> connection.createSQLXML(), PooledXml::new);
    }

    @Override
    public @Nullable String getClientInfo(@Nullable String name) throws SQLException {
        return get(connection -> connection.getClientInfo(name));
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        return get(connection -> connection.getClientInfo());
    }

    @Override
    public Array createArrayOf(@Nullable String typeName, Object @Nullable [] elements) throws SQLException {
        return part(
                connection -> connection.createArrayOf(typeName, PooledValue.driversOwnAll(elements)),
                PooledArray::new);
    }

    @Override
    public Struct createStruct(@Nullable String typeName, Object @Nullable [] attributes) throws SQLException {
        return part(
                connection -> connection.createStruct(typeName, PooledValue.driversOwnAll(attributes)),
                PooledStruct::new);
    }

    @Override
    public @Nullable String getSchema() throws SQLException {
        willExecute();
        return get(connection -> connection.getSchema());
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return asInt(connection -> connection.getNetworkTimeout());
    }

    @Override
    public void beginRequest() throws SQLException {
        run(connection -> connection.beginRequest());
    }

    @Override
    public void endRequest() throws SQLException {
        run(connection -> connection.endRequest());
    }
}
