package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.promql.AnalysisContext.Kind;
import dev.tentpole.promql.Finding.Severity;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnalyzerTest {

    @Test
    void findings_stand_in_the_order_of_the_text() {
        String query = "sum(b_errors_total{a=~\"x\"}) + sum(a_errors_total{b=~\"y\"})";
        assertThat(Lint.findings(query, Lint.EMPTY))
                .extracting(finding -> finding.range().of(query))
                .containsExactly("b_errors_total{a=~\"x\"}", "a=~\"x\"", "a_errors_total{b=~\"y\"}", "b=~\"y\"");
    }

    @Test
    void places_count_characters_and_bytes() {
        String query = "foo{é=\"ü\"} / bar{\"😀\"=\"é\",b=~\"x\"}".replace("é=", "\"é\"=");
        Finding finding = Lint.findings(Rule.REGEX_IS_PLAIN, query, Lint.EMPTY).get(0);
        assertThat(finding.range().of(query)).isEqualTo("b=~\"x\"");
        assertThat(finding.range().startByte() - finding.range().start()).isEqualTo(1 + 1 + 2 + 1);
        assertThat(finding.fix().orElseThrow().fixedQuery()).isEqualTo(query.replace("=~", "="));
        assertThat(finding.describe(query)).contains("b=\"x\"").contains("^~~~~~");
    }

    @Test
    void a_wrong_text_has_the_problems_of_the_parser() {
        assertThat(Analyzer.analyze(PromQl.tryParse("sum(foo_total"), Lint.EMPTY))
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Rule.SYNTAX, Severity.ERROR));
        assertThat(Analyzer.analyze(PromQl.tryParse("rate(foo_total)"), Lint.EMPTY))
                .extracting(Finding::rule)
                .containsExactly(Rule.TYPE);
        assertThat(Analyzer.analyze(
                        PromQl.tryParse("rate(foo_total)"),
                        AnalysisContext.builder().off(Rule.TYPE).build()))
                .isEmpty();
    }

    @Test
    void rules_can_be_switched_off_and_be_as_serious_as_one_likes() {
        String query = "sum(requests_total) / 0 == 0.1";
        assertThat(Lint.rules(query, Lint.EMPTY)).containsExactlyInAnyOrder(Rule.RAW_COUNTER, Rule.FLOAT_EQUALITY);
        AnalysisContext changed =
                Lint.context(builder -> builder.off(Rule.FLOAT_EQUALITY).severity(Rule.RAW_COUNTER, Severity.ERROR));
        assertThat(Lint.findings(query, changed))
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Rule.RAW_COUNTER, Severity.ERROR));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sum by (x) (sum by (y) (foo)); WARNING",
                "sum by (x) (sum by (y) ($foo)); INFO",
                "foo{a=\"1\"} / sum(bar); ERROR",
                "foo{a=\"1\"} / sum($bar); WARNING",
                "foo{a=\"1\",b=\"$b\"} / sum(bar); ERROR",
                "max_over_time(sum(foo)[1h:]); PERFORMANCE",
                "max_over_time(sum(foo)[$x:]); INFO",
                "foo{a=~\"x\", b=~\"$b\"}; PERFORMANCE",
            })
    void a_variable_makes_a_finding_one_less_serious(String query, Severity severity) {
        assertThat(Lint.findings(query, Lint.EMPTY))
                .extracting(Finding::severity)
                .containsExactly(severity);
    }

    @Test
    void no_more_findings_are_kept_than_anybody_reads() {
        String query = "foo{a=~\"x\"}" + " + foo{a=~\"x\"}".repeat(1000);
        assertThat(Lint.findings(query, Lint.EMPTY)).hasSize(Analyzer.MAX_FINDINGS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo{a=\"1\"} / bar{a=\"2\"} smoothed",
                "foo or foo2 and bar smoothed",
                "-x ^ y smoothed",
                "a > b smoothed == c",
            })
    void what_stands_behind_a_range_is_not_written_twice(String query) {
        assertThat(Lint.findings(query, Lint.EMPTY))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.fix()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topk(3, foo) > 5          | changes with their values",
                "bottomk(3, foo) > 5       | changes with their values",
                "limitk(3, foo) > 5        | changes when others come or go",
                "limit_ratio(0.5, foo) > 5 | by a hash of their labels",
            })
    void an_alert_on_some_of_the_series_is_told_how_they_are_chosen(String query, String how) {
        assertThat(Lint.findings(Rule.ALERT_FRAGILE, query, Lint.ALERT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains(how));
    }

    @Test
    void what_a_fix_replaces_is_shown_where_it_is_not_what_is_marked() {
        String query = "foo{a=~\".*\",\n  b=\"c\"}";
        assertThat(Lint.findings(query, Lint.EMPTY).get(0).describe(query))
                .endsWith("^~~~~~~\n  write: foo{b=\"c\"}\n  in place of: foo{a=~\".*\", b=\"c\"}");
        String other = "foo{a=~\"x\"}";
        assertThat(Lint.findings(other, Lint.EMPTY).get(0).describe(other))
                .endsWith("write: a=\"x\"")
                .doesNotContain("in place of");
    }

    @Test
    void an_empty_regular_expression_is_said_once() {
        assertThat(Lint.rules("foo{a=~\"^$\"}", Lint.EMPTY)).containsExactly(Rule.REGEX_IS_PLAIN);
    }

    @Test
    void a_comment_within_is_not_lost_by_a_fix() {
        String query = "sum by (job, x) ( # all of them\n sum by (job) (foo))";
        Finding finding =
                Lint.findings(Rule.IMPOSSIBLE_LABEL, query, Lint.EMPTY).get(0);
        assertThat(finding.fix()).isEmpty();
    }

    @Test
    void a_range_is_too_short_by_degrees() {
        AnalysisContext context = Lint.context(builder -> builder.scrapeInterval(Duration.ofMinutes(1)));
        assertThat(Lint.findings("rate(foo_total[1m])", context))
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR);
        assertThat(Lint.findings("rate(foo_total[3m])", context))
                .extracting(Finding::severity)
                .containsExactly(Severity.WARNING);
        assertThat(Lint.findings("rate(foo_total[4m])", context)).isEmpty();
    }

    @Test
    void trees_that_no_text_has_are_looked_at_too() {
        Expr rate = new Expr.Call(
                FunctionSignature.of("rate").orElseThrow(), List.of(new Expr.VectorSelector("foo_total", List.of())));
        Expr empty = new Expr.Call(FunctionSignature.of("label_replace").orElseThrow(), List.of());
        for (Expr odd : List.of(
                rate,
                empty,
                new Expr.Call(FunctionSignature.of("absent").orElseThrow(), List.of()),
                new Expr.Call(FunctionSignature.of("rate").orElseThrow(), List.of()),
                new Expr.Call(FunctionSignature.of("quantile_over_time").orElseThrow(), List.of(rate)),
                new Expr.Call(FunctionSignature.of("scalar").orElseThrow(), List.of()),
                new Expr.Call(FunctionSignature.of("clamp_min").orElseThrow(), List.of()),
                new Expr.Binary(
                        rate,
                        BinaryOp.DIV,
                        new Expr.Call(FunctionSignature.of("clamp").orElseThrow(), List.of())),
                new Expr.Unary(true, new Expr.StringLiteral("x")),
                new Expr.Binary(new Expr.StringLiteral("x"), BinaryOp.AND, empty))) {
            for (AnalysisContext context : List.of(Lint.EMPTY, Lint.ALERT, Lint.DASHBOARD)) {
                assertThat(Analyzer.analyze(odd, context)).isNotNull();
                assertThat(Analyzer.analyze(new Expr.Aggregation(AggregateOp.SUM, Grouping.NONE, odd), context))
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scrapeInterval", "step", "lookback", "evaluationInterval"})
    void lengths_of_time_are_longer_than_zero(String setting) {
        AnalysisContext.Builder builder = AnalysisContext.builder();
        switch (setting) {
            case "scrapeInterval" -> builder.scrapeInterval(Duration.ZERO);
            case "step" -> builder.step(Duration.ZERO);
            case "lookback" -> builder.lookback(Duration.ZERO);
            default -> builder.evaluationInterval(Duration.ZERO);
        }
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageStartingWith(setting + " = PT0S is not in PT0.001S");
    }

    @Test
    void metric_types_are_found_by_the_names_that_queries_have() {
        AnalysisContext context =
                Lint.context(builder -> builder.metricType("latency", AnalysisContext.MetricType.HISTOGRAM)
                        .metricType("http_requests", AnalysisContext.MetricType.COUNTER)
                        .metricType("queue", AnalysisContext.MetricType.GAUGE));
        assertThat(context.metricType("latency_bucket")).isEqualTo(AnalysisContext.MetricType.COUNTER);
        assertThat(context.metricType("latency")).isEqualTo(AnalysisContext.MetricType.HISTOGRAM);
        assertThat(context.metricType("http_requests_total")).isEqualTo(AnalysisContext.MetricType.COUNTER);
        assertThat(context.metricType("queue_count")).isEqualTo(AnalysisContext.MetricType.UNKNOWN);
        assertThat(context.metricType("other")).isEqualTo(AnalysisContext.MetricType.UNKNOWN);
    }

    @Test
    void the_kind_decides_which_rules_are_of_interest() {
        for (Kind kind : Kind.values()) {
            AnalysisContext context = Lint.context(builder -> builder.kind(kind));
            assertThat(Lint.rules("foo", context).contains(Rule.ALERT_WITHOUT_CONDITION))
                    .isEqualTo(kind == Kind.ALERT);
        }
    }

    @Test
    void ids_are_found_again() {
        for (Rule rule : Rule.values()) {
            assertThat(Rule.of(rule.id())).contains(rule);
            assertThat(rule.id())
                    .matches("[a-z]+(-[a-z]+)*")
                    .isEqualTo(rule.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        }
        assertThat(Rule.of("no-such-rule")).isEmpty();
    }
}
