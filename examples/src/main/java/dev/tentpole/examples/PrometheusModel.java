package dev.tentpole.examples;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.tentpole.core.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * What a Prometheus query has of its own.
 *
 * @param expression the PromQL text; Grafana's name {@code expr} is accepted
 * @param format {@code time_series} or {@code table}; table if missing
 * @param instant whether to evaluate at the end of the range only; default: not, or for tables if {@code range} is missing
 * @param range whether to evaluate over the range; the opposite of {@code instant}
 * @param legendFormat a name for each series, with label names in double braces, or null
 */
record PrometheusModel(
        @JsonAlias("expr") @Nullable String expression,
        @Nullable String format,
        @Nullable Boolean instant,
        @Nullable Boolean range,
        @Nullable String legendFormat) {

    String promql() {
        if (expression == null || expression.isBlank()) {
            throw QueryException.badQuery("the query has no PromQL: set expression");
        }
        return expression;
    }

    boolean isTable() {
        return Format.of(format) == Format.TABLE;
    }

    boolean isInstant() {
        if (range != null && range) {
            return false;
        }
        return instant != null ? instant : range != null || isTable();
    }
}
