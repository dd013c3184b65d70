package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Rule;
import dev.tentpole.promql.Optimization.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rewrites expressions so that a server has less to do for the same answer.
 *
 * <p>Each change is a {@link Step} that says what stays the same. By default only those are made that leave the answer of
 * an instant query and of a range query as it is to the last bit ({@link Optimization.Exactness#EXACT}), on a server
 * without the feature {@code promql-delayed-name-removal}, where no two series differ by {@code __type__} and
 * {@code __unit__} alone, which are dropped with the metric name. What template variables stand for is not known, so what
 * they have a part in is left alone. Optimizing what was optimized changes nothing.
 *
 * <p>All methods are static and safe for use by several threads. Expressions may be as deep as memory allows.
 *
 * <p>Sources: the optimizers of VictoriaMetrics (common filters), Mimir (matchers, toggles) and Thanos (sorts), with what
 * each of them overlooks.
 */
public final class Optimizer {

    /** More than any expression needs that people write: each round finds what the one before made possible. */
    private static final int MAX_ROUNDS = 16;

    private Optimizer() {}

    /**
     * {@return the expression with all exact changes}
     *
     * @param expr the expression, whose types must be right
     */
    public static Optimization optimize(Expr expr) {
        return optimize(expr, OptimizerOptions.defaults());
    }

    /**
     * {@return the expression with the changes that are allowed}
     *
     * @param expr the expression, whose types must be right
     * @param options which changes are allowed
     */
    public static Optimization optimize(Expr expr, OptimizerOptions options) {
        Objects.requireNonNull(expr, "expr");
        Steps steps = new Steps(options);
        Expr current = expr;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int before = steps.count();
            current = round(current, options, steps);
            if (steps.count() == before) {
                break;
            }
        }
        return new Optimization(expr, current, steps.all());
    }

    private static Expr round(Expr expr, OptimizerOptions options, Steps steps) {
        Expr current = expr;
        for (Rule rule : Rule.values()) {
            if (options.rules().contains(rule)) {
                current = switch (rule) {
                    case FOLD_CONSTANTS -> ConstantFolding.apply(current, steps);
                    case PRUNE_TOGGLES -> TogglePruning.apply(current, steps);
                    case SIMPLIFY_REGEX -> MatcherRewriting.simplify(current, steps);
                    case REDUCE_MATCHERS -> MatcherRewriting.reduce(current, steps);
                    case PUSH_DOWN_FILTERS -> FilterPushDown.apply(current, steps);
                    case TRIM_SORT -> SortTrimming.apply(current, options.rangeQuery(), steps);
                    case TRIM_PARENS -> ParenTrimming.apply(current, steps);
                };
            }
        }
        return current;
    }

    /** The steps that were made so far. */
    static final class Steps {
        private final OptimizerOptions options;
        private final List<Step> steps = new ArrayList<>();

        private Steps(OptimizerOptions options) {
            this.options = options;
        }

        int count() {
            return steps.size();
        }

        List<Step> all() {
            return steps;
        }

        boolean allows(Optimization.Exactness exactness) {
            return exactness.compareTo(options.exactness()) <= 0;
        }

        void add(Rule rule, Optimization.Exactness exactness, Expr before, Expr after, String reason) {
            steps.add(new Step(rule, exactness, before.range(), before, after, reason));
        }
    }
}
