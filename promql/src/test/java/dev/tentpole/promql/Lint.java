package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.promql.AnalysisContext.Kind;
import dev.tentpole.promql.AnalysisContext.MetricType;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** What tests of rules share: contexts, and short ways to look for findings. */
final class Lint {

    static final ParseOptions TEMPLATES = ParseOptions.builder().templates(true).build();

    static final AnalysisContext EMPTY = AnalysisContext.empty();
    static final AnalysisContext ALERT = context(builder -> builder.kind(Kind.ALERT));
    static final AnalysisContext RECORDING = context(builder -> builder.kind(Kind.RECORDING));

    /** A dashboard whose metrics are known and scraped every 30 s, drawn with a point every 2 min over a day. */
    static final AnalysisContext DASHBOARD = context(builder -> builder.kind(Kind.DASHBOARD)
            .scrapeInterval(Duration.ofSeconds(30))
            .step(Duration.ofMinutes(2))
            .queryRange(Duration.ofDays(1))
            .metricType("gauge", MetricType.GAUGE)
            .metricType("gauge_total", MetricType.GAUGE)
            .metricType("counter", MetricType.COUNTER)
            .metricType("mixed", MetricType.UNKNOWN)
            .metricType("latency_seconds", MetricType.HISTOGRAM));

    private Lint() {}

    static AnalysisContext context(UnaryOperator<AnalysisContext.Builder> settings) {
        return settings.apply(AnalysisContext.builder()).build();
    }

    static List<Finding> findings(String query, AnalysisContext context) {
        ParseResult parsed = PromQl.tryParse(query, TEMPLATES);
        assertThat(parsed.problems()).as(query).isEmpty();
        return Analyzer.analyze(parsed, context);
    }

    static List<Rule> rules(String query, AnalysisContext context) {
        return findings(query, context).stream().map(Finding::rule).toList();
    }

    /** {@return the findings of one rule} */
    static List<Finding> findings(Rule rule, String query, AnalysisContext context) {
        return findings(query, context).stream()
                .filter(finding -> finding.rule() == rule)
                .toList();
    }
}
