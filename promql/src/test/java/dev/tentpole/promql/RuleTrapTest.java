package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.promql.AnalysisContext.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a mistake and is none. */
final class RuleTrapTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The order of labels and matchers does not count.
                "sum by (b, a) (foo{z=\"1\", a=\"2\"})",
                // Labels come back.
                "sum by (x) (label_replace(sum(foo), \"x\", \"$1\", \"y\", \"(.*)\"))",
                "sum by (x) (label_join(sum(foo), \"x\", \"-\", \"y\"))",
                "sum by (v) (count_values(\"v\", foo))",
                "sum by (version) (info(sum by (job, instance) (foo)))",
                "sum by (a, c) (sum by (a, b) (foo) * on (b) group_left (c) bar)",
                "sum by (job) (foo or on () vector(0))",
                "sum by (__name__) (last_over_time(foo[5m]))",
                "sum by (le) (rate(x_bucket[5m]))",
                // Whatever is not compared may differ.
                "foo{a=\"x\"} / ignoring (a) bar{a=\"y\"}",
                "foo{a=\"x\"} or bar{a=\"y\"}",
                "foo{a=\"x\"} / 2",
                "label_replace(foo{a=\"x\"}, \"a\", \"y\", \"\", \"\") / bar{a=\"y\"}",
                // Rates of what is, or may be, a counter.
                "rate(foo_total[5m])",
                "rate(job:foo:sum[5m])",
                "irate(foo[5m])",
                "histogram_quantile(0.9, sum(rate(native[5m])))",
                "histogram_count(rate(native[5m]))",
                "rate({__name__=~\"foo.*\"}[5m])",
                "rate(foo{__type__=\"counter\"}[5m])",
                // Counters whose value does not count.
                "absent(requests_total)",
                "count(requests_total)",
                "count by (a) (requests_total > 0)",
                "changes(requests_total[5m])",
                "resets(requests_total[5m])",
                "timestamp(requests_total)",
                "count_over_time(requests_total[5m])",
                "requests_total - requests_total offset 1h",
                "bar * on (a) group_left (b) (0 * requests_total)",
                "requests_total * on (a) group_left (b) bar_info",
                "bar unless requests_total",
                "bar and on (a) requests_total",
                "job:requests_total:sum",
                "foo_count",
                "dashboards_total",
                "pending_requests_total",
                "sum(requests_started_total) - sum(requests_handled_total)",
                "requests_received_total - (requests_processed_total or on () vector(0))",
                "max_over_time(requests_total[5m]) - min_over_time(requests_total[5m])",
                "last_over_time(requests_total[5m]) - first_over_time(requests_total[5m])",
                "rate(sum(rate(requests_total[5m]))[1h:1m])",
                "max_over_time(sum(rate(requests_total[5m]))[1h:1m])",
                // Subqueries.
                "max_over_time(foo[1h:5m])",
                "max_over_time(rate(foo_total[5m])[1h:1m])",
                // Selectors without a name that select little, or are meant to select all.
                "{job=\"x\"}",
                "{__name__=~\"foo.*\"}",
                "count by (__name__) ({__name__=~\"x.*\"})",
                "topk(10, count by (job) ({job!=\"\"}))",
                // Regular expressions.
                "foo{a=~\"(?i)x\"}",
                "foo{a=~\"x|y\"}",
                "foo{a=~\"x.y\"}",
                "foo{a=~\"[a.b]x\"}",
                "foo{a=~\"x.*y\"}",
                "foo{code=~\"5..\"}",
                "foo{a=~\"ab\\\\.cd.*\"}",
                "foo{pod=~\".*-web-.*\"}",
                "foo{a=~\"mmcblk.p.+\"}",
                "foo{a=~\"\\\\Qaa.bb\\\\E.*\"}",
                "foo{a=~\"x.*\\\\Qa$\"}",
                "foo{a=~\"[]aa.bb]x\"}",
                "foo{a=~\"[^]aa.bb]x\"}",
                "foo{a!=\"x\"}",
                "foo{a!=\"\"}",
                // Divisors that are not zero.
                "sum(a / b)",
                "sum(rate(a_total[5m]) / (rate(b_total[5m]) > 0))",
                "sum(rate(a_total[5m]) / clamp_min(rate(b_total[5m]), 1))",
                "sum(rate(a_total[5m]) / (rate(b_total[5m]) + 1))",
                "sum(rate(a_total[5m]) / on (a) group_left () count by (a) (rate(b_total[5m])))",
                "count(rate(a_total[5m]) / rate(b_total[5m]))",
                "topk(3, rate(a_total[5m]) / rate(b_total[5m]))",
                "quantile(0.9, rate(a_total[5m]) / rate(b_total[5m]))",
                "group(rate(a_total[5m]) / rate(b_total[5m]))",
                "max(rate(a_total[5m]) / rate(b_total[5m]))",
                "sum(rate(a_total[5m])) / sum(rate(b_total[5m]))",
                "sum(rate(a_total[5m]) / 0.5)",
                "sum((rate(a_total[5m]) / rate(b_total[5m])) >= 0)",
                "avg(rate(a_total[5m]))",
                // Histograms.
                "histogram_quantile(0.9, sum(rate(native_total[5m])))",
                "histogram_quantile(0.9, rate(x_bucket[5m]))",
                "histogram_quantile(1, sum by (le) (rate(x_bucket[5m])))",
                "histogram_quantile(0.9, sum by (le) (job:x_bucket:rate5m))",
                "histogram_quantile(0.9, sum by (le) (last_over_time(x_bucket[5m])))",
                "histogram_quantile(0.9, sum by (le) (rate(x_bucket{le!=\"0.5\"}[5m])))",
                // Joins.
                "foo * on (instance) group_left (version) node_info",
                "foo * on (a) group_left (b) max by (a, b) (bar)",
                "foo * on (a) group_left () topk by (a) (1, sum by (a, b) (bar))",
                "sum by (a) (foo) / sum by (a) (bar)",
                "sum(foo) / on () sum(bar)",
                "foo / on () group_left () sum(bar)",
                "foo and on () bar",
                "foo{instance=\"a\"} / on () bar{instance=\"b\"}",
                "sum by (a, b) (foo) / on (a) group_left () sum by (a) (bar)",
                "sum by (a, b) (foo) and on (a) sum by (a, b) (bar)",
                "sum by (x, y) (foo * on (job) group_left (x, y) bar)",
                "sum without (z) (foo * on (job) group_left (x) bar)",
                "topk(1, foo * on (job) group_left (x) bar)",
                // Unions.
                "sum(foo) or vector(0)",
                "foo or on () vector(0)",
                "sum(foo or vector(0))",
                "sum by (job) (foo or vector(0))",
                "sum by (job) (foo{job=\"x\"} or (vector(0)))",
                "(sum by (job) (foo) or vector(0)) + sum by (job) (bar)",
                "bar - 2 * -(foo or vector(0))",
                "(foo or vector(0)) / on (a) bar",
                "bar and (foo or vector(0))",
                "absent(foo) or bar > 5",
                "foo or bar",
                "(foo > 5) or (sum(bar) > 6)",
                // Operators.
                "a or (b and c)",
                "a and b and c",
                "0 < foo < 5",
                "foo > 1 < 5",
                "-(x ^ 2)",
                "-x * 2",
                "count(foo > 5)",
                "sum(foo > 0)",
                "sum(foo > bool 5)",
                "foo * on (a) group_left () (bar == 1)",
                "a / (b != -1)",
                "foo == 5",
                "rate(foo_total[5m]) == 0",
                "avg(foo) == 1",
                // Repeats that cost little.
                "foo / (foo + bar)",
                "sum(rate(a_total[5m])) / sum(rate(a_total[10m]))",
                // Names of the same hash.
                "sum(rate(Aa_total[5m])) / sum(rate(BB_total[5m]))",
                // Scalars of one series.
                "scalar(sum(foo))",
                "scalar(vector(1))",
                "scalar(count(foo))",
                "scalar(foo{instance=\"x\"})",
                "foo * scalar(topk(1, bar))",
                // In a range query only.
                "sort(foo)",
                "topk(5, foo)",
                "irate(foo_total[5m])",
                "foo",
                "1",
                "vector(1)",
            })
    void no_rule_finds_anything_without_a_context(String query) {
        assertThat(Lint.findings(query, Lint.EMPTY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "absent(foo{a=\"b\"})",
                "foo unless bar",
                "foo and on (a) bar > 5",
                "foo * on (a) group_left () (bar > 0)",
                "sum(foo) > 5",
                "sum(foo > 0)",
                "(foo > bool 5) == 1",
                "foo > 5 or bar < 3",
                "vector(1)",
                "ALERTS{alertstate=\"firing\"}",
                "count(ALERTS)",
                "count by (job) (up) unless count by (job) (foo)",
                "sum(topk(3, foo)) > 5",
                "topk(3, sum(foo)) > 5",
                "topk by (a) (1, foo) > 5",
                "foo > 5 and on (a) topk(3, bar)",
                "sum(foo) - sum(bar) > 5",
                "(rate(a_total[5m]) / rate(b_total[5m]) > 0.1) and rate(b_total[5m]) > 0",
                "rate(a_total[5m]) / (rate(b_total[5m]) > 0) > 0.1",
                "a / b > 0.1",
                "sum by (x) (rate(a_total{code=\"500\"}[5m])) / sum by (x) (rate(a_total[5m])) > 0.1",
                "100 * (increase(a_total{code=\"500\"}[5m]) / ignoring (code) increase(a_total[5m])) >= 1",
            })
    void an_alert_may_be_like_that(String query) {
        assertThat(Lint.rules(query, Lint.ALERT))
                .filteredOn(rule -> rule != Rule.REPEATED_EXPRESSION)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(counter[$__rate_interval])",
                "rate(counter[2m])",
                "rate(job:foo:sum[2m])",
                "max_over_time(gauge[2m])",
                "delta(gauge[5m])",
                "rate(mixed_total[5m])",
                "rate(latency_seconds_bucket[5m])",
                "gauge_total",
                "timestamp(sort(gauge))",
                "sum(topk(5, gauge))",
                "topk(1, sum(gauge))",
                "topk(5, gauge @ end())",
                "topk(5, sum by (job) (rate(counter[5m] @ end())))",
                "bottomk(5, max_over_time(sum by (a) (gauge)[1h:1m] @ end()))",
                "topk(5, gauge @ end() / (gauge @ end() + 1))",
                "limitk(5, gauge)",
                "limit_ratio(0.5, gauge)",
                "max_over_time(sum(gauge)[1h:30s])",
                "max_over_time(vector(time())[1h:10s])",
                "last_over_time(gauge[1m])",
                "present_over_time(gauge[1m])",
            })
    void a_dashboard_may_be_like_that(String query) {
        assertThat(Lint.findings(query, Lint.DASHBOARD)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo{job=~\"$job\"}",
                "foo{job=\"$job\", job=\"x\"}",
                "foo{job=~\"^$job$\"}",
                "foo{job=~\"$job.*\", a=~\"${b:regex}.c\"}",
                "foo{a=\"$x\"} / sum(bar)",
                "foo{a=\"$x\"} / bar{a=\"y\"}",
                "{job=~\"$job\"}",
                "foo{$filters}",
                "sum by ($label) (sum by (a) (foo))",
                "sum by (x) (sum by ($label) (foo))",
                "foo * on ($label) sum by (a, b) (bar)",
                "sum(foo * on (a) group_left ($label) bar)",
                "$metric / 2",
                "rate($metric[5m])",
                "rate($metric[$__rate_interval])",
                "rate(foo_total[$window])",
                "max_over_time(rate(foo_total[5m])[$a:$b])",
                "histogram_quantile($q, sum by (le) (rate(x_bucket[5m])))",
                "histogram_quantile(0.9, sum by ($by) (rate(x_bucket[5m])))",
                "sum($x / $y)",
                "$agg(foo > 5)",
                "$f(requests_total)",
                "scalar($x)",
                "scalar(foo{node=\"$node\"})",
                "$a or $b",
                "topk($k, foo)",
                "label_replace(sum(foo), \"$dst\", \"x\", \"y\", \".*\") / bar{a=\"b\"}",
                "absent($x)",
                "foo > $threshold",
            })
    void a_variable_may_stand_for_what_fits(String query) {
        AnalysisContext dashboard = Lint.context(builder -> builder.kind(Kind.DASHBOARD));
        assertThat(Lint.findings(query, dashboard)).isEmpty();
        assertThat(Lint.rules(query, Lint.ALERT).stream()
                        .filter(rule -> !rule.id().startsWith("alert-")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo{a=~\"x|\"} / sum(bar)",
                "foo{a=~\"x*\"} and on (a) bar{a=\"\"}",
                "foo{a!=\"x\"} / sum(bar)",
                "foo{a!~\"x\"} / sum(bar)",
            })
    void a_matcher_that_accepts_the_empty_text_guarantees_nothing(String query) {
        assertThat(Lint.rules(query, Lint.EMPTY)).doesNotContain(Rule.NEVER_MATCHES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo{path=~\"/api/.*\"}",
                "foo{path=~\"/a|/b\"}",
                "foo{path=\"x\"}",
                "foo{path=~\"$path\"}",
                "foo{other=~\".*x\"}",
            })
    void a_regular_expression_with_a_fixed_start_or_a_list_is_not_broad(String query) {
        AnalysisContext large = Lint.context(builder -> builder.distinctValues("path", 20_000));
        assertThat(Lint.rules(query, large)).doesNotContain(Rule.BROAD_REGEX);
    }

    @Test
    void short_ranges_of_what_rules_record_are_not_short() {
        assertThat(Lint.rules("deriv(job:foo:sum[30s])", Lint.DASHBOARD)).doesNotContain(Rule.RANGE_TOO_SHORT);
    }

    @Test
    void irate_is_right_on_a_dashboard_that_shows_each_scrape() {
        AnalysisContext zoomed = Lint.context(builder -> builder.kind(Kind.DASHBOARD)
                .scrapeInterval(Duration.ofSeconds(30))
                .step(Duration.ofSeconds(30)));
        assertThat(Lint.rules("irate(foo_total[5m])", zoomed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"timestamp(sort(foo))", "absent(sort(foo{a=\"b\"}))", "absent((sort_by_label(foo, \"a\")))"})
    void sorting_hides_a_selector_from_what_looks_at_it(String query) {
        assertThat(Lint.rules(query, Lint.DASHBOARD)).doesNotContain(Rule.SORT_IN_RANGE);
    }

    @Test
    void a_recording_rule_is_not_told_to_record() {
        assertThat(Lint.rules("sum by (job) (rate(foo_total[12h]))", Lint.RECORDING))
                .isEmpty();
    }

    @Test
    void a_server_that_reads_everything_lacks_nothing() {
        AnalysisContext newest = Lint.context(builder -> builder.server(ParseOptions.defaults()));
        for (String query : List.of("limitk(1, foo)", "foo[2 * step()]", "a + fill(0) b", "foo smoothed", "a </ b")) {
            assertThat(Lint.rules(query, newest)).doesNotContain(Rule.UNSUPPORTED_FEATURE);
        }
    }

    @Test
    void an_alert_that_waits_is_not_fragile() {
        AnalysisContext patient = Lint.context(builder ->
                builder.kind(Kind.ALERT).alertFor(Duration.ofMinutes(5)).scrapeInterval(Duration.ofSeconds(30)));
        assertThat(Lint.rules("sum(foo) - sum(bar) > 5", patient)).isEmpty();
        assertThat(Lint.rules("absent(foo)", patient)).isEmpty();
    }
}
