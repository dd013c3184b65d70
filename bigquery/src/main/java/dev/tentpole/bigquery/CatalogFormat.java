package dev.tentpole.bigquery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Catalogs as trees of JSON: what is at its default is left out, and an unknown name is an error. */
final class CatalogFormat {

    private static final int VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /** What a message of Jackson's has of the text itself, which may have a query in it, or of what it calls the text. */
    private static final Pattern QUOTED =
            Pattern.compile("(?<=^Unrecognized token) '.*?'(?=:)|(?s) \\(start marker at.*");

    private CatalogFormat() {}

    static Catalog parseJson(String json) {
        try {
            return catalog(JSON.readTree(json));
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    static String json(Catalog catalog) {
        return JSON.writeValueAsString(tree(catalog));
    }

    static BigQueryException unreadable(Exception e) {
        return new BigQueryException("The catalog cannot be read: " + reason(e), e);
    }

    /** {@return what is wrong and where, without the text in which it is} */
    static String reason(Exception e) {
        if (!(e instanceof JacksonException jackson)) {
            return String.valueOf(e.getMessage());
        }
        // The last line that is not indented says what is wrong; the others are the context, and the text.
        String problem = jackson.getOriginalMessage()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .reduce("", (before, line) -> line);
        String reason = QUOTED.matcher(problem).replaceAll("");
        TokenStreamLocation place = jackson.getLocation();
        return place == null || place.getLineNr() < 1
                ? reason
                : reason + ", in line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    static ObjectNode tree(Catalog catalog) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", VERSION);
        catalog.defaultProject().ifPresent(value -> root.put("defaultProject", value));
        catalog.defaultDataset().ifPresent(value -> root.put("defaultDataset", value));
        ArrayNode tables = root.putArray("tables");
        catalog.tables().forEach(table -> write(table, tables.addObject()));
        requireCharacters(root, "", "The catalog cannot be written: ");
        return root;
    }

    /** Half of a pair of surrogates is no character: a file cannot hold it, or has another one in its place. */
    private static void requireCharacters(JsonNode node, String place, String failed) {
        int items = 0;
        for (JsonNode item : node.isArray() ? node : List.<JsonNode>of()) {
            requireCharacters(item, place + "[" + items++ + "]", failed);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            boolean named = isOfCharacters(entry.getKey());
            String at = (place.isEmpty() ? "" : place + ".") + (named ? entry.getKey() : "(a name)");
            if (!named
                    || (entry.getValue().isString()
                            && !isOfCharacters(entry.getValue().stringValue()))) {
                throw new BigQueryException(
                        failed + at + " has half of a pair of surrogates in it, must be characters");
            }
            requireCharacters(entry.getValue(), at, failed);
        }
    }

    private static boolean isOfCharacters(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static void write(TableStats table, ObjectNode node) {
        node.put("name", table.name());
        if (table.kind() != TableStats.Kind.TABLE) {
            node.put("kind", table.kind().name());
        }
        if (table.rows() != TableStats.UNKNOWN) {
            node.put("rows", table.rows());
        }
        if (table.bytes() != TableStats.UNKNOWN) {
            node.put("bytes", table.bytes());
        }
        write(table.fields(), node.putArray("fields"));
        table.partitioning().ifPresent(value -> write(value, node.putObject("partitioning")));
        if (table.requirePartitionFilter()) {
            node.put("requirePartitionFilter", true);
        }
        if (!table.clustering().isEmpty()) {
            table.clustering().forEach(node.putArray("clustering")::add);
        }
        if (!table.partitions().isEmpty()) {
            ArrayNode partitions = node.putArray("partitions");
            for (TablePartition partition : table.partitions()) {
                ObjectNode entry = partitions.addObject();
                entry.put("id", partition.id());
                if (partition.rows() != TableStats.UNKNOWN) {
                    entry.put("rows", partition.rows());
                }
                if (partition.bytes() != TableStats.UNKNOWN) {
                    entry.put("bytes", partition.bytes());
                }
                write(partition.leafBytes(), entry);
            }
        }
        write(table.leafBytes(), node);
        if (table.streamingBufferBytes() > 0) {
            node.put("streamingBufferBytes", table.streamingBufferBytes());
        }
        if (table.rowAccessPolicy()) {
            node.put("rowAccessPolicy", true);
        }
        table.viewSql().ifPresent(sql -> node.put("viewSql", sql));
    }

    private static void write(Map<String, Long> leafBytes, ObjectNode node) {
        if (!leafBytes.isEmpty()) {
            ObjectNode leaves = node.putObject("leafBytes");
            new TreeMap<>(leafBytes).forEach(leaves::put);
        }
    }

    private static void write(TablePartitioning partitioning, ObjectNode node) {
        node.put("unit", partitioning.unit().name());
        partitioning.field().ifPresent(field -> node.put("field", field));
        if (partitioning.unit() == TablePartitioning.Unit.RANGE) {
            node.put("start", partitioning.start());
            node.put("end", partitioning.end());
            node.put("interval", partitioning.interval());
        }
    }

    private static void write(List<TableField> fields, ArrayNode array) {
        for (TableField field : fields) {
            ObjectNode node = array.addObject();
            node.put("name", field.name());
            node.put("type", field.type().name());
            if (field.mode() != TableField.Mode.NULLABLE) {
                node.put("mode", field.mode().name());
            }
            field.nullFraction().ifPresent(value -> node.put("nullFraction", value));
            field.averageBytes().ifPresent(value -> node.put("averageBytes", value));
            if (!field.fields().isEmpty()) {
                write(field.fields(), node.putArray("fields"));
            }
        }
    }

    static Catalog catalog(JsonNode tree) {
        try {
            requireCharacters(tree, "", "The catalog cannot be read: ");
            CatalogReader root = new CatalogReader(tree, "");
            root.allow("version", "defaultProject", "defaultDataset", "tables");
            if (root.number("version", VERSION) != VERSION) {
                throw root.wrong("version", "1");
            }
            Catalog.Builder catalog = Catalog.builder();
            root.text("defaultProject").ifPresent(catalog::defaultProject);
            root.text("defaultDataset").ifPresent(catalog::defaultDataset);
            Set<String> names = new HashSet<>();
            for (CatalogReader node : root.list("tables")) {
                TableStats table = table(node);
                if (!names.add(table.name())) {
                    throw node.wrong("name", "the only one: the table is listed twice");
                }
                catalog.table(table);
            }
            return catalog.build();
        } catch (IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private static TableStats table(CatalogReader node) {
        node.allow(
                "name",
                "kind",
                "rows",
                "bytes",
                "fields",
                "partitioning",
                "requirePartitionFilter",
                "clustering",
                "partitions",
                "leafBytes",
                "streamingBufferBytes",
                "rowAccessPolicy",
                "viewSql");
        TableStats.Builder table = node.checked(() -> TableStats.builder(node.required("name")))
                .kind(node.constant("kind", TableStats.Kind.TABLE))
                .rows(node.number("rows", TableStats.UNKNOWN))
                .bytes(node.number("bytes", TableStats.UNKNOWN))
                .fields(fields(node))
                .requirePartitionFilter(node.flag("requirePartitionFilter"))
                .clustering(node.texts("clustering"))
                .leafBytes(node.numbers("leafBytes"))
                .streamingBufferBytes(node.number("streamingBufferBytes", 0))
                .rowAccessPolicy(node.flag("rowAccessPolicy"));
        node.text("viewSql").ifPresent(table::viewSql);
        node.object("partitioning").ifPresent(value -> table.partitioning(partitioning(value)));
        table.partitions(
                node.list("partitions").stream().map(CatalogFormat::partition).toList());
        return node.checked(table::build);
    }

    private static TablePartition partition(CatalogReader node) {
        node.allow("id", "rows", "bytes", "leafBytes");
        return node.checked(() -> new TablePartition(
                node.required("id"),
                node.number("rows", TableStats.UNKNOWN),
                node.number("bytes", TableStats.UNKNOWN),
                node.numbers("leafBytes")));
    }

    private static TablePartitioning partitioning(CatalogReader node) {
        node.allow("unit", "field", "start", "end", "interval");
        return node.checked(() -> new TablePartitioning(
                node.constant("unit", TablePartitioning.Unit.DAY),
                node.text("field"),
                node.number("start", 0),
                node.number("end", 0),
                node.number("interval", 0)));
    }

    private static List<TableField> fields(CatalogReader node) {
        List<TableField> fields = new ArrayList<>();
        for (CatalogReader field : node.list("fields")) {
            field.allow("name", "type", "mode", "nullFraction", "averageBytes", "fields");
            OptionalDouble nulls = field.decimal("nullFraction");
            OptionalDouble average = field.decimal("averageBytes");
            fields.add(field.checked(() -> new TableField(
                    field.required("name"),
                    TableField.Type.of(field.required("type")),
                    field.constant("mode", TableField.Mode.NULLABLE),
                    fields(field),
                    nulls,
                    average)));
        }
        return fields;
    }
}
