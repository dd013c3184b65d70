package dev.tentpole.promql;

import dev.tentpole.promql.Labels.Fact;
import dev.tentpole.promql.Labels.Result;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of labels on their way from the selectors to the result: of each expression in a tree, which labels its
 * series can have, must have and cannot have, whether it returns anything, and whether values decide about that.
 *
 * <p>What is said is certain whatever the data is, under the default settings of a server: metric names are dropped where
 * a function drops them, not at the end. Whatever a template variable stands for is taken for unknown.
 *
 * <p>{@link LabelPaths} tells which labels pass from an operand to the result unchanged.
 */
final class LabelFlow {

    private final Outline outline;
    private final Labels[] results;

    private LabelFlow(Outline outline) {
        this.outline = outline;
        this.results = new Labels[outline.size()];
    }

    /** {@return what becomes of the labels in a tree} */
    static LabelFlow of(Expr root) {
        return of(Outline.of(root));
    }

    static LabelFlow of(Outline outline) {
        LabelFlow flow = new LabelFlow(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            flow.results[i] = flow.result(i, outline.node(i));
        }
        return flow;
    }

    Outline outline() {
        return outline;
    }

    /** {@return what is known of the result of a node of the outline} */
    Labels at(int index) {
        return results[index];
    }

    /** {@return what is known of the result of the whole tree} */
    Labels root() {
        return results[0];
    }

    private Labels result(int index, Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            return selected(selector);
        }
        if (node instanceof Expr.Paren || node instanceof Expr.Selection) {
            return results[index + 1];
        }
        if (node instanceof Expr.Unary unary) {
            Labels operand = results[index + 1];
            return unary.negative() && !operand.isScalar() ? operand.drop(Matcher.METRIC_NAME, node) : operand;
        }
        if (node instanceof Expr.Call call) {
            return CallLabels.of(call, index, this);
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return aggregated(aggregation, results[outline.operand(index)]);
        }
        if (node instanceof Expr.Binary binary) {
            return joined(binary, results[index + 1], results[outline.child(index, 1)]);
        }
        return node instanceof Expr.NumberLiteral
                        || node instanceof Expr.StringLiteral
                        || (node.type() == ValueType.SCALAR || node.type() == ValueType.STRING)
                ? Labels.SCALAR
                : Labels.UNKNOWN;
    }

    private static Labels selected(Expr.VectorSelector selector) {
        Labels.Building labels = Labels.anyWith(selector.matchers().size() + 1);
        if (!selector.name().isEmpty()) {
            String name = Templates.occursIn(selector.name()) ? null : selector.name();
            labels.put(Matcher.METRIC_NAME, Fact.guaranteed(selector, name));
        }
        boolean never = false;
        for (Matcher matcher : selector.matchers()) {
            if (MatcherChecks.isOpen(matcher)) {
                continue;
            }
            Fact fact = fact(selector, matcher);
            Fact known = labels.get(matcher.name());
            never |= known.contradicts(fact);
            labels.put(matcher.name(), known.and(fact));
        }
        Labels all = labels.build();
        return never ? all.with(Result.NEVER) : all;
    }

    private static Fact fact(Expr.VectorSelector selector, Matcher matcher) {
        if (matcher.op() == Matcher.Op.EQUAL) {
            return matcher.value().isEmpty()
                    ? new Fact(Labels.Presence.IMPOSSIBLE, "", selector, matcher)
                    : new Fact(Labels.Presence.GUARANTEED, matcher.value(), selector, matcher);
        }
        return matcher.needsText() ? new Fact(Labels.Presence.GUARANTEED, null, selector, matcher) : Fact.POSSIBLE;
    }

    private static Labels aggregated(Expr.Aggregation aggregation, Labels operand) {
        Labels labels = switch (aggregation.op()) {
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO ->
                operand.result() == Result.ALWAYS ? operand.with(Result.MAYBE) : operand;
            default -> grouped(aggregation, operand);
        };
        if (aggregation.op() != AggregateOp.COUNT_VALUES) {
            return labels;
        }
        Optional<String> label = aggregation.parameter().flatMap(LabelPaths::text);
        return label.isPresent()
                ? labels.with(label.get(), Fact.guaranteed(aggregation, null))
                : labels.forgetImpossible();
    }

    private static Labels grouped(Expr.Aggregation aggregation, Labels operand) {
        Grouping grouping = aggregation.grouping();
        List<String> names = grouping.labels();
        if (LabelPaths.isOpen(names, grouping.templated())) {
            return grouping.without() ? operand.forgetGuarantees() : operand;
        }
        return grouping.without()
                ? operand.dropAll(names, aggregation).drop(Matcher.METRIC_NAME, aggregation)
                : operand.keepOnly(names, aggregation);
    }

    private static Labels joined(Expr.Binary binary, Labels left, Labels right) {
        if (left.isScalar() && right.isScalar()) {
            return Labels.SCALAR;
        }
        if (binary.op().isSetOperator()) {
            return combined(binary, left, right);
        }
        if (left.isScalar() || right.isScalar()) {
            Labels vector = left.isScalar() ? right : left;
            Labels labels = withoutName(binary, vector);
            boolean filter = LabelPaths.isFilter(binary);
            return filter
                    ? labels.withCondition(true).with(vector.result() == Result.NEVER ? Result.NEVER : Result.MAYBE)
                    : labels;
        }
        return matched(binary, left, right);
    }

    private static Labels withoutName(Expr.Binary binary, Labels labels) {
        if (LabelPaths.isFilter(binary) && binary.op().isComparison()) {
            return labels;
        }
        return binary.op().isComparison() || !LabelPaths.isFilter(binary)
                ? labels.drop(Matcher.METRIC_NAME, binary)
                : labels.with(Matcher.METRIC_NAME, Fact.POSSIBLE);
    }

    private static Labels combined(Expr.Binary binary, Labels left, Labels right) {
        LabelSet matching = LabelPaths.matching(binary.matching());
        boolean meets = left.contradiction(right, matching) == null;
        return switch (binary.op()) {
            case AND -> {
                Labels both = left.matched(right, matching).withCondition(true);
                boolean never = !meets || left.result() == Result.NEVER || right.result() == Result.NEVER;
                yield both.with(never ? Result.NEVER : Result.MAYBE);
            }
            case UNLESS -> left.withCondition(true).with(left.result() == Result.NEVER ? Result.NEVER : Result.MAYBE);
            default -> {
                if (left.result() == Result.NEVER) {
                    yield right;
                }
                if (right.result() == Result.NEVER) {
                    yield left;
                }
                boolean always = left.result() == Result.ALWAYS || right.result() == Result.ALWAYS;
                yield left.union(right)
                        .with(always ? Result.ALWAYS : Result.MAYBE)
                        .withCondition(left.hasCondition() && right.hasCondition());
            }
        };
    }

    private static Labels matched(Expr.Binary binary, Labels left, Labels right) {
        VectorMatching matching = binary.matching();
        boolean filled = matching.fillLeft().isPresent() || matching.fillRight().isPresent();
        boolean rightMany = matching.group() == VectorMatching.Group.RIGHT;
        Labels many = rightMany ? right : left;
        Labels one = rightMany ? left : right;
        LabelSet compared = LabelPaths.matching(matching);
        boolean never = left.result() == Result.NEVER || right.result() == Result.NEVER;
        Labels labels;
        if (filled) {
            never = left.result() == Result.NEVER && right.result() == Result.NEVER;
            labels = withoutName(binary, many.union(one)).forgetGuarantees();
        } else {
            never |= left.contradiction(right, compared) != null;
            labels = withoutName(binary, many.matched(one, compared));
        }
        boolean open = LabelPaths.isOpen(matching.labels(), matching.templated());
        if (matching.group() == VectorMatching.Group.NONE) {
            labels = open
                    ? labels.forgetGuarantees()
                    : matching.on()
                            ? labels.keepOnly(matching.labels(), binary)
                            : labels.dropAll(matching.labels(), binary);
        } else if (LabelPaths.isOpen(matching.include(), matching.templated())) {
            labels = labels.forgetGuarantees().forgetImpossible();
        } else {
            for (String name : matching.include()) {
                labels = labels.with(name, included(name, one, compared, many, filled));
            }
        }
        boolean always = left.result() == Result.ALWAYS
                && right.result() == Result.ALWAYS
                && left.isSingle()
                && right.isSingle()
                && !LabelPaths.isFilter(binary);
        return labels.with(never ? Result.NEVER : always ? Result.ALWAYS : Result.MAYBE)
                .withCondition(LabelPaths.isFilter(binary) || left.hasCondition() || right.hasCondition());
    }

    private static Fact included(String name, Labels one, LabelSet compared, Labels many, boolean filled) {
        if (filled) {
            return Fact.POSSIBLE;
        }
        Fact fact = one.get(name);
        return compared.contains(name) ? fact.and(many.get(name)) : fact;
    }

    /** {@return the argument of {@code absent} that says which labels its result has, or null} */
    static Expr.@Nullable VectorSelector selectorOf(Expr argument) {
        if (argument instanceof Expr.MatrixSelector matrix) {
            return matrix.selector();
        }
        return argument instanceof Expr.VectorSelector selector ? selector : null;
    }
}
