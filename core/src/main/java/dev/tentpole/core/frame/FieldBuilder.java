package dev.tentpole.core.frame;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Field} value by value, over a primitive array that grows.
 *
 * <p>Each append method is for the types that it names; on another type it throws {@link IllegalStateException}. Every
 * message names the field. For one thread at a time. {@link #build()} hands the array over without a copy, and so a
 * builder builds once.
 */
public final class FieldBuilder {

    private static final int FIRST_CAPACITY = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String name;
    private final FieldType type;
    private boolean nullable;
    private Map<String, String> labels = Map.of();
    private FieldConfig config = FieldConfig.none();
    private Object values;
    private int capacity;
    private int size;
    private long @Nullable [] nulls;
    private boolean built;

    FieldBuilder(String name, FieldType type) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        this.capacity = FIRST_CAPACITY;
        this.values = Columns.allocate(type.storage(), capacity);
    }

    /**
     * Allows null. Without this call null is refused.
     *
     * @return this
     */
    public FieldBuilder nullable() {
        this.nullable = true;
        return this;
    }

    /**
     * Sets the labels. Default: none.
     *
     * @param labels the labels, copied
     * @return this
     */
    public FieldBuilder labels(Map<String, String> labels) {
        this.labels = Field.sorted(labels);
        return this;
    }

    /**
     * Sets how the field is to be shown. Default: {@link FieldConfig#none()}.
     *
     * @param config the configuration
     * @return this
     */
    public FieldBuilder config(FieldConfig config) {
        this.config = Objects.requireNonNull(config, "config");
        return this;
    }

    /**
     * Makes room, so that the array need not grow.
     *
     * @param rows the number of rows that are expected in all, at least 0
     * @return this
     */
    public FieldBuilder expect(int rows) {
        if (rows > capacity) {
            grow(rows);
        }
        return this;
    }

    /**
     * Appends an integer (all integer types), a time in nanoseconds since 1970-01-01T00:00:00Z (TIME), or an index
     * (ENUM).
     *
     * @param value the value; for UINT64 its bits
     * @return this
     * @throws IllegalArgumentException if the value is outside of the type's range
     */
    public FieldBuilder appendLong(long value) {
        boolean wide = type.storage() == FieldType.Storage.LONG;
        if (!wide && (value < type.min() || value > type.max())) {
            if (!type.isInteger() && type != FieldType.ENUM) {
                throw wrongType("appendLong");
            }
            throw new IllegalArgumentException(where() + ": " + value + " is not in " + type.min() + ".." + type.max()
                    + " (" + type.label() + ")");
        }
        int i = next();
        switch (type) {
            case INT64, UINT64, TIME -> ((long[]) values)[i] = value;
            case INT32, UINT32 -> ((int[]) values)[i] = (int) value;
            case INT16, UINT16, ENUM -> ((short[]) values)[i] = (short) value;
            case INT8, UINT8 -> ((byte[]) values)[i] = (byte) value;
            default -> throw wrongType("appendLong");
        }
        size = i + 1;
        return this;
    }

    /**
     * Appends a number (FLOAT32, FLOAT64). NaN and infinities are allowed. FLOAT32 rounds to the nearest float.
     *
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if the type is FLOAT32 and the value is finite but too large for it
     */
    public FieldBuilder appendDouble(double value) {
        int i = next();
        if (type == FieldType.FLOAT64) {
            ((double[]) values)[i] = value;
        } else if (type == FieldType.FLOAT32) {
            float narrow = (float) value;
            if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
                throw new IllegalArgumentException(where() + ": " + value + " is too large for float32");
            }
            ((float[]) values)[i] = narrow;
        } else {
            throw wrongType("appendDouble");
        }
        size = i + 1;
        return this;
    }

    /**
     * Appends a boolean (BOOL).
     *
     * @param value the value
     * @return this
     */
    public FieldBuilder appendBoolean(boolean value) {
        require(FieldType.BOOL, "appendBoolean");
        int i = next();
        ((byte[]) values)[i] = (byte) (value ? 1 : 0);
        size = i + 1;
        return this;
    }

    /**
     * Appends a text (STRING).
     *
     * @param value the value, not null
     * @return this
     */
    public FieldBuilder appendString(String value) {
        require(FieldType.STRING, "appendString");
        Objects.requireNonNull(value, () -> where() + ": null, use appendNull()");
        int i = next();
        ((@Nullable String[]) values)[i] = value;
        size = i + 1;
        return this;
    }

    /**
     * Appends a JSON value (JSON). White space between its tokens is dropped, so that a frame's JSON is one line.
     *
     * @param json one JSON value as text, not null. In a nullable field the text {@code null} is a null, as Grafana's
     *     format does not tell them apart.
     * @return this
     * @throws IllegalArgumentException if the text is not one JSON value
     */
    public FieldBuilder appendJson(String json) {
        require(FieldType.JSON, "appendJson");
        String compact;
        try {
            compact = RawJson.compact(Objects.requireNonNull(json, () -> where() + ": null, use appendNull()"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where() + ": " + e.getMessage(), e);
        }
        return appendCompactJson(compact);
    }

    FieldBuilder appendCompactJson(String compact) {
        if (nullable && compact.equals("null")) {
            return appendNull();
        }
        int i = next();
        ((@Nullable String[]) values)[i] = compact;
        size = i + 1;
        return this;
    }

    /**
     * Appends a time (TIME).
     *
     * @param value the time, from 1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z
     * @return this
     * @throws IllegalArgumentException if the time is outside of that range
     */
    public FieldBuilder appendTime(Instant value) {
        require(FieldType.TIME, "appendTime");
        int i = next();
        long seconds = value.getEpochSecond();
        int nano = value.getNano();
        // Before 1970 the seconds are the floor: step one up, so that the product does not overflow before the sum.
        long nanos;
        try {
            nanos = seconds < 0
                    ? Math.addExact(Math.multiplyExact(seconds + 1, NANOS_PER_SECOND), nano - NANOS_PER_SECOND)
                    : Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), nano);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    where() + ": " + value
                            + " is not in 1677-09-21T00:12:43.145224192Z..2262-04-11T23:47:16.854775807Z, the range of"
                            + " times in nanoseconds",
                    e);
        }
        ((long[]) values)[i] = nanos;
        size = i + 1;
        return this;
    }

    /**
     * Appends a null.
     *
     * @return this
     * @throws IllegalStateException if {@link #nullable()} was not called
     */
    public FieldBuilder appendNull() {
        if (!nullable) {
            throw new IllegalStateException(where() + ": null in a field without nulls, call nullable() first");
        }
        int i = next();
        long[] mask = nulls;
        if (mask == null || mask.length <= i >> 6) {
            mask = mask == null ? new long[(capacity + 63) >> 6] : Arrays.copyOf(mask, (capacity + 63) >> 6);
            nulls = mask;
        }
        mask[i >> 6] |= 1L << i;
        size = i + 1;
        return this;
    }

    /** {@return the number of values so far} */
    public int size() {
        return size;
    }

    /**
     * {@return the field}
     *
     * @throws IllegalStateException at a second call
     */
    public Field build() {
        if (built) {
            throw new IllegalStateException(where() + ": built already");
        }
        built = true;
        // A little slack is cheaper than a copy; much slack would stay for as long as the field does.
        Object array = capacity - size > size >> 3 ? Columns.resize(type.storage(), values, size) : values;
        long[] mask = nulls;
        if (mask != null && mask.length < (size + 63) >> 6) {
            mask = Arrays.copyOf(mask, (size + 63) >> 6);
        }
        return new Field(name, type, nullable, labels, config, array, mask, 0, size);
    }

    private int next() {
        if (built) {
            throw new IllegalStateException(where() + ": built already");
        }
        if (size == capacity) {
            grow(Columns.grown(capacity));
        }
        return size;
    }

    private void grow(int to) {
        values = Columns.resize(type.storage(), values, to);
        capacity = to;
    }

    private void require(FieldType wanted, String method) {
        if (type != wanted) {
            throw wrongType(method);
        }
    }

    private IllegalStateException wrongType(String method) {
        return new IllegalStateException(
                "field '" + name + "' is of type " + type.label() + ", which " + method + " does not append to");
    }

    private String where() {
        return "field '" + name + "' row " + size;
    }
}
