package dev.tentpole.benchmarks.promql;

import dev.tentpole.promql.PromQl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The expressions that are measured. */
final class Expressions {

    /** The files of the corpus with alerts, rules and dashboards of real systems. */
    private static final List<String> SYSTEMS = List.of(
            "awesome-alerts", "k8s-mixin", "mixin-dashboards", "mixin-rules", "prom-docs", "prom-rules", "thanos");

    /** The files with expressions that other projects test with, mostly shorter ones. */
    private static final List<String> TESTS =
            List.of("compliance", "pint", "prom-engine", "prom-promqltest", "promql-engine", "trickster");

    private static final JsonMapper JSON = JsonMapper.shared();

    private Expressions() {}

    /**
     * {@return expressions, all of them valid}
     *
     * @param name {@code own}: a hundred that come with the benchmark; {@code corpus}: those that people wrote, below the
     *     directory that {@code -Dtentpole.corpus} names; {@code corpus-plain}: the ones among them without regular
     *     expressions; {@code corpus-systems}: the ones that stand in alerts, rules and dashboards
     */
    static List<String> named(String name) {
        return switch (name) {
            case "own" -> own();
            case "corpus" ->
                Stream.of(SYSTEMS, TESTS)
                        .flatMap(files -> corpus(files).stream())
                        .toList();
            case "corpus-plain" ->
                named("corpus").stream()
                        .filter(text -> !text.contains("=~") && !text.contains("!~"))
                        .toList();
            case "corpus-systems" -> corpus(SYSTEMS);
            default ->
                throw new IllegalArgumentException(
                        "expressions = " + name + ", must be own, corpus, corpus-plain or corpus-systems");
        };
    }

    private static List<String> own() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Expressions.class.getResourceAsStream("expressions.promql")),
                StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> corpus(List<String> files) {
        String configured = System.getProperty("tentpole.corpus", "");
        if (configured.isBlank()) {
            throw new IllegalStateException("expressions = corpus needs java -Dtentpole.corpus=DIRECTORY");
        }
        List<String> all = new ArrayList<>();
        for (String file : files) {
            try (Stream<String> lines = Files.lines(Path.of(configured, "promql", file + ".jsonl"))) {
                lines.map(JSON::readTree)
                        .map(record -> record.path("expr"))
                        .filter(JsonNode::isString)
                        .map(JsonNode::asString)
                        .filter(text -> PromQl.tryParse(text).isValid())
                        .forEach(all::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(all);
    }
}
