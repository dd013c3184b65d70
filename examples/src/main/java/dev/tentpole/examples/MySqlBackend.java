package dev.tentpole.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameMeta;
import dev.tentpole.core.frame.FrameType;
import dev.tentpole.core.frame.Notice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Answers SQL queries from a MariaDB or MySQL server. Connections are read only.
 */
final class MySqlBackend implements Backend {

    private static final int MAX_ROWS = 100_000;

    /** As many as calls of a backend run at once by default, so that none waits for a connection. */
    private static final int MAX_CONNECTIONS = 16;

    private final String name;
    private final HikariDataSource connections;

    /**
     * Connects lazily, so that a server that is down now answers once it is up.
     *
     * @param url a JDBC URL {@code jdbc:mariadb://…}; may hold a user and a password, which are never shown
     * @param connectTimeout how long a query waits for a connection, at least 250 ms
     */
    MySqlBackend(String name, String url, Duration connectTimeout) {
        this.name = name;
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setReadOnly(true);
        config.setMaximumPoolSize(MAX_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(connectTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("connectionTimeZone", "UTC");
        config.addDataSourceProperty("forceConnectionTimeZoneToSession", "true");
        config.addDataSourceProperty("connectTimeout", "2000");
        this.connections = new HikariDataSource(config);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String type() {
        return "mysql";
    }

    @Override
    public List<Frame> query(Query query, QueryContext context) {
        SqlModel model = query.as(SqlModel.class);
        boolean timeSeries = model.isTimeSeries();
        String sql = SqlMacros.expand(model.sql(), query);
        Frame table = run(sql, context);
        FrameMeta meta = table.meta().toBuilder().executedQuery(sql).build();
        return List.of(timeSeries ? Series.of(table.withMeta(meta)) : table.withMeta(meta.withType(FrameType.TABLE)));
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) {
        try (Connection connection = connections.getConnection()) {
            String version = connection.getMetaData().getDatabaseProductVersion();
            if (!connection.isValid((int) Math.max(1, context.remaining().toSeconds()))) {
                return BackendHealth.error("the server does not answer a ping");
            }
            return new BackendHealth(
                    BackendHealth.Status.OK, "MariaDB or MySQL " + version, Map.of("version", version));
        } catch (SQLException e) {
            return BackendHealth.error(String.valueOf(translate(e).getMessage()));
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    private Frame run(String sql, QueryContext context) {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement();
                QueryContext.Hook hook = context.onCancel(statement::cancel)) {
            statement.setMaxRows(MAX_ROWS + 1);
            statement.setQueryTimeout((int) Math.max(1, context.remaining().toSeconds()));
            if (!statement.execute(sql)) {
                // What it has done to its session, such as SET or BEGIN, must not reach the next query.
                connections.evictConnection(connection);
                throw QueryException.badQuery("the statement returns no rows: only queries are answered here");
            }
            try (ResultSet rows = statement.getResultSet()) {
                Frame frame = SqlFrames.read(rows, MAX_ROWS);
                return rows.next() ? frame.withMeta(frame.meta().withNotice(truncated())) : frame;
            }
        } catch (SQLException e) {
            throw translate(e);
        } catch (IllegalArgumentException e) {
            // A value that no frame holds, such as the year 9999; the message names the column.
            throw QueryException.badQuery(name + ": " + e.getMessage() + ": cast it to CHAR, or filter it out", e);
        }
    }

    private static Notice truncated() {
        return Notice.warning(
                "Only the first " + MAX_ROWS + " rows are shown: narrow the time range, group, or add a LIMIT.");
    }

    /** The message of a driver is for the user where the server wrote it, and may hold a URL where the driver did. */
    private QueryException translate(SQLException e) {
        if (isRefusedUser(e)) {
            return QueryException.downstream(
                    401, name + ": the server refuses the user or the password: check --mysql-url", e);
        }
        if (e instanceof SQLTransientConnectionException || e instanceof SQLNonTransientConnectionException) {
            return QueryException.downstream(
                    502, name + ": no connection to the server: check that it runs and that --mysql-url is right", e);
        }
        if ("70100".equals(e.getSQLState())) {
            return QueryException.downstream(504, name + ": the query was stopped: it ran into its timeout", e);
        }
        return QueryException.downstream(400, name + ": " + serverMessage(e), e);
    }

    private static boolean isRefusedUser(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && "28000".equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static String serverMessage(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int prefix = message.startsWith("(conn=") ? message.indexOf(") ") + 2 : 0;
        return message.substring(prefix) + " (error " + e.getErrorCode() + ", SQL state " + e.getSQLState() + ")";
    }
}
