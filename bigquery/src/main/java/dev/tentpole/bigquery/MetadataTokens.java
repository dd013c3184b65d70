package dev.tentpole.bigquery;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/** Asks the metadata server, as Google's page "Authenticate workloads with the metadata server" says. */
final class MetadataTokens implements TokenSource {

    private static final String PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI uri;
    private final Transport transport;
    private final InstantSource clock;

    MetadataTokens(URI server, Transport transport, InstantSource clock) {
        this.uri = server.resolve(PATH);
        this.transport = Objects.requireNonNull(transport, "transport");
        this.clock = clock;
    }

    @Override
    public Token token() throws IOException, InterruptedException {
        return token(TIMEOUT);
    }

    @Override
    public Token token(Duration longest) throws IOException, InterruptedException {
        Duration timeout = longest.compareTo(TIMEOUT) < 0 ? longest : TIMEOUT;
        Instant askedAt = clock.instant();
        Transport.Response response =
                transport.send(new Transport.Request("GET", uri, Map.of("Metadata-Flavor", "Google"), "", timeout));
        return TokenAnswers.read(response, "the metadata server", askedAt);
    }
}
