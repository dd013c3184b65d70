package dev.tentpole.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class QueryJsonTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void a_request_of_grafana_is_read() {
        QueryRequest request = read("""
                {"from":"now-1h","to":"now","queries":[
                  {"refId":"B","datasource":{"uid":"db","type":"mysql"},"queryType":"range","intervalMs":15000,
                   "maxDataPoints":500,"rawSql":"SELECT 1"},
                  {"refId":"A","datasource":"prom","expr":"up"},
                  {"refId":"C","queryType":"rest","timeRange":{"from":"1767225600000","to":1767229200000}}]}
                """);
        assertThat(request.id()).isEqualTo("id");
        assertThat(request.refIds()).containsExactly("B", "A", "C");
        Query b = request.queries().get(0);
        assertThat(b.backend()).contains("db");
        assertThat(b.type()).contains("mysql");
        assertThat(b.interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(b.maxDataPoints()).isEqualTo(500);
        assertThat(b.timeRange()).isEqualTo(new TimeRange(NOW.minusSeconds(3_600), NOW));
        assertThat(b.modelJson()).contains("SELECT 1");
        Query a = request.queries().get(1);
        assertThat(a.backend()).contains("prom");
        assertThat(a.type()).isEmpty();
        Query c = request.queries().get(2);
        assertThat(c.type()).contains("rest");
        assertThat(c.timeRange().from()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void an_interval_of_a_fraction_of_a_millisecond_more_is_read() {
        QueryRequest request = read("{\"queries\":[{\"intervalMs\":1500.75,\"maxDataPoints\":480.5}]}");
        assertThat(request.refused()).isEmpty();
        assertThat(request.queries().get(0).interval()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(request.queries().get(0).maxDataPoints()).isEqualTo(480);
    }

    @Test
    void numbers_of_the_model_keep_every_digit() {
        QueryRequest request = read("{\"queries\":[{\"a\":0.12345678901234567890123,\"b\":1e999,\"c\":-0.0}]}");
        assertThat(request.refused()).isEmpty();
        assertThat(request.queries().get(0).modelJson())
                .contains("0.12345678901234567890123")
                .containsPattern("1[eE]\\+?999")
                .doesNotContain("Infinity");
    }

    @Test
    void a_single_query_may_leave_out_its_ref_id_and_the_range() {
        QueryRequest request = read("{\"queries\":[{\"datasource\":\"db\"}]}");
        assertThat(request.refIds()).containsExactly("A");
        assertThat(request.queries().get(0).timeRange().duration()).isEqualTo(Duration.ofHours(6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"datasource\":7                      | datasource",
                "\"datasource\":{\"uid\":[]}           | datasource",
                "\"maxDataPoints\":0                   | maxDataPoints = 0",
                "\"maxDataPoints\":-5                  | maxDataPoints = -5",
                "\"maxDataPoints\":99999999999         | maxDataPoints",
                "\"maxDataPoints\":\"many\"            | maxDataPoints",
                "\"intervalMs\":true                   | intervalMs",
                "\"timeRange\":{\"from\":\"tomorrow\"} | from = \"tomorrow\"",
                "\"timeRange\":{\"from\":1.5}          | from",
                "\"timeRange\":{\"to\":\"now-7h\"}     | before its start",
            })
    void a_malformed_query_is_refused_at_its_ref_id_and_spoils_no_other(String fields, String message) {
        QueryRequest request =
                read("{\"queries\":[{\"refId\":\"bad\"," + fields + "},{\"refId\":\"good\",\"datasource\":\"db\"}]}");
        assertThat(request.refIds()).containsExactly("bad", "good");
        assertThat(request.queries()).extracting(Query::refId).containsExactly("good");
        QueryError error = request.refused().get("bad");
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"queries\":[]}",
                "{\"queries\":{}}",
                "{\"queries\":[{\"refId\":\"A\"},{}]}",
                "{\"queries\":[{\"refId\":\"A\"},{\"refId\":7}]}",
                "{\"queries\":[{\"refId\":\"A\"},{\"refId\":\"A\"}]}",
                "{\"queries\":[1,2]}",
            })
    void a_request_that_can_not_be_told_apart_by_ref_id_is_refused_as_a_whole(String json) {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> read(json))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void a_deeply_nested_request_is_refused_and_not_a_stack_overflow() {
        assertThatExceptionOfType(QueryException.class)
                .isThrownBy(() -> read("{\"queries\":" + "[".repeat(100_000)))
                .withMessageContaining("malformed JSON");
    }

    @Test
    void a_response_has_frames_or_an_error_per_ref_id_in_request_order() throws IOException {
        QueryResponse response = new QueryResponse(
                "id",
                List.of(
                        QueryResult.success("Z", List.of(TestBackend.frame("f"), TestBackend.frame("g"))),
                        QueryResult.failure("A\"", new QueryError(404, ErrorSource.DOWNSTREAM, "no \"x\"")),
                        QueryResult.success("empty", List.of())));
        JsonNode results = write(response).path("results");
        assertThat(results.propertyNames()).containsExactly("Z", "A\"", "empty");
        assertThat(results.at("/Z/status").asInt()).isEqualTo(200);
        assertThat(results.at("/Z/frames").size()).isEqualTo(2);
        assertThat(results.at("/Z/frames/1/schema/name").asString()).isEqualTo("g");
        assertThat(results.at("/Z/frames/1/schema/refId").asString()).isEqualTo("Z");
        assertThat(results.at("/A\"/status").asInt()).isEqualTo(404);
        assertThat(results.at("/A\"/error").asString()).isEqualTo("no \"x\"");
        assertThat(results.at("/A\"/errorSource").asString()).isEqualTo("downstream");
        assertThat(results.at("/empty/frames").isEmpty()).isTrue();
        assertThat(write(new QueryResponse("id", List.of())).path("results").isObject())
                .isTrue();
    }

    private static JsonNode write(QueryResponse response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        QueryJson.writeResponse(response, out);
        return Json.MAPPER.readTree(out.toByteArray());
    }

    private static QueryRequest read(String json) {
        return QueryJson.readRequest(json.getBytes(StandardCharsets.UTF_8), "id", InstantSource.fixed(NOW));
    }
}
