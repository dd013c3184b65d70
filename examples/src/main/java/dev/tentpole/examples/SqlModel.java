package dev.tentpole.examples;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.tentpole.core.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * What an SQL query has of its own.
 *
 * @param expression the SQL text; Grafana's name {@code rawSql} is accepted
 * @param format {@code time_series} or {@code table}; table if missing
 */
record SqlModel(
        @JsonAlias("rawSql") @Nullable String expression,
        @Nullable String format) {

    String sql() {
        if (expression == null || expression.isBlank()) {
            throw QueryException.badQuery("the query has no SQL: set expression");
        }
        return expression;
    }

    boolean isTimeSeries() {
        return Format.of(format) == Format.TIME_SERIES;
    }
}
