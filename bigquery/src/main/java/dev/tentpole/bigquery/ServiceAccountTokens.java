package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Signs an assertion with the account's key and trades it for a token (RFC 7523; RS256 is RFC 7518, section 3.3). */
final class ServiceAccountTokens implements TokenSource {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration LARGEST_SKEW = Duration.ofMinutes(1);
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final String email;
    private final String keyId;
    private final PrivateKey key;
    private final URI tokenUri;
    private final Transport transport;
    private final InstantSource clock;

    private ServiceAccountTokens(
            String email, String keyId, PrivateKey key, URI tokenUri, Transport transport, InstantSource clock) {
        this.email = email;
        this.keyId = keyId;
        this.key = key;
        this.tokenUri = tokenUri;
        this.transport = Objects.requireNonNull(transport, "transport");
        this.clock = clock;
    }

    static ServiceAccountTokens parse(String keyJson, Transport transport, InstantSource clock) {
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(keyJson);
        } catch (JacksonException e) {
            // Neither the text nor the parser's message, which quotes it: it is a secret.
            throw new IllegalArgumentException("the service account's key is not JSON");
        }
        Args.check(
                json.path("type").asString("").equals("service_account"),
                "the key's type",
                json.path("type").asString(""),
                "service_account");
        URI tokenUri = URI.create(json.path("token_uri").asString("https://oauth2.googleapis.com/token"));
        Args.check(BigQueryClient.isSafe(tokenUri), "the key's token_uri", tokenUri, "https, or http on this machine");
        return new ServiceAccountTokens(
                field(json, "client_email"),
                field(json, "private_key_id"),
                key(field(json, "private_key")),
                tokenUri,
                transport,
                clock);
    }

    private static String field(JsonNode json, String name) {
        return Args.notBlank("the key's " + name, json.path(name).asString(""));
    }

    private static PrivateKey key(String pem) {
        String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the service account's private_key is no RSA key in PKCS #8", e);
        }
    }

    @Override
    public Token token() throws IOException, InterruptedException {
        return token(TIMEOUT);
    }

    @Override
    public Token token(Duration longest) throws IOException, InterruptedException {
        Instant now = clock.instant();
        Transport.Response response = send(now, longest);
        Instant theirs = response.status() == 400 ? date(response) : null;
        if (theirs != null && Duration.between(now, theirs).abs().compareTo(LARGEST_SKEW) > 0) {
            // An assertion from the future or the past is refused; this machine's clock is wrong, and theirs counts.
            response.body().close();
            response = send(theirs, longest);
        }
        return TokenAnswers.read(response, "the server of tokens", now);
    }

    private Transport.Response send(Instant now, Duration longest) throws IOException, InterruptedException {
        String form = "grant_type=" + URLEncoder.encode(GRANT, StandardCharsets.UTF_8) + "&assertion=" + assertion(now);
        return transport.send(new Transport.Request(
                "POST",
                tokenUri,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                form,
                longest.compareTo(TIMEOUT) < 0 ? longest : TIMEOUT));
    }

    private static @Nullable Instant date(Transport.Response response) {
        try {
            String date = response.header("Date").orElse("");
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private String assertion(Instant now) throws IOException {
        ObjectNode header = Json.MAPPER.createObjectNode();
        header.put("alg", "RS256").put("typ", "JWT").put("kid", keyId);
        ObjectNode claims = Json.MAPPER.createObjectNode();
        claims.put("iss", email)
                .put("scope", SCOPE)
                .put("aud", tokenUri.toString())
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(LIFETIME).getEpochSecond());
        String signed = encode(header) + "." + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException("the assertion could not be signed", e);
        }
    }

    private static String encode(ObjectNode json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.MAPPER.writeValueAsBytes(json));
    }
}
