package dev.tentpole.examples;

import dev.tentpole.core.QueryException;
import org.jspecify.annotations.Nullable;

/** How a query wants its answer: for a chart, or as it comes. */
enum Format {
    TIME_SERIES,
    TABLE;

    static Format of(@Nullable String text) {
        if (text == null || text.isEmpty() || text.equals("table")) {
            return TABLE;
        }
        if (text.equals("time_series")) {
            return TIME_SERIES;
        }
        throw QueryException.badQuery("the field format must be time_series or table");
    }
}
