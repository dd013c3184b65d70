package dev.tentpole.promql;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules about the expressions of alerts. */
final class AlertChecks implements Check {

    private static final int LEVELS = 32;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (!analysis.isAlert()) {
            return;
        }
        if (index == 0) {
            condition(analysis);
        }
        if (node instanceof Expr.Aggregation aggregation) {
            picks(analysis, index, aggregation);
        } else if (node instanceof Expr.Binary binary) {
            restarts(analysis, index, binary);
        } else if (node instanceof Expr.Call call && call.function().name().startsWith("absent")) {
            absent(analysis, index, call);
        }
    }

    private static void condition(Analysis analysis) {
        Labels root = analysis.flow().root();
        Outline outline = analysis.outline();
        int top = outline.inside(0);
        Expr node = outline.node(top);
        // An alert that is to fire always, so that its absence is noticed.
        boolean watchdog =
                node instanceof Expr.Call call && call.function().name().equals("vector");
        if (root.hasCondition() || watchdog || root.result() == Labels.Result.NEVER) {
            if (root.hasCondition() && root.result() == Labels.Result.ALWAYS) {
                always(analysis, top);
            }
            return;
        }
        if (node instanceof Expr.Binary binary && binary.op().isComparison() && binary.bool()) {
            Expr better = new Expr.Binary(
                    binary.left(), binary.op(), false, binary.matching(), binary.right(), binary.range());
            boolean scalars = analysis.flow().at(top).isScalar();
            analysis.found(
                            Rule.ALERT_BOOL,
                            top,
                            "with bool the comparison returns 0 instead of nothing, and an alert fires for whatever is"
                                    + " returned")
                    .fix(() -> scalars ? null : analysis.replace(top, better))
                    .add();
        } else if (root.result() == Labels.Result.ALWAYS) {
            always(analysis, top);
        } else if (node instanceof Expr.Binary binary && binary.op() == BinaryOp.OR) {
            int right = outline.child(top, 1);
            int side = analysis.flow().at(top + 1).hasCondition() ? right : top + 1;
            withoutCondition(analysis, side);
        } else if (!isAlerts(analysis, top)) {
            withoutCondition(analysis, top);
        }
    }

    private static void withoutCondition(Analysis analysis, int index) {
        analysis.found(
                        Rule.ALERT_WITHOUT_CONDITION,
                        index,
                        "nothing compares the value, so the alert fires for each series that there is, even one that is 0")
                .add();
    }

    private static void always(Analysis analysis, int index) {
        analysis.found(
                        Rule.ALERT_ALWAYS_FIRES,
                        index,
                        "the expression always returns something, whatever the data is, so the alert always fires")
                .add();
    }

    /** {@return whether the metric is one whose series exist only as long as there is something to say} */
    private static boolean isAlerts(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS && outline.node(node) instanceof Expr.Aggregation; level++) {
            node = outline.inside(outline.operand(node));
        }
        return analysis.metricBelow(node).startsWith("ALERTS");
    }

    private static void picks(Analysis analysis, int index, Expr.Aggregation aggregation) {
        switch (aggregation.op()) {
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO -> {}
            default -> {
                return;
            }
        }
        Outline outline = analysis.outline();
        Labels operand = analysis.flow().at(outline.operand(index));
        if (!aggregation.grouping().isNone()
                && aggregation.parameter().orElse(aggregation) instanceof Expr.NumberLiteral number
                && number.value() == 1) {
            // The usual way to be rid of duplicates.
            return;
        }
        int node = index;
        for (int level = 0; level < LEVELS && node > 0; level++) {
            int parent = outline.parent(node);
            Expr above = outline.node(parent);
            boolean right = above instanceof Expr.Binary && node != parent + 1;
            if (right || above instanceof Expr.Aggregation || above instanceof Expr.Selection) {
                return;
            }
            node = parent;
        }
        if (!operand.isSingle()) {
            analysis.found(Rule.ALERT_FRAGILE, index, picked(aggregation.op())).add();
        }
    }

    private static String picked(AggregateOp op) {
        String function = op.symbol() + "()";
        return switch (op) {
            case LIMIT_RATIO ->
                function + " chooses series by a hash of their labels, so that the alert never sees the others";
            case LIMITK ->
                "which series " + function + " takes changes when others come or go, and the alert never sees the rest";
            default ->
                "which series " + function + " takes changes with their values, and with them the labels of the alert,"
                        + " which then starts anew";
        };
    }

    private static void restarts(Analysis analysis, int index, Expr.Binary binary) {
        boolean atOnce = analysis.context().alertFor().map(Duration::isZero).orElse(false);
        if (atOnce
                && binary.op().precedence() >= BinaryOp.ADD.precedence()
                && isFold(analysis, index + 1)
                && isFold(analysis, analysis.outline().child(index, 1))) {
            analysis.found(
                            Rule.ALERT_FRAGILE,
                            index,
                            "when targets restart, both sides miss different ones for a moment; without for the alert fires"
                                    + " at once")
                    .add();
        }
    }

    private static boolean isFold(Analysis analysis, int index) {
        return analysis.outline().node(analysis.outline().inside(index)) instanceof Expr.Aggregation;
    }

    private static void absent(Analysis analysis, int index, Expr.Call call) {
        Outline outline = analysis.outline();
        int argument = outline.inside(index + 1);
        Expr node = outline.node(argument);
        AnalysisContext context = analysis.context();
        if (call.function().name().equals("absent")
                && context.alertFor().isPresent()
                && context.scrapeInterval().isPresent()
                && context.alertFor()
                                .get()
                                .compareTo(context.scrapeInterval().get().multipliedBy(2))
                        < 0) {
            analysis.found(
                            Rule.ALERT_ABSENT,
                            index,
                            "absence for less than two scrape intervals can be one lost scrape; let the alert wait longer")
                    .add();
        } else if (node instanceof Expr.Aggregation aggregation
                && !analysis.flow().at(argument).isScalar()) {
            analysis.found(
                            Rule.ALERT_ABSENT,
                            index,
                            "the alert has no labels, since " + aggregation.op().symbol()
                                    + "() says none; absence of the selector itself has those of its matchers")
                    .fix(() -> withoutFold(analysis, index, call, argument))
                    .add();
        } else {
            Matcher several = several(LabelFlow.selectorOf(node));
            if (several != null) {
                analysis.found(
                                Rule.ALERT_ABSENT,
                                index,
                                "this fires only if all that the matcher on " + several.name()
                                        + " accepts are missing, and the alert does not have that label")
                        .add();
            }
        }
    }

    private static Finding.@Nullable Fix withoutFold(Analysis analysis, int index, Expr.Call call, int argument) {
        Expr operand = analysis.outline()
                .node(analysis.outline().inside(analysis.outline().operand(argument)));
        return operand instanceof Expr.VectorSelector && call.function().name().equals("absent")
                ? analysis.replace(index, new Expr.Call(call.function(), List.of(operand), call.range()))
                : null;
    }

    /** {@return a matcher that accepts several values one by one, if there is one} */
    private static @Nullable Matcher several(Expr.@Nullable VectorSelector selector) {
        if (selector == null) {
            return null;
        }
        for (Matcher matcher : selector.matchers()) {
            boolean listed = matcher.op() == Matcher.Op.REGEX
                    && matcher.value().indexOf('|') >= 0
                    && !matcher.name().equals(Matcher.METRIC_NAME);
            if (listed && !MatcherChecks.isOpen(matcher)) {
                return matcher;
            }
        }
        return null;
    }
}
