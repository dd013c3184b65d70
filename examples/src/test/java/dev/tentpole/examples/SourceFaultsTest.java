package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.DataSource;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryError;
import dev.tentpole.core.QueryRequest;
import dev.tentpole.core.TimeRange;
import dev.tentpole.examples.RunningBigTent.Client;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user reads when a server is down, slow, or not what it should be. */
@ExtendWith(RunningBigTent.class)
@Timeout(60)
final class SourceFaultsTest {

    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    @Test
    void a_server_that_is_down_is_an_error_that_says_so() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + unusedPort() + "/");
        assertError(new RestBackend("api", nobody), Duration.ofSeconds(20), 502, "api: no connection");
        assertError(new PrometheusBackend("prom", nobody), Duration.ofSeconds(20), 502, "prom: no connection");
        String url = "jdbc:mariadb://127.0.0.1:" + unusedPort() + "/x?user=u&password=s3cret";
        assertError(new MySqlBackend("db", url, CONNECT_TIMEOUT), Duration.ofSeconds(20), 502, "db: no connection");
    }

    @Test
    void a_wrong_password_is_named_and_not_shown(Client client) throws Exception {
        BigTentTest.assumeMariaDb();
        String url = client.bigTent().mysqlUrl().orElseThrow().replaceFirst("password=.*", "password=s3cret");
        assertError(
                new MySqlBackend("db", url, CONNECT_TIMEOUT),
                Duration.ofSeconds(20),
                401,
                "refuses the user or the password");
    }

    @Test
    void a_server_that_accepts_and_hangs_is_given_up_at_the_deadline() throws Exception {
        ServerSocket silent = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
        assertError(new RestBackend("api", address), Duration.ofMillis(300), 504, "no answer within");
        assertError(new PrometheusBackend("prom", address), Duration.ofMillis(300), 504, "no answer within");
        String url = "jdbc:mariadb://127.0.0.1:" + silent.getLocalPort() + "/x?user=u&password=p";
        assertError(new MySqlBackend("db", url, CONNECT_TIMEOUT), Duration.ofMillis(300), 504, "no answer within");
    }

    @Test
    void an_answer_that_never_ends_is_given_up_at_the_deadline() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        opened(end::countDown);
        URI address = serve(out -> {
            out.write(http("200 OK", "[1,").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            end.await(30, TimeUnit.SECONDS);
        });
        assertError(new RestBackend("api", address), Duration.ofMillis(300), 504, "no answer within");
    }

    @Test
    void a_connection_that_breaks_midway_is_an_error() throws Exception {
        URI address = serve(out ->
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[1,".getBytes(StandardCharsets.US_ASCII)));
        assertError(new RestBackend("api", address), Duration.ofSeconds(20), 502, "the connection broke");
    }

    @Test
    void an_answer_that_is_no_json_is_an_error() throws Exception {
        URI address = serve(out -> out.write(http("200 OK", "<html>").getBytes(StandardCharsets.US_ASCII)));
        assertError(new RestBackend("api", address), Duration.ofSeconds(20), 502, "is not JSON");
        assertError(new PrometheusBackend("prom", address), Duration.ofSeconds(20), 502, "no explanation");
    }

    @Test
    void an_answer_that_is_too_large_is_an_error() throws Exception {
        HttpServer large = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        opened(() -> large.stop(0));
        large.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                byte[] mebibyte = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < 40; i++) {
                    exchange.getResponseBody().write(mebibyte);
                }
            }
        });
        large.start();
        URI address = URI.create("http://127.0.0.1:" + large.getAddress().getPort() + "/");
        assertError(new RestBackend("api", address), Duration.ofSeconds(20), 502, "larger than 32 MiB");
    }

    @Test
    void a_slow_statement_is_stopped_on_the_server(Client client) throws Exception {
        BigTentTest.assumeMariaDb();
        String slow = "{\"expression\":\"SELECT SLEEP(20)\"}";
        Backend backend = new MySqlBackend("db", client.bigTent().mysqlUrl().orElseThrow(), CONNECT_TIMEOUT);
        DataSource source = opened(DataSource.builder()
                .backend(backend)
                .timeout(Duration.ofMillis(300))
                .build());
        QueryError error =
                source.query(QueryRequest.of(query(slow))).result("A").error().orElseThrow();
        assertThat(error.status()).isEqualTo(504);
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        String running = "{\"refId\":\"A\",\"datasource\":\"mysql\",\"expression\":\"SELECT COUNT(*) AS n FROM"
                + " information_schema.processlist WHERE info LIKE '%SLEEP(2%' AND info NOT LIKE '%processlist%'\"}";
        while (client.query(running).at("/A/frames/0/data/values/0/0").asInt(-1) != 0) {
            assertThat(System.nanoTime() - end)
                    .as("still sleeping on the server")
                    .isNegative();
        }
    }

    private void assertError(Backend backend, Duration timeout, int status, String message) throws Exception {
        DataSource source =
                opened(DataSource.builder().backend(backend).timeout(timeout).build());
        QueryError error = source.query(QueryRequest.of(query("{\"expression\":\"x\"}")))
                .result("A")
                .error()
                .orElseThrow();
        assertThat(error.message()).contains(message).doesNotContain("s3cret");
        assertThat(error.status()).isEqualTo(status);
        BackendHealth health = source.checkHealth(timeout).values().iterator().next();
        if (status != 502 || message.contains("no connection")) {
            assertThat(health.status()).isEqualTo(BackendHealth.Status.ERROR);
        }
        assertThat(health.message()).doesNotContain("s3cret");
    }

    private static Query query(String model) {
        return Query.builder("A")
                .model(model)
                .timeRange(TimeRange.parse("now-1m", "now", InstantSource.system()))
                .build();
    }

    private interface Reply {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /** Answers each connection with the same bytes, once the request's headers have come, and closes it. */
    private URI serve(Reply reply) throws IOException {
        ServerSocket server = opened(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread acceptor = new Thread(() -> {
            while (!server.isClosed()) {
                answerOne(server, reply);
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    private static void answerOne(ServerSocket server, Reply reply) {
        try (Socket socket = server.accept()) {
            int end = 0;
            while (end < 4) {
                int b = socket.getInputStream().read();
                end = b < 0 ? 4 : b == "\r\n\r\n".charAt(end) ? end + 1 : 0;
            }
            reply.write(socket.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // The client has gone away, or the test has ended: the next accept tells which.
            assertThat(e).isNotNull();
        }
    }

    private static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
