package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TokenSource.Token;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what a server of tokens answers (RFC 6749, section 5). */
final class TokenAnswers {

    private static final int LONGEST = 1 << 20;

    private TokenAnswers() {}

    static Token read(Transport.Response response, String server, Instant askedAt) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LONGEST);
            if (response.status() != 200) {
                // The body may repeat what was sent, which is a secret.
                throw new IOException(server + " gave no token: HTTP status " + response.status());
            }
            JsonNode answer = Json.MAPPER.readTree(bytes);
            String value = answer.path("access_token").asString("");
            long seconds = answer.path("expires_in").asLong(0);
            if (value.isBlank() || seconds <= 0) {
                throw new IOException(server + " gave an answer without a token");
            }
            return new Token(value, askedAt.plusSeconds(seconds));
        } catch (JacksonException e) {
            throw new IOException(server + " gave an answer that is no JSON", e);
        }
    }
}
