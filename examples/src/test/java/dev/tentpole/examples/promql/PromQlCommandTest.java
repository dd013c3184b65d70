package dev.tentpole.examples.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tentpole.examples.Main;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands for queries, run as a user runs them: what they print and how they end. */
@Timeout(120)
@Tag("thorough")
final class PromQlCommandTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private Path folder;

    /** What a run has printed, and its exit status. */
    private record Run(int status, String out, String err) {

        List<JsonNode> lines() {
            return out.lines().map(JSON::readTree).toList();
        }
    }

    private static Run run(String... args) throws IOException, InterruptedException {
        return runWith("", args);
    }

    private static Run runWith(String input, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "promql"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.remove("NO_COLOR");
        Process process = builder.start();
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), out, err);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Parses a file, whose folder is left out of what is printed. */
    private Run parsed(String name, String text, String... options) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name), text);
        List<String> args = new ArrayList<>(List.of("parse", "--file", file.toString()));
        args.addAll(List.of(options));
        Run run = run(args.toArray(String[]::new));
        String parent = folder + File.separator;
        return new Run(run.status(), run.out().replace(parent, ""), run.err().replace(parent, ""));
    }

    private static String file(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PromQlCommandTest.class.getResource(name), name)
                        .toURI())
                .toString();
    }

    @Test
    void a_query_is_parsed() throws Exception {
        Run run = run("parse", "sum by(job)(up)");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("instant vector: sum by (job) (up)\n");
    }

    @Test
    void a_broken_query_is_explained_with_carets_and_fails() throws Exception {
        Run run = run("parse", "Rate(foo[5m])");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("1:1: parse error: unknown function with name \"Rate\"")
                .contains("^~~~")
                .doesNotContain("\u001b[");
        assertThat(run("parse", "--color", "always", "Rate(foo[5m])").out()).contains("\u001b[");
    }

    @Test
    void queries_are_read_from_standard_input() throws Exception {
        Run run = runWith("up\n\n# comment\nsum(up\n", "parse", "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.lines().get(0).path("type").asString()).isEqualTo("instant vector");
        assertThat(run.lines().get(1).path("line").asInt()).isEqualTo(4);
        assertThat(run.lines().get(1).at("/problems/0/message").asString()).isEqualTo("unclosed left parenthesis");
    }

    @Test
    void a_query_is_formatted() throws Exception {
        Run run = run("format", "--width", "20", "sum(rate(http_requests_total[5m]))/2");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().count()).isGreaterThan(3);
        assertThat(run("format", "--width", "0", "up").status()).isEqualTo(2);
    }

    @Test
    void rules_are_read_with_file_line_and_name() throws Exception {
        Run run = run("parse", "--file", file("rules.yml"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("rules.yml:6: record job:http_requests:rate5m instant vector: sum")
                .contains("rules.yml:9: alert HighErrorRate instant vector: sum")
                .contains("rules.yml:16: alert Broken\n1:34: parse error: unclosed left parenthesis");
    }

    @Test
    void rules_are_judged_with_file_line_and_name() throws Exception {
        Run run = run("lint", "--file", file("rules.yml"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("rules.yml:14: alert NeverRight")
                .contains("(contradicting-matchers)")
                .contains("rules.yml:16: alert Broken")
                .contains("finding");
    }

    @Test
    void findings_are_json_lines_with_rule_severity_and_place() throws Exception {
        Run run = run("lint", "--json", "--file", file("rules.yml"));
        JsonNode contradiction = run.lines().stream()
                .filter(line -> line.path("rule").asString().equals("contradicting-matchers"))
                .findFirst()
                .orElseThrow();
        assertThat(contradiction.path("line").asInt()).isEqualTo(14);
        assertThat(contradiction.path("place").asString()).isEqualTo("alert NeverRight");
        assertThat(contradiction.path("severity").asString()).isEqualTo("error");
        assertThat(contradiction.path("end").asInt())
                .isGreaterThan(contradiction.path("start").asInt());
    }

    @Test
    void the_exit_status_depends_on_the_severity_that_counts() throws Exception {
        String query = "up{job=\"a\", job=\"b\"}";
        assertThat(run("lint", query).status()).isEqualTo(1);
        assertThat(run("lint", "--fail-on", "never", query).status()).isZero();
        assertThat(run("lint", "--off", "contradicting-matchers", query).status())
                .isZero();
        assertThat(run("lint", "--fail-on", "never", "sum(").status()).isEqualTo(1);
        Run clean = run("lint", "sum by (job) (rate(http_requests_total{job=\"api\"}[5m]))");
        assertThat(clean.status()).isZero();
        assertThat(clean.out()).isEqualTo("nothing found\n");
    }

    @Test
    void what_several_rules_of_a_file_evaluate_is_said_once_with_what_to_record() throws Exception {
        String rules = """
                groups:
                - name: a
                  rules:
                  - {alert: A, expr: 'sum by (job) (rate(foo_total[5m])) > 5'}
                  - {alert: B, expr: 'up == 0'}
                  - {alert: C, expr: 'sum by (job) (rate(foo_total[5m])) > 9'}
                """;
        Path file = folder.resolve("shared.yml");
        Files.writeString(file, rules);
        Run run = run("lint", "--file", file.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("shared.yml:4", "this stands in 2 queries of the set")
                .contains("  record: job:foo:rate5m\n  expr: sum by (job) (rate(foo_total[5m]))\n")
                .endsWith("1 finding\n");
        assertThat(run("lint", "--fail-on", "performance", "--file", file.toString())
                        .status())
                .isEqualTo(1);
    }

    @Test
    void dashboards_are_read_with_panels_in_rows_and_variables() throws Exception {
        Run run = run("parse", "--json", "--file", file("dashboard.json"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lines())
                .extracting(line -> line.path("place").asString())
                .containsExactly(
                        "variable job", "variable hosts", "panel \"Requests\" target A", "panel \"Errors\" target A");
        assertThat(run.lines())
                .extracting(line -> line.path("valid").asBoolean())
                .containsExactly(true, true, true, false);
    }

    @Test
    void a_query_is_optimized_with_reasons() throws Exception {
        Run run = run("optimize", "a{x=~\"(1)\"} + b");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("a{x=\"1\"} + b{x=\"1\"}\n")
                .contains("# simplify-regex: a{x=~\"(1)\"} -> a{x=\"1\"}")
                .contains("# push-down-filters: b -> b{x=\"1\"}");
        JsonNode line = run("optimize", "--json", "--off", "push-down-filters", "a{x=~\"(1)\"} + b")
                .lines()
                .get(0);
        assertThat(line.path("optimized").asString()).isEqualTo("a{x=\"1\"} + b");
        assertThat(line.at("/steps/0/rule").asString()).isEqualTo("simplify-regex");
        assertThat(line.at("/steps/0/exactness").asString()).isEqualTo("exact");
        Run more = run("optimize", "--exactness", "approximate", "sum(sort(x))");
        assertThat(more.out()).startsWith("sum(x)\n").contains("(approximate)");
    }

    @Test
    void a_list_of_queries_is_read_line_by_line() throws Exception {
        Run run = run("optimize", "--file", file("queries.promql"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("queries.promql:2")
                .contains("up{job=\"api\"}")
                .contains("queries.promql:4");
    }

    @Test
    void files_that_cannot_be_read_say_where_and_why() throws Exception {
        Run yaml = run("parse", "--file", file("broken.yml"));
        assertThat(yaml.status()).isEqualTo(2);
        assertThat(yaml.err()).containsPattern("broken\\.yml:\\d+:\\d+: is not YAML: ");
        assertThat(run("parse", "--file", file("norule.yml")).err())
                .contains("norule.yml:4: a rule must have either \"alert\" or \"record\"");
        assertThat(run("parse", "--file", file("broken.json")).err())
                .containsPattern("broken\\.json:\\d+:\\d+: is not JSON: ");
        assertThat(run("parse", "--file", "missing.yml").err()).contains("missing.yml: there is no such file");
    }

    @Test
    void a_file_that_cannot_be_read_is_not_called_clean() throws Exception {
        Run run = run("lint", "--file", "missing.yml");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void manifests_beside_rules_and_empty_documents_are_passed_over() throws Exception {
        String rules = """
                groups:
                - name: a
                  rules:
                  - &r
                    record: a:b
                    expr: up
                  - <<: [*r]
                    record: c:d
                - name: empty
                """;
        assertThat(parsed("rules.yml", "---\n" + rules + "---\n").out())
                .isEqualTo("rules.yml:7: record a:b instant vector: up\nrules.yml:7: record c:d instant vector: up\n");
        String rule = "kind: PrometheusRule\nspec: {groups: [{name: a, rules: [{record: 'a:b', expr: up}]}]}\n";
        assertThat(parsed("all.yml", "kind: Service\nspec: {}\n---\n" + rule).out())
                .isEqualTo("all.yml:5: record a:b instant vector: up\n");
        assertThat(parsed("list.yaml", "kind: List\nitems:\n- " + rule.replace("\n", "\n  "))
                        .out())
                .isEqualTo("list.yaml:4: record a:b instant vector: up\n");
        assertThat(parsed("none.yml", "groups:\n").status()).isZero();
        assertThat(parsed("service.yml", "kind: Service\n").err()).contains("is not a rule file");
        assertThat(parsed("self.yml", "groups:\n- &a\n  name: x\n  <<: [*a, *a]\n")
                        .status())
                .isZero();
    }

    @Test
    void a_rule_file_may_be_large() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: a\n  rules:\n");
        for (int i = 0; i < 40_000; i++) {
            rules.append("  - record: a:b")
                    .append(i)
                    .append("\n    expr: sum by (job) (rate(foo_total{job=\"x\",instance=\"y\"}[5m]))\n");
        }
        assertThat(rules.length()).isGreaterThan(3 << 20);
        assertThat(parsed("rules.yml", rules.toString()).out().lines()).hasSize(40_000);
    }

    @Test
    void texts_may_begin_with_the_mark_of_an_editor() throws Exception {
        assertThat(parsed("q.txt", "\ufeffup\r\nup\r\n").out())
                .isEqualTo("q.txt:1 instant vector: up\nq.txt:2 instant vector: up\n");
        assertThat(parsed("d.json", "\ufeff{\"panels\":[{\"title\":\"x\",\"targets\":[{\"expr\":\"up\"}]}]}")
                        .out())
                .isEqualTo("d.json: panel \"x\" instant vector: up\n");
        assertThat(runWith("\ufeffup\n", "parse", "--file", "-").out()).isEqualTo("-:1 instant vector: up\n");
    }

    @Test
    void panels_of_the_library_are_read() throws Exception {
        String panel = "{\"title\":\"%s\",\"targets\":[{\"expr\":\"up\"}]}";
        Run run = parsed(
                "d.json",
                "{\"panels\":[{\"libraryPanel\":{\"uid\":\"u\",\"model\":" + panel.formatted("in it")
                        + "}}],\"__elements\":{\"u\":{\"model\":" + panel.formatted("beside it") + "}}}");
        assertThat(run.out()).isEqualTo("""
                        d.json: panel "in it" instant vector: up
                        d.json: panel "beside it" instant vector: up
                        """);
    }

    @Test
    void what_is_shown_does_not_control_the_terminal() throws Exception {
        Run run =
                parsed("d.json", "{\"panels\":[{\"title\":\"\\u001b[31m\",\"targets\":[{\"expr\":\"\\u001b[31m\"}]}]}");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).doesNotContain("\u001b").contains("[31m");
    }

    @Test
    void json_is_the_same_in_any_encoding() throws Exception {
        Run run = parsed("q.txt", "up{a=\"\u00e9\"}\n", "--json");
        assertThat(run.out()).contains("\\u00E9");
        assertThat(run.lines().get(0).path("query").asString()).isEqualTo("up{a=\"\u00e9\"}");
    }

    @Test
    void wrong_use_is_refused() throws Exception {
        for (String interval : List.of("0s", "-5s", "1d", "soon")) {
            Run run = run("lint", "--scrape-interval=" + interval, "up");
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).startsWith("--scrape-interval = " + interval + ", must be a duration");
        }
        assertThat(run("lint", "--fail-on", "sometimes", "up").status()).isEqualTo(2);
        assertThat(run("lint", "--off", "nonsense", "up").err()).contains("--off = nonsense, there is no such rule");
        assertThat(run().status()).isEqualTo(2);
        assertThat(run("optimize", "--off", "nonsense", "up").err())
                .contains("--off = nonsense, there is no such rule");
        assertThat(run("optimize", "--exactness", "perfect", "up").status()).isEqualTo(2);
        assertThat(run("parse", "--level", "2", "up").err()).contains("--level = 2, must be 3.14 or 3.5");
        assertThat(run("parse", "--nonsense").status()).isEqualTo(2);
        assertThat(run("--help").status()).isZero();
    }

    @Test
    void files_that_are_nested_too_deep_say_so() throws Exception {
        int depth = 20_000;
        Run json = parsed("deep.json", "{\"panels\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
        assertThat(json.status()).isEqualTo(2);
        assertThat(json.err()).startsWith("deep.json").doesNotContain("\tat ");
        Run yaml = parsed("deep.yml", "groups: " + "[".repeat(depth) + "]".repeat(depth));
        assertThat(yaml.status()).isEqualTo(2);
        assertThat(yaml.err()).contains("deep.yml: is nested too deep").doesNotContain("\tat ");
    }

    @Test
    void a_list_that_has_itself_among_its_items_is_read_once() throws Exception {
        Run run = parsed(
                "list.yml",
                "kind: List\nitems: &a\n- kind: List\n  items: *a\n- spec: {groups: [{rules: [{record: 'a:b', expr: up}]}]}\n");
        assertThat(run.out()).isEqualTo("list.yml:5: record a:b instant vector: up\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void dashboards_of_schema_v2_are_read() throws Exception {
        String dashboard = """
                {"kind": "Dashboard", "apiVersion": "dashboard.grafana.app/v2beta1", "spec": {
                  "annotations": [
                    {"spec": {"name": "n", "query": {"group": "prometheus", "spec": {"expr": "changes(up[5m])"}}}}],
                  "elements": {
                    "panel-1": {"kind": "Panel", "spec": {"id": 1, "title": "T", "data": {"spec": {"queries": [
                      {"spec": {"refId": "A", "query": {"kind": "DataQuery", "group": "prometheus",
                        "spec": {"expr": "rate($m[5m])"}}}},
                      {"spec": {"refId": "B", "query": {"kind": "DataQuery", "group": "loki",
                        "spec": {"expr": "{job=`a`} |= `b`"}}}}]}}}},
                    "panel-2": {"kind": "Panel", "spec": {"id": 2, "data": {"spec": {"queries": [
                      {"spec": {"query": {"kind": "prometheus", "spec": {"expr": "up"}}}}]}}}}},
                  "variables": [{"kind": "QueryVariable", "spec": {"name": "v",
                    "query": {"group": "prometheus", "spec": {"query": "label_values(up, job)"}}}}]}}
                """;
        Run run = parsed("v2.json", dashboard);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().map(line -> line.replaceAll(" instant vector: ", " = ")))
                .containsExactly(
                        "v2.json: variable v = up",
                        "v2.json: panel \"T\" target A = rate($m[5m])",
                        "v2.json: panel 2 = up",
                        "v2.json: annotation n = changes(up[5m])");
    }

    @Test
    void the_kind_of_a_source_that_is_only_named_comes_from_the_dashboard() throws Exception {
        String dashboard = """
                {"__inputs": [{"name": "DS_LOGS", "pluginId": "loki"}, {"name": "DS_PROM", "pluginId": "prometheus"}],
                 "templating": {"list": [{"type": "datasource", "name": "logs", "query": "loki"},
                  {"type": "datasource", "name": "ds", "query": "prometheus"}]},
                 "panels": [
                  {"id": 1, "datasource": "${DS_LOGS}", "targets": [{"expr": "{a=`b`} | json"}]},
                  {"id": 2, "datasource": "$logs", "targets": [{"expr": "{a=`b`} | json"}]},
                  {"id": 3, "datasource": {"uid": "${logs}"}, "targets": [{"expr": "{a=`b`} | json"}]},
                  {"id": 4, "datasource": "-- Mixed --", "targets": [{"datasource": "[[logs]]", "expr": "{a=`b`} | json"}]},
                  {"id": 5, "datasource": "${DS_PROM}", "targets": [{"expr": "up"}]},
                  {"id": 6, "datasource": {"uid": "$ds"}, "targets": [{"expr": "up"}]},
                  {"id": 7, "datasource": "Prometheus-2", "targets": [{"expr": "up"}]},
                  {"id": 8, "targets": [{"expr": "up"}]}]}
                """;
        Run run = parsed("inputs.json", dashboard);
        assertThat(run.out().lines())
                .extracting(line -> line.replaceAll(".*panel (\\d+).*", "$1"))
                .containsExactly("5", "6", "7", "8");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    @Test
    void queries_are_counted_whose_source_has_but_a_name() throws Exception {
        String dashboard = """
                {"templating": {"list": [{"type": "query", "name": "v", "datasource": "Main", "query": "label_values(up, job)"}]},
                 "annotations": {"list": [{"name": "n", "datasource": {"uid": "abc"}, "expr": "up == 0"}]}, "panels": [
                  {"id": 1, "datasource": "Main", "targets": [{"expr": "up"}, {"expr": "up", "datasource": "Prometheus"}]},
                  {"id": 3, "datasource": "-- Mixed --", "targets": [{"expr": "up"}]},
                  {"id": 2, "datasource": {"uid": "x", "type": "prometheus"}, "targets": [{"expr": "up"}]}]}
                """;
        Run run = parsed("names.json", dashboard);
        assertThat(run.out().lines()).hasSize(6);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "names.json: nothing but a name is known of the sources of 3 of 6 queries,"
                                + " which are taken for PromQL\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void queries_for_prometheus_are_told_by_the_kind_of_their_source() throws Exception {
        String dashboard = """
                {"annotations": {"list": [{"name": "n", "expr": "up == 0"}, {"name": "none"}]}, "panels": [
                  {"id": 1, "datasource": {"type": "grafana-amazonprometheus-datasource"}, "targets": [{"expr": "up"}]},
                  {"id": 2, "datasource": {"type": "loki"}, "targets": [{"expr": "{a=`b`} | json"}]}]}
                """;
        Run run = parsed("kinds.json", dashboard);
        assertThat(run.out()).contains("panel 1", "annotation n").doesNotContain("panel 2", "none");
        assertThat(run.status()).isZero();
    }
}
