package dev.tentpole.promql;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the nodes of a tree have below them and above them, found in two passes. */
final class Traits {

    // Below a node, or the node itself.
    /** A template variable, other than in a matcher's value. */
    static final int TEMPLATE = 1;
    /** A function that takes the growth of something: rate, increase and the like. */
    static final int GROWTH = 1 << 1;
    /** A range selector or a subquery. */
    static final int RANGE = 1 << 2;

    /** A selector, or what may be one. */
    static final int SELECTOR = 1 << 3;

    // Above a node.
    /** Something that makes sense of a counter as it is. */
    static final int COUNTER_TAKEN = 1 << 8;
    /** An aggregation that counts series and does not look at their values. */
    static final int COUNTED = 1 << 9;
    /** A function that reads histograms. */
    static final int HISTOGRAM_READ = 1 << 10;

    static final int FIRST_ABOVE = COUNTER_TAKEN;

    private final Outline outline;
    private final int[] flags;
    private @Nullable Set<String> shifted;
    private @Nullable Set<String> lows;

    Traits(Outline outline) {
        this.outline = outline;
        this.flags = new int[outline.size()];
        for (int i = outline.size() - 1; i >= 0; i--) {
            flags[i] |= own(outline.node(i));
            if (i > 0) {
                flags[outline.parent(i)] |= flags[i];
            }
        }
        for (int i = 1; i < flags.length; i++) {
            int parent = outline.parent(i);
            flags[i] |= (flags[parent] & -FIRST_ABOVE) | given(outline.node(parent), parent, i);
        }
    }

    boolean has(int index, int flag) {
        return (flags[index] & flag) != 0;
    }

    /** {@return whether the query also looks at the metric at another time, so that differences are taken by hand} */
    boolean isShifted(String metric, Analysis analysis) {
        if (shifted == null) {
            Set<String> names = new HashSet<>();
            for (int i = 0; i < outline.size(); i++) {
                if (outline.node(i) instanceof Expr.Selection selection
                        && (selection.modifiers().offset().isPresent()
                                || selection.modifiers().at().isPresent())) {
                    int inner = outline.inside(selection instanceof Expr.Subquery ? i + 1 : i);
                    names.add(analysis.metricBelow(inner));
                }
            }
            shifted = names;
        }
        return shifted.contains(metric);
    }

    /** {@return whether the query takes the lowest value of the metric over some time} */
    boolean hasLow(String metric, Analysis analysis) {
        if (lows == null) {
            Set<String> names = new HashSet<>();
            for (int i = 0; i < outline.size(); i++) {
                if (outline.node(i) instanceof Expr.Call call
                        && (call.function().name().equals("min_over_time")
                                || call.function().name().equals("first_over_time"))) {
                    names.add(analysis.metricBelow(i + 1));
                }
            }
            lows = names;
        }
        return lows.contains(metric);
    }

    static boolean isGrowth(String function) {
        return switch (function) {
            case "rate", "irate", "increase", "delta", "idelta", "deriv" -> true;
            default -> false;
        };
    }

    /** {@return whether a function is made for counters} */
    static boolean isCounterFunction(String function) {
        return switch (function) {
            case "rate", "irate", "increase" -> true;
            default -> false;
        };
    }

    private static int own(Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            return SELECTOR | (isTemplated(selector) ? TEMPLATE : 0);
        }
        if (node instanceof Expr.MatrixSelector matrix) {
            return RANGE | (isTemplated(matrix.window()) ? TEMPLATE : 0);
        }
        if (node instanceof Expr.Subquery subquery) {
            boolean templated = isTemplated(subquery.window())
                    || subquery.step().map(Traits::isTemplated).orElse(false);
            return RANGE | (templated ? TEMPLATE : 0);
        }
        if (node instanceof Expr.Call call) {
            return isGrowth(call.function().name()) ? GROWTH : 0;
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return aggregation.grouping().templated() ? TEMPLATE : 0;
        }
        if (node instanceof Expr.Binary binary) {
            return binary.matching().templated() ? TEMPLATE : 0;
        }
        return node instanceof Expr.Placeholder || node instanceof Expr.TemplateCall ? TEMPLATE | SELECTOR : 0;
    }

    private static boolean isTemplated(Expr.VectorSelector selector) {
        if (Templates.occursIn(selector.name())) {
            return true;
        }
        for (Matcher matcher : selector.matchers()) {
            if (matcher.templated() || matcher.op() == Matcher.Op.PLACEHOLDER) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTemplated(DurationExpr duration) {
        return !(duration instanceof DurationExpr.Literal) && Templates.occursIn(duration.toString());
    }

    private int given(Expr parent, int parentIndex, int child) {
        if (parent instanceof Expr.Call call) {
            String function = call.function().name();
            int flags = isRangeFunction(call) || function.equals("timestamp") || function.equals("absent")
                    ? COUNTER_TAKEN
                    : 0;
            return function.startsWith("histogram_") ? flags | HISTOGRAM_READ : flags;
        }
        if (parent instanceof Expr.Aggregation aggregation) {
            return switch (aggregation.op()) {
                case COUNT, GROUP -> COUNTED | COUNTER_TAKEN;
                default -> 0;
            };
        }
        boolean right = parent instanceof Expr.Binary && child != parentIndex + 1;
        boolean exists = right
                && (((Expr.Binary) parent).op() == BinaryOp.AND || ((Expr.Binary) parent).op() == BinaryOp.UNLESS);
        // What a template calls may make sense of anything.
        return exists || parent instanceof Expr.TemplateCall ? COUNTER_TAKEN : 0;
    }

    static boolean isRangeFunction(Expr.Call call) {
        return call.function().argumentTypes().contains(ValueType.RANGE_VECTOR);
    }
}
