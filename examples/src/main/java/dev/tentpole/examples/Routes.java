package dev.tentpole.examples;

import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.DataSource;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.QueryJson;
import dev.tentpole.core.QueryRequest;
import dev.tentpole.core.QueryResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What each path answers. README.md of this module has the table.
 */
final class Routes {

    private static final Set<String> PATHS = Set.of("/api/ds/query", "/api/health", "/api/backends", "/metrics");
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);

    private final DataSource source;
    private final PrometheusMeterRegistry meters;
    private final InstantSource clock;

    Routes(DataSource source, PrometheusMeterRegistry meters, InstantSource clock) {
        this.source = source;
        this.meters = meters;
        this.clock = clock;
    }

    /** A path with few values, for metrics. */
    static String template(@Nullable String path) {
        return path != null && PATHS.contains(path) ? path : "/*";
    }

    HttpApi.Answer answer(HttpApi.Request request) throws IOException, InterruptedException, TimeoutException {
        return switch (request.path()) {
            case "/api/ds/query" -> query(request);
            case "/api/health" -> health(request);
            case "/api/backends" -> backends(request);
            case "/metrics" -> metrics(request);
            default -> file(request);
        };
    }

    private HttpApi.Answer query(HttpApi.Request request) throws IOException, InterruptedException {
        request.require("POST");
        QueryRequest parsed;
        try {
            parsed = QueryJson.readRequest(request.body().read(), request.id(), clock);
        } catch (QueryException e) {
            throw new HttpApi.Refusal(e.status(), String.valueOf(e.getMessage()));
        }
        QueryResponse response = source.query(parsed);
        return new HttpApi.Answer(200, "application/json", out -> QueryJson.writeResponse(response, out));
    }

    /** Status 503 only if no source can answer: one that is down does not take Big Tent down. */
    private HttpApi.Answer health(HttpApi.Request request) throws InterruptedException {
        request.require("GET");
        Map<String, BackendHealth> backends = source.checkHealth(HEALTH_TIMEOUT);
        boolean anyOk = backends.values().stream().anyMatch(health -> health.status() == BackendHealth.Status.OK);
        boolean anyError = backends.values().stream().anyMatch(health -> health.status() == BackendHealth.Status.ERROR);
        String status = anyError ? "ERROR" : anyOk ? "OK" : "UNKNOWN";
        return HttpApi.Answer.json(anyOk ? 200 : 503, ordered("status", status, "backends", backends));
    }

    private HttpApi.Answer backends(HttpApi.Request request) {
        request.require("GET");
        List<Map<String, Object>> backends = source.backends().stream()
                .map(backend -> ordered(
                        "name", backend.name(),
                        "type", backend.type(),
                        "configured", !(backend instanceof UnconfiguredBackend),
                        "message", backend instanceof UnconfiguredBackend missing ? missing.advice() : "",
                        "language", language(backend),
                        "examples", ExampleQueries.of(backend.type())))
                .toList();
        return HttpApi.Answer.json(200, Map.of("backends", backends));
    }

    private static String language(Backend backend) {
        return switch (backend.type()) {
            case "mysql" -> "sql";
            case "prometheus" -> "promql";
            default -> backend.type();
        };
    }

    private HttpApi.Answer metrics(HttpApi.Request request) {
        request.require("GET");
        byte[] text = meters.scrape().getBytes(StandardCharsets.UTF_8);
        return new HttpApi.Answer(200, "text/plain; version=0.0.4; charset=utf-8", out -> out.write(text));
    }

    private static HttpApi.Answer file(HttpApi.Request request) throws IOException {
        StaticFiles.StaticFile file = StaticFiles.find(request.path())
                .orElseThrow(() -> new HttpApi.Refusal(
                        404, "there is nothing at this path; there are / and " + String.join(", ", sorted())));
        request.require("GET");
        return new HttpApi.Answer(200, file.type(), out -> out.write(file.content()));
    }

    private static List<String> sorted() {
        return PATHS.stream().sorted().toList();
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
