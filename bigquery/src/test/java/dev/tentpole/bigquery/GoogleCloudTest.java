package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.LegacySQLTypeName;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import com.google.cloud.bigquery.ViewDefinition;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeQuery;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users of Google's client have is enough for ours. */
@Timeout(60)
final class GoogleCloudTest {

    private static final FakeResult ROW = FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)));

    /** Credentials that make tokens of their own, and count how many. */
    private static final class Counting extends GoogleCredentials {

        private static final long serialVersionUID = 1L;

        private final transient AtomicInteger made = new AtomicInteger();

        @Override
        public AccessToken refreshAccessToken() {
            return new AccessToken(
                    "theirs-" + made.incrementAndGet(), Date.from(Instant.now().plusSeconds(3600)));
        }
    }

    private static BigQueryOptions options(FakeBigQuery server, com.google.auth.Credentials credentials) {
        return BigQueryOptions.newBuilder()
                .setProjectId("p")
                .setHost(server.address().toString())
                .setLocation("EU")
                .setCredentials(credentials)
                .build();
    }

    @Test
    void options_are_a_client() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).accept("theirs-1");
                BigQueryClient client =
                        GoogleCloud.client(options(server, new Counting())).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            assertThat(result.nextPage()).isPresent();
            assertThat(server.queries()).extracting(FakeQuery::location).containsExactly("EU");
        }
    }

    @Test
    void credentials_that_are_none_are_enough_for_a_fake() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW);
                BigQueryClient client = GoogleCloud.client(options(server, NoCredentials.getInstance()))
                        .build()) {
            assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
        }
    }

    @Test
    void a_token_is_kept_until_it_is_refused() {
        Counting credentials = new Counting();
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).accept("theirs-1");
                BigQueryClient client =
                        GoogleCloud.client(options(server, credentials)).build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
            }
            assertThat(credentials.made).hasValue(1);
            server.expire("theirs-1");
            server.accept("theirs-2");
            assertThat(client.dryRun(QueryRequest.of("SELECT 1")).bytes()).isPositive();
            assertThat(credentials.made).hasValue(2);
            assertThat(server.requests(FakeRoute.DRY_RUN)).isEqualTo(5);
        }
    }

    @Test
    void credentials_without_a_token_are_refused_with_their_reason() {
        GoogleCredentials broken = new GoogleCredentials() {
            private static final long serialVersionUID = 1L;

            @Override
            public AccessToken refreshAccessToken() throws IOException {
                throw new IOException("no");
            }
        };
        TestTime time = new TestTime();
        try (FakeBigQuery server = FakeBigQuery.answering(ROW);
                BigQueryClient client = GoogleCloud.client(options(server, broken))
                        .pauses(time.pauses())
                        .maxAttempts(2)
                        .build()) {
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    QueryFailedException.class, () -> client.dryRun(QueryRequest.of("SELECT 1")))
                            .reason())
                    .isEqualTo("connection");
        }
    }

    @Test
    void a_query_of_googles_client_is_one_of_ours() {
        QueryJobConfiguration theirs = QueryJobConfiguration.newBuilder("SELECT @a, @b, @c")
                .addNamedParameter("a", QueryParameterValue.string("it's"))
                .addNamedParameter("b", QueryParameterValue.array(new Long[] {1L, 2L}, Long.class))
                .addNamedParameter("c", QueryParameterValue.timestamp(1_704_067_200_000_000L))
                .setLabels(Map.of("team", "data"))
                .setMaximumBytesBilled(20L << 20)
                .setDefaultDataset("d")
                .setUseQueryCache(false)
                .build();
        try (FakeBigQuery server = FakeBigQuery.answering(ROW);
                BigQueryClient client = GoogleCloud.client(options(server, NoCredentials.getInstance()))
                        .build()) {
            client.run(GoogleCloud.request(theirs).build()).close();
            FakeQuery query = server.queries().get(0);
            assertThat(query.parameters())
                    .containsEntry("a", "it's")
                    .containsEntry("b", "[{\"value\":\"1\"},{\"value\":\"2\"}]")
                    .containsEntry("c", "2024-01-01 00:00:00.000000+00:00");
            assertThat(query.labels()).containsEntry("team", "data");
            assertThat(query.maximumBytesBilled()).isEqualTo(20L << 20);
        }
    }

    @Test
    void what_our_client_does_not_do_is_refused_and_not_left_out() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoogleCloud.request(QueryJobConfiguration.newBuilder("SELECT 1")
                        .setUseLegacySql(true)
                        .build()))
                .withMessageContaining("useLegacySql");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoogleCloud.request(QueryJobConfiguration.newBuilder("SELECT 1")
                        .setDestinationTable(TableId.of("d", "t"))
                        .build()))
                .withMessageContaining("destinationTable");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoogleCloud.request(QueryJobConfiguration.newBuilder("SELECT @s")
                        .addNamedParameter("s", QueryParameterValue.struct(Map.of("x", QueryParameterValue.int64(1))))
                        .build()))
                .withMessageContaining("@s");
    }

    @Test
    void a_table_of_googles_client_is_one_of_a_catalog() {
        Schema schema = Schema.of(
                Field.newBuilder("at", LegacySQLTypeName.TIMESTAMP)
                        .setMode(Field.Mode.REQUIRED)
                        .build(),
                Field.newBuilder(
                                "hits",
                                LegacySQLTypeName.RECORD,
                                Field.of("path", LegacySQLTypeName.STRING),
                                Field.of("ms", LegacySQLTypeName.INTEGER))
                        .setMode(Field.Mode.REPEATED)
                        .build());
        TableInfo theirs = TableInfo.newBuilder(
                        TableId.of("p", "d", "t"),
                        StandardTableDefinition.newBuilder()
                                .setSchema(schema)
                                .setNumRows(7L)
                                .setNumBytes(1_000L)
                                .setTimePartitioning(TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                                        .setField("at")
                                        .build())
                                .setClustering(Clustering.newBuilder()
                                        .setFields(List.of("at"))
                                        .build())
                                .build())
                .setRequirePartitionFilter(true)
                .build();
        TableStats table = GoogleCloud.table(theirs);
        assertThat(table.name()).isEqualTo("p.d.t");
        assertThat(table.rows()).isEqualTo(7);
        assertThat(table.bytes()).isEqualTo(1_000);
        assertThat(table.requirePartitionFilter()).isTrue();
        assertThat(table.clustering()).containsExactly("at");
        assertThat(table.partitioning()).contains(TablePartitioning.time(TablePartitioning.Unit.DAY, "at"));
        assertThat(table.fields().get(0).mode()).isEqualTo(TableField.Mode.REQUIRED);
        assertThat(table.fields().get(1).fields())
                .extracting(TableField::type)
                .containsExactly(TableField.Type.STRING, TableField.Type.INT64);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> GoogleCloud.table(TableInfo.of(TableId.of("p", "d", "v"), ViewDefinition.of("SELECT 1"))))
                .withMessageContaining("VIEW");
    }
}
