package dev.tentpole.core;

import dev.tentpole.core.frame.Frame;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer to one query: frames, or an error.
 *
 * @param refId the query's name within its request
 * @param frames the frames, with the query's refId; empty if there is an error
 * @param error why there is no answer, if there is none
 */
public record QueryResult(String refId, List<Frame> frames, Optional<QueryError> error) {

    /**
     * Copies the frames and gives them the query's refId where they have none.
     *
     * @param refId the query's name within its request
     * @param frames the frames, with the query's refId; empty if there is an error
     * @param error why there is no answer, if there is none
     * @throws IllegalArgumentException if there are both frames and an error
     */
    public QueryResult {
        Objects.requireNonNull(refId, "refId");
        Objects.requireNonNull(error, "error");
        if (error.isPresent() && !frames.isEmpty()) {
            throw new IllegalArgumentException("the answer to " + refId + " has both frames and an error");
        }
        frames = frames.stream()
                .map(frame -> frame.refId().isEmpty() ? frame.withRefId(refId) : frame)
                .toList();
    }

    static QueryResult success(String refId, List<Frame> frames) {
        return new QueryResult(refId, frames, Optional.empty());
    }

    static QueryResult failure(String refId, QueryError error) {
        return new QueryResult(refId, List.of(), Optional.of(error));
    }

    /**
     * {@return the HTTP-like status: 200, or the error's}
     */
    public int status() {
        return error.map(QueryError::status).orElse(200);
    }

    /**
     * {@return the frames}
     *
     * @throws QueryException if there is an error instead
     */
    public List<Frame> framesOrThrow() {
        if (error.isPresent()) {
            throw QueryException.of(error.get());
        }
        return frames;
    }
}
