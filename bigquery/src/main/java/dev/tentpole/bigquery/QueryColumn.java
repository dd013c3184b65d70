package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column of a page, kept as arrays: eight bytes a number, its UTF-8 bytes a text.
 *
 * <p>Reading a value that is null, or as a type that it isn't, throws {@link IllegalStateException}; a row outside of the page,
 * {@link IndexOutOfBoundsException}. Immutable and safe for use by several threads.
 */
public final class QueryColumn {

    private final TableField field;
    private final int rows;
    private final BitSet nulls;
    private final long @Nullable [] longs;
    private final double @Nullable [] doubles;
    private final byte[] text;
    private final int @Nullable [] ends;

    QueryColumn(
            TableField field,
            int rows,
            BitSet nulls,
            long @Nullable [] longs,
            double @Nullable [] doubles,
            byte[] text,
            int @Nullable [] ends) {
        this.field = field;
        this.rows = rows;
        this.nulls = nulls;
        this.longs = longs;
        this.doubles = doubles;
        this.text = text;
        this.ends = ends;
    }

    /**
     * {@return the column's name and type}
     */
    public TableField field() {
        return field;
    }

    /**
     * {@return how many rows there are}
     */
    public int rows() {
        return rows;
    }

    /**
     * {@return whether the value is null}
     *
     * @param row the row within the page, from 0
     */
    public boolean isNull(int row) {
        return nulls.get(Objects.checkIndex(row, rows));
    }

    /**
     * {@return an {@code INT64}; of a {@code TIMESTAMP}, the microseconds since 1970}
     *
     * @param row the row within the page, from 0
     */
    public long longAt(int row) {
        long[] values = longs;
        if (values == null || field.type() == TableField.Type.BOOL) {
            throw wrongType("a whole number");
        }
        return values[valueAt(row)];
    }

    /**
     * {@return a {@code FLOAT64}, {@code INT64}, {@code NUMERIC} or {@code BIGNUMERIC} as the nearest double}
     *
     * @param row the row within the page, from 0
     */
    public double doubleAt(int row) {
        double[] values = doubles;
        if (values != null) {
            return values[valueAt(row)];
        }
        return decimalAt(row).doubleValue();
    }

    /**
     * {@return a {@code BOOL}}
     *
     * @param row the row within the page, from 0
     */
    public boolean booleanAt(int row) {
        long[] values = longs;
        if (values == null || field.type() != TableField.Type.BOOL) {
            throw wrongType("a BOOL");
        }
        return values[valueAt(row)] != 0;
    }

    /**
     * {@return a {@code TIMESTAMP}, to the microsecond}
     *
     * @param row the row within the page, from 0
     */
    public Instant instantAt(int row) {
        require(TableField.Type.TIMESTAMP);
        return Instant.EPOCH.plus(longAt(row), ChronoUnit.MICROS);
    }

    /**
     * {@return a {@code NUMERIC}, {@code BIGNUMERIC} or {@code INT64}, exactly}
     *
     * @param row the row within the page, from 0
     */
    public BigDecimal decimalAt(int row) {
        if (isArray()) {
            throw wrongType("a number");
        }
        return switch (field.type()) {
            case INT64 -> BigDecimal.valueOf(longAt(row));
            case NUMERIC, BIGNUMERIC -> new BigDecimal(stringAt(row));
            default -> throw wrongType("a number that is exact");
        };
    }

    /**
     * {@return a {@code DATE}}
     *
     * @param row the row within the page, from 0
     */
    public LocalDate dateAt(int row) {
        require(TableField.Type.DATE);
        return LocalDate.parse(stringAt(row));
    }

    /**
     * {@return a {@code DATETIME}}
     *
     * @param row the row within the page, from 0
     */
    public LocalDateTime dateTimeAt(int row) {
        require(TableField.Type.DATETIME);
        return LocalDateTime.parse(stringAt(row));
    }

    /**
     * {@return a {@code TIME}}
     *
     * @param row the row within the page, from 0
     */
    public LocalTime timeAt(int row) {
        require(TableField.Type.TIME);
        return LocalTime.parse(stringAt(row));
    }

    /**
     * {@return {@code BYTES}, a new array}
     *
     * @param row the row within the page, from 0
     */
    public byte[] bytesAt(int row) {
        require(TableField.Type.BYTES);
        return Base64.getDecoder().decode(stringAt(row));
    }

    /**
     * {@return the value as text, whatever its type: a {@code TIMESTAMP} in ISO 8601, {@code BYTES} in Base64, a
     * {@code STRUCT} and an array as JSON}
     *
     * @param row the row within the page, from 0
     */
    public String stringAt(int row) {
        int index = valueAt(row);
        int[] offsets = ends;
        if (offsets != null) {
            int start = index == 0 ? 0 : offsets[index - 1];
            return new String(text, start, offsets[index] - start, StandardCharsets.UTF_8);
        }
        double[] numbers = doubles;
        if (numbers != null) {
            return Double.toString(numbers[index]);
        }
        return switch (field.type()) {
            case BOOL -> Boolean.toString(booleanAt(row));
            case TIMESTAMP -> instantAt(row).toString();
            default -> Long.toString(longAt(row));
        };
    }

    private int valueAt(int row) {
        if (nulls.get(Objects.checkIndex(row, rows))) {
            throw new IllegalStateException(
                    "row " + row + " of column " + field.name() + " is null, which isNull says");
        }
        return row;
    }

    private boolean isArray() {
        return field.mode() == TableField.Mode.REPEATED;
    }

    private void require(TableField.Type type) {
        if (isArray() || field.type() != type) {
            throw wrongType(type.name());
        }
    }

    private IllegalStateException wrongType(String asked) {
        return new IllegalStateException("column " + field.name() + " is "
                + (isArray() ? "an array" : field.type().name()) + ", not " + asked);
    }
}
