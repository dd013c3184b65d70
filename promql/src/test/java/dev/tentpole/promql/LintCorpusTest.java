package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tentpole.promql.AnalysisContext.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Dashboards and rules that people use. Writes what was found to {@code target/lint-findings.txt}: the table of findings per
 * rule and kind of query that the README has, and then all findings.
 */
final class LintCorpusTest {

    private static final List<String> FILES = List.of(
            "mixin-dashboards.jsonl",
            "mixin-rules.jsonl",
            "awesome-alerts.jsonl",
            "k8s-mixin.jsonl",
            "prom-rules.jsonl");

    /** A query of the corpus with what is known of it: nothing but what it is for. */
    private record Query(String id, Kind kind, ParseResult parsed) {}

    @Test
    void what_is_found_in_real_queries_has_fixes_that_hold() throws IOException {
        Optional<Corpus> corpus = Corpus.find();
        assumeTrue(corpus.isPresent(), "no corpus: -Dtentpole.corpus names no directory with promql in it");
        List<Query> queries = queries(corpus.orElseThrow());
        Map<Rule, EnumMap<Kind, Integer>> table = new EnumMap<>(Rule.class);
        List<String> lines = new ArrayList<>();
        for (Query query : queries) {
            AnalysisContext context = Lint.context(builder -> builder.kind(query.kind()));
            for (Finding finding : Analyzer.analyze(query.parsed(), context)) {
                table.computeIfAbsent(finding.rule(), rule -> new EnumMap<>(Kind.class))
                        .merge(query.kind(), 1, Integer::sum);
                lines.add(query.id() + " " + query.kind() + "\n"
                        + finding.describe(query.parsed().query()) + "\n");
                finding.fix().ifPresent(fix -> holds(query, context, finding, fix));
            }
        }
        Path report = Path.of("target", "lint-findings.txt");
        Files.createDirectories(report.getParent());
        Files.writeString(report, table(queries, table) + "\n" + String.join("\n", lines));
        assertThat(lines).isNotEmpty();
    }

    /** The fixed query is one, and has the same finding in one place less, unless it shows another one of its kind. */
    private static void holds(Query query, AnalysisContext context, Finding finding, Finding.Fix fix) {
        ParseResult fixed = PromQl.tryParse(fix.fixedQuery(), Lint.TEMPLATES);
        assertThat(fixed.problems()).as(fix.fixedQuery()).isEmpty();
        String part = finding.range().of(query.parsed().query());
        assertThat(Analyzer.analyze(fixed, context))
                .as(finding + " in " + fix.fixedQuery())
                .filteredOn(again -> again.rule() == finding.rule()
                        && again.range().start() == finding.range().start()
                        && again.range().of(fix.fixedQuery()).equals(part))
                .isEmpty();
    }

    private static String table(List<Query> queries, Map<Rule, EnumMap<Kind, Integer>> table) {
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        queries.forEach(query -> kinds.merge(query.kind(), 1, Integer::sum));
        StringBuilder text = new StringBuilder("| rule |");
        kinds.forEach((kind, count) -> text.append(' ')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append(" (")
                .append(count)
                .append(") |"));
        text.append("\n|---|").append("---:|".repeat(kinds.size())).append('\n');
        table.forEach((rule, counts) -> {
            text.append("| `").append(rule.id()).append("` |");
            kinds.keySet()
                    .forEach(kind -> text.append(' ')
                            .append(counts.getOrDefault(kind, 0))
                            .append(" |"));
            text.append('\n');
        });
        return text.toString();
    }

    private static List<Query> queries(Corpus corpus) {
        List<Query> queries = new ArrayList<>();
        for (String file : FILES) {
            for (JsonNode record : corpus.file(file)) {
                Kind kind = kind(file, record.get("source").asString());
                ParseOptions options =
                        ParseOptions.builder().templates(kind == Kind.DASHBOARD).build();
                queries.add(new Query(
                        record.get("id").asString(), kind, PromQl.tryParse(Corpus.text(record, "expr"), options)));
            }
        }
        return queries;
    }

    private static Kind kind(String file, String source) {
        String path = source.substring(source.indexOf(':') + 1).toLowerCase(Locale.ROOT);
        if (file.startsWith("awesome")) {
            return Kind.ALERT;
        }
        if (path.contains("dashboard")) {
            return Kind.DASHBOARD;
        }
        if (path.contains("alert")) {
            return Kind.ALERT;
        }
        return path.contains("rule") ? Kind.RECORDING : Kind.UNKNOWN;
    }
}
