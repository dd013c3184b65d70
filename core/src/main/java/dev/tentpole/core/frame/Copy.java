package dev.tentpole.core.frame;

import org.jspecify.annotations.Nullable;

/** A column that takes its values from rows of other columns of the same type, without boxing. */
final class Copy {

    static final int GAP = -1;

    private final FieldType type;
    private final int size;
    private final Object values;
    private long @Nullable [] nulls;

    Copy(FieldType type, int size) {
        this.type = type;
        this.size = size;
        this.values = Columns.allocate(type.storage(), size);
    }

    /** The rows of a column, with null where a row is {@link #GAP}. */
    static Copy of(Field source, int[] rows) {
        Copy copy = new Copy(source.type(), rows.length);
        for (int i = 0; i < rows.length; i++) {
            copy.set(i, source, rows[i]);
        }
        return copy;
    }

    /** Several columns of one type, one behind the other. */
    static Field concat(Field first, Field second) {
        int size = Math.addExact(first.size(), second.size());
        Copy copy = new Copy(first.type(), size);
        for (int i = 0; i < size; i++) {
            boolean inFirst = i < first.size();
            copy.set(i, inFirst ? first : second, inFirst ? i : i - first.size());
        }
        return copy.build(first, first.nullable() || second.nullable());
    }

    /** Copies a value, or null if the source row is {@link #GAP}. */
    void set(int row, Field source, int sourceRow) {
        if (sourceRow == GAP || source.isNull(sourceRow)) {
            setNull(row);
            return;
        }
        clearNull(row);
        int from = source.offset() + sourceRow;
        switch (type.storage()) {
            case BYTE -> ((byte[]) values)[row] = source.bytes()[from];
            case SHORT -> ((short[]) values)[row] = source.shorts()[from];
            case INT -> ((int[]) values)[row] = source.ints()[from];
            case LONG -> ((long[]) values)[row] = source.longs()[from];
            case FLOAT -> ((float[]) values)[row] = source.floats()[from];
            case DOUBLE -> ((double[]) values)[row] = source.doubles()[from];
            case TEXT -> ((@Nullable String[]) values)[row] = source.texts()[from];
        }
    }

    private void setNull(int row) {
        long[] mask = nulls;
        if (mask == null) {
            mask = new long[(size + 63) >> 6];
            nulls = mask;
        }
        mask[row >> 6] |= 1L << row;
    }

    private void clearNull(int row) {
        long[] mask = nulls;
        if (mask != null) {
            mask[row >> 6] &= ~(1L << row);
        }
    }

    /** Puts a number where a null was; integers are rounded. */
    void setNumber(int row, double number) {
        clearNull(row);
        switch (type) {
            case FLOAT64 -> ((double[]) values)[row] = number;
            case FLOAT32 -> ((float[]) values)[row] = (float) number;
            case INT64 -> ((long[]) values)[row] = Math.round(number);
            case UINT64 ->
                ((long[]) values)[row] =
                        number < 0x1p63 ? Math.round(number) : (long) (number - 0x1p63) ^ Long.MIN_VALUE;
            case INT32, UINT32 -> ((int[]) values)[row] = (int) Math.round(number);
            case INT16, UINT16 -> ((short[]) values)[row] = (short) Math.round(number);
            default -> ((byte[]) values)[row] = (byte) Math.round(number);
        }
    }

    /** The column, with the name, labels and config of another. */
    Field build(Field like, boolean nullable) {
        boolean anyNull = false;
        long[] mask = nulls;
        for (int i = 0; mask != null && !anyNull && i < mask.length; i++) {
            anyNull = mask[i] != 0;
        }
        return new Field(
                like.name(),
                type,
                nullable || anyNull,
                like.labels(),
                like.config(),
                values,
                anyNull ? mask : null,
                0,
                size);
    }
}
