package dev.tentpole.examples;

import dev.tentpole.core.QueryException;
import dev.tentpole.core.TimeRange;
import dev.tentpole.core.frame.Field;
import dev.tentpole.core.frame.FieldBuilder;
import dev.tentpole.core.frame.FieldConfig;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Makes a frame of the rows in a JSON answer. A value that is missing, null, or not of its column's type is null.
 */
final class RestFrames {

    private RestFrames() {}

    static Frame of(JsonNode answer, RestModel.Parameters how) {
        JsonNode found = how.rows() == null || how.rows().isEmpty() ? answer : answer.at(pointer(how.rows(), "rows"));
        List<JsonNode> rows = rows(found, how.rows());
        List<RestModel.Column> columns =
                how.columns() == null || how.columns().isEmpty() ? inferred(rows) : how.columns();
        List<Field> fields = new ArrayList<>();
        for (RestModel.@Nullable Column column : columns) {
            if (column == null) {
                throw QueryException.badQuery("a column of parameters.columns is null");
            }
            fields.add(field(column, rows));
        }
        return Frame.builder("").fields(fields).build();
    }

    private static List<JsonNode> rows(JsonNode found, @Nullable String pointer) {
        if (found.isArray()) {
            List<JsonNode> rows = new ArrayList<>();
            found.forEach(rows::add);
            return rows;
        }
        if (found.isObject()) {
            return List.of(found);
        }
        throw QueryException.badQuery("there are no rows at \"" + (pointer == null ? "" : pointer)
                + "\": point parameters.rows to an array of objects, or to one object");
    }

    /** All properties of all rows, in order of appearance; a column has the type that fits all of its values. */
    private static List<RestModel.Column> inferred(List<JsonNode> rows) {
        Map<String, String> types = new LinkedHashMap<>();
        for (JsonNode row : rows) {
            row.properties()
                    .forEach(property ->
                            types.merge(property.getKey(), typeOf(property.getValue()), RestFrames::widened));
        }
        return types.entrySet().stream()
                .map(type -> new RestModel.Column(
                        type.getKey(), null, type.getValue().isEmpty() ? "string" : type.getValue(), null, null))
                .toList();
    }

    private static String typeOf(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return "integer";
        }
        if (value.isNumber()) {
            return "number";
        }
        if (value.isBoolean()) {
            return "boolean";
        }
        return value.isString() ? "string" : "json";
    }

    private static String widened(String a, String b) {
        if (a.equals(b) || b.isEmpty()) {
            return a;
        }
        if (a.isEmpty()) {
            return b;
        }
        return (a + b).equals("integernumber") || (a + b).equals("numberinteger") ? "number" : "json";
    }

    private static Field field(RestModel.Column column, List<JsonNode> rows) {
        String name = column.required();
        String type = column.type() == null ? "string" : column.type();
        FieldBuilder field = Field.builder(name, fieldType(type, name)).nullable();
        if (column.unit() != null) {
            field.config(FieldConfig.builder().unit(column.unit()).build());
        }
        JsonPointer pointer = pointer(column.pointer(), "path of the column " + name);
        TimeReader times = TimeReader.of(column.timeFormat(), name);
        for (JsonNode row : rows) {
            append(field, type, row.at(pointer), times);
        }
        return field.build();
    }

    private static FieldType fieldType(String type, String column) {
        return switch (type) {
            case "number" -> FieldType.FLOAT64;
            case "integer" -> FieldType.INT64;
            case "string" -> FieldType.STRING;
            case "boolean" -> FieldType.BOOL;
            case "time" -> FieldType.TIME;
            case "json" -> FieldType.JSON;
            default ->
                throw QueryException.badQuery("the column \"" + column
                        + "\" has an unknown type; there are number, integer, string, boolean, time, json");
        };
    }

    private static void append(FieldBuilder field, String type, JsonNode value, TimeReader times) {
        if (value.isMissingNode() || value.isNull()) {
            field.appendNull();
        } else if (type.equals("json")) {
            field.appendJson(value.toString());
        } else if (type.equals("string")) {
            field.appendString(value.isContainer() ? value.toString() : value.asString());
        } else if (type.equals("boolean") && value.isBoolean()) {
            field.appendBoolean(value.asBoolean());
        } else if (type.equals("time")) {
            Instant time = times.read(value);
            if (time == null || time.isBefore(TimeRange.EARLIEST) || time.isAfter(TimeRange.LATEST)) {
                field.appendNull();
            } else {
                field.appendTime(time);
            }
        } else {
            number(field, type, value);
        }
    }

    /** Also reads numbers that are written as strings, as many APIs do. */
    private static void number(FieldBuilder field, String type, JsonNode value) {
        BigDecimal number = decimal(value);
        if (number == null || type.equals("boolean")) {
            field.appendNull();
        } else if (type.equals("number")) {
            field.appendDouble(number.doubleValue());
        } else {
            BigDecimal whole = number.setScale(0, java.math.RoundingMode.DOWN);
            if (whole.precision() > 19 || whole.toBigInteger().bitLength() > 63) {
                field.appendNull();
            } else {
                field.appendLong(whole.longValue());
            }
        }
    }

    private static @Nullable BigDecimal decimal(JsonNode value) {
        if (!value.isNumber() && !value.isString()) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(value.asString().strip());
            // An exponent of millions would take minutes to expand.
            return Math.abs((long) number.scale()) > 400 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static JsonPointer pointer(String text, String what) {
        try {
            return JsonPointer.compile(text);
        } catch (IllegalArgumentException e) {
            throw QueryException.badQuery("the " + what + " is not a JSON Pointer: it begins with / (RFC 6901)", e);
        }
    }

    /** Reads times of one format. */
    private record TimeReader(int epochScale, @Nullable DateTimeFormatter formatter) {

        static TimeReader of(@Nullable String format, String column) {
            return switch (format == null ? "epoch_ms" : format) {
                case "epoch_s" -> new TimeReader(0, null);
                case "epoch_ms" -> new TimeReader(3, null);
                case "epoch_ns" -> new TimeReader(9, null);
                case "iso" -> new TimeReader(-1, DateTimeFormatter.ISO_DATE_TIME);
                default -> {
                    try {
                        yield new TimeReader(-1, DateTimeFormatter.ofPattern(String.valueOf(format)));
                    } catch (IllegalArgumentException e) {
                        throw QueryException.badQuery(
                                "the timeFormat of the column \"" + column
                                        + "\" is neither epoch_s, epoch_ms, epoch_ns, iso, nor a date pattern",
                                e);
                    }
                }
            };
        }

        @Nullable
        Instant read(JsonNode value) {
            try {
                if (formatter != null) {
                    if (value.isContainer()) {
                        return null;
                    }
                    return parse(formatter.parse(value.asString()));
                }
                BigDecimal number = decimal(value);
                if (number == null) {
                    return null;
                }
                BigDecimal nanos = number.movePointRight(9 - epochScale);
                return Instant.ofEpochSecond(0, nanos.toBigInteger().longValueExact());
            } catch (DateTimeException | ArithmeticException e) {
                return null;
            }
        }

        private static Instant parse(TemporalAccessor parts) {
            LocalDate date = parts.query(TemporalQueries.localDate());
            LocalTime time = parts.query(TemporalQueries.localTime());
            ZoneId zone = parts.query(TemporalQueries.zone());
            if (date == null) {
                throw new DateTimeException("no date");
            }
            return date.atTime(time == null ? LocalTime.MIDNIGHT : time)
                    .atZone(zone == null ? ZoneOffset.UTC : zone)
                    .toInstant();
        }
    }
}
