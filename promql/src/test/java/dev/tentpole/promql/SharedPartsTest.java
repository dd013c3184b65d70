package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What several queries of a set evaluate is said once. */
final class SharedPartsTest {

    private static List<List<String>> marked(String... queries) {
        List<ParseResult> set = Stream.of(queries)
                .map(query -> PromQl.tryParse(query, Lint.TEMPLATES))
                .toList();
        List<List<Finding>> findings = Analyzer.repeatsAcross(set, Lint.EMPTY);
        assertThat(findings).hasSameSizeAs(set);
        return Stream.iterate(0, i -> i + 1)
                .limit(queries.length)
                .map(i -> findings.get(i).stream()
                        .map(finding -> finding.range().of(queries[i]))
                        .toList())
                .toList();
    }

    @Test
    void a_costly_expression_of_several_queries_is_reported_at_the_first_with_their_number() {
        String shared = "sum by (job) (rate(a_total[5m]))";
        assertThat(marked("up", shared + " > 5", "bar / (" + shared + ")", shared + " / " + shared))
                .containsExactly(List.of(), List.of(shared), List.of(), List.of());
        Finding finding = Analyzer.repeatsAcross(
                        List.of(
                                PromQl.tryParse(shared + " > 5"),
                                PromQl.tryParse(shared + " > 6"),
                                PromQl.tryParse(shared)),
                        Lint.EMPTY)
                .get(0)
                .get(0);
        assertThat(finding.rule()).isEqualTo(Rule.REPEATED_EXPRESSION);
        assertThat(finding.message()).contains("in 3 queries");
        assertThat(finding.recordingRule().orElseThrow().name()).isEqualTo("job:a:rate5m");
    }

    @Test
    void the_largest_part_that_is_shared_is_reported() {
        assertThat(marked("sum(rate(a_total[5m])) > 1", "sum(rate(a_total[5m])) > 2"))
                .containsExactly(List.of("sum(rate(a_total[5m]))"), List.of());
        assertThat(marked("max(rate(a_total[5m])) > 1", "sum(rate(a_total[5m])) > 2"))
                .containsExactly(List.of("rate(a_total[5m])"), List.of());
    }

    @Test
    void what_is_cheap_or_broken_or_in_one_query_only_is_no_matter() {
        assertThat(marked(
                        "sum(foo)",
                        "sum(foo)",
                        "sum(rate(a_total[5m])) / sum(rate(a_total[5m]))",
                        "sum(rate(b_total[5m])",
                        "sum(rate(b_total[5m]))",
                        "sum(rate(c_total[5m]))",
                        "sum(rate(c_total[6m]))"))
                .allMatch(List::isEmpty);
    }

    @Test
    void comments_and_contexts_silence_it() {
        String ignored = "sum(rate(a_total[5m])) # tentpole: ignore repeated-expression";
        assertThat(marked(ignored, "sum(rate(a_total[5m]))")).allMatch(List::isEmpty);
        AnalysisContext off = Lint.context(builder -> builder.off(Rule.REPEATED_EXPRESSION));
        ParseResult query = PromQl.tryParse("sum(rate(a_total[5m]))");
        assertThat(Analyzer.repeatsAcross(List.of(query, query), off)).allMatch(List::isEmpty);
        assertThat(Analyzer.repeatsAcross(List.of(), off)).isEmpty();
    }

    @Test
    void a_large_set_takes_no_time() {
        ParseResult query =
                PromQl.tryParse("sum by (job) (rate(a_total[5m])) / sum by (job) (rate(b_total[5m])) > 0.1");
        List<List<Finding>> findings = Analyzer.repeatsAcross(Collections.nCopies(20_000, query), Lint.EMPTY);
        assertThat(findings.get(0)).hasSize(2);
        assertThat(findings.subList(1, findings.size())).allMatch(List::isEmpty);
    }

    @Test
    void a_name_is_proposed_for_one_expression_of_the_set() {
        String x = "avg by (job) (rate(foo_total{a=\"x\"}[5m]))";
        String y = "avg by (job) (rate(foo_total{a=\"y\"}[5m]))";
        List<String> names = Analyzer.repeatsAcross(
                        Stream.of(x + " > 1", x + " > 2", y + " > 1", y + " > 2")
                                .map(PromQl::tryParse)
                                .toList(),
                        Lint.EMPTY)
                .stream()
                .flatMap(List::stream)
                .flatMap(finding -> finding.recordingRule().stream())
                .map(Finding.RecordingRule::name)
                .toList();
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void comments_that_name_no_rule_are_no_matter_of_the_set() {
        assertThat(marked("up # tentpole: ignore no-such-rule")).allMatch(List::isEmpty);
    }
}
