package dev.tentpole.retry;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;

/** An answer of {@code java.net.http} with a status and headers. */
record FakeResponse(int statusCode, HttpHeaders headers, Object body) implements HttpResponse<Object> {

    static FakeResponse of(int status, Map<String, String> headers) {
        Map<String, List<String>> lists = headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        return new FakeResponse(status, HttpHeaders.of(lists, (name, value) -> true), "");
    }

    static FakeResponse withBody(int status, Object body) {
        return new FakeResponse(status, of(status, Map.of()).headers, body);
    }

    @Override
    public HttpRequest request() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<HttpResponse<Object>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public URI uri() {
        return URI.create("http://localhost/");
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
