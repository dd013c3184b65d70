package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What BigQuery says of a query without running it, at no cost.
 *
 * @param bytes the bytes that it would process
 * @param accuracy how near that is: an upper bound for clustered tables, a lower one for federated ones
 * @param cacheHit whether it would be answered from the cache
 * @param schema the result's columns
 * @param tables the tables that it refers to, as {@code project.dataset.table}
 * @param statementType such as {@code SELECT}
 */
public record QueryDryRun(
        long bytes,
        CostAccuracy accuracy,
        boolean cacheHit,
        List<TableField> schema,
        List<String> tables,
        String statementType) {

    /** Lines may have been broken anywhere. */
    private static final Pattern SENTENCE =
            Pattern.compile("will\\s+process\\s+(?:(lower|upper)\\s+bound\\s+of\\s+)?([0-9]{1,18})\\s+"
                    + "(?:bytes\\s+of\\s+data|of\\s+data\\s+and\\s+the\\s+accuracy\\s+is\\s+(unknown))");

    /**
     * Checks the bytes and copies the lists.
     *
     * @param bytes the bytes that it would process, at least 0
     * @param accuracy how near that is
     * @param cacheHit whether it would be answered from the cache
     * @param schema the result's columns
     * @param tables the tables that it refers to, as {@code project.dataset.table}
     * @param statementType such as {@code SELECT}
     * @throws IllegalArgumentException if the bytes are negative or {@link CostBytes#UNBOUNDED}
     */
    public QueryDryRun {
        Args.inRange("bytes", bytes, 0, CostBytes.UNBOUNDED - 1);
        Objects.requireNonNull(accuracy, "accuracy");
        schema = List.copyOf(schema);
        tables = List.copyOf(tables);
    }

    /**
     * {@return what {@code bq query --dry_run} has printed, as a sentence or, with {@code --format=json}, as a job}
     *
     * <p>The sentence names no tables, and nothing of the result.
     *
     * @param output what it has printed
     * @throws IllegalArgumentException if there is no such thing in it
     */
    public static QueryDryRun ofBq(String output) {
        String text = output.strip();
        if (text.startsWith("{")) {
            return ofJob(text);
        }
        Matcher sentence = SENTENCE.matcher(text);
        if (!sentence.find()) {
            throw new IllegalArgumentException(
                    "output of bq must have \"will process … bytes of data\" in it, as that of bq query --dry_run");
        }
        String bound = sentence.group(1);
        CostAccuracy accuracy = bound == null
                ? CostAccuracy.PRECISE
                : bound.equals("lower") ? CostAccuracy.LOWER_BOUND : CostAccuracy.UPPER_BOUND;
        return new QueryDryRun(
                Long.parseLong(sentence.group(2)),
                sentence.group(3) == null ? accuracy : CostAccuracy.UNKNOWN,
                false,
                List.of(),
                List.of(),
                "");
    }

    private static QueryDryRun ofJob(String json) {
        JsonNode job;
        try {
            job = Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("output of bq is no job in JSON: " + e.getOriginalMessage(), e);
        }
        if (toldBytes(job) < 0) {
            throw new IllegalArgumentException(
                    "output of bq has no statistics.query.totalBytesProcessed, as the job of a dry run has");
        }
        return of(job);
    }

    /** {@return the bytes that a job tells; -1 if it does not} */
    private static long toldBytes(JsonNode job) {
        JsonNode statistics = job.path("statistics");
        return statistics
                .path("query")
                .path("totalBytesProcessed")
                .asLong(statistics.path("totalBytesProcessed").asLong(-1));
    }

    private static CostAccuracy accuracy(String word) {
        return switch (word) {
            case "PRECISE" -> CostAccuracy.PRECISE;
            case "UPPER_BOUND" -> CostAccuracy.UPPER_BOUND;
            case "LOWER_BOUND" -> CostAccuracy.LOWER_BOUND;
            default -> CostAccuracy.UNKNOWN;
        };
    }

    /** Reads a {@code Job}. */
    static QueryDryRun of(JsonNode job) {
        JsonNode query = job.path("statistics").path("query");
        List<String> tables = new ArrayList<>();
        for (JsonNode table : query.path("referencedTables")) {
            tables.add(table.path("projectId").asString("") + "."
                    + table.path("datasetId").asString("") + "."
                    + table.path("tableId").asString(""));
        }
        return new QueryDryRun(
                Math.min(Math.max(0, toldBytes(job)), CostBytes.UNBOUNDED - 1),
                accuracy(query.path("totalBytesProcessedAccuracy").asString("")),
                query.path("cacheHit").asBoolean(false),
                ResultSchema.read(query.path("schema").path("fields")),
                tables,
                query.path("statementType").asString(""));
    }
}
