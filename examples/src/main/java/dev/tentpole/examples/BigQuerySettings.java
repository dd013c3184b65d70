package dev.tentpole.examples;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Big Tent's BigQuery source works with; with a catalog it tells what queries cost, with a project it runs them.
 *
 * @param project the project that runs and pays queries
 * @param key the key file of a service account; without one, the metadata server of Google's cloud is asked for tokens
 * @param catalog a catalog of tables in YAML or JSON
 * @param location where queries run, and the region of the price
 * @param endpoint another server than Google's, for tests
 */
public record BigQuerySettings(
        Optional<String> project,
        Optional<Path> key,
        Optional<Path> catalog,
        Optional<String> location,
        Optional<URI> endpoint) {

    /**
     * {@return no settings: the source is not configured}
     */
    public static BigQuerySettings none() {
        return new BigQuerySettings(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** {@return whether there is anything to work with} */
    boolean isConfigured() {
        return project.isPresent() || catalog.isPresent();
    }
}
