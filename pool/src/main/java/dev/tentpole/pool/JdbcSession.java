package dev.tentpole.pool;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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

    /** Drivers ask the server for these, and set them there: with auto-commit off as part of a transaction. */
    private static final int OF_THE_SERVER = ISOLATION | CATALOG | SCHEMA;

    private final Connection connection;
    private final Predicate<SQLException> isBroken;
    /** Statements, and result sets of what is no statement of the borrower's; several threads may share a connection. */
    private final Set<AutoCloseable> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private final ReentrantLock openLock = new ReentrantLock();

    private boolean autoCommit;
    private boolean isWorkUncommitted;
    private boolean hasOldWarnings;
    private boolean isUnwrapped;
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
        try {
            return isBroken.test(e);
        } catch (RuntimeException onAsking) {
            e.addSuppressed(onAsking);
            return false;
        }
    }

    <C extends AutoCloseable> C opened(C statementOrRows) {
        openLock.lock();
        try {
            open.add(statementOrRows);
        } finally {
            openLock.unlock();
        }
        return statementOrRows;
    }

    void forget(AutoCloseable statementOrRows) {
        openLock.lock();
        try {
            open.remove(statementOrRows);
        } finally {
            openLock.unlock();
        }
    }

    void executed() {
        forgetOldWarnings();
        isWorkUncommitted = !autoCommit;
    }

    void transactionEnded() {
        isWorkUncommitted = false;
    }

    /** A change of the mode commits, and a call that changes nothing does not, as JDBC has it. */
    void autoCommitIs(boolean value) {
        if (value != autoCommit) {
            autoCommit = value;
            isWorkUncommitted = false;
        }
    }

    /** Its borrower has seen the driver's own object. */
    void mayHaveChanged() throws SQLException {
        for (int setting = AUTO_COMMIT; setting <= NETWORK_TIMEOUT; setting <<= 1) {
            try {
                remember(setting);
            } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
                // What the driver does not have nobody can change.
            }
        }
        isUnwrapped = true;
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
            case TYPE_MAP -> firstTypeMap = copy(connection.getTypeMap());
            case CLIENT_INFO -> firstClientInfo = clientInfo();
            default -> {
                // Sharding keys can't be read.
            }
        }
        changed |= setting;
        isWorkUncommitted |= !autoCommit && (setting & OF_THE_SERVER) != 0;
    }

    private static Map<String, Class<?>> copy(@Nullable Map<String, Class<?>> map) {
        return map == null ? Map.of() : new HashMap<>(map);
    }

    /** A copy: some drivers give out what they have. */
    private Properties clientInfo() throws SQLException {
        Properties copy = new Properties();
        Properties current = connection.getClientInfo();
        if (current != null) {
            copy.putAll(current);
        }
        return copy;
    }

    /** Looks without a lock for what is open: whoever gives a connection back has ended what others do with it. */
    boolean needsReset() {
        return changed != 0 || isWorkUncommitted || !open.isEmpty();
    }

    /**
     * On the borrower's way back. Drivers keep warnings in memory and may wait for a query before they clear them: that is
     * left to whoever could notice them, so that nobody waits on his way back.
     */
    void warningsAreOld() {
        hasOldWarnings = true;
    }

    /** Before there may be warnings of this loan's, or someone asks for them. */
    void forgetOldWarnings() {
        if (hasOldWarnings) {
            hasOldWarnings = false;
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
        for (AutoCloseable each : takeOpen()) {
            close(each);
        }
        if (isUnwrapped) {
            // Changing the mode back would commit what was done by the driver's own object.
            autoCommit = connection.getAutoCommit();
        }
        if (!autoCommit && (isWorkUncommitted || isUnwrapped)) {
            connection.rollback();
        }
        isWorkUncommitted = false;
        isUnwrapped = false;
        restore();
        if (!autoCommit && (changed & OF_THE_SERVER) != 0) {
            // Or else the next rollback takes back what was restored, and until then a transaction lies idle.
            connection.commit();
        }
        changed = 0;
        connection.clearWarnings();
        hasOldWarnings = false;
    }

    private List<AutoCloseable> takeOpen() {
        openLock.lock();
        try {
            List<AutoCloseable> all = List.copyOf(open);
            open.clear();
            return all;
        } finally {
            openLock.unlock();
        }
    }

    private static void close(AutoCloseable statementOrRows) throws SQLException {
        AutoCloseable hidden = statementOrRows instanceof ResultSet rows ? hiddenStatement(rows) : null;
        try {
            statementOrRows.close();
            if (hidden != null) {
                hidden.close();
            }
        } catch (SQLException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException("could not close", e);
        }
    }

    /**
     * What a database says about itself comes from a statement that nobody but the driver knows. Rows whose statement was
     * closed before are closed with it, and refuse to tell.
     */
    private static @Nullable AutoCloseable hiddenStatement(ResultSet rows) {
        try {
            return rows.getStatement();
        } catch (SQLException e) {
            return null;
        }
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
        if (isChanged(CATALOG)) {
            if (firstCatalog != null) {
                connection.setCatalog(firstCatalog);
            } else if (connection.getCatalog() != null) {
                throw new SQLException("it had no catalog, and has one now that can't be taken away");
            }
        }
        if (isChanged(SCHEMA)) {
            if (firstSchema != null) {
                connection.setSchema(firstSchema);
            } else if (connection.getSchema() != null) {
                throw new SQLException("it had no schema, and has one now that can't be taken away");
            }
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
            restoreClientInfo();
        }
    }

    /**
     * Name by name: there are drivers that take nothing away when they are given what is left, and others that can't take a
     * name away at all, which costs the connection.
     */
    private void restoreClientInfo() throws SQLException {
        Properties now = clientInfo();
        Set<String> names = new HashSet<>(now.stringPropertyNames());
        names.addAll(firstClientInfo.stringPropertyNames());
        for (String name : names) {
            String first = firstClientInfo.getProperty(name);
            if (!Objects.equals(first, now.getProperty(name))) {
                connection.setClientInfo(name, first);
            }
        }
    }

    private boolean isChanged(int setting) {
        return (changed & setting) != 0;
    }

    /**
     * Closes the connection. One that did not come back, or not whole, is aborted: a rollback would wait behind the query that
     * may still run, and closing alone is a commit for some drivers.
     */
    void close() throws SQLException {
        try {
            if (needsReset()) {
                abort();
            }
        } finally {
            connection.close();
        }
    }

    private void abort() throws SQLException {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // It has no such thing, or does not let this user do it.
            if (isWorkUncommitted && !autoCommit) {
                connection.rollback();
            }
        }
    }
}
