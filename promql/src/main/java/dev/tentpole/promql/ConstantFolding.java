package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import org.jspecify.annotations.Nullable;

/** Calculates what consists of numbers alone, as far as Go and Java are certain to agree on the last bit. */
final class ConstantFolding {

    private static final String REASON =
            "The operands are numbers, and the server would calculate the same at each evaluation.";

    /** Up to here all integers are doubles, so that a power of integers has no rounding in it. */
    private static final double EXACT_INTEGERS = 0x1p53;

    private ConstantFolding() {}

    static Expr apply(Expr root, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        @Nullable Double[] values = new Double[outline.size()];
        for (int i = outline.size() - 1; i >= 0; i--) {
            values[i] = value(outline, i, values);
        }
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Double value = values[i];
            int parent = outline.parent(i);
            boolean largest = parent < 0 || values[parent] == null;
            Expr node = edit.current(i);
            if (value != null && largest && calculates(outline, i)) {
                Expr number = new Expr.NumberLiteral(value, false, node.range());
                steps.add(Rule.FOLD_CONSTANTS, Exactness.EXACT, node, number, REASON);
                edit.set(i, number);
            }
        }
        return edit.root();
    }

    /** {@return whether there is something to calculate below a node that has a value, and not only parens} */
    private static boolean calculates(Outline outline, int index) {
        int inner = outline.inside(index);
        return !(outline.node(inner) instanceof Expr.NumberLiteral);
    }

    private static @Nullable Double value(Outline outline, int index, @Nullable Double[] values) {
        Expr node = outline.node(index);
        if (node instanceof Expr.NumberLiteral number) {
            return number.value();
        }
        if (node instanceof Expr.Paren) {
            return values[index + 1];
        }
        if (node instanceof Expr.Unary unary) {
            Double operand = values[index + 1];
            return operand == null || !unary.negative() ? operand : Double.valueOf(-operand);
        }
        if (!(node instanceof Expr.Binary binary)) {
            return null;
        }
        Double left = values[index + 1];
        Double right = values[outline.child(index, 1)];
        return left == null || right == null ? null : calculate(binary.op(), left, right);
    }

    private static @Nullable Double calculate(BinaryOp op, double left, double right) {
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> power(left, right);
            default -> null;
        };
    }

    /** {@return the power if it is certain to the last bit, which library functions are not in general} */
    private static @Nullable Double power(double base, double exponent) {
        boolean integers = base == Math.rint(base) && exponent == Math.rint(exponent) && exponent >= 0;
        double power = integers ? Math.pow(base, exponent) : Double.NaN;
        return Math.abs(power) <= EXACT_INTEGERS ? power : null;
    }
}
