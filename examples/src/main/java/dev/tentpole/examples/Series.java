package dev.tentpole.examples;

import dev.tentpole.core.QueryException;
import dev.tentpole.core.frame.FieldType;
import dev.tentpole.core.frame.Frame;
import dev.tentpole.core.frame.TimeSeries;

/** Makes series of a table for a chart: text columns become labels, rows are sorted by time. */
final class Series {

    private Series() {}

    static Frame of(Frame table) {
        if (table.fields().stream().noneMatch(field -> field.type() == FieldType.TIME)) {
            throw QueryException.badQuery(
                    "a time series needs a column of times: ask for one, or for the format table");
        }
        try {
            return TimeSeries.longToWide(table);
        } catch (IllegalArgumentException e) {
            throw QueryException.badQuery("the rows are not a time series: " + e.getMessage(), e);
        }
    }
}
