package dev.tentpole.bigquery.fake;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON that a {@link FakeBigQuery} answers. */
final class FakeJson {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final double MICROS = 1e6;

    private FakeJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ObjectNode schema(List<FakeColumn> columns) {
        ObjectNode schema = object();
        putFields(schema.putArray("fields"), columns);
        return schema;
    }

    private static void putFields(ArrayNode array, List<FakeColumn> columns) {
        for (FakeColumn column : columns) {
            ObjectNode field = array.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("mode", column.mode());
            if (!column.fields().isEmpty()) {
                putFields(field.putArray("fields"), column.fields());
            }
        }
    }

    /** {@return the JSON text of rows from one number to below another} */
    static String rows(FakeResult result, long from, long to, boolean int64Timestamps) {
        StringBuilder json = new StringBuilder((int) Math.min(1 << 24, (to - from) * 100));
        json.append('[');
        for (long i = from; i < to; i++) {
            if (i > from) {
                json.append(',');
            }
            row(json, result.columns(), result.row(i), int64Timestamps);
        }
        return json.append(']').toString();
    }

    private static void row(StringBuilder json, List<FakeColumn> columns, List<?> values, boolean int64Timestamps) {
        json.append("{\"f\":[");
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            json.append("{\"v\":");
            cell(json, columns.get(i), values.get(i), int64Timestamps);
            json.append('}');
        }
        json.append("]}");
    }

    private static void cell(StringBuilder json, FakeColumn column, Object value, boolean int64Timestamps) {
        if (!column.isRepeated()) {
            value(json, column, value, int64Timestamps);
            return;
        }
        json.append('[');
        String comma = "";
        for (Object element : (List<?>) value) {
            json.append(comma).append("{\"v\":");
            value(json, column, element, int64Timestamps);
            json.append('}');
            comma = ",";
        }
        json.append(']');
    }

    private static void value(StringBuilder json, FakeColumn column, Object value, boolean int64Timestamps) {
        if (value == null) {
            json.append("null");
        } else if (!column.fields().isEmpty()) {
            row(json, column.fields(), (List<?>) value, int64Timestamps);
        } else if (value instanceof Instant instant) {
            long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
            json.append('"')
                    .append(int64Timestamps ? Long.toString(micros) : seconds(micros))
                    .append('"');
        } else {
            json.append('"');
            JsonStringEncoder.getInstance().quoteAsString(value.toString(), json);
            json.append('"');
        }
    }

    /** The older form, seconds as a float. */
    private static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.15E", micros / MICROS);
    }
}
