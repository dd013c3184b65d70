package dev.tentpole.bigquery;

import dev.tentpole.bigquery.TableField.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** Reads what REST calls a {@code TableSchema}. */
final class ResultSchema {

    private ResultSchema() {}

    /** Reads the {@code fields}; a type that is not known yet is taken for what all types are on the wire, a text. */
    static List<TableField> read(JsonNode fields) {
        List<TableField> result = new ArrayList<>();
        for (JsonNode field : fields) {
            result.add(new TableField(
                    field.path("name").asString(""),
                    type(field.path("type").asString("STRING")),
                    mode(field.path("mode").asString("NULLABLE")),
                    read(field.path("fields")),
                    OptionalDouble.empty(),
                    OptionalDouble.empty()));
        }
        return List.copyOf(result);
    }

    private static TableField.Type type(String name) {
        try {
            return TableField.Type.of(name);
        } catch (IllegalArgumentException e) {
            return TableField.Type.STRING;
        }
    }

    private static Mode mode(String name) {
        return switch (name) {
            case "REPEATED" -> Mode.REPEATED;
            case "REQUIRED" -> Mode.REQUIRED;
            default -> Mode.NULLABLE;
        };
    }
}
