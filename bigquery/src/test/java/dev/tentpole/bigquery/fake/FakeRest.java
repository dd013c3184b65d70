package dev.tentpole.bigquery.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads requests, lets them go wrong, and sends what {@link FakeJobs} answers. */
final class FakeRest implements HttpHandler {

    private static final Duration DRIP = Duration.ofMillis(50);

    private final FakeBigQuery server;
    private final FakeJobs jobs;

    FakeRest(FakeBigQuery server) {
        this.server = server;
        this.jobs = new FakeJobs(server);
    }

    /** A request: the path below the project, cut at its slashes. */
    record Request(FakeRoute route, List<String> path, Map<String, String> query, JsonNode body, String form) {}

    /** An answer: its status and its text. */
    record Answer(int status, String json) {

        static Answer ok(JsonNode json) {
            return new Answer(200, FakeJson.MAPPER.writeValueAsString(json));
        }

        static Answer error(int status, String reason) {
            return error(status, reason, "the fake says " + reason);
        }

        static Answer error(int status, String reason, String message) {
            ObjectNode root = FakeJson.object();
            ObjectNode error = root.putObject("error").put("code", status).put("message", message);
            error.putArray("errors")
                    .addObject()
                    .put("reason", reason)
                    .put("message", message)
                    .put("domain", "global");
            error.put("status", reason);
            return new Answer(status, FakeJson.MAPPER.writeValueAsString(root));
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = read(exchange);
            FakeFault fault = server.nextFault(request.route);
            if (fault != null && fault.kind() == FakeFault.Kind.HANG) {
                server.awaitClose();
                return;
            }
            if (fault != null && fault.kind() == FakeFault.Kind.STATUS) {
                if (!fault.retryAfter().isEmpty()) {
                    exchange.getResponseHeaders().set("Retry-After", fault.retryAfter());
                }
                send(exchange, Answer.error(fault.status(), fault.reason()), null);
                return;
            }
            if (fault != null && fault.kind() == FakeFault.Kind.BODY) {
                if (fault.afterBytes() > 0) {
                    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                }
                write(exchange, fault.status(), fault.body().getBytes(StandardCharsets.ISO_8859_1));
                return;
            }
            Answer answer = answer(exchange, request);
            if (fault == null || fault.kind() != FakeFault.Kind.LOSE_ANSWER) {
                send(exchange, answer, fault);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answer(HttpExchange exchange, Request request) throws InterruptedException {
        if (request.route == FakeRoute.TOKEN) {
            String assertion = form(request.form).getOrDefault("assertion", "");
            return server.tokenServer().accepts(assertion) ? token() : Answer.error(400, "invalid_grant");
        }
        if (request.route == FakeRoute.METADATA) {
            boolean asked = "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"));
            return asked ? token() : Answer.error(403, "forbidden");
        }
        if (!server.isAccepted(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return Answer.error(401, "authError");
        }
        return jobs.answer(request);
    }

    private Answer token() {
        return Answer.ok(FakeJson.object()
                .put("access_token", server.newToken())
                .put("expires_in", server.tokenServer().lifetimeSeconds())
                .put("token_type", "Bearer"));
    }

    private void send(HttpExchange exchange, Answer answer, FakeFault fault) throws IOException, InterruptedException {
        byte[] body = answer.json.getBytes(StandardCharsets.UTF_8);
        if (fault == null) {
            write(exchange, answer.status, body);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(answer.status, body.length);
        if (fault.kind() == FakeFault.Kind.DRIP) {
            drip(exchange, body);
            return;
        }
        exchange.getResponseBody().write(body, 0, Math.min(body.length - 1, fault.afterBytes()));
        exchange.getResponseBody().flush();
        if (fault.kind() == FakeFault.Kind.STALL) {
            server.awaitClose();
        }
    }

    private static void write(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** A byte now and then, until the server closes or the client has gone. */
    private void drip(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        for (byte one : body) {
            exchange.getResponseBody().write(one);
            exchange.getResponseBody().flush();
            if (server.awaitClose(DRIP)) {
                return;
            }
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        String text;
        try (InputStream raw = exchange.getRequestBody()) {
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            text = new String((gzip ? new GZIPInputStream(raw) : raw).readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> path = Stream.of(exchange.getRequestURI().getRawPath().split("/", -1))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        JsonNode body = text.startsWith("{") ? FakeJson.MAPPER.readTree(text) : FakeJson.object();
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        return new Request(route(exchange.getRequestMethod(), path, query, body), path, query, body, text);
    }

    private static Map<String, String> form(String text) {
        Map<String, String> values = new HashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                values.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    /** {@code /bigquery/v2/projects/p/jobs/…}: the fifth part says what is asked for. */
    private static FakeRoute route(String method, List<String> path, Map<String, String> query, JsonNode body) {
        if (path.size() == 2 && path.get(1).equals("token")) {
            return FakeRoute.TOKEN;
        }
        if (path.size() > 1 && path.get(1).equals("computeMetadata")) {
            return FakeRoute.METADATA;
        }
        String what = path.size() > 5 ? path.get(5) : "";
        boolean post = method.equals("POST");
        return switch (what + "/" + path.size()) {
            case "jobs/6" ->
                !post
                        ? FakeRoute.OTHER
                        : body.path("configuration").path("dryRun").asBoolean(false)
                                ? FakeRoute.DRY_RUN
                                : FakeRoute.INSERT;
            case "jobs/7" -> FakeRoute.JOB;
            case "jobs/8" -> FakeRoute.CANCEL;
            case "queries/6" -> FakeRoute.QUERY;
            case "queries/7" -> query.containsKey("pageToken") ? FakeRoute.PAGE : FakeRoute.RESULTS;
            case "datasets/10" -> FakeRoute.TABLE_DATA;
            default -> FakeRoute.OTHER;
        };
    }
}
