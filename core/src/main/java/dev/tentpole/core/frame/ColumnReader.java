package dev.tentpole.core.frame;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects a column from what the JSON of a frame says about it in up to three places, which may come in any order:
 * values, entities, nanos.
 */
final class ColumnReader {

    /** The first and the last millisecond that has nanoseconds in a long, neither of them all. */
    private static final long FIRST_MILLI = Math.floorDiv(Long.MIN_VALUE, FrameJsonWriter.NANOS_PER_MILLI);

    private static final long LAST_MILLI = Math.floorDiv(Long.MAX_VALUE, FrameJsonWriter.NANOS_PER_MILLI);

    private final SchemaReader.Column schema;
    private final int index;
    private Object values;
    private int capacity;
    private int size;
    private long @Nullable [] nulls;
    private int nullCount;
    private int[] specialRows = {};
    private byte[] specialKinds = {};
    private int specialCount;
    private int @Nullable [] nanos;

    /** Where the values, the entities and the nanos start, for messages. */
    private int valuesAt;

    private int entitiesAt;
    private int nanosAt;

    ColumnReader(SchemaReader.Column schema, int index, int expectedRows) {
        this.schema = schema;
        this.index = index;
        this.capacity = expectedRows;
        this.values = Columns.allocate(schema.type().storage(), capacity);
    }

    int size() {
        return size;
    }

    void readValues(JsonScanner json, FrameJson.Limits limits) {
        json.enter("/data/values/" + index);
        json.peek();
        valuesAt = json.at();
        json.take('[');
        if (json.tryTake(']')) {
            return;
        }
        do {
            json.row(size);
            if (size == capacity) {
                if (size >= limits.maxRows()) {
                    throw json.error("more than " + limits.maxRows() + " rows (Limits.maxRows)");
                }
                capacity = Math.min(Columns.grown(capacity), limits.maxRows());
                values = Columns.resize(schema.type().storage(), values, capacity);
            }
            size += readPlain(json);
            if (size < capacity) {
                json.row(size);
                readValue(json);
                size++;
            }
        } while (json.more(']'));
    }

    /** Reads what a tight loop can, which is most of most columns, and always leaves something for the others. */
    private int readPlain(JsonScanner json) {
        return switch (schema.type()) {
            case FLOAT64 -> json.plainNumbers((double[]) values, size, capacity - 1);
            case INT64 -> json.plainIntegers((long[]) values, size, capacity - 1);
            case TIME -> json.plainIntegers((long[]) values, size, capacity - 1);
            default -> 0;
        };
    }

    private void readValue(JsonScanner json) {
        int i = size;
        if (json.peek() == 'n' && (schema.nullable() || schema.type() != FieldType.JSON)) {
            readNull(json);
            return;
        }
        switch (schema.type()) {
            case FLOAT64 -> ((double[]) values)[i] = json.number();
            case TIME -> ((long[]) values)[i] = readMillis(json);
            case FLOAT32 -> ((float[]) values)[i] = json.floatNumber();
            case INT64 -> ((long[]) values)[i] = json.integer();
            case UINT64 -> ((long[]) values)[i] = json.unsignedInteger();
            case INT32, UINT32 -> ((int[]) values)[i] = (int) readInRange(json);
            case INT16, UINT16, ENUM -> ((short[]) values)[i] = (short) readInRange(json);
            case INT8, UINT8 -> ((byte[]) values)[i] = (byte) readInRange(json);
            case BOOL -> ((byte[]) values)[i] = (byte) (json.bool() ? 1 : 0);
            case STRING -> ((@Nullable String[]) values)[i] = json.string();
            case JSON -> ((@Nullable String[]) values)[i] = readJson(json);
        }
    }

    private void readNull(JsonScanner json) {
        boolean special = schema.type().storage() == FieldType.Storage.DOUBLE
                || schema.type().storage() == FieldType.Storage.FLOAT;
        if (!schema.nullable() && !special) {
            throw json.error("null in a field that is not nullable, '" + schema.name() + "'");
        }
        json.tryNull();
        long[] mask = nulls;
        if (mask == null || mask.length <= size >> 6) {
            mask = mask == null ? new long[(capacity + 63) >> 6] : Arrays.copyOf(mask, (capacity + 63) >> 6);
            nulls = mask;
        }
        mask[size >> 6] |= 1L << size;
        nullCount++;
    }

    private long readInRange(JsonScanner json) {
        int start = json.at();
        long value = json.integer();
        if (value < schema.type().min() || value > schema.type().max()) {
            throw json.error(
                    value + " is not in " + schema.type().min() + ".."
                            + schema.type().max() + ", field '" + schema.name() + "' of type "
                            + schema.type().frameName(),
                    start);
        }
        return value;
    }

    private long readMillis(JsonScanner json) {
        int start = json.at();
        long millis = json.integer();
        if (millis < FIRST_MILLI || millis > LAST_MILLI) {
            throw json.error(
                    "the time " + millis + " ms is not in the years 1677 to 2262, field '" + schema.name() + "'",
                    start);
        }
        return millis;
    }

    private String readJson(JsonScanner json) {
        int start = json.skip();
        try {
            return RawJson.compact(json.text(start, json.at()));
        } catch (IllegalArgumentException e) {
            throw json.error("field '" + schema.name() + "': " + e.getMessage(), start);
        }
    }

    void readEntities(JsonScanner json) {
        String path = "/data/entities/" + index;
        json.enter(path);
        json.peek();
        entitiesAt = json.at();
        if (json.tryNull()) {
            return;
        }
        json.take('{');
        if (json.tryTake('}')) {
            return;
        }
        do {
            String kind = json.string();
            int code = SpecialValues.kind(kind);
            if (code < 0) {
                throw json.error("expected NaN, Inf or NegInf, found another key");
            }
            json.take(':');
            json.enter(path + "/" + kind);
            if (!json.tryNull()) {
                readRows(json, (byte) code);
            }
            json.enter(path);
        } while (json.more('}'));
    }

    private void readRows(JsonScanner json, byte kind) {
        json.take('[');
        if (json.tryTake(']')) {
            return;
        }
        do {
            int start = json.at();
            long row = json.integer();
            if (row < 0 || row > Integer.MAX_VALUE) {
                throw json.error("row " + row + " does not exist", start);
            }
            if (specialCount == specialRows.length) {
                specialRows = Arrays.copyOf(specialRows, Columns.grown(specialCount));
                specialKinds = Arrays.copyOf(specialKinds, specialRows.length);
            }
            specialRows[specialCount] = (int) row;
            specialKinds[specialCount++] = kind;
        } while (json.more(']'));
    }

    void readNanos(JsonScanner json, FrameJson.Limits limits) {
        json.enter("/data/nanos/" + index);
        json.peek();
        nanosAt = json.at();
        if (json.tryNull()) {
            return;
        }
        int[] read = new int[Math.max(size, 16)];
        int count = 0;
        json.take('[');
        if (!json.tryTake(']')) {
            do {
                json.row(count);
                if (count >= limits.maxRows()) {
                    throw json.error("more than " + limits.maxRows() + " rows (Limits.maxRows)");
                }
                int start = json.at();
                long value = json.tryNull() ? 0 : json.integer();
                if (value < 0 || value >= FrameJsonWriter.NANOS_PER_MILLI) {
                    throw json.error(value + " is not in 0..999999", start);
                }
                if (count == read.length) {
                    read = Arrays.copyOf(read, Columns.grown(count));
                }
                read[count++] = (int) value;
            } while (json.more(']'));
        }
        nanos = Arrays.copyOf(read, count);
    }

    /** The column, once everything was read. */
    Field finish(JsonScanner json) {
        applyEntities(json);
        if (schema.type() == FieldType.TIME) {
            applyNanos(json);
        } else if (nanos != null && nanos.length > 0) {
            json.enter("/data/nanos/" + index);
            throw json.error("nanos for field '" + schema.name() + "', which is not of type time", nanosAt);
        }
        if (nullCount > 0 && !schema.nullable()) {
            json.enter("/data/values/" + index);
            throw json.error("null in a field that is not nullable, '" + schema.name() + "'", valuesAt);
        }
        Object array =
                capacity - size > size >> 3 ? Columns.resize(schema.type().storage(), values, size) : values;
        long[] mask = nullCount == 0 ? null : nulls;
        if (mask != null && mask.length < (size + 63) >> 6) {
            mask = Arrays.copyOf(mask, (size + 63) >> 6);
        }
        return new Field(
                schema.name(),
                schema.type(),
                schema.nullable(),
                schema.labels(),
                schema.config(),
                array,
                mask,
                0,
                size);
    }

    private void applyEntities(JsonScanner json) {
        if (specialCount == 0) {
            return;
        }
        json.enter("/data/entities/" + index);
        for (int i = 0; i < specialCount; i++) {
            int row = specialRows[i];
            long[] mask = nulls;
            boolean isNull =
                    row < size && mask != null && row >> 6 < mask.length && (mask[row >> 6] & (1L << row)) != 0;
            if (!isNull || mask == null) {
                throw json.error(
                        "row " + row + " is not null in the values of field '" + schema.name() + "'", entitiesAt);
            }
            double value = SpecialValues.value(specialKinds[i]);
            if (values instanceof double[] doubles) {
                doubles[row] = value;
            } else if (values instanceof float[] floats) {
                floats[row] = (float) value;
            } else {
                throw json.error("entities for field '" + schema.name() + "', which is not floating point", entitiesAt);
            }
            mask[row >> 6] &= ~(1L << row);
            nullCount--;
        }
    }

    private void applyNanos(JsonScanner json) {
        int[] extra = nanos;
        if (extra != null && extra.length != size) {
            json.enter("/data/nanos/" + index);
            throw json.error(extra.length + " nanos for " + size + " values of field '" + schema.name() + "'", nanosAt);
        }
        long[] times = (long[]) values;
        for (int row = 0; row < size; row++) {
            long millis = times[row];
            int nano = extra == null ? 0 : extra[row];
            // May pass through an overflow and come back.
            long time = millis * FrameJsonWriter.NANOS_PER_MILLI + nano;
            if ((time < 0) != (millis < 0)) {
                json.enter("/data/values/" + index);
                json.row(row);
                throw json.error(
                        "the time " + millis + " ms + " + nano + " ns is not in the years 1677 to 2262, field '"
                                + schema.name() + "'",
                        valuesAt);
            }
            times[row] = time;
        }
        if (nullCount > 0) {
            clearNulls(times);
        }
    }

    /** Slots of nulls hold 0, also where their nanos did not. */
    private void clearNulls(long[] times) {
        long[] mask = nulls;
        for (int row = 0; mask != null && row < size && row >> 6 < mask.length; row++) {
            if ((mask[row >> 6] & (1L << row)) != 0) {
                times[row] = 0;
            }
        }
    }
}
