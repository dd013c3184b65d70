package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments that silence rules. */
final class SuppressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requests_total # tentpole: ignore raw-counter",
                "requests_total #tentpole:ignore raw-counter",
                "requests_total # tentpole: ignore raw-counter, regex-is-plain\n",
                "requests_total # tentpole: ignore regex-is-plain raw-counter\r\n",
                "# tentpole: ignore raw-counter\nrequests_total",
                "# tentpole: ignore raw-counter\r\n\r\n  requests_total",
                "# tentpole: ignore raw-counter\n# why: it is one target\n\nrequests_total",
                "sum(\n  # tentpole: ignore raw-counter\n  requests_total\n)",
                "sum(requests_total # tentpole: ignore raw-counter\n)",
                "requests_total{a=\"#\", b='\\'#', c=`#`} # tentpole: ignore raw-counter",
                "requests_total{ # tentpole: ignore raw-counter\na=\"b\"}",
                "requests_total{a=`\n`, b=\"c\"} + 1 # tentpole: ignore raw-counter\n# tentpole: ignore raw-counter",
            })
    void a_comment_silences_a_rule_on_its_line_or_the_next(String query) {
        if (query.contains("`\n`")) {
            // The selector starts on the line before.
            assertThat(Lint.rules(query, Lint.EMPTY)).containsExactly(Rule.RAW_COUNTER);
        } else {
            assertThat(Lint.findings(query, Lint.EMPTY)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requests_total # tentpole: ignore regex-is-plain",
                "requests_total # ignore raw-counter",
                "requests_total # see tentpole: ignore raw-counter",
                "1 + # tentpole: ignore raw-counter\nrequests_total",
                "# tentpole: ignore raw-counter\n1 +\nrequests_total",
                "requests_total\n# tentpole: ignore raw-counter",
                "requests_total{a=\"# tentpole: ignore raw-counter\"}",
                "requests_total{a=`\n# tentpole: ignore raw-counter\n`}",
                "requests_total # tentpole: warn raw-counter",
            })
    void other_comments_and_other_lines_silence_nothing(String query) {
        assertThat(Lint.rules(query, Lint.EMPTY)).containsExactly(Rule.RAW_COUNTER);
    }

    @Test
    void an_id_that_no_rule_has_is_told() {
        String query = "\"é\" # tentpole: ignore raw-counters, raw-counter";
        Finding finding = Lint.findings(query, Lint.EMPTY).get(0);
        assertThat(finding.rule()).isEqualTo(Rule.UNKNOWN_RULE);
        assertThat(finding.range().of(query)).isEqualTo("raw-counters");
        assertThat(finding.range().startByte()).isEqualTo(finding.range().start() + 1);
    }

    @Test
    void a_comment_without_an_id_is_told() {
        String query = "foo # tentpole: ignore ";
        assertThat(Lint.findings(query, Lint.EMPTY))
                .extracting(finding -> finding.range().of(query))
                .containsExactly("# tentpole: ignore ");
        assertThat(Lint.rules("foo # tentpole: ignore # tentpole: ignore", Lint.EMPTY))
                .contains(Rule.UNKNOWN_RULE);
    }

    @Test
    void a_tree_has_no_comments() {
        Expr expr = PromQl.parse("requests_total # tentpole: ignore raw-counter");
        assertThat(Analyzer.analyze(expr, Lint.EMPTY)).hasSize(1);
    }
}
