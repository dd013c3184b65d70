package dev.tentpole.bigquery;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a query has cost.
 *
 * @param jobId the job, empty if none was made
 * @param bytesProcessed the bytes that were read
 * @param bytesBilled the bytes that are billed, empty if BigQuery has not said
 * @param slotTime the time of all slots together, empty if BigQuery has not said
 * @param cacheHit whether it was answered from the cache, at no cost
 * @param affectedRows the rows that a DML statement has changed, empty for queries
 */
public record QueryStatistics(
        Optional<String> jobId,
        long bytesProcessed,
        OptionalLong bytesBilled,
        Optional<Duration> slotTime,
        boolean cacheHit,
        OptionalLong affectedRows) {

    /** Reads an answer of {@code jobs.query} or {@code jobs.getQueryResults}. */
    static QueryStatistics ofAnswer(@Nullable String jobId, JsonNode answer) {
        return new QueryStatistics(
                Optional.ofNullable(jobId),
                answer.path("totalBytesProcessed").asLong(0),
                optional(answer.path("totalBytesBilled")),
                duration(answer.path("totalSlotMs")),
                answer.path("cacheHit").asBoolean(false),
                optional(answer.path("numDmlAffectedRows")));
    }

    /** Reads the {@code statistics} of a job. */
    static QueryStatistics ofJob(String jobId, JsonNode statistics) {
        JsonNode query = statistics.path("query");
        return new QueryStatistics(
                Optional.of(jobId),
                query.path("totalBytesProcessed")
                        .asLong(statistics.path("totalBytesProcessed").asLong(0)),
                optional(query.path("totalBytesBilled")),
                duration(query.path("totalSlotMs")),
                query.path("cacheHit").asBoolean(false),
                optional(query.path("numDmlAffectedRows")));
    }

    private static OptionalLong optional(JsonNode number) {
        return number.isMissingNode() || number.isNull() ? OptionalLong.empty() : OptionalLong.of(number.asLong(0));
    }

    private static Optional<Duration> duration(JsonNode millis) {
        OptionalLong value = optional(millis);
        return value.isPresent() ? Optional.of(Duration.ofMillis(value.getAsLong())) : Optional.empty();
    }
}
