package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proposes recording rules: their names are {@code level:metric:operations}, with the newest operation first, without
 * {@code _total} where a rate was taken, and without {@code sum} where there is another operation.
 *
 * <p>A matcher with a template variable cannot be recorded: it is left out, and its label is kept instead, so that the
 * dashboard can match it.
 */
final class Recordings {

    private static final String TOTAL = "_total";

    private Recordings() {}

    /** {@return whether a node is an aggregation of a function of a range of one selector} */
    static boolean isAggregatedRange(Outline outline, int index) {
        return outline.node(index) instanceof Expr.Aggregation aggregation
                && aggregation.parameter().isEmpty()
                && rangeOf(outline, index) >= 0;
    }

    /** {@return the range selector that an aggregation is of, or that a function is of; -1 if it is of something else} */
    static int rangeOf(Outline outline, int index) {
        int node = index;
        if (outline.node(node) instanceof Expr.Aggregation) {
            node = outline.inside(outline.operand(node));
        }
        if (!(outline.node(node) instanceof Expr.Call call)
                || call.arguments().size() != 1
                || !Traits.isRangeFunction(call)) {
            return -1;
        }
        int range = outline.inside(node + 1);
        return outline.node(range) instanceof Expr.MatrixSelector ? range : -1;
    }

    /** {@return a rule for the expression at a node, if it is of a shape that has a conventional name} */
    static Finding.@Nullable RecordingRule propose(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int range = rangeOf(outline, index);
        if (range < 0 || analysis.traits().has(index, Traits.TEMPLATE)) {
            return null;
        }
        Expr.MatrixSelector matrix = (Expr.MatrixSelector) outline.node(range);
        String metric = analysis.metric(range + 1);
        if (metric.isEmpty()
                || !Ascii.isLabelName(metric.replace(':', '_'))
                || !(matrix.window() instanceof DurationExpr.Literal)
                || !matrix.modifiers().isNone()) {
            return null;
        }
        List<String> open = new ArrayList<>();
        List<Matcher> matchers = new ArrayList<>();
        for (Matcher matcher : matrix.selector().matchers()) {
            if (MatcherChecks.isOpen(matcher)) {
                open.add(matcher.name());
            } else {
                matchers.add(matcher);
            }
        }
        Expr node = outline.node(index);
        Expr.Call call = (Expr.Call)
                (node instanceof Expr.Aggregation ? outline.node(outline.inside(outline.operand(index))) : node);
        Expr recorded = new Expr.Call(
                call.function(),
                List.of(matrix.withChildren(List.of(matrix.selector().withMatchers(matchers)))));
        String level = "";
        String operations = call.function().name() + matrix.window();
        if (node instanceof Expr.Aggregation aggregation) {
            Grouping grouping = grouping(aggregation.grouping(), open);
            recorded = new Expr.Aggregation(aggregation.op(), grouping, recorded);
            level = (grouping.without() ? "without_" : "") + String.join("_", grouping.labels());
            operations = aggregation.op() == AggregateOp.SUM
                    ? operations
                    : aggregation.op().symbol() + "_" + operations;
        }
        return new Finding.RecordingRule(name(level, metric, operations), recorded);
    }

    private static Grouping grouping(Grouping grouping, List<String> kept) {
        List<String> labels = new ArrayList<>(grouping.labels());
        if (grouping.without()) {
            labels.removeAll(kept);
        } else {
            for (String label : kept) {
                if (!labels.contains(label)) {
                    labels.add(label);
                }
            }
        }
        return new Grouping(grouping.without(), labels, grouping.templated());
    }

    private static String name(String level, String metric, String operations) {
        int first = metric.indexOf(':');
        int last = metric.lastIndexOf(':');
        String middle = first >= 0 && last > first ? metric.substring(first + 1, last) : metric;
        String before = last > first ? "_" + metric.substring(last + 1) : "";
        String bare = middle.endsWith(TOTAL) ? middle.substring(0, middle.length() - TOTAL.length()) : middle;
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            name.append(Ascii.isAlphaNumeric(c) ? c : '_');
        }
        return name.append(':')
                .append(bare)
                .append(':')
                .append(operations)
                .append(before)
                .toString();
    }
}
