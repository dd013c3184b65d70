package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Gives the OAuth access tokens with which the client calls BigQuery.
 *
 * <p>The client asks before each request, so a source keeps a token for as long as it is good. When BigQuery refuses a
 * token, the client calls {@link #refused} and asks again, once a request. Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface TokenSource {

    /** The scope that running queries needs. */
    String SCOPE = "https://www.googleapis.com/auth/bigquery";

    /**
     * {@return a token that is good now}
     *
     * @throws IOException if none can be had now; the client asks again as after a connection that broke
     * @throws InterruptedException if the calling thread is interrupted
     */
    Token token() throws IOException, InterruptedException;

    /**
     * {@return a token that is good now, as {@link #token()}, which is called by default}
     *
     * @param longest how long the client can wait; a source that may take longer throws {@link java.net.http.HttpTimeoutException}
     * @throws IOException if none can be had now
     * @throws InterruptedException if the calling thread is interrupted
     */
    default Token token(Duration longest) throws IOException, InterruptedException {
        return token();
    }

    /**
     * Says that BigQuery has refused a token, so that the next one is a new one. By default nothing happens.
     *
     * @param token the token that was refused
     */
    default void refused(Token token) {
        // A source that keeps no token has none to forget.
    }

    /**
     * {@return a source of always the same token, for a user's forwarded token or a short program}
     *
     * @param accessToken the token, not blank
     */
    static TokenSource of(String accessToken) {
        Token token = new Token(accessToken, Instant.MAX);
        return () -> token;
    }

    /**
     * {@return a source that signs in with the key of a service account, RS256 by the JDK}
     *
     * <p>A token is kept until five minutes before its end, and is fetched by one thread at a time.
     *
     * @param keyJson the JSON text of the key file; {@code token_uri} in it says where tokens are had
     * @param transport carries the requests; it isn't closed
     * @throws IllegalArgumentException if it is no such key, or {@code token_uri} is neither https nor on this machine
     */
    static TokenSource serviceAccount(String keyJson, Transport transport) {
        InstantSource clock = InstantSource.system();
        return new CachedTokens(ServiceAccountTokens.parse(keyJson, transport, clock), clock);
    }

    /**
     * {@return a source that asks the metadata server of the machine that it runs on, in Google's cloud}
     *
     * @param transport carries the requests; it isn't closed
     */
    static TokenSource metadataServer(Transport transport) {
        return metadataServer(transport, URI.create("http://metadata.google.internal"));
    }

    /**
     * {@return a source that asks a metadata server}
     *
     * @param transport carries the requests; it isn't closed
     * @param server its address, without a path
     */
    static TokenSource metadataServer(Transport transport, URI server) {
        InstantSource clock = InstantSource.system();
        return new CachedTokens(new MetadataTokens(server, transport, clock), clock);
    }

    /**
     * An access token.
     *
     * @param value what is sent; not shown
     * @param expiresAt when it ends; {@link Instant#MAX} if that is not known
     */
    record Token(String value, Instant expiresAt) {

        /** How long before its end a token is no longer used. */
        static final Duration MARGIN = Duration.ofMinutes(5);

        /**
         * Checks the value.
         *
         * @param value what is sent; not shown
         * @param expiresAt when it ends; {@link Instant#MAX} if that is not known
         * @throws IllegalArgumentException if the value is blank, or has characters that no header has
         */
        public Token {
            Args.notBlank("token", value);
            if (!isSendable(value)) {
                // Without the value: it is a secret.
                throw new IllegalArgumentException("token has a character that no HTTP header has");
            }
            Objects.requireNonNull(expiresAt, "expiresAt");
        }

        static boolean isSendable(String value) {
            return !value.isBlank() && value.chars().allMatch(c -> c >= ' ' && c <= '~');
        }

        /** Shows when it ends, not what it is. */
        @Override
        public String toString() {
            return "Token[expiresAt=" + expiresAt + "]";
        }
    }
}
