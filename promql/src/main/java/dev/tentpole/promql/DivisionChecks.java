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
        if (analysis.flow().at(divisor).isScalar() || !Zeros.isZeroAtRest(analysis, divisor)) {
            return;
        }
        int node = index;
        boolean plain = ((Expr.Binary) outline.node(index)).op() == BinaryOp.DIV;
        boolean turned = false;
        for (int level = 0; level < LEVELS; level++) {
            int parent = outline.parent(node);
            if (parent < 0) {
                return;
            }
            Expr above = outline.node(parent);
            if (above instanceof Expr.Aggregation aggregation) {
                aggregated(analysis, divisor, aggregation);
                return;
            }
            if (above instanceof Expr.Binary outer && outer.op().isComparison()) {
                if (isAlone(analysis, outer, parent, node)) {
                    compared(analysis, index, divisor, outer.op(), plain, turned);
                }
                return;
            }
            boolean passes = above instanceof Expr.Paren
                    || above instanceof Expr.Unary
                    || (above instanceof Expr.Binary outer && outer.op().precedence() >= BinaryOp.ADD.precedence());
            if (!passes) {
                return;
            }
            plain &= above instanceof Expr.Paren
                    || above instanceof Expr.Unary
                    || (above instanceof Expr.Binary outer && isStraight(outer, node == parent + 1));
            turned ^= (above instanceof Expr.Unary unary && unary.negative())
                    || (above instanceof Expr.Binary outer && outer.op() == BinaryOp.SUB && node != parent + 1);
            node = parent;
        }
    }

    /** {@return whether infinity stays infinity, and keeps its sign but for a minus in front} */
    private static boolean isStraight(Expr.Binary outer, boolean onLeft) {
        Expr other = onLeft ? outer.right() : outer.left();
        return switch (outer.op()) {
            case ADD, SUB -> other instanceof Expr.NumberLiteral;
            case MUL -> Zeros.isPositive(other);
            case DIV -> onLeft && Zeros.isPositive(other);
            default -> false;
        };
    }

    private static void aggregated(Analysis analysis, int divisor, Expr.Aggregation aggregation) {
        switch (aggregation.op()) {
            case SUM, AVG, STDDEV, STDVAR ->
                analysis.found(
                                Rule.NAN_IN_AGGREGATION,
                                divisor,
                                "where this and what it divides are both zero the quotient is not a number, and neither is "
                                        + aggregation.op().symbol()
                                        + "() of a group with one of those; leave zeros out")
                        .fix(() -> guarded(analysis, divisor))
                        .add();
            default -> {}
        }
    }

    /** {@return whether a comparison with a quotient on its left decides alone whether an alert fires} */
    private static boolean isAlone(Analysis analysis, Expr.Binary comparison, int at, int quotient) {
        int above = analysis.outline().above(at);
        boolean top =
                above < 0 || (analysis.outline().node(above) instanceof Expr.Binary outer && outer.op() == BinaryOp.OR);
        return analysis.isAlert() && top && quotient == at + 1 && !comparison.bool();
    }

    /**
     * Tells what a divisor of zero does to an alert. Only zeros that fire are worth leaving out: without them nothing fires
     * either.
     *
     * @param plain whether what is compared is infinite if the quotient is
     * @param turned whether what is compared falls when the quotient rises
     */
    private static void compared(
            Analysis analysis, int index, int divisor, BinaryOp comparison, boolean plain, boolean turned) {
        boolean exceeds = comparison == BinaryOp.GT || comparison == BinaryOp.GE;
        boolean falls = comparison == BinaryOp.LT || comparison == BinaryOp.LE;
        boolean part = Parts.isPartOfWhole(analysis, index + 1, divisor);
        if (part && (exceeds || (falls && turned))) {
            // Nothing happens, which is no alarm.
            return;
        }
        boolean infinite = plain && !part;
        boolean differs = comparison == BinaryOp.NE;
        boolean fires = differs || (infinite && (turned ? falls : exceeds));
        String effect;
        if (differs) {
            effect = infinite ? "both 0/0 and x/0 fire" : "0/0 fires";
        } else if (infinite) {
            effect = fires ? "0/0 never fires and x/0 always does" : "neither 0/0 nor x/0 fires";
        } else {
            effect = "0/0 never fires";
        }
        analysis.found(
                        Rule.NAN_IN_ALERT,
                        divisor,
                        "where this is zero, " + effect
                                + (fires
                                        ? "; if that is not meant, leave zeros out"
                                        : "; if that is to be noticed, alert on the zero itself"))
                .fix(() -> fires ? guarded(analysis, divisor) : null)
                .add();
    }

    private static Finding.@Nullable Fix guarded(Analysis analysis, int divisor) {
        Expr inner = analysis.outline().node(analysis.outline().inside(divisor));
        return analysis.replace(
                divisor, new Expr.Paren(new Expr.Binary(inner, BinaryOp.GT, new Expr.NumberLiteral(0))));
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
