package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What all duration expressions do alike, without recursion. */
final class DurationTrees {

    private DurationTrees() {}

    static boolean equal(DurationExpr left, @Nullable Object right) {
        return left == right
                || (right instanceof DurationExpr other
                        && Walks.equal(left, other, DurationTrees::alike, DurationExpr::children));
    }

    static int hash(DurationExpr root) {
        return Walks.hash(root, DurationTrees::ownHash, DurationExpr::children);
    }

    private static boolean alike(DurationExpr left, DurationExpr right) {
        if (left instanceof DurationExpr.Literal a && right instanceof DurationExpr.Literal b) {
            return Double.compare(a.value(), b.value()) == 0 && a.unit() == b.unit();
        }
        if (left instanceof DurationExpr.Arithmetic a && right instanceof DurationExpr.Arithmetic b) {
            return a.op() == b.op();
        }
        if (left instanceof DurationExpr.Query a && right instanceof DurationExpr.Query b) {
            return a.of() == b.of();
        }
        if (left instanceof DurationExpr.Choice a && right instanceof DurationExpr.Choice b) {
            return a.longer() == b.longer();
        }
        if (left instanceof DurationExpr.Placeholder a && right instanceof DurationExpr.Placeholder b) {
            return a.text().equals(b.text());
        }
        return left.getClass() == right.getClass();
    }

    private static int ownHash(DurationExpr node) {
        int own = 0;
        if (node instanceof DurationExpr.Literal literal) {
            own = Objects.hash(literal.value(), literal.unit());
        } else if (node instanceof DurationExpr.Arithmetic arithmetic) {
            own = arithmetic.op().symbol().hashCode();
        } else if (node instanceof DurationExpr.Query query) {
            own = query.of().name().hashCode();
        } else if (node instanceof DurationExpr.Choice choice) {
            own = Boolean.hashCode(choice.longer());
        } else if (node instanceof DurationExpr.Placeholder placeholder) {
            own = placeholder.text().hashCode();
        }
        return own * 31 + node.getClass().getSimpleName().hashCode();
    }

    /** {@return how tightly the outermost part binds, on the scale of {@link BinaryOp#precedence}} */
    static int precedence(DurationExpr node) {
        if (node instanceof DurationExpr.Arithmetic arithmetic) {
            return arithmetic.op().precedence();
        }
        boolean signed = node instanceof DurationExpr.Negation
                || (node instanceof DurationExpr.Literal literal && Double.compare(literal.value(), 0) < 0);
        return signed ? BinaryOp.SIGN_PRECEDENCE : BinaryOp.SIGN_PRECEDENCE + 2;
    }

    static boolean hasNaN(DurationExpr root) {
        Deque<DurationExpr> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            DurationExpr node = open.pop();
            if (node instanceof DurationExpr.Literal literal && Double.isNaN(literal.value())) {
                return true;
            }
            Walks.pushAll(open, node.children());
        }
        return false;
    }

    static OptionalDouble evaluate(DurationExpr root) {
        Deque<DurationExpr> open = new ArrayDeque<>();
        Deque<DurationExpr> order = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            DurationExpr node = open.pop();
            if (node instanceof DurationExpr.Query || node instanceof DurationExpr.Placeholder) {
                return OptionalDouble.empty();
            }
            order.push(node);
            node.children().forEach(open::push);
        }
        Deque<Double> values = new ArrayDeque<>();
        while (!order.isEmpty()) {
            DurationExpr node = order.pop();
            if (node instanceof DurationExpr.Literal literal) {
                values.push(literal.value());
            } else if (node instanceof DurationExpr.Negation) {
                values.push(-values.pop());
            } else if (node instanceof DurationExpr.Arithmetic arithmetic) {
                double right = values.pop();
                double left = values.pop();
                values.push(calculate(arithmetic.op(), left, right));
            } else if (node instanceof DurationExpr.Choice choice) {
                double first = values.pop();
                double second = values.pop();
                values.push(choice.longer() ? Math.max(first, second) : Math.min(first, second));
            }
        }
        return OptionalDouble.of(values.pop());
    }

    private static double calculate(DurationExpr.Op op, double left, double right) {
        return switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> Math.pow(left, right);
        };
    }
}
