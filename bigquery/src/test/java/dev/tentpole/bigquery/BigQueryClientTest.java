package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeQuery;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BigQueryClientTest {

    private static final List<FakeColumn> NAMES =
            List.of(FakeColumn.of("name", "STRING"), FakeColumn.of("count", "INTEGER"));

    private static BigQueryClient.Builder client(FakeBigQuery server) {
        return BigQueryClient.builder("p", TokenSource.of("secret")).endpoint(server.address());
    }

    private static FakeResult numbers(long rows) {
        return FakeResult.generated(NAMES, rows, row -> List.of("name-" + row, row));
    }

    @Test
    void a_query_is_run_and_its_rows_are_read() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(3));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QueryRequest.of("SELECT name, count FROM t"))) {
            assertThat(result.totalRows()).isEqualTo(3);
            assertThat(result.schema()).extracting(TableField::name).containsExactly("name", "count");
            QueryPage page = result.nextPage().orElseThrow();
            assertThat(page.rows()).isEqualTo(3);
            assertThat(page.column("NAME").stringAt(2)).isEqualTo("name-2");
            assertThat(page.column(1).longAt(2)).isEqualTo(2);
            assertThat(result.nextPage()).isEmpty();
            assertThat(server.requests(FakeRoute.INSERT)).isEqualTo(1);
            assertThat(server.requests(FakeRoute.RESULTS)).isEqualTo(1);
        }
    }

    @Test
    void every_row_of_many_pages_comes_once_and_in_order() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(10_007));
                BigQueryClient client = client(server).pageRows(1_000).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            long next = 0;
            for (QueryPage page : result) {
                assertThat(page.firstRow()).isEqualTo(next);
                for (int row = 0; row < page.rows(); row++) {
                    assertThat(page.column(1).longAt(row)).isEqualTo(next++);
                }
            }
            assertThat(next).isEqualTo(10_007);
            assertThat(server.requests(FakeRoute.PAGE)).isEqualTo(10);
            assertThat(server.rowsServed()).isEqualTo(10_007);
        }
    }

    @Test
    void no_more_than_one_page_is_fetched_ahead() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000));
                BigQueryClient client = client(server).pageRows(10).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(result.nextPage()).isPresent();
            }
            assertThat(server.requests(FakeRoute.PAGE)).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void results_are_read_without_threads_to_fetch_ahead_as_well() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(100));
                BigQueryClient client =
                        client(server).pageRows(10).prefetchThreads(1).build()) {
            List<QueryResult> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(client.run(QueryRequest.of("SELECT 1")));
            }
            for (int page = 0; page < 10; page++) {
                for (QueryResult result : results) {
                    assertThat(result.nextPage().orElseThrow().column(1).longAt(9))
                            .isEqualTo(page * 10 + 9);
                }
            }
        }
    }

    @Test
    void a_result_without_rows_has_no_page() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(0));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            assertThat(result.nextPage()).isEmpty();
            assertThat(result).isEmpty();
        }
    }

    @Test
    void a_query_that_runs_for_a_while_is_waited_for() {
        TestTime time = new TestTime();
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).polls(4));
                BigQueryClient client = client(server).pauses(time.pauses()).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            assertThat(result.totalRows()).isEqualTo(1);
            assertThat(server.requests(FakeRoute.RESULTS)).isEqualTo(5);
            assertThat(time.sleeps()).as("not all the time").hasSize(3).isSorted();
        }
    }

    @Test
    void a_dry_run_says_bytes_schema_and_tables_and_runs_nothing() {
        FakeResult answer =
                numbers(3).bytes(162_656_744).accuracy("UPPER_BOUND").tables(List.of("a.b.c", "a.b.d"));
        try (FakeBigQuery server = FakeBigQuery.answering(answer);
                BigQueryClient client = client(server).build()) {
            QueryDryRun dryRun = client.dryRun(QueryRequest.of("SELECT 1"));
            assertThat(dryRun.bytes()).isEqualTo(162_656_744);
            assertThat(dryRun.accuracy()).isEqualTo(CostAccuracy.UPPER_BOUND);
            assertThat(dryRun.tables()).containsExactly("a.b.c", "a.b.d");
            assertThat(dryRun.schema())
                    .extracting(TableField::type)
                    .containsExactly(TableField.Type.STRING, TableField.Type.INT64);
            assertThat(dryRun.statementType()).isEqualTo("SELECT");
            assertThat(server.queries()).isEmpty();
            assertThat(server.billedBytes()).isZero();
        }
    }

    @Test
    void a_short_query_may_do_without_a_job() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(2)).withoutJobs();
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(
                        QueryRequest.builder("SELECT 1").jobOptional(true).build())) {
            assertThat(result.jobId()).isEmpty();
            assertThat(result.nextPage().orElseThrow().rows()).isEqualTo(2);
            assertThat(result.statistics().bytesBilled()).hasValue(10L << 20);
            assertThat(server.requests(FakeRoute.QUERY)).isEqualTo(1);
            assertThat(server.requests(FakeRoute.INSERT)).isZero();
        }
    }

    @Test
    void a_long_result_has_a_job_even_if_it_need_not() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(25).polls(1)).withoutJobs();
                BigQueryClient client = client(server)
                        .pageRows(10)
                        .pauses(new TestTime().pauses())
                        .build();
                QueryResult result = client.run(
                        QueryRequest.builder("SELECT 1").jobOptional(true).build())) {
            assertThat(result.jobId()).isPresent();
            assertThat(result).hasSize(3);
        }
    }

    @Test
    void what_was_billed_is_asked_for() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).bytes((12L << 20) + 1));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            assertThat(result.statistics().bytesBilled()).isEmpty();
            QueryStatistics statistics = client.statistics(result);
            assertThat(statistics.bytesBilled()).hasValue(13L << 20);
            assertThat(statistics.bytesProcessed()).isEqualTo((12L << 20) + 1);
            assertThat(statistics.jobId()).isEqualTo(result.jobId());
        }
    }

    @Test
    void a_request_carries_parameters_labels_location_and_limit() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1));
                BigQueryClient client = client(server)
                        .location("EU")
                        .label("team", "Core Data!")
                        .maximumBytesBilled(50L << 20)
                        .build()) {
            client.run(QueryRequest.builder("SELECT @a, @b")
                            .parameters(List.of(
                                    SqlParameter.of("a", TableField.Type.STRING, "it's"),
                                    SqlParameter.array("b", TableField.Type.STRING, List.of("x", "y"))))
                            .label("Dashboard-Uid", "7Ä/x")
                            .maximumBytesBilled(20L << 20)
                            .build())
                    .close();
            FakeQuery query = server.queries().get(0);
            assertThat(query.parameters())
                    .containsEntry("a", "it's")
                    .containsEntry("b", "[{\"value\":\"x\"},{\"value\":\"y\"}]");
            assertThat(query.labels()).isEqualTo(Map.of("team", "core_data_", "dashboard-uid", "7ä_x"));
            assertThat(query.location()).isEqualTo("EU");
            assertThat(query.maximumBytesBilled()).isEqualTo(20L << 20);
        }
    }

    @Test
    void too_many_bytes_are_refused_by_the_server_at_no_cost() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).bytes(20L << 20));
                BigQueryClient client =
                        client(server).maximumBytesBilled(10L << 20).build()) {
            QueryFailedException failure = catchThrowableOfType(
                    QueryFailedException.class, () -> client.run(QueryRequest.of("SELECT 'my secret'")));
            assertThat(failure.reason()).isEqualTo("bytesBilledLimitExceeded");
            assertThat(failure.retry()).isEqualTo(QueryFailedException.Retry.NEVER);
            assertThat(failure).hasMessageContaining("maximumBytesBilled").hasMessageNotContaining("secret");
            assertThat(server.billedBytes()).isZero();
            assertThat(server.requests(FakeRoute.INSERT)).isEqualTo(1);
        }
    }

    @Test
    void values_of_every_type_are_read() {
        Instant instant = Instant.parse("2024-02-29T23:59:59.123456Z");
        FakeColumn tags = new FakeColumn("tags", "STRING", "REPEATED", List.of());
        FakeColumn inner = new FakeColumn(
                "inner",
                "RECORD",
                "NULLABLE",
                List.of(FakeColumn.of("n", "INTEGER"), FakeColumn.of("f", "FLOAT"), tags));
        List<FakeColumn> columns = List.of(
                FakeColumn.of("i", "INTEGER"),
                FakeColumn.of("f", "FLOAT"),
                FakeColumn.of("b", "BOOLEAN"),
                FakeColumn.of("s", "STRING"),
                FakeColumn.of("t", "TIMESTAMP"),
                FakeColumn.of("d", "DATE"),
                FakeColumn.of("dt", "DATETIME"),
                FakeColumn.of("tm", "TIME"),
                FakeColumn.of("n", "NUMERIC"),
                FakeColumn.of("by", "BYTES"),
                tags,
                inner);
        List<Object> row = Arrays.asList(
                Long.MIN_VALUE,
                0.1,
                true,
                "ünï \"q\" 🙂",
                instant,
                "2024-02-29",
                "2024-02-29T01:02:03.5",
                "01:02:03",
                "-12345678901234567890.123456789",
                "aGk=",
                List.of("x", "y\"z"),
                Arrays.asList(9, null, List.of("q")));
        List<Object> nulls = new ArrayList<>(Collections.nCopies(columns.size(), null));
        nulls.set(10, List.of());
        try (FakeBigQuery server = FakeBigQuery.answering(FakeResult.of(columns, List.of(row, nulls)));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QueryRequest.of("SELECT 1"))) {
            QueryPage page = result.nextPage().orElseThrow();
            assertThat(page.column("i").longAt(0)).isEqualTo(Long.MIN_VALUE);
            assertThat(page.column("i").decimalAt(0)).isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE));
            assertThat(page.column("f").doubleAt(0)).isEqualTo(0.1);
            assertThat(page.column("b").booleanAt(0)).isTrue();
            assertThat(page.column("s").stringAt(0)).isEqualTo("ünï \"q\" 🙂");
            assertThat(page.column("t").instantAt(0)).isEqualTo(instant);
            assertThat(page.column("t").stringAt(0)).isEqualTo(instant.toString());
            assertThat(page.column("d").dateAt(0)).isEqualTo(LocalDate.of(2024, 2, 29));
            assertThat(page.column("dt").dateTimeAt(0)).isEqualTo(LocalDateTime.parse("2024-02-29T01:02:03.5"));
            assertThat(page.column("tm").timeAt(0)).isEqualTo(LocalTime.of(1, 2, 3));
            assertThat(page.column("n").decimalAt(0)).isEqualTo(new BigDecimal("-12345678901234567890.123456789"));
            assertThat(page.column("by").bytesAt(0)).isEqualTo("hi".getBytes(StandardCharsets.UTF_8));
            assertThat(page.column("tags").stringAt(0)).isEqualTo("[\"x\",\"y\\\"z\"]");
            assertThat(page.column("inner").stringAt(0)).isEqualTo("{\"n\":9,\"f\":null,\"tags\":[\"q\"]}");
            for (QueryColumn column : page.columns()) {
                assertThat(column.isNull(0)).isFalse();
                assertThat(column.isNull(1)).isEqualTo(column.field().mode() != TableField.Mode.REPEATED);
            }
            assertThatIllegalStateException()
                    .isThrownBy(() -> page.column("i").longAt(1))
                    .withMessageContaining("isNull");
            assertThatIllegalStateException()
                    .isThrownBy(() -> page.column("s").longAt(0))
                    .withMessage("column s is STRING, not a whole number");
        }
    }

    @Test
    void settings_out_of_range_are_refused() {
        BigQueryClient.Builder builder = BigQueryClient.builder("p", TokenSource.of("t"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder.endpoint(URI.create("http://example.org")).build())
                .withMessageContaining("https, or http on this machine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryRequest.builder("SELECT 1")
                        .maximumBytesBilled(10485759)
                        .build())
                .withMessageContaining("maximumBytesBilled = 10485759");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> QueryRequest.builder("SELECT 1").requestId("a b").build())
                .withMessageContaining("requestId");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryRequest.builder("SELECT ?, @a")
                        .parameters(List.of(
                                SqlParameter.of("", TableField.Type.INT64, "1"),
                                SqlParameter.of("a", TableField.Type.INT64, "1")))
                        .build())
                .withMessageContaining("all named or all without a name");
    }

    @Test
    void a_closed_client_runs_nothing_and_leaves_no_thread() throws InterruptedException {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            BigQueryClient client = client(server).pageRows(10).build();
            QueryResult result = client.run(QueryRequest.of("SELECT 1"));
            assertThat(result.nextPage()).isPresent();
            client.close();
            client.close();
            assertThat(catchThrowableOfType(
                                    QueryCancelledException.class, () -> client.run(QueryRequest.of("SELECT 1")))
                            .reason())
                    .isEqualTo(QueryCancelledException.Reason.CLOSED);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(server.queries()).hasSize(1);
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("tentpole-bigquery-")) {
                    thread.join(20_000);
                    assertThat(thread.isAlive()).isFalse();
                }
            }
        }
    }

    @Test
    void nothing_shows_tokens_queries_or_values() {
        assertThat(new TokenSource.Token("secret", Instant.MAX).toString()).doesNotContain("secret");
        assertThat(QueryRequest.of("SELECT 'secret'").toString()).doesNotContain("secret");
    }
}
