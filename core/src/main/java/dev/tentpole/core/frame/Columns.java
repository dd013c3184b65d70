package dev.tentpole.core.frame;

import dev.tentpole.core.frame.FieldType.Storage;
import java.util.Arrays;

/** The arrays behind fields. */
final class Columns {

    /** What the common JVMs can allocate. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private Columns() {}

    static Object allocate(Storage storage, int capacity) {
        return switch (storage) {
            case BYTE -> new byte[capacity];
            case SHORT -> new short[capacity];
            case INT -> new int[capacity];
            case LONG -> new long[capacity];
            case FLOAT -> new float[capacity];
            case DOUBLE -> new double[capacity];
            case TEXT -> new String[capacity];
        };
    }

    static Object resize(Storage storage, Object values, int to) {
        return switch (storage) {
            case BYTE -> Arrays.copyOf((byte[]) values, to);
            case SHORT -> Arrays.copyOf((short[]) values, to);
            case INT -> Arrays.copyOf((int[]) values, to);
            case LONG -> Arrays.copyOf((long[]) values, to);
            case FLOAT -> Arrays.copyOf((float[]) values, to);
            case DOUBLE -> Arrays.copyOf((double[]) values, to);
            case TEXT -> Arrays.copyOf((String[]) values, to);
        };
    }

    /** The next capacity: half as much again. */
    static int grown(int capacity) {
        if (capacity >= MAX_ARRAY) {
            throw new IllegalStateException("a field holds at most " + MAX_ARRAY + " rows");
        }
        return (int) Math.min(MAX_ARRAY, Math.max(16L, capacity + (capacity >> 1)));
    }
}
