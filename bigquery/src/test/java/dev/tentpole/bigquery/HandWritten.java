package dev.tentpole.bigquery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Queries written by hand over the tables of {@link SampleCatalog}, with a line of three dashes between them. */
final class HandWritten {

    private static final List<String> QUERIES = load("queries.sql");
    private static final List<String> STATEMENTS = load("statements.sql");

    private HandWritten() {}

    static List<String> queries() {
        return QUERIES;
    }

    /** Statements and scripts that need only be understood: what they read is not compared. */
    static List<String> statements() {
        return STATEMENTS;
    }

    private static List<String> load(String name) {
        try (InputStream in = HandWritten.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            List<String> queries = new ArrayList<>();
            for (String query : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n---\n", -1)) {
                if (!query.isBlank()) {
                    queries.add(query.strip());
                }
            }
            return queries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
