package dev.tentpole.promql;

import java.util.List;
import java.util.Objects;

/**
 * What {@link Optimizer} made of an expression, and step by step why.
 *
 * @param original the expression as it was
 * @param expr the expression that replaces it; the same object if there is nothing to change
 * @param steps the changes, in the order in which they were made
 */
public record Optimization(Expr original, Expr expr, List<Step> steps) {

    /**
     * Copies the list of steps.
     *
     * @param original the expression as it was
     * @param expr the expression that replaces it; the same object if there is nothing to change
     * @param steps the changes, in the order in which they were made
     */
    public Optimization {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(expr, "expr");
        steps = List.copyOf(steps);
    }

    /** {@return whether there is a step} */
    public boolean isChanged() {
        return !steps.isEmpty();
    }

    /**
     * One change.
     *
     * @param rule what kind of change it is
     * @param exactness what stays the same
     * @param where what was changed, in the text that the original expression was parsed from
     * @param before what stood there, as earlier steps left it
     * @param after what stands there now
     * @param reason a sentence that says why the answer stays the same
     */
    public record Step(Rule rule, Exactness exactness, SourceRange where, Expr before, Expr after, String reason) {

        /**
         * Checks that nothing is null.
         *
         * @param rule what kind of change it is
         * @param exactness what stays the same
         * @param where what was changed, in the text that the original expression was parsed from
         * @param before what stood there, as earlier steps left it
         * @param after what stands there now
         * @param reason a sentence that says why the answer stays the same
         */
        public Step {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(exactness, "exactness");
            Objects.requireNonNull(where, "where");
            Objects.requireNonNull(before, "before");
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** How much of a server's answer a step leaves as it was; later ones leave less. */
    public enum Exactness {
        /**
         * The same series with the same values to the last bit, and the same errors. Annotations are the same too, but for
         * the positions in them, for warnings about native histograms that have no part in the result, and for the one
         * that a sort which is dropped has no effect.
         */
        EXACT,
        /**
         * The same series with the same values to the last bit, whenever the original query has a result. Annotations
         * about series that have no part in the result can go away, and so can an error about such series: what failed
         * because of them then succeeds.
         */
        EXCEPT_ANNOTATIONS,
        /** Nearly the same: the last digits of a sum may differ, or native histograms may appear. */
        APPROXIMATE
    }

    /** The kinds of changes. */
    public enum Rule {
        /** Calculates what consists of numbers alone: {@code 2 * 3 + x} becomes {@code 6 + x}. */
        FOLD_CONSTANTS("fold-constants"),
        /** Drops conditions that always or never hold: {@code x and on () (vector(1) == 1)} becomes {@code x}. */
        PRUNE_TOGGLES("prune-toggles"),
        /** Uses plain comparisons for regular expressions that are none: {@code {a=~"b"}} becomes {@code {a="b"}}. */
        SIMPLIFY_REGEX("simplify-regex"),
        /** Drops matchers that others imply: {@code {a="b", a=~"b.*"}} becomes {@code {a="b"}}. */
        REDUCE_MATCHERS("reduce-matchers"),
        /**
         * Gives a selector the matchers that its series must fulfil to have a part in the result: {@code a{x="1"} + b}
         * becomes {@code a{x="1"} + b{x="1"}}.
         */
        PUSH_DOWN_FILTERS("push-down-filters"),
        /** Drops sorting that nobody can see: {@code count(sort_by_label(x, "l"))} becomes {@code count(x)}. */
        TRIM_SORT("trim-sort"),
        /** Drops parens and plus signs that mean nothing; parens around an operator's operand stay. */
        TRIM_PARENS("trim-parens");

        private final String id;

        Rule(String id) {
            this.id = id;
        }

        /** {@return the name that people see and use: {@code push-down-filters}} */
        public String id() {
            return id;
        }
    }
}
