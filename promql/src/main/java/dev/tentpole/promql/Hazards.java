package dev.tentpole.promql;

import java.util.List;
import java.util.Optional;

/**
 * What an expression can do besides returning series: fail because of the data, or annotate the result. It is what a
 * rewriting must leave as it was, and why some must not be made: where two series of one side have the same labels, a join
 * fails even if neither of them finds a partner, and a filter in front of it makes it succeed.
 *
 * <p>For that it is known of each expression by which labels its series differ: no two of them have the same values of all
 * labels in that set. Limits of the server, and warnings about native histograms, are not looked at.
 */
final class Hazards {

    /** More labels than this are taken for all labels, which is less to say and always true. */
    private static final int MAX_TRACKED = 64;

    private final Outline outline;
    private final LabelSet[] distinct;
    private final boolean[] fails;
    private final boolean[] annotates;
    /** Whether it can fail whatever its series are, because of a text or a number in it. */
    private final boolean[] refuses;

    private Hazards(Outline outline) {
        this.outline = outline;
        this.distinct = new LabelSet[outline.size()];
        this.fails = new boolean[outline.size()];
        this.annotates = new boolean[outline.size()];
        this.refuses = new boolean[outline.size()];
    }

    static Hazards of(Outline outline) {
        Hazards hazards = new Hazards(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            hazards.look(i);
        }
        return hazards;
    }

    /** {@return whether a node neither fails nor annotates, so that nobody can tell whether it is evaluated} */
    boolean isSilent(int index) {
        return isCalm(index) && !refuses[index];
    }

    /** {@return whether series of the node that have no part in the result can be left out, and nobody can tell} */
    boolean isCalm(int index) {
        return !fails[index] && !annotates[index];
    }

    /** {@return whether no two series of a node have the same values of all these labels} */
    boolean isDistinct(int index, LabelSet labels) {
        return distinct[index].within(labels);
    }

    private void look(int index) {
        Expr node = outline.node(index);
        int child = index + 1;
        for (int i = 0; i < node.children().size(); i++) {
            fails[index] |= fails[child];
            annotates[index] |= annotates[child];
            refuses[index] |= refuses[child];
            child = outline.end(child);
        }
        LabelSet labels = labels(index, node);
        distinct[index] = labels.names().size() > MAX_TRACKED ? LabelSet.ALL : labels;
    }

    private LabelSet labels(int index, Expr node) {
        if (node instanceof Expr.Selection selection) {
            Modifiers modifiers = selection.modifiers();
            // Not all functions take all edges, and what is calculated can be out of its range.
            refuses[index] |= modifiers.edge() != Modifiers.Edge.NONE
                    || modifiers
                            .offset()
                            .filter(offset -> !(offset instanceof DurationExpr.Literal))
                            .isPresent();
        }
        if (node instanceof Expr.VectorSelector selector) {
            return hasOneName(selector) ? LabelSet.ALL_BUT_NAME : LabelSet.ALL;
        }
        if (node instanceof Expr.Paren || node instanceof Expr.Selection) {
            refuses[index] |= node instanceof Expr.Subquery
                    || (node instanceof Expr.MatrixSelector matrix
                            && !(matrix.window() instanceof DurationExpr.Literal));
            return distinct[index + 1];
        }
        if (node instanceof Expr.Unary unary) {
            return unary.negative() ? nameless(index, distinct[index + 1]) : distinct[index + 1];
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return aggregated(index, aggregation);
        }
        if (node instanceof Expr.Call call) {
            return called(index, call);
        }
        if (node instanceof Expr.Binary binary) {
            return joined(index, binary);
        }
        if (node instanceof Expr.Placeholder || node instanceof Expr.TemplateCall) {
            unknown(index);
            return LabelSet.ALL;
        }
        return LabelSet.NONE;
    }

    private void unknown(int index) {
        fails[index] = true;
        annotates[index] = true;
        refuses[index] = true;
    }

    private static boolean hasOneName(Expr.VectorSelector selector) {
        if (!selector.name().isEmpty()) {
            return !Templates.occursIn(selector.name());
        }
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(Matcher.METRIC_NAME) && matcher.op() == Matcher.Op.EQUAL) {
                return !Templates.occursIn(matcher.value());
            }
        }
        return false;
    }

    /** The server fails if two series are the same once their metric names are dropped. */
    private LabelSet nameless(int index, LabelSet operand) {
        if (operand.contains(Matcher.METRIC_NAME)) {
            fails[index] = true;
        }
        return operand;
    }

    private LabelSet aggregated(int index, Expr.Aggregation aggregation) {
        LabelSet operand = distinct[outline.operand(index)];
        // A parameter out of its range fails or is reported whatever the series are.
        refuses[index] |= aggregation.parameter().isPresent();
        Grouping grouping = aggregation.grouping();
        switch (aggregation.op()) {
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> {
                // Up to 3.5 a parameter that is not a number, or not an integer, is an error as soon as there is a
                // series.
                fails[index] |= !isWithin(outline.node(outline.inside(index + 1)), -0x1p63, 0x1p63);
                return operand;
            }
            default -> {
                // Goes on below.
            }
        }
        if (LabelPaths.isOpen(grouping.labels(), grouping.templated())) {
            unknown(index);
            return LabelSet.ALL;
        }
        LabelSet groups =
                grouping.without() ? LabelSet.ALL_BUT_NAME.without(grouping.labels()) : LabelSet.of(grouping.labels());
        if (aggregation.op() != AggregateOp.COUNT_VALUES) {
            return groups;
        }
        Optional<String> label = aggregation.parameter().flatMap(LabelPaths::text);
        return label.isPresent() ? groups.with(List.of(label.get())) : LabelSet.ALL;
    }

    private LabelSet called(int index, Expr.Call call) {
        int vector = vectorArgument(index, call);
        if (vector < 0) {
            return LabelSet.NONE;
        }
        LabelSet operand = distinct[vector];
        switch (call.function().name()) {
            case "absent", "absent_over_time", "scalar" -> {
                return LabelSet.NONE;
            }
            case "sort", "sort_desc", "sort_by_label", "sort_by_label_desc" -> {
                // In a range query it is reported, whatever the series are, that they have no effect.
                refuses[index] = true;
                return operand;
            }
            case "last_over_time", "first_over_time" -> {
                return operand;
            }
            case "rate", "increase" -> annotates[index] |= !isCounter(vector);
            case "quantile_over_time" -> {
                annotates[index] |= !isBetween(outline.node(outline.inside(index + 1)), 0, 1);
            }
            case "histogram_quantile", "histogram_quantiles", "histogram_fraction" -> {
                annotates[index] = true;
                return call.function().name().equals("histogram_quantiles")
                        ? LabelSet.ALL
                        : LabelSet.ALL_BUT_NAME.without(List.of("le"));
            }
            case "label_replace", "label_join" -> {
                return relabelled(index, call, operand);
            }
            case "info" -> {
                unknown(index);
                return LabelSet.ALL;
            }
            case "double_exponential_smoothing" -> {
                // A factor out of its range is an error as soon as there is a series.
                int smoothing = outline.child(index, 1);
                int trend = outline.child(index, 2);
                fails[index] |= !isWithin(outline.node(outline.inside(smoothing)), 0, 1)
                        || !isWithin(outline.node(outline.inside(trend)), 0, 1);
            }
            default -> {
                // Changes values alone.
            }
        }
        return nameless(index, operand);
    }

    /** {@return the argument that is a vector, or -1} */
    private int vectorArgument(int index, Expr.Call call) {
        int child = index + 1;
        for (int i = 0; i < call.arguments().size(); i++) {
            ValueType type = call.function().argumentType(i);
            if (type == ValueType.INSTANT_VECTOR || type == ValueType.RANGE_VECTOR) {
                return child;
            }
            child = outline.end(child);
        }
        return -1;
    }

    /** {@return whether the server takes the series for counters, because of their name or because they have none} */
    private boolean isCounter(int vector) {
        Expr operand = outline.node(outline.inside(vector));
        if (!(operand instanceof Expr.MatrixSelector matrix)) {
            return false;
        }
        String name = matrix.selector().name();
        return name.endsWith("_total") || name.endsWith("_sum") || name.endsWith("_count") || name.endsWith("_bucket");
    }

    private static boolean isBetween(Expr parameter, double least, double most) {
        return parameter instanceof Expr.NumberLiteral number && number.value() >= least && number.value() <= most;
    }

    private static boolean isWithin(Expr parameter, double above, double below) {
        return parameter instanceof Expr.NumberLiteral number && number.value() > above && number.value() < below;
    }

    /** A label is overwritten: series that differ by others still do. */
    private LabelSet relabelled(int index, Expr.Call call, LabelSet operand) {
        refuses[index] = true;
        Optional<String> target =
                call.arguments().size() > 1 ? LabelPaths.text(call.arguments().get(1)) : Optional.empty();
        if (target.isEmpty() || operand.contains(target.get())) {
            fails[index] = true;
            return LabelSet.ALL;
        }
        return operand;
    }

    private LabelSet joined(int index, Expr.Binary binary) {
        int leftIndex = index + 1;
        int rightIndex = outline.child(index, 1);
        LabelSet left = distinct[leftIndex];
        LabelSet right = distinct[rightIndex];
        boolean leftVector = Trees.isVector(binary.left());
        boolean rightVector = Trees.isVector(binary.right());
        boolean keepsName = binary.op().isComparison() && !binary.bool();
        annotates[index] |= binary.op() == BinaryOp.TRIM_LOWER || binary.op() == BinaryOp.TRIM_UPPER;
        if (!leftVector || !rightVector) {
            LabelSet vector = leftVector ? left : right;
            return (leftVector || rightVector) && !keepsName ? nameless(index, vector) : vector;
        }
        VectorMatching matching = binary.matching();
        boolean open = LabelPaths.isOpen(matching.labels(), matching.templated())
                || LabelPaths.isOpen(matching.include(), matching.templated());
        if (open || matching.fillLeft().isPresent() || matching.fillRight().isPresent()) {
            unknown(index);
            return LabelSet.ALL;
        }
        LabelSet compared = LabelPaths.matching(matching);
        if (binary.op().isSetOperator()) {
            return binary.op() == BinaryOp.OR ? left.or(right).or(compared) : left;
        }
        if (matching.group() == VectorMatching.Group.NONE) {
            fails[index] |= !left.within(compared) || !right.within(compared);
            return left.within(compared) ? left : LabelSet.ALL;
        }
        boolean leftIsMany = matching.group() == VectorMatching.Group.LEFT;
        LabelSet many = leftIsMany ? left : right;
        LabelSet one = leftIsMany ? right : left;
        boolean overwritten = matching.include().stream().anyMatch(many::contains);
        fails[index] |= !one.within(compared) || overwritten || (!keepsName && many.contains(Matcher.METRIC_NAME));
        return overwritten ? LabelSet.ALL : many;
    }
}
