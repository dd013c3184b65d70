package dev.tentpole.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tentpole.bigquery.QueryFailedException.Retry;
import dev.tentpole.bigquery.fake.FakeBigQuery;
import dev.tentpole.bigquery.fake.FakeColumn;
import dev.tentpole.bigquery.fake.FakeFault;
import dev.tentpole.bigquery.fake.FakeResult;
import dev.tentpole.bigquery.fake.FakeRoute;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what BigQuery answers, and errors of every kind: each has one class, and none shows what it should not. */
@Timeout(60)
final class WireAnswersTest {

    private static final QueryRequest QUERY = QueryRequest.of("SELECT 1");
    private static final FakeResult ROW = FakeResult.of(List.of(FakeColumn.of("n", "INTEGER")), List.of(List.of(1)));

    private final TestTime time = new TestTime();

    private BigQueryClient.Builder client(FakeBigQuery server) {
        return BigQueryClient.builder("p", TokenSource.of("t"))
                .endpoint(server.address())
                .pauses(time.pauses());
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /** The rule of each reason that the documentation names, and of what it does not name. */
    @ParameterizedTest
    @CsvSource({
        "403, rateLimitExceeded, SAME_REQUEST",
        "429, rateLimitExceeded, SAME_REQUEST",
        "500, backendError, SAME_REQUEST",
        "502, backendError, SAME_REQUEST",
        "503, backendError, SAME_REQUEST",
        "500, internalError, SAME_REQUEST",
        "400, jobBackendError, NEW_JOB",
        "400, jobInternalError, NEW_JOB",
        "400, jobRateLimitExceeded, NEW_JOB",
        "400, invalidQuery, NEVER",
        "403, accessDenied, NEVER",
        "404, notFound, NEVER",
        "400, bytesBilledLimitExceeded, NEVER",
        "400, billingTierLimitExceeded, NEVER",
        "400, resourcesExceeded, NEVER",
        "403, responseTooLarge, NEVER",
        "403, quotaExceeded, NEVER",
        "200, stopped, NEVER",
        "409, duplicate, NEVER",
        "501, notImplemented, NEVER",
        "307, unknown, NEVER",
        "503, somethingNew, SAME_REQUEST",
        "429, somethingNew, SAME_REQUEST",
        "418, somethingNew, NEVER",
        "200, backendError, NEW_JOB",
        "200, internalError, NEW_JOB",
        "200, rateLimitExceeded, NEW_JOB",
        "200, invalidQuery, NEVER",
        "0, connection, SAME_REQUEST",
    })
    void each_reason_has_its_class(int status, String reason, Retry retry) {
        assertThat(new RestFailure(status, reason, "", null).retry()).isEqualTo(retry);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "7 ; PT7S",
                "0 ; PT0S",
                "Sun, 06 Nov 1994 08:49:37 GMT ; PT37S",
                "Sun, 06 Nov 1994 08:48:00 GMT ; PT0S",
                "999999999999999999999 ; PT277777H46M40S",
            })
    void retry_after_is_seconds_or_a_date(String header, Duration expected) {
        RestFailure failure =
                RestFailure.of(503, new byte[0], Optional.of(header), Instant.parse("1994-11-06T08:49:00Z"));
        assertThat(failure.retryAfter()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "1e9", "soon", "", "Sun, 06 Nov", "٧"})
    void a_retry_after_that_is_neither_is_not_looked_at(String header) {
        assertThat(RestFailure.of(503, new byte[0], Optional.of(header), Instant.EPOCH)
                        .retryAfter())
                .isNull();
    }

    @Test
    void who_is_told_to_wait_for_ages_is_told_so_at_once() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)
                        .fault(FakeRoute.INSERT, FakeFault.tooMany("999999999999999999999"));
                BigQueryClient client = client(server).build()) {
            assertThat(catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY))
                            .retry())
                    .isEqualTo(Retry.SAME_REQUEST);
            assertThat(time.sleeps()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>busy</html>",
                "{",
                "{\"jobComplete\":true,\"schema\":{\"fields\":[",
                "[]",
                "null",
                "{\"jobComplete\":true,\"rows\":7}",
                "{\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"INTEGER\"}]},\"rows\":[{\"f\":[]}]}",
            })
    void an_answer_that_is_not_whole_is_asked_for_again(String body) {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)
                        .fault(FakeRoute.RESULTS, FakeFault.body(200, body))
                        .fault(FakeRoute.RESULTS, FakeFault.body(200, body));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage().orElseThrow().column(0).longAt(0)).isEqualTo(1);
            assertThat(server.queries()).hasSize(1);
            assertThat(time.sleeps()).hasSize(2);
        }
    }

    @Test
    void a_compressed_answer_that_breaks_off_is_asked_for_again() {
        String json = "{\"jobComplete\":true,\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"INTEGER\"}]},"
                + "\"totalRows\":\"1\",\"rows\":[{\"f\":[{\"v\":\"42\"}]}]}";
        byte[] whole = gzip(json);
        byte[] corrupt = whole.clone();
        corrupt[whole.length / 2] ^= 0x55;
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(Arrays.copyOf(whole, whole.length / 2)))
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(Arrays.copyOf(whole, 5)))
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(new byte[0]))
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(corrupt))
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(Arrays.copyOf(whole, whole.length - 1)))
                        .fault(FakeRoute.RESULTS, FakeFault.gzip(whole));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage().orElseThrow().column(0).longAt(0)).isEqualTo(42);
            assertThat(time.sleeps()).hasSize(5);
        }
    }

    @Test
    void an_answer_that_is_huge_once_it_is_unpacked_is_not_read_to_its_end() {
        byte[] bomb = gzip("{\"x\":\"" + "a".repeat(20 << 20) + "\"}");
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.RESULTS, FakeFault.gzip(bomb));
                BigQueryClient client = client(server).maxAnswerBytes(1 << 20).build()) {
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(() -> client.run(QUERY))
                    .withMessageContaining("maxAnswerBytes = 1048576");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INTEGER", "FLOAT", "TIMESTAMP"})
    void a_value_that_is_not_of_its_type_is_a_bad_answer_and_is_not_told(String type) {
        String json = "{\"jobComplete\":true,\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"" + type
                + "\"}]},\"totalRows\":\"1\",\"rows\":[{\"f\":[{\"v\":\"s3cret\"}]}]}";
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.RESULTS, FakeFault.body(200, json));
                BigQueryClient client = client(server).build()) {
            QueryFailedException failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY));
            assertThat(failure.reason()).isEqualTo("badAnswer");
            assertThat(failure.retry()).isEqualTo(Retry.NEVER);
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                assertThat(cause.toString()).doesNotContain("s3cret");
            }
        }
    }

    @Test
    void a_slow_answer_is_given_up_when_its_time_is_over() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.RESULTS, FakeFault.drip());
                BigQueryClient client =
                        client(server).requestTimeout(Duration.ofMillis(700)).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage()).isPresent();
            assertThat(server.requests(FakeRoute.RESULTS)).isEqualTo(2);
        }
    }

    @Test
    void pages_that_go_round_in_circles_end() {
        String page = "{\"jobComplete\":true,\"totalRows\":\"5\",\"pageToken\":\"again\",\"rows\":[],"
                + "\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"INTEGER\"}]}}";
        try (FakeBigQuery server = FakeBigQuery.answering(ROW)
                        .fault(FakeRoute.RESULTS, FakeFault.body(200, page))
                        .fault(FakeRoute.PAGE, FakeFault.body(200, page));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage()).isPresent();
            assertThatExceptionOfType(QueryFailedException.class)
                    .isThrownBy(result::nextPage)
                    .withMessageContaining("in circles");
        }
    }

    @Test
    void warnings_of_a_query_are_no_failure() {
        String page =
                "{\"jobComplete\":true,\"totalRows\":\"0\",\"errors\":[{\"reason\":\"invalid\",\"message\":\"x\"}]}";
        try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.RESULTS, FakeFault.body(200, page));
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage()).isEmpty();
        }
    }

    @Test
    void a_job_that_is_elsewhere_is_found_although_its_making_was_not_heard_of() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW.location("asia-northeast1"))
                        .fault(FakeRoute.INSERT, FakeFault.loseAnswer());
                BigQueryClient client = client(server).build();
                QueryResult result = client.run(QUERY)) {
            assertThat(result.nextPage()).isPresent();
            assertThat(client.statistics(result).bytesBilled()).isPresent();
            assertThat(server.queries()).hasSize(1);
        }
    }

    @Test
    void who_may_make_a_job_but_not_read_it_leaves_none_that_runs() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW.endless())
                        .fault(FakeRoute.RESULTS, FakeFault.status(403, "accessDenied"));
                BigQueryClient client = client(server).build()) {
            assertThat(catchThrowableOfType(QueryFailedException.class, () -> client.run(QUERY))
                            .reason())
                    .isEqualTo("accessDenied");
            assertThat(server.running()).isZero();
            assertThat(server.cancelled()).isEqualTo(1);
        }
    }

    @Test
    void whatever_a_transport_throws_the_job_is_cancelled() {
        try (FakeBigQuery server = FakeBigQuery.answering(ROW.endless())) {
            AtomicInteger calls = new AtomicInteger();
            Transport http = Transport.http(Duration.ofSeconds(5));
            Transport broken = request -> {
                if (calls.incrementAndGet() == 2) {
                    throw new IllegalStateException("a mistake");
                }
                return http.send(request);
            };
            try (BigQueryClient client = client(server).transport(broken).build()) {
                assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> client.run(QUERY));
                assertThat(server.running()).isZero();
            }
        }
    }

    @Test
    void the_timeout_of_a_socket_is_no_interrupt() {
        AtomicInteger calls = new AtomicInteger();
        Transport timing = request -> {
            if (calls.incrementAndGet() == 1) {
                throw new SocketTimeoutException("timed out");
            }
            if (calls.get() == 2) {
                throw new InterruptedIOException("timeout");
            }
            return new Transport.Response(
                    200, Map.of(), new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)));
        };
        try (BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("t"))
                .transport(timing)
                .pauses(time.pauses())
                .build()) {
            assertThat(client.dryRun(QUERY).bytes()).isZero();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(time.sleeps()).hasSize(2);
        }
    }

    @Test
    void tokens_and_queries_are_in_no_message() {
        QueryRequest secret = QueryRequest.builder("SELECT 's3cret'")
                .parameters(List.of(SqlParameter.of("a", TableField.Type.STRING, "s3cret")))
                .build();
        for (FakeFault fault : List.of(
                FakeFault.status(400, "invalidQuery"),
                FakeFault.body(400, "{\"error\":{\"message\":\"Syntax error near 's3cret' at [1:8]\"}}"),
                FakeFault.body(200, "{\"a\":s3cret}"),
                FakeFault.cut(1))) {
            try (FakeBigQuery server = FakeBigQuery.answering(ROW).fault(FakeRoute.INSERT, fault);
                    BigQueryClient client = BigQueryClient.builder("p", TokenSource.of("s3cret"))
                            .endpoint(server.address())
                            .pauses(time.pauses())
                            .maxAttempts(1)
                            .build()) {
                Throwable failure = catchThrowableOfType(QueryFailedException.class, () -> client.run(secret));
                for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                    assertThat(cause.toString()).doesNotContain("s3cret");
                }
            }
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TokenSource.of("s3cret\r\nX-Evil: 1"))
                .withMessageNotContaining("s3cret");
    }
}
