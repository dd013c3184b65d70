package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A tiny evaluator of PromQL that knows labels only: whether a comparison holds, and which series {@code topk} takes, is
 * left to chance. Where Prometheus fails because series do not match one to one, all pairs are taken.
 */
final class LabelModel {

    /** A series, and which series of each selector, by its place in the outline, it was made from. */
    record Series(Map<String, String> labels, Map<Integer, Set<Map<String, String>>> sources) {

        Series with(UnaryOperator<Map<String, String>> change) {
            Map<String, String> changed = change.apply(new TreeMap<>(labels));
            changed.values().removeIf(String::isEmpty);
            return new Series(changed, sources);
        }

        Series and(Series other) {
            Map<Integer, Set<Map<String, String>>> all = new HashMap<>();
            sources.forEach((selector, from) -> all.put(selector, new HashSet<>(from)));
            other.sources.forEach((selector, from) ->
                    all.computeIfAbsent(selector, key -> new HashSet<>()).addAll(from));
            return new Series(labels, all);
        }
    }

    private final Outline outline;
    private final List<Map<String, String>> data;
    private final Random random;

    LabelModel(Outline outline, List<Map<String, String>> data, Random random) {
        this.outline = outline;
        this.data = data;
        this.random = random;
    }

    List<Series> evaluate(int index) {
        Expr node = outline.node(index);
        if (node instanceof Expr.VectorSelector selector) {
            return data.stream()
                    .filter(labels -> selector.allMatchers().stream()
                            .allMatch(matcher -> matcher.matches(labels.getOrDefault(matcher.name(), ""))))
                    .map(labels -> new Series(labels, Map.of(index, Set.of(labels))))
                    .toList();
        }
        if (node instanceof Expr.Paren || node instanceof Expr.Selection) {
            return evaluate(index + 1);
        }
        if (node instanceof Expr.Unary unary) {
            return unary.negative() ? unnamed(evaluate(index + 1)) : evaluate(index + 1);
        }
        if (node instanceof Expr.Call call) {
            return called(call, index);
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return aggregated(aggregation, evaluate(outline.operand(index)));
        }
        if (node instanceof Expr.Binary binary) {
            return joined(binary, index);
        }
        throw new IllegalArgumentException("a scalar");
    }

    private static List<Series> unnamed(List<Series> all) {
        return without(all, Matcher.METRIC_NAME);
    }

    private static List<Series> without(List<Series> all, String name) {
        return changed(all, labels -> {
            labels.remove(name);
            return labels;
        });
    }

    private static List<Series> changed(List<Series> all, UnaryOperator<Map<String, String>> change) {
        return merged(all.stream().map(series -> series.with(change)).toList());
    }

    /** Series with the same labels become one. */
    private static List<Series> merged(List<Series> all) {
        Map<Map<String, String>, Series> byLabels = new LinkedHashMap<>();
        all.forEach(series -> byLabels.merge(series.labels(), series, Series::and));
        return new ArrayList<>(byLabels.values());
    }

    private List<Series> some(List<Series> all) {
        return all.stream().filter(series -> random.nextInt(4) > 0).toList();
    }

    private static String text(Expr.Call call, int number) {
        return ((Expr.StringLiteral) call.arguments().get(number)).value();
    }

    private List<Series> called(Expr.Call call, int index) {
        Series empty = new Series(Map.of(), Map.of());
        return switch (call.function().name()) {
            case "vector" -> List.of(empty);
            case "absent" -> {
                Map<String, String> labels = new TreeMap<>();
                Set<String> seen = new HashSet<>();
                if (call.arguments().get(0) instanceof Expr.VectorSelector selector) {
                    for (Matcher matcher : selector.matchers()) {
                        if (matcher.op() == Matcher.Op.EQUAL && seen.add(matcher.name())) {
                            labels.put(matcher.name(), matcher.value());
                        } else {
                            labels.remove(matcher.name());
                        }
                    }
                }
                labels.values().removeIf(String::isEmpty);
                yield evaluate(index + 1).isEmpty() ? List.of(new Series(labels, Map.of())) : List.of();
            }
            case "sort", "last_over_time" -> evaluate(index + 1);
            case "rate", "max_over_time" -> some(unnamed(evaluate(index + 1)));
            case "histogram_quantile" -> without(unnamed(evaluate(outline.child(index, 1))), "le");
            case "label_replace" ->
                changed(evaluate(index + 1), labels -> {
                    String source = labels.getOrDefault(text(call, 3), "");
                    java.util.regex.Matcher found =
                            java.util.regex.Pattern.compile(text(call, 4)).matcher(source);
                    if (found.matches()) {
                        labels.put(text(call, 1), found.replaceFirst(text(call, 2)));
                    }
                    return labels;
                });
            case "label_join" ->
                changed(evaluate(index + 1), labels -> {
                    List<String> values = new ArrayList<>();
                    for (int i = 3; i < call.arguments().size(); i++) {
                        values.add(labels.getOrDefault(text(call, i), ""));
                    }
                    labels.put(text(call, 1), String.join(text(call, 2), values));
                    return labels;
                });
            default -> unnamed(evaluate(index + 1));
        };
    }

    private List<Series> aggregated(Expr.Aggregation aggregation, List<Series> operand) {
        Grouping grouping = aggregation.grouping();
        return switch (aggregation.op()) {
            case TOPK, LIMITK -> some(operand);
            default ->
                changed(operand, labels -> {
                    if (grouping.without()) {
                        labels.keySet().removeAll(grouping.labels());
                        labels.remove(Matcher.METRIC_NAME);
                    } else {
                        labels.keySet().retainAll(grouping.labels());
                    }
                    if (aggregation.op() == AggregateOp.COUNT_VALUES) {
                        labels.put(((Expr.StringLiteral) aggregation.parameter().orElseThrow()).value(), "1");
                    }
                    return labels;
                });
        };
    }

    private List<Series> joined(Expr.Binary binary, int index) {
        boolean filter = binary.op().isComparison() && !binary.bool();
        boolean leftVector = Trees.isVector(binary.left());
        if (!leftVector || !Trees.isVector(binary.right())) {
            List<Series> vector = evaluate(leftVector ? index + 1 : outline.child(index, 1));
            return filter ? some(vector) : unnamed(vector);
        }
        List<Series> left = evaluate(index + 1);
        List<Series> right = evaluate(outline.child(index, 1));
        VectorMatching matching = binary.matching();
        switch (binary.op()) {
            case OR -> {
                List<Series> all = new ArrayList<>(left);
                right.stream()
                        .filter(series -> left.stream().noneMatch(other -> matches(series, other, matching)))
                        .forEach(all::add);
                return merged(all);
            }
            case UNLESS -> {
                return left.stream()
                        .filter(series -> right.stream().noneMatch(other -> matches(series, other, matching)))
                        .toList();
            }
            default -> {}
        }
        boolean rightMany = matching.group() == VectorMatching.Group.RIGHT;
        List<Series> pairs = new ArrayList<>();
        for (Series one : rightMany ? left : right) {
            for (Series many : rightMany ? right : left) {
                if (matches(many, one, matching)) {
                    Series pair = many.and(one);
                    pairs.add(
                            binary.op() == BinaryOp.AND
                                    ? pair
                                    : pair.with(labels -> {
                                        if (!filter) {
                                            labels.remove(Matcher.METRIC_NAME);
                                        }
                                        if (matching.group() == VectorMatching.Group.NONE) {
                                            if (matching.on()) {
                                                labels.keySet().retainAll(matching.labels());
                                            } else {
                                                labels.keySet().removeAll(matching.labels());
                                            }
                                        }
                                        matching.include()
                                                .forEach(name -> labels.put(
                                                        name, one.labels().getOrDefault(name, "")));
                                        return labels;
                                    }));
                }
            }
        }
        return filter ? some(merged(pairs)) : merged(pairs);
    }

    private static boolean matches(Series left, Series right, VectorMatching matching) {
        Set<String> names = new HashSet<>(left.labels().keySet());
        names.addAll(right.labels().keySet());
        if (matching.on()) {
            names.clear();
            names.addAll(matching.labels());
        } else {
            names.removeAll(matching.labels());
            names.remove(Matcher.METRIC_NAME);
        }
        return names.stream()
                .allMatch(name -> left.labels()
                        .getOrDefault(name, "")
                        .equals(right.labels().getOrDefault(name, "")));
    }
}
