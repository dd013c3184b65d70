package dev.tentpole.core.frame;

import dev.tentpole.core.frame.FieldType.Storage;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A column of a frame: a name, a type, labels, a configuration, and values in a primitive array with a mask of nulls.
 *
 * <p>Immutable and safe for use by several threads. {@link #slice} and the {@code with…} methods share the values, they
 * copy nothing. Methods that take a row throw {@link IndexOutOfBoundsException} for one outside of
 * {@code 0..size()-1}. Two fields are equal if all that they show is equal; NaN equals NaN, and 0.0 does not equal
 * -0.0.
 */
public final class Field {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String name;
    private final FieldType type;
    private final boolean nullable;
    private final Map<String, String> labels;
    private final FieldConfig config;
    private final int offset;
    private final int size;

    /** An array of the type's storage; slots of null rows hold the array's default. */
    private final Object values;

    /** A set bit is a null row; absent if no row is null. */
    private final long @Nullable [] nulls;

    Field(
            String name,
            FieldType type,
            boolean nullable,
            Map<String, String> labels,
            FieldConfig config,
            Object values,
            long @Nullable [] nulls,
            int offset,
            int size) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = type;
        this.nullable = nullable;
        this.labels = labels;
        this.config = config;
        this.values = values;
        this.nulls = nulls;
        this.offset = offset;
        this.size = size;
    }

    private static Field of(String name, FieldType type, Object values, int size) {
        return new Field(name, type, false, Map.of(), FieldConfig.none(), values, null, 0, size);
    }

    /**
     * {@return a field of times without nulls}
     *
     * @param name the field's name, may be empty
     * @param epochNanos nanoseconds since 1970-01-01T00:00:00Z; the array is copied
     */
    public static Field ofTimes(String name, long... epochNanos) {
        return of(name, FieldType.TIME, epochNanos.clone(), epochNanos.length);
    }

    /**
     * {@return a field of 64-bit integers without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values; the array is copied
     */
    public static Field ofLongs(String name, long... values) {
        return of(name, FieldType.INT64, values.clone(), values.length);
    }

    /**
     * {@return a field of 32-bit integers without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values; the array is copied
     */
    public static Field ofInts(String name, int... values) {
        return of(name, FieldType.INT32, values.clone(), values.length);
    }

    /**
     * {@return a field of 64-bit floating point numbers without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values, NaN and infinities allowed; the array is copied
     */
    public static Field ofDoubles(String name, double... values) {
        return of(name, FieldType.FLOAT64, values.clone(), values.length);
    }

    /**
     * {@return a field of 32-bit floating point numbers without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values, NaN and infinities allowed; the array is copied
     */
    public static Field ofFloats(String name, float... values) {
        return of(name, FieldType.FLOAT32, values.clone(), values.length);
    }

    /**
     * {@return a field of booleans without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values; the array is copied
     */
    public static Field ofBooleans(String name, boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return of(name, FieldType.BOOL, bytes, bytes.length);
    }

    /**
     * {@return a field of texts without nulls}
     *
     * @param name the field's name, may be empty
     * @param values the values; the array is copied
     * @throws NullPointerException if a value is null; the message names the field and the row. Use
     *     {@link #builder(String, FieldType)} for nulls.
     */
    public static Field ofStrings(String name, String... values) {
        String[] texts = values.clone();
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] == null) {
                throw new NullPointerException("field '" + name + "' row " + i + ": null in a field without nulls");
            }
        }
        return of(name, FieldType.STRING, texts, texts.length);
    }

    /**
     * {@return a new builder for a field of any type}
     *
     * @param name the field's name, may be empty
     * @param type the type of its values
     */
    public static FieldBuilder builder(String name, FieldType type) {
        return new FieldBuilder(name, type);
    }

    /** {@return the name, empty if there is none} */
    public String name() {
        return name;
    }

    /** {@return the type of the values} */
    public FieldType type() {
        return type;
    }

    /** {@return whether null is allowed, even if no value is null} */
    public boolean nullable() {
        return nullable;
    }

    /** {@return the labels, sorted by key, unmodifiable} */
    public Map<String, String> labels() {
        return labels;
    }

    /** {@return how the field is to be shown} */
    public FieldConfig config() {
        return config;
    }

    /** {@return the number of rows} */
    public int size() {
        return size;
    }

    /**
     * {@return whether the value is null}
     *
     * @param row the row
     */
    public boolean isNull(int row) {
        int i = index(row);
        return nulls != null && (nulls[i >> 6] & (1L << i)) != 0;
    }

    /** {@return whether any value is null; costs at most one look at each mask word} */
    public boolean hasNulls() {
        if (nulls == null) {
            return false;
        }
        for (int row = 0; row < size; row++) {
            int i = offset + row;
            if (nulls[i >> 6] == 0) {
                row += 63 - (i & 63);
            } else if ((nulls[i >> 6] & (1L << i)) != 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return an integer, a time in nanoseconds since 1970-01-01T00:00:00Z, or an enum's index; 0 if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is not an integer type, TIME or ENUM. UINT64 gives the bits: use
     *     {@link Long#toUnsignedString(long)} and its like.
     */
    public long getLong(int row) {
        int i = index(row);
        return switch (type) {
            case INT8 -> ((byte[]) values)[i];
            case UINT8 -> ((byte[]) values)[i] & 0xFFL;
            case INT16 -> ((short[]) values)[i];
            case UINT16, ENUM -> ((short[]) values)[i] & 0xFFFFL;
            case INT32 -> ((int[]) values)[i];
            case UINT32 -> ((int[]) values)[i] & 0xFFFF_FFFFL;
            case INT64, UINT64, TIME -> ((long[]) values)[i];
            default -> throw wrongType("an integer, a time or an enum");
        };
    }

    /**
     * {@return a number of any numeric type as a double; 0 if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is not numeric
     */
    public double getDouble(int row) {
        return switch (type) {
            case FLOAT64 -> ((double[]) values)[index(row)];
            case FLOAT32 -> ((float[]) values)[index(row)];
            case UINT64 -> unsignedToDouble(((long[]) values)[index(row)]);
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> (double) getLong(row);
            default -> throw wrongType("a number");
        };
    }

    /**
     * {@return a boolean; false if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is not BOOL
     */
    public boolean getBoolean(int row) {
        if (type != FieldType.BOOL) {
            throw wrongType("a boolean");
        }
        return ((byte[]) values)[index(row)] != 0;
    }

    /**
     * {@return a text, or the text of an enum; the empty text if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is neither STRING nor ENUM. An enum without a text for an index gives
     *     the index in decimal digits.
     */
    public String getString(int row) {
        if (type == FieldType.ENUM) {
            if (isNull(row)) {
                return "";
            }
            int at = (int) getLong(row);
            return at < config.enumText().size() ? config.enumText().get(at) : Integer.toString(at);
        }
        if (type != FieldType.STRING) {
            throw wrongType("a text");
        }
        String text = ((@Nullable String[]) values)[index(row)];
        return text == null ? "" : text;
    }

    /**
     * {@return a JSON value as text; {@code null} (the four letters) if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is not JSON
     */
    public String getJson(int row) {
        if (type != FieldType.JSON) {
            throw wrongType("JSON");
        }
        String text = ((@Nullable String[]) values)[index(row)];
        return text == null ? "null" : text;
    }

    /**
     * {@return a time; 1970-01-01T00:00:00Z if it is null}
     *
     * @param row the row
     * @throws IllegalStateException if the type is not TIME
     */
    public Instant getTime(int row) {
        if (type != FieldType.TIME) {
            throw wrongType("a time");
        }
        long nanos = getLong(row);
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /**
     * {@return a value as an object: {@link Long} for integers (but {@link BigInteger} for UINT64), {@link Float},
     * {@link Double}, {@link Boolean}, {@link Instant}, {@link String} for texts, enums and JSON; null if it is null}
     *
     * @param row the row
     */
    public @Nullable Object get(int row) {
        if (isNull(row)) {
            return null;
        }
        return switch (type) {
            case FLOAT64 -> getDouble(row);
            case FLOAT32 -> ((float[]) values)[index(row)];
            case UINT64 -> new BigInteger(Long.toUnsignedString(getLong(row)));
            case STRING, ENUM -> getString(row);
            case JSON -> getJson(row);
            case BOOL -> getBoolean(row);
            case TIME -> getTime(row);
            default -> getLong(row);
        };
    }

    /**
     * {@return a view of some rows, which shares the values}
     *
     * @param from the first row
     * @param to the row after the last one
     * @throws IndexOutOfBoundsException if {@code 0 <= from <= to <= size()} does not hold
     */
    public Field slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return new Field(name, type, nullable, labels, config, values, nulls, offset + from, to - from);
    }

    /**
     * {@return this field under another name}
     *
     * @param name the name, may be empty
     */
    public Field withName(String name) {
        return new Field(name, type, nullable, labels, config, values, nulls, offset, size);
    }

    /**
     * {@return this field with other labels}
     *
     * @param labels the labels that replace the present ones. A half of a surrogate pair in a key becomes U+FFFD, as
     *     many JSON parsers refuse it there.
     */
    public Field withLabels(Map<String, String> labels) {
        return new Field(name, type, nullable, sorted(labels), config, values, nulls, offset, size);
    }

    /**
     * {@return this field with another configuration}
     *
     * @param config the configuration that replaces the present one
     */
    public Field withConfig(FieldConfig config) {
        Objects.requireNonNull(config, "config");
        return new Field(name, type, nullable, labels, config, values, nulls, offset, size);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Field other
                && size == other.size
                && type == other.type
                && nullable == other.nullable
                && name.equals(other.name)
                && labels.equals(other.labels)
                && config.equals(other.config)
                && sameNulls(other)
                && sameValues(other);
    }

    @Override
    public int hashCode() {
        int hash = Objects.hash(name, type, nullable, labels, config, size);
        for (int row = 0; row < Math.min(size, 16); row++) {
            hash = 31 * hash + Objects.hashCode(get(row));
        }
        return hash;
    }

    /** {@return the name, the type and the size, not the values} */
    @Override
    public String toString() {
        return "Field[" + name + (labels.isEmpty() ? "" : labels) + " " + type.label() + (nullable ? "?" : "") + " x "
                + size + "]";
    }

    private boolean sameNulls(Field other) {
        if (nulls == null && other.nulls == null) {
            return true;
        }
        for (int row = 0; row < size; row++) {
            if (isNull(row) != other.isNull(row)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameValues(Field other) {
        int to = offset + size;
        int otherTo = other.offset + size;
        return switch (type.storage()) {
            case BYTE -> Arrays.equals(bytes(), offset, to, other.bytes(), other.offset, otherTo);
            case SHORT -> Arrays.equals(shorts(), offset, to, other.shorts(), other.offset, otherTo);
            case INT -> Arrays.equals(ints(), offset, to, other.ints(), other.offset, otherTo);
            case LONG -> Arrays.equals(longs(), offset, to, other.longs(), other.offset, otherTo);
            case FLOAT -> Arrays.equals(floats(), offset, to, other.floats(), other.offset, otherTo);
            case DOUBLE -> Arrays.equals(doubles(), offset, to, other.doubles(), other.offset, otherTo);
            case TEXT -> Arrays.equals(texts(), offset, to, other.texts(), other.offset, otherTo);
        };
    }

    // The arrays behind the rows: row r is at offset() + r. For codecs of this package, which only read them.

    int offset() {
        return offset;
    }

    byte[] bytes() {
        return (byte[]) values;
    }

    short[] shorts() {
        return (short[]) values;
    }

    int[] ints() {
        return (int[]) values;
    }

    long[] longs() {
        return (long[]) values;
    }

    float[] floats() {
        return (float[]) values;
    }

    double[] doubles() {
        return (double[]) values;
    }

    @Nullable
    String[] texts() {
        return (@Nullable String[]) values;
    }

    Storage storage() {
        return type.storage();
    }

    /** Labels in a fixed order, so that what is written does not depend on a map's whim. */
    static Map<String, String> sorted(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return Map.of();
        }
        TreeMap<String, String> copy = new TreeMap<>();
        labels.forEach((key, value) -> copy.put(
                RawJson.wellFormed(Objects.requireNonNull(key, "label key")),
                Objects.requireNonNull(value, () -> "label '" + key + "'")));
        return Collections.unmodifiableMap(copy);
    }

    static double unsignedToDouble(long bits) {
        if (bits >= 0) {
            return (double) bits;
        }
        // Halve, keeping the lowest bit so that rounding goes the same way, and double.
        return (double) ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    private int index(int row) {
        return offset + Objects.checkIndex(row, size);
    }

    private IllegalStateException wrongType(String wanted) {
        return new IllegalStateException("field '" + name + "' is of type " + type.label() + ", not " + wanted);
    }
}
