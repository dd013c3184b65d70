package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import org.jspecify.annotations.Nullable;

/** Drops conditions that consist of constants, as dashboards have them to switch a part of a query on and off. */
final class TogglePruning {

    private TogglePruning() {}

    /**
     * A vector without labels that is the same whatever the data is.
     *
     * @param present whether it has its one series
     * @param value the series' value
     */
    private record Constant(boolean present, double value) {}

    static Expr apply(Expr root, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        @Nullable Constant[] constants = new Constant[outline.size()];
        for (int i = outline.size() - 1; i >= 0; i--) {
            constants[i] = constant(outline, i, constants);
        }
        Hazards hazards = null;
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = edit.current(i);
            if (constants[i] != null || !(outline.node(i) instanceof Expr.Binary binary)) {
                continue;
            }
            Constant left = constants[i + 1];
            Constant right = constants[outline.child(i, 1)];
            int kept = kept(outline, i, binary, left, right);
            if (kept < 0) {
                continue;
            }
            int dropped = kept == i + 1 ? outline.child(i, 1) : i + 1;
            Exactness exactness = Exactness.EXACT;
            if (constants[dropped] == null) {
                hazards = hazards == null ? Hazards.of(outline) : hazards;
                exactness = hazards.isSilent(dropped) ? Exactness.EXACT : Exactness.EXCEPT_ANNOTATIONS;
            }
            Expr result = edit.done(kept);
            if (steps.allows(exactness) && !(isSelection(result) && outline.looksAtArgument(outline.above(i)))) {
                steps.add(Rule.PRUNE_TOGGLES, exactness, node, result, reason(constants[dropped] == null));
                edit.set(i, result);
            }
        }
        return edit.root();
    }

    /** A selector stands for more than its series where a function looks at it: {@code timestamp(x and on () vector(1))}. */
    private static boolean isSelection(Expr expr) {
        Expr inner = expr;
        while (inner instanceof Expr.Paren paren) {
            inner = paren.inner();
        }
        return inner instanceof Expr.Selection;
    }

    private static String reason(boolean never) {
        return never
                ? "A side that is empty whatever the data is leaves nothing of the other side."
                : "The condition consists of constants and changes nothing.";
    }

    /** {@return the operand that the whole is equal to, or -1} */
    private static int kept(
            Outline outline, int index, Expr.Binary binary, @Nullable Constant left, @Nullable Constant right) {
        int leftIndex = index + 1;
        int rightIndex = outline.child(index, 1);
        boolean nothingLeft = left != null && !left.present();
        boolean nothingRight = right != null && !right.present();
        boolean anyLabels = binary.matching().on() && binary.matching().labels().isEmpty();
        return switch (binary.op()) {
            case AND -> {
                if (nothingLeft || nothingRight) {
                    yield nothingLeft ? leftIndex : rightIndex;
                }
                yield right != null && anyLabels ? leftIndex : -1;
            }
            case UNLESS -> nothingLeft || nothingRight ? leftIndex : -1;
            case OR -> nothingLeft ? rightIndex : nothingRight ? leftIndex : -1;
            default -> -1;
        };
    }

    private static @Nullable Constant constant(Outline outline, int index, @Nullable Constant[] constants) {
        Expr node = outline.node(index);
        if (node instanceof Expr.Paren) {
            return constants[index + 1];
        }
        if (node instanceof Expr.Call call && call.function().name().equals("vector")) {
            return outline.node(outline.inside(index + 1)) instanceof Expr.NumberLiteral number
                    ? new Constant(true, number.value())
                    : null;
        }
        if (!(node instanceof Expr.Binary binary) || !binary.op().isComparison()) {
            return null;
        }
        int left = index + 1;
        int right = outline.child(index, 1);
        Constant vector = constants[left] == null ? constants[right] : constants[left];
        Expr number = outline.node(outline.inside(constants[left] == null ? left : right));
        if (vector == null || !(number instanceof Expr.NumberLiteral literal)) {
            return null;
        }
        boolean holds = constants[left] == null
                ? holds(binary.op(), literal.value(), vector.value())
                : holds(binary.op(), vector.value(), literal.value());
        if (binary.bool()) {
            return new Constant(vector.present(), holds ? 1 : 0);
        }
        return new Constant(vector.present() && holds, vector.value());
    }

    private static boolean holds(BinaryOp op, double left, double right) {
        return switch (op) {
            case EQ -> left == right;
            case NE -> left != right;
            case LT -> left < right;
            case LE -> left <= right;
            case GT -> left > right;
            default -> left >= right;
        };
    }
}
