package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries of any depth and length are analysed, in time about linear in their length. */
@Tag("thorough")
@ExtendWith(CpuTime.Limit.class)
final class AnalyzerDepthTest {

    private static final int DEEP = 100_000;

    private static String[] deepQueries() {
        StringBuilder labels = new StringBuilder("foo{l0=\"x\"}");
        for (int i = 1; i < 20_000; i++) {
            labels.append(" and foo{l").append(i).append("=\"x\"}");
        }
        StringBuilder groups = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            groups.append("sum by (a").append(i).append(", b, c) (");
        }
        return new String[] {
            "(".repeat(DEEP) + "foo_total" + ")".repeat(DEEP),
            "rate(a_total[5m]) / rate(b_total[5m]) + " + "(".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "sum(rate(a_total[5m])) + (".repeat(DEEP / 5) + "foo" + ")".repeat(DEEP / 5),
            "-".repeat(DEEP) + "foo_total",
            "-(".repeat(DEEP) + "1" + ")".repeat(DEEP),
            "foo_total" + " + foo_total".repeat(DEEP),
            "1" + " + 1".repeat(DEEP),
            "foo" + " or on (a) foo".repeat(DEEP / 2),
            "foo" + " > foo".repeat(DEEP / 2),
            "abs(".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "sum(".repeat(DEEP) + "rate(foo_total[5m])" + ")".repeat(DEEP),
            "sum by (a) (".repeat(DEEP / 2) + "foo" + ")".repeat(DEEP / 2),
            "topk(2, ".repeat(DEEP) + "foo" + ")".repeat(DEEP),
            "max_over_time(".repeat(DEEP / 5) + "foo" + "[1h:1m])".repeat(DEEP / 5),
            "a / (".repeat(DEEP) + "rate(foo_total[5m])" + ")".repeat(DEEP),
            "sum(rate(a_total[5m]))" + " + sum(rate(a_total[5m]))".repeat(DEEP / 5),
            "foo{" + "a=\"b\",".repeat(DEEP) + "}",
            "foo{" + "a=~\"b\",".repeat(DEEP) + "}",
            "foo{a=\"x\", a=~\"" + "x?".repeat(DEEP) + "\"}",
            "foo{a=\"x\", a!~\"" + "(?i)x?".repeat(DEEP / 5) + "\"} / sum(bar)",
            "histogram_quantile(0.9, rate(foo_bucket{le=~\"" + "x?".repeat(DEEP) + "\"}[5m]))",
            "label_join(foo, \"a\", \"b\"" + ", \"c\"".repeat(DEEP) + ")",
            "foo" + " # tentpole: ignore x\n".repeat(DEEP / 10),
            labels.toString(),
            groups + "foo" + ")".repeat(2_000),
        };
    }

    @ParameterizedTest
    @MethodSource("deepQueries")
    void a_deep_or_long_query_is_analysed(String query) {
        for (AnalysisContext context : List.of(Lint.EMPTY, Lint.ALERT, Lint.DASHBOARD)) {
            List<Finding> findings = Analyzer.analyze(PromQl.tryParse(query), context);
            assertThat(findings.size()).isLessThanOrEqualTo(Analyzer.MAX_FINDINGS);
            findings.stream()
                    .limit(3)
                    .forEach(finding -> finding.fix()
                            .ifPresent(fix -> assertThat(fix.fixedQuery()).isNotEmpty()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum by (job) (rate(foo_total{a=\"b\"}[5m])) / ",
                "foo{a=\"b\"} or ",
                "(foo_total{a=~\"$x\"} > 5) * on (a) group_left (b) "
            })
    void time_is_about_linear_in_the_length(String part) {
        CpuTime.assertLinear(
                part,
                "foo",
                1_040_000,
                text -> PromQl.tryParse(text, Lint.TEMPLATES),
                query -> Analyzer.analyze(query, Lint.ALERT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a ^ - | precedence | 240000", "a{b=~\"c\"} + | regex-is-plain | 960000"})
    void findings_that_are_not_reported_take_no_time(String part, String id, int length) {
        Rule rule = Rule.of(id).orElseThrow();
        AnalysisContext off = Lint.context(builder -> builder.off(rule));
        CpuTime.assertLinear(part, "a", length, PromQl::tryParse, query -> Analyzer.analyze(query, off));
        CpuTime.assertLinear(
                part,
                "a # tentpole: ignore " + id,
                length,
                PromQl::tryParse,
                query -> Analyzer.analyze(query, Lint.EMPTY));
    }
}
