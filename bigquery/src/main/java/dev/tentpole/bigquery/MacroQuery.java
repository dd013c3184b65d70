package dev.tentpole.bigquery;

import java.util.List;
import java.util.Objects;

/**
 * A query whose macros are expanded, and the values that it refers to.
 *
 * @param sql the query
 * @param parameters the values, none if they are in the text
 */
public record MacroQuery(String sql, List<SqlParameter> parameters) {

    /**
     * Copies the list.
     *
     * @param sql the query
     * @param parameters the values, none if they are in the text
     */
    public MacroQuery {
        Objects.requireNonNull(sql, "sql");
        parameters = List.copyOf(parameters);
    }

    /** {@return a builder of a request that runs it} */
    public QueryRequest.Builder request() {
        return QueryRequest.builder(sql).parameters(parameters);
    }

    /** Shows neither query nor values. */
    @Override
    public String toString() {
        return "MacroQuery[" + sql.length() + " characters, " + parameters.size() + " parameters]";
    }
}
