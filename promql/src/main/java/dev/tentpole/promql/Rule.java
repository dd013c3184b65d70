package dev.tentpole.promql;

import dev.tentpole.promql.Finding.Severity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Analyzer} looks for. The ids are stable: they stand in {@code # tentpole: ignore} comments and in
 * configurations.
 */
public enum Rule {
    /** The text is not PromQL. */
    SYNTAX("syntax", Severity.ERROR, "the text is not PromQL"),
    /** A part has the wrong type or stands in the wrong place. */
    TYPE("type", Severity.ERROR, "a part has the wrong type or stands in the wrong place"),
    /** A comment ignores a rule that does not exist. */
    UNKNOWN_RULE("unknown-rule", Severity.WARNING, "a comment ignores a rule that does not exist"),
    /** The server needs a newer release or a feature flag for this; needs the server's options. */
    UNSUPPORTED_FEATURE(
            "unsupported-feature",
            Severity.ERROR,
            "the server needs a newer release or a feature flag for this; needs the server's options"),
    /** A clause names a label that no series has there any more. */
    IMPOSSIBLE_LABEL("impossible-label", Severity.WARNING, "a clause names a label that no series has there any more"),
    /** Matchers that no series can satisfy. */
    CONTRADICTING_MATCHERS("contradicting-matchers", Severity.ERROR, "matchers that no series can satisfy"),
    /** A function of counters is applied to a gauge; needs metric types. */
    RATE_ON_GAUGE(
            "rate-on-gauge", Severity.WARNING, "a function of counters is applied to a gauge; needs metric types"),
    /** Rate or increase of a metric that is not named like a counter, for which the server adds a note to its answer. */
    RATE_ON_UNKNOWN(
            "rate-on-unknown",
            Severity.INFO,
            "rate or increase of a metric that is not named like a counter, for which the server adds a note to its answer"),
    /** A counter's value is used where only its growth means something. */
    RAW_COUNTER("raw-counter", Severity.WARNING, "a counter's value is used where only its growth means something"),
    /** Counters are added up before their growth is taken, so that a restart looks like growth. */
    RATE_OF_AGGREGATE(
            "rate-of-aggregate",
            Severity.ERROR,
            "counters are added up before their growth is taken, so that a restart looks like growth"),
    /** A function of gauges is applied to a counter. */
    GAUGE_FUNCTION_ON_COUNTER(
            "gauge-function-on-counter", Severity.WARNING, "a function of gauges is applied to a counter"),
    /** A range of fewer than four scrape intervals; an error below two; needs the scrape interval. */
    RANGE_TOO_SHORT(
            "range-too-short",
            Severity.WARNING,
            "a range of fewer than four scrape intervals; an error below two; needs the scrape interval"),
    /** A range is shorter than the step, so that samples in between do not count; needs the step. */
    RANGE_BELOW_STEP(
            "range-below-step",
            Severity.WARNING,
            "a range is shorter than the step, so that samples in between do not count; needs the step"),
    /** A rate over $__interval, which may be shorter than two scrapes. */
    INTERVAL_VARIABLE(
            "interval-variable", Severity.WARNING, "a rate over $__interval, which may be shorter than two scrapes"),
    /** Irate in a rule, or with a step that skips most of its samples. */
    IRATE_MISUSED("irate-misused", Severity.WARNING, "irate in a rule, or with a step that skips most of its samples"),
    /** Scrapes are further apart than the look-back reaches; needs both. */
    LOOKBACK_TOO_SHORT(
            "lookback-too-short", Severity.WARNING, "scrapes are further apart than the look-back reaches; needs both"),
    /** A subquery's step is the server's default, which the query does not show. */
    SUBQUERY_WITHOUT_STEP(
            "subquery-without-step",
            Severity.PERFORMANCE,
            "a subquery's step is the server's default, which the query does not show"),
    /** A subquery evaluates more often than there are samples; needs the scrape interval. */
    SUBQUERY_STEP_TOO_SHORT(
            "subquery-step-too-short",
            Severity.WARNING,
            "a subquery evaluates more often than there are samples; needs the scrape interval"),
    /** A subquery of a bare selector resamples what a range would read as it is. */
    SUBQUERY_OF_SELECTOR(
            "subquery-of-selector",
            Severity.PERFORMANCE,
            "a subquery of a bare selector resamples what a range would read as it is"),
    /** A rate over a resampled counter, which can miss resets. */
    RATE_OF_SUBQUERY("rate-of-subquery", Severity.WARNING, "a rate over a resampled counter, which can miss resets"),
    /** Subqueries evaluate their operand a thousand times or more for one result. */
    EXPENSIVE_SUBQUERY(
            "expensive-subquery",
            Severity.PERFORMANCE,
            "subqueries evaluate their operand a thousand times or more for one result"),
    /** A selector without a name or any narrow matcher looks at all series. */
    NO_METRIC_NAME(
            "no-metric-name",
            Severity.PERFORMANCE,
            "a selector without a name or any narrow matcher looks at all series"),
    /** A regular expression without a fixed start on a label with more than 10,000 values; needs label statistics. */
    BROAD_REGEX(
            "broad-regex",
            Severity.PERFORMANCE,
            "a regular expression without a fixed start on a label with more than 10,000 values; needs label statistics"),
    /** A regular expression that could be a plain comparison. */
    REGEX_IS_PLAIN("regex-is-plain", Severity.PERFORMANCE, "a regular expression that could be a plain comparison"),
    /** Anchors that every matcher has anyway. */
    REGEX_ANCHORS("regex-anchors", Severity.PERFORMANCE, "anchors that every matcher has anyway"),
    /** A regular expression that only tells whether there is a value, or nothing. */
    REGEX_MATCHES_ALL(
            "regex-matches-all",
            Severity.PERFORMANCE,
            "a regular expression that only tells whether there is a value, or nothing"),
    /** A text between two wildcards hints at a label that holds several things. */
    WILDCARD_REGEX(
            "wildcard-regex", Severity.INFO, "a text between two wildcards hints at a label that holds several things"),
    /** A dot between letters or digits of a regular expression matches any character. */
    UNESCAPED_DOT(
            "unescaped-dot",
            Severity.INFO,
            "a dot between letters or digits of a regular expression matches any character"),
    /** A matcher that also accepts series without the label. */
    EMPTY_MATCHER("empty-matcher", Severity.INFO, "a matcher that accepts series without the label"),
    /** A selector lacks a matcher that the configuration requires. */
    REQUIRED_MATCHER(
            "required-matcher", Severity.WARNING, "a selector lacks a matcher that the configuration requires"),
    /** An aggregation drops a label that the configuration wants to be kept. */
    DROPPED_LABEL(
            "dropped-label", Severity.WARNING, "an aggregation drops a label that the configuration wants to be kept"),
    /** An aggregation keeps a label that the configuration forbids. */
    FORBIDDEN_LABEL("forbidden-label", Severity.WARNING, "an aggregation keeps a label that the configuration forbids"),
    /** A quotient of rates is not a number where the divisor is zero, and one such series spoils the aggregation. */
    NAN_IN_AGGREGATION(
            "nan-in-aggregation",
            Severity.WARNING,
            "a quotient of rates is not a number where the divisor is zero, and one such series spoils the aggregation"),
    /** An alert on a quotient of rates does not say what happens when the divisor is zero. */
    NAN_IN_ALERT(
            "nan-in-alert",
            Severity.INFO,
            "an alert on a quotient of rates does not say what happens when the divisor is zero"),
    /** An average over averages or quantiles gives each the same weight. */
    AVERAGE_OF_AVERAGES(
            "average-of-averages",
            Severity.WARNING,
            "an average over averages or quantiles gives each the same weight"),
    /** The arguments of histogram_quantile do not fit a classic histogram. */
    HISTOGRAM_QUANTILE(
            "histogram-quantile", Severity.ERROR, "the arguments of histogram_quantile do not fit a classic histogram"),
    /** No series of one side can have the labels of one of the other side. */
    NEVER_MATCHES(
            "never-matches", Severity.ERROR, "no series of one side can have the labels of one of the other side"),
    /** The side that must be unique has more labels than are compared. */
    MANY_TO_MANY("many-to-many", Severity.WARNING, "the side that must be unique has more labels than are compared"),
    /** A label is taken over by group_left or group_right and dropped right after. */
    UNUSED_INCLUDE(
            "unused-include",
            Severity.INFO,
            "a label is taken over by group_left or group_right and dropped right after"),
    /** The sides of an or have different labels, so that both are in the result. */
    MIXED_OR("mixed-or", Severity.WARNING, "the sides of an or have different labels, so that both are in the result"),
    /** Operators that are often read in another order than they bind. */
    PRECEDENCE("precedence", Severity.INFO, "operators that are often read in another order than they bind"),
    /** A comparison drops series before a calculation that seems to want zeros and ones. */
    FILTER_IN_ARITHMETIC(
            "filter-in-arithmetic",
            Severity.INFO,
            "a comparison drops series before a calculation that seems to want zeros and ones"),
    /** An alert fires for each series, whatever its value; needs the kind alert. */
    ALERT_WITHOUT_CONDITION(
            "alert-without-condition",
            Severity.WARNING,
            "an alert fires for each series, whatever its value; needs the kind alert"),
    /** An alert's comparison has bool, so that it always fires; needs the kind alert. */
    ALERT_BOOL(
            "alert-bool",
            Severity.WARNING,
            "an alert's comparison has bool, so that it always fires; needs the kind alert"),
    /** An alert's expression always returns something; needs the kind alert. */
    ALERT_ALWAYS_FIRES(
            "alert-always-fires",
            Severity.WARNING,
            "an alert's expression always returns something; needs the kind alert"),
    /** An alert whose labels change, or that fires in the moment of a restart; needs the kind alert. */
    ALERT_FRAGILE(
            "alert-fragile",
            Severity.WARNING,
            "an alert whose labels change, or that fires in the moment of a restart; needs the kind alert"),
    /** An alert on absence that fires too soon, too late, or without labels; needs the kind alert. */
    ALERT_ABSENT(
            "alert-absent",
            Severity.WARNING,
            "an alert on absence that fires too soon, too late, or without labels; needs the kind alert"),
    /** The same costly expression is evaluated several times. */
    REPEATED_EXPRESSION(
            "repeated-expression", Severity.PERFORMANCE, "the same costly expression is evaluated several times"),
    /** A costly expression that wants to be recorded; proposes name and expression. */
    RECORDING_RULE(
            "recording-rule",
            Severity.PERFORMANCE,
            "a costly expression that wants to be recorded; proposes name and expression"),
    /** Calculated values are compared for equality. */
    FLOAT_EQUALITY("float-equality", Severity.INFO, "calculated values are compared for equality"),
    /** Sorting has no effect on a range query; needs the step. */
    SORT_IN_RANGE("sort-in-range", Severity.INFO, "sorting has no effect on a range query; needs the step"),
    /** Topk chooses other series at each step, so that there are more than k; needs the step. */
    TOPK_IN_RANGE(
            "topk-in-range",
            Severity.INFO,
            "topk chooses other series at each step, so that there are more than k; needs the step"),
    /** Scalar is not a number as soon as there is more than one series. */
    SCALAR_OF_MANY(
            "scalar-of-many", Severity.WARNING, "scalar is not a number as soon as there is more than one series");

    private static final Map<String, Rule> BY_ID = new HashMap<>();

    static {
        for (Rule rule : values()) {
            BY_ID.put(rule.id, rule);
        }
    }

    private final String id;
    private final Severity severity;
    private final String summary;

    Rule(String id, Severity severity, String summary) {
        this.id = id;
        this.severity = severity;
        this.summary = summary;
    }

    /**
     * {@return the rule of an id, if there is one}
     *
     * @param id the id, such as {@code raw-counter}
     */
    public static Optional<Rule> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** {@return the rule's stable name, in lower case with hyphens} */
    public String id() {
        return id;
    }

    /** {@return how serious findings of this rule are unless the context says otherwise} */
    public Severity severity() {
        return severity;
    }

    /** {@return what the rule looks for, in one line} */
    public String summary() {
        return summary;
    }

    /** {@return the id} */
    @Override
    public String toString() {
        return id;
    }
}
