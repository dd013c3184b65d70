package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The examples of the package's documentation and of the README, line for line. */
final class ReadmeExampleTest {

    @Test
    void the_example_of_the_package() {
        Expr query = PromQl.parse("sum by(job)(rate(http_requests_total{code=~'5..'}[5m]))>10");
        String canonical = query.toString(); // sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) > 10

        Set<String> metrics = new TreeSet<>();
        query.forEach(part -> {
            if (part instanceof Expr.VectorSelector selector) {
                metrics.add(selector.name());
            }
        });

        ParseResult wrong = PromQl.tryParse("Rate(foo[5m]) + sum(bar[5m])");
        String forPeople = wrong.describe(); // both problems, with carets and hints

        List<Finding> doubts = Analyzer.analyze(PromQl.tryParse("sum(foo > 5)"), AnalysisContext.empty());

        assertThat(doubts).extracting(Finding::rule).containsExactly(Rule.FILTER_IN_ARITHMETIC);
        assertThat(canonical).isEqualTo("sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) > 10");
        assertThat(metrics).containsExactly("http_requests_total");
        assertThat(forPeople).contains("names of functions are in lower case: rate", "^~~~~~~");
    }

    @Test
    void the_example_of_the_readme() {
        Expr query = PromQl.parse("sum by(job)(rate(http_requests_total[5m]))/on(job)group_left sum(up)by(job)");
        String line = query.toString();
        String pretty = PromQl.format(query, 60);

        Expr longer = query.rewrite(part ->
                part instanceof Expr.MatrixSelector matrix ? matrix.withWindow(new DurationExpr.Literal(600)) : part);

        ParseOptions dashboards = ParseOptions.builder().templates(true).build();
        Expr panel = PromQl.parse("rate($metric{job=~\"$job\"}[$__rate_interval])", dashboards);

        for (Problem problem : PromQl.tryParse("foo{a=b} + sum by job (bar)").problems()) {
            assertThat(problem.hint()).isPresent();
        }

        assertThat(line)
                .isEqualTo("sum by (job) (rate(http_requests_total[5m])) / on (job) group_left () sum by (job) (up)");
        assertThat(pretty).isEqualTo("""
                          sum by (job) (rate(http_requests_total[5m]))
                        / on (job) group_left ()
                          sum by (job) (up)""");
        assertThat(longer.toString()).contains("[10m]");
        assertThat(panel).hasToString("rate($metric{job=~\"$job\"}[$__rate_interval])");
    }

    @Test
    void the_example_of_rewriting() {
        Optimization better = Optimizer.optimize(PromQl.parse("a{x=~'(1)'} + b"));
        assertThat(better.expr()).hasToString("a{x=\"1\"} + b{x=\"1\"}");
        for (Optimization.Step step : better.steps()) {
            System.out.println(step.rule().id() + ": " + step.before() + " -> " + step.after() + ". " + step.reason());
        }
        assertThat(better.steps()).hasSize(2);
    }

    @Test
    void the_example_of_an_analysis() {
        AnalysisContext context = AnalysisContext.builder()
                .kind(AnalysisContext.Kind.ALERT)
                .scrapeInterval(Duration.ofSeconds(30))
                .metricType("queue_length", AnalysisContext.MetricType.GAUGE)
                .off(Rule.REGEX_ANCHORS)
                .build();
        String alert = "sum by (job) (rate(queue_length[30s])) / sum(up{job=~\"api\"}) > 5";
        List<Rule> rules = new ArrayList<>();
        for (Finding finding : Analyzer.analyze(PromQl.tryParse(alert), context)) {
            assertThat(finding.describe(alert)).contains("^");
            finding.fix()
                    .ifPresent(
                            fix -> assertThat(PromQl.tryParse(fix.fixedQuery()).isValid())
                                    .isTrue());
            rules.add(finding.rule());
        }
        assertThat(rules).containsExactly(Rule.RATE_ON_GAUGE, Rule.RANGE_TOO_SHORT, Rule.REGEX_IS_PLAIN);
    }

    @Test
    void the_table_of_rules_is_complete() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Rule rule : Rule.values()) {
            assertThat(readme)
                    .contains("| `" + rule.id() + "` | "
                            + rule.severity().name().toLowerCase(Locale.ROOT) + " | " + rule.summary() + " |");
        }
    }
}
