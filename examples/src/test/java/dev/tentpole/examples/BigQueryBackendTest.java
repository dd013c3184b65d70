package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.Catalog;
import dev.tentpole.bigquery.TableField;
import dev.tentpole.bigquery.TableStats;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeTokens;
import dev.tentpole.core.BackendHealth;
import dev.tentpole.core.Query;
import dev.tentpole.core.QueryContext;
import dev.tentpole.core.QueryException;
import dev.tentpole.core.TimeRange;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The source against the fake server, with credentials and without. */
final class BigQueryBackendTest {

    private static final Catalog CATALOG = Catalog.of(TableStats.builder("p.d.rides")
            .field(TableField.of("location", TableField.Type.INT64, TableField.Mode.REQUIRED))
            .field("note", TableField.Type.STRING)
            .rows(20_332_093)
            .bytes(2_000_000_000)
            .build());

    @TempDir
    Path folder;

    private static Query query(String sql, boolean estimate) {
        ObjectNode model = JsonMapper.builder().build().createObjectNode();
        model.put("expression", sql).put("estimate", estimate);
        return Query.builder("A")
                .model(model.toString())
                .timeRange(new TimeRange(Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2024-01-02T00:00:00Z")))
                .interval(Duration.ofMinutes(1))
                .build();
    }

    private static QueryContext context() {
        return QueryContext.withTimeout(Duration.ofSeconds(30));
    }

    private Path catalog() throws IOException {
        Path file = folder.resolve("tables.json");
        CATALOG.write(file);
        return file;
    }

    private BigQuerySettings settings(FakeBigQuery server) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        server.tokens(new FakeTokens("robot@p", keys.getPublic(), 3600));
        ObjectNode key = JsonMapper.builder().build().createObjectNode();
        key.put("type", "service_account")
                .put("client_email", "robot@p")
                .put("private_key_id", "k")
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getEncoder()
                                        .encodeToString(keys.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n")
                .put("token_uri", server.address() + "/token");
        return new BigQuerySettings(
                Optional.of("p"),
                Optional.of(Files.writeString(folder.resolve("key.json"), key.toString())),
                Optional.empty(),
                Optional.of("EU"),
                Optional.of(server.address()));
    }

    @Test
    void without_credentials_it_tells_what_a_query_costs() throws Exception {
        BigQuerySettings settings = new BigQuerySettings(
                Optional.empty(), Optional.empty(), Optional.of(catalog()), Optional.of("US"), Optional.empty());
        try (BigQueryBackend backend = BigQueryBackend.open("bigquery", settings)) {
            Frame frame = backend.query(query("SELECT location FROM p.d.rides", false), context())
                    .get(0);
            assertThat(frame.fields())
                    .extracting(field -> field.name())
                    .containsExactly("part", "name", "lower", "expected", "upper");
            assertThat(frame.meta().notices())
                    .extracting(Notice::text)
                    .anyMatch(text -> text.startsWith("Reads 162656744 bytes") && text.contains(" costs USD "));
            assertThat(backend.checkHealth(context()).message()).contains("1 tables");
        }
    }

    @Test
    void with_credentials_it_runs_queries() throws Exception {
        FakeResult rows = FakeResult.generated(
                List.of(
                        FakeColumn.of("time", "TIMESTAMP"),
                        FakeColumn.of("n", "INTEGER"),
                        FakeColumn.of("s", "STRING")),
                30_000,
                row -> List.of(Instant.ofEpochSecond(row), row, "s" + row));
        try (FakeBigQuery server = FakeBigQuery.answering(rows);
                BigQueryBackend backend = BigQueryBackend.open("bigquery", settings(server))) {
            Frame frame = backend.query(query("SELECT * FROM t WHERE $__timeFilter(ts)", false), context())
                    .get(0);
            assertThat(frame.rows()).isEqualTo(30_000);
            assertThat(frame.fields())
                    .extracting(field -> field.type())
                    .containsExactly(FieldType.TIME, FieldType.INT64, FieldType.STRING);
            assertThat(frame.meta().executedQuery()).contains("SELECT * FROM t WHERE (ts >= @__from AND ts < @__to)");
            assertThat(server.queries().get(0).parameters())
                    .containsEntry("__from", "2024-01-01 00:00:00.000000+00:00");
            assertThat(server.queries().get(0).location()).isEqualTo("EU");
            assertThat(server.queries().get(0).labels()).containsEntry("app", "bigtent");
            assertThat(backend.checkHealth(context()).status()).isEqualTo(BackendHealth.Status.OK);
        }
    }

    @Test
    void an_estimate_with_credentials_has_the_dry_runs_word_and_runs_nothing() throws Exception {
        FakeResult answer = FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)))
                .bytes(4711);
        try (FakeBigQuery server = FakeBigQuery.answering(answer);
                BigQueryBackend backend = BigQueryBackend.open("bigquery", settings(server))) {
            Frame frame = backend.query(query("SELECT n FROM p.d.unknown", true), context())
                    .get(0);
            assertThat(frame.meta().notices())
                    .extracting(Notice::text)
                    .anyMatch(text -> text.contains("dry run says 4711 bytes, PRECISE"));
            assertThat(server.queries()).isEmpty();
        }
    }

    @Test
    void errors_are_told_with_the_servers_words() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(
                        FakeResult.failing(400, "invalidQuery").polls(1));
                BigQueryBackend backend = BigQueryBackend.open("bigquery", settings(server))) {
            QueryException failure = catchThrowableOfType(
                    QueryException.class, () -> backend.query(query("SELECT nonsense", false), context()));
            assertThat(failure).hasMessageContaining("the fake says invalidQuery");
            QueryException macro = catchThrowableOfType(
                    QueryException.class, () -> backend.query(query("SELECT $nope", false), context()));
            assertThat(macro).hasMessageContaining("there is no variable $nope, at [1:8]");
        }
    }
}
