package dev.tentpole.streaming;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets the token that a server wants to see; asked when there is none, before it runs out, and when the server refuses it.
 *
 * <p>Called on a thread where it may block; never twice at the same time for one connection. It is interrupted when it
 * takes longer than {@link ConnectionSettings.Builder#tokenTimeout}, and what it brings after that is not used.
 */
@FunctionalInterface
public interface TokenSource {

    /**
     * {@return a token}
     *
     * @param fresh whether a cached token will not do, since the server has refused it
     * @throws Exception if there is none; the connection tries again later
     */
    Token fetch(boolean fresh) throws Exception;

    /** A secret and when it runs out. {@link #toString} does not show the secret. */
    final class Token {

        private final String secret;
        private final @Nullable Instant expiresAt;

        private Token(String secret, @Nullable Instant expiresAt) {
            this.secret = Objects.requireNonNull(secret, "secret");
            this.expiresAt = expiresAt;
        }

        /**
         * {@return a token that does not run out}
         *
         * @param secret the token itself
         */
        public static Token of(String secret) {
            return new Token(secret, null);
        }

        /**
         * {@return a token that runs out}
         *
         * @param secret the token itself
         * @param expiresAt when the server will refuse it
         */
        public static Token of(String secret, Instant expiresAt) {
            return new Token(secret, Objects.requireNonNull(expiresAt, "expiresAt"));
        }

        /**
         * {@return the token itself}
         */
        public String secret() {
            return secret;
        }

        /**
         * {@return when the server will refuse it; empty if it does not run out}
         */
        public Optional<Instant> expiresAt() {
            return Optional.ofNullable(expiresAt);
        }

        boolean isSameAs(Token other) {
            return secret.equals(other.secret);
        }

        @Override
        public String toString() {
            return "Token[" + (expiresAt == null ? "does not expire" : "expires " + expiresAt) + "]";
        }
    }
}
