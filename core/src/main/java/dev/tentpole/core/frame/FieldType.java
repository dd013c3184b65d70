package dev.tentpole.core.frame;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The type of a field's values, as Grafana's data frames define them. Each of them may be nullable or not. */
public enum FieldType {
    /** Integer of 8 bits. */
    INT8("int8", "number", Storage.BYTE),
    /** Integer of 16 bits. */
    INT16("int16", "number", Storage.SHORT),
    /** Integer of 32 bits. */
    INT32("int32", "number", Storage.INT),
    /** Integer of 64 bits. */
    INT64("int64", "number", Storage.LONG),
    /** Integer of 8 bits without sign. */
    UINT8("uint8", "number", Storage.BYTE),
    /** Integer of 16 bits without sign. */
    UINT16("uint16", "number", Storage.SHORT),
    /** Integer of 32 bits without sign. */
    UINT32("uint32", "number", Storage.INT),
    /** Integer of 64 bits without sign, held as the bits of a {@code long}. */
    UINT64("uint64", "number", Storage.LONG),
    /** Floating point number of 32 bits. */
    FLOAT32("float32", "number", Storage.FLOAT),
    /** Floating point number of 64 bits. */
    FLOAT64("float64", "number", Storage.DOUBLE),
    /** Text. */
    STRING("string", "string", Storage.TEXT),
    /** True or false. */
    BOOL("bool", "boolean", Storage.BYTE),
    /** A point in time, in nanoseconds since 1970-01-01T00:00:00Z: from September 1677 to April 2262. */
    TIME("time.Time", "time", Storage.LONG),
    /** Any JSON value, as text. */
    JSON("json.RawMessage", "other", Storage.TEXT),
    /** An index, 0 to 65535, into the texts of {@link FieldConfig#enumText()}. */
    ENUM("enum", "enum", Storage.SHORT);

    /** The kind of array that holds a column's values. */
    enum Storage {
        BYTE,
        SHORT,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        TEXT
    }

    private static final Map<String, FieldType> BY_FRAME_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(FieldType::frameName, Function.identity()));

    private final String frameName;
    private final String simpleType;
    private final Storage storage;

    FieldType(String frameName, String simpleType, Storage storage) {
        this.frameName = frameName;
        this.simpleType = simpleType;
        this.storage = storage;
    }

    /** {@return Grafana's name of the type, such as {@code float64}, {@code time.Time} or {@code json.RawMessage}} */
    public String frameName() {
        return frameName;
    }

    /** {@return the front end's name of the type: number, string, boolean, time, enum or other} */
    public String simpleType() {
        return simpleType;
    }

    /** {@return whether values are numbers: integers of any width, and floating point} */
    public boolean isNumeric() {
        return compareTo(FLOAT64) <= 0;
    }

    /** {@return whether values are integers, with or without sign} */
    public boolean isInteger() {
        return compareTo(UINT64) <= 0;
    }

    /**
     * {@return the type with a name, empty if there is none}
     *
     * @param frameName Grafana's name of the type, as {@link #frameName()} gives it
     */
    public static Optional<FieldType> ofFrameName(String frameName) {
        return Optional.ofNullable(BY_FRAME_NAME.get(frameName));
    }

    Storage storage() {
        return storage;
    }

    /** The smallest value of an integer or enum type; not for UINT64, whose values are all longs. */
    long min() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case UINT8, UINT16, UINT32, ENUM -> 0;
            default -> Long.MIN_VALUE;
        };
    }

    /** The largest value of an integer or enum type; not for UINT64, whose values are all longs. */
    long max() {
        return switch (this) {
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case UINT8 -> 0xFF;
            case UINT16, ENUM -> 0xFFFF;
            case UINT32 -> 0xFFFF_FFFFL;
            default -> Long.MAX_VALUE;
        };
    }

    /** The name for messages: lower case, as a person would write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
