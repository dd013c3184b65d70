package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value that a query refers to as {@code @name}, sent beside the query and never part of its text.
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param name the name without {@code @}; empty for one that the query refers to by {@code ?}, in order
 * @param type the type in GoogleSQL's words, of the elements if it is an array
 * @param array whether it is an array
 * @param values the values as BigQuery writes them, one unless it is an array; a null in it is SQL's null
 */
public record QueryParameter(String name, String type, boolean array, List<@Nullable String> values) {

    private static final Pattern NAME = Pattern.compile("|[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Z0-9]{1,30}");

    /** As GoogleSQL writes a timestamp, to the microsecond. */
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DATETIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    /**
     * Checks the name and the type.
     *
     * @param name the name without {@code @}; empty for one that the query refers to by {@code ?}, in order
     * @param type the type in GoogleSQL's words, of the elements if it is an array
     * @param array whether it is an array
     * @param values the values as BigQuery writes them, one unless it is an array; a null in it is SQL's null
     * @throws IllegalArgumentException if the name or the type is none, or the number of values is not one
     */
    public QueryParameter {
        Args.check(NAME.matcher(name).matches(), "name", name, "letters, digits and underscores, or empty");
        Args.check(TYPE.matcher(type).matches(), "type", type, "a type's name such as INT64");
        Args.check(array || values.size() == 1, "values.size()", values.size(), "1");
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /**
     * {@return a {@code STRING}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value, null for SQL's null
     */
    public static QueryParameter string(String name, @Nullable String value) {
        return scalar(name, "STRING", value);
    }

    /**
     * {@return an {@code INT64}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter int64(String name, long value) {
        return scalar(name, "INT64", Long.toString(value));
    }

    /**
     * {@return a {@code FLOAT64}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter float64(String name, double value) {
        return scalar(name, "FLOAT64", Double.toString(value));
    }

    /**
     * {@return a {@code BOOL}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter bool(String name, boolean value) {
        return scalar(name, "BOOL", Boolean.toString(value));
    }

    /**
     * {@return a {@code BIGNUMERIC}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter decimal(String name, BigDecimal value) {
        return scalar(name, "BIGNUMERIC", value.toPlainString());
    }

    /**
     * {@return a {@code TIMESTAMP}, to the microsecond}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter timestamp(String name, Instant value) {
        return scalar(name, "TIMESTAMP", TIMESTAMP.format(value));
    }

    /**
     * {@return a {@code DATE}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter date(String name, LocalDate value) {
        return scalar(name, "DATE", value.toString());
    }

    /**
     * {@return a {@code DATETIME}, to the microsecond}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter dateTime(String name, LocalDateTime value) {
        return scalar(name, "DATETIME", DATETIME.format(value));
    }

    /**
     * {@return {@code BYTES}}
     *
     * @param name the name, empty for {@code ?}
     * @param value the value
     */
    public static QueryParameter bytes(String name, byte[] value) {
        return scalar(name, "BYTES", Base64.getEncoder().encodeToString(value));
    }

    /**
     * {@return an array of {@code STRING}, for {@code IN UNNEST(@name)}}
     *
     * @param name the name, empty for {@code ?}
     * @param values the values
     */
    public static QueryParameter strings(String name, List<String> values) {
        return new QueryParameter(name, "STRING", true, List.copyOf(values));
    }

    /**
     * {@return an array of {@code INT64}, for {@code IN UNNEST(@name)}}
     *
     * @param name the name, empty for {@code ?}
     * @param values the values
     */
    public static QueryParameter int64s(String name, List<Long> values) {
        return new QueryParameter(
                name, "INT64", true, values.stream().map(String::valueOf).toList());
    }

    private static QueryParameter scalar(String name, String type, @Nullable String value) {
        Objects.requireNonNull(name, "name");
        return new QueryParameter(name, type, false, Collections.singletonList(value));
    }

    /** Shows name and type: values are the user's. */
    @Override
    public String toString() {
        return "@" + name + " " + (array ? "ARRAY<" + type + ">" : type);
    }

    /** {@return what REST calls a {@code QueryParameter}} */
    ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        if (!name.isEmpty()) {
            json.put("name", name);
        }
        ObjectNode typeNode = json.putObject("parameterType");
        ObjectNode valueNode = json.putObject("parameterValue");
        if (array) {
            typeNode.put("type", "ARRAY").putObject("arrayType").put("type", type);
            ArrayNode elements = valueNode.putArray("arrayValues");
            values.forEach(value -> elements.addObject().put("value", value));
        } else {
            typeNode.put("type", type);
            valueNode.put("value", values.get(0));
        }
        return json;
    }
}
