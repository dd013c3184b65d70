package dev.tentpole.core.frame;

/** The values of a column as a JSON array. */
final class ColumnJson {

    private ColumnJson() {}

    /** Writes a column; adds what JSON has no number for to {@code special}; returns whether times need nanos. */
    static boolean write(Field field, JsonOut out, SpecialValues special) {
        boolean nanos = false;
        out.raw('[');
        switch (field.type()) {
            case TIME -> nanos = times(field, out);
            case FLOAT64 -> doubles(field, out, special);
            case FLOAT32 -> floats(field, out, special);
            case STRING -> strings(field, out);
            default -> others(field, out);
        }
        out.raw(']');
        return nanos;
    }

    private static boolean times(Field field, JsonOut out) {
        long[] values = field.longs();
        boolean nulls = field.hasNulls();
        boolean nanos = false;
        for (int row = 0, i = field.offset(); row < field.size(); row++, i++) {
            if (row > 0) {
                out.raw(',');
            }
            if (nulls && field.isNull(row)) {
                out.raw("null");
                continue;
            }
            long millis = Math.floorDiv(values[i], FrameJsonWriter.NANOS_PER_MILLI);
            nanos |= values[i] != millis * FrameJsonWriter.NANOS_PER_MILLI;
            out.number(millis);
        }
        return nanos;
    }

    /** Writes what the milliseconds of a time column leave over, for every row. */
    static void writeNanos(Field field, JsonOut out) {
        out.raw('[');
        for (int row = 0; row < field.size(); row++) {
            if (row > 0) {
                out.raw(',');
            }
            out.number((long) Math.floorMod(field.getLong(row), FrameJsonWriter.NANOS_PER_MILLI));
        }
        out.raw(']');
    }

    private static void doubles(Field field, JsonOut out, SpecialValues special) {
        double[] values = field.doubles();
        boolean nulls = field.hasNulls();
        for (int row = 0, i = field.offset(); row < field.size(); row++, i++) {
            if (row > 0) {
                out.raw(',');
            }
            double value = values[i];
            if (nulls && field.isNull(row)) {
                out.raw("null");
            } else if (Double.isFinite(value)) {
                out.number(value);
            } else {
                out.raw("null");
                special.add(row, value);
            }
        }
    }

    private static void floats(Field field, JsonOut out, SpecialValues special) {
        float[] values = field.floats();
        for (int row = 0, i = field.offset(); row < field.size(); row++, i++) {
            if (row > 0) {
                out.raw(',');
            }
            float value = values[i];
            if (field.isNull(row)) {
                out.raw("null");
            } else if (Float.isFinite(value)) {
                out.number(value);
            } else {
                out.raw("null");
                special.add(row, value);
            }
        }
    }

    private static void strings(Field field, JsonOut out) {
        for (int row = 0; row < field.size(); row++) {
            if (row > 0) {
                out.raw(',');
            }
            if (field.isNull(row)) {
                out.raw("null");
            } else {
                out.string(field.getString(row));
            }
        }
    }

    private static void others(Field field, JsonOut out) {
        for (int row = 0; row < field.size(); row++) {
            if (row > 0) {
                out.raw(',');
            }
            if (field.isNull(row)) {
                out.raw("null");
                continue;
            }
            switch (field.type()) {
                case BOOL -> out.literal(field.getBoolean(row));
                case JSON -> out.raw(field.getJson(row));
                case UINT64 -> out.unsigned(field.getLong(row));
                default -> out.number(field.getLong(row));
            }
        }
    }
}
