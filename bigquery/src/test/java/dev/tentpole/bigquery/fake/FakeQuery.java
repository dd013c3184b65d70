package dev.tentpole.bigquery.fake;

import java.util.Map;

/**
 * A query as a {@link FakeBigQuery} has got it.
 *
 * @param sql its text
 * @param parameters its named parameters' values, arrays as JSON
 * @param labels its labels
 * @param location where it shall run, empty if it doesn't say so
 * @param maximumBytesBilled the most bytes, 0 for no limit
 * @param dryRun whether it isn't to be run
 * @param jobId the job's id, empty for a dry run
 * @param run how many jobs of this text there were before this one, not counting dry runs
 */
public record FakeQuery(
        String sql,
        Map<String, String> parameters,
        Map<String, String> labels,
        String location,
        long maximumBytesBilled,
        boolean dryRun,
        String jobId,
        int run) {

    /**
     * Copies the maps.
     *
     * @param sql its text
     * @param parameters its named parameters' values, arrays as JSON
     * @param labels its labels
     * @param location where it shall run, empty if it doesn't say so
     * @param maximumBytesBilled the most bytes, 0 for no limit
     * @param dryRun whether it isn't to be run
     * @param jobId the job's id, empty for a dry run
     * @param run how many jobs of this text there were before this one, not counting dry runs
     */
    public FakeQuery {
        parameters = Map.copyOf(parameters);
        labels = Map.copyOf(labels);
    }
}
