package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which recording rules are proposed, under which names. */
final class RecordingTest {

    private static List<Finding.RecordingRule> proposed(String query) {
        return Lint.findings(query, Lint.EMPTY).stream()
                .flatMap(finding -> finding.recordingRule().stream())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(foo_total[12h])                                              | ''",
                "sum by (job, le) (rate(foo_bucket[12h]))                          | job_le:foo_bucket:rate12h",
                "sum by (job) (rate(foo_total[12h]))                               | job:foo:rate12h",
                "max without (instance) (increase(foo_total[1d]))                  | without_instance:foo:max_increase1d",
                "avg(max_over_time(foo[6h]))                                       | :foo:avg_max_over_time6h",
                "sum by (job) (rate(job_instance:foo_total:sum_rate5m[12h]))       | job:foo:rate12h_sum_rate5m",
                "sum by (a) (rate(foo_total{b=~'$b',c='d'}[12h]))                  | a_b_c:foo:rate12h",
                "sum without (a, b) (rate(foo_total{b=~'$b',c='d'}[12h]))          | without_a:foo:rate12h",
                "sum by (a) (rate(foo_total{$f}[12h]))                             | ''",
                "sum by (a) (rate(foo_total[12h] offset 5m))                       | ''",
            })
    void a_recording_rule_is_proposed_by_the_convention(String query, String name) {
        List<Finding> findings = Lint.findings(Rule.RECORDING_RULE, query, Lint.EMPTY);
        String proposed = findings.stream()
                .flatMap(finding -> finding.recordingRule().stream())
                .map(Finding.RecordingRule::name)
                .findFirst()
                .orElse("");
        assertThat(proposed).isEqualTo(name);
        findings.forEach(finding -> finding.recordingRule().ifPresent(rule -> {
            assertThat(PromQl.tryParse(rule.expression().toString()).isValid()).isTrue();
            assertThat(PromQl.tryParse(rule.name()).isValid()).isTrue();
        }));
    }

    @Test
    void what_is_matched_is_kept_as_a_label() {
        assertThat(proposed("sum by (a) (rate(foo_total{b=~\"$b\",c=\"d\",a!=\"x\"}[12h]))"))
                .extracting(Finding.RecordingRule::expression)
                .extracting(Expr::toString)
                .containsExactly("sum by (a, b, c) (rate(foo_total[12h]))");
    }

    @Test
    void an_average_is_recorded_with_its_matchers_since_it_cannot_be_folded_once_more() {
        assertThat(proposed("avg by (a) (rate(foo_total{c=\"d\"}[12h]))"))
                .extracting(Finding.RecordingRule::expression)
                .extracting(Expr::toString)
                .containsExactly("avg by (a) (rate(foo_total{c=\"d\"}[12h]))");
        assertThat(proposed("avg by (a) (rate(foo_total{c=~\"$c\"}[12h]))")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Without an aggregation there is no level that would say what is left of the labels.
                "rate(a_total[5m]) / (rate(a_total[5m]) + rate(b_total[5m]))",
                // Chance.
                "sum by (job) (irate(a_total[6h]))",
                "sum by (job) (idelta(a[6h]))",
                // What has a parameter has no name by the convention.
                "topk(5, rate(a_total[5m])) / topk(5, rate(a_total[5m]))",
                "quantile(0.5, rate(a_total[5m])) / quantile(0.5, rate(a_total[5m]))",
            })
    void what_should_not_be_recorded_is_not_proposed(String query) {
        assertThat(Lint.rules(query, Lint.EMPTY)).containsAnyOf(Rule.REPEATED_EXPRESSION, Rule.RECORDING_RULE);
        assertThat(proposed(query)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum by (job) (rate(x_total{a=\"1\"}[1d])) / sum by (job) (rate(x_total[1d]))",
                "sum by (job) (rate(x_total[1d])) / sum(rate(x_total[1d]))",
                "avg by (job) (rate(x_total{a=\"1\"}[1d])) / avg by (job) (rate(x_total{a=\"2\"}[1d]))",
                "sum by (a_b) (rate(x_total[1d])) / sum by (a, b) (rate(x_total[1d]))",
            })
    void one_name_stands_for_one_expression(String query) {
        Map<String, Expr> rules = new HashMap<>();
        List<Finding.RecordingRule> proposed = proposed(query);
        assertThat(proposed).isNotEmpty();
        for (Finding.RecordingRule rule : proposed) {
            Expr other = rules.putIfAbsent(rule.name(), rule.expression());
            assertThat(Optional.ofNullable(other)).isIn(Optional.empty(), Optional.of(rule.expression()));
        }
    }

    @Test
    void parts_that_differ_in_matchers_have_one_rule() {
        assertThat(proposed("sum(rate(x_total{code=\"5\"}[1d])) / sum(rate(x_total{code=\"2\"}[1d]))"))
                .extracting(Finding.RecordingRule::name)
                .containsExactly("code:x:rate1d", "code:x:rate1d");
    }

    @Test
    void people_see_the_rule() {
        String query = "sum by (job) (rate(foo_total[12h]))";
        Finding finding = Lint.findings(query, Lint.EMPTY).get(0);
        assertThat(Stream.of(finding.describe(query).split("\n")))
                .endsWith("  record: job:foo:rate12h", "  expr: sum by (job) (rate(foo_total[12h]))");
    }
}
