package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Drops sorting whose order nobody can see. The order passes through functions and operators to the result of an instant
 * query; a range query's result has an order of its own.
 *
 * <p>{@code sort} and {@code sort_desc} also drop native histograms, so it matters whether there can be any.
 */
final class SortTrimming {

    private static final String REASON = "Nothing further up depends on the order of the series.";

    private SortTrimming() {}

    static Expr apply(Expr root, boolean rangeQuery, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        Hazards hazards = null;
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = edit.current(i);
            if (!(node instanceof Expr.Call call)
                    || !isSort(call)
                    || call.arguments().isEmpty()) {
                continue;
            }
            hazards = hazards == null ? Hazards.of(outline) : hazards;
            Exactness exactness = exactness(outline, hazards, i, call, rangeQuery);
            if (exactness != null && steps.allows(exactness)) {
                Expr operand = edit.done(i + 1);
                steps.add(Rule.TRIM_SORT, exactness, node, operand, REASON);
                edit.set(i, operand);
            }
        }
        return edit.root();
    }

    private static boolean isSort(Expr.Call call) {
        return switch (call.function().name()) {
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" -> true;
            default -> false;
        };
    }

    private static @Nullable Exactness exactness(
            Outline outline, Hazards hazards, int index, Expr.Call call, boolean rangeQuery) {
        Exactness order = orderHidden(outline, hazards, index, rangeQuery);
        boolean byLabel = call.function().name().startsWith("sort_by_label");
        return order == null || byLabel || isFloat(outline, index + 1) ? order : Exactness.APPROXIMATE;
    }

    /** {@return how exact the result is in another order, or null if the order is what counts} */
    private static @Nullable Exactness orderHidden(Outline outline, Hazards hazards, int index, boolean rangeQuery) {
        Exactness exactness = Exactness.EXACT;
        int node = index;
        for (int parent = outline.parent(node); parent >= 0; parent = outline.parent(node)) {
            Expr outer = outline.node(parent);
            if (outer instanceof Expr.Call call) {
                if (node == outline.child(parent, 0) && call.function().name().equals("scalar")) {
                    return exactness;
                }
                if (!isPerSeries(call)) {
                    return null;
                }
            } else if (outer instanceof Expr.Aggregation aggregation) {
                switch (aggregation.op()) {
                    case TOPK, BOTTOMK, LIMITK -> {
                        return null;
                    }
                    case COUNT, GROUP, COUNT_VALUES, LIMIT_RATIO -> {
                        // The order of groups is the order of their first series.
                    }
                    default -> exactness = Exactness.APPROXIMATE;
                }
                if (aggregation.grouping().isNone()
                        && aggregation.op() != AggregateOp.COUNT_VALUES
                        && aggregation.op() != AggregateOp.LIMIT_RATIO) {
                    return exactness;
                }
            } else if (outer instanceof Expr.Binary binary) {
                if (isOnlyLookedUp(binary, node == parent + 1)) {
                    // The error about two equal series names the first two.
                    boolean named = !binary.op().isSetOperator()
                            && !hazards.isDistinct(node, LabelPaths.matching(binary.matching()));
                    return named && exactness == Exactness.EXACT ? Exactness.EXCEPT_ANNOTATIONS : exactness;
                }
            } else if (outer instanceof Expr.TemplateCall) {
                return null;
            }
            node = parent;
        }
        return rangeQuery ? exactness : null;
    }

    /** {@return whether a function makes one series of each, whatever it is and whatever the others are} */
    private static boolean isPerSeries(Expr.Call call) {
        return !isSort(call)
                && switch (call.function().name()) {
                    case "timestamp",
                            "start_timestamp",
                            "absent",
                            "absent_over_time",
                            "info",
                            "histogram_quantile",
                            "histogram_quantiles",
                            "histogram_fraction" -> false;
                    default -> true;
                };
    }

    /** {@return whether the series of a side are only looked up by those of the other one} */
    private static boolean isOnlyLookedUp(Expr.Binary binary, boolean left) {
        VectorMatching matching = binary.matching();
        if (!Trees.isVector(binary.left())
                || !Trees.isVector(binary.right())
                || matching.fillLeft().isPresent()
                || matching.fillRight().isPresent()) {
            return false;
        }
        return switch (binary.op()) {
            case OR -> false;
            case AND, UNLESS -> !left;
            default -> (matching.group() == VectorMatching.Group.RIGHT) == left;
        };
    }

    /** {@return whether a node's series are certain to have plain numbers as values} */
    private static boolean isFloat(Outline outline, int index) {
        Expr node = outline.node(outline.inside(index));
        if (node instanceof Expr.Aggregation aggregation) {
            return switch (aggregation.op()) {
                case SUM, AVG, LIMITK, LIMIT_RATIO -> false;
                default -> true;
            };
        }
        return node instanceof Expr.Call call
                && switch (call.function().name()) {
                    case "count_over_time",
                            "changes",
                            "resets",
                            "present_over_time",
                            "max_over_time",
                            "min_over_time",
                            "quantile_over_time",
                            "stddev_over_time",
                            "stdvar_over_time",
                            "deriv",
                            "predict_linear",
                            "histogram_quantile",
                            "histogram_count",
                            "histogram_sum",
                            "histogram_avg",
                            "histogram_fraction",
                            "abs",
                            "ceil",
                            "floor",
                            "round",
                            "clamp",
                            "clamp_max",
                            "clamp_min",
                            "exp",
                            "ln",
                            "log2",
                            "log10",
                            "sqrt",
                            "sgn",
                            "timestamp",
                            "vector" -> true;
                    default -> false;
                };
    }
}
