package dev.tentpole.examples;

import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldBuilder;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Makes a frame of an SQL result: a column each, typed as the database says. Dates and times without a zone are UTC.
 *
 * <p>A numeric column named {@code time} or {@code time_sec} holds epoch seconds, or milliseconds where the values are too
 * large for that, and becomes a time column too.
 */
final class SqlFrames {

    /** Epoch seconds beyond this (the year 5138) are taken for milliseconds. */
    private static final double LARGEST_SECONDS = 1e11;

    private SqlFrames() {}

    /**
     * Reads all rows.
     *
     * @param maxRows the most rows to read; whether there were more, {@link ResultSet#next} tells afterwards
     */
    static Frame read(ResultSet rows, int maxRows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(Column.of(meta, i));
        }
        int count = 0;
        while (count < maxRows && rows.next()) {
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).append(rows, i + 1);
            }
            count++;
        }
        Field[] fields = columns.stream().map(column -> column.builder.build()).toArray(Field[]::new);
        return Frame.of("", fields);
    }

    private interface Reader {
        /** Appends the row's value; what it read is null if {@link ResultSet#wasNull} says so. */
        void append(ResultSet rows, int index, FieldBuilder to) throws SQLException;
    }

    private record Column(FieldBuilder builder, Reader reader) {

        static Column of(ResultSetMetaData meta, int index) throws SQLException {
            String name = meta.getColumnLabel(index);
            int type = meta.getColumnType(index);
            boolean epoch = name.toLowerCase(Locale.ROOT).equals("time")
                    || name.toLowerCase(Locale.ROOT).equals("time_sec");
            return switch (type) {
                case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT ->
                    epoch ? column(name, FieldType.TIME, SqlFrames::epoch) : integer(meta, index, name);
                case Types.REAL, Types.FLOAT, Types.DOUBLE, Types.NUMERIC, Types.DECIMAL ->
                    epoch
                            ? column(name, FieldType.TIME, SqlFrames::epoch)
                            : column(name, FieldType.FLOAT64, SqlFrames::number);
                case Types.BIT, Types.BOOLEAN -> column(name, FieldType.BOOL, SqlFrames::bool);
                case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                    column(name, FieldType.TIME, SqlFrames::timestamp);
                case Types.DATE -> column(name, FieldType.TIME, SqlFrames::date);
                case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                    column(name, FieldType.STRING, SqlFrames::hex);
                default -> column(name, FieldType.STRING, SqlFrames::text);
            };
        }

        private static Column integer(ResultSetMetaData meta, int index, String name) throws SQLException {
            return meta.getColumnType(index) == Types.BIGINT && !meta.isSigned(index)
                    ? column(name, FieldType.UINT64, SqlFrames::unsigned)
                    : column(name, FieldType.INT64, SqlFrames::integer);
        }

        private static Column column(String name, FieldType type, Reader reader) {
            return new Column(Field.builder(name, type).nullable(), reader);
        }

        void append(ResultSet rows, int index) throws SQLException {
            reader.append(rows, index, builder);
        }
    }

    private static void integer(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        long value = rows.getLong(index);
        if (rows.wasNull()) {
            to.appendNull();
        } else {
            to.appendLong(value);
        }
    }

    private static void unsigned(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        BigDecimal value = rows.getBigDecimal(index);
        if (value == null) {
            to.appendNull();
        } else {
            BigInteger exact = value.toBigInteger();
            to.appendLong(exact.longValue());
        }
    }

    private static void number(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        double value = rows.getDouble(index);
        if (rows.wasNull()) {
            to.appendNull();
        } else {
            to.appendDouble(value);
        }
    }

    private static void bool(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        boolean value = rows.getBoolean(index);
        if (rows.wasNull()) {
            to.appendNull();
        } else {
            to.appendBoolean(value);
        }
    }

    private static void text(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        String value = rows.getString(index);
        if (value == null) {
            to.appendNull();
        } else {
            to.appendString(value);
        }
    }

    private static void hex(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        byte[] value = rows.getBytes(index);
        if (value == null) {
            to.appendNull();
        } else {
            to.appendString("0x" + HexFormat.of().formatHex(value));
        }
    }

    private static void timestamp(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        LocalDateTime value = rows.getObject(index, LocalDateTime.class);
        if (value == null) {
            to.appendNull();
        } else {
            to.appendTime(value.toInstant(ZoneOffset.UTC));
        }
    }

    private static void date(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        LocalDate value = rows.getObject(index, LocalDate.class);
        if (value == null) {
            to.appendNull();
        } else {
            to.appendTime(value.atStartOfDay(ZoneOffset.UTC).toInstant());
        }
    }

    private static void epoch(ResultSet rows, int index, FieldBuilder to) throws SQLException {
        BigDecimal value = rows.getBigDecimal(index);
        if (value == null) {
            to.appendNull();
            return;
        }
        BigDecimal seconds = Math.abs(value.doubleValue()) > LARGEST_SECONDS ? value.movePointLeft(3) : value;
        BigDecimal nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
        if (seconds.abs().doubleValue() > LARGEST_SECONDS) {
            throw new IllegalArgumentException(
                    "the column of epoch times, 'time' or 'time_sec', has a number that is too large");
        }
        to.appendTime(Instant.ofEpochSecond(seconds.longValue(), nanos.longValue()));
    }
}
