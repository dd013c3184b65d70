package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;

/**
 * Drops parens and plus signs that mean nothing to the server and nothing to a reader: around what is one word or one call,
 * around parens, arguments and the whole query. Parens around an operand that has an operator itself stay, even where
 * precedence makes them needless.
 */
final class ParenTrimming {

    private static final String REASON = "What is inside is read the same without them.";

    private ParenTrimming() {}

    static Expr apply(Expr root, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        TreeEdit edit = new TreeEdit(outline);
        int core = -1;
        for (int i = outline.size() - 1; i >= 0; i--) {
            edit.current(i);
            if (!isWrapping(outline.node(i))) {
                core = i;
                continue;
            }
            int parent = outline.parent(i);
            if (parent < 0 || !isWrapping(outline.node(parent))) {
                trim(outline, edit, i, core, steps);
            }
        }
        return edit.root();
    }

    private static boolean isWrapping(Expr node) {
        return node instanceof Expr.Paren || (node instanceof Expr.Unary unary && !unary.negative());
    }

    /** Replaces a chain of parens and plus signs, whose last one stands directly before its core in the outline. */
    private static void trim(Outline outline, TreeEdit edit, int top, int core, Optimizer.Steps steps) {
        Expr inner = edit.done(core);
        if (inner instanceof Expr.Placeholder || outline.looksAtArgument(outline.parent(top))) {
            return;
        }
        int innermostParen = -1;
        for (int i = top; i < core; i++) {
            innermostParen = outline.node(i) instanceof Expr.Paren ? i : innermostParen;
        }
        boolean kept = innermostParen >= 0 && needsParens(outline, outline.parent(top), inner);
        if (kept && core - top == 1) {
            return;
        }
        Expr before = edit.done(top);
        Expr after = kept ? new Expr.Paren(inner, outline.node(innermostParen).range()) : inner;
        steps.add(Rule.TRIM_PARENS, Exactness.EXACT, before, after, REASON);
        edit.set(top, after);
    }

    private static boolean needsParens(Outline outline, int parent, Expr inner) {
        if (parent < 0) {
            // A text in parens makes Prometheus 3.5 fail.
            return inner instanceof Expr.StringLiteral;
        }
        Expr outer = outline.node(parent);
        boolean operand = outer instanceof Expr.Binary || outer instanceof Expr.Unary || outer instanceof Expr.Subquery;
        return operand && !isSimple(inner, outer);
    }

    private static boolean isSimple(Expr inner, Expr outer) {
        if (inner instanceof Expr.Selection selection) {
            return selection.modifiers().isNone();
        }
        if (inner instanceof Expr.NumberLiteral) {
            return Trees.isPrimary(inner) && !(outer instanceof Expr.Unary);
        }
        return inner instanceof Expr.Call
                || inner instanceof Expr.Aggregation
                || inner instanceof Expr.TemplateCall
                || inner instanceof Expr.StringLiteral;
    }
}
