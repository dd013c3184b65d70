package dev.tentpole.promql;

import dev.tentpole.base.Args;
import dev.tentpole.promql.Finding.Severity;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a query beside its text, for {@link Analyzer}: what it is for, when it is evaluated, what the
 * metrics are like, and which rules count. Everything may be left out; rules without what they need are silent.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class AnalysisContext {

    /** What a query is for. */
    public enum Kind {
        /** It is not known. */
        UNKNOWN,
        /** A panel of a dashboard. */
        DASHBOARD,
        /** An alerting rule. */
        ALERT,
        /** A recording rule. */
        RECORDING
    }

    /** What a metric says of itself. */
    public enum MetricType {
        /** Only grows, but for restarts. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts observations in buckets. */
        HISTOGRAM,
        /** Counts observations and gives quantiles. */
        SUMMARY,
        /** It is not known, or several targets say different things. */
        UNKNOWN
    }

    private static final AnalysisContext EMPTY = builder().build();

    private final Kind kind;
    private final @Nullable Duration scrapeInterval;
    private final @Nullable Duration evaluationInterval;
    private final @Nullable Duration step;
    private final @Nullable Duration queryRange;
    private final @Nullable Duration lookback;
    private final @Nullable Duration alertFor;
    private final Map<String, MetricType> metricTypes;
    private final Map<String, Long> distinctValues;
    private final Map<String, Long> seriesCounts;
    private final Set<String> requiredMatchers;
    private final Set<String> keptLabels;
    private final Set<String> forbiddenLabels;
    private final @Nullable ParseOptions server;
    private final EnumSet<Rule> off;
    private final EnumMap<Rule, Severity> severities;

    private AnalysisContext(Builder builder) {
        this.kind = builder.kind;
        this.scrapeInterval = builder.scrapeInterval;
        this.evaluationInterval = builder.evaluationInterval;
        this.step = builder.step;
        this.queryRange = builder.queryRange;
        this.lookback = builder.lookback;
        this.alertFor = builder.alertFor;
        this.metricTypes = Map.copyOf(builder.metricTypes);
        this.distinctValues = Map.copyOf(builder.distinctValues);
        this.seriesCounts = Map.copyOf(builder.seriesCounts);
        this.requiredMatchers = builder.requiredMatchers;
        this.keptLabels = builder.keptLabels;
        this.forbiddenLabels = builder.forbiddenLabels;
        this.server = builder.server;
        this.off = EnumSet.copyOf(builder.off);
        this.severities = new EnumMap<>(builder.severities);
    }

    /** {@return a context in which nothing is known} */
    public static AnalysisContext empty() {
        return EMPTY;
    }

    /** {@return a builder that knows nothing yet} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what the query is for} */
    public Kind kind() {
        return kind;
    }

    /** {@return the time between two scrapes} */
    public Optional<Duration> scrapeInterval() {
        return Optional.ofNullable(scrapeInterval);
    }

    /** {@return the time between two evaluations of rules, which is the default step of subqueries} */
    public Optional<Duration> evaluationInterval() {
        return Optional.ofNullable(evaluationInterval);
    }

    /** {@return the time between two points of a range query} */
    public Optional<Duration> step() {
        return Optional.ofNullable(step);
    }

    /** {@return the time between the first and the last point of a range query} */
    public Optional<Duration> queryRange() {
        return Optional.ofNullable(queryRange);
    }

    /** {@return how far back an instant selector looks} */
    public Optional<Duration> lookback() {
        return Optional.ofNullable(lookback);
    }

    /** {@return how long an alert waits before it fires} */
    public Optional<Duration> alertFor() {
        return Optional.ofNullable(alertFor);
    }

    /**
     * {@return what a metric is, as far as is known}
     *
     * @param metric the name as it stands in a query; the parts of a histogram or a summary are found under its name
     */
    public MetricType metricType(String metric) {
        if (metricTypes.isEmpty()) {
            return MetricType.UNKNOWN;
        }
        MetricType own = metricTypes.get(metric);
        if (own != null) {
            return own;
        }
        for (String suffix : new String[] {"_bucket", "_count", "_sum"}) {
            if (metric.endsWith(suffix)) {
                MetricType whole = metricTypes.get(metric.substring(0, metric.length() - suffix.length()));
                return whole == MetricType.HISTOGRAM || whole == MetricType.SUMMARY
                        ? MetricType.COUNTER
                        : MetricType.UNKNOWN;
            }
        }
        // OpenMetrics describes a counter under its name without the ending.
        boolean counter = metric.endsWith("_total")
                && metricTypes.get(metric.substring(0, metric.length() - "_total".length())) == MetricType.COUNTER;
        return counter ? MetricType.COUNTER : MetricType.UNKNOWN;
    }

    /**
     * {@return how many values a label has, if known}
     *
     * @param label the label's name
     */
    public OptionalLong distinctValues(String label) {
        return optional(distinctValues.get(label));
    }

    /**
     * {@return how many series a metric has, if known}
     *
     * @param metric the metric's name
     */
    public OptionalLong seriesCount(String metric) {
        return optional(seriesCounts.get(metric));
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** {@return the labels that every selector must have a matcher on} */
    public Set<String> requiredMatchers() {
        return requiredMatchers;
    }

    /** {@return the labels that every aggregation must keep} */
    public Set<String> keptLabels() {
        return keptLabels;
    }

    /** {@return the labels that no aggregation may keep} */
    public Set<String> forbiddenLabels() {
        return forbiddenLabels;
    }

    /** {@return the language that the server reads} */
    public Optional<ParseOptions> server() {
        return Optional.ofNullable(server);
    }

    /**
     * {@return whether a rule counts}
     *
     * @param rule the rule
     */
    public boolean isOn(Rule rule) {
        return !off.contains(rule);
    }

    /**
     * {@return how serious a rule is, if it was changed}
     *
     * @param rule the rule
     */
    public Optional<Severity> severity(Rule rule) {
        return Optional.ofNullable(severities.get(rule));
    }

    /** Collects what is known; not safe for use by several threads. */
    public static final class Builder {

        private static final Duration LONGEST = Duration.ofDays(36_500);

        private Kind kind = Kind.UNKNOWN;
        private @Nullable Duration scrapeInterval;
        private @Nullable Duration evaluationInterval;
        private @Nullable Duration step;
        private @Nullable Duration queryRange;
        private @Nullable Duration lookback;
        private @Nullable Duration alertFor;
        private final Map<String, MetricType> metricTypes = new HashMap<>();
        private final Map<String, Long> distinctValues = new HashMap<>();
        private final Map<String, Long> seriesCounts = new HashMap<>();
        private Set<String> requiredMatchers = Set.of();
        private Set<String> keptLabels = Set.of();
        private Set<String> forbiddenLabels = Set.of();
        private @Nullable ParseOptions server;
        private final EnumSet<Rule> off = EnumSet.noneOf(Rule.class);
        private final EnumMap<Rule, Severity> severities = new EnumMap<>(Rule.class);

        private Builder() {}

        /**
         * Says what the query is for; {@link Kind#UNKNOWN} unless set.
         *
         * @param kind what for
         * @return this builder
         */
        public Builder kind(Kind kind) {
            this.kind = Objects.requireNonNull(kind, "kind");
            return this;
        }

        /**
         * Says how often the selected targets are scraped.
         *
         * @param interval from 1 ms on
         * @return this builder
         */
        public Builder scrapeInterval(Duration interval) {
            this.scrapeInterval = Objects.requireNonNull(interval, "scrapeInterval");
            return this;
        }

        /**
         * Says how often rules are evaluated, which is the step of subqueries that have none.
         *
         * @param interval from 1 ms on
         * @return this builder
         */
        public Builder evaluationInterval(Duration interval) {
            this.evaluationInterval = Objects.requireNonNull(interval, "evaluationInterval");
            return this;
        }

        /**
         * Says that the query is a range query, and the time between two of its points.
         *
         * @param step from 1 ms on
         * @return this builder
         */
        public Builder step(Duration step) {
            this.step = Objects.requireNonNull(step, "step");
            return this;
        }

        /**
         * Says how much time lies between the first and the last point of a range query.
         *
         * @param range from 0 on
         * @return this builder
         */
        public Builder queryRange(Duration range) {
            this.queryRange = Objects.requireNonNull(range, "queryRange");
            return this;
        }

        /**
         * Says how far back instant selectors look: {@code --query.lookback-delta}.
         *
         * @param lookback from 1 ms on
         * @return this builder
         */
        public Builder lookback(Duration lookback) {
            this.lookback = Objects.requireNonNull(lookback, "lookback");
            return this;
        }

        /**
         * Says how long the alert must hold before it fires: {@code for}.
         *
         * @param alertFor from 0 on
         * @return this builder
         */
        public Builder alertFor(Duration alertFor) {
            this.alertFor = Objects.requireNonNull(alertFor, "alertFor");
            return this;
        }

        /**
         * Adds what a metric is, as {@code /api/v1/metadata} has it.
         *
         * @param metric the name there
         * @param type the type there; {@link MetricType#UNKNOWN} if there are several
         * @return this builder
         */
        public Builder metricType(String metric, MetricType type) {
            metricTypes.put(Objects.requireNonNull(metric, "metric"), Objects.requireNonNull(type, "type"));
            return this;
        }

        /**
         * Adds how many values a label has.
         *
         * @param label the label's name
         * @param values how many, from 0 on
         * @return this builder
         */
        public Builder distinctValues(String label, long values) {
            distinctValues.put(Objects.requireNonNull(label, "label"), values);
            return this;
        }

        /**
         * Adds how many series a metric has.
         *
         * @param metric the metric's name
         * @param series how many, from 0 on
         * @return this builder
         */
        public Builder seriesCount(String metric, long series) {
            seriesCounts.put(Objects.requireNonNull(metric, "metric"), series);
            return this;
        }

        /**
         * Requires each selector to have a matcher on these labels.
         *
         * @param labels the labels
         * @return this builder
         */
        public Builder requiredMatchers(Collection<String> labels) {
            this.requiredMatchers = copy(labels);
            return this;
        }

        /**
         * Requires each aggregation to keep these labels.
         *
         * @param labels the labels
         * @return this builder
         */
        public Builder keptLabels(Collection<String> labels) {
            this.keptLabels = copy(labels);
            return this;
        }

        /**
         * Forbids aggregations to keep these labels.
         *
         * @param labels the labels
         * @return this builder
         */
        public Builder forbiddenLabels(Collection<String> labels) {
            this.forbiddenLabels = copy(labels);
            return this;
        }

        private static Set<String> copy(Collection<String> labels) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(labels));
        }

        /**
         * Says which language the server reads, such as {@link ParseOptions#ofServer}.
         *
         * @param options the language
         * @return this builder
         */
        public Builder server(ParseOptions options) {
            this.server = Objects.requireNonNull(options, "server");
            return this;
        }

        /**
         * Switches a rule off.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder off(Rule rule) {
            off.add(rule);
            return this;
        }

        /**
         * Changes how serious a rule is.
         *
         * @param rule the rule
         * @param severity how serious all its findings are; one less on template variables
         * @return this builder
         */
        public Builder severity(Rule rule, Severity severity) {
            severities.put(rule, Objects.requireNonNull(severity, "severity"));
            return this;
        }

        /**
         * {@return the context}
         *
         * @throws IllegalArgumentException if a length of time or a number is out of its range
         */
        public AnalysisContext build() {
            check("scrapeInterval", scrapeInterval, Duration.ofMillis(1));
            check("evaluationInterval", evaluationInterval, Duration.ofMillis(1));
            check("step", step, Duration.ofMillis(1));
            check("queryRange", queryRange, Duration.ZERO);
            check("lookback", lookback, Duration.ofMillis(1));
            check("alertFor", alertFor, Duration.ZERO);
            distinctValues.forEach((label, values) -> check("distinctValues of " + label, values));
            seriesCounts.forEach((metric, series) -> check("seriesCount of " + metric, series));
            return new AnalysisContext(this);
        }

        private static void check(String name, @Nullable Duration value, Duration min) {
            if (value != null) {
                Args.inRange(name, value, min, LONGEST);
            }
        }

        private static void check(String name, long value) {
            Args.inRange(name, value, 0L, Long.MAX_VALUE);
        }
    }
}
