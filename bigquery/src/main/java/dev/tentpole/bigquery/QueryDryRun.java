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
    private static final Pattern SENTENCE = Pattern.compile(
            "will\\s+process\\s+(?:(lower|upper)\\s+bound\\s+of\\s+)?([0-9]{1,18})\\s+bytes\\s+of\\s+data");

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
            try {
                return of(Json.MAPPER.readTree(text));
            } catch (JacksonException e) {
                throw new IllegalArgumentException("output of bq is no job in JSON: " + e.getOriginalMessage(), e);
            }
        }
        Matcher sentence = SENTENCE.matcher(text);
        if (!sentence.find()) {
            throw new IllegalArgumentException(
                    "output of bq must have \"will process … bytes of data\" in it, as that of bq query --dry_run");
        }
        String bound = sentence.group(1);
        return new QueryDryRun(
                Long.parseLong(sentence.group(2)),
                bound == null
                        ? CostAccuracy.PRECISE
                        : bound.equals("lower") ? CostAccuracy.LOWER_BOUND : CostAccuracy.UPPER_BOUND,
                false,
                List.of(),
                List.of(),
                "");
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
        long bytes = query.path("totalBytesProcessed")
                .asLong(job.path("statistics").path("totalBytesProcessed").asLong(0));
        return new QueryDryRun(
                Math.min(Math.max(0, bytes), CostBytes.UNBOUNDED - 1),
                accuracy(query.path("totalBytesProcessedAccuracy").asString("")),
                query.path("cacheHit").asBoolean(false),
                ResultSchema.read(query.path("schema").path("fields")),
                tables,
                query.path("statementType").asString(""));
    }
}
