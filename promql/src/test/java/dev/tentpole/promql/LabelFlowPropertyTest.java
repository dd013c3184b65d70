package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What the label flow says of a query holds for the series that a model of PromQL returns. */
final class LabelFlowPropertyTest {

    private static final List<String> LABELS = List.of("a", "b", "c", "le");

    @Property(tries = 4_000, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
    void what_is_said_of_labels_is_true_of_every_series(@ForAll long seed) {
        Random random = new Random(seed);
        String query = query(random, 4);
        LabelFlow flow = LabelFlow.of(PromQl.parse(query));
        for (int i = 0; i < 4; i++) {
            List<Map<String, String>> data = data(random);
            List<LabelModel.Series> result = new LabelModel(flow.outline(), data, random).evaluate(0);
            check(query + " on " + data, flow.root(), result);
        }
    }

    private static void check(String query, Labels said, List<LabelModel.Series> result) {
        for (LabelModel.Series series : result) {
            for (String name : List.of("a", "b", "c", "d", "le", "v", Matcher.METRIC_NAME)) {
                String value = series.labels().getOrDefault(name, "");
                Labels.Fact fact = said.get(name);
                String why = query + ": " + name + " of " + series.labels() + " is " + fact.presence();
                if (fact.isImpossible()) {
                    assertThat(value).as(why).isEmpty();
                }
                if (fact.isGuaranteed()) {
                    assertThat(value).as(why).isNotEmpty();
                }
                if (fact.value() != null) {
                    assertThat(value).as(why).isEqualTo(fact.value());
                }
            }
        }
        if (said.result() == Labels.Result.NEVER) {
            assertThat(result).as(query).isEmpty();
        }
        if (said.result() == Labels.Result.ALWAYS) {
            assertThat(result).as(query).isNotEmpty();
        }
        if (said.isSingle()) {
            assertThat(result).as(query).hasSizeLessThan(2);
        }
    }

    @Property(tries = 4_000, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
    void labels_that_pass_unchanged_have_the_values_of_the_series_they_come_from(@ForAll long seed) {
        Random random = new Random(seed);
        String query = query(random, 4);
        Outline outline = Outline.of(PromQl.parse(query));
        List<LabelModel.Series> result = new LabelModel(outline, data(random), random).evaluate(0);
        for (LabelModel.Series series : result) {
            series.sources().forEach((selector, sources) -> {
                LabelSet unchanged = LabelPaths.unchanged(outline, selector, 0);
                for (String name : List.of("a", "b", "c", "d", "le", "v", Matcher.METRIC_NAME)) {
                    if (unchanged.contains(name)) {
                        assertThat(sources)
                                .as(query + ": " + name + " of " + outline.node(selector))
                                .allSatisfy(from -> assertThat(from.getOrDefault(name, ""))
                                        .isEqualTo(series.labels().getOrDefault(name, "")));
                    }
                }
            });
        }
    }

    /** Filtering the selector that a filter passes down to and filtering the result gives the same series. */
    @Property(tries = 4_000, edgeCases = net.jqwik.api.EdgeCasesMode.NONE)
    void a_filter_can_be_moved_where_the_label_is_filterable(@ForAll long seed) {
        Random random = new Random(seed);
        String query = query(random, 3);
        Outline outline = Outline.of(PromQl.parse(query));
        List<Map<String, String>> data = data(random);
        for (String name : LABELS) {
            for (int i = 0; i < outline.size(); i++) {
                if (!(outline.node(i) instanceof Expr.VectorSelector selector)) {
                    continue;
                }
                boolean movable = true;
                for (int node = i; node != 0; node = outline.parent(node)) {
                    movable &= LabelPaths.filterable(outline.node(outline.parent(node)), outline.number(node))
                            .contains(name);
                }
                if (movable) {
                    List<Matcher> matchers = new ArrayList<>(selector.matchers());
                    matchers.add(Matcher.of(name, Matcher.Op.EQUAL, "x"));
                    Expr narrowed =
                            outline.node(0).rewrite(part -> part == selector ? selector.withMatchers(matchers) : part);
                    // The same chances for both: nothing is dropped by chance.
                    assertThat(xs(narrowed, data, name))
                            .as(query + " with a filter on " + name + " at " + selector.range() + ", " + data)
                            .isEqualTo(xs(outline.node(0), data, name));
                }
            }
        }
    }

    private static Set<Map<String, String>> xs(Expr expr, List<Map<String, String>> data, String name) {
        Random keepsAll = new Random() {
            @Override
            public int nextInt(int bound) {
                return 1;
            }
        };
        return new LabelModel(Outline.of(expr), data, keepsAll)
                .evaluate(0).stream()
                        .map(LabelModel.Series::labels)
                        .filter(labels -> "x".equals(labels.get(name)))
                        .collect(Collectors.toSet());
    }

    private static List<Map<String, String>> data(Random random) {
        List<Map<String, String>> data = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            Map<String, String> labels = new TreeMap<>();
            labels.put(Matcher.METRIC_NAME, random.nextBoolean() ? "m" : "n");
            for (String name : LABELS) {
                switch (random.nextInt(3)) {
                    case 0 -> labels.put(name, "x");
                    case 1 -> labels.put(name, "y");
                    default -> {}
                }
            }
            data.add(labels);
        }
        return data.stream().distinct().toList();
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String labels(Random random) {
        List<String> some = new ArrayList<>(List.of("a", "b", "c", "d", "le"));
        some.removeIf(label -> random.nextBoolean());
        return "(" + String.join(",", some) + ")";
    }

    private static String selector(Random random) {
        String name = any(random, List.of("m", "n", "m", "n", "{__name__=~\"m|n\"}"));
        List<String> matchers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            matchers.add(any(random, LABELS)
                    + any(
                            random,
                            List.of(
                                    "=\"x\"",
                                    "=\"\"",
                                    "!=\"\"",
                                    "=~\"x|y\"",
                                    "=~\"x|\"",
                                    "!~\"x|\"",
                                    "!=\"y\"",
                                    "=\"y\"")));
        }
        return matchers.isEmpty() || name.startsWith("{") ? name : name + "{" + String.join(",", matchers) + "}";
    }

    private static String query(Random random, int depth) {
        String query = vector(random, depth);
        while (!PromQl.tryParse(query).isValid()) {
            query = vector(random, depth);
        }
        return query;
    }

    private static String vector(Random random, int depth) {
        if (depth == 0) {
            return selector(random);
        }
        String below = vector(random, depth - 1);
        return switch (random.nextInt(14)) {
            case 0 -> selector(random);
            case 1 -> "(" + below + ")";
            case 2 -> any(random, List.of("-", "+")) + "(" + below + ")";
            case 3 ->
                any(random, List.of("abs", "sort", "absent", "histogram_quantile(0.9, "))
                                .replaceAll("(\\w)$", "$1(") + below + ")";
            case 4 -> any(random, List.of("rate", "max_over_time", "last_over_time")) + "((" + below + ")[5m:1m])";
            case 5 ->
                "label_replace(" + below + ", \"" + any(random, LABELS) + "\", \""
                        + any(random, List.of("", "x", "$1", "$1y")) + "\", \""
                        + any(random, List.of("a", "b", "d", ""))
                        + "\", \"" + any(random, List.of("(.*)", "x()", "()", ".*()")) + "\")";
            case 6 ->
                "label_join(" + below + ", \"" + any(random, LABELS) + "\", \"" + any(random, List.of("", "-"))
                        + any(random, List.of("\", \"a\", \"c\")", "\", \"b\")", "\")"));
            case 7, 8 ->
                any(random, List.of("sum", "count", "topk(1, ", "limitk(1, ", "count_values(\"v\", "))
                                .replaceAll("(\\w)$", "$1(")
                        + below + ")" + any(random, List.of(" by ", " without ")) + labels(random);
            case 9 -> "(" + below + any(random, List.of(" > 1", " == bool 1", " * 2")) + ")";
            case 10 -> "vector(1)";
            case 11 ->
                "(" + below + any(random, List.of(" or ", " and ", " unless ")) + clause(random)
                        + vector(random, depth - 1) + ")";
            default ->
                "(" + below + any(random, List.of(" / ", " > ", " >= bool ")) + clause(random)
                        + any(random, List.of("", "", "group_left (d) ", "group_right (a) ", "group_left () "))
                        + vector(random, depth - 1) + ")";
        };
    }

    private static String clause(Random random) {
        return any(random, List.of(" on ", " ignoring "))
                + labels(random).replace("d,", "").replace("d", "");
    }
}
