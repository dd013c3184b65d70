package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proposes recording rules: their names are {@code level:metric:operations}, with the newest operation first, without
 * {@code _total} where a rate was taken, and without {@code sum} where there is another operation.
 *
 * <p>What is recorded has no matchers but those of the name, which no name of a rule could tell apart: their labels are kept
 * instead, so that whoever asks can match them, also with the variables of a dashboard. That needs an operation that can
 * fold the result once more. Others, such as averages, are recorded as they are, once by one name.
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
        int range = isAggregatedRange(outline, index) ? rangeOf(outline, index) : -1;
        if (range < 0 || analysis.traits().has(index, Traits.TEMPLATE)) {
            return null;
        }
        Expr.Aggregation aggregation = (Expr.Aggregation) outline.node(index);
        Expr.Call call = (Expr.Call) outline.node(outline.inside(outline.operand(index)));
        Expr.MatrixSelector matrix = (Expr.MatrixSelector) outline.node(range);
        String metric = analysis.metric(range + 1);
        if (metric.isEmpty()
                || !Ascii.isLabelName(metric.replace(':', '_'))
                || !(matrix.window() instanceof DurationExpr.Literal)
                || !matrix.modifiers().isNone()
                || looksAtLast(call)) {
            return null;
        }
        List<String> open = new ArrayList<>();
        List<Matcher> matchers = new ArrayList<>();
        for (Matcher matcher : matrix.selector().matchers()) {
            if (MatcherChecks.isOpen(matcher) && !foldsAgain(aggregation.op())) {
                return null;
            }
            boolean kept = matcher.name().equals(Matcher.METRIC_NAME) || !foldsAgain(aggregation.op());
            if (kept) {
                matchers.add(matcher);
            } else {
                open.add(matcher.name());
            }
        }
        Grouping grouping = grouping(aggregation.grouping(), open);
        Expr recorded = new Expr.Aggregation(
                aggregation.op(),
                grouping,
                new Expr.Call(
                        call.function(),
                        List.of(matrix.withChildren(List.of(matrix.selector().withMatchers(matchers))))));
        String level = (grouping.without() ? "without_" : "") + String.join("_", grouping.labels());
        String operations = call.function().name() + matrix.window();
        if (aggregation.op() != AggregateOp.SUM) {
            operations = aggregation.op().symbol() + "_" + operations;
        }
        String name = name(level, metric, operations);
        return analysis.isFirstOfName(name, recorded) ? new Finding.RecordingRule(name, recorded) : null;
    }

    /** {@return whether a function looks at the last two samples only, so that a rule would record chance} */
    private static boolean looksAtLast(Expr.Call call) {
        return call.function().name().equals("irate") || call.function().name().equals("idelta");
    }

    /** {@return whether the groups of an operation can be put together by an operation over their results} */
    private static boolean foldsAgain(AggregateOp op) {
        return switch (op) {
            case SUM, MIN, MAX, COUNT, GROUP -> true;
            default -> false;
        };
    }

    private static Grouping grouping(Grouping grouping, List<String> kept) {
        Set<String> labels = new LinkedHashSet<>(grouping.labels());
        if (grouping.without()) {
            kept.forEach(labels::remove);
        } else {
            labels.addAll(kept);
        }
        return new Grouping(grouping.without(), List.copyOf(labels), grouping.templated());
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
