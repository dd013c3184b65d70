package dev.tentpole.core;

import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.FrameJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The JSON of Grafana's endpoint {@code POST /api/ds/query}: reads its requests, writes its responses.
 *
 * <p>A request is {@code {"queries":[…],"from":…,"to":…}}, where {@code from} and {@code to} are what
 * {@link TimeRange#parse} reads, as strings or numbers. A query has {@code refId} (may be missing if it is the only one:
 * {@code A}), {@code datasource} (a backend's name, or {@code {"uid":name,"type":type}}), {@code queryType} (the backend's
 * type, where {@code datasource} gives neither), {@code intervalMs}, {@code maxDataPoints}, optionally {@code timeRange}
 * ({@code {"from":…,"to":…}}, instead of the request's), and the fields of its model. A response is
 * {@code {"results":{refId:{"status":200,"frames":[…]}}}}, with {@code error} and {@code errorSource} where a query has
 * failed. Stateless and safe for use by several threads.
 */
public final class QueryJson {

    private QueryJson() {}

    /**
     * Reads a request.
     *
     * <p>A query that is malformed becomes a refused one of the request; only what can't be told apart by refId is an
     * exception.
     *
     * @param json the text, in UTF-8
     * @param requestId the id of the request
     * @param clock tells what now is
     * @return the request
     * @throws QueryException with status 400 if the text is not JSON, has no queries, or two of them have the same refId
     */
    public static QueryRequest readRequest(byte[] json, String requestId, InstantSource clock) {
        JsonNode root = parse(json);
        JsonNode queries = root.path("queries");
        if (!queries.isArray() || queries.isEmpty()) {
            throw QueryException.badQuery("the request has no queries: send {\"queries\":[{\"refId\":\"A\",…}],…}");
        }
        QueryRequest.Builder request = QueryRequest.builder().id(requestId);
        int index = 0;
        for (JsonNode query : queries) {
            String refId = refId(query, index++, queries.size());
            try {
                add(request, query, refId, root, clock);
            } catch (IllegalArgumentException e) {
                throw QueryException.badQuery(String.valueOf(e.getMessage()), e);
            }
        }
        return request.build();
    }

    /**
     * Writes a response, in UTF-8. Neither flushes nor closes the stream.
     *
     * @param response the response
     * @param out where to write
     * @throws IOException if the stream fails
     */
    public static void writeResponse(QueryResponse response, OutputStream out) throws IOException {
        String separator = "{\"results\":{";
        for (QueryResult result : response.results()) {
            write(out, separator);
            write(out, Json.quote(result.refId()));
            write(out, ":{\"status\":" + result.status());
            if (result.error().isPresent()) {
                QueryError error = result.error().get();
                write(out, ",\"error\":" + Json.quote(error.message()));
                write(out, ",\"errorSource\":" + Json.quote(error.source().id()));
            }
            writeFrames(result.frames(), out);
            write(out, "}");
            separator = ",";
        }
        write(out, response.results().isEmpty() ? "{\"results\":{}}" : "}}");
    }

    private static void writeFrames(List<Frame> frames, OutputStream out) throws IOException {
        String separator = ",\"frames\":[";
        for (Frame frame : frames) {
            write(out, separator);
            FrameJson.write(frame, out);
            separator = ",";
        }
        write(out, frames.isEmpty() ? ",\"frames\":[]" : "]");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parse(byte[] json) {
        try {
            JsonNode root = Json.MAPPER.readTree(json);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException e) {
            throw QueryException.badQuery("the request's body: " + Json.explain(e), e);
        }
        throw QueryException.badQuery("the request's body is not a JSON object");
    }

    private static String refId(JsonNode query, int index, int count) {
        JsonNode refId = query.path("refId");
        if (refId.isMissingNode() && count == 1) {
            return "A";
        }
        if (!refId.isString() || refId.asString().isBlank()) {
            throw QueryException.badQuery("queries[" + index + "] has no refId: give each query a name of its own");
        }
        if (refId.asString().length() > Query.MAX_REF_ID_LENGTH) {
            throw QueryException.badQuery(
                    "the refId of queries[" + index + "] is longer than " + Query.MAX_REF_ID_LENGTH + " characters");
        }
        return refId.asString();
    }

    private static void add(
            QueryRequest.Builder request, JsonNode json, String refId, JsonNode root, InstantSource clock) {
        Query query;
        try {
            query = query(json, refId, root, clock);
        } catch (IllegalArgumentException e) {
            QueryError error = new QueryError(400, ErrorSource.PLUGIN, String.valueOf(e.getMessage()));
            request.refused(refId, error);
            return;
        }
        request.query(query);
    }

    private static Query query(JsonNode json, String refId, JsonNode root, InstantSource clock) {
        Query.Builder query = Query.builder(refId).model(json.toString());
        JsonNode datasource = json.path("datasource");
        Optional<String> name = text(datasource.isObject() ? datasource.path("uid") : datasource, "datasource");
        Optional<String> type = text(datasource.path("type"), "datasource.type");
        name.ifPresent(query::backend);
        type.or(() -> name.isPresent() ? Optional.empty() : text(json.path("queryType"), "queryType"))
                .ifPresent(query::type);
        JsonNode range = json.path("timeRange").isObject() ? json.path("timeRange") : root;
        query.timeRange(TimeRange.parse(point(range, "from", "now-6h"), point(range, "to", "now"), clock));
        whole(json, "maxDataPoints").ifPresent(points -> query.maxDataPoints(clamp(points)));
        whole(json, "intervalMs").filter(ms -> ms > 0).ifPresent(ms -> query.interval(Duration.ofMillis(ms)));
        return query.build();
    }

    private static int clamp(long points) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, points));
    }

    private static Optional<String> text(JsonNode node, String name) {
        if (node.isMissingNode()
                || node.isNull()
                || (node.isString() && node.asString().isEmpty())) {
            return Optional.empty();
        }
        if (!node.isString()) {
            throw new IllegalArgumentException("the field " + name + " is not a string");
        }
        return Optional.of(node.asString());
    }

    private static String point(JsonNode range, String name, String otherwise) {
        JsonNode point = range.path(name);
        if (point.isMissingNode() || point.isNull()) {
            return otherwise;
        }
        if (point.isString() || point.isIntegralNumber()) {
            return point.asString();
        }
        throw new IllegalArgumentException("the field " + name + " is neither epoch milliseconds nor a string");
    }

    private static Optional<Long> whole(JsonNode json, String name) {
        @Nullable JsonNode node = json.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        // A browser may send fractions, of a screen's pixels for instance.
        double number = node.isNumber() ? node.decimalValue().doubleValue() : Double.NaN;
        if (!(Math.abs(number) < 0x1p63)) {
            throw new IllegalArgumentException("the field " + name + " is not a number that fits");
        }
        return Optional.of((long) number);
    }
}
