package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A column of a table, or a field of a struct. Immutable.
 *
 * @param name the column's name, as the table writes it
 * @param type the type; of the elements if {@code mode} is {@link Mode#REPEATED}
 * @param mode whether there may be nulls, or many values
 * @param fields the fields of a {@link Type#STRUCT}, empty for every other type
 * @param nullFraction which part of the values is null, 0 to 1; only the expected bytes use it
 * @param averageBytes logical bytes of an average value with what its type adds, at least 0; only the expected bytes use it
 */
public record TableField(
        String name,
        Type type,
        Mode mode,
        List<TableField> fields,
        OptionalDouble nullFraction,
        OptionalDouble averageBytes) {

    private static final int LONGEST_NAME = 300;

    /** The types of GoogleSQL with the logical bytes of a value, after BigQuery's page on data types. */
    public enum Type {
        /** A whole number, 8 bytes. */
        INT64(8, 8),
        /** A floating-point number, 8 bytes. */
        FLOAT64(8, 8),
        /** A decimal of 38 digits, 16 bytes. */
        NUMERIC(16, 16),
        /** A decimal of 76 digits, 32 bytes. */
        BIGNUMERIC(32, 32),
        /** True or false, 1 byte. */
        BOOL(1, 1),
        /** A text: 2 bytes and its UTF-8 length. */
        STRING(2, Long.MAX_VALUE),
        /** Bytes: 2 and their number. */
        BYTES(2, Long.MAX_VALUE),
        /** A day, 8 bytes. */
        DATE(8, 8),
        /** A day and a time of it, 8 bytes. */
        DATETIME(8, 8),
        /** A time of the day, 8 bytes. */
        TIME(8, 8),
        /** A point in time, 8 bytes. */
        TIMESTAMP(8, 8),
        /** A span of time in months, days and microseconds, 16 bytes. */
        INTERVAL(16, 16),
        /** A start and an end, 16 bytes. */
        RANGE(16, 16),
        /** A shape: 16 bytes and 24 for each vertex. */
        GEOGRAPHY(16, Long.MAX_VALUE),
        /** A JSON value: the UTF-8 length of its canonical text. */
        JSON(0, Long.MAX_VALUE),
        /** Fields; 0 bytes of its own. */
        STRUCT(0, 0);

        private static final Map<String, Type> ALIASES = Map.ofEntries(
                Map.entry("INTEGER", INT64),
                Map.entry("INT", INT64),
                Map.entry("SMALLINT", INT64),
                Map.entry("BIGINT", INT64),
                Map.entry("TINYINT", INT64),
                Map.entry("BYTEINT", INT64),
                Map.entry("FLOAT", FLOAT64),
                Map.entry("BOOLEAN", BOOL),
                Map.entry("RECORD", STRUCT),
                Map.entry("DECIMAL", NUMERIC),
                Map.entry("BIGDECIMAL", BIGNUMERIC));

        private final long least;
        private final long most;

        Type(long least, long most) {
            this.least = least;
            this.most = most;
        }

        /**
         * {@return the type of that name}
         *
         * @param name a name of GoogleSQL or of BigQuery's REST interface, in whatever case, without parameters
         * @throws IllegalArgumentException if there is no such type
         */
        public static Type of(String name) {
            String upper = name.toUpperCase(Locale.ROOT);
            Type alias = ALIASES.get(upper);
            if (alias != null) {
                return alias;
            }
            for (Type type : values()) {
                if (type.name().equals(upper)) {
                    return type;
                }
            }
            throw new IllegalArgumentException("type = " + name + ", must be a type of GoogleSQL");
        }

        /** {@return the fewest logical bytes that a value other than null has} */
        public long leastBytes() {
            return least;
        }

        /** {@return whether every value other than null has the same number of bytes} */
        public boolean isFixed() {
            return least == most;
        }
    }

    /** Whether a column has nulls, or many values. */
    public enum Mode {
        /** May be null. */
        NULLABLE,
        /** Never null. */
        REQUIRED,
        /** An array, which may be empty. */
        REPEATED
    }

    /**
     * Checks the values.
     *
     * @param name see {@link #name}
     * @param type see {@link #type}
     * @param mode see {@link #mode}
     * @param fields see {@link #fields}
     * @param nullFraction see {@link #nullFraction}
     * @param averageBytes see {@link #averageBytes}
     */
    public TableField {
        Args.notBlank("name", name);
        Args.inRange("length of the name", name.length(), 1, LONGEST_NAME);
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(mode, "mode");
        fields = List.copyOf(fields);
        Args.check(
                fields.isEmpty() || type == Type.STRUCT,
                "fields of " + name,
                fields.size(),
                "0 unless its type is STRUCT");
        nullFraction.ifPresent(
                value -> Args.check(value >= 0 && value <= 1, "nullFraction of " + name, value, "within 0..1"));
        averageBytes.ifPresent(value ->
                Args.check(value >= 0 && value < Long.MAX_VALUE, "averageBytes of " + name, value, "at least 0"));
    }

    /**
     * {@return a nullable column}
     *
     * @param name the column's name
     * @param type the type, not a struct
     */
    public static TableField of(String name, Type type) {
        return of(name, type, Mode.NULLABLE);
    }

    /**
     * {@return a column}
     *
     * @param name the column's name
     * @param type the type, not a struct
     * @param mode whether it may be null, or has many values
     */
    public static TableField of(String name, Type type, Mode mode) {
        return new TableField(name, type, mode, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * {@return a column of structs}
     *
     * @param name the column's name
     * @param mode whether it may be null, or has many values
     * @param fields the struct's fields
     */
    public static TableField struct(String name, Mode mode, TableField... fields) {
        return new TableField(name, Type.STRUCT, mode, List.of(fields), OptionalDouble.empty(), OptionalDouble.empty());
    }
}
