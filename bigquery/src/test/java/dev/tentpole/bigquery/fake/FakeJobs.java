package dev.tentpole.bigquery.fake;

import dev.tentpole.bigquery.fake.FakeRest.Answer;
import dev.tentpole.bigquery.fake.FakeRest.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What BigQuery's methods answer, by its discovery document. */
final class FakeJobs {

    private static final Set<String> FOUND_WITHOUT_LOCATION = Set.of("US", "EU");

    private final FakeBigQuery server;

    FakeJobs(FakeBigQuery server) {
        this.server = server;
    }

    Answer answer(Request request) throws InterruptedException {
        return switch (request.route()) {
            case INSERT, DRY_RUN -> insert(request);
            case QUERY -> query(request);
            case RESULTS, PAGE -> results(request);
            case TABLE_DATA -> tableData(request);
            case JOB -> job(request);
            case CANCEL -> cancel(request);
            default -> Answer.error(404, "notFound");
        };
    }

    private Answer insert(Request request) {
        JsonNode configuration = request.body().path("configuration");
        JsonNode reference = request.body().path("jobReference");
        boolean dryRun = request.route() == FakeRoute.DRY_RUN;
        JsonNode query = configuration.path("query");
        String location = reference.path("location").asString("");
        if (query.path("useLegacySql").asBoolean(true)) {
            return Answer.error(400, "invalidQuery");
        }
        if (dryRun) {
            FakeQuery asked = read(query, configuration, location, "", true, 0);
            FakeResult result = server.answer(asked);
            return result.failure().isEmpty()
                    ? Answer.ok(json(request, "", asked, result, "DONE"))
                    : Answer.error(result.failureStatus(), result.failure());
        }
        String id = reference.path("jobId").asString(UUID.randomUUID().toString());
        if (server.job(id) != null) {
            server.countDuplicate();
            String where = location(server.job(id).query(), server.job(id).result());
            return Answer.error(
                    409, "duplicate", "Already Exists: Job " + request.path().get(4) + ":" + where + "." + id);
        }
        String sql = query.path("query").asString("");
        FakeQuery asked = read(query, configuration, location, id, false, server.nextRun(sql));
        FakeJob job = new FakeJob(id, asked, limited(asked, server.answer(asked)));
        server.add(job, "");
        return Answer.ok(json(request, id, asked, job.result(), job.isRunning() ? "RUNNING" : "DONE"));
    }

    /** What bills too much fails, and costs nothing. */
    private static FakeResult limited(FakeQuery query, FakeResult result) {
        return query.maximumBytesBilled() > 0 && result.billedBytes() > query.maximumBytesBilled()
                ? FakeResult.failing(400, "bytesBilledLimitExceeded")
                : result;
    }

    private Answer query(Request request) throws InterruptedException {
        JsonNode body = request.body();
        if (body.path("useLegacySql").asBoolean(true)) {
            return Answer.error(400, "invalidQuery");
        }
        String requestId = body.path("requestId").asString("");
        String known = server.jobOfRequest(requestId);
        FakeJob job = known == null ? null : server.job(known);
        if (job != null) {
            server.countDuplicate();
        } else {
            String id = "job-" + UUID.randomUUID();
            String sql = body.path("query").asString("");
            FakeQuery asked = read(body, body, body.path("location").asString(""), id, false, server.nextRun(sql));
            job = new FakeJob(id, asked, limited(asked, server.answer(asked)));
            server.add(job, requestId);
        }
        boolean optional = body.path("jobCreationMode").asString("").equals("JOB_CREATION_OPTIONAL");
        boolean omit = optional
                && server.mayOmitJobs()
                && !job.isRunning()
                && job.result().rows() <= pageRows(job, body.path("maxResults").asLong(Long.MAX_VALUE));
        boolean int64 = body.path("formatOptions").path("useInt64Timestamp").asBoolean(false);
        return page(
                request,
                job,
                0,
                body.path("maxResults").asLong(Long.MAX_VALUE),
                int64,
                body.path("timeoutMs").asLong(10_000),
                omit);
    }

    private Answer results(Request request) throws InterruptedException {
        FakeJob job = find(request);
        if (job == null) {
            return Answer.error(404, "notFound");
        }
        String token = request.query().getOrDefault("pageToken", "from-0");
        return page(
                request,
                job,
                Long.parseLong(token.substring("from-".length())),
                Long.parseLong(request.query().getOrDefault("maxResults", Long.toString(Long.MAX_VALUE))),
                Boolean.parseBoolean(request.query().get("formatOptions.useInt64Timestamp")),
                Long.parseLong(request.query().getOrDefault("timeoutMs", "10000")),
                false);
    }

    private Answer page(
            Request request, FakeJob job, long from, long maxResults, boolean int64, long timeoutMs, boolean omitJob)
            throws InterruptedException {
        boolean done = job.poll(timeoutMs);
        if (job.isCancelled()) {
            return Answer.error(400, "stopped");
        }
        if (done && !job.result().failure().isEmpty()) {
            return Answer.error(job.result().failureStatus(), job.result().failure());
        }
        ObjectNode answer =
                FakeJson.object().put("kind", "bigquery#queryResponse").put("jobComplete", done);
        if (omitJob) {
            answer.put("queryId", job.id()).put("location", location(job.query(), job.result()));
        } else {
            answer.set("jobReference", reference(request, job.id(), job.query(), job.result()));
        }
        if (!done) {
            return Answer.ok(answer);
        }
        FakeResult result = job.result();
        answer.set("schema", FakeJson.schema(result.columns()));
        answer.put("totalRows", Long.toString(result.rows()))
                .put("totalBytesProcessed", Long.toString(result.bytes()))
                .put("cacheHit", result.cacheHit());
        if (request.route() == FakeRoute.QUERY) {
            answer.put("totalBytesBilled", Long.toString(result.billedBytes())).put("totalSlotMs", "42");
        }
        long to = end(job, from, maxResults);
        if (to < result.rows()) {
            answer.put("pageToken", "from-" + to);
        }
        return withRows(answer, result, from, to, int64);
    }

    private Answer tableData(Request request) {
        FakeJob job = server.job(request.path().get(8));
        if (job == null) {
            return Answer.error(404, "notFound");
        }
        FakeResult result = job.result();
        String token = request.query().getOrDefault("pageToken", "from-0");
        long from = Long.parseLong(token.substring("from-".length()));
        long to = end(
                job, from, Long.parseLong(request.query().getOrDefault("maxResults", Long.toString(Long.MAX_VALUE))));
        ObjectNode answer =
                FakeJson.object().put("kind", "bigquery#tableDataList").put("totalRows", Long.toString(result.rows()));
        if (to < result.rows()) {
            answer.put("pageToken", "from-" + to);
        }
        boolean int64 = Boolean.parseBoolean(request.query().get("formatOptions.useInt64Timestamp"));
        return withRows(answer, result, from, to, int64);
    }

    private Answer withRows(ObjectNode head, FakeResult result, long from, long to, boolean int64) {
        server.countRows(to - from);
        String json = FakeJson.MAPPER.writeValueAsString(head);
        return new Answer(
                200, json.substring(0, json.length() - 1) + ",\"rows\":" + result.rowsJson(from, to, int64) + "}");
    }

    private static long end(FakeJob job, long from, long maxResults) {
        return Math.min(job.result().rows(), from + pageRows(job, maxResults));
    }

    private static long pageRows(FakeJob job, long maxResults) {
        return Math.min(job.result().pageRows(), maxResults);
    }

    private Answer job(Request request) {
        FakeJob job = find(request);
        return job == null
                ? Answer.error(404, "notFound")
                : Answer.ok(json(request, job.id(), job.query(), job.result(), job.isRunning() ? "RUNNING" : "DONE"));
    }

    private Answer cancel(Request request) {
        FakeJob job = find(request);
        if (job == null) {
            return Answer.error(404, "notFound");
        }
        if (job.cancel()) {
            server.countCancelled();
        }
        FakeResult result = job.isCancelled() ? FakeResult.failing(200, "stopped") : job.result();
        ObjectNode answer = FakeJson.object().put("kind", "bigquery#jobCancelResponse");
        answer.set("job", json(request, job.id(), job.query(), result, "DONE"));
        return Answer.ok(answer);
    }

    private static ObjectNode json(Request request, String id, FakeQuery query, FakeResult result, String state) {
        ObjectNode job = FakeJson.object().put("kind", "bigquery#job");
        if (!id.isEmpty()) {
            job.put("id", request.path().get(4) + ":" + id);
            job.set("jobReference", reference(request, id, query, result));
        } else {
            job.putObject("jobReference")
                    .put("projectId", request.path().get(4))
                    .put("location", location(query, result));
        }
        ObjectNode configuration =
                job.putObject("configuration").put("jobType", "QUERY").put("dryRun", query.dryRun());
        configuration
                .putObject("query")
                .put("query", query.sql())
                .put("useLegacySql", false)
                .putObject("destinationTable")
                .put("projectId", request.path().get(4))
                .put("datasetId", "_anon")
                .put("tableId", id.isEmpty() ? "none" : id);
        ObjectNode status = job.putObject("status").put("state", state);
        if (state.equals("DONE") && !result.failure().isEmpty()) {
            status.putObject("errorResult")
                    .put("reason", result.failure())
                    .put("message", "the fake says " + result.failure());
        }
        ObjectNode statistics = job.putObject("statistics")
                .put("creationTime", "1700000000000")
                .put("totalBytesProcessed", Long.toString(result.bytes()));
        ObjectNode details = statistics
                .putObject("query")
                .put("statementType", "SELECT")
                .put("totalBytesProcessed", Long.toString(result.bytes()))
                .put("totalBytesProcessedAccuracy", result.accuracy())
                .put("cacheHit", result.cacheHit());
        if (!query.dryRun()) {
            details.put("totalBytesBilled", Long.toString(result.billedBytes())).put("totalSlotMs", "42");
        }
        details.set("schema", FakeJson.schema(result.columns()));
        for (String table : result.tables()) {
            List<String> parts = List.of(table.split("\\.", -1));
            details.withArray("referencedTables")
                    .addObject()
                    .put("projectId", parts.get(0))
                    .put("datasetId", parts.get(1))
                    .put("tableId", parts.get(2));
        }
        return job;
    }

    private static ObjectNode reference(Request request, String id, FakeQuery query, FakeResult result) {
        return FakeJson.object()
                .put("projectId", request.path().get(4))
                .put("jobId", id)
                .put("location", location(query, result));
    }

    private static String location(FakeQuery query, FakeResult result) {
        return query.location().isEmpty() ? result.location() : query.location();
    }

    /** {@return the job that a request is about, null if there is none where it looks} */
    private FakeJob find(Request request) {
        FakeJob job = server.job(request.path().get(6));
        if (job == null) {
            return null;
        }
        String asked = request.query().getOrDefault("location", "");
        String location = location(job.query(), job.result());
        boolean found = asked.isEmpty() ? FOUND_WITHOUT_LOCATION.contains(location) : asked.equals(location);
        return found ? job : null;
    }

    private static FakeQuery read(
            JsonNode query, JsonNode labelled, String location, String id, boolean dryRun, int run) {
        Map<String, String> parameters = new HashMap<>();
        for (JsonNode parameter : query.path("queryParameters")) {
            JsonNode value = parameter.path("parameterValue");
            parameters.put(
                    parameter.path("name").asString(""),
                    value.has("arrayValues")
                            ? value.path("arrayValues").toString()
                            : value.path("value").asString(""));
        }
        Map<String, String> labels = new HashMap<>();
        labelled.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return new FakeQuery(
                query.path("query").asString(""),
                parameters,
                labels,
                location,
                query.path("maximumBytesBilled").asLong(0),
                dryRun,
                id,
                run);
    }
}
