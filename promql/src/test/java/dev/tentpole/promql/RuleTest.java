package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what it is for, where it is, and its fix removes it. */
final class RuleTest {

    private static final String NO_FIX = "";

    private static final AnalysisContext CONFIGURED =
            Lint.context(builder -> builder.requiredMatchers(List.of("cluster"))
                    .keptLabels(List.of("cluster"))
                    .forbiddenLabels(List.of("user"))
                    .distinctValues("path", 20_000)
                    .seriesCount("foo_total", 50_000)
                    .scrapeInterval(Duration.ofMinutes(5))
                    .lookback(Duration.ofMinutes(5))
                    .evaluationInterval(Duration.ofSeconds(30))
                    .server(ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_5)));

    private static final AnalysisContext HASTY = Lint.context(builder ->
            builder.kind(AnalysisContext.Kind.ALERT).alertFor(Duration.ZERO).scrapeInterval(Duration.ofSeconds(30)));

    static Stream<Arguments> examples() {
        return Stream.of(
                // Labels.
                of(
                        Rule.IMPOSSIBLE_LABEL,
                        "sum by (job, x) (sum by (job) (foo))",
                        "sum by (job, x) (sum by (job) (foo))",
                        "sum by (job) (sum by (job) (foo))"),
                of(
                        Rule.IMPOSSIBLE_LABEL,
                        "sum by (job) (foo{job=\"\"})",
                        "sum by (job) (foo{job=\"\"})",
                        "sum(foo{job=\"\"})"),
                of(Rule.IMPOSSIBLE_LABEL, "sum by (__name__) (rate(foo_total[5m]))", null, "sum(rate(foo_total[5m]))"),
                of(
                        Rule.IMPOSSIBLE_LABEL,
                        "sum without (a) (sum without (a) (foo))",
                        null,
                        "sum without () (sum without (a) (foo))"),
                of(Rule.IMPOSSIBLE_LABEL, "foo / on (a, b) sum by (a) (bar)", null, NO_FIX),
                of(Rule.IMPOSSIBLE_LABEL, "sum(foo) / ignoring (a) sum(bar)", null, NO_FIX),
                of(Rule.IMPOSSIBLE_LABEL, "foo * on (a) group_left (b) sum by (a) (bar)", null, NO_FIX),
                of(
                        Rule.IMPOSSIBLE_LABEL,
                        "sum by (le) (histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))))",
                        null,
                        "sum(histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))))"),
                of(
                        Rule.UNUSED_INCLUDE,
                        "sum by (job) (foo * on (job) group_left (x, y) bar)",
                        "foo * on (job) group_left (x, y) bar",
                        "sum by (job) (foo * on (job) group_left () bar)"),
                of(
                        Rule.UNUSED_INCLUDE,
                        "sum by (x) (2 * (foo * on (job) group_left (x, y) bar))",
                        null,
                        "sum by (x) (2 * (foo * on (job) group_left (x) bar))"),
                // Matchers.
                of(Rule.CONTRADICTING_MATCHERS, "foo{a=\"x\", b=\"1\", a=\"y\"}", "a=\"y\"", NO_FIX),
                of(Rule.CONTRADICTING_MATCHERS, "foo{a=\"x\", a=~\"y.*\"}", "a=~\"y.*\"", NO_FIX),
                of(Rule.CONTRADICTING_MATCHERS, "foo{a=\"x\", a!=\"x\"}", "a!=\"x\"", NO_FIX),
                of(Rule.CONTRADICTING_MATCHERS, "foo{a!~\".*\"}", "a!~\".*\"", NO_FIX),
                of(Rule.NO_METRIC_NAME, "{job=~\".+\"}", "{job=~\".+\"}", NO_FIX),
                of(Rule.NO_METRIC_NAME, "{__name__=~\".+\", a!=\"b\"}", null, NO_FIX),
                of(Rule.EMPTY_MATCHER, "foo{a=~\"x|\"}", "a=~\"x|\"", NO_FIX),
                of(Rule.EMPTY_MATCHER, "foo{a=\"\"}", "a=\"\"", NO_FIX),
                of(Rule.EMPTY_MATCHER, "{a=\"\", b=\"c\"}", "a=\"\"", NO_FIX),
                in(CONFIGURED, Rule.REQUIRED_MATCHER, "foo{a=\"b\"}", "foo{a=\"b\"}", NO_FIX),
                in(
                        CONFIGURED,
                        Rule.DROPPED_LABEL,
                        "sum by (job) (foo{cluster=\"c\"})",
                        null,
                        "sum by (job, cluster) (foo{cluster=\"c\"})"),
                in(
                        CONFIGURED,
                        Rule.DROPPED_LABEL,
                        "sum without (cluster) (foo{cluster=\"c\"})",
                        null,
                        "sum without () (foo{cluster=\"c\"})"),
                in(
                        CONFIGURED,
                        Rule.DROPPED_LABEL,
                        "sum by (__name__) (foo{cluster=\"c\"})",
                        null,
                        "sum by (__name__, cluster) (foo{cluster=\"c\"})"),
                in(CONFIGURED, Rule.FORBIDDEN_LABEL, "sum by (cluster, user) (foo{cluster=\"c\"})", null, NO_FIX),
                // Regular expressions.
                of(Rule.REGEX_IS_PLAIN, "foo{a=~\"x\", b=\"c\"}", "a=~\"x\"", "foo{a=\"x\", b=\"c\"}"),
                of(Rule.REGEX_IS_PLAIN, "foo{a!~\"^10\\\\.0$\"}", null, "foo{a!=\"10.0\"}"),
                of(Rule.REGEX_ANCHORS, "foo{a=~\"^x.*$\"}", null, "foo{a=~\"x.*\"}"),
                of(Rule.REGEX_IS_PLAIN, "absent(foo{a=~\"x\"})", null, NO_FIX),
                of(
                        Rule.REGEX_IS_PLAIN,
                        "absent_over_time((foo{a=~\"x\"})[5m:])",
                        null,
                        "absent_over_time((foo{a=\"x\"})[5m:])"),
                of(Rule.REGEX_IS_PLAIN, "absent_over_time(foo{a=~\"x\"}[5m])", null, NO_FIX),
                of(Rule.REGEX_MATCHES_ALL, "absent(foo{a=\"x\", a=~\".*\"})", "a=~\".*\"", NO_FIX),
                of(Rule.REGEX_MATCHES_ALL, "info(foo, {a=~\".+\"})", null, NO_FIX),
                of(Rule.REGEX_MATCHES_ALL, "foo{a=~\".*\", b=\"c\"}", "a=~\".*\"", "foo{b=\"c\"}"),
                of(Rule.REGEX_MATCHES_ALL, "foo{a=~\".+\"}", null, "foo{a!=\"\"}"),
                of(Rule.REGEX_MATCHES_ALL, "foo{a!~\".+\"}", null, "foo{a=\"\"}"),
                of(Rule.WILDCARD_REGEX, "foo{service=~\".*db.*\"}", "service=~\".*db.*\"", NO_FIX),
                of(
                        Rule.UNESCAPED_DOT,
                        "foo{ip=~\"10.0.0.1|10.0.0.2\"}",
                        null,
                        "foo{ip=~\"10\\\\.0\\\\.0\\\\.1|10\\\\.0\\\\.0\\\\.2\"}"),
                of(
                        Rule.UNESCAPED_DOT,
                        "foo{host=~\"www.example.com|x\"}",
                        null,
                        "foo{host=~\"www\\\\.example\\\\.com|x\"}"),
                in(CONFIGURED, Rule.BROAD_REGEX, "foo{path=~\".*x\", cluster=\"c\"}", "path=~\".*x\"", NO_FIX),
                // Counters and gauges.
                in(Lint.DASHBOARD, Rule.RATE_ON_GAUGE, "rate(gauge[5m])", "rate(gauge[5m])", "deriv(gauge[5m])"),
                in(Lint.DASHBOARD, Rule.RATE_ON_GAUGE, "increase(gauge_total[5m])", null, "delta(gauge_total[5m])"),
                of(Rule.RATE_ON_UNKNOWN, "rate(foo[5m])", "rate(foo[5m])", NO_FIX),
                of(Rule.RATE_ON_UNKNOWN, "increase(foo[5m])", "increase(foo[5m])", NO_FIX),
                of(Rule.RAW_COUNTER, "sum(requests_total)", "requests_total", NO_FIX),
                of(Rule.RAW_COUNTER, "requests_total - 5", "requests_total", NO_FIX),
                in(Lint.DASHBOARD, Rule.RAW_COUNTER, "counter / 2", "counter", NO_FIX),
                in(Lint.DASHBOARD, Rule.RAW_COUNTER, "sum(latency_seconds_count)", "latency_seconds_count", NO_FIX),
                of(
                        Rule.RATE_OF_AGGREGATE,
                        "rate(sum by (job) (foo_total)[5m:30s])",
                        null,
                        "sum by (job) (rate(foo_total[5m]))"),
                of(Rule.RATE_OF_AGGREGATE, "increase(max(foo_total)[5m:])", null, NO_FIX),
                of(Rule.RATE_OF_AGGREGATE, "rate(job:foo_total:sum[5m])", null, NO_FIX),
                of(Rule.GAUGE_FUNCTION_ON_COUNTER, "delta(foo_total[5m])", null, "increase(foo_total[5m])"),
                of(Rule.GAUGE_FUNCTION_ON_COUNTER, "deriv(foo_total[5m])", null, "rate(foo_total[5m])"),
                of(Rule.GAUGE_FUNCTION_ON_COUNTER, "quantile_over_time(0.9, foo_total[5m])", null, NO_FIX),
                // Ranges.
                in(Lint.DASHBOARD, Rule.RANGE_TOO_SHORT, "rate(counter[30s])", "counter[30s]", "rate(counter[2m])"),
                in(
                        Lint.DASHBOARD,
                        Rule.RANGE_TOO_SHORT,
                        "rate(counter[1m] offset 1h)",
                        null,
                        "rate(counter[2m] offset 1h)"),
                in(
                        Lint.DASHBOARD,
                        Rule.RANGE_BELOW_STEP,
                        "increase(counter[1m])",
                        "counter[1m]",
                        "increase(counter[$__rate_interval])"),
                of(
                        Rule.INTERVAL_VARIABLE,
                        "rate(foo_total[$__interval])",
                        "foo_total[$__interval]",
                        "rate(foo_total[$__rate_interval])"),
                in(
                        Lint.RECORDING,
                        Rule.IRATE_MISUSED,
                        "sum(irate(foo_total[5m]))",
                        "irate(foo_total[5m])",
                        "sum(rate(foo_total[5m]))"),
                in(Lint.ALERT, Rule.IRATE_MISUSED, "irate(foo_total[5m]) > 1", null, "rate(foo_total[5m]) > 1"),
                in(Lint.DASHBOARD, Rule.IRATE_MISUSED, "irate(counter[5m])", null, "rate(counter[5m])"),
                in(CONFIGURED, Rule.LOOKBACK_TOO_SHORT, "foo{cluster=\"c\"}", null, NO_FIX),
                of(Rule.SUBQUERY_WITHOUT_STEP, "max_over_time(sum(foo)[1h:])", "sum(foo)[1h:]", NO_FIX),
                in(
                        CONFIGURED,
                        Rule.SUBQUERY_WITHOUT_STEP,
                        "max_over_time(sum by (cluster) (foo{cluster=\"c\"})[1h:])",
                        null,
                        "max_over_time(sum by (cluster) (foo{cluster=\"c\"})[1h:30s])"),
                in(
                        Lint.DASHBOARD,
                        Rule.SUBQUERY_STEP_TOO_SHORT,
                        "max_over_time(sum(gauge)[1h:10s])",
                        null,
                        "max_over_time(sum(gauge)[1h:30s])"),
                of(Rule.SUBQUERY_OF_SELECTOR, "max_over_time(foo[1h:])", "foo[1h:]", "max_over_time(foo[1h])"),
                of(Rule.RATE_OF_SUBQUERY, "rate((foo_total)[5m:30s] offset 1m)", null, "rate(foo_total[5m] offset 1m)"),
                of(Rule.RATE_OF_SUBQUERY, "increase(foo_total[1m:30s])", null, NO_FIX),
                of(Rule.EXPENSIVE_SUBQUERY, "max_over_time(rate(foo_total[5m])[30d:1m])", null, NO_FIX),
                of(
                        Rule.EXPENSIVE_SUBQUERY,
                        "max_over_time(avg_over_time(sum(foo)[1h:1m])[1d:1h])",
                        "sum(foo)[1h:1m]",
                        NO_FIX),
                // Joins.
                of(Rule.NEVER_MATCHES, "foo{a=\"x\"} / sum(bar)", null, "foo{a=\"x\"} / ignoring (a) sum(bar)"),
                of(
                        Rule.NEVER_MATCHES,
                        "foo{job=\"a\"} unless sum(y)",
                        null,
                        "foo{job=\"a\"} unless ignoring (job) sum(y)"),
                of(
                        Rule.NEVER_MATCHES,
                        "foo{a=\"x\"} and bar{a=\"y\"}",
                        null,
                        "foo{a=\"x\"} and ignoring (a) bar{a=\"y\"}"),
                of(Rule.NEVER_MATCHES, "foo{a=\"x\"} / on (a) sum by (b) (bar)", null, NO_FIX),
                of(Rule.MANY_TO_MANY, "foo * on (a) group_left () sum by (a, b) (bar)", "sum by (a, b) (bar)", NO_FIX),
                of(Rule.MANY_TO_MANY, "sum by (a, b) (foo) / on (a) sum by (a) (bar)", "sum by (a, b) (foo)", NO_FIX),
                of(Rule.MANY_TO_MANY, "foo{a=\"b\"} / on () bar", "bar", NO_FIX),
                of(Rule.MIXED_OR, "foo or vector(0)", null, "foo or on () vector(0)"),
                of(Rule.MIXED_OR, "sum by (job) (foo) or vector(0)", null, "sum by (job) (foo) or on () vector(0)"),
                of(
                        Rule.MIXED_OR,
                        "(sum by (job) (foo) or vector(0)) * on () group_left () sum(bar)",
                        "sum by (job) (foo) or vector(0)",
                        "(sum by (job) (foo) or on () vector(0)) * on () group_left () sum(bar)"),
                of(
                        Rule.MIXED_OR,
                        "sum by (job) (foo or vector(1))",
                        "foo or vector(1)",
                        "sum by (job) (foo or on () vector(1))"),
                of(
                        Rule.MIXED_OR,
                        "avg by (job) (foo or vector(0))",
                        "foo or vector(0)",
                        "avg by (job) (foo or on () vector(0))"),
                of(Rule.MIXED_OR, "(foo or vector(0)) or bar", "foo or vector(0)", "(foo or on () vector(0)) or bar"),
                of(Rule.MIXED_OR, "foo{a=\"x\"} or sum(bar)", null, NO_FIX),
                // Histograms.
                of(
                        Rule.HISTOGRAM_QUANTILE,
                        "histogram_quantile(95, sum by (le) (rate(x_bucket[5m])))",
                        "95",
                        "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))"),
                of(
                        Rule.HISTOGRAM_QUANTILE,
                        "histogram_quantile(99.9, sum by (le) (rate(x_bucket[5m])))",
                        "99.9",
                        "histogram_quantile(0.999, sum by (le) (rate(x_bucket[5m])))"),
                of(Rule.HISTOGRAM_QUANTILE, "histogram_quantile(2, sum by (le) (rate(x_bucket[5m])))", "2", NO_FIX),
                of(
                        Rule.HISTOGRAM_QUANTILE,
                        "histogram_quantile(0.9, sum by (job) (rate(x_bucket[5m])))",
                        null,
                        "histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m])))"),
                of(
                        Rule.HISTOGRAM_QUANTILE,
                        "histogram_quantile(0.9, sum without (le, a) (rate(x_bucket[5m])))",
                        null,
                        "histogram_quantile(0.9, sum without (a) (rate(x_bucket[5m])))"),
                of(Rule.HISTOGRAM_QUANTILE, "histogram_quantile(0.9, rate(x_sum[5m]))", "x_sum", NO_FIX),
                of(Rule.HISTOGRAM_QUANTILE, "histogram_quantile(0.9, sum by (le) (x_bucket))", null, NO_FIX),
                of(
                        Rule.HISTOGRAM_QUANTILE,
                        "histogram_quantile(0.9, rate(x_bucket{le=~\"0.5|1\", a=\"b\"}[5m]))",
                        "le=~\"0.5|1\"",
                        "histogram_quantile(0.9, rate(x_bucket{a=\"b\"}[5m]))"),
                // Quotients and operators.
                of(
                        Rule.NAN_IN_AGGREGATION,
                        "sum(rate(a_total[5m]) / rate(b_total[5m]))",
                        null,
                        "sum(rate(a_total[5m]) / (rate(b_total[5m]) > 0))"),
                of(
                        Rule.NAN_IN_AGGREGATION,
                        "avg(100 * (a / sum by (x) (rate(b_total[5m]))))",
                        null,
                        "avg(100 * (a / (sum by (x) (rate(b_total[5m])) > 0)))"),
                of(Rule.NAN_IN_AGGREGATION, "avg(a / job:b:rate5m)", null, "avg(a / (job:b:rate5m > 0))"),
                in(
                        Lint.ALERT,
                        Rule.NAN_IN_ALERT,
                        "rate(a_total[5m]) / rate(b_total[5m]) > 0.1",
                        null,
                        "rate(a_total[5m]) / (rate(b_total[5m]) > 0) > 0.1"),
                in(
                        Lint.ALERT,
                        Rule.NAN_IN_ALERT,
                        "rate(a_total[5m]) / on (x) group_left rate(b_total[5m]) > 0.1",
                        null,
                        "rate(a_total[5m]) / on (x) group_left () (rate(b_total[5m]) > 0) > 0.1"),
                of(Rule.AVERAGE_OF_AVERAGES, "avg(rate(x_sum[5m]) / rate(x_count[5m]))", null, NO_FIX),
                of(Rule.AVERAGE_OF_AVERAGES, "avg by (job) (foo{quantile=\"0.9\"})", null, NO_FIX),
                of(Rule.AVERAGE_OF_AVERAGES, "avg(latency_avg)", null, NO_FIX),
                of(Rule.AVERAGE_OF_AVERAGES, "avg(histogram_quantile(0.9, rate(x_bucket[5m])))", null, NO_FIX),
                of(Rule.PRECEDENCE, "a or b and c", null, "a or (b and c)"),
                of(Rule.PRECEDENCE, "a unless b and c", null, "(a unless b) and c"),
                of(Rule.PRECEDENCE, "a > b == c", null, "(a > b) == c"),
                of(Rule.PRECEDENCE, "-x ^ 2", null, "-(x ^ 2)"),
                of(Rule.FILTER_IN_ARITHMETIC, "sum(foo > 5)", "foo > 5", "sum(foo > bool 5)"),
                of(Rule.FILTER_IN_ARITHMETIC, "(foo > 5) * 100", "foo > 5", "(foo > bool 5) * 100"),
                of(Rule.FILTER_IN_ARITHMETIC, "sum(foo == 0)", null, "sum(foo == bool 0)"),
                of(Rule.FLOAT_EQUALITY, "foo == 0.1", null, NO_FIX),
                of(Rule.FLOAT_EQUALITY, "rate(foo_total[5m]) != 5", null, NO_FIX),
                // Alerts.
                in(Lint.ALERT, Rule.ALERT_WITHOUT_CONDITION, "rate(foo_total[5m])", null, NO_FIX),
                in(Lint.ALERT, Rule.ALERT_WITHOUT_CONDITION, "foo > 5 or bar", "bar", NO_FIX),
                in(Lint.ALERT, Rule.ALERT_BOOL, "(foo > bool 5)", "foo > bool 5", "(foo > 5)"),
                in(Lint.ALERT, Rule.ALERT_ALWAYS_FIRES, "sum(foo) or vector(1)", null, NO_FIX),
                in(Lint.ALERT, Rule.ALERT_ALWAYS_FIRES, "foo > 1 or vector(1)", null, NO_FIX),
                in(Lint.ALERT, Rule.ALERT_FRAGILE, "limitk(3, foo) > 5", "limitk(3, foo)", NO_FIX),
                in(Lint.ALERT, Rule.ALERT_FRAGILE, "limit_ratio(0.5, foo) > 5", "limit_ratio(0.5, foo)", NO_FIX),
                in(Lint.ALERT, Rule.ALERT_FRAGILE, "topk(3, foo) > 5", "topk(3, foo)", NO_FIX),
                in(HASTY, Rule.ALERT_FRAGILE, "sum(foo) - sum(bar) > 5", null, NO_FIX),
                in(HASTY, Rule.ALERT_ABSENT, "absent(foo)", null, NO_FIX),
                in(Lint.ALERT, Rule.ALERT_ABSENT, "absent(sum(foo{a=\"b\"}))", null, "absent(foo{a=\"b\"})"),
                in(Lint.ALERT, Rule.ALERT_ABSENT, "absent(foo{a=~\"x|y\"})", null, NO_FIX),
                // Cost.
                of(
                        Rule.REPEATED_EXPRESSION,
                        "rate(a_total{b=\"c\",d=\"e\"}[5m]) / (rate(a_total{d=\"e\",b=\"c\"}[5m]))",
                        null,
                        NO_FIX),
                of(
                        Rule.REPEATED_EXPRESSION,
                        "sum(rate(a_total[5m])) / (sum(rate(a_total[5m])) + sum(rate(b_total[5m])))",
                        null,
                        NO_FIX),
                of(Rule.RECORDING_RULE, "sum by (job) (rate(foo_total[12h]))", null, NO_FIX),
                in(
                        CONFIGURED,
                        Rule.RECORDING_RULE,
                        "sum by (cluster) (rate(foo_total{cluster=\"c\"}[30m]))",
                        null,
                        NO_FIX),
                of(
                        Rule.RECORDING_RULE,
                        "sum(rate(a_total[5m])) + sum(rate(b_total[5m])) + sum(rate(c_total[5m]))"
                                + " + sum(rate(d_total[5m])) + sum(rate(e_total[5m]))",
                        "sum(rate(a_total[5m]))",
                        NO_FIX),
                // Results.
                in(Lint.DASHBOARD, Rule.SORT_IN_RANGE, "sort(gauge + 1) * 2", "sort(gauge + 1)", "(gauge + 1) * 2"),
                in(Lint.DASHBOARD, Rule.TOPK_IN_RANGE, "topk(5, gauge)", null, NO_FIX),
                in(Lint.DASHBOARD, Rule.TOPK_IN_RANGE, "topk(5, gauge / gauge @ end())", null, NO_FIX),
                in(Lint.DASHBOARD, Rule.TOPK_IN_RANGE, "bottomk(5, gauge @ end() + time())", null, NO_FIX),
                of(Rule.SCALAR_OF_MANY, "foo / scalar(bar)", "scalar(bar)", NO_FIX),
                // Features.
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "limitk(1, foo{cluster=\"c\"})", null, NO_FIX),
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "mad_over_time(foo{cluster=\"c\"}[1h])", null, NO_FIX),
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "first_over_time(foo{cluster=\"c\"}[1h])", null, NO_FIX),
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "rate(foo_total{cluster=\"c\"}[2 * 30m])", null, NO_FIX),
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "rate(foo_total{cluster=\"c\"}[30m] anchored)", null, NO_FIX),
                in(CONFIGURED, Rule.UNSUPPORTED_FEATURE, "a{cluster=\"c\"} + fill(0) b{cluster=\"c\"}", null, NO_FIX));
    }

    private static Arguments of(Rule rule, String query, String marked, String fixed) {
        return in(Lint.EMPTY, rule, query, marked, fixed);
    }

    private static Arguments in(AnalysisContext context, Rule rule, String query, String marked, String fixed) {
        return arguments(context, rule, query, marked, fixed);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void a_rule_finds_its_examples(AnalysisContext context, Rule rule, String query, String marked, String fixed) {
        List<Finding> findings = Lint.findings(rule, query, context);
        assertThat(findings)
                .as(rule + " in " + query + ": " + Lint.findings(query, context))
                .hasSize(1);
        Finding finding = findings.get(0);
        if (marked != null) {
            assertThat(finding.range().of(query)).isEqualTo(marked);
        }
        if (fixed == null) {
            return;
        }
        assertThat(finding.fix().map(Finding.Fix::fixedQuery).orElse(NO_FIX)).isEqualTo(fixed);
        if (!fixed.isEmpty()) {
            assertThat(Lint.findings(rule, fixed, context)).as(fixed).isEmpty();
        }
    }

    /** What a tree says has no text to be replaced, but the same fix. */
    @ParameterizedTest
    @MethodSource("examples")
    void a_tree_alone_is_fixed_too(AnalysisContext context, Rule rule, String query, String marked, String fixed) {
        Expr expr = PromQl.parse(query, Lint.TEMPLATES);
        List<Finding> ofTree = Analyzer.analyze(expr, context);
        List<Finding> ofText = Lint.findings(query, context);
        assertThat(ofTree.stream().map(Finding::toString))
                .isEqualTo(ofText.stream().map(Finding::toString).toList());
        for (int i = 0; i < ofTree.size(); i++) {
            if (ofText.get(i).fix().isPresent()) {
                String fromText = ofText.get(i).fix().get().fixedQuery();
                assertThat(PromQl.parse(fromText, Lint.TEMPLATES))
                        .hasToString(ofTree.get(i).fix().orElseThrow().fixedQuery());
            }
        }
    }

    @Test
    void every_rule_has_an_example() {
        Set<Rule> shown = examples().map(example -> (Rule) example.get()[1]).collect(Collectors.toSet());
        Set<Rule> elsewhere = EnumSet.of(Rule.SYNTAX, Rule.TYPE, Rule.UNKNOWN_RULE);
        assertThat(Arrays.stream(Rule.values()).filter(rule -> !shown.contains(rule)))
                .containsExactlyInAnyOrderElementsOf(elsewhere);
    }

    @Test
    void messages_have_no_values_of_matchers() {
        examples().forEach(example -> {
            String query = (String) example.get()[2];
            for (Finding finding : Lint.findings(query, (AnalysisContext) example.get()[0])) {
                assertThat(finding.message()).doesNotContain("example", "10.0").isNotBlank();
            }
        });
    }
}
