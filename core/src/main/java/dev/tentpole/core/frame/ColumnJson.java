package dev.tentpole.core.frame;

/**
 * The values of a column as a JSON array.
 *
 * <p>Each loop takes room for a batch of values at once and keeps its place in a local variable; every value gets a comma
 * behind it, and the last comma becomes the closing bracket.
 */
final class ColumnJson {

    private static final int BATCH = 64;

    /** The bytes that a number, a boolean or a null needs at most, with its comma. */
    private static final int ROOM = BATCH * (JsonOut.NUMBER + 1);

    private ColumnJson() {}

    /** Writes a column; adds what JSON has no number for to {@code special}; returns whether times need nanos. */
    static boolean write(Field field, JsonOut out, SpecialValues special) {
        if (field.size() == 0) {
            out.raw("[]");
            return false;
        }
        out.raw('[');
        boolean nanos = false;
        switch (field.type()) {
            case TIME -> nanos = times(field, out);
            case FLOAT64 -> doubles(field, out, special);
            case FLOAT32 -> floats(field, out, special);
            case STRING, JSON -> texts(field, out);
            default -> others(field, out);
        }
        close(out);
        return nanos;
    }

    /** Writes what the milliseconds of a time column leave over, for every row. */
    static void writeNanos(Field field, JsonOut out) {
        out.raw('[');
        long[] values = field.longs();
        for (int row = 0; row < field.size(); ) {
            byte[] b = out.room(ROOM);
            int p = out.at();
            for (int to = Math.min(field.size(), row + BATCH); row < to; row++) {
                int nanos = Math.floorMod(values[field.offset() + row], FrameJsonWriter.NANOS_PER_MILLI);
                p = Digits.putLong(b, p, nanos);
                b[p++] = ',';
            }
            out.at(p);
        }
        close(out);
    }

    private static void close(JsonOut out) {
        out.at(out.at() - 1);
        out.raw(']');
    }

    private static boolean times(Field field, JsonOut out) {
        long[] values = field.longs();
        int offset = field.offset();
        boolean nulls = field.hasNulls();
        boolean nanos = false;
        NearbyLongs millisText = new NearbyLongs();
        for (int row = 0; row < field.size(); ) {
            byte[] b = out.room(ROOM);
            int p = out.at();
            for (int to = Math.min(field.size(), row + BATCH); row < to; row++) {
                if (nulls && field.isNull(row)) {
                    p = putNull(b, p);
                } else {
                    long value = values[offset + row];
                    long millis = Math.floorDiv(value, FrameJsonWriter.NANOS_PER_MILLI);
                    nanos |= value != millis * FrameJsonWriter.NANOS_PER_MILLI;
                    p = millisText.put(b, p, millis);
                }
                b[p++] = ',';
            }
            out.at(p);
        }
        return nanos;
    }

    /** Writes numbers that are close to each other, as times are: the digits in front of the last eight are kept. */
    private static final class NearbyLongs {

        private static final int RANGE = 100_000_000;

        private final byte[] prefix = new byte[8];
        private int prefixLength;
        private long base;

        int put(byte[] b, int at, long value) {
            long rest = value - base;
            if (rest < 0 || rest >= RANGE || prefixLength == 0) {
                if (value < RANGE || value >= (long) RANGE * RANGE) {
                    return Digits.putLong(b, at, value);
                }
                long first = value / RANGE;
                prefixLength = Digits.putFirst(prefix, 0, (int) first);
                base = first * RANGE;
                rest = value - base;
            }
            Digits.copyEight(prefix, 0, b, at);
            return Digits.putEight(b, at + prefixLength, (int) rest);
        }
    }

    private static void doubles(Field field, JsonOut out, SpecialValues special) {
        double[] values = field.doubles();
        int offset = field.offset();
        boolean nulls = field.hasNulls();
        for (int row = 0; row < field.size(); ) {
            byte[] b = out.room(ROOM);
            int p = out.at();
            // A column of long decimals would only lose time with the way for short ones: each batch finds out.
            boolean hopeful = true;
            for (int to = Math.min(field.size(), row + BATCH); row < to; row++) {
                double value = values[offset + row];
                if (nulls && field.isNull(row)) {
                    p = putNull(b, p);
                } else if (Double.isFinite(value)) {
                    int start = p;
                    p = hopeful ? DoubleText.tryShort(b, p, value) : p;
                    if (p == start) {
                        p = DoubleText.putAny(b, p, value);
                        hopeful = false;
                    }
                } else {
                    p = putNull(b, p);
                    special.add(row, value);
                }
                b[p++] = ',';
            }
            out.at(p);
        }
    }

    private static void floats(Field field, JsonOut out, SpecialValues special) {
        float[] values = field.floats();
        int offset = field.offset();
        boolean nulls = field.hasNulls();
        for (int row = 0; row < field.size(); ) {
            byte[] b = out.room(ROOM);
            int p = out.at();
            for (int to = Math.min(field.size(), row + BATCH); row < to; row++) {
                float value = values[offset + row];
                if (nulls && field.isNull(row)) {
                    p = putNull(b, p);
                } else if (Float.isFinite(value)) {
                    p = DoubleText.put(b, p, value);
                } else {
                    p = putNull(b, p);
                    special.add(row, value);
                }
                b[p++] = ',';
            }
            out.at(p);
        }
    }

    private static void texts(Field field, JsonOut out) {
        boolean json = field.type() == FieldType.JSON;
        for (int row = 0; row < field.size(); row++) {
            if (field.isNull(row)) {
                out.raw("null");
            } else if (json) {
                out.raw(field.getJson(row));
            } else {
                out.string(field.getString(row));
            }
            out.raw(',');
        }
    }

    private static void others(Field field, JsonOut out) {
        FieldType type = field.type();
        for (int row = 0; row < field.size(); ) {
            byte[] b = out.room(ROOM);
            int p = out.at();
            for (int to = Math.min(field.size(), row + BATCH); row < to; row++) {
                if (field.isNull(row)) {
                    p = putNull(b, p);
                } else if (type == FieldType.BOOL) {
                    p = putAscii(b, p, field.getBoolean(row) ? "true" : "false");
                } else if (type == FieldType.UINT64) {
                    p = Digits.putUnsigned(b, p, field.getLong(row));
                } else {
                    p = Digits.putLong(b, p, field.getLong(row));
                }
                b[p++] = ',';
            }
            out.at(p);
        }
    }

    private static int putNull(byte[] b, int at) {
        b[at] = 'n';
        b[at + 1] = 'u';
        b[at + 2] = 'l';
        b[at + 3] = 'l';
        return at + 4;
    }

    private static int putAscii(byte[] b, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            b[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }
}
