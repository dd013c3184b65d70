package dev.tentpole.core.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** Reads the {@code schema} of a frame's JSON: all but the values. */
final class SchemaReader {

    /** A field without its values. */
    record Column(String name, FieldType type, boolean nullable, Map<String, String> labels, FieldConfig config) {}

    /** A frame without its values. */
    record Schema(String name, String refId, FrameMeta meta, List<Column> columns) {}

    private final byte[] json;
    private final int offset;
    private final JsonParser parser;
    private final FrameJson.Limits limits;
    private String path = "/schema";

    private SchemaReader(byte[] json, int offset, JsonParser parser, FrameJson.Limits limits) {
        this.json = json;
        this.offset = offset;
        this.parser = parser;
        this.limits = limits;
    }

    /**
     * Reads one schema.
     *
     * @param json the schema, and nothing else
     * @param offset where the schema was found, for messages
     */
    static Schema read(byte[] json, int offset, FrameJson.Limits limits) {
        try (JsonParser parser = RawJson.FACTORY.createParser(ObjectReadContext.empty(), json)) {
            SchemaReader reader = new SchemaReader(json, offset, parser, limits);
            try {
                return reader.schema();
            } catch (JacksonException e) {
                throw new FrameFormatException(reader.path, reader.at(), RawJson.problem(e), e);
            }
        }
    }

    private Schema schema() {
        parser.nextToken();
        expect(JsonToken.START_OBJECT, "an object");
        String name = "";
        String refId = "";
        FrameMeta meta = FrameMeta.none();
        List<Column> columns = List.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            path = "/schema/" + key;
            parser.nextToken();
            switch (key) {
                case "name" -> name = textOrNull();
                case "refId" -> refId = textOrNull();
                case "meta" -> {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        expect(JsonToken.START_OBJECT, "an object");
                        meta = MetaReader.meta(members());
                    }
                }
                case "fields" -> columns = columns();
                default -> parser.skipChildren();
            }
            path = "/schema";
        }
        if (parser.nextToken() != null) {
            throw error("more than one value");
        }
        return new Schema(name, refId, meta, columns);
    }

    private List<Column> columns() {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return List.of();
        }
        expect(JsonToken.START_ARRAY, "an array");
        List<Column> columns = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            path = "/schema/fields/" + columns.size();
            if (columns.size() == limits.maxFields()) {
                throw error("more than " + limits.maxFields() + " fields (Limits.maxFields)");
            }
            columns.add(column());
        }
        return columns;
    }

    private Column column() {
        expect(JsonToken.START_OBJECT, "an object");
        String at = path;
        String name = "";
        String simpleType = "";
        FieldType type = null;
        boolean nullable = false;
        Map<String, String> labels = Map.of();
        FieldConfig config = FieldConfig.none();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            path = at + "/" + key;
            parser.nextToken();
            switch (key) {
                case "name" -> name = textOrNull();
                case "type" -> simpleType = textOrNull();
                case "typeInfo" -> {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        expect(JsonToken.START_OBJECT, "an object");
                        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                            String part = parser.currentName();
                            parser.nextToken();
                            switch (part) {
                                case "frame" -> type = frameType();
                                case "nullable" -> nullable = parser.currentToken() == JsonToken.VALUE_TRUE;
                                default -> parser.skipChildren();
                            }
                        }
                    }
                }
                case "labels" -> labels = labels();
                case "config" -> {
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        expect(JsonToken.START_OBJECT, "an object");
                        config = MetaReader.config(members()).build();
                    }
                }
                default -> parser.skipChildren();
            }
            path = at;
        }
        if (type == null) {
            // The front end's own frames may know the simple type only; then anything may be null.
            type = ofSimpleType(simpleType);
            nullable = true;
        }
        return new Column(name, type, nullable, labels, config);
    }

    private FieldType frameType() {
        String frameName = textOrNull();
        return FieldType.ofFrameName(frameName).orElseThrow(() -> error("unknown type '" + frameName + "'"));
    }

    private FieldType ofSimpleType(String simpleType) {
        return switch (simpleType) {
            case "number" -> FieldType.FLOAT64;
            case "string" -> FieldType.STRING;
            case "boolean" -> FieldType.BOOL;
            case "time" -> FieldType.TIME;
            case "enum" -> FieldType.ENUM;
            case "other" -> FieldType.JSON;
            default -> throw error("a field without typeInfo.frame, and with unknown type '" + simpleType + "'");
        };
    }

    private Map<String, String> labels() {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        expect(JsonToken.START_OBJECT, "an object");
        Map<String, String> labels = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            expect(JsonToken.VALUE_STRING, "a text for label '" + key + "'");
            labels.put(key, parser.getString());
        }
        return Field.sorted(labels);
    }

    /** The members of an object, each as compact JSON; a later one of the same name replaces an earlier one. */
    private Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            members.put(key, RawJson.strip(new String(json, from, to - from, StandardCharsets.UTF_8)));
        }
        return members;
    }

    private String textOrNull() {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return "";
        }
        expect(JsonToken.VALUE_STRING, "a text");
        return parser.getString();
    }

    private void expect(JsonToken wanted, String what) {
        if (parser.currentToken() != wanted) {
            throw error("expected " + what);
        }
    }

    private FrameFormatException error(String problem) {
        return new FrameFormatException(path, at(), problem);
    }

    private long at() {
        return offset + Math.max(0, parser.currentTokenLocation().getByteOffset());
    }
}
