package dev.tentpole.bigquery;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.BitSet;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes the values of one column as they come off the wire, without making an object for any: characters become a long, a
 * double or UTF-8 bytes. Used by one thread.
 */
abstract class ColumnWriter {

    private static final int MICROS_DIGITS = 6;
    private static final int FIRST_ROWS = 16;

    final TableField field;
    final BitSet nulls = new BitSet();
    int rows;

    private ColumnWriter(TableField field) {
        this.field = field;
    }

    /**
     * {@return a writer for the field}
     *
     * @param expectedRows a guess
     */
    static ColumnWriter of(TableField field, int expectedRows) {
        int rows = Math.max(FIRST_ROWS, expectedRows);
        if (field.mode() == TableField.Mode.REPEATED || field.type() == TableField.Type.STRUCT) {
            return new Nested(field, rows);
        }
        return switch (field.type()) {
            case INT64 -> new Whole(field, rows);
            case BOOL -> new Bools(field, rows);
            case TIMESTAMP -> new Micros(field, rows);
            case FLOAT64 -> new Doubles(field, rows);
            default -> new Text(field, rows);
        };
    }

    /** Takes the value at which the parser stands. */
    final void append(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            nulls.set(rows);
            write(parser, true);
        } else {
            write(parser, false);
        }
        rows++;
    }

    /** Takes null, for a row in which the column is missing. */
    abstract void write(JsonParser parser, boolean isNull);

    abstract QueryColumn finish();

    private abstract static class Longs extends ColumnWriter {

        private long[] values;

        Longs(TableField field, int expectedRows) {
            super(field);
            this.values = new long[expectedRows];
        }

        abstract long parse(JsonParser parser);

        @Override
        final void write(JsonParser parser, boolean isNull) {
            if (rows == values.length) {
                values = Arrays.copyOf(values, rows * 2);
            }
            values[rows] = isNull ? 0 : parse(parser);
        }

        @Override
        final QueryColumn finish() {
            return new QueryColumn(field, rows, nulls, Arrays.copyOf(values, rows), null, Utf8Text.NONE, null);
        }
    }

    private static final class Whole extends Longs {

        Whole(TableField field, int expectedRows) {
            super(field, expectedRows);
        }

        @Override
        long parse(JsonParser parser) {
            return WireNumbers.parseLong(
                    parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        }
    }

    private static final class Bools extends Longs {

        Bools(TableField field, int expectedRows) {
            super(field, expectedRows);
        }

        @Override
        long parse(JsonParser parser) {
            return parser.getStringLength() == 4 ? 1 : 0;
        }
    }

    /** Microseconds as asked for, or the float seconds that are the older form. */
    private static final class Micros extends Longs {

        Micros(TableField field, int expectedRows) {
            super(field, expectedRows);
        }

        @Override
        long parse(JsonParser parser) {
            char[] chars = parser.getStringCharacters();
            int start = parser.getStringOffset();
            int length = parser.getStringLength();
            for (int i = start; i < start + length; i++) {
                if (chars[i] == '.' || chars[i] == 'E' || chars[i] == 'e') {
                    return new BigDecimal(chars, start, length)
                            .movePointRight(MICROS_DIGITS)
                            .longValue();
                }
            }
            return WireNumbers.parseLong(chars, start, length);
        }
    }

    private static final class Doubles extends ColumnWriter {

        private double[] values;

        Doubles(TableField field, int expectedRows) {
            super(field);
            this.values = new double[expectedRows];
        }

        @Override
        void write(JsonParser parser, boolean isNull) {
            if (rows == values.length) {
                values = Arrays.copyOf(values, rows * 2);
            }
            values[rows] = isNull
                    ? 0
                    : WireNumbers.parseDouble(
                            parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        }

        @Override
        QueryColumn finish() {
            return new QueryColumn(field, rows, nulls, null, Arrays.copyOf(values, rows), Utf8Text.NONE, null);
        }
    }

    private static class Text extends ColumnWriter {

        final Utf8Text text = new Utf8Text();
        private int[] ends;

        Text(TableField field, int expectedRows) {
            super(field);
            this.ends = new int[expectedRows];
        }

        @Override
        final void write(JsonParser parser, boolean isNull) {
            if (rows == ends.length) {
                ends = Arrays.copyOf(ends, rows * 2);
            }
            if (!isNull) {
                parse(parser);
            }
            ends[rows] = text.length();
        }

        void parse(JsonParser parser) {
            text.append(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        }

        @Override
        final QueryColumn finish() {
            return new QueryColumn(field, rows, nulls, null, null, text.toBytes(), Arrays.copyOf(ends, rows));
        }
    }

    /** Structs and arrays become the JSON that one would write by hand. */
    private static final class Nested extends Text {

        Nested(TableField field, int expectedRows) {
            super(field, expectedRows);
        }

        @Override
        void parse(JsonParser parser) {
            char[] json = NestedJson.of(field, parser.readValueAsTree()).toCharArray();
            text.append(json, 0, json.length);
        }
    }
}
