package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Drops sorting whose order nobody can see, as {@link HiddenOrder} knows it.
 *
 * <p>{@code sort} and {@code sort_desc} also drop native histograms, so it matters whether there can be any.
 */
final class SortTrimming {

    private static final String REASON = "Nothing further up depends on the order of the series.";

    private SortTrimming() {}

    static Expr apply(Expr root, boolean rangeQuery, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        HiddenOrder order = null;
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = edit.current(i);
            if (!(node instanceof Expr.Call call)
                    || !isSort(call)
                    || call.arguments().isEmpty()) {
                continue;
            }
            order = order == null ? HiddenOrder.of(outline, rangeQuery) : order;
            Exactness exactness = exactness(outline, order, i, call);
            if (exactness != null && steps.allows(exactness)) {
                Expr operand = edit.done(i + 1);
                steps.add(Rule.TRIM_SORT, exactness, node, operand, REASON);
                edit.set(i, operand);
            }
        }
        return edit.root();
    }

    static boolean isSort(Expr.Call call) {
        return switch (call.function().name()) {
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" -> true;
            default -> false;
        };
    }

    private static @Nullable Exactness exactness(Outline outline, HiddenOrder order, int index, Expr.Call call) {
        Exactness exactness = order.at(index);
        boolean byLabel = call.function().name().startsWith("sort_by_label");
        return exactness == null || byLabel || isFloat(outline, index + 1) ? exactness : Exactness.APPROXIMATE;
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
