/**
 * PromQL without a server: parse queries, check their types, say what is wrong or doubtful about them, print them.
 *
 * <pre>{@code
 * Expr query = PromQl.parse("sum by(job)(rate(http_requests_total{code=~'5..'}[5m]))>10");
 * String canonical = query.toString(); // sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) > 10
 *
 * Set<String> metrics = new TreeSet<>();
 * query.forEach(part -> {
 *     if (part instanceof Expr.VectorSelector selector) {
 *         metrics.add(selector.name());
 *     }
 * });
 *
 * ParseResult wrong = PromQl.tryParse("Rate(foo[5m]) + sum(bar[5m])");
 * String forPeople = wrong.describe(); // both problems, with carets and hints
 *
 * List<Finding> doubts = Analyzer.analyze(PromQl.tryParse("sum(foo > 5)"), AnalysisContext.empty());
 * }</pre>
 */
@NullMarked
package dev.tentpole.promql;

import org.jspecify.annotations.NullMarked;
