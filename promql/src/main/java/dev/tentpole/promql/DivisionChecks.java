package dev.tentpole.promql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about quotients: what becomes of a divisor that is zero, and averages of quotients. */
final class DivisionChecks implements Check {

    private static final int LEVELS = 32;
    private static final String QUANTILE = "quantile";

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Binary binary && isDivision(binary)) {
            division(analysis, index);
        } else if (node instanceof Expr.Aggregation aggregation && aggregation.op() == AggregateOp.AVG) {
            average(analysis, index);
        }
    }

    private static boolean isDivision(Expr.Binary binary) {
        return binary.op() == BinaryOp.DIV || binary.op() == BinaryOp.MOD;
    }

    private static void division(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int divisor = outline.child(index, 1);
        if (analysis.flow().at(divisor).isScalar() || !canBeZero(analysis, divisor, LEVELS)) {
            return;
        }
        int node = index;
        boolean plain = ((Expr.Binary) outline.node(index)).op() == BinaryOp.DIV;
        for (int level = 0; level < LEVELS; level++) {
            int parent = outline.parent(node);
            if (parent < 0) {
                return;
            }
            Expr above = outline.node(parent);
            if (above instanceof Expr.Aggregation aggregation) {
                aggregated(analysis, index, divisor, aggregation);
                return;
            }
            if (above instanceof Expr.Binary outer && outer.op().isComparison()) {
                compared(analysis, index, divisor, outer, parent, node, plain);
                return;
            }
            boolean passes = above instanceof Expr.Paren
                    || above instanceof Expr.Unary
                    || (above instanceof Expr.Binary outer && outer.op().precedence() >= BinaryOp.ADD.precedence());
            if (!passes) {
                return;
            }
            plain &= above instanceof Expr.Paren
                    || (above instanceof Expr.Binary outer && outer.op() == BinaryOp.MUL && isPositive(other(outer)));
            node = parent;
        }
    }

    private static Expr other(Expr.Binary binary) {
        return binary.left() instanceof Expr.NumberLiteral ? binary.left() : binary.right();
    }

    private static void aggregated(Analysis analysis, int index, int divisor, Expr.Aggregation aggregation) {
        switch (aggregation.op()) {
            case SUM, AVG, STDDEV, STDVAR ->
                analysis.found(
                                Rule.NAN_IN_AGGREGATION,
                                index,
                                "where both sides are zero the quotient is not a number, and neither is "
                                        + aggregation.op().symbol()
                                        + "() of a group with one of those; leave zeros out")
                        .fix(() -> guarded(analysis, divisor))
                        .add();
            default -> {}
        }
    }

    private static void compared(
            Analysis analysis, int index, int divisor, Expr.Binary comparison, int at, int quotient, boolean plain) {
        Outline outline = analysis.outline();
        int above = outline.above(at);
        boolean alone = above < 0 || (outline.node(above) instanceof Expr.Binary outer && outer.op() == BinaryOp.OR);
        boolean exceeds = comparison.op() == BinaryOp.GT || comparison.op() == BinaryOp.GE;
        if (!analysis.isAlert()
                || !alone
                || quotient != at + 1
                || comparison.bool()
                || (exceeds && isPartOfWhole(analysis, index, divisor))) {
            return;
        }
        String effect = switch (comparison.op()) {
            case GT, GE -> plain ? "0/0 never fires and x/0 always does" : "0/0 never fires";
            case NE -> plain ? "both 0/0 and x/0 fire" : "0/0 fires";
            default -> plain ? "neither 0/0 nor x/0 fires" : "0/0 never fires";
        };
        analysis.found(
                        Rule.NAN_IN_ALERT,
                        index,
                        "where the divisor is zero, " + effect + "; if that is not meant, leave zeros out")
                .fix(() -> guarded(analysis, divisor))
                .add();
    }

    /** {@return whether both sides are of one metric, so that nothing is divided by zero but zero, which is no alarm} */
    private static boolean isPartOfWhole(Analysis analysis, int index, int divisor) {
        String part = metricOf(analysis, index + 1);
        return !part.isEmpty() && part.equals(metricOf(analysis, divisor));
    }

    /** {@return the metric that an expression is made of, if it is one of rates and aggregations only} */
    private static String metricOf(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS; level++) {
            Expr expr = outline.node(node);
            if (expr instanceof Expr.Aggregation) {
                node = outline.operand(node);
            } else if (expr instanceof Expr.Paren
                    || (expr instanceof Expr.Call call
                            && Traits.isCounterFunction(call.function().name()))) {
                node++;
            } else {
                return analysis.metricBelow(node);
            }
        }
        return "";
    }

    private static Finding.@Nullable Fix guarded(Analysis analysis, int divisor) {
        Expr inner = analysis.outline().node(analysis.outline().inside(divisor));
        return analysis.replace(
                divisor, new Expr.Paren(new Expr.Binary(inner, BinaryOp.GT, new Expr.NumberLiteral(0))));
    }

    /** {@return whether an expression is zero when nothing happens: it is a rate, or made of one} */
    private static boolean canBeZero(Analysis analysis, int index, int levels) {
        int inner = analysis.outline().inside(index);
        Expr node = analysis.outline().node(inner);
        if (node instanceof Expr.Binary binary) {
            boolean positive = binary.op() == BinaryOp.ADD && (isPositive(binary.left()) || isPositive(binary.right()));
            // Whoever compares or combines has thought of it.
            return !positive
                    && !binary.op().isComparison()
                    && !binary.op().isSetOperator()
                    && analysis.traits().has(inner, Traits.GROWTH);
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return aggregation.op() != AggregateOp.COUNT
                    && aggregation.op() != AggregateOp.GROUP
                    && levels > 0
                    && canBeZero(analysis, analysis.outline().operand(inner), levels - 1);
        }
        if (node instanceof Expr.Call call) {
            return switch (call.function().name()) {
                case "clamp_min", "clamp" -> !isPositive(call.arguments().get(1));
                case "count_over_time", "present_over_time" -> false;
                default -> analysis.traits().has(inner, Traits.GROWTH);
            };
        }
        return isRecordedRate(analysis, inner);
    }

    private static boolean isRecordedRate(Analysis analysis, int index) {
        String metric = analysis.metricBelow(index);
        int operations = metric.lastIndexOf(':');
        return operations >= 0
                && (metric.indexOf("rate", operations) >= 0 || metric.indexOf("increase", operations) >= 0);
    }

    private static boolean isPositive(Expr expr) {
        return expr instanceof Expr.NumberLiteral number && number.value() > 0;
    }

    private static void average(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int operand = outline.inside(outline.operand(index));
        Expr node = outline.node(operand);
        String what = null;
        if (node instanceof Expr.Call call && call.function().name().equals("histogram_quantile")) {
            what = "quantiles";
        } else if (node instanceof Expr.VectorSelector selector) {
            if (hasQuantile(selector.matchers())) {
                what = "quantiles";
            } else if (analysis.metric(operand).endsWith("_avg")) {
                what = "averages";
            }
        } else if (node instanceof Expr.Binary binary
                && binary.op() == BinaryOp.DIV
                && isPartOf(analysis, index, operand + 1, "_sum")
                && isPartOf(analysis, index, outline.child(operand, 1), "_count")) {
            what = "averages";
        }
        if (what != null) {
            analysis.found(
                            Rule.AVERAGE_OF_AVERAGES,
                            index,
                            "an average over " + what + " counts each the same, however much it stands for; "
                                    + (what.equals("averages")
                                            ? "divide the sum of all sums by the sum of all counts"
                                            : "take the quantile of the buckets of all, added up"))
                    .add();
        }
    }

    private static boolean hasQuantile(List<Matcher> matchers) {
        for (Matcher matcher : matchers) {
            if (matcher.name().equals(QUANTILE)
                    && matcher.op() == Matcher.Op.EQUAL
                    && !matcher.value().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether an operand is a metric with an ending, or a rate of one} */
    private static boolean isPartOf(Analysis analysis, int index, int operand, String ending) {
        Outline outline = analysis.outline();
        int node = outline.inside(operand);
        if (outline.node(node) instanceof Expr.Call call
                && Traits.isCounterFunction(call.function().name())) {
            node = outline.inside(node + 1);
        }
        return node < outline.end(index) && analysis.metricBelow(node).endsWith(ending);
    }
}
