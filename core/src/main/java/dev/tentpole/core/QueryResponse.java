package dev.tentpole.core;

import java.util.List;
import java.util.Objects;

/**
 * The answers to a request: one per query, in request order.
 *
 * @param requestId the id of the request
 * @param results one per query, in request order
 */
public record QueryResponse(String requestId, List<QueryResult> results) {

    /**
     * Copies the results.
     *
     * @param requestId the id of the request
     * @param results one per query, in request order
     */
    public QueryResponse {
        Objects.requireNonNull(requestId, "requestId");
        results = List.copyOf(results);
    }

    /**
     * {@return the answer to a query}
     *
     * @param refId the query's name
     * @throws IllegalArgumentException if the request had no such query
     */
    public QueryResult result(String refId) {
        return results.stream()
                .filter(result -> result.refId().equals(refId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no query of the request has the refId \"" + refId
                        + "\"; there are "
                        + results.stream().map(QueryResult::refId).toList()));
    }
}
