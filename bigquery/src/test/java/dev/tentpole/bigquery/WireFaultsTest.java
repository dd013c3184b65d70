package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.QueryCancelledException.Reason;
import dev.tentpole.bigquery.QueryFailedException.Retry;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeQuery;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between client and server: nothing is lost, nothing comes twice, and jobs that nobody waits for end. */
@Timeout(60)
final class WireFaultsTest {

    private static final QueryRequest QUERY = QueryRequest.of("SELECT n FROM t");
    private static final Duration SOON = Duration.ofMillis(600);
    private static final Duration ENOUGH_TO_BEGIN = Duration.ofSeconds(2);

    private final TestTime time = new TestTime();

    private static FakeResult numbers(long rows) {
        return FakeResult.generated(List.of(FakeColumn.of("n", "INTEGER")), rows, List::of);
    }

    private BigQueryClient.Builder client(FakeBigQuery server) {
        return BigQueryClient.builder("p", TokenSource.of("t"))
                .endpoint(server.address())
                .pageRows(100)
                .pauses(time.pauses());
    }

    private static List<Long> read(QueryResult result) {
        List<Long> values = new ArrayList<>();
        for (QueryPage page : result) {
            for (int row = 0; row < page.rows(); row++) {
                values.add(page.column(0).longAt(row));
            }
        }
        return values;
    }

    private static List<Long> upTo(long rows) {
        return LongStream.range(0, rows).boxed().toList();
    }

    /** All rows once, and one job of the query that ran to its end. */
    private void assertComplete(FakeBigQuery server) {
        try (BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(read(result)).isEqualTo(upTo(1_000));
        }
        assertThat(server.queries()).hasSize(1);
        assertThat(server.running()).isZero();
        assertThat(server.cancelled()).isZero();
    }

    @Test
    void an_answer_that_does_not_say_whether_the_query_is_done_is_asked_for_again() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(FakeRoute.RESULTS, FakeFault.body(200, "{}"));
            server.fault(FakeRoute.RESULTS, FakeFault.body(200, "{\"jobComplete\":false}"));
            assertComplete(server);
        }
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000));
                BigQueryClient client = client(server).build()) {
            server.fault(FakeRoute.QUERY, FakeFault.body(200, "{}"));
            try (QueryResult result = client.run(
                    QueryRequest.builder("SELECT n").jobOptional(true).build())) {
                assertThat(read(result)).isEqualTo(upTo(1_000));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INSERT", "RESULTS", "PAGE"})
    void a_503_is_asked_again(FakeRoute route) {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(route, FakeFault.status(503, "backendError"));
            server.fault(route, FakeFault.status(500, "internalError"));
            assertComplete(server);
            assertThat(time.sleeps()).hasSize(2).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INSERT", "RESULTS", "PAGE"})
    void a_429_waits_as_long_as_it_is_told(FakeRoute route) {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(route, FakeFault.tooMany(7));
            assertComplete(server);
            assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(7));
        }
    }

    @Test
    void who_is_told_to_wait_for_longer_than_there_is_time_does_not_wait() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1)).fault(FakeRoute.INSERT, FakeFault.tooMany(3600));
                BigQueryClient client = client(server).build()) {
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo("rateLimitExceeded");
            assertThat(failure.retry()).isEqualTo(Retry.SAME_REQUEST);
            assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
            assertThat(time.sleeps()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700})
    void a_page_that_breaks_off_is_fetched_anew(int afterBytes) {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(FakeRoute.RESULTS, FakeFault.cut(afterBytes));
            server.fault(FakeRoute.PAGE, FakeFault.cut(afterBytes));
            server.fault(FakeRoute.PAGE, FakeFault.loseAnswer());
            assertComplete(server);
        }
    }

    @Test
    void a_job_whose_making_was_not_heard_of_is_found_and_not_made_twice() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(FakeRoute.INSERT, FakeFault.loseAnswer());
            assertComplete(server);
            assertThat(server.duplicates()).isEqualTo(1);
            assertThat(server.billedBytes()).isEqualTo(10L << 20);
        }
    }

    @Test
    void a_query_without_a_job_whose_answer_is_lost_is_not_run_twice() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(50)).withoutJobs();
                BigQueryClient client = client(server).build()) {
            server.fault(FakeRoute.QUERY, FakeFault.loseAnswer());
            QueryRequest request =
                    QueryRequest.builder("SELECT 1").jobOptional(true).build();
            assertThat(read(client.run(request))).isEqualTo(upTo(50));
            assertThat(server.duplicates()).isEqualTo(1);
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void the_same_request_id_gives_the_same_job_later() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(5));
                BigQueryClient client = client(server).build()) {
            QueryRequest request =
                    QueryRequest.builder("SELECT 1").requestId("nightly-7").build();
            assertThat(read(client.run(request))).isEqualTo(upTo(5));
            assertThat(read(client.run(request))).isEqualTo(upTo(5));
            assertThat(server.queries()).extracting(FakeQuery::jobId).containsExactly("nightly-7");
        }
    }

    @Test
    void a_token_that_ends_in_the_middle_is_renewed() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000)).accept("old")) {
            List<String> tokens = new ArrayList<>(List.of("old"));
            TokenSource source = new TokenSource() {
                @Override
                public Token token() {
                    return new Token(tokens.get(0), java.time.Instant.MAX);
                }

                @Override
                public void refused(Token token) {
                    assertThat(token.value()).isEqualTo("old");
                    tokens.set(0, "new");
                }
            };
            try (BigQueryClient client = BigQueryClient.builder("p", source)
                            .endpoint(server.address())
                            .pageRows(100)
                            .build();
                    QueryResult result = client.run(QUERY)) {
                QueryPage first = result.nextPage().orElseThrow();
                server.expire("old");
                server.accept("new");
                assertThat(first.rows()).isEqualTo(100);
                assertThat(read(result)).hasSize(900);
            }
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void a_token_that_is_refused_twice_is_the_end() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1)).accept("other");
                BigQueryClient client = client(server).build()) {
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.dryRun(QUERY));
            assertThat(failure.httpStatus()).isEqualTo(401);
            assertThat(failure.retry()).isEqualTo(Retry.NEVER);
            assertThat(server.requests(FakeRoute.DRY_RUN)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RESULTS", "PAGE"})
    void an_answer_that_never_comes_is_asked_for_again(FakeRoute route) {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000))) {
            server.fault(route, FakeFault.hang());
            server.fault(route, FakeFault.stall(300));
            try (BigQueryClient client = client(server).requestTimeout(SOON).build();
                    QueryResult result = client.run(QUERY)) {
                assertThat(read(result)).isEqualTo(upTo(1_000));
            }
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void a_first_page_that_never_comes_cancels_the_job() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).endless());
                BigQueryClient client =
                        client(server).requestTimeout(SOON).maxAttempts(2).build()) {
            server.fault(FakeRoute.RESULTS, FakeFault.hang());
            server.fault(FakeRoute.RESULTS, FakeFault.stall(10));
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo("connection");
            assertThat(server.cancelled()).isEqualTo(1);
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void a_query_whose_time_is_over_is_cancelled() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).endless());
                BigQueryClient client = client(server)
                        .pauses(Pauses.system())
                        .timeout(ENOUGH_TO_BEGIN)
                        .build()) {
            QueryCancelledException failure =
                    catchThrowableOfType(QueryCancelledException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(failure.jobCancelled()).isTrue();
            assertThat(failure.jobId()).isPresent();
            assertThat(failure).hasMessageContaining("timeout = PT2S");
            assertThat(server.cancelled()).isEqualTo(1);
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void an_interrupted_query_is_cancelled() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1).endless());
                BigQueryClient client = client(server).build()) {
            FutureTask<Boolean> run = new FutureTask<>(() -> {
                QueryCancelledException failure =
                        catchThrowableOfType(QueryCancelledException.class, () -> client.run(QUERY));
                assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
                assertThat(failure.jobCancelled()).isTrue();
                return Thread.interrupted();
            });
            Thread thread = new Thread(run);
            thread.start();
            while (server.requests(FakeRoute.RESULTS) == 0) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            assertThat(run.get(20, TimeUnit.SECONDS))
                    .as("the flag is set again")
                    .isTrue();
            assertThat(server.cancelled()).isEqualTo(1);
            assertThat(server.running()).isZero();
        }
    }

    @Test
    void an_interrupt_while_a_page_is_awaited_ends_the_waiting() throws Exception {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000)).fault(FakeRoute.PAGE, FakeFault.hang());
                BigQueryClient client = client(server).build()) {
            FutureTask<Boolean> run = new FutureTask<>(() -> {
                QueryResult result = client.run(QUERY);
                assertThat(result.nextPage()).isPresent();
                QueryCancelledException failure = catchThrowableOfType(QueryCancelledException.class, result::nextPage);
                assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
                return Thread.interrupted();
            });
            Thread thread = new Thread(run);
            thread.start();
            while (server.requests(FakeRoute.PAGE) == 0) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            assertThat(run.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_closed_result_gives_no_more_pages() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1_000)).fault(FakeRoute.PAGE, FakeFault.hang());
                BigQueryClient client = client(server).build()) {
            QueryResult result = client.run(QUERY);
            assertThat(result.nextPage()).isPresent();
            result.close();
            result.close();
            assertThat(catchThrowableOfType(QueryCancelledException.class, result::nextPage)
                            .reason())
                    .isEqualTo(Reason.CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobBackendError", "jobInternalError", "jobRateLimitExceeded"})
    void a_job_that_failed_by_the_servers_fault_is_made_anew_under_another_id(String reason) {
        try (FakeBigQuery server =
                        FakeBigQuery.start(query -> query.run() < 2 ? FakeResult.failing(400, reason) : numbers(7));
                BigQueryClient client = client(server).build()) {
            assertThat(read(client.run(QUERY))).isEqualTo(upTo(7));
            assertThat(server.queries())
                    .extracting(FakeQuery::jobId)
                    .doesNotHaveDuplicates()
                    .hasSize(3);
            assertThat(server.billedBytes()).isEqualTo(10L << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalidQuery",
                "accessDenied",
                "notFound",
                "billingTierLimitExceeded",
                "resourcesExceeded",
                "responseTooLarge",
                "quotaExceeded",
                "stopped",
                "bytesBilledLimitExceeded"
            })
    void what_would_fail_again_is_asked_once(String reason) {
        try (FakeBigQuery server =
                        FakeBigQuery.answering(FakeResult.failing(400, reason).polls(1));
                BigQueryClient client = client(server).build()) {
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.retry()).isEqualTo(Retry.NEVER);
            assertThat(failure.serverMessage()).isEqualTo("the fake says " + reason);
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void attempts_are_counted_and_end() {
        try (FakeBigQuery server = FakeBigQuery.answering(numbers(1));
                BigQueryClient client = client(server).maxAttempts(3).build()) {
            for (int i = 0; i < 5; i++) {
                server.fault(FakeRoute.DRY_RUN, FakeFault.status(502, "backendError"));
            }
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.dryRun(QUERY));
            assertThat(failure).hasMessageContaining("after 3 attempts").hasMessageContaining("502");
            assertThat(client.retries()).isEqualTo(2);
        }
    }
}
