package dev.tentpole.promql;

import dev.tentpole.promql.Labels.Fact;
import java.util.List;

/** Looks for an {@code or} whose sides have different labels, so that both are in the result, where that is seen. */
final class MixedOr {

    private static final int LEVELS = 32;

    private MixedOr() {}

    static void look(Analysis analysis, int index, int rightIndex, Expr.Binary binary) {
        Labels left = analysis.flow().at(index + 1);
        Labels right = analysis.flow().at(rightIndex);
        VectorMatching matching = binary.matching();
        if (left.hasCondition()
                || right.hasCondition()
                || LabelPaths.isOpen(matching.labels(), matching.templated())
                || isAddedUp(analysis, index, rightIndex)) {
            return;
        }
        LabelSet compared = LabelPaths.matching(matching);
        if (right.result() == Labels.Result.ALWAYS && right.isSingle() && hasOwnLabels(left, right, compared)) {
            if (!isLeftOut(analysis, index, left, right)) {
                VectorMatching better = new VectorMatching(true, List.of(), VectorMatching.Group.NONE, List.of());
                analysis.found(
                                Rule.MIXED_OR,
                                index,
                                "a series of the left side that has labels does not stand in for the right side, which then"
                                        + " is there as one more series; or on() takes it only if the left side is empty")
                        .fix(() -> analysis.replace(index, binary.withMatching(better)))
                        .add();
            }
            return;
        }
        String label = left.contradiction(right, compared);
        if (label != null && (left.get(label).isImpossible() || right.get(label).isImpossible())) {
            analysis.found(
                            Rule.MIXED_OR,
                            index,
                            "all series of one side have a label " + label
                                    + ", and none of the other side, so that both sides are always in the result")
                    .add();
        }
    }

    private static boolean hasOwnLabels(Labels left, Labels right, LabelSet compared) {
        if (!left.rest().isImpossible()) {
            return compared.allBut();
        }
        for (String label : left.names()) {
            if (compared.contains(label) && isOwn(left.get(label), right.get(label))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOwn(Fact left, Fact right) {
        return !left.isImpossible() && (left.value() == null || !left.value().equals(right.value()));
    }

    /** {@return whether it does not matter that there is one more series, which is zero: all are added up} */
    private static boolean isAddedUp(Analysis analysis, int index, int rightIndex) {
        Outline outline = analysis.outline();
        int above = outline.above(index);
        if (above < 0 || !(outline.node(above) instanceof Expr.Aggregation aggregation)) {
            return false;
        }
        return switch (aggregation.op()) {
            case SUM -> aggregation.grouping().isNone() || isZero(outline.node(outline.inside(rightIndex)));
            case MAX -> aggregation.grouping().isNone();
            default -> false;
        };
    }

    private static boolean isZero(Expr expr) {
        return expr instanceof Expr.Call call
                && call.function().name().equals("vector")
                && Trees.bare(call.arguments().get(0)) instanceof Expr.NumberLiteral number
                && number.value() == 0;
    }

    /** {@return whether one more series finds no partner in the operator above, which compares a label that it lacks} */
    private static boolean isLeftOut(Analysis analysis, int index, Labels left, Labels right) {
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS; level++) {
            int parent = outline.parent(node);
            if (parent < 0) {
                return false;
            }
            Expr above = outline.node(parent);
            if (above instanceof Expr.Binary outer) {
                Labels other = analysis.flow().at(node == parent + 1 ? outline.child(parent, 1) : parent + 1);
                if (!other.isScalar()) {
                    return outer.op() != BinaryOp.OR && compares(outer.matching(), left, right, other);
                }
            } else if (!(above instanceof Expr.Paren || above instanceof Expr.Unary)) {
                return false;
            }
            node = parent;
        }
        return false;
    }

    private static boolean compares(VectorMatching matching, Labels left, Labels right, Labels other) {
        if (LabelPaths.isOpen(matching.labels(), matching.templated())
                || matching.fillLeft().isPresent()
                || matching.fillRight().isPresent()) {
            return false;
        }
        LabelSet compared = LabelPaths.matching(matching);
        if (compared.allBut() && !left.rest().isImpossible()) {
            return !other.rest().isImpossible();
        }
        for (String label : compared.allBut() ? left.names() : List.copyOf(compared.names())) {
            if (compared.contains(label)
                    && isOwn(left.get(label), right.get(label))
                    && !other.get(label).isImpossible()) {
                return true;
            }
        }
        return false;
    }
}
