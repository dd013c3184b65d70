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

    /**
     * {@return the token}
     *
     * @throws TokenRefusedException if there is none and will not be
     * @throws IOException if there is none now
     */
    static Token read(Transport.Response response, String server, Instant askedAt) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LONGEST);
            int status = response.status();
            if (status != 200) {
                // The body may repeat what was sent, which is a secret.
                String message = server + " gave no token: HTTP status " + status;
                boolean mayPass = status >= 500 || status == 429 || status == 408;
                throw mayPass ? new IOException(message) : new TokenRefusedException(message);
            }
            JsonNode answer = Json.MAPPER.readTree(bytes);
            String value = answer.path("access_token").asString("");
            long seconds = answer.path("expires_in").asLong(0);
            if (!Token.isSendable(value) || seconds <= 0) {
                throw new IOException(server + " gave an answer without a token");
            }
            return new Token(value, askedAt.plusSeconds(Math.min(seconds, Integer.MAX_VALUE)));
        } catch (JacksonException e) {
            // Its message quotes what was answered, which may be a token.
            throw new IOException(server + " gave an answer that is no JSON");
        }
    }
}
