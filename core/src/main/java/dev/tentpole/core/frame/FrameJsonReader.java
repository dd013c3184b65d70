package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame's JSON whatever the order of its keys: data in front of the schema is passed over and read later, and a
 * column is put together when all of its parts are there.
 */
final class FrameJsonReader {

    private static final int ABSENT = -1;

    private final byte[] bytes;
    private final JsonScanner json;
    private final FrameJson.Limits limits;
    private SchemaReader.@Nullable Schema schema;
    private @Nullable Frame frame;

    FrameJsonReader(byte[] bytes, FrameJson.Limits limits) {
        this.bytes = bytes;
        this.json = new JsonScanner(bytes);
        this.limits = limits;
    }

    Frame read() {
        int data = ABSENT;
        json.take('{');
        if (!json.tryTake('}')) {
            do {
                json.enter("");
                int keyAt = json.at();
                String key = json.string();
                json.take(':');
                if (key.equals("schema")) {
                    refuseSecond(schema != null, key, keyAt);
                    int from = json.skip();
                    schema = SchemaReader.read(Arrays.copyOfRange(bytes, from, json.at()), from, limits);
                } else if (key.equals("data")) {
                    refuseSecond(data != ABSENT, key, keyAt);
                    json.peek();
                    data = json.at();
                    if (schema == null) {
                        json.skip();
                    } else {
                        frame = data(schema);
                    }
                } else {
                    json.enter("/" + key);
                    checkedSkip();
                }
                json.enter("");
            } while (json.more('}'));
        }
        json.finish();
        if (schema == null) {
            throw json.error("no schema");
        }
        if (frame == null && data != ABSENT) {
            json.at(data);
            frame = data(schema);
        }
        return frame == null ? frame(schema, columns(schema.columns(), List.of())) : frame;
    }

    private Frame data(SchemaReader.Schema of) {
        json.enter("/data");
        List<ColumnReader> readers = new ArrayList<>();
        int values = ABSENT;
        int entities = ABSENT;
        int nanos = ABSENT;
        if (!json.tryNull()) {
            json.take('{');
            if (!json.tryTake('}')) {
                do {
                    json.enter("/data");
                    int keyAt = json.at();
                    String key = json.string();
                    json.take(':');
                    json.peek();
                    int start = json.at();
                    switch (key) {
                        case "values" -> {
                            refuseSecond(values != ABSENT, key, keyAt);
                            values = start;
                            readers = values(of.columns());
                        }
                        case "entities" -> {
                            refuseSecond(entities != ABSENT, key, keyAt);
                            entities = start;
                            json.skip();
                        }
                        case "nanos" -> {
                            refuseSecond(nanos != ABSENT, key, keyAt);
                            nanos = start;
                            json.skip();
                        }
                        default -> {
                            json.enter("/data/" + key);
                            checkedSkip();
                        }
                    }
                } while (json.more('}'));
            }
        }
        int next = json.at();
        readEach(entities, "entities", readers, reader -> reader.readEntities(json));
        readEach(nanos, "nanos", readers, reader -> reader.readNanos(json, limits));
        Frame read = frame(of, columns(of.columns(), readers));
        json.at(next);
        return read;
    }

    private List<ColumnReader> values(List<SchemaReader.Column> columns) {
        List<ColumnReader> readers = new ArrayList<>();
        json.enter("/data/values");
        if (json.tryNull()) {
            return readers;
        }
        json.take('[');
        if (json.tryTake(']')) {
            return readers;
        }
        do {
            int i = readers.size();
            if (i == columns.size()) {
                throw json.error("more columns than the schema's " + columns.size() + " fields");
            }
            int start = json.at();
            int rest = bytes.length - start;
            int expected =
                    i == 0 ? rest / (16 * columns.size()) : readers.get(0).size();
            ColumnReader reader = new ColumnReader(columns.get(i), i, Math.min(expected, limits.maxRows()));
            reader.readValues(json, limits);
            if (i > 0 && reader.size() != readers.get(0).size()) {
                json.enter("/data/values/" + i);
                throw json.error(
                        "field '" + columns.get(i).name() + "' has " + reader.size() + " rows, but field '"
                                + columns.get(0).name() + "' has "
                                + readers.get(0).size(),
                        start);
            }
            readers.add(reader);
            json.enter("/data/values");
        } while (json.more(']'));
        if (readers.size() < columns.size()) {
            throw json.error("fewer columns (" + readers.size() + ") than the schema's " + columns.size() + " fields");
        }
        return readers;
    }

    private interface Part {
        void read(ColumnReader reader);
    }

    private void readEach(int start, String key, List<ColumnReader> readers, Part part) {
        json.enter("/data/" + key);
        if (start == ABSENT) {
            return;
        }
        json.at(start);
        if (json.tryNull()) {
            return;
        }
        json.take('[');
        if (json.tryTake(']')) {
            return;
        }
        int i = 0;
        do {
            json.enter("/data/" + key);
            if (i == readers.size()) {
                throw json.error("more " + key + " than the " + readers.size() + " columns of values");
            }
            part.read(readers.get(i));
            i++;
            json.enter("/data/" + key);
        } while (json.more(']'));
    }

    /** The columns; each of no rows if there are no values at all. */
    private List<Field> columns(List<SchemaReader.Column> columns, List<ColumnReader> readers) {
        List<Field> fields = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            ColumnReader reader = readers.isEmpty() ? new ColumnReader(columns.get(i), i, 0) : readers.get(i);
            fields.add(reader.finish(json));
        }
        return fields;
    }

    private static Frame frame(SchemaReader.Schema schema, List<Field> fields) {
        return Frame.builder(schema.name())
                .refId(schema.refId())
                .meta(schema.meta())
                .fields(fields)
                .build();
    }

    private void checkedSkip() {
        int start = json.skip();
        try {
            RawJson.check(json.text(start, json.at()));
        } catch (IllegalArgumentException e) {
            throw json.error(String.valueOf(e.getMessage()), start);
        }
    }

    private void refuseSecond(boolean second, String key, int at) {
        if (second) {
            throw json.error("a second '" + key + "'", at);
        }
    }
}
