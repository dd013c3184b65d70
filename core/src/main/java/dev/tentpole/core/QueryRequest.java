package dev.tentpole.core;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The queries that are asked together, each with a refId of its own.
 *
 * <p>A query that was found to be malformed while the request was read is part of it as an error, so that the others are
 * answered all the same. Immutable and safe for use by several threads.
 */
public final class QueryRequest {

    private final String id;
    private final List<Query> queries;
    private final Map<String, QueryError> refused;
    private final List<String> refIds;
    private final Optional<Duration> timeout;

    private QueryRequest(Builder builder) {
        this.id = builder.id == null ? UUID.randomUUID().toString() : builder.id;
        this.queries = List.copyOf(builder.queries);
        this.refused = Map.copyOf(builder.refused);
        this.refIds = List.copyOf(builder.refIds.keySet());
        this.timeout = Optional.ofNullable(builder.timeout);
    }

    /**
     * {@return a request of some queries}
     *
     * @param queries one or more, in the order of their answers
     * @throws IllegalArgumentException if there is none, or two have the same refId
     */
    public static QueryRequest of(Query... queries) {
        Builder builder = builder();
        Arrays.stream(queries).forEach(builder::query);
        return builder.build();
    }

    /**
     * {@return a builder of a request}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the request's id, for logs and error messages}
     */
    public String id() {
        return id;
    }

    /**
     * {@return the queries to answer, in request order}
     */
    public List<Query> queries() {
        return queries;
    }

    /**
     * {@return the errors of the queries that were refused when the request was read, by refId}
     */
    public Map<String, QueryError> refused() {
        return refused;
    }

    /**
     * {@return the refIds of all queries, also of the refused ones, in request order}
     */
    public List<String> refIds() {
        return refIds;
    }

    /**
     * {@return how long the answer may take, if the request says so}
     */
    public Optional<Duration> timeout() {
        return timeout;
    }

    @Override
    public String toString() {
        return "QueryRequest[" + id + ", " + String.join(", ", refIds) + "]";
    }

    /**
     * Builds a {@link QueryRequest}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final List<Query> queries = new ArrayList<>();
        private final Map<String, QueryError> refused = new LinkedHashMap<>();
        private final Map<String, Boolean> refIds = new LinkedHashMap<>();
        private @Nullable String id;
        private @Nullable Duration timeout;

        private Builder() {}

        /**
         * Sets the request's id. Default: a random one.
         *
         * @param requestId for logs and error messages, not blank
         * @return this builder
         * @throws IllegalArgumentException if the id is blank
         */
        public Builder id(String requestId) {
            this.id = Args.notBlank("id", requestId);
            return this;
        }

        /**
         * Adds a query.
         *
         * @param query the query
         * @return this builder
         * @throws IllegalArgumentException if the request has its refId already
         */
        public Builder query(Query query) {
            addRefId(query.refId());
            queries.add(query);
            return this;
        }

        /**
         * Adds a query that can't be read as one, and so is answered with an error.
         *
         * @param refId the query's name, not blank
         * @param error why it can't be read
         * @return this builder
         * @throws IllegalArgumentException if the request has its refId already, or it is blank
         */
        public Builder refused(String refId, QueryError error) {
            addRefId(Args.notBlank("refId", refId));
            refused.put(refId, Objects.requireNonNull(error, "error"));
            return this;
        }

        /**
         * Sets how long the answer may take. Default: what the data source allows, which is also the longest.
         *
         * @param time from 1 ms to 1 day
         * @return this builder
         * @throws IllegalArgumentException if the time is outside of its range
         */
        public Builder timeout(Duration time) {
            this.timeout = Args.inRange("timeout", time, Duration.ofMillis(1), Duration.ofDays(1));
            return this;
        }

        /**
         * {@return the request}
         *
         * @throws IllegalArgumentException if it has no query
         */
        public QueryRequest build() {
            if (refIds.isEmpty()) {
                throw new IllegalArgumentException("the request has no queries: send at least one");
            }
            return new QueryRequest(this);
        }

        private void addRefId(String refId) {
            if (refIds.put(refId, Boolean.TRUE) != null) {
                throw new IllegalArgumentException(
                        "two queries of the request have the refId \"" + refId + "\": each needs its own");
            }
        }
    }
}
