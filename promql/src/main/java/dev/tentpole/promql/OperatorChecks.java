package dev.tentpole.promql;

/** Rules about operators that are read otherwise than they bind, and comparisons that do otherwise than they seem to. */
final class OperatorChecks implements Check {

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Binary binary) {
            int right = analysis.outline().child(index, 1);
            mixed(analysis, index, binary);
            if (binary.op().isComparison()) {
                equality(analysis, index, right, binary);
            } else if (!binary.op().isSetOperator()) {
                filter(analysis, index + 1, false);
                filter(analysis, right, binary.op() == BinaryOp.DIV || binary.op() == BinaryOp.MOD);
            }
        } else if (node instanceof Expr.Aggregation aggregation) {
            switch (aggregation.op()) {
                case SUM, AVG, STDDEV, STDVAR ->
                    filter(analysis, analysis.outline().operand(index), false);
                default -> {}
            }
        } else if (node instanceof Expr.Unary unary
                && unary.negative()
                && unary.operand() instanceof Expr.Binary power
                && power.op() == BinaryOp.POW) {
            analysis.found(
                            Rule.PRECEDENCE,
                            index,
                            "the sign is applied after the power; parens show which one is meant")
                    .fix(() -> analysis.replace(index, new Expr.Unary(true, new Expr.Paren(power))))
                    .add();
        }
    }

    private static void mixed(Analysis analysis, int index, Expr.Binary binary) {
        int part = -1;
        String message = "";
        if (binary.op() == BinaryOp.OR) {
            if (isAndOrUnless(binary.left())) {
                part = index + 1;
            } else if (isAndOrUnless(binary.right())) {
                part = analysis.outline().child(index, 1);
            }
            message = "and and unless bind tighter than or; parens show which one is meant";
        } else if (binary.op() == BinaryOp.AND
                && binary.left() instanceof Expr.Binary left
                && left.op() == BinaryOp.UNLESS) {
            part = index + 1;
            message = "and and unless bind alike, from the left on; parens show which one is meant";
        } else if (binary.op().isComparison()
                && binary.left() instanceof Expr.Binary left
                && left.op().isComparison()
                && !isBetween(left, binary)) {
            part = index + 1;
            message = "the right comparison is of the left one's result; parens show that this is meant";
        }
        if (part >= 0) {
            int inner = part;
            analysis.found(Rule.PRECEDENCE, index, message)
                    .fix(() -> analysis.replace(
                            inner, new Expr.Paren(analysis.outline().node(inner))))
                    .add();
        }
    }

    private static boolean isAndOrUnless(Expr expr) {
        return expr instanceof Expr.Binary binary && (binary.op() == BinaryOp.AND || binary.op() == BinaryOp.UNLESS);
    }

    /** {@return whether two comparisons are a lower and an upper bound: {@code 1 < x < 5}} */
    private static boolean isBetween(Expr.Binary inner, Expr.Binary outer) {
        return !inner.bool()
                && (inner.left() instanceof Expr.NumberLiteral || inner.right() instanceof Expr.NumberLiteral)
                && outer.right() instanceof Expr.NumberLiteral;
    }

    /** A comparison with a threshold whose result is calculated with. */
    private static void filter(Analysis analysis, int operand, boolean divisor) {
        int index = analysis.outline().inside(operand);
        if (divisor
                || !(analysis.outline().node(index) instanceof Expr.Binary comparison)
                || !LabelPaths.isFilter(comparison)
                || !comparison.op().isComparison()
                || !(comparison.right() instanceof Expr.NumberLiteral number)
                || analysis.flow().at(index + 1).isScalar()
                || analysis.traits().has(index, Traits.COUNTER_TAKEN)
                || isMeant(comparison.op(), number.value())) {
            return;
        }
        Expr better = new Expr.Binary(
                comparison.left(), comparison.op(), true, comparison.matching(), number, comparison.range());
        analysis.found(
                        Rule.FILTER_IN_ARITHMETIC,
                        index,
                        "the comparison drops series and keeps the values of others; with bool it gives 1 and 0")
                .fix(() -> analysis.replace(index, better))
                .add();
    }

    /** Single values are chosen or left out on purpose, and so are those below zero; but zeros add up to nothing. */
    private static boolean isMeant(BinaryOp op, double threshold) {
        return op == BinaryOp.EQ ? threshold != 0 : op == BinaryOp.NE || threshold == 0;
    }

    private static void equality(Analysis analysis, int index, int right, Expr.Binary binary) {
        if (binary.op() != BinaryOp.EQ && binary.op() != BinaryOp.NE) {
            return;
        }
        boolean swapped = binary.left() instanceof Expr.NumberLiteral;
        Expr threshold = swapped ? binary.left() : binary.right();
        int value = analysis.outline().inside(swapped ? right : index + 1);
        if (!(threshold instanceof Expr.NumberLiteral number)
                || number.value() == 0
                || Double.isNaN(number.value())
                || Double.isInfinite(number.value())
                || analysis.flow().at(value).isScalar()) {
            return;
        }
        boolean fraction = number.value() != Math.rint(number.value());
        if (fraction || (isCalculated(analysis, value) && number.value() != 1)) {
            analysis.found(
                            Rule.FLOAT_EQUALITY,
                            index,
                            "calculated values are rarely exactly equal to a number; compare with a range")
                    .add();
        }
    }

    private static boolean isCalculated(Analysis analysis, int index) {
        Expr node = analysis.outline().node(index);
        if (node instanceof Expr.Binary binary) {
            return binary.op() == BinaryOp.DIV;
        }
        if (node instanceof Expr.Call call) {
            return switch (call.function().name()) {
                case "rate", "irate", "increase", "deriv", "histogram_quantile", "quantile_over_time" -> true;
                default -> false;
            };
        }
        return node instanceof Expr.Aggregation aggregation
                && aggregation.op() == AggregateOp.SUM
                && isGrowthCall(
                        analysis, analysis.outline().inside(analysis.outline().operand(index)));
    }

    private static boolean isGrowthCall(Analysis analysis, int index) {
        return analysis.outline().node(index) instanceof Expr.Call call
                && Traits.isCounterFunction(call.function().name());
    }
}
