package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.TableResult;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Google's own client takes the fake for BigQuery, and reads from it what ours reads. */
@Timeout(120)
final class GoogleClientTest {

    private static final Instant TIME = Instant.parse("2024-02-29T23:59:59.123456Z");
    private static final List<FakeColumn> COLUMNS = List.of(
            FakeColumn.of("n", "INTEGER"),
            FakeColumn.of("s", "STRING"),
            FakeColumn.of("f", "FLOAT"),
            FakeColumn.of("t", "TIMESTAMP"),
            new FakeColumn("tags", "STRING", "REPEATED", List.of()),
            new FakeColumn("inner", "RECORD", "NULLABLE", List.of(FakeColumn.of("x", "INTEGER"))));

    private static final FakeResult RESULT = FakeResult.generated(
            COLUMNS,
            2_500,
            row -> Arrays.asList(
                    row, row % 2 == 0 ? null : "s" + row, row / 4.0, TIME, List.of("a", "b"), List.of(row)));

    private static BigQuery google(FakeBigQuery server) {
        return BigQueryOptions.newBuilder()
                .setProjectId("p")
                .setHost(server.address().toString())
                .setLocation("US")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }

    private static void assertRows(TableResult result) {
        long row = 0;
        assertThat(result.getTotalRows()).isEqualTo(2_500);
        for (FieldValueList values : result.iterateAll()) {
            assertThat(values.get("n").getLongValue()).isEqualTo(row);
            assertThat(values.get("s").isNull()).isEqualTo(row % 2 == 0);
            assertThat(values.get("f").getDoubleValue()).isEqualTo(row / 4.0);
            assertThat(values.get("t").getTimestampInstant()).isEqualTo(TIME);
            assertThat(values.get("tags").getRepeatedValue()).hasSize(2);
            assertThat(values.get("inner").getRecordValue().get(0).getLongValue())
                    .isEqualTo(row);
            row++;
        }
        assertThat(row).isEqualTo(2_500);
    }

    @Test
    void a_query_runs_over_several_pages() throws InterruptedException {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT.pageRows(1_000))) {
            assertRows(google(server)
                    .query(QueryJobConfiguration.newBuilder("SELECT 1").build()));
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void a_job_is_made_waited_for_and_read() throws InterruptedException {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT.pageRows(1_000).polls(1))) {
            QueryJobConfiguration configuration = QueryJobConfiguration.newBuilder("SELECT @a")
                    .addNamedParameter("a", QueryParameterValue.string("it's"))
                    .setLabels(Map.of("team", "data"))
                    .setMaximumBytesBilled(20L << 20)
                    .build();
            Job job = google(server).create(JobInfo.of(JobId.of("p", "my-job"), configuration));
            assertRows(job.getQueryResults());
            QueryStatistics statistics = job.reload().getStatistics();
            assertThat(statistics.getTotalBytesBilled()).isEqualTo(10L << 20);
            assertThat(server.queries().get(0).parameters()).containsEntry("a", "it's");
            assertThat(server.queries().get(0).labels()).containsEntry("team", "data");
            assertThat(server.queries().get(0).maximumBytesBilled()).isEqualTo(20L << 20);
        }
    }

    @Test
    void a_dry_run_costs_nothing() {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT.bytes(1234))) {
            Job job = google(server)
                    .create(JobInfo.of(QueryJobConfiguration.newBuilder("SELECT 1")
                            .setDryRun(true)
                            .build()));
            QueryStatistics statistics = job.getStatistics();
            assertThat(statistics.getTotalBytesProcessed()).isEqualTo(1234);
            assertThat(statistics.getSchema().getFields()).hasSize(6);
            assertThat(statistics.getReferencedTables()).hasSize(1);
            assertThat(server.queries()).isEmpty();
        }
    }

    @Test
    void a_job_is_cancelled() {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT.endless())) {
            Job job = google(server)
                    .create(JobInfo.of(
                            JobId.of("p", "my-job"),
                            QueryJobConfiguration.newBuilder("SELECT 1").build()));
            assertThat(server.running()).isEqualTo(1);
            assertThat(job.cancel()).isTrue();
            assertThat(server.cancelled()).isEqualTo(1);
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void errors_have_reason_and_status() {
        try (FakeBigQuery server = FakeBigQuery.answering(FakeResult.failing(400, "invalidQuery"))) {
            com.google.cloud.bigquery.BigQueryException failure = catchThrowableOfType(
                    com.google.cloud.bigquery.BigQueryException.class,
                    () -> google(server).query(QueryJobConfiguration.of("SELECT 1")));
            assertThat(failure.getError().getReason()).isEqualTo("invalidQuery");
            assertThat(failure.getCode()).isEqualTo(400);
        }
    }

    @Test
    void a_job_of_the_same_id_is_a_duplicate() {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT)) {
            JobInfo job = JobInfo.of(
                    JobId.of("p", "my-job"),
                    QueryJobConfiguration.newBuilder("SELECT 1").build());
            assertThat(google(server).create(job).getJobId().getJob()).isEqualTo("my-job");
            com.google.cloud.bigquery.BigQueryException failure = catchThrowableOfType(
                    com.google.cloud.bigquery.BigQueryException.class,
                    () -> google(server).create(job));
            assertThat(failure.getError().getReason()).isEqualTo("duplicate");
            assertThat(failure.getCode()).isEqualTo(409);
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void both_clients_read_the_same() throws InterruptedException {
        try (FakeBigQuery server = FakeBigQuery.answering(RESULT.pageRows(700));
                BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                        .endpoint(server.address())
                        .build();
                QueryResult ours = client.run(QueryRequest.of("SELECT 1"))) {
            List<String> rows = new ArrayList<>();
            for (QueryPage page : ours) {
                for (int row = 0; row < page.rows(); row++) {
                    rows.add(page.column("n").longAt(row) + " "
                            + (page.column("s").isNull(row)
                                    ? null
                                    : page.column("s").stringAt(row)) + " "
                            + page.column("f").doubleAt(row) + " "
                            + page.column("t").instantAt(row));
                }
            }
            List<String> theirs = new ArrayList<>();
            for (FieldValueList values :
                    google(server).query(QueryJobConfiguration.of("SELECT 1")).iterateAll()) {
                theirs.add(values.get("n").getLongValue() + " "
                        + values.get("s").getValue() + " " + values.get("f").getDoubleValue() + " "
                        + values.get("t").getTimestampInstant());
            }
            assertThat(rows).isEqualTo(theirs);
        }
    }
}
