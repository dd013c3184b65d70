package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import dev.tentpole.bigquery.fake.FakeTokens;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TokenSourceTest {

    private static final String EMAIL = "robot@p.iam.gserviceaccount.com";
    private static final KeyPair KEY = newKey();
    private static final Transport HTTP = Transport.http(Duration.ofSeconds(5));

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void close() throws Exception {
        HTTP.close();
    }

    private static FakeBigQuery server(FakeTokens tokens) {
        return FakeBigQuery.answering(FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1))))
                .tokens(tokens);
    }

    private static String keyFile(URI server) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(KEY.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return Json.MAPPER.writeValueAsString(Json.MAPPER
                .createObjectNode()
                .put("type", "service_account")
                .put("client_email", EMAIL)
                .put("private_key_id", "k1")
                .put("private_key", pem)
                .put("token_uri", server + "/token"));
    }

    @Test
    void a_service_account_signs_in_with_its_key_once() {
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 3600));
                BigQueryClient client = BigQueryClient.builder(
                                "p", TokenSource.serviceAccount(keyFile(server.address()), HTTP))
                        .endpoint(server.address())
                        .build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.run(QueryRequest.of("SELECT 1")).totalRows()).isEqualTo(1);
            }
            assertThat(server.requests(FakeRoute.TOKEN)).isEqualTo(1);
        }
    }

    @Test
    void a_token_that_ends_within_five_minutes_is_not_used_again() throws Exception {
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 299))) {
            TokenSource source = TokenSource.serviceAccount(keyFile(server.address()), HTTP);
            assertThat(source.token().value()).isEqualTo("token-1");
            assertThat(source.token().value()).isEqualTo("token-2");
        }
    }

    @Test
    void a_token_that_was_refused_is_not_used_again() {
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 3600));
                BigQueryClient client = BigQueryClient.builder(
                                "p", TokenSource.serviceAccount(keyFile(server.address()), HTTP))
                        .endpoint(server.address())
                        .build()) {
            assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
            server.expire("token-1");
            assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
            assertThat(server.requests(FakeRoute.TOKEN)).isEqualTo(2);
        }
    }

    @Test
    void the_metadata_server_is_asked_once() {
        try (FakeBigQuery server = server(new FakeTokens("", null, 3600));
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.metadataServer(HTTP, server.address()))
                        .endpoint(server.address())
                        .build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
            }
            assertThat(server.requests(FakeRoute.METADATA)).isEqualTo(1);
        }
    }

    @Test
    void a_wrong_key_gives_no_token_and_shows_no_secret() {
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, newKey().getPublic(), 3600))) {
            TokenSource source = TokenSource.serviceAccount(keyFile(server.address()), HTTP);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(source::token)
                    .withMessage("the server of tokens gave no token: HTTP status 400");
            try (BigQueryClient client = BigQueryClient.builder("p", source)
                    .endpoint(server.address())
                    .build()) {
                assertThatExceptionOfType(QueryFailedException.class)
                        .isThrownBy(() -> client.dryRun(QueryRequest.of("SELECT 1")))
                        .withMessageContaining("noToken");
            }
        }
    }

    @Test
    void a_server_of_tokens_that_fails_is_not_silent() {
        try (FakeBigQuery server =
                server(new FakeTokens("", null, 3600)).fault(FakeRoute.METADATA, FakeFault.status(500, "x"))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(TokenSource.metadataServer(HTTP, server.address())::token)
                    .withMessageContaining("HTTP status 500");
        }
    }

    @Test
    void what_is_no_key_is_refused_without_showing_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenSource.serviceAccount("{secret", HTTP))
                .withMessageNotContaining("secret{")
                .withMessage("the service account's key is not JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenSource.serviceAccount("{\"type\":\"authorized_user\"}", HTTP))
                .withMessageContaining("service_account");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenSource.serviceAccount(
                        "{\"type\":\"service_account\",\"client_email\":\"a\",\"private_key_id\":\"b\","
                                + "\"private_key\":\"c2VjcmV0\"}",
                        HTTP))
                .withMessageNotContaining("c2VjcmV0");
    }
}
