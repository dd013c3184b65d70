package dev.tentpole.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens, validates, resets and closes connections. */
final class JdbcAllocator implements Allocator<JdbcSession> {

    /** Where connections come from. */
    interface Source {
        Connection connect() throws SQLException;
    }

    /** What a new connection is set to. */
    record Terms(
            @Nullable Boolean autoCommit,
            @Nullable Boolean readOnly,
            @Nullable Integer isolation,
            @Nullable String catalog,
            @Nullable String schema,
            @Nullable String initSql,
            @Nullable String testQuery,
            Duration validateTimeout) {

        /** Whether there is something that may be set in a transaction. */
        boolean isAtTheServer() {
            return isolation != null || catalog != null || schema != null;
        }
    }

    private final Source source;
    private final Terms terms;
    private final Predicate<SQLException> isBroken;

    JdbcAllocator(Source source, Terms terms, Predicate<SQLException> isBroken) {
        this.source = source;
        this.terms = terms;
        this.isBroken = isBroken;
    }

    @Override
    public JdbcSession open() throws SQLException {
        Connection connection = source.connect();
        try {
            prepare(connection);
            return new JdbcSession(connection, isBroken);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.close();
            } catch (SQLException onClose) {
                e.addSuppressed(onClose);
            }
            throw e;
        }
    }

    private void prepare(Connection connection) throws SQLException {
        if (terms.autoCommit() != null && connection.getAutoCommit() != terms.autoCommit()) {
            connection.setAutoCommit(terms.autoCommit());
        }
        if (terms.readOnly() != null) {
            connection.setReadOnly(terms.readOnly());
        }
        if (terms.isolation() != null) {
            connection.setTransactionIsolation(terms.isolation());
        }
        if (terms.catalog() != null) {
            connection.setCatalog(terms.catalog());
        }
        if (terms.schema() != null) {
            connection.setSchema(terms.schema());
        }
        if (terms.initSql() != null) {
            execute(connection, terms.initSql(), 0);
        } else if (terms.isAtTheServer() && !connection.getAutoCommit()) {
            // Or else the first borrower's rollback takes that back.
            connection.commit();
        }
    }

    private static void execute(Connection connection, String sql, int timeoutSeconds) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (timeoutSeconds > 0) {
                limit(statement, timeoutSeconds);
            }
            statement.execute(sql);
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private static void limit(Statement statement, int timeoutSeconds) throws SQLException {
        try {
            statement.setQueryTimeout(timeoutSeconds);
        } catch (SQLFeatureNotSupportedException e) {
            // The pool's own timeout is left.
        }
    }

    @Override
    public boolean validate(JdbcSession session, Occasion occasion) throws SQLException {
        int seconds = (int) Math.max(1, terms.validateTimeout().toSeconds());
        if (terms.testQuery() == null) {
            return session.connection().isValid(seconds);
        }
        execute(session.connection(), terms.testQuery(), seconds);
        return true;
    }

    @Override
    public boolean needsReset(JdbcSession session) {
        return session.needsReset();
    }

    @Override
    public void reset(JdbcSession session) throws SQLException {
        session.reset();
    }

    @Override
    public void close(JdbcSession session) throws SQLException {
        session.close();
    }
}
