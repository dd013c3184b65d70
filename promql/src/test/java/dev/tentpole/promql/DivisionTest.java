package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of divisors that may be zero, and where nothing is said. */
final class DivisionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(a_total[5m]) / rate(b_total[5m]) > 0.1               | 0/0 never fires and x/0 always does;",
                "100 * (rate(a_total[5m]) / rate(b_total[5m])) >= 10       | 0/0 never fires and x/0 always does;",
                "rate(a_total[5m]) / rate(b_total[5m]) / 2 - 3 > 0.1       | 0/0 never fires and x/0 always does;",
                "1 - rate(a_total[5m]) / rate(b_total[5m]) > 0.1           | neither 0/0 nor x/0 fires;",
                "1 - rate(a_total[5m]) / rate(b_total[5m]) < 0.9           | 0/0 never fires and x/0 always does;",
                "foo - rate(a_total[5m]) / rate(b_total[5m]) > 0.1         | zero, 0/0 never fires;",
                "rate(a_total[5m]) % rate(b_total[5m]) > 0.1               | zero, 0/0 never fires;",
                "rate(a_total[5m]) / rate(b_total[5m]) < 0.1               | neither 0/0 nor x/0 fires;",
                "rate(a_total[5m]) / rate(b_total[5m]) != 0.1              | both 0/0 and x/0 fire;",
                "1 - rate(a_total[5m]) / rate(b_total[5m]) != 0.1          | both 0/0 and x/0 fire;",
                "foo - rate(a_total[5m]) / rate(b_total[5m]) != 0.1        | zero, 0/0 fires;",
                "rate(a_total{b='c'}[5m]) / rate(a_total{b!='c'}[5m]) > 1  | 0/0 never fires and x/0 always does;",
                "rate(a_total{b='c'}[5m]) / rate(a_total[5m]) < 0.9        | zero, 0/0 never fires;",
                "rate(a_total{b='c'}[5m]) / rate(a_total[5m]) != 1         | zero, 0/0 fires;",
            })
    void what_happens_to_an_alert_when_a_divisor_is_zero_depends_on_the_comparison(String query, String effect) {
        assertThat(Lint.findings(Rule.NAN_IN_ALERT, query, Lint.ALERT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains(effect));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(a_total[5m]) / rate(b_total[5m]) < 0.1",
                "rate(a_total[5m]) / rate(b_total[5m]) == 1",
                "1 - rate(a_total[5m]) / rate(b_total[5m]) > 0.1",
                "rate(a_total[5m]) % rate(b_total[5m]) > 0.1",
            })
    void zeros_that_fire_nothing_need_not_be_left_out(String query) {
        assertThat(Lint.findings(Rule.NAN_IN_ALERT, query, Lint.ALERT))
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).isEmpty())
                .satisfies(finding ->
                        assertThat(finding.message()).endsWith("; if that is to be noticed, alert on the zero itself"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(a_total[5m]) / (rate(a_total[5m]) + rate(b_total[5m])) > 0.1",
                "100 * sum(rate(a_total[5m])) / (sum(rate(b_total[5m])) + (sum(rate(a_total[5m])))) > 0.1",
                "1 - rate(a_total[5m]) / (rate(c_total[5m]) + rate(a_total[5m]) + rate(b_total[5m])) < 0.9",
                "100 * sum(rate(a_total{b=\"c\"}[1m])) / sum(rate(a_total[1m])) > 1",
                "1 - (sum(rate(a_total{b=\"c\"}[1m])) / sum(rate(a_total[1m]))) < 0.9",
                "rate(a_total{b=\"c\", d=\"e\"}[1m]) / rate(a_total{d=\"e\"}[1m]) > 1",
            })
    void a_part_by_its_whole_is_no_alarm_when_nothing_happens(String query) {
        assertThat(Lint.rules(query, Lint.ALERT)).doesNotContain(Rule.NAN_IN_ALERT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "rate(b_total[5m]) + 1",
                "vector(1) + rate(b_total[5m])",
                "2 * clamp_min(rate(b_total[5m]), 1)",
                "clamp_min(rate(b_total[5m]), 1) + clamp_min(rate(c_total[5m]), 1)",
                "clamp_min(rate(b_total[5m]), (0.1)) / 60",
                "abs(clamp_min(rate(b_total[5m]), 1))",
                "clamp(rate(b_total[5m]), 1, 9)",
                "sum by (x) (clamp_min(rate(b_total[5m]), 1))",
                "max(clamp_min(rate(b_total[5m]), 1)) ^ 2",
                "clamp_min(rate(b_total[5m]), $min)",
                "60 * (rate(b_total[5m]) > 0)",
                "count_over_time(rate(b_total[5m])[1h:1m])",
                "label_replace(rate(b_total[5m]) != 0, \"x\", \"$1\", \"y\", \"(.*)\")",
            })
    void a_divisor_that_is_never_zero_is_no_matter(String divisor) {
        assertThat(Lint.rules("sum(rate(a_total[5m]) / (" + divisor + "))", Lint.EMPTY))
                .doesNotContain(Rule.NAN_IN_AGGREGATION);
        assertThat(Lint.rules("rate(a_total[5m]) / (" + divisor + ") > 0.1", Lint.ALERT))
                .doesNotContain(Rule.NAN_IN_ALERT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(b_total[5m])",
                "clamp_min(rate(b_total[5m]), 0)",
                "clamp(rate(b_total[5m]), 0, 9)",
                "2 * rate(b_total[5m])",
                "clamp_min(rate(b_total[5m]), 1) * rate(c_total[5m])",
                "rate(b_total[5m]) + rate(c_total[5m])",
                "rate(b_total[5m]) ^ 2",
                "abs(rate(b_total[5m]))",
                "clamp_max(rate(b_total[5m]), 1)",
            })
    void a_divisor_that_can_be_zero_is_reported(String divisor) {
        String query = "avg(rate(a_total[5m]) / (" + divisor + "))";
        assertThat(Lint.findings(Rule.NAN_IN_AGGREGATION, query, Lint.EMPTY))
                .singleElement()
                .satisfies(finding -> assertThat(finding.range().of(query)).isEqualTo("(" + divisor + ")"));
    }

    @Test
    void the_divisor_is_marked_which_the_fix_replaces() {
        String query = "rate(a_total[5m]) / rate(b_total[5m]) > 0.1";
        Finding finding = Lint.findings(Rule.NAN_IN_ALERT, query, Lint.ALERT).get(0);
        assertThat(finding.range()).isEqualTo(finding.fix().orElseThrow().range());
        assertThat(finding.describe(query)).endsWith("""
                rate(a_total[5m]) / rate(b_total[5m]) > 0.1
                                      ^~~~~~~~~~~~~~~~~
                  write: (rate(b_total[5m]) > 0)""");
    }
}
