package dev.tentpole.examples;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.tentpole.core.QueryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a REST query has of its own.
 *
 * @param expression the path below the source's address, with its query string; Grafana's name {@code url} is accepted
 * @param format {@code time_series} or {@code table}; table if missing
 * @param parameters how to ask and how to read the answer, or null
 */
record RestModel(
        @JsonAlias({"url", "path"}) @Nullable String expression,
        @Nullable String format,
        @Nullable Parameters parameters) {

    /**
     * How to ask and how to read the answer.
     *
     * @param method {@code GET} if null
     * @param headers header names and values, or null
     * @param body sent as it is, or null
     * @param rows JSON Pointer to the array of rows (RFC 6901); the whole answer if null
     * @param columns which columns, or null for all that the rows have
     */
    record Parameters(
            @Nullable String method,
            @Nullable Map<String, String> headers,
            @Nullable String body,
            @Nullable String rows,
            @Nullable List<Column> columns) {

        static final Parameters NONE = new Parameters(null, null, null, null, null);
    }

    /**
     * One column.
     *
     * @param name its name in the frame
     * @param path JSON Pointer from the row to the value; the property of the column's name if null
     * @param type {@code number}, {@code integer}, {@code string}, {@code boolean}, {@code time} or {@code json}
     * @param timeFormat {@code epoch_s}, {@code epoch_ms} (if null), {@code epoch_ns}, {@code iso}, or a pattern of
     *     {@link java.time.format.DateTimeFormatter} in UTC
     * @param unit Grafana's unit for the values, or null
     */
    record Column(
            @Nullable String name,
            @Nullable String path,
            @Nullable String type,
            @Nullable String timeFormat,
            @Nullable String unit) {

        String pointer() {
            return path != null ? path : "/" + required().replace("~", "~0").replace("/", "~1");
        }

        String required() {
            if (name == null || name.isBlank()) {
                throw QueryException.badQuery("a column of parameters.columns has no name");
            }
            return name;
        }
    }

    String target() {
        return expression == null ? "" : expression.strip();
    }

    Parameters how() {
        return parameters == null ? Parameters.NONE : parameters;
    }

    boolean isTimeSeries() {
        return Format.of(format) == Format.TIME_SERIES;
    }
}
