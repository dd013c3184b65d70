package dev.tentpole.bigquery.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/**
 * How a {@link FakeBigQuery} checks assertions that are signed with a service account's key.
 *
 * @param email whose assertions are taken; empty for nobody's
 * @param key with what signatures are checked; null for nobody's
 * @param lifetimeSeconds how long tokens are said to be good
 */
public record FakeTokens(String email, PublicKey key, int lifetimeSeconds) {

    static final FakeTokens NONE = new FakeTokens("", null, 3600);

    private static final long MOST_SKEW_SECONDS = 300;

    boolean accepts(String assertion) {
        String[] parts = assertion.split("\\.", -1);
        if (key == null || parts.length != 3) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            JsonNode claims = FakeJson.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.path("iss").asString("").equals(email)
                    && claims.path("scope").asString("").contains("bigquery")
                    && claims.path("aud").asString("").endsWith("/token")
                    && claims.path("exp").asLong(0) - claims.path("iat").asLong(0) == 3600
                    && Math.abs(Instant.now().getEpochSecond()
                                    - claims.path("iat").asLong(0))
                            < MOST_SKEW_SECONDS;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
