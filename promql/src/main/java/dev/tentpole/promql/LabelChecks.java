package dev.tentpole.promql;

import dev.tentpole.promql.Labels.Fact;
import java.util.ArrayList;
import java.util.List;

/** Rules about labels that clauses name and series cannot have, and about labels that are taken over for nothing. */
final class LabelChecks implements Check {

    /** How far up it is looked for what drops a label. */
    private static final int LEVELS = 32;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Aggregation aggregation) {
            grouping(analysis, index, aggregation);
        } else if (node instanceof Expr.Binary binary && !binary.matching().isNone()) {
            matching(analysis, index, binary);
            unusedIncludes(analysis, index, binary);
        }
    }

    private static void grouping(Analysis analysis, int index, Expr.Aggregation aggregation) {
        Labels operand = analysis.flow().at(analysis.outline().operand(index));
        if (operand.result() == Labels.Result.NEVER) {
            return;
        }
        Grouping grouping = aggregation.grouping();
        for (String label : grouping.labels()) {
            Fact fact = operand.get(label);
            if (fact.isImpossible() && !isOpen(label, grouping.templated())) {
                List<String> others = new ArrayList<>(grouping.labels());
                others.remove(label);
                Grouping better = new Grouping(grouping.without(), others, grouping.templated());
                analysis.found(
                                Rule.IMPOSSIBLE_LABEL,
                                index,
                                "no series has a label " + label + " here, since " + reason(fact)
                                        + (grouping.without() ? ", so there is nothing to drop" : ""))
                        .fix(() -> analysis.replace(index, aggregation.withGrouping(better)))
                        .add();
                return;
            }
        }
    }

    private static boolean isOpen(String label, boolean templated) {
        return templated && Templates.occursIn(label);
    }

    /** {@return what makes a label impossible, to follow "since"} */
    static String reason(Fact fact) {
        Matcher matcher = fact.matcher();
        Expr cause = fact.cause();
        if (matcher != null) {
            return "a matcher selects series without it";
        }
        if (cause instanceof Expr.Aggregation aggregation) {
            return aggregation.grouping().without()
                    ? aggregation.op().symbol() + " without it drops it"
                    : aggregation.op().symbol() + " by other labels drops it";
        }
        if (cause instanceof Expr.Call call) {
            return call.function().name() + "() drops it";
        }
        return cause instanceof Expr.Binary binary
                ? "the operator " + binary.op().symbol() + " drops it"
                : "it is dropped";
    }

    private static void matching(Analysis analysis, int index, Expr.Binary binary) {
        Outline outline = analysis.outline();
        Labels left = analysis.flow().at(index + 1);
        Labels right = analysis.flow().at(outline.child(index, 1));
        VectorMatching matching = binary.matching();
        if (left.result() == Labels.Result.NEVER || right.result() == Labels.Result.NEVER) {
            return;
        }
        for (String label : matching.labels()) {
            Fact onLeft = left.get(label);
            Fact onRight = right.get(label);
            if (isOpen(label, matching.templated())) {
                continue;
            }
            if (onLeft.isImpossible() && onRight.isImpossible()) {
                String clause = matching.on() ? "on" : "ignoring";
                impossible(analysis, index, label, "neither side of " + clause + " has a label ", reason(onLeft));
                return;
            }
            boolean one = onLeft.isImpossible() || onRight.isImpossible();
            if (matching.on() && one && !onLeft.contradicts(onRight) && binary.op() != BinaryOp.OR) {
                impossible(
                        analysis,
                        index,
                        label,
                        "the " + (onLeft.isImpossible() ? "left" : "right") + " side of on has no label ",
                        reason(onLeft.isImpossible() ? onLeft : onRight));
                return;
            }
        }
        Labels one = matching.group() == VectorMatching.Group.RIGHT ? left : right;
        for (String label : matching.include()) {
            if (one.get(label).isImpossible() && !isOpen(label, matching.templated())) {
                impossible(
                        analysis,
                        index,
                        label,
                        "the side that the group takes labels from has no ",
                        reason(one.get(label)));
                return;
            }
        }
    }

    private static void impossible(Analysis analysis, int index, String label, String what, String reason) {
        analysis.found(Rule.IMPOSSIBLE_LABEL, index, what + label + ", since " + reason)
                .add();
    }

    private static void unusedIncludes(Analysis analysis, int index, Expr.Binary binary) {
        VectorMatching matching = binary.matching();
        if (matching.include().isEmpty() || matching.templated()) {
            return;
        }
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS; level++) {
            int parent = outline.parent(node);
            if (parent < 0) {
                return;
            }
            Expr above = outline.node(parent);
            if (above instanceof Expr.Aggregation aggregation && node == outline.operand(parent)) {
                dropped(analysis, index, binary, aggregation);
                return;
            }
            boolean passes = above instanceof Expr.Paren
                    || above instanceof Expr.Unary
                    || (above instanceof Expr.Binary outer
                            && !outer.op().isSetOperator()
                            && (analysis.flow().at(parent + 1).isScalar()
                                    || analysis.flow()
                                            .at(outline.child(parent, 1))
                                            .isScalar()));
            if (!passes) {
                return;
            }
            node = parent;
        }
    }

    private static void dropped(Analysis analysis, int index, Expr.Binary binary, Expr.Aggregation aggregation) {
        if (LabelPaths.picks(aggregation.op())
                || LabelPaths.isOpen(
                        aggregation.grouping().labels(), aggregation.grouping().templated())) {
            return;
        }
        LabelSet kept =
                LabelPaths.filterable(aggregation, aggregation.children().size() - 1);
        VectorMatching matching = binary.matching();
        List<String> used = new ArrayList<>(matching.include());
        used.removeIf(label -> !kept.contains(label));
        if (used.size() == matching.include().size()) {
            return;
        }
        List<String> unused = new ArrayList<>(matching.include());
        unused.removeAll(used);
        VectorMatching better = new VectorMatching(
                matching.on(),
                matching.labels(),
                matching.group(),
                used,
                matching.fillLeft(),
                matching.fillRight(),
                matching.templated());
        analysis.found(
                        Rule.UNUSED_INCLUDE,
                        index,
                        "the group takes over " + String.join(", ", unused) + ", which the aggregation above drops")
                .fix(() -> analysis.replace(index, binary.withMatching(better)))
                .add();
    }
}
