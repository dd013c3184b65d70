package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query and how to run it. What isn't set here is as the client has it.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class QueryRequest {

    /** The least that BigQuery takes for {@link Builder#maximumBytesBilled}: 10 MiB. */
    static final long LEAST_BYTES_BILLED = 10L << 20;

    private static final int MOST_PARAMETERS = 10_000;
    private static final int MOST_QUERY_CHARS = 1 << 20;
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_-]{1,36}");

    private final Builder settings;

    private QueryRequest(Builder settings) {
        this.settings = settings;
    }

    /**
     * {@return a query with nothing set}
     *
     * @param sql the query in GoogleSQL
     */
    public static QueryRequest of(String sql) {
        return builder(sql).build();
    }

    /**
     * {@return a builder}
     *
     * @param sql the query in GoogleSQL
     */
    public static Builder builder(String sql) {
        return new Builder(sql);
    }

    /**
     * {@return the query}
     */
    public String sql() {
        return settings.sql;
    }

    /**
     * {@return the values that the query refers to}
     */
    public List<SqlParameter> parameters() {
        return settings.parameters;
    }

    /**
     * {@return the labels, sanitised}
     */
    public Map<String, String> labels() {
        return settings.labels;
    }

    /**
     * {@return for whom the query runs, for budgets; empty if nobody is named}
     */
    public Optional<String> user() {
        return Optional.ofNullable(settings.user);
    }

    OptionalLong maximumBytesBilled() {
        return settings.maximumBytesBilled;
    }

    Optional<String> location() {
        return Optional.ofNullable(settings.location);
    }

    Optional<String> defaultDataset() {
        return Optional.ofNullable(settings.defaultDataset);
    }

    Optional<String> requestId() {
        return Optional.ofNullable(settings.requestId);
    }

    Optional<Duration> timeout() {
        return Optional.ofNullable(settings.timeout);
    }

    boolean jobOptional() {
        return settings.jobOptional;
    }

    boolean useQueryCache() {
        return settings.useQueryCache;
    }

    /** Shows neither query nor values. */
    @Override
    public String toString() {
        return "QueryRequest[" + settings.sql.length() + " characters, " + settings.parameters.size() + " parameters]";
    }

    /** Says how to run a query; used by one thread. */
    public static final class Builder {

        private final String sql;
        private List<SqlParameter> parameters = List.of();
        private Map<String, String> labels = Map.of();
        private @Nullable String user;
        private OptionalLong maximumBytesBilled = OptionalLong.empty();
        private @Nullable String location;
        private @Nullable String defaultDataset;
        private @Nullable String requestId;
        private @Nullable Duration timeout;
        private boolean jobOptional;
        private boolean useQueryCache = true;

        private Builder(String sql) {
            this.sql = Args.notBlank("sql", sql);
        }

        /**
         * Sets the values that the query refers to, at most 10,000, all with names or none. None by default.
         *
         * @param values the values
         * @return this
         */
        public Builder parameters(List<SqlParameter> values) {
            this.parameters = List.copyOf(values);
            return this;
        }

        /**
         * Adds a label, made into one that BigQuery takes: lower-case, other characters than letters, digits, dash and
         * underscore replaced by an underscore, cut to 63. At most 64, those of the client included.
         *
         * @param key the key, with a letter in front
         * @param value the value, may be empty
         * @return this
         */
        public Builder label(String key, String value) {
            Map<String, String> more = new LinkedHashMap<>(labels);
            more.put(Labels.key(key), Labels.value(value));
            this.labels = more;
            return this;
        }

        /**
         * Names for whom the query runs: their budget pays. Nobody by default. It isn't sent to BigQuery.
         *
         * @param name the name, not blank
         * @return this
         */
        public Builder user(String name) {
            this.user = Args.notBlank("user", name);
            return this;
        }

        /**
         * Makes BigQuery refuse the query, at no cost, if it would bill more. By default as the client has it.
         *
         * @param bytes the most bytes, at least 10 MiB, below which BigQuery takes none
         * @return this
         */
        public Builder maximumBytesBilled(long bytes) {
            this.maximumBytesBilled = OptionalLong.of(bytes);
            return this;
        }

        /**
         * Says where the query's data is, needed outside of {@code US} and {@code EU}. By default as the client has it.
         *
         * @param name such as {@code EU} or {@code europe-west3}
         * @return this
         */
        public Builder location(String name) {
            this.location = Args.notBlank("location", name);
            return this;
        }

        /**
         * Says where tables without a dataset are. None by default.
         *
         * @param name {@code dataset} or {@code project.dataset}
         * @return this
         */
        public Builder defaultDataset(String name) {
            this.defaultDataset = Args.notBlank("defaultDataset", name);
            return this;
        }

        /**
         * Names this run: BigQuery runs the same name once, and answers the second time with the first run's result. A random
         * one by default, so that only the client's own retries are taken for the same run.
         *
         * @param id 1 to 36 letters, digits, dashes and underscores
         * @return this
         */
        public Builder requestId(String id) {
            this.requestId = id;
            return this;
        }

        /**
         * Sets how long the query may take until its first page is there; each further page may take as long again. The job is
         * cancelled then. By default as the client has it.
         *
         * @param longest from 1 ms to 6 hours
         * @return this
         */
        public Builder timeout(Duration longest) {
            this.timeout = longest;
            return this;
        }

        /**
         * Lets BigQuery answer a short query without making a job: one request instead of two. Such a query can't be cancelled
         * before its answer has said whether there is a job; its own time limit stops it then. False by default.
         *
         * @param optional whether a job need not be made
         * @return this
         */
        public Builder jobOptional(boolean optional) {
            this.jobOptional = optional;
            return this;
        }

        /**
         * Says whether the result of the same query, run before, will do. True by default: it costs nothing.
         *
         * @param use whether it will do
         * @return this
         */
        public Builder useQueryCache(boolean use) {
            this.useQueryCache = use;
            return this;
        }

        /**
         * {@return the request}
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public QueryRequest build() {
            Args.check(sql.length() <= MOST_QUERY_CHARS, "sql.length()", sql.length(), "at most " + MOST_QUERY_CHARS);
            Args.inRange("parameters.size()", parameters.size(), 0, MOST_PARAMETERS);
            Args.check(
                    parameters.stream().map(p -> p.name().isEmpty()).distinct().count() <= 1,
                    "parameters",
                    parameters,
                    "all named or all without a name");
            for (SqlParameter parameter : parameters) {
                Args.check(parameter.known(), "parameter " + parameter, "(not known)", "a value");
            }
            Args.inRange("labels.size()", labels.size(), 0, Labels.MOST);
            maximumBytesBilled.ifPresent(
                    bytes -> Args.inRange("maximumBytesBilled", bytes, LEAST_BYTES_BILLED, Long.MAX_VALUE));
            String id = requestId;
            if (id != null) {
                Args.check(
                        REQUEST_ID.matcher(id).matches(),
                        "requestId",
                        id,
                        "1 to 36 letters, digits, dashes and underscores");
            }
            Duration longest = timeout;
            if (longest != null) {
                Args.inRange("timeout", longest, BigQueryClient.MIN_TIMEOUT, BigQueryClient.MAX_TIMEOUT);
            }
            return new QueryRequest(copy());
        }

        private Builder copy() {
            Builder copy = new Builder(sql);
            copy.parameters = parameters;
            copy.labels = Map.copyOf(labels);
            copy.user = user;
            copy.maximumBytesBilled = maximumBytesBilled;
            copy.location = location;
            copy.defaultDataset = defaultDataset;
            copy.requestId = requestId;
            copy.timeout = timeout;
            copy.jobOptional = jobOptional;
            copy.useQueryCache = useQueryCache;
            return copy;
        }
    }
}
