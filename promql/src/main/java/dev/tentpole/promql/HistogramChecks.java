package dev.tentpole.promql;

import dev.tentpole.promql.Finding.Severity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Rules about {@code histogram_quantile}. Without a name that ends in {@code _bucket} a histogram may be a native one. */
final class HistogramChecks implements Check {

    private static final String BUCKET = "le";
    private static final String INFINITE = "+Inf";
    private static final int LEVELS = 32;
    /** Nobody asks for lower quantiles than that in percent; what is less is a slip of another kind. */
    private static final double LEAST_PERCENT = 10;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Call call && call.arguments().size() == 2) {
            if (call.function().name().equals("histogram_quantile")) {
                phi(analysis, index, call.arguments().get(0));
                buckets(analysis, index, analysis.outline().child(index, 1));
            }
        }
    }

    private static void phi(Analysis analysis, int index, Expr phi) {
        if (!(phi instanceof Expr.NumberLiteral number) || (number.value() >= 0 && number.value() <= 1)) {
            return;
        }
        boolean percent = number.value() >= LEAST_PERCENT && number.value() <= 100;
        analysis.found(
                        Rule.HISTOGRAM_QUANTILE,
                        index + 1,
                        "a quantile is between 0 and 1; outside of them the answer is infinite")
                .fix(() ->
                        percent ? analysis.replace(index + 1, new Expr.NumberLiteral(hundredth(number.value()))) : null)
                .add();
    }

    /** {@return the number that is written with its point two digits further left} */
    private static double hundredth(double percent) {
        return BigDecimal.valueOf(percent).movePointLeft(2).doubleValue();
    }

    /** Follows the argument down to its selector, as far as there is only one way to go. */
    private static void buckets(Analysis analysis, int index, int argument) {
        Outline outline = analysis.outline();
        int node = argument;
        boolean ranged = false;
        int dropping = -1;
        for (int level = 0; level < LEVELS; level++) {
            Expr expr = outline.node(node);
            if (expr instanceof Expr.VectorSelector selector) {
                selector(analysis, index, node, selector, ranged, dropping);
                return;
            }
            if (expr instanceof Expr.Paren || expr instanceof Expr.MatrixSelector) {
                node++;
            } else if (expr instanceof Expr.Subquery) {
                node++;
            } else if (expr instanceof Expr.Call call
                    && Traits.isRangeFunction(call)
                    && call.arguments().size() == 1) {
                ranged = true;
                node++;
            } else if (expr instanceof Expr.Aggregation aggregation) {
                if (dropping < 0 && drops(aggregation)) {
                    dropping = node;
                }
                node = outline.operand(node);
            } else {
                return;
            }
        }
    }

    private static boolean drops(Expr.Aggregation aggregation) {
        Grouping grouping = aggregation.grouping();
        return !LabelPaths.isOpen(grouping.labels(), grouping.templated())
                && !LabelPaths.unchanged(aggregation, aggregation.children().size() - 1)
                        .contains(BUCKET);
    }

    private static void selector(
            Analysis analysis, int index, int node, Expr.VectorSelector selector, boolean ranged, int dropping) {
        String metric = analysis.metric(node);
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(BUCKET) && !MatcherChecks.isOpen(matcher) && matcher.isKnownToRefuse(INFINITE)) {
                analysis.found(
                                Rule.HISTOGRAM_QUANTILE,
                                node,
                                "the matcher on le drops the bucket +Inf, without which there is no quantile")
                        .at(matcher)
                        .fix(() -> analysis.replace(node, matcher, null))
                        .add();
                return;
            }
        }
        if (metric.endsWith("_sum") || metric.endsWith("_count")) {
            String part = metric.substring(metric.lastIndexOf('_'));
            if (metric.indexOf(':') < 0) {
                analysis.found(
                                Rule.HISTOGRAM_QUANTILE,
                                node,
                                "a quantile needs the buckets of a histogram, and a metric that ends in " + part
                                        + " has none")
                        .add();
            }
            return;
        }
        boolean classic = metric.endsWith("_bucket");
        if (classic && dropping >= 0) {
            Expr.Aggregation aggregation = (Expr.Aggregation) analysis.outline().node(dropping);
            List<String> labels = new ArrayList<>(aggregation.grouping().labels());
            if (aggregation.grouping().without()) {
                labels.remove(BUCKET);
            } else {
                labels.add(0, BUCKET);
            }
            Grouping better = new Grouping(
                    aggregation.grouping().without(),
                    labels,
                    aggregation.grouping().templated());
            analysis.found(
                            Rule.HISTOGRAM_QUANTILE,
                            dropping,
                            "the buckets of a histogram differ in the label le, which this aggregation drops")
                    .fix(() -> analysis.replace(dropping, aggregation.withGrouping(better)))
                    .add();
        } else if (classic && !ranged && metric.indexOf(':') < 0) {
            analysis.found(
                            Rule.HISTOGRAM_QUANTILE,
                            index,
                            "buckets count from the last restart on, so this is a quantile of all that was ever observed;"
                                    + " take rate() of them")
                    .as(Severity.WARNING)
                    .add();
        }
    }
}
