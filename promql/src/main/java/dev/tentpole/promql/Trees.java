package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all expressions do alike, without recursion. */
final class Trees {

    /** Sorting takes no more time when somebody chooses texts with equal hashes, as a table does. */
    private static final Comparator<Matcher> MATCHER_ORDER = Comparator.comparing(Matcher::name)
            .thenComparing(Matcher::op)
            .thenComparing(Matcher::value)
            .thenComparing(Matcher::templated)
            .thenComparing(Matcher::isBare);

    private Trees() {}

    static boolean equal(Expr left, @Nullable Object right) {
        return left == right || (right instanceof Expr other && Walks.equal(left, other, Trees::alike, Expr::children));
    }

    static int hash(Expr root) {
        return Walks.hash(root, Trees::ownHash, Expr::children);
    }

    /** {@return whether two nodes are the same but for their parts} */
    static boolean alike(Expr left, Expr right) {
        if (left.getClass() != right.getClass()) {
            return false;
        }
        if (left instanceof Expr.VectorSelector a && right instanceof Expr.VectorSelector b) {
            return a.name().equals(b.name())
                    && a.modifiers().equals(b.modifiers())
                    && sameMatchers(a.matchers(), b.matchers());
        }
        if (left instanceof Expr.MatrixSelector a && right instanceof Expr.MatrixSelector b) {
            return a.window().equals(b.window()) && a.modifiers().equals(b.modifiers());
        }
        if (left instanceof Expr.Subquery a && right instanceof Expr.Subquery b) {
            return a.window().equals(b.window())
                    && a.step().equals(b.step())
                    && a.modifiers().equals(b.modifiers());
        }
        if (left instanceof Expr.Call a && right instanceof Expr.Call b) {
            return a.function().equals(b.function());
        }
        if (left instanceof Expr.Aggregation a && right instanceof Expr.Aggregation b) {
            return a.op() == b.op() && a.grouping().equals(b.grouping());
        }
        if (left instanceof Expr.Binary a && right instanceof Expr.Binary b) {
            return a.op() == b.op() && a.bool() == b.bool() && a.matching().equals(b.matching());
        }
        if (left instanceof Expr.Unary a && right instanceof Expr.Unary b) {
            return a.negative() == b.negative();
        }
        if (left instanceof Expr.NumberLiteral a && right instanceof Expr.NumberLiteral b) {
            return Double.compare(a.value(), b.value()) == 0 && a.duration() == b.duration();
        }
        if (left instanceof Expr.StringLiteral a && right instanceof Expr.StringLiteral b) {
            return a.value().equals(b.value());
        }
        if (left instanceof Expr.Placeholder a && right instanceof Expr.Placeholder b) {
            return a.text().equals(b.text());
        }
        if (left instanceof Expr.TemplateCall a && right instanceof Expr.TemplateCall b) {
            return a.name().equals(b.name()) && a.grouping().equals(b.grouping());
        }
        return true;
    }

    private static boolean sameMatchers(List<Matcher> left, List<Matcher> right) {
        if (left.size() != right.size()) {
            return false;
        }
        if (left.equals(right)) {
            return true;
        }
        List<Matcher> sorted = new ArrayList<>(left);
        List<Matcher> other = new ArrayList<>(right);
        sorted.sort(MATCHER_ORDER);
        other.sort(MATCHER_ORDER);
        return sorted.equals(other);
    }

    private static int ownHash(Expr node) {
        int own = 0;
        if (node instanceof Expr.VectorSelector selector) {
            own = selector.name().hashCode() * 31 + selector.modifiers().hashCode();
            for (Matcher matcher : selector.matchers()) {
                own += matcher.hashCode();
            }
        } else if (node instanceof Expr.MatrixSelector selector) {
            own = Objects.hash(selector.window(), selector.modifiers());
        } else if (node instanceof Expr.Subquery subquery) {
            own = Objects.hash(subquery.window(), subquery.step(), subquery.modifiers());
        } else if (node instanceof Expr.Call call) {
            own = call.function().name().hashCode();
        } else if (node instanceof Expr.Aggregation aggregation) {
            own = aggregation.op().symbol().hashCode() * 31
                    + aggregation.grouping().hashCode();
        } else if (node instanceof Expr.Binary binary) {
            own = binary.op().symbol().hashCode() * 31
                    + binary.matching().labels().hashCode();
        } else if (node instanceof Expr.NumberLiteral number) {
            own = Double.hashCode(number.value());
        } else if (node instanceof Expr.StringLiteral string) {
            own = string.value().hashCode();
        } else if (node instanceof Expr.Placeholder placeholder) {
            own = placeholder.text().hashCode();
        } else if (node instanceof Expr.TemplateCall call) {
            own = call.name().hashCode();
        }
        return own * 31 + node.getClass().getSimpleName().hashCode();
    }

    static void forEach(Expr root, Consumer<? super Expr> action) {
        Deque<Expr> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Expr node = open.pop();
            action.accept(node);
            Walks.pushAll(open, node.children());
        }
    }

    static void walk(Expr root, Expr.Visitor visitor) {
        Deque<Expr> open = new ArrayDeque<>();
        // The nodes whose parts are being visited; each stands in both stacks until it is left.
        Deque<Expr> entered = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            Expr node = open.peek();
            if (!entered.isEmpty() && entered.peek() == node) {
                open.pop();
                entered.pop();
                visitor.leave(node);
            } else if (visitor.enter(node)) {
                entered.push(node);
                Walks.pushAll(open, node.children());
            } else {
                open.pop();
                visitor.leave(node);
            }
        }
    }

    static Expr rewrite(Expr root, UnaryOperator<Expr> replacement) {
        Deque<Rewrite> open = new ArrayDeque<>();
        Rewrite top = new Rewrite(root);
        while (true) {
            if (top.next < top.parts.size()) {
                open.push(top);
                top = new Rewrite(top.parts.get(top.next));
                continue;
            }
            Expr result = Objects.requireNonNull(replacement.apply(top.rebuilt()), "replacement");
            if (open.isEmpty()) {
                return result;
            }
            top = open.pop();
            top.put(result);
        }
    }

    /** A node whose parts are being replaced. */
    private static final class Rewrite {
        private final Expr node;
        private final List<Expr> parts;
        private int next;
        private @Nullable List<Expr> replaced;

        Rewrite(Expr node) {
            this.node = node;
            this.parts = node.children();
        }

        void put(Expr part) {
            if (replaced == null && part != parts.get(next)) {
                replaced = new ArrayList<>(parts);
            }
            if (replaced != null) {
                replaced.set(next, part);
            }
            next++;
        }

        Expr rebuilt() {
            return replaced == null ? node : node.withChildren(replaced);
        }
    }

    static ValueType type(Expr root) {
        Expr node = bare(root);
        if (!(node instanceof Expr.Binary binary)) {
            return node.type();
        }
        Deque<Expr> open = new ArrayDeque<>();
        open.add(binary.right());
        open.add(binary.left());
        while (!open.isEmpty()) {
            Expr operand = bare(open.remove());
            if (operand instanceof Expr.Binary inner) {
                open.add(inner.right());
                open.add(inner.left());
            } else if (operand.type() != ValueType.SCALAR) {
                return ValueType.INSTANT_VECTOR;
            }
        }
        return ValueType.SCALAR;
    }

    static boolean isVector(Expr expr) {
        return type(expr) == ValueType.INSTANT_VECTOR;
    }

    /** {@return the expression without signs and parens around it, which do not change the type} */
    static Expr bare(Expr expr) {
        Expr node = expr;
        while (true) {
            if (node instanceof Expr.Paren paren) {
                node = paren.inner();
            } else if (node instanceof Expr.Unary unary) {
                node = unary.operand();
            } else {
                return node;
            }
        }
    }

    static void checkCount(List<Expr> children, int expected) {
        if (children.size() != expected) {
            throw new IllegalArgumentException("children has " + children.size() + " elements, must have " + expected);
        }
    }

    static List<String> checkLabels(List<String> labels) {
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            if (label.isEmpty()) {
                throw new IllegalArgumentException("labels contains an empty name");
            }
            if (RegexSyntax.hasLoneSurrogate(label)) {
                throw new IllegalArgumentException("labels contains a name that is not UTF-8");
            }
        }
        return List.copyOf(labels);
    }

    /** {@return whether there is a label that is written without quotes, because of the variables in it} */
    static boolean hasTemplate(List<String> labels) {
        return labels.stream().anyMatch(label -> Templates.isTemplated(label, true));
    }

    private static int precedence(Expr expr) {
        if (expr instanceof Expr.Binary binary) {
            return binary.op().precedence();
        }
        return isPrimary(expr) ? BinaryOp.POW.precedence() + 1 : BinaryOp.SIGN_PRECEDENCE;
    }

    /** {@return whether brackets behind the expression would apply to all of it} */
    static boolean isPrimary(Expr expr) {
        if (expr instanceof Expr.NumberLiteral number) {
            return !(Double.compare(number.value(), 0) < 0);
        }
        return !(expr instanceof Expr.Binary || expr instanceof Expr.Unary || expr instanceof Expr.Placeholder);
    }

    static boolean fitsUnary(Expr operand) {
        return operand instanceof Expr.Binary binary
                ? binary.op().precedence() > BinaryOp.SIGN_PRECEDENCE
                : !(operand instanceof Expr.NumberLiteral);
    }

    static boolean fitsLeft(Expr left, BinaryOp op) {
        if (left instanceof Expr.Placeholder) {
            return true;
        }
        int precedence = precedence(left);
        return (op.isRightAssociative() ? precedence > op.precedence() : precedence >= op.precedence())
                && !(op.isDurationOperator() && endsWithOpenOffset(left));
    }

    static boolean fitsRight(Expr right, BinaryOp op) {
        if (right instanceof Expr.Binary binary) {
            int precedence = binary.op().precedence();
            return op.isRightAssociative() ? precedence >= op.precedence() : precedence > op.precedence();
        }
        return true;
    }

    /**
     * {@return whether an operator behind the expression would be read as part of an offset, however that is written: {@code
     * foo offset (5m) + 1m} has an offset of six minutes}
     */
    private static boolean endsWithOpenOffset(Expr expr) {
        Expr.Selection last = last(expr);
        if (last == null || last.modifiers().offset().isEmpty()) {
            return false;
        }
        DurationExpr offset = last.modifiers().offset().get();
        if (offset instanceof DurationExpr.Negation negation) {
            return negation.operand() instanceof DurationExpr.Negation
                    || negation.operand() instanceof DurationExpr.Arithmetic;
        }
        return offset instanceof DurationExpr.Arithmetic;
    }

    /**
     * {@return the selection whose offset an operator behind the expression belongs to unless a sign closes it: {@code foo
     * offset (5m) * 2} is {@code foo offset ((5m) * 2)}, and {@code foo offset +(5m) * 2} twice a selection; null if there is
     * none}
     */
    static Expr.@Nullable Selection toClose(Expr expr) {
        Expr.Selection last = last(expr);
        return last != null && last.modifiers().offset().orElse(null) instanceof DurationExpr.Paren ? last : null;
    }

    /** {@return the selection that the expression ends with, outside of parens; null if there is none} */
    private static Expr.@Nullable Selection last(Expr expr) {
        Expr node = expr;
        while (true) {
            if (node instanceof Expr.Binary binary) {
                node = binary.right();
            } else if (node instanceof Expr.Unary unary) {
                node = unary.operand();
            } else {
                return node instanceof Expr.Selection selection ? selection : null;
            }
        }
    }
}
