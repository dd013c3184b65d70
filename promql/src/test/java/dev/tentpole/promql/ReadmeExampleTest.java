package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

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
            System.out.println(
                    step.rule().id() + ": " + step.before() + " -> " + step.after() + ". " + step.reason());
        }
        assertThat(better.steps()).hasSize(2);
    }
}
