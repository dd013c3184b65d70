package dev.tentpole.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tentpole.pool.faults.MariaDbServer;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a borrower's work and settings on a real server when the connection has come back, or did not. */
@Timeout(60)
final class ReturnedConnectionTest {

    private static MariaDbServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(MariaDbServer.isAvailable(), "no embedded MariaDB for this platform");
        server = new MariaDbServer();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void makeTable() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            execute(source, "CREATE OR REPLACE TABLE work (x INT PRIMARY KEY) ENGINE=InnoDB");
            execute(source, "INSERT INTO work VALUES (1)");
        }
    }

    private static PooledDataSource source(String url) {
        return builder(url).build();
    }

    private static PooledDataSourceBuilder builder(String url) {
        return PooledDataSource.builder()
                .url(url)
                .credentials("pool", "pool")
                .pool(PoolSettings.named("returned")
                        .size(1, 1)
                        .acquireTimeout(Duration.ofSeconds(30))
                        .build());
    }

    private static void execute(PooledDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(PooledDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void asking_twice_for_no_auto_commit_commits_nothing() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO work VALUES (2)");
                connection.setAutoCommit(false);
            }
            assertThat(one(source, "SELECT COUNT(*) FROM work")).isEqualTo("1");
        }
    }

    @Test
    void nobody_commits_what_the_borrower_before_left_where_auto_commit_is_off() throws SQLException {
        try (PooledDataSource source = builder(server.url()).autoCommit(false).build()) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO work VALUES (2)");
                connection.setAutoCommit(false);
            }
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO work VALUES (3)");
                connection.commit();
            }
            assertThat(one(source, "SELECT GROUP_CONCAT(x ORDER BY x) FROM work"))
                    .isEqualTo("1,3");
        }
    }

    @Test
    void rows_that_were_changed_after_a_commit_are_rolled_back() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement(
                            ResultSet.TYPE_SCROLL_INSENSITIVE,
                            ResultSet.CONCUR_UPDATABLE,
                            ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
                connection.setAutoCommit(false);
                ResultSet rows = statement.executeQuery("SELECT x FROM work");
                assertThat(rows.next()).isTrue();
                connection.commit();
                rows.updateInt(1, 9);
                rows.updateRow();
            }
            assertThat(one(source, "SELECT GROUP_CONCAT(x) FROM work")).isEqualTo("1");
        }
    }

    @Test
    void what_was_done_by_the_drivers_own_connection_is_rolled_back() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            try (Connection connection = source.getConnection()) {
                org.mariadb.jdbc.Connection own = connection.unwrap(org.mariadb.jdbc.Connection.class);
                own.setAutoCommit(false);
                try (Statement statement = own.createStatement()) {
                    statement.execute("INSERT INTO work VALUES (2)");
                }
            }
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
            }
            assertThat(one(source, "SELECT COUNT(*) FROM work")).isEqualTo("1");
        }
    }

    @Test
    void the_next_borrower_is_in_no_database_if_the_first_one_was_in_none() throws SQLException {
        String none = server.url().replaceFirst("(jdbc:mariadb://[^/]+/)[^?]*", "$1");
        try (PooledDataSource source = source(none)) {
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getCatalog()).isNull();
                connection.setCatalog("pool");
            }
            assertThat(one(source, "SELECT DATABASE()")).isNull();
        }
    }

    @Test
    void client_info_that_was_not_there_is_not_there_for_the_next_borrower() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            String before;
            try (Connection connection = source.getConnection()) {
                before = connection.getClientInfo("ApplicationName");
                connection.setClientInfo("ApplicationName", "mine");
            }
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getClientInfo("ApplicationName")).isEqualTo(before);
            }
        }
    }

    @Test
    void what_the_database_says_about_itself_is_closed() throws SQLException {
        try (PooledDataSource source = source(server.url())) {
            ResultSet drivers;
            ResultSet tables;
            try (Connection connection = source.getConnection()) {
                DatabaseMetaData metaData = connection.getMetaData();
                tables = metaData.getTables(null, null, "%", null);
                drivers = ((PooledResultSet) tables).delegate();
                assertThat(drivers.isClosed()).isFalse();
            }
            assertThat(drivers.isClosed()).isTrue();
            tables.close();
            assertThat(source.pool().statistics().opened()).isOne();
        }
    }

    @Test
    void a_large_object_goes_to_the_server_and_back_and_ends_with_the_loan() throws Exception {
        try (PooledDataSource source = source(server.url())) {
            execute(source, "CREATE OR REPLACE TABLE large (x LONGBLOB)");
            Blob read;
            InputStream stream;
            try (Connection connection = source.getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO large VALUES (?)");
                    Statement select = connection.createStatement()) {
                Blob written = connection.createBlob();
                written.setBytes(1, new byte[] {1, 2, 3});
                insert.setBlob(1, written);
                insert.execute();
                ResultSet rows = select.executeQuery("SELECT x FROM large");
                assertThat(rows.next()).isTrue();
                read = rows.getBlob(1);
                stream = rows.getBinaryStream(1);
                assertThat(read.getBytes(1, 3)).containsExactly(1, 2, 3);
                assertThat(stream.readAllBytes()).containsExactly(1, 2, 3);
            }
            assertThatThrownBy(read::length).isInstanceOf(SQLException.class);
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closing_does_not_wait_for_a_query_that_runs_in_a_transaction() throws Exception {
        PooledDataSource source = source(server.url());
        CountDownLatch begun = new CountDownLatch(1);
        Thread borrower = new Thread(
                () -> {
                    try (Connection connection = source.getConnection();
                            Statement statement = connection.createStatement()) {
                        connection.setAutoCommit(false);
                        statement.execute("INSERT INTO work VALUES (2)");
                        begun.countDown();
                        statement.execute("SELECT SLEEP(50)");
                    } catch (SQLException e) {
                        // It is to lose its connection.
                    }
                },
                "runs a long query");
        borrower.start();
        begun.await();
        source.pool().close(Duration.ZERO);
        borrower.join(20_000);
        assertThat(borrower.isAlive()).isFalse();
        try (PooledDataSource other = source(server.url())) {
            assertThat(one(other, "SELECT COUNT(*) FROM work")).isEqualTo("1");
        }
    }
}
