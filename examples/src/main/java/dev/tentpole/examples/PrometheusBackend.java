package dev.tentpole.examples;

import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Frame;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Answers PromQL queries from a Prometheus server, or any that speaks its HTTP API.
 */
final class PrometheusBackend implements Backend {

    /** Prometheus refuses range queries with more points per series. */
    private static final long MAX_POINTS = 11_000;

    private final String name;
    private final URI server;
    private final HttpCaller http = new HttpCaller();

    PrometheusBackend(String name, URI server) {
        this.name = name;
        String text = server.toString();
        this.server = text.endsWith("/") ? server : URI.create(text + "/");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String type() {
        return "prometheus";
    }

    @Override
    public List<Frame> query(Query query, QueryContext context) throws InterruptedException {
        PrometheusModel model = query.as(PrometheusModel.class);
        String form = "query=" + encoded(model.promql()) + "&timeout="
                + Math.max(1, context.remaining().toMillis()) + "ms";
        HttpCaller.Answer answer = model.isInstant()
                ? post(
                        "api/v1/query",
                        form + "&time=" + seconds(query.timeRange().to()),
                        context)
                : post("api/v1/query_range", form + range(query), context);
        if (!answer.body().path("status").asString("").equals("success")) {
            throw refusal(answer);
        }
        return PrometheusFrames.of(answer.body(), model);
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("api/v1/status/buildinfo"));
        HttpCaller.Answer answer = http.send(name, request, context);
        String version = answer.body().at("/data/version").asString("");
        return answer.status() == 200 && !version.isEmpty()
                ? new BackendHealth(BackendHealth.Status.OK, "Prometheus " + version, Map.of("version", version))
                : BackendHealth.error("the server answers with HTTP status " + answer.status()
                        + " and no version: check that --prometheus-url is a Prometheus");
    }

    @Override
    public void close() {
        // The HTTP client's threads end with its last reference.
    }

    /** The ends are aligned to the step, so that a chart that is refreshed shows the same points again. */
    private static String range(Query query) {
        long from = query.timeRange().from().toEpochMilli();
        long to = query.timeRange().to().toEpochMilli();
        long step = Math.max(query.interval().toMillis(), (to - from) / (MAX_POINTS - 1) + 1);
        return "&start=" + seconds(Instant.ofEpochMilli(Math.floorDiv(from, step) * step)) + "&end="
                + seconds(Instant.ofEpochMilli(Math.floorDiv(to, step) * step)) + "&step="
                + BigDecimal.valueOf(step, 3).toPlainString();
    }

    private static String seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3).toPlainString();
    }

    private HttpCaller.Answer post(String path, String form, QueryContext context) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return http.send(name, request, context);
    }

    private QueryException refusal(HttpCaller.Answer answer) {
        String message = answer.body().path("error").asString("");
        if (message.isEmpty()) {
            return QueryException.downstream(
                    502, name + ": the server answers with HTTP status " + answer.status() + " and no explanation");
        }
        int status = answer.status() >= 400 && answer.status() < 600 ? answer.status() : 502;
        return QueryException.downstream(
                status, name + ": " + answer.body().path("errorType").asString("error") + ": " + message);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
