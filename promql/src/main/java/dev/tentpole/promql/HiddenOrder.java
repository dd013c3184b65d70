package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import org.jspecify.annotations.Nullable;

/**
 * How exact the result is if the series of a node come in another order. The order passes through functions and operators
 * to the result of an instant query; a range query's result has an order of its own.
 */
final class HiddenOrder {

    private final Outline outline;
    private final Hazards hazards;
    /** How exact the result is; null where the order is what counts. */
    private final @Nullable Exactness[] nodes;

    private HiddenOrder(Outline outline) {
        this.outline = outline;
        this.hazards = Hazards.of(outline);
        this.nodes = new Exactness[outline.size()];
    }

    static HiddenOrder of(Outline outline, boolean rangeQuery) {
        HiddenOrder order = new HiddenOrder(outline);
        order.nodes[0] = rangeQuery ? Exactness.EXACT : null;
        for (int i = 1; i < outline.size(); i++) {
            order.nodes[i] = order.look(i, outline.parent(i));
        }
        return order;
    }

    /** {@return how exact the result is in another order of a node's series, or null if the order is what counts} */
    @Nullable
    Exactness at(int index) {
        return nodes[index];
    }

    private @Nullable Exactness look(int index, int parent) {
        Expr outer = outline.node(parent);
        Exactness above = nodes[parent];
        if (outer instanceof Expr.Call call) {
            boolean scalar = index == parent + 1 && call.function().name().equals("scalar");
            return scalar ? Exactness.EXACT : isPerSeries(call) ? above : null;
        }
        if (outer instanceof Expr.Aggregation aggregation) {
            return aggregated(aggregation, above);
        }
        if (outer instanceof Expr.Binary binary && isOnlyLookedUp(binary, index == parent + 1)) {
            // The error about two equal series names the first two.
            boolean named =
                    !binary.op().isSetOperator() && !hazards.isDistinct(index, LabelPaths.matching(binary.matching()));
            return named ? Exactness.EXCEPT_ANNOTATIONS : Exactness.EXACT;
        }
        return outer instanceof Expr.TemplateCall ? null : above;
    }

    private static @Nullable Exactness aggregated(Expr.Aggregation aggregation, @Nullable Exactness above) {
        Exactness values;
        switch (aggregation.op()) {
            case TOPK, BOTTOMK, LIMITK -> {
                return null;
            }
            // The order of groups is the order of their first series.
            case COUNT, GROUP, COUNT_VALUES, LIMIT_RATIO -> values = Exactness.EXACT;
            default -> values = Exactness.APPROXIMATE;
        }
        boolean single = aggregation.grouping().isNone()
                && aggregation.op() != AggregateOp.COUNT_VALUES
                && aggregation.op() != AggregateOp.LIMIT_RATIO;
        return single || (above != null && values.compareTo(above) > 0) ? values : above;
    }

    /** {@return whether a function makes one series of each, whatever it is and whatever the others are} */
    private static boolean isPerSeries(Expr.Call call) {
        return !SortTrimming.isSort(call)
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
}
