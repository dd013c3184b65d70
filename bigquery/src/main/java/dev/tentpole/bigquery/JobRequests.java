package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Paths and bodies of the REST requests, by the discovery document of BigQuery v2.
 *
 * @param project who pays
 * @param location where queries run, unless they say so; null for BigQuery's own choice
 * @param labels for all jobs
 * @param maximumBytesBilled for all queries that don't set their own
 * @param pageRows the most rows of a page
 * @param longPoll how long the server may hold a request at most while a job runs
 */
record JobRequests(
        String project,
        @Nullable String location,
        Map<String, String> labels,
        OptionalLong maximumBytesBilled,
        int pageRows,
        Duration longPoll) {

    String jobsPath() {
        return "/bigquery/v2/projects/" + encode(project) + "/jobs";
    }

    String queriesPath() {
        return "/bigquery/v2/projects/" + encode(project) + "/queries";
    }

    String jobPath(String jobId, @Nullable String jobLocation) {
        return jobsPath() + "/" + encode(jobId) + (jobLocation == null ? "" : "?location=" + encode(jobLocation));
    }

    String cancelPath(String jobId, @Nullable String jobLocation) {
        return jobsPath() + "/" + encode(jobId) + "/cancel"
                + (jobLocation == null ? "" : "?location=" + encode(jobLocation));
    }

    /** The first page, or the word that the job still runs. */
    String waitPath(String jobId, @Nullable String jobLocation, Duration left) {
        return resultsPath(jobId, jobLocation) + "&timeoutMs=" + pollMillis(left);
    }

    String pagePath(String jobId, @Nullable String jobLocation, String pageToken) {
        return resultsPath(jobId, jobLocation) + "&pageToken=" + encode(pageToken);
    }

    private String resultsPath(String jobId, @Nullable String jobLocation) {
        return queriesPath() + "/" + encode(jobId) + "?maxResults=" + pageRows
                + "&formatOptions.useInt64Timestamp=true"
                + (jobLocation == null ? "" : "&location=" + encode(jobLocation));
    }

    /** The body of {@code jobs.insert}. */
    ObjectNode insert(QueryRequest request, String jobId, Duration left, OptionalLong cap) {
        ObjectNode job = Json.MAPPER.createObjectNode();
        ObjectNode reference =
                job.putObject("jobReference").put("projectId", project).put("jobId", jobId);
        String place = request.location().orElse(location);
        if (place != null) {
            reference.put("location", place);
        }
        ObjectNode configuration = job.putObject("configuration");
        configuration.put("jobTimeoutMs", Long.toString(Math.max(1, left.toMillis())));
        putLabels(configuration, request);
        putQuery(configuration.putObject("query"), request, cap);
        return job;
    }

    /** The body of {@code jobs.insert} for a dry run. */
    ObjectNode dryRun(QueryRequest request) {
        ObjectNode job = Json.MAPPER.createObjectNode();
        String place = request.location().orElse(location);
        if (place != null) {
            job.putObject("jobReference").put("projectId", project).put("location", place);
        }
        ObjectNode configuration = job.putObject("configuration").put("dryRun", true);
        putLabels(configuration, request);
        putQuery(configuration.putObject("query"), request, OptionalLong.empty());
        return job;
    }

    /** The body of {@code jobs.query}. */
    ObjectNode query(QueryRequest request, String requestId, Duration left, OptionalLong cap) {
        ObjectNode query = Json.MAPPER.createObjectNode();
        putQuery(query, request, cap);
        putLabels(query, request);
        query.put("requestId", requestId)
                .put("jobCreationMode", "JOB_CREATION_OPTIONAL")
                .put("timeoutMs", pollMillis(left))
                .put("jobTimeoutMs", Long.toString(Math.max(1, left.toMillis())))
                .put("maxResults", pageRows);
        query.putObject("formatOptions").put("useInt64Timestamp", true);
        String place = request.location().orElse(location);
        if (place != null) {
            query.put("location", place);
        }
        return query;
    }

    private void putQuery(ObjectNode to, QueryRequest request, OptionalLong cap) {
        // Without the second one REST takes the query for one of the older dialect.
        to.put("query", request.sql()).put("useLegacySql", false).put("useQueryCache", request.useQueryCache());
        OptionalLong most = least(
                request.maximumBytesBilled().isPresent() ? request.maximumBytesBilled() : maximumBytesBilled, cap);
        most.ifPresent(bytes -> to.put("maximumBytesBilled", Long.toString(bytes)));
        request.defaultDataset().ifPresent(name -> putDataset(to, name));
        List<SqlParameter> parameters = request.parameters();
        if (!parameters.isEmpty()) {
            to.put("parameterMode", parameters.get(0).name().isEmpty() ? "POSITIONAL" : "NAMED");
            ArrayNode array = to.putArray("queryParameters");
            parameters.forEach(parameter -> array.add(json(parameter)));
        }
    }

    private static ObjectNode json(SqlParameter parameter) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        if (!parameter.name().isEmpty()) {
            json.put("name", parameter.name());
        }
        ObjectNode type = json.putObject("parameterType");
        ObjectNode value = json.putObject("parameterValue");
        if (parameter.array()) {
            type.put("type", "ARRAY")
                    .putObject("arrayType")
                    .put("type", parameter.type().name());
            ArrayNode elements = value.putArray("arrayValues");
            parameter.values().forEach(element -> elements.addObject().put("value", element));
        } else {
            type.put("type", parameter.type().name());
            value.put("value", parameter.value().orElse(null));
        }
        return json;
    }

    private void putDataset(ObjectNode to, String name) {
        int dot = name.lastIndexOf('.');
        to.putObject("defaultDataset")
                .put("projectId", dot < 0 ? project : name.substring(0, dot))
                .put("datasetId", name.substring(dot + 1));
    }

    /** {@return the labels that a query is sent with: those of all jobs, and its own, which count where both are} */
    Map<String, String> labels(QueryRequest request) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.putAll(request.labels());
        Args.inRange("labels.size()", all.size(), 0, Labels.MOST);
        return all;
    }

    private void putLabels(ObjectNode to, QueryRequest request) {
        Map<String, String> all = labels(request);
        if (!all.isEmpty()) {
            ObjectNode node = to.putObject("labels");
            all.forEach(node::put);
        }
    }

    private static OptionalLong least(OptionalLong one, OptionalLong other) {
        if (one.isPresent() && other.isPresent()) {
            return OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()));
        }
        return one.isPresent() ? one : other;
    }

    private long pollMillis(Duration left) {
        // Answered a little before the deadline, so that the last answer is not lost to it.
        return Math.max(0, Math.min(left.toMillis() * 9 / 10, longPoll.toMillis()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
