package dev.tentpole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tentpole.examples.RunningBigTent.Answer;
import dev.tentpole.examples.RunningBigTent.Client;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The whole way: HTTP, router, a real server, a frame. */
@ExtendWith(RunningBigTent.class)
@Timeout(120)
final class BigTentTest {

    private static final String DISKS = "{\"refId\":\"disks\",\"datasource\":\"rest\",\"expression\":\"/disks\","
            + "\"parameters\":{\"rows\":\"/disks\"}}";

    @Test
    void four_queries_get_three_results_and_one_error(Client client) throws Exception {
        assumeMariaDb();
        assumePrometheus();
        awaitRows(client, "mysql", "\"expression\":\"SELECT time, load1 FROM host WHERE $__timeFilter(time)\"");
        awaitRows(client, "prometheus", "\"expr\":\"up\",\"range\":true");
        JsonNode results = client.query("""
                {"refId":"A","datasource":{"uid":"mysql","type":"mysql"},
                 "rawSql":"SELECT time, load1 FROM host WHERE $__timeFilter(time) ORDER BY time","format":"table"},
                {"refId":"B","datasource":"rest","expression":"/processes","parameters":{"rows":"/processes"}},
                {"refId":"C","datasource":{"type":"prometheus"},"expr":"up","format":"time_series"},
                {"refId":"D","datasource":"mysql","expression":"SELECT nonsense"}
                """);
        assertThat(results.propertyNames()).containsExactly("A", "B", "C", "D");
        for (String refId : new String[] {"A", "B", "C"}) {
            assertThat(results.at("/" + refId + "/status").asInt()).isEqualTo(200);
            assertThat(rows(results.path(refId))).isPositive();
        }
        assertThat(results.at("/D/status").asInt()).isEqualTo(400);
        assertThat(results.at("/D/errorSource").asString()).isEqualTo("downstream");
        assertThat(results.at("/D/error").asString()).contains("Unknown column 'nonsense'");
    }

    @Test
    void sql_types_become_field_types(Client client) throws Exception {
        assumeMariaDb();
        JsonNode frame = client.query("{\"refId\":\"A\",\"datasource\":\"mysql\",\"expression\":\"SELECT 1 AS i,"
                        + " CAST(18446744073709551615 AS UNSIGNED) AS u, 1.5 AS d, 'x' AS s, NULL AS n, x'00ff' AS h,"
                        + " TIMESTAMP('2026-01-01 00:00:00.000001') AS t, DATE('2026-01-02') AS day,"
                        + " 1767225600.25 AS time\"}")
                .at("/A/frames/0");
        assertThat(types(frame)).isEqualTo("int64 uint64 float64 string string string time.Time time.Time time.Time");
        JsonNode values = frame.at("/data/values");
        assertThat(values.at("/1/0").asString()).isEqualTo("18446744073709551615");
        assertThat(values.at("/4/0").isNull()).isTrue();
        assertThat(values.at("/5/0").asString()).isEqualTo("0x00ff");
        assertThat(values.at("/6/0").asLong()).isEqualTo(1_767_225_600_000L);
        assertThat(frame.at("/data/nanos/6/0").asInt()).isEqualTo(1_000);
        assertThat(values.at("/7/0").asLong()).isEqualTo(1_767_312_000_000L);
        assertThat(values.at("/8/0").asLong()).isEqualTo(1_767_225_600_250L);
    }

    @Test
    void rows_with_text_become_a_series_per_text(Client client) throws Exception {
        assumeMariaDb();
        JsonNode fields = client.query("{\"refId\":\"A\",\"datasource\":\"mysql\",\"format\":\"time_series\","
                        + "\"expression\":\"SELECT 2 AS time, 'a' AS host, 1.5 AS v UNION ALL SELECT 1, 'b', 2.5"
                        + " UNION ALL SELECT 1, 'a', 3.5\"}")
                .at("/A/frames/0");
        assertThat(fields.at("/schema/meta/type").asString()).isEqualTo("timeseries-wide");
        assertThat(fields.at("/data/values").toString()).isEqualTo("[[1000,2000],[3.5,1.5],[2.5,null]]");
        assertThat(fields.at("/schema/fields/1/labels/host").asString()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"datasource\":\"mysql\",\"expression\":\"SELEC 1\"            | 400 | You have an error in your SQL syntax",
                "\"datasource\":\"mysql\",\"expression\":\"DROP TABLE host\"    | 400 | READ ONLY transaction",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT 1; SELECT 2\" | 400 | SQL syntax",
                "\"datasource\":\"mysql\",\"expression\":\"SET @x = 1\"         | 400 | returns no rows",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT $__x\"        | 400 | line 1, column 8: there is no macro",
                "\"datasource\":\"mysql\"                                       | 400 | set expression",
                "\"datasource\":\"mysql\",\"expression\":{}                     | 400 | the field at /expression",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT 1\",\"format\":\"heatmap\"     | 400 | time_series or table",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT 1\",\"format\":\"time_series\" | 400 | needs a column of times",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT NULL AS time, 1 AS v\",\"format\":\"time_series\" | 400 | column of times",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT CAST(NULL AS DATETIME) AS t, 1 AS v\",\"format\":\"time_series\" | 400 | not a time series",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT * FROM mysql.user\"          | 400 | denied",
                "\"datasource\":\"nothing\"                                     | 404 | there are bigquery (bigquery), mysql (mysql)",
                "\"datasource\":{\"type\":\"nothing\"}                          | 404 | there are the types",
                "\"datasource\":\"rest\",\"expression\":\"/nothing\"            | 404 | HTTP status 404",
                "\"datasource\":\"rest\",\"expression\":\"http://127.0.0.2/\"   | 400 | leads away",
                "\"datasource\":\"rest\",\"expression\":\"//127.0.0.2/\"        | 404 | HTTP status 404",
                "\"datasource\":\"rest\",\"expression\":\"file:///etc/passwd\"  | 400 | leads away",
                "\"datasource\":\"rest\",\"expression\":\"/a b\"                | 400 | not a path",
                "\"datasource\":\"rest\",\"expression\":\"/disks\",\"parameters\":{\"method\":\"TRACE\"} | 400 | parameters.method",
                "\"datasource\":\"rest\",\"expression\":\"/disks\",\"parameters\":{\"headers\":{\"Host\":\"x\"}} | 400 | parameters.headers",
                "\"datasource\":\"rest\",\"expression\":\"/disks\",\"parameters\":[] | 400 | the field at /parameters",
                "\"datasource\":\"rest\",\"expression\":\"/disks\",\"parameters\":{\"headers\":{\"X\":null}} | 400 | parameters.headers",
                "\"datasource\":\"rest\",\"expression\":\"/disks\",\"parameters\":{\"rows\":\"/disks\",\"columns\":[null]} | 400 | parameters.columns",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT DATE('9999-12-31') AS until\" | 400 | 'until' row 0",
                "\"datasource\":\"mysql\",\"expression\":\"SELECT 1e30 AS time\"  | 400 | 'time'",
                "\"datasource\":\"rest\",\"timeRange\":{\"from\":\"99999999999999999\"} | 400 | from",
                "\"datasource\":\"rest\",\"timeRange\":{\"from\":\"now\",\"to\":\"now-1h\"} | 400 | before its start",
            })
    void what_is_asked_wrongly_is_an_error_at_its_ref_id_and_nothing_else(
            String fields, int status, String message, Client client) throws Exception {
        if (fields.contains("mysql")) {
            assumeMariaDb();
        }
        JsonNode results = client.query("{\"refId\":\"bad\"," + fields + "}," + DISKS);
        assertThat(results.at("/bad/status").asInt()).as(results.toString()).isEqualTo(status);
        assertThat(results.at("/bad/error").asString()).contains(message).doesNotContain("\tat ", "Exception");
        assertThat(rows(results.path("disks"))).isPositive();
    }

    @Test
    void what_a_statement_does_to_its_session_is_gone_for_the_next_query(Client client) throws Exception {
        assumeMariaDb();
        for (String statement : new String[] {"SET time_zone = '+10:00'", "SET SESSION TRANSACTION READ WRITE"}) {
            client.query("{\"refId\":\"A\",\"datasource\":\"mysql\",\"expression\":\"" + statement + "\"}");
            JsonNode session = client.query("{\"refId\":\"A\",\"datasource\":\"mysql\",\"expression\":"
                            + "\"SELECT CAST(@@time_zone AS CHAR) AS zone, @@tx_read_only AS ro\"}")
                    .at("/A/frames/0/data/values");
            assertThat(session.at("/0/0").asString()).as(statement).isEqualTo("+00:00");
            assertThat(session.at("/1/0").asInt()).as(statement).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"expr\":\"sum(\"                     | 400 | bad_data",
                "\"expr\":\"\"                         | 400 | set expression",
                "\"expr\":\"up\",\"format\":\"graph\"  | 400 | time_series or table",
            })
    void what_prometheus_refuses_is_an_error_in_its_words(String fields, int status, String message, Client client)
            throws Exception {
        assumePrometheus();
        JsonNode bad = client.query("{\"refId\":\"bad\",\"datasource\":\"prometheus\"," + fields + "}")
                .path("bad");
        assertThat(bad.path("status").asInt()).isEqualTo(status);
        assertThat(bad.path("error").asString()).contains(message);
    }

    @Test
    void prometheus_answers_as_series_and_as_a_table(Client client) throws Exception {
        assumePrometheus();
        awaitRows(client, "prometheus", "\"expr\":\"up == 1\",\"range\":true");
        JsonNode results = client.query("""
                {"refId":"series","datasource":"prometheus","expr":"up","format":"time_series",
                 "legendFormat":"{{job}} at {{ nowhere }}!"},
                {"refId":"table","datasource":"prometheus","expr":"up","format":"table"},
                {"refId":"scalar","datasource":"prometheus","expr":"1/0","instant":true,"format":"time_series"},
                {"refId":"text","datasource":"prometheus","expr":"\\"hello\\"","instant":true,"format":"table"},
                {"refId":"none","datasource":"prometheus","expr":"nothing","format":"time_series"},
                {"refId":"year","datasource":"prometheus","expr":"up","format":"time_series","intervalMs":1,
                 "timeRange":{"from":"now-1y","to":"now"}}
                """);
        JsonNode series = results.at("/series/frames/0/schema");
        assertThat(series.at("/meta/type").asString()).isEqualTo("timeseries-multi");
        assertThat(series.at("/fields/1/labels/job").asString()).isEqualTo("bigtent");
        assertThat(series.at("/fields/1/config/displayNameFromDS").asString()).isEqualTo("bigtent at !");
        assertThat(types(results.at("/table/frames/0"))).isEqualTo("time.Time string string string float64");
        assertThat(results.at("/scalar/frames/0/data/entities/1/Inf/0").asInt()).isZero();
        assertThat(results.at("/text/frames/0/data/values/1/0").asString()).isEqualTo("hello");
        assertThat(results.at("/none/frames/0/schema/fields").isEmpty()).isTrue();
        assertThat(results.at("/year/status").asInt()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"queries\":[]}", "{\"queries\":[{\"refId\":\"A\"},{\"refId\":\"A\"}]}"})
    void a_malformed_request_is_an_error_in_json(String body, Client client) throws Exception {
        Answer answer = client.post("/api/ds/query", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("status").asInt()).isEqualTo(400);
        assertThat(answer.json().path("message").asString()).isNotBlank();
        assertThat(answer.json().path("requestId").asString()).isNotBlank();
    }

    @Test
    void a_body_that_is_too_large_is_refused_in_words(Client client) throws Exception {
        Answer answer = client.post("/api/ds/query", "{\"queries\":[{\"x\":\"" + "y".repeat(10_000_000) + "\"}]}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("message").asString()).contains("1024 KiB");
    }

    @ParameterizedTest
    @CsvSource({
        "/nothing,GET,404",
        "/api/ds/query,GET,405",
        "/api/health,POST,405",
        "/metrics,DELETE,405",
        "/,POST,405",
        "/../pom.xml,GET,404",
        "/logback.xml,GET,404",
        "/web/index.html,GET,404",
        "/app.class,GET,404"
    })
    void paths_and_methods_that_do_not_exist_are_refused(String path, String method, int status, Client client)
            throws Exception {
        Answer answer = client.send(client.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("message").asString()).isNotBlank();
    }

    @Test
    void pages_of_other_sites_are_refused(Client client) throws Exception {
        Answer foreign = client.send(client.request("/api/backends").header("Origin", "http://example.org"));
        assertThat(foreign.status()).isEqualTo(403);
        String own = client.bigTent().address().toString();
        Answer mine = client.send(client.request("/api/backends").header("Origin", own.substring(0, own.length() - 1)));
        assertThat(mine.status()).isEqualTo(200);
        assertThat(raw(client, "GET /api/backends HTTP/1.1\r\nHost: rebound.example:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @Test
    void health_names_every_source(Client client) throws Exception {
        JsonNode health = client.get("/api/health").json();
        assertThat(health.path("backends").propertyNames()).contains("bigquery", "mysql", "prometheus", "rest");
        assertThat(health.at("/backends/rest/status").asString()).isEqualTo("OK");
        boolean configured = PrometheusProcess.find().isPresent();
        assertThat(health.at("/backends/prometheus/status").asString()).isEqualTo(configured ? "OK" : "UNKNOWN");
    }

    @Test
    void every_example_query_is_answered(Client client) throws Exception {
        JsonNode backends = client.get("/api/backends").json().path("backends");
        assertThat(backends.size()).isEqualTo(4);
        for (JsonNode backend : backends) {
            assertThat(backend.path("examples").isEmpty()).isFalse();
            for (JsonNode example : backend.path("examples")) {
                if (backend.path("configured").asBoolean()) {
                    String query = "{\"refId\":\"A\",\"datasource\":" + backend.path("name") + ","
                            + example.toString().substring(1);
                    assertThat(client.query(query).at("/A/status").asInt())
                            .as(query)
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void metrics_are_prometheus_text(Client client) throws Exception {
        client.query(DISKS);
        Answer metrics = client.get("/metrics");
        assertThat(metrics.text())
                .contains("tentpole_core_query_seconds_count{backend=\"rest\",outcome=\"ok\"}")
                .contains("jvm_memory_used_bytes")
                .contains("tentpole_core_query_abandoned{backend=\"mysql\"} 0.0");
    }

    @Test
    void an_option_out_of_range_and_a_port_that_is_taken_are_refused_in_words(Client client) {
        assertThat(message(() -> Options.defaults().withPort(70_000))).isEqualTo("port = 70000 is not in 0..65535");
        assertThat(message(() -> Options.defaults().withMysqlUrl("jdbc:oracle:?password=s3cret")))
                .contains("jdbc:mariadb://")
                .doesNotContain("s3cret");
        assertThat(Options.defaults()
                        .withMysqlUrl("jdbc:mariadb://h/?password=s3cret")
                        .toString())
                .doesNotContain("s3cret");
        assertThat(message(() -> Options.defaults().withRestUrl(URI.create("http://u:s3cret@h/"))))
                .contains("--rest-url")
                .doesNotContain("s3cret", "not refused");
        int taken = client.bigTent().address().getPort();
        assertThat(message(() -> BigTent.start(Options.defaults().withPort(taken))))
                .contains("port " + taken, "BIGTENT_PORT");
    }

    private interface Refused {
        Object call() throws Exception;
    }

    private static String message(Refused refused) {
        try {
            return "not refused: " + refused.call();
        } catch (Exception e) {
            return e.getMessage();
        }
    }

    /** Samples arrive once a second; waits for the first by asking again. */
    private static void awaitRows(Client client, String backend, String fields) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() - end < 0) {
            JsonNode result = client.query("{\"refId\":\"A\",\"datasource\":\"" + backend + "\"," + fields + "}");
            if (rows(result.path("A")) > 0) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no rows from " + backend);
    }

    private static int rows(JsonNode result) {
        return result.at("/frames/0/data/values/0").size();
    }

    private static String types(JsonNode frame) {
        StringBuilder types = new StringBuilder();
        frame.at("/schema/fields")
                .forEach(field ->
                        types.append(field.at("/typeInfo/frame").asString()).append(' '));
        return types.toString().strip();
    }

    private static String raw(Client client, String request) throws IOException {
        try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        client.bigTent().address().getPort());
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void assumeMariaDb() {
        assumeTrue(EmbeddedMariaDb.isAvailable(), "skipped: no embedded MariaDB for this platform");
    }

    static void assumePrometheus() {
        assumeTrue(PrometheusProcess.find().isPresent(), "skipped: there is no prometheus on the PATH");
    }
}
