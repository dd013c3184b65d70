package dev.tentpole.bigquery;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns REST's form of a struct or an array, {@code {"f":[{"v":…}]}} and {@code [{"v":…}]}, into plain JSON. */
final class NestedJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private NestedJson() {}

    static String of(TableField field, JsonNode wire) {
        return Json.MAPPER.writeValueAsString(isArray(field) ? array(field, wire) : value(field, wire));
    }

    private static boolean isArray(TableField field) {
        return field.mode() == TableField.Mode.REPEATED;
    }

    private static JsonNode array(TableField field, JsonNode wire) {
        ArrayNode array = NODES.arrayNode();
        for (JsonNode element : wire) {
            array.add(value(field, element.path("v")));
        }
        return array;
    }

    private static JsonNode value(TableField field, JsonNode wire) {
        if (wire.isNull() || wire.isMissingNode()) {
            return NODES.nullNode();
        }
        return switch (field.type()) {
            case STRUCT -> struct(field.fields(), wire.path("f"));
            case INT64 -> NODES.numberNode(Long.parseLong(wire.asString()));
            case BOOL -> NODES.booleanNode(Boolean.parseBoolean(wire.asString()));
            case FLOAT64 -> number(wire.asString());
            default -> NODES.stringNode(wire.asString());
        };
    }

    private static ObjectNode struct(List<TableField> fields, JsonNode cells) {
        ObjectNode struct = NODES.objectNode();
        for (int i = 0; i < fields.size(); i++) {
            TableField field = fields.get(i);
            JsonNode cell = cells.path(i).path("v");
            struct.set(field.name(), isArray(field) ? array(field, cell) : value(field, cell));
        }
        return struct;
    }

    /** JSON has no number for what is not finite. */
    private static JsonNode number(String text) {
        char[] chars = text.toCharArray();
        double value = WireNumbers.parseDouble(chars, 0, chars.length);
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.stringNode(text);
    }
}
