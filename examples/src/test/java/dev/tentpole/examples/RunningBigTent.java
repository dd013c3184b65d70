package dev.tentpole.examples;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One Big Tent on a free port for all tests of a run, started when the first test asks for it. */
final class RunningBigTent implements ParameterResolver {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An answer of its HTTP API. */
    record Answer(int status, String text) {

        JsonNode json() {
            return JSON.readTree(text);
        }
    }

    /** A client of its HTTP API. */
    record Client(BigTent bigTent, HttpClient http) implements AutoCloseable {

        Answer get(String path) throws IOException, InterruptedException {
            return send(request(path));
        }

        Answer post(String path, String body) throws IOException, InterruptedException {
            return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
        }

        /** Asks for the last minute. */
        JsonNode query(String queries) throws IOException, InterruptedException {
            return post("/api/ds/query", "{\"from\":\"now-1m\",\"to\":\"now\",\"queries\":[" + queries + "]}")
                    .json()
                    .path("results");
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(bigTent.address().resolve(path));
        }

        Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        }

        @Override
        public void close() {
            bigTent.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Client.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(RunningBigTent.class))
                .getOrComputeIfAbsent(Client.class, key -> start(), Client.class);
    }

    private static Client start() {
        try {
            return new Client(BigTent.start(Options.defaults().withPort(0)), HttpClient.newHttpClient());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
