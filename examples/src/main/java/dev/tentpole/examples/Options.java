package dev.tentpole.examples;

import dev.tentpole.base.Args;
import java.net.URI;
import java.util.Optional;

/**
 * How Big Tent is started.
 *
 * @param port the port on 127.0.0.1; 0 picks a free one
 * @param mysqlUrl a JDBC URL of a server to use instead of the embedded MariaDB; may hold a password
 * @param prometheusUrl a Prometheus server to use instead of one that is started
 * @param restUrl a JSON-over-HTTP server to use instead of Big Tent's own inventory
 * @param bigQuery what the BigQuery source works with
 */
public record Options(
        int port,
        Optional<String> mysqlUrl,
        Optional<URI> prometheusUrl,
        Optional<URI> restUrl,
        BigQuerySettings bigQuery) {

    /**
     * Checks the values.
     *
     * @param port the port on 127.0.0.1; 0 picks a free one
     * @param mysqlUrl a JDBC URL of a server to use instead of the embedded MariaDB; may hold a password
     * @param prometheusUrl a Prometheus server to use instead of one that is started
     * @param restUrl a JSON-over-HTTP server to use instead of Big Tent's own inventory
     * @param bigQuery what the BigQuery source works with
     * @throws IllegalArgumentException if the port is not from 0 to 65535, or a URL is not of its kind
     */
    public Options {
        Args.inRange("port", port, 0, 65_535);
        // The value is not shown: it may hold a password.
        mysqlUrl.ifPresent(url -> Args.check(
                url.startsWith("jdbc:mariadb:"), "--mysql-url", "(hidden)", "a URL jdbc:mariadb://host:port/database"));
        prometheusUrl.ifPresent(url -> requireHttp("--prometheus-url", url));
        restUrl.ifPresent(url -> requireHttp("--rest-url", url));
    }

    /**
     * {@return port 8080 and everything embedded}
     */
    public static Options defaults() {
        return new Options(8080, Optional.empty(), Optional.empty(), Optional.empty(), BigQuerySettings.none());
    }

    /**
     * {@return the same with another port}
     *
     * @param newPort the port on 127.0.0.1; 0 picks a free one
     */
    public Options withPort(int newPort) {
        return new Options(newPort, mysqlUrl, prometheusUrl, restUrl, bigQuery);
    }

    /**
     * {@return the same with a MariaDB or MySQL server of the user's}
     *
     * @param url a JDBC URL {@code jdbc:mariadb://host:port/database?user=…&password=…}
     */
    public Options withMysqlUrl(String url) {
        return new Options(port, Optional.of(url), prometheusUrl, restUrl, bigQuery);
    }

    /**
     * {@return the same with a Prometheus server of the user's}
     *
     * @param url its address
     */
    public Options withPrometheusUrl(URI url) {
        return new Options(port, mysqlUrl, Optional.of(url), restUrl, bigQuery);
    }

    /**
     * {@return the same with a JSON-over-HTTP server of the user's}
     *
     * @param url the address below which all paths are
     */
    public Options withRestUrl(URI url) {
        return new Options(port, mysqlUrl, prometheusUrl, Optional.of(url), bigQuery);
    }

    /**
     * {@return the same with a BigQuery source}
     *
     * @param settings what it works with
     */
    public Options withBigQuery(BigQuerySettings settings) {
        return new Options(port, mysqlUrl, prometheusUrl, restUrl, settings);
    }

    /** Shows which are set, not to what: a URL may hold a password. */
    @Override
    public String toString() {
        return "Options[port=" + port + ", mysqlUrl " + set(mysqlUrl) + ", prometheusUrl " + set(prometheusUrl)
                + ", restUrl " + set(restUrl) + ", bigQuery "
                + (bigQuery.isConfigured() ? "set" : "not set") + "]";
    }

    private static String set(Optional<?> option) {
        return option.isPresent() ? "set" : "not set";
    }

    private static void requireHttp(String name, URI url) {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        // A user in it would not be sent, but shown in answers.
        Args.check(
                http && url.getHost() != null && url.getRawUserInfo() == null,
                name,
                "(hidden)",
                "a URL http://host:port/ or https://host:port/ without user and password");
    }
}
