package dev.tentpole.core;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One query of a panel: what is asked, of which backend, over which time, how densely.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Query {

    /** The most characters that a refId may have. */
    public static final int MAX_REF_ID_LENGTH = 100;

    private final String refId;
    private final Optional<String> backend;
    private final Optional<String> type;
    private final String modelJson;
    private final TimeRange timeRange;
    private final Duration interval;
    private final int maxDataPoints;

    private Query(Builder builder, TimeRange timeRange) {
        this.refId = builder.refId;
        this.backend = Optional.ofNullable(builder.backend);
        this.type = Optional.ofNullable(builder.type);
        this.modelJson = builder.modelJson;
        this.timeRange = timeRange;
        this.maxDataPoints = builder.maxDataPoints;
        this.interval = builder.interval == null ? defaultInterval(timeRange, maxDataPoints) : builder.interval;
    }

    /**
     * {@return a builder of a query}
     *
     * @param refId the query's name within its request, 1 to {@value #MAX_REF_ID_LENGTH} characters
     * @throws IllegalArgumentException if the refId is blank or too long
     */
    public static Builder builder(String refId) {
        return new Builder(refId);
    }

    /**
     * {@return the query's name within its request}
     */
    public String refId() {
        return refId;
    }

    /**
     * {@return the name of the backend that is asked for, if one is}
     */
    public Optional<String> backend() {
        return backend;
    }

    /**
     * {@return the type of the backends that may answer, such as {@code mysql}, if one is asked for}
     */
    public Optional<String> type() {
        return type;
    }

    /**
     * {@return the query's own fields as the text of a JSON object}
     */
    public String modelJson() {
        return modelJson;
    }

    /**
     * Binds the query's own fields to a record or a class.
     *
     * <p>Fields that the class does not have are ignored; fields that the query does not have are null, or the default of
     * a primitive.
     *
     * @param <T> the model
     * @param model the class to bind to
     * @return the model, never null
     * @throws QueryException with status 400 if a field has the wrong type, naming the field
     */
    public <T> T as(Class<T> model) {
        return Json.bind(modelJson, model, refId);
    }

    /**
     * {@return the time that is asked about}
     */
    public TimeRange timeRange() {
        return timeRange;
    }

    /**
     * {@return the time between two points that the panel wants; at least one millisecond}
     */
    public Duration interval() {
        return interval;
    }

    /**
     * {@return how many points a series of the panel has room for; at least one}
     */
    public int maxDataPoints() {
        return maxDataPoints;
    }

    @Override
    public String toString() {
        return "Query[" + refId + " of " + backend.or(() -> type).orElse("any backend") + ", " + timeRange.from()
                + " to " + timeRange.to() + "]";
    }

    private static Duration defaultInterval(TimeRange range, int points) {
        Duration interval = range.duration().dividedBy(points);
        return interval.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : interval;
    }

    /**
     * Builds a {@link Query}. Not safe for use by several threads.
     */
    public static final class Builder {

        private final String refId;
        private @Nullable String backend;
        private @Nullable String type;
        private String modelJson = "{}";
        private @Nullable TimeRange timeRange;
        private @Nullable Duration interval;
        private int maxDataPoints = 1_000;

        private Builder(String refId) {
            Args.notBlank("refId", refId);
            Args.inRange("length of refId", refId.length(), 1, MAX_REF_ID_LENGTH);
            this.refId = refId;
        }

        /**
         * Asks for the backend of a name. Default: none, any backend of the type.
         *
         * @param name the name, not blank
         * @return this builder
         * @throws IllegalArgumentException if the name is blank
         */
        public Builder backend(String name) {
            this.backend = Args.notBlank("backend", name);
            return this;
        }

        /**
         * Asks for any backend of a type. Default: none; without a name too, any backend that can handle the query.
         *
         * @param name the type, not blank, such as {@code mysql}
         * @return this builder
         * @throws IllegalArgumentException if the type is blank
         */
        public Builder type(String name) {
            this.type = Args.notBlank("type", name);
            return this;
        }

        /**
         * Sets the query's own fields. Default: none.
         *
         * @param json the text of a JSON object
         * @return this builder
         * @throws IllegalArgumentException if the text is not a JSON object
         */
        public Builder model(String json) {
            this.modelJson = Json.requireObject(json);
            return this;
        }

        /**
         * Sets the time that is asked about. Required.
         *
         * @param range the range
         * @return this builder
         */
        public Builder timeRange(TimeRange range) {
            this.timeRange = Objects.requireNonNull(range, "range");
            return this;
        }

        /**
         * Sets the wanted time between two points. Default: the time range divided by the maximum of points.
         *
         * @param time at least 1 ms, at most 100 years
         * @return this builder
         * @throws IllegalArgumentException if the time is outside of its range
         */
        public Builder interval(Duration time) {
            this.interval = Args.inRange("interval", time, Duration.ofMillis(1), Duration.ofDays(36_525));
            return this;
        }

        /**
         * Sets how many points a series has room for. Default: 1,000.
         *
         * @param points from 1 to 10,000,000
         * @return this builder
         * @throws IllegalArgumentException if the number is outside of its range
         */
        public Builder maxDataPoints(int points) {
            this.maxDataPoints = Args.inRange("maxDataPoints", points, 1, 10_000_000);
            return this;
        }

        /**
         * {@return the query}
         *
         * @throws IllegalStateException if the time range is missing
         */
        public Query build() {
            if (timeRange == null) {
                throw new IllegalStateException("query " + refId + " has no time range: call timeRange(…)");
            }
            return new Query(this, timeRange);
        }
    }
}
