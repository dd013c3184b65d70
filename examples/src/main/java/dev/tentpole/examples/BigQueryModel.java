package dev.tentpole.examples;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.tentpole.core.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * What a BigQuery query has of its own.
 *
 * @param expression the query in GoogleSQL; Grafana's name {@code rawSql} is accepted
 * @param format {@code time_series} or {@code table}; table if missing
 * @param estimate whether to tell what the query costs instead of running it; always so without a project
 */
record BigQueryModel(
        @JsonAlias("rawSql") @Nullable String expression,
        @Nullable String format,
        @Nullable Boolean estimate) {

    String sql() {
        if (expression == null || expression.isBlank()) {
            throw QueryException.badQuery("the query has no SQL: set expression");
        }
        return expression;
    }

    boolean isTimeSeries() {
        return Format.of(format) == Format.TIME_SERIES;
    }

    boolean isEstimate() {
        return Boolean.TRUE.equals(estimate);
    }
}
