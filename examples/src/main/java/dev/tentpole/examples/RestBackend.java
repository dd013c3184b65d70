package dev.tentpole.examples;

import dev.tentpole.core.Backend;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameMeta;
import dev.tentpole.core.frame.FrameType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Answers queries from a JSON-over-HTTP API. It asks the one server that it is configured for, and no other.
 */
final class RestBackend implements Backend {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final String name;
    private final URI server;
    private final HttpCaller http = new HttpCaller();

    RestBackend(String name, URI server) {
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
        return "rest";
    }

    @Override
    public List<Frame> query(Query query, QueryContext context) throws InterruptedException {
        RestModel model = query.as(RestModel.class);
        boolean timeSeries = model.isTimeSeries();
        RestModel.Parameters how = model.how();
        URI target = target(model.target());
        HttpCaller.Answer answer = http.send(name, request(target, how), context);
        if (answer.status() >= 300) {
            int status = answer.status() >= 400 && answer.status() < 600 ? answer.status() : 502;
            throw QueryException.downstream(
                    status, name + ": the server answers " + target.getPath() + " with HTTP status " + answer.status());
        }
        if (answer.body().isMissingNode()) {
            throw QueryException.downstream(502, name + ": the answer to " + target.getPath() + " is not JSON");
        }
        FrameMeta meta =
                FrameMeta.builder().executedQuery(method(how) + " " + target).build();
        Frame frame = RestFrames.of(answer.body(), how).withMeta(meta);
        return List.of(timeSeries ? Series.of(frame) : frame.withMeta(meta.withType(FrameType.TABLE)));
    }

    @Override
    public BackendHealth checkHealth(QueryContext context) throws InterruptedException {
        HttpCaller.Answer answer = http.send(name, HttpRequest.newBuilder(server), context);
        return answer.status() < 500
                ? BackendHealth.ok("the server answers")
                : BackendHealth.error("the server answers with HTTP status " + answer.status());
    }

    @Override
    public void close() {
        // The HTTP client's threads end with its last reference.
    }

    private URI target(String text) {
        try {
            URI target = server.resolve(new URI(text.startsWith("/") ? text.substring(1) : text));
            boolean same = Objects.equals(target.getScheme(), server.getScheme())
                    && Objects.equals(target.getRawAuthority(), server.getRawAuthority())
                    && target.normalize().getRawPath().startsWith(server.getRawPath());
            if (!same) {
                throw QueryException.badQuery("the address leads away from the source's server: give a path below it,"
                        + " or start Big Tent with another --rest-url");
            }
            return target.normalize();
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw QueryException.badQuery("the expression is not a path: escape spaces and special characters", e);
        }
    }

    private static String method(RestModel.Parameters how) {
        String method = how.method() == null || how.method().isBlank() ? "GET" : how.method();
        if (!METHODS.contains(method)) {
            throw QueryException.badQuery("parameters.method must be one of GET, POST, PUT, PATCH, DELETE");
        }
        return method;
    }

    private static HttpRequest.Builder request(URI target, RestModel.Parameters how) {
        HttpRequest.BodyPublisher body = how.body() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(how.body());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).method(method(how), body).header("Accept", "application/json");
        Map<String, String> headers = Objects.requireNonNullElse(how.headers(), Map.of());
        headers.forEach((header, value) -> {
            if (value == null) {
                throw QueryException.badQuery("a header of parameters.headers has no value");
            }
            try {
                request.setHeader(header, value);
            } catch (IllegalArgumentException e) {
                throw QueryException.badQuery(
                        "a header of parameters.headers has a name or a value that HTTP forbids", e);
            }
        });
        return request;
    }
}
