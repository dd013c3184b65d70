package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which labels pass from an operand to the result of an expression unchanged: a series of the result has the same value of
 * the label, which may be none, as each series of the operand that it was made from.
 */
final class LabelPaths {

    private static final LabelSet WITHOUT_BUCKET = LabelSet.ALL_BUT_METADATA.without(Set.of("le"));

    private LabelPaths() {}

    /**
     * {@return the labels that pass unchanged from one part of an expression to its result}
     *
     * @param parent the expression
     * @param child which part, counted as {@link Expr#children} does
     */
    static LabelSet unchanged(Expr parent, int child) {
        if (parent instanceof Expr.Paren || parent instanceof Expr.Selection) {
            return LabelSet.ALL;
        }
        if (parent instanceof Expr.Unary unary) {
            return unary.negative() ? LabelSet.ALL_BUT_METADATA : LabelSet.ALL;
        }
        if (parent instanceof Expr.Call call) {
            return throughCall(call, child);
        }
        if (parent instanceof Expr.Aggregation aggregation) {
            return child == parent.children().size() - 1 ? throughAggregation(aggregation) : LabelSet.NONE;
        }
        return parent instanceof Expr.Binary binary ? throughBinary(binary, child == 0) : LabelSet.NONE;
    }

    /**
     * {@return the labels by which it is the same whether the result or the part is filtered}
     *
     * <p>A matcher on such a label can be moved from the result to the part. It is less than {@link #unchanged} where
     * other series of the part decide which ones are taken.
     *
     * @param parent the expression
     * @param child which part, counted as {@link Expr#children} does
     */
    static LabelSet filterable(Expr parent, int child) {
        if (parent instanceof Expr.Aggregation aggregation && picks(aggregation.op())) {
            return child == parent.children().size() - 1 ? groups(aggregation.grouping()) : LabelSet.NONE;
        }
        if (parent instanceof Expr.Binary binary && binary.op().isSetOperator()) {
            boolean whole = child == 0 && binary.op() != BinaryOp.OR;
            return whole ? LabelSet.ALL : compared(binary.matching());
        }
        return unchanged(parent, child);
    }

    /**
     * {@return the labels that pass unchanged from one node of a tree to another one above it}
     *
     * @param outline the tree
     * @param from the lower node
     * @param to the same node or one above
     */
    static LabelSet unchanged(Outline outline, int from, int to) {
        LabelSet labels = LabelSet.ALL;
        for (int node = from; node != to && !labels.isEmpty(); node = outline.parent(node)) {
            labels = labels.and(unchanged(outline.node(outline.parent(node)), outline.number(node)));
        }
        return labels;
    }

    /** {@return the text that an argument is known to be} */
    static Optional<String> text(Expr expr) {
        Expr inner = expr;
        while (inner instanceof Expr.Paren paren) {
            inner = paren.inner();
        }
        return inner instanceof Expr.StringLiteral literal && !Templates.occursIn(literal.value())
                ? Optional.of(literal.value())
                : Optional.empty();
    }

    /** {@return whether a list of labels has a template variable in it, which may stand for any labels} */
    static boolean isOpen(List<String> labels, boolean templated) {
        if (templated) {
            for (String label : labels) {
                if (Templates.occursIn(label)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return whether the values decide which series are returned, and they keep their metric names} */
    static boolean isFilter(Expr.Binary binary) {
        return binary.op().precedence() == BinaryOp.EQ.precedence() && !binary.bool();
    }

    /** {@return the labels that are certain to be compared by vector matching} */
    static LabelSet matching(VectorMatching matching) {
        boolean filled = matching.fillLeft().isPresent() || matching.fillRight().isPresent();
        return filled ? LabelSet.NONE : compared(matching);
    }

    private static LabelSet compared(VectorMatching matching) {
        boolean open = isOpen(matching.labels(), matching.templated());
        if (matching.on()) {
            return open ? LabelSet.of(known(matching.labels())) : LabelSet.of(matching.labels());
        }
        return open ? LabelSet.NONE : LabelSet.ALL_BUT_NAME.without(matching.labels());
    }

    private static List<String> known(List<String> labels) {
        List<String> known = new ArrayList<>(labels);
        known.removeIf(Templates::occursIn);
        return known;
    }

    /** {@return whether an aggregation returns some of the series of its operand as they are} */
    static boolean picks(AggregateOp op) {
        return switch (op) {
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> true;
            default -> false;
        };
    }

    private static LabelSet throughAggregation(Expr.Aggregation aggregation) {
        if (picks(aggregation.op())) {
            return LabelSet.ALL;
        }
        LabelSet labels = groups(aggregation.grouping());
        if (aggregation.op() != AggregateOp.COUNT_VALUES) {
            return labels;
        }
        Optional<String> label = aggregation.parameter().flatMap(LabelPaths::text);
        return label.isPresent() ? labels.without(List.of(label.get())) : LabelSet.NONE;
    }

    private static LabelSet groups(Grouping grouping) {
        boolean open = isOpen(grouping.labels(), grouping.templated());
        if (grouping.without()) {
            return open ? LabelSet.NONE : LabelSet.ALL_BUT_NAME.without(grouping.labels());
        }
        return LabelSet.of(open ? known(grouping.labels()) : grouping.labels());
    }

    private static LabelSet throughCall(Expr.Call call, int child) {
        List<ValueType> types = call.function().argumentTypes();
        ValueType type = types.isEmpty() ? ValueType.SCALAR : types.get(Math.min(child, types.size() - 1));
        if (type != ValueType.INSTANT_VECTOR && type != ValueType.RANGE_VECTOR) {
            return LabelSet.NONE;
        }
        return switch (call.function().name()) {
            case "scalar", "absent", "absent_over_time" -> LabelSet.NONE;
            case "label_replace", "label_join" -> allButText(call, LabelSet.ALL);
            case "info" -> child == 0 ? LabelSet.of(List.of(Matcher.METRIC_NAME)) : LabelSet.NONE;
            case "histogram_quantile", "histogram_fraction" -> WITHOUT_BUCKET;
            case "histogram_quantiles" -> allButText(call, WITHOUT_BUCKET);
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc", "last_over_time", "first_over_time" ->
                LabelSet.ALL;
            default -> LabelSet.ALL_BUT_METADATA;
        };
    }

    /** {@return the labels without the one that the second argument names} */
    private static LabelSet allButText(Expr.Call call, LabelSet labels) {
        if (call.arguments().size() < 2) {
            return LabelSet.NONE;
        }
        Optional<String> target = text(call.arguments().get(1));
        return target.isPresent() ? labels.without(List.of(target.get())) : LabelSet.NONE;
    }

    private static LabelSet throughBinary(Expr.Binary binary, boolean left) {
        VectorMatching matching = binary.matching();
        if (binary.op().isSetOperator()) {
            return switch (binary.op()) {
                case OR -> LabelSet.ALL;
                case AND -> left ? LabelSet.ALL : compared(matching);
                default -> left ? LabelSet.ALL : LabelSet.NONE;
            };
        }
        LabelSet named = isFilter(binary) && binary.op().isComparison() ? LabelSet.ALL : LabelSet.ALL_BUT_METADATA;
        if (!Trees.isVector(binary.left()) || !Trees.isVector(binary.right())) {
            return Trees.isVector(left ? binary.left() : binary.right()) ? named : LabelSet.NONE;
        }
        if (matching.fillLeft().isPresent() || matching.fillRight().isPresent()) {
            return LabelSet.NONE;
        }
        LabelSet compared = compared(matching).and(named);
        boolean open = isOpen(matching.include(), matching.templated());
        return switch (matching.group()) {
            case NONE -> compared;
            case LEFT -> open ? LabelSet.NONE : grouped(matching, named, compared, left);
            case RIGHT -> open ? LabelSet.NONE : grouped(matching, named, compared, !left);
        };
    }

    private static LabelSet grouped(VectorMatching matching, LabelSet named, LabelSet compared, boolean many) {
        // A label that is compared and included has the same value on both sides.
        List<String> overwritten = new ArrayList<>(matching.include());
        overwritten.removeIf(compared::contains);
        return many ? named.without(overwritten) : compared.with(matching.include());
    }
}
