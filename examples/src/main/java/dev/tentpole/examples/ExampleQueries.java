package dev.tentpole.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The queries that the page offers for a start, by type of backend.
 */
final class ExampleQueries {

    /** One query, with its fields as the API takes them, and the unit in which the page shows it. */
    record Example(
            String title,
            String expression,
            String format,
            @Nullable String unit,
            @Nullable Map<String, Object> parameters) {}

    private static final Map<String, List<Example>> BY_TYPE = load();

    private ExampleQueries() {}

    static List<Example> of(String type) {
        return BY_TYPE.getOrDefault(type, List.of());
    }

    private static Map<String, List<Example>> load() {
        try (InputStream in =
                Objects.requireNonNull(ExampleQueries.class.getResourceAsStream("example-queries.json"))) {
            return JsonMapper.builder().build().readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
