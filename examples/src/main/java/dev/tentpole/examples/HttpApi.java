package dev.tentpole.examples;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tentpole.base.OwnedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP server on 127.0.0.1: routes, limits, and errors as JSON. What the routes answer is {@link Routes}'s.
 *
 * <p>A page of another site must not read or query this machine through its user's browser, so requests are refused whose
 * {@code Host} is not this machine's own name, or whose {@code Origin} is another site.
 */
final class HttpApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_DRAINED_BYTES = 64 << 20;
    private static final int THREADS = 32;
    private static final int QUEUE = 128;
    private static final List<String> OWN_NAMES = List.of("localhost", "127.0.0.1", "[::1]");

    static {
        // Without it, a client that sends its request one byte an hour keeps a thread for ever. Seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", System.getProperty("sun.net.httpserver.maxReqTime", "30"));
        // Without it, an answer on a connection that is used again waits 40 ms for the client's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", System.getProperty("sun.net.httpserver.nodelay", "true"));
    }

    private final HttpServer server;
    private final MeterRegistry meters;
    private final ThreadPoolExecutor threads;

    private HttpApi(HttpServer server, MeterRegistry meters) {
        this.server = server;
        this.meters = meters;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                OwnedThreads.daemon("examples", "http"));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Takes the port, but answers nothing before {@link #start}. */
    static HttpApi bind(int port, MeterRegistry meters) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        try {
            return new HttpApi(HttpServer.create(address, 0), meters);
        } catch (java.net.BindException e) {
            throw new IOException(
                    "port " + port + " of 127.0.0.1 is taken: choose another with --port or BIGTENT_PORT, or 0 for a"
                            + " free one",
                    e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    void start(Routes routes) {
        server.createContext("/", exchange -> handle(exchange, routes));
        server.setExecutor(threads);
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** An answer that is ready, or writes itself. */
    record Answer(int status, String type, Body body) {

        /** Writes the body. */
        interface Body {
            void write(OutputStream out) throws IOException;
        }

        static Answer json(int status, Object value) {
            byte[] bytes = JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
            return new Answer(status, "application/json", out -> out.write(bytes));
        }
    }

    /** A request that is answered with an error. */
    static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** What a route needs to know of a request. */
    record Request(String id, String method, String path, BodyReader body) {

        /** Reads the body, up to its limit. */
        interface BodyReader {
            byte[] read() throws IOException;
        }

        void require(String allowed) {
            if (!method.equals(allowed) && !(allowed.equals("GET") && method.equals("HEAD"))) {
                throw new Refusal(405, path + " is for " + allowed + " requests");
            }
        }
    }

    private void handle(HttpExchange exchange, Routes routes) {
        long start = System.nanoTime();
        String id = UUID.randomUUID().toString();
        String path = exchange.getRequestURI().getPath();
        Answer answer = answer(exchange, routes, id, path == null ? "" : path);
        try (exchange) {
            send(exchange, answer, id);
        } catch (IOException e) {
            LOG.debug("request {}: the client went away", id, e);
        } finally {
            Timer.builder("http.server.requests")
                    .tag("uri", Routes.template(path))
                    .tag("status", Integer.toString(answer.status()))
                    .register(meters)
                    .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private static Answer answer(HttpExchange exchange, Routes routes, String id, String path) {
        try {
            requireOwnName(exchange.getRequestHeaders());
            return routes.answer(
                    new Request(id, exchange.getRequestMethod(), path, () -> read(exchange.getRequestBody())));
        } catch (Refusal e) {
            return error(e.status, String.valueOf(e.getMessage()), id);
        } catch (InterruptedException e) {
            return error(503, "Big Tent is stopping", id);
        } catch (TimeoutException e) {
            return error(504, "no answer in time", id);
        } catch (Throwable e) {
            // The barrier: whatever one request runs into, the next one is answered.
            LOG.error("request {}: unexpected failure", id, e);
            return error(500, "unexpected failure; the log has it under the request's id", id);
        }
    }

    private static void send(HttpExchange exchange, Answer answer, String id) throws IOException {
        drain(exchange.getRequestBody());
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("X-Request-Id", id);
        headers.set("Cache-Control", "no-cache");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(
                "Content-Security-Policy",
                "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), 0);
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            answer.body().write(out);
        }
    }

    private static Answer error(int status, String message, String id) {
        return Answer.json(status, Map.of("status", status, "message", message, "requestId", id));
    }

    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8_192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (body.size() + n > MAX_BODY_BYTES) {
                throw new Refusal(
                        413, "the body is larger than " + (MAX_BODY_BYTES >> 10) + " KiB: send less in one request");
            }
            body.write(buffer, 0, n);
        }
        return body.toByteArray();
    }

    /** A client that is still sending would see a broken connection instead of the answer. */
    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8_192];
        long drained = 0;
        for (int n = in.read(buffer); n >= 0 && drained < MAX_DRAINED_BYTES; n = in.read(buffer)) {
            drained += n;
        }
    }

    private static void requireOwnName(Headers headers) {
        String host = headers.getFirst("Host");
        if (host == null || !OWN_NAMES.contains(withoutPort(host))) {
            throw new Refusal(421, "ask for this server as localhost or 127.0.0.1");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            throw new Refusal(403, "requests from pages of other sites are refused");
        }
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
