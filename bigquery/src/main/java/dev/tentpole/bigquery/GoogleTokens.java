package dev.tentpole.bigquery;

import com.google.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The tokens of Google's credentials. They keep the token and fetch the next one, each by one thread. */
final class GoogleTokens implements TokenSource {

    private static final URI BIGQUERY = URI.create("https://bigquery.googleapis.com/");
    private static final String SCHEME = "Bearer ";

    private final Credentials credentials;
    private volatile boolean refused;

    GoogleTokens(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Token token() throws IOException {
        if (refused) {
            refused = false;
            credentials.refresh();
        }
        Map<String, List<String>> headers = credentials.getRequestMetadata(BIGQUERY);
        for (String value : headers.getOrDefault("Authorization", List.of())) {
            if (value.startsWith(SCHEME)) {
                return new Token(value.substring(SCHEME.length()), Instant.MAX);
            }
        }
        throw new TokenRefusedException("Google's credentials have no bearer token");
    }

    @Override
    public void refused(Token token) {
        refused = true;
    }
}
