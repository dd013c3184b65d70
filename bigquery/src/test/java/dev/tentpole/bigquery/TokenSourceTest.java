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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    void a_server_of_tokens_that_is_unwell_for_a_while_is_asked_again() {
        TestTime time = new TestTime();
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 3600))
                        .fault(FakeRoute.TOKEN, FakeFault.status(503, "x"))
                        .fault(FakeRoute.TOKEN, FakeFault.loseAnswer());
                BigQueryClient client = BigQueryClient.builder(
                                "p", TokenSource.serviceAccount(keyFile(server.address()), HTTP))
                        .endpoint(server.address())
                        .pauses(time.pauses())
                        .build()) {
            assertThat(client.run(QueryRequest.of("SELECT 1")).totalRows()).isEqualTo(1);
            assertThat(time.sleeps()).hasSize(2);
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void a_server_of_tokens_that_hangs_holds_nobody_for_longer_than_the_query_may_take() {
        try (FakeBigQuery server =
                        server(new FakeTokens(EMAIL, KEY.getPublic(), 3600)).fault(FakeRoute.TOKEN, FakeFault.hang());
                BigQueryClient client = BigQueryClient.builder(
                                "p", TokenSource.serviceAccount(keyFile(server.address()), HTTP))
                        .endpoint(server.address())
                        .timeout(Duration.ofMillis(800))
                        .build()) {
            assertThatExceptionOfType(QueryCancelledException.class)
                    .isThrownBy(() -> client.run(QueryRequest.of("SELECT 1")))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(QueryCancelledException.Reason.TIMEOUT));
            assertThat(server.queries()).isEmpty();
        }
    }

    @Test
    void a_token_that_many_need_is_fetched_once() throws Exception {
        try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 3600))) {
            TokenSource source = TokenSource.serviceAccount(keyFile(server.address()), HTTP);
            List<FutureTask<String>> tasks = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (int i = 0; i < 20; i++) {
                FutureTask<String> task = new FutureTask<>(() -> {
                    start.await();
                    return source.token().value();
                });
                tasks.add(task);
                new Thread(task).start();
            }
            start.countDown();
            for (FutureTask<String> task : tasks) {
                assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo("token-1");
            }
            assertThat(server.requests(FakeRoute.TOKEN)).isEqualTo(1);
        }
    }

    @Test
    void a_refused_token_is_forgotten_while_another_thread_fetches_one() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        TokenSource.Token first = new TokenSource.Token("a", Instant.EPOCH.plusSeconds(3600));
        TokenSource origin = () -> {
            if (now.get().equals(Instant.EPOCH)) {
                return first;
            }
            fetching.countDown();
            go.await();
            return new TokenSource.Token("b", Instant.MAX);
        };
        CachedTokens source = new CachedTokens(origin, now::get);
        assertThat(source.token()).isEqualTo(first);
        now.set(Instant.EPOCH.plusSeconds(3500));
        FutureTask<TokenSource.Token> next = new FutureTask<>(source::token);
        new Thread(next).start();
        fetching.await();
        source.refused(first);
        go.countDown();
        assertThat(next.get(20, TimeUnit.SECONDS).value()).isEqualTo("b");
        assertThat(source.token().value()).isEqualTo("b");
    }

    @Test
    void the_old_token_serves_to_its_end_while_no_new_one_can_be_had() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        TokenSource origin = () -> {
            if (now.get().equals(Instant.EPOCH)) {
                return new TokenSource.Token("a", Instant.EPOCH.plusSeconds(3600));
            }
            throw new IOException("no");
        };
        CachedTokens source = new CachedTokens(origin, now::get);
        assertThat(source.token().value()).isEqualTo("a");
        now.set(Instant.EPOCH.plusSeconds(3599));
        assertThat(source.token().value()).isEqualTo("a");
        now.set(Instant.EPOCH.plusSeconds(3600));
        assertThatExceptionOfType(IOException.class).isThrownBy(source::token).withMessage("no");
    }

    @Test
    void a_clock_that_is_wrong_by_hours_is_corrected_by_the_servers() throws Exception {
        for (Duration wrong : List.of(Duration.ofHours(3), Duration.ofHours(-30))) {
            try (FakeBigQuery server = server(new FakeTokens(EMAIL, KEY.getPublic(), 3600))) {
                InstantSource clock = () -> Instant.now().plus(wrong);
                TokenSource source = ServiceAccountTokens.parse(keyFile(server.address()), HTTP, clock);
                assertThat(source.token().value()).isEqualTo("token-1");
                assertThat(server.requests(FakeRoute.TOKEN)).isEqualTo(2);
            }
        }
    }

    @Test
    void what_a_server_of_tokens_says_is_in_no_message() {
        for (String body : List.of("s3cret", "{\"access_token\":\"s3cret\\n\",\"expires_in\":9}", "{\"s3cret\"")) {
            try (FakeBigQuery server =
                    server(new FakeTokens("", null, 3600)).fault(FakeRoute.METADATA, FakeFault.body(200, body))) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(TokenSource.metadataServer(HTTP, server.address())::token)
                        .satisfies(e -> {
                            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                                assertThat(cause.toString()).doesNotContain("s3cret");
                            }
                        });
            }
        }
    }

    @Test
    void a_key_that_would_send_assertions_in_the_clear_is_refused() {
        for (String address : List.of("http://oauth2.example.org", "http://127.evil.example", "ftp://127.0.0.1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenSource.serviceAccount(keyFile(URI.create(address)), HTTP))
                    .withMessageContaining("https, or http on this machine");
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
