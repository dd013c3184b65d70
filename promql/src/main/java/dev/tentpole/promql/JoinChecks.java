package dev.tentpole.promql;

import dev.tentpole.promql.Labels.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rules about how the series of two vectors find each other. */
final class JoinChecks implements Check {

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (!(node instanceof Expr.Binary binary)) {
            return;
        }
        int rightIndex = analysis.outline().child(index, 1);
        Labels left = analysis.flow().at(index + 1);
        Labels right = analysis.flow().at(rightIndex);
        if (left.isScalar()
                || right.isScalar()
                || left.result() == Labels.Result.NEVER
                || right.result() == Labels.Result.NEVER) {
            return;
        }
        if (binary.op() == BinaryOp.OR) {
            MixedOr.look(analysis, index, rightIndex, binary);
            return;
        }
        if (!neverMatches(analysis, index, binary, left, right) && !binary.op().isSetOperator()) {
            VectorMatching.Group group = binary.matching().group();
            if (group != VectorMatching.Group.RIGHT) {
                manyToMany(analysis, index, rightIndex, binary);
            }
            if (group != VectorMatching.Group.LEFT) {
                manyToMany(analysis, index, index + 1, binary);
            }
        }
    }

    private static boolean neverMatches(Analysis analysis, int index, Expr.Binary binary, Labels left, Labels right) {
        String label = left.contradiction(right, LabelPaths.matching(binary.matching()));
        if (label == null) {
            return false;
        }
        Fact onLeft = left.get(label);
        Fact onRight = right.get(label);
        String effect = binary.op() == BinaryOp.UNLESS ? "so unless removes nothing" : "so there is never a result";
        String message;
        if (onLeft.isImpossible() || onRight.isImpossible()) {
            Fact missing = onLeft.isImpossible() ? onLeft : onRight;
            message = "all series of the " + (onLeft.isImpossible() ? "right" : "left") + " side have a label " + label
                    + ", and none of the other side, since " + LabelChecks.reason(missing) + "; " + effect;
        } else {
            message = "the label " + label + " is compared, and its matchers on both sides want different values; "
                    + effect;
        }
        analysis.found(Rule.NEVER_MATCHES, index, message)
                .fix(() -> ignoring(analysis, index, binary, label, left, right))
                .add();
        return true;
    }

    /** {@return the operator without the one label that is in the way, if the sides match without it} */
    private static Finding.@Nullable Fix ignoring(
            Analysis analysis, int index, Expr.Binary binary, String label, Labels left, Labels right) {
        VectorMatching matching = binary.matching();
        if (matching.on() || matching.group() != VectorMatching.Group.NONE || matching.templated()) {
            return null;
        }
        List<String> labels = new ArrayList<>(matching.labels());
        labels.add(label);
        VectorMatching better = new VectorMatching(
                false, labels, matching.group(), matching.include(), matching.fillLeft(), matching.fillRight(), false);
        return left.contradiction(right, LabelPaths.matching(better)) == null
                ? analysis.replace(index, binary.withMatching(better))
                : null;
    }

    /** The series of a side that must be unique have labels by which they were grouped on purpose, and more than match. */
    private static void manyToMany(Analysis analysis, int index, int side, Expr.Binary binary) {
        VectorMatching matching = binary.matching();
        Labels labels = analysis.flow().at(side);
        Outline outline = analysis.outline();
        int top = outline.inside(side);
        if (!labels.rest().isImpossible()) {
            comparesNothing(analysis, index, side, matching, outline.node(top));
            return;
        }
        if (LabelPaths.isOpen(matching.labels(), matching.templated())) {
            return;
        }
        if (outline.node(top) instanceof Expr.Aggregation aggregation && isOne(aggregation.parameter())) {
            return;
        }
        LabelSet compared = LabelPaths.matching(matching);
        if (matching.fillLeft().isPresent() || matching.fillRight().isPresent()) {
            return;
        }
        for (String label : labels.names()) {
            Fact fact = labels.get(label);
            // A label that is taken over is by convention the same for all that match.
            boolean known =
                    label.equals(Matcher.METRIC_NAME) || matching.include().contains(label);
            if (!known && !fact.isImpossible() && fact.value() == null && !compared.contains(label)) {
                analysis.found(
                                Rule.MANY_TO_MANY,
                                index,
                                "the " + sideName(index, side)
                                        + " side can have series that differ in the label " + label
                                        + ", which is not compared; two of them for one of the other side are an error")
                        .at(outline.node(side).range())
                        .add();
                return;
            }
        }
    }

    /** All series of a metric match all of the other side, so that there must not be two. */
    private static void comparesNothing(Analysis analysis, int index, int side, VectorMatching matching, Expr operand) {
        boolean compares = !matching.on()
                || !matching.labels().isEmpty()
                || matching.group() != VectorMatching.Group.NONE
                || matching.fillLeft().isPresent()
                || matching.fillRight().isPresent();
        if (!compares
                && operand instanceof Expr.VectorSelector selector
                && selector.matchers().isEmpty()) {
            analysis.found(
                            Rule.MANY_TO_MANY,
                            index,
                            "on () compares no label, so that two series of the " + sideName(index, side)
                                    + " side are an error")
                    .at(analysis.outline().node(side).range())
                    .add();
        }
    }

    private static String sideName(int index, int side) {
        return side == index + 1 ? "left" : "right";
    }

    private static boolean isOne(Optional<Expr> parameter) {
        return parameter.isPresent() && parameter.get() instanceof Expr.NumberLiteral number && number.value() <= 1;
    }
}
