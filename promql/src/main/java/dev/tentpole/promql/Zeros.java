package dev.tentpole.promql;

import java.util.List;

/** Which values are zero as long as nothing happens, and which are never zero. */
final class Zeros {

    private static final int LEVELS = 32;

    private Zeros() {}

    /** {@return whether an expression is zero when nothing happens: it is a rate, or made of one} */
    static boolean isZeroAtRest(Analysis analysis, int index) {
        return isZeroAtRest(analysis, index, LEVELS);
    }

    private static boolean isZeroAtRest(Analysis analysis, int index, int levels) {
        Outline outline = analysis.outline();
        int inner = outline.inside(index);
        if (isNeverZero(outline, inner, levels)) {
            return false;
        }
        Expr node = outline.node(inner);
        if (node instanceof Expr.Aggregation) {
            return levels > 0 && isZeroAtRest(analysis, outline.operand(inner), levels - 1);
        }
        if (node instanceof Expr.Binary || node instanceof Expr.Call) {
            return analysis.traits().has(inner, Traits.GROWTH) || isClamp(node);
        }
        return isRecordedRate(analysis, inner);
    }

    private static boolean isClamp(Expr node) {
        return node instanceof Expr.Call call
                && (call.function().name().equals("clamp_min")
                        || call.function().name().equals("clamp"));
    }

    private static boolean isRecordedRate(Analysis analysis, int index) {
        String metric = analysis.metricBelow(index);
        int operations = metric.lastIndexOf(':');
        return operations >= 0
                && (metric.indexOf("rate", operations) >= 0 || metric.indexOf("increase", operations) >= 0);
    }

    /** {@return whether an expression has no zeros in its result, or somebody has thought of them, who compares} */
    private static boolean isNeverZero(Outline outline, int index, int levels) {
        if (levels == 0) {
            return false;
        }
        int inner = outline.inside(index);
        Expr node = outline.node(inner);
        if (node instanceof Expr.Binary binary) {
            boolean left = isNeverZero(outline, inner + 1, levels - 1);
            return switch (binary.op()) {
                // What a rate is added to only grows.
                case ADD -> left || isNeverZero(outline, outline.child(inner, 1), levels - 1);
                case MUL, DIV -> left && isNeverZero(outline, outline.child(inner, 1), levels - 1);
                case POW -> left;
                default -> binary.op().isComparison() || binary.op().isSetOperator();
            };
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return switch (aggregation.op()) {
                case COUNT, GROUP -> true;
                case SUM, AVG, MIN, MAX, TOPK, BOTTOMK, LIMITK, LIMIT_RATIO, QUANTILE ->
                    isNeverZero(outline, outline.operand(inner), levels - 1);
                default -> false;
            };
        }
        if (node instanceof Expr.Call call && !call.arguments().isEmpty()) {
            return switch (call.function().name()) {
                case "clamp_min", "clamp" -> isPositive(call, 1) && isPositive(call, 2);
                case "count_over_time", "present_over_time" -> true;
                case "abs", "sqrt", "ceil", "vector", "scalar", "label_replace", "label_join", "sort", "sort_desc" ->
                    isNeverZero(outline, inner + 1, levels - 1);
                default -> false;
            };
        }
        return isPositive(node);
    }

    /** {@return whether an argument is a positive number, or there is none, which limits nothing} */
    private static boolean isPositive(Expr.Call call, int argument) {
        List<Expr> arguments = call.arguments();
        return argument >= arguments.size() || isPositive(arguments.get(argument));
    }

    /** {@return whether an expression is a positive number, or what a variable makes of it} */
    static boolean isPositive(Expr expr) {
        Expr node = expr;
        while (node instanceof Expr.Paren paren) {
            node = paren.inner();
        }
        return node instanceof Expr.Placeholder || (node instanceof Expr.NumberLiteral number && number.value() > 0);
    }
}
