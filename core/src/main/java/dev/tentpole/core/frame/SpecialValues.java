package dev.tentpole.core.frame;

import java.util.Arrays;

/** The rows of a column whose values JSON has no number for: Grafana's entities. */
final class SpecialValues {

    private final Rows nan = new Rows();
    private final Rows inf = new Rows();
    private final Rows negInf = new Rows();

    /** A code for a key of Grafana's entities, negative if it is none. */
    static int kind(String key) {
        return switch (key) {
            case "NaN" -> 0;
            case "Inf" -> 1;
            case "NegInf" -> 2;
            default -> -1;
        };
    }

    static double value(int kind) {
        return kind == 0 ? Double.NaN : kind == 1 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    boolean isEmpty() {
        return nan.size + inf.size + negInf.size == 0;
    }

    void add(int row, double value) {
        (Double.isNaN(value) ? nan : value > 0 ? inf : negInf).add(row);
    }

    void write(JsonOut out) {
        if (isEmpty()) {
            out.raw("null");
            return;
        }
        out.openObject();
        nan.write("NaN", out);
        inf.write("Inf", out);
        negInf.write("NegInf", out);
        out.closeObject();
    }

    private static final class Rows {
        private int[] rows = {};
        private int size;

        void add(int row) {
            if (size == rows.length) {
                rows = Arrays.copyOf(rows, Columns.grown(size));
            }
            rows[size++] = row;
        }

        void write(String key, JsonOut out) {
            if (size == 0) {
                return;
            }
            out.key(key);
            out.raw('[');
            for (int i = 0; i < size; i++) {
                if (i > 0) {
                    out.raw(',');
                }
                out.number((long) rows[i]);
            }
            out.raw(']');
        }
    }
}
