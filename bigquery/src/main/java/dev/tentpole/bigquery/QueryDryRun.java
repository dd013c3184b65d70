package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What BigQuery says of a query without running it, at no cost.
 *
 * @param bytes the bytes that it would process
 * @param accuracy how near that is: {@code PRECISE}, {@code UPPER_BOUND} (clustered tables), {@code LOWER_BOUND} (federated
 *     ones) or {@code UNKNOWN}
 * @param cacheHit whether it would be answered from the cache
 * @param schema the result's columns
 * @param tables the tables that it refers to, as {@code project.dataset.table}
 * @param statementType such as {@code SELECT}
 */
public record QueryDryRun(
        long bytes, String accuracy, boolean cacheHit, List<QueryField> schema, List<String> tables, String statementType) {

    /**
     * Copies the lists.
     *
     * @param bytes the bytes that it would process
     * @param accuracy how near that is
     * @param cacheHit whether it would be answered from the cache
     * @param schema the result's columns
     * @param tables the tables that it refers to, as {@code project.dataset.table}
     * @param statementType such as {@code SELECT}
     */
    public QueryDryRun {
        schema = List.copyOf(schema);
        tables = List.copyOf(tables);
    }

    /** Reads a {@code Job}. */
    static QueryDryRun of(JsonNode job) {
        JsonNode query = job.path("statistics").path("query");
        List<String> tables = new ArrayList<>();
        for (JsonNode table : query.path("referencedTables")) {
            tables.add(table.path("projectId").asString("") + "."
                    + table.path("datasetId").asString("") + "." + table.path("tableId").asString(""));
        }
        return new QueryDryRun(
                query.path("totalBytesProcessed")
                        .asLong(job.path("statistics").path("totalBytesProcessed").asLong(0)),
                query.path("totalBytesProcessedAccuracy").asString("UNKNOWN"),
                query.path("cacheHit").asBoolean(false),
                QueryField.read(query.path("schema").path("fields")),
                tables,
                query.path("statementType").asString(""));
    }
}
