package dev.tentpole.bigquery;

import dev.tentpole.base.Deadline;
import dev.tentpole.base.NanoClock;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The transport over the JDK's client, whose timeout holds for the body as well. */
final class HttpTransport implements Transport {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);

    private final HttpClient http;

    HttpTransport(Duration connectTimeout) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    @Override
    public Response send(Request request) throws IOException, InterruptedException {
        Duration timeout = request.timeout().compareTo(MIN_TIMEOUT) < 0 ? MIN_TIMEOUT : request.timeout();
        Deadline deadline = Deadline.after(timeout, NanoClock.system());
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .timeout(timeout)
                .method(
                        request.method(),
                        request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        request.headers().forEach(builder::header);
        HttpResponse<BodyStream> response = http.send(builder.build(), head -> new BodyStream.Subscriber(deadline));
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return new Response(response.statusCode(), headers, response.body());
    }
}
