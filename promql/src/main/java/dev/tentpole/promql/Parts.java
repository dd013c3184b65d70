package dev.tentpole.promql;

import java.util.List;

/** Whether a quotient is one of a part by its whole, so that nothing is divided by zero but zero. */
final class Parts {

    private static final int LEVELS = 32;

    /** More are not looked for one by one. */
    private static final int MANY_MATCHERS = 64;

    private Parts() {}

    /**
     * {@return whether what is divided is one of the summands of the divisor, or of the same metric with at least the
     * matchers of the divisor}
     */
    static boolean isPartOfWhole(Analysis analysis, int part, int whole) {
        Outline outline = analysis.outline();
        int numerator = unscaled(outline, part);
        int divisor = unscaled(outline, whole);
        int selector = selectorOf(outline, numerator);
        int other = selectorOf(outline, divisor);
        if (selector >= 0 && other >= 0) {
            return selects(analysis, selector, other);
        }
        return isSummand(outline, numerator, divisor, LEVELS);
    }

    private static boolean selects(Analysis analysis, int part, int whole) {
        String metric = analysis.metric(part);
        List<Matcher> matchers = ((Expr.VectorSelector) analysis.outline().node(part)).matchers();
        return !metric.isEmpty()
                && metric.equals(analysis.metric(whole))
                && matchers.size() <= MANY_MATCHERS
                && matchers.containsAll(
                        ((Expr.VectorSelector) analysis.outline().node(whole)).matchers());
    }

    private static boolean isSummand(Outline outline, int part, int sum, int levels) {
        if (levels > 0 && outline.node(sum) instanceof Expr.Binary binary && binary.op() == BinaryOp.ADD) {
            return isSummand(outline, part, unscaled(outline, sum + 1), levels - 1)
                    || isSummand(outline, part, unscaled(outline, outline.child(sum, 1)), levels - 1);
        }
        return Fingerprints.same(outline, part, sum);
    }

    /** {@return the node without parens and a positive number that it is multiplied by} */
    private static int unscaled(Outline outline, int index) {
        int node = outline.inside(index);
        if (outline.node(node) instanceof Expr.Binary binary && binary.op() == BinaryOp.MUL) {
            if (Zeros.isPositive(binary.left())) {
                return outline.inside(outline.child(node, 1));
            }
            if (Zeros.isPositive(binary.right())) {
                return outline.inside(node + 1);
            }
        }
        return node;
    }

    /** {@return the selector that an expression is made of, if it is one of rates and aggregations only; otherwise -1} */
    private static int selectorOf(Outline outline, int index) {
        int node = index;
        for (int level = 0; level < LEVELS; level++) {
            Expr expr = outline.node(node);
            if (expr instanceof Expr.Aggregation) {
                node = outline.operand(node);
            } else if (expr instanceof Expr.Paren
                    || expr instanceof Expr.MatrixSelector
                    || (expr instanceof Expr.Call call
                            && Traits.isCounterFunction(call.function().name()))) {
                node++;
            } else {
                return expr instanceof Expr.VectorSelector ? node : -1;
            }
        }
        return -1;
    }
}
