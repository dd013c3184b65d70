package dev.tentpole.examples;

import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls JSON-over-HTTP servers with a bound on time and on size, and says what went wrong in words for users.
 */
final class HttpCaller {

    private static final int MAX_BYTES = 32 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(3))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param body the JSON, or a missing node if the body is not JSON
     */
    record Answer(int status, JsonNode body) {}

    /**
     * Sends a request and reads its JSON, whatever its status.
     *
     * @param server what the messages call the server
     * @throws QueryException if there is no answer in time, or it is too large
     */
    Answer send(String server, HttpRequest.Builder request, QueryContext context) throws InterruptedException {
        Duration left = context.remaining();
        if (left.isZero()) {
            throw QueryException.downstream(504, server + ": no time was left to ask the server");
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(request.timeout(left).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body();
                    QueryContext.Hook hook = context.onCancel(body::close)) {
                return new Answer(response.statusCode(), parse(read(server, body)));
            }
        } catch (HttpTimeoutException e) {
            throw QueryException.downstream(504, server + ": no answer within " + left.toMillis() + " ms", e);
        } catch (ConnectException e) {
            throw QueryException.downstream(502, server + ": no connection: check that it runs and its address", e);
        } catch (IOException e) {
            if (context.isCancelled()) {
                throw QueryException.downstream(504, server + ": the answer was not complete in time", e);
            }
            throw QueryException.downstream(502, server + ": the connection broke", e);
        }
    }

    private static byte[] read(String server, InputStream body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[16_384];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            if (bytes.size() + n > MAX_BYTES) {
                throw QueryException.downstream(
                        502, server + ": the answer is larger than " + (MAX_BYTES >> 20) + " MiB: ask for less");
            }
            bytes.write(buffer, 0, n);
        }
        return bytes.toByteArray();
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }
}
