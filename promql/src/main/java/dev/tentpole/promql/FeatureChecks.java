package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** A rule about what a server does not read unless it is new enough, or told to. */
final class FeatureChecks implements Check {

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        ParseOptions server = analysis.context().server().orElse(null);
        if (server == null) {
            return;
        }
        String missing = missing(node, server);
        if (missing != null) {
            analysis.found(Rule.UNSUPPORTED_FEATURE, index, missing).add();
        }
    }

    private static @Nullable String missing(Expr node, ParseOptions server) {
        if (node instanceof Expr.Call call) {
            FunctionSignature function = call.function();
            if (!server.level().includes(function.since())) {
                return function.name() + "() needs a newer Prometheus";
            }
            return function.experimental() && !server.experimentalFunctions() ? experimental(function.name()) : null;
        }
        if (node instanceof Expr.Aggregation aggregation) {
            boolean off = aggregation.op().experimental() && !server.experimentalFunctions();
            return off ? experimental(aggregation.op().symbol()) : null;
        }
        if (node instanceof Expr.Binary binary) {
            VectorMatching matching = binary.matching();
            boolean fills =
                    matching.fillLeft().isPresent() || matching.fillRight().isPresent();
            if (fills && !server.fillModifiers()) {
                return "fill needs Prometheus 3.14 with --enable-feature=promql-binop-fill-modifiers";
            }
            boolean trims = binary.op() == BinaryOp.TRIM_UPPER || binary.op() == BinaryOp.TRIM_LOWER;
            return trims && !server.level().includes(LanguageLevel.PROMETHEUS_3_14)
                    ? "the operator " + binary.op().symbol() + " needs a newer Prometheus"
                    : null;
        }
        return node instanceof Expr.Selection selection ? missing(selection, server) : null;
    }

    private static String experimental(String name) {
        return name + "() needs --enable-feature=promql-experimental-functions";
    }

    private static @Nullable String missing(Expr.Selection selection, ParseOptions server) {
        if (selection.modifiers().edge() != Modifiers.Edge.NONE && !server.extendedRangeSelectors()) {
            return "anchored and smoothed need Prometheus 3.14 with --enable-feature=promql-extended-range-selectors";
        }
        boolean calculated =
                selection.modifiers().offset().map(FeatureChecks::isCalculated).orElse(false)
                        || (selection instanceof Expr.MatrixSelector matrix && isCalculated(matrix.window()))
                        || (selection instanceof Expr.Subquery subquery
                                && (isCalculated(subquery.window())
                                        || subquery.step()
                                                .map(FeatureChecks::isCalculated)
                                                .orElse(false)));
        return calculated && !server.durationExpressions()
                ? "durations are calculated by Prometheus 3.14, and before it with --enable-feature=promql-duration-expr"
                : null;
    }

    private static boolean isCalculated(DurationExpr duration) {
        return !(duration instanceof DurationExpr.Literal) && !(duration instanceof DurationExpr.Placeholder);
    }
}
