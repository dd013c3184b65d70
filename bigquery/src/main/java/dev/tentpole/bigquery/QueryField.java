package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A column of a result, or a field within one.
 *
 * @param name its name
 * @param type its type in GoogleSQL's words, such as {@code INT64}, {@code STRING} or {@code STRUCT}; of the elements if it
 *     is repeated
 * @param repeated whether it is an array
 * @param required whether it is never null
 * @param fields the fields of a {@code STRUCT}, else empty
 */
public record QueryField(String name, String type, boolean repeated, boolean required, List<QueryField> fields) {

    /** REST still speaks of types by their names of the older dialect. */
    private static final Map<String, String> NAMES =
            Map.of("INTEGER", "INT64", "FLOAT", "FLOAT64", "BOOLEAN", "BOOL", "RECORD", "STRUCT");

    /**
     * Copies the fields.
     *
     * @param name its name
     * @param type its type in GoogleSQL's words; the older dialect's names are translated
     * @param repeated whether it is an array
     * @param required whether it is never null
     * @param fields the fields of a {@code STRUCT}, else empty
     */
    public QueryField {
        Objects.requireNonNull(name, "name");
        type = NAMES.getOrDefault(type, type);
        fields = List.copyOf(fields);
    }

    /** Reads the {@code fields} of a {@code TableSchema}. */
    static List<QueryField> read(JsonNode fields) {
        List<QueryField> result = new ArrayList<>();
        for (JsonNode field : fields) {
            String mode = field.path("mode").asString("NULLABLE");
            result.add(new QueryField(
                    field.path("name").asString(""),
                    field.path("type").asString("STRING"),
                    mode.equals("REPEATED"),
                    mode.equals("REQUIRED"),
                    read(field.path("fields"))));
        }
        return List.copyOf(result);
    }
}
