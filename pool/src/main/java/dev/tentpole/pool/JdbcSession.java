package dev.tentpole.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the driver, and what its borrower has done to it: which settings, which open statements, whether there is
 * something to roll back. What a setting was before is read when it is changed for the first time, so that nothing is asked
 * of the server for settings that nobody changes.
 *
 * <p>Belongs to one borrower at a time, like the connection.
 */
final class JdbcSession {

    static final int AUTO_COMMIT = 1;
    static final int READ_ONLY = 1 << 1;
    static final int ISOLATION = 1 << 2;
    static final int CATALOG = 1 << 3;
    static final int SCHEMA = 1 << 4;
    static final int NETWORK_TIMEOUT = 1 << 5;
    static final int HOLDABILITY = 1 << 6;
    static final int TYPE_MAP = 1 << 7;
    static final int CLIENT_INFO = 1 << 8;

    /** Nobody can tell how to undo it: the connection is closed instead. */
    static final int SHARDING = 1 << 9;

    private final Connection connection;
    private final Predicate<SQLException> isBroken;
    private final List<Statement> statements = new ArrayList<>();
    private boolean autoCommit;
    private boolean isWorkUncommitted;
    private boolean hasExecuted;
    private int changed;

    private boolean firstAutoCommit;
    private boolean firstReadOnly;
    private int firstIsolation;
    private @Nullable String firstCatalog;
    private @Nullable String firstSchema;
    private int firstNetworkTimeout;
    private int firstHoldability;
    private Map<String, Class<?>> firstTypeMap = Map.of();
    private Properties firstClientInfo = new Properties();

    JdbcSession(Connection connection, Predicate<SQLException> isBroken) throws SQLException {
        this.connection = connection;
        this.isBroken = isBroken;
        this.autoCommit = connection.getAutoCommit();
    }

    Connection connection() {
        return connection;
    }

    boolean isBroken(SQLException e) {
        return isBroken.test(e);
    }

    <S extends Statement> S opened(S statement) {
        statements.add(statement);
        return statement;
    }

    void forget(Statement statement) {
        for (int i = statements.size() - 1; i >= 0; i--) {
            if (statements.get(i) == statement) {
                statements.remove(i);
                return;
            }
        }
    }

    void executed() {
        hasExecuted = true;
        isWorkUncommitted = !autoCommit;
    }

    void transactionEnded() {
        isWorkUncommitted = false;
    }

    void autoCommitIs(boolean value) {
        autoCommit = value;
        isWorkUncommitted = false;
    }

    /** Its borrower has seen the driver's own object. */
    void mayHaveChanged() throws SQLException {
        for (int setting = AUTO_COMMIT; setting <= NETWORK_TIMEOUT; setting <<= 1) {
            try {
                remember(setting);
            } catch (SQLFeatureNotSupportedException e) {
                // What the driver does not have nobody can change.
            }
        }
        executed();
    }

    /** Remembers what a setting was, before it is changed for the first time. */
    void willChange(int setting, PooledConnection borrowed) throws SQLException {
        borrowed.check();
        try {
            remember(setting);
        } catch (SQLException e) {
            throw borrowed.examined(e);
        }
    }

    private void remember(int setting) throws SQLException {
        if ((changed & setting) != 0) {
            return;
        }
        switch (setting) {
            case AUTO_COMMIT -> firstAutoCommit = connection.getAutoCommit();
            case READ_ONLY -> firstReadOnly = connection.isReadOnly();
            case ISOLATION -> firstIsolation = connection.getTransactionIsolation();
            case CATALOG -> firstCatalog = connection.getCatalog();
            case SCHEMA -> firstSchema = connection.getSchema();
            case NETWORK_TIMEOUT -> firstNetworkTimeout = connection.getNetworkTimeout();
            case HOLDABILITY -> firstHoldability = connection.getHoldability();
            case TYPE_MAP -> firstTypeMap = connection.getTypeMap();
            case CLIENT_INFO -> firstClientInfo = connection.getClientInfo();
            default -> {
                // Sharding keys can't be read.
            }
        }
        changed |= setting;
    }

    boolean needsReset() {
        return changed != 0 || isWorkUncommitted || !statements.isEmpty();
    }

    /** On the borrower's way back; drivers keep warnings in memory. */
    void forgetWarnings() {
        if (hasExecuted) {
            hasExecuted = false;
            try {
                connection.clearWarnings();
            } catch (SQLException | RuntimeException e) {
                changed |= SHARDING;
            }
        }
    }

    void reset() throws SQLException {
        if ((changed & SHARDING) != 0) {
            throw new SQLException("its state can't be restored");
        }
        for (Statement statement : statements) {
            statement.close();
        }
        statements.clear();
        if (isWorkUncommitted && !autoCommit) {
            connection.rollback();
        }
        isWorkUncommitted = false;
        restore();
        changed = 0;
        connection.clearWarnings();
    }

    private void restore() throws SQLException {
        if (isChanged(AUTO_COMMIT)) {
            connection.setAutoCommit(firstAutoCommit);
            autoCommit = firstAutoCommit;
        }
        if (isChanged(READ_ONLY)) {
            connection.setReadOnly(firstReadOnly);
        }
        if (isChanged(ISOLATION)) {
            connection.setTransactionIsolation(firstIsolation);
        }
        if (isChanged(CATALOG) && firstCatalog != null) {
            connection.setCatalog(firstCatalog);
        }
        if (isChanged(SCHEMA) && firstSchema != null) {
            connection.setSchema(firstSchema);
        }
        if (isChanged(NETWORK_TIMEOUT)) {
            connection.setNetworkTimeout(Runnable::run, firstNetworkTimeout);
        }
        if (isChanged(HOLDABILITY)) {
            connection.setHoldability(firstHoldability);
        }
        if (isChanged(TYPE_MAP)) {
            connection.setTypeMap(firstTypeMap);
        }
        if (isChanged(CLIENT_INFO)) {
            connection.setClientInfo(firstClientInfo);
        }
    }

    private boolean isChanged(int setting) {
        return (changed & setting) != 0;
    }

    void close() throws SQLException {
        if (isWorkUncommitted && !autoCommit) {
            try {
                connection.rollback();
            } catch (SQLException e) {
                // It is closed in any case, and what was not committed goes with it.
                connection.close();
                return;
            }
        }
        connection.close();
    }
}
