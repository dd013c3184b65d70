package dev.tentpole.promql;

/** Rules about the shape of a result: sorting and picking in range queries, and scalars. */
final class ResultChecks implements Check {

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        boolean range = analysis.context().step().isPresent();
        if (node instanceof Expr.Call call) {
            if (range && call.function().name().startsWith("sort")) {
                sort(analysis, index, call);
            } else if (call.function().name().equals("scalar")) {
                scalar(analysis, index);
            }
        } else if (range && node instanceof Expr.Aggregation aggregation) {
            picks(analysis, index, aggregation);
        }
    }

    private static void sort(Analysis analysis, int index, Expr.Call call) {
        int above = analysis.outline().above(index);
        if (!analysis.outline().looksAtArgument(above) && !call.arguments().isEmpty()) {
            analysis.found(
                            Rule.SORT_IN_RANGE,
                            index,
                            call.function().name()
                                    + "() has no effect on a range query, whose series are ordered by labels")
                    .fix(() -> analysis.replace(index, call.arguments().get(0)))
                    .add();
        }
    }

    private static void picks(Analysis analysis, int index, Expr.Aggregation aggregation) {
        switch (aggregation.op()) {
            case TOPK, BOTTOMK -> {}
            default -> {
                return;
            }
        }
        // Whatever comes behind it does not show the series one by one.
        int above = analysis.outline().above(index);
        if ((above < 0 || analysis.outline().node(above) instanceof Expr.Call)
                && !analysis.flow().at(analysis.outline().operand(index)).isSingle()
                && !isFixed(analysis.outline(), index)) {
            analysis.found(
                            Rule.TOPK_IN_RANGE,
                            index,
                            aggregation.op().symbol()
                                    + "() chooses anew at each step, so that a graph shows more series"
                                    + " than that, each in pieces")
                    .add();
        }
    }

    /** {@return whether all selectors below look at a time of their own, so that each step sees the same values} */
    private static boolean isFixed(Outline outline, int index) {
        int node = index;
        while (node < outline.end(index)) {
            Expr expr = outline.node(node);
            if (expr instanceof Expr.Selection selection
                    && selection.modifiers().at().isPresent()) {
                node = outline.end(node);
                continue;
            }
            boolean moves = expr instanceof Expr.VectorSelector
                    || expr instanceof Expr.Placeholder
                    || expr instanceof Expr.TemplateCall
                    || (expr instanceof Expr.Call call && call.arguments().isEmpty());
            if (moves) {
                return false;
            }
            node++;
        }
        return true;
    }

    private static void scalar(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int argument = outline.inside(index + 1);
        Labels labels = analysis.flow().at(argument);
        if (labels.isSingle() || hasValues(analysis, argument)) {
            return;
        }
        analysis.found(
                        Rule.SCALAR_OF_MANY,
                        index,
                        "as soon as there is more than one series scalar() is not a number; add them up, or choose one")
                .add();
    }

    /** {@return whether a selector names the one target that it wants, or it is not known what it wants} */
    private static boolean hasValues(Analysis analysis, int index) {
        Expr node = analysis.outline().node(index);
        if (node instanceof Expr.Placeholder || node instanceof Expr.TemplateCall) {
            return true;
        }
        if (!(node instanceof Expr.VectorSelector selector)) {
            return node instanceof Expr.Aggregation aggregation
                    && aggregation.parameter().isPresent()
                    && aggregation.grouping().isNone()
                    && aggregation.parameter().get() instanceof Expr.NumberLiteral number
                    && number.value() == 1;
        }
        for (Matcher matcher : selector.matchers()) {
            if (MatcherChecks.isOpen(matcher)
                    || (matcher.name().equals("instance") && matcher.op() == Matcher.Op.EQUAL)) {
                return true;
            }
        }
        return false;
    }
}
