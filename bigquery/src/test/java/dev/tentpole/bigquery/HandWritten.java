package dev.tentpole.bigquery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Queries written by hand over the tables of {@link SampleCatalog}, each ending with a line of three dashes. */
final class HandWritten {

    private static final List<String> QUERIES = load();

    private HandWritten() {}

    static List<String> queries() {
        return QUERIES;
    }

    private static List<String> load() {
        try (InputStream in = HandWritten.class.getResourceAsStream("queries.sql")) {
            if (in == null) {
                throw new IllegalStateException("queries.sql is missing");
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
