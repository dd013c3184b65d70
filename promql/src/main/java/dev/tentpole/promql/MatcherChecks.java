package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules about what the matchers of a selector select together, and about which labels must be matched and kept. */
final class MatcherChecks implements Check {

    /** To compile a regular expression takes time by the square of its length. */
    private static final int LONG_REGEX = 1_000;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            contradictions(analysis, index, selector);
            names(analysis, index, selector);
            empties(analysis, index, selector);
            required(analysis, index, selector);
        } else if (node instanceof Expr.Aggregation aggregation) {
            kept(analysis, index, aggregation);
        }
    }

    private static void contradictions(Analysis analysis, int index, Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (isOpen(matcher)) {
                continue;
            }
            String value = analysis.flow().at(index).get(matcher.name()).value();
            if (value != null && matcher.isKnownToRefuse(value)) {
                String message = "no series has a label " + matcher.name()
                        + " that this matcher and the other ones on it accept, so nothing is ever selected";
                analysis.found(Rule.CONTRADICTING_MATCHERS, index, message)
                        .at(matcher)
                        .add();
                return;
            }
            if (matcher.op() == Matcher.Op.NOT_REGEX && matcher.value().equals(".*")) {
                analysis.found(
                                Rule.CONTRADICTING_MATCHERS,
                                index,
                                "every value of " + matcher.name() + " matches .*, so nothing is ever selected")
                        .at(matcher)
                        .add();
                return;
            }
        }
    }

    /** {@return whether it is not known what a matcher accepts, or would take too long to find} */
    static boolean isOpen(Matcher matcher) {
        return matcher.op() == Matcher.Op.PLACEHOLDER
                || matcher.templated()
                || (matcher.op().isRegex() && matcher.value().length() > LONG_REGEX)
                || Templates.occursIn(matcher.value());
    }

    private static void names(Analysis analysis, int index, Expr.VectorSelector selector) {
        if (!selector.name().isEmpty() || analysis.traits().has(index, Traits.COUNTED)) {
            return;
        }
        int parent = analysis.outline().parent(index);
        if (parent >= 0 && isInfo(analysis.outline().node(parent))) {
            return;
        }
        for (Matcher matcher : selector.matchers()) {
            if (isOpen(matcher) || isNarrow(matcher)) {
                return;
            }
        }
        analysis.found(
                        Rule.NO_METRIC_NAME,
                        index,
                        "neither a metric name nor any other matcher narrows this down, so the index of all series is read")
                .add();
    }

    private static boolean isInfo(Expr expr) {
        return expr instanceof Expr.Call call && call.function().name().equals("info");
    }

    private static boolean isNarrow(Matcher matcher) {
        return switch (matcher.op()) {
            case EQUAL -> !matcher.value().isEmpty();
            case REGEX ->
                !matcher.matchesEmpty() && !RegexShape.startsWithWildcard(RegexShape.withoutAnchors(matcher.value()));
            default -> false;
        };
    }

    private static void empties(Analysis analysis, int index, Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (isOpen(matcher)) {
                continue;
            }
            boolean sometimes = matcher.op() == Matcher.Op.REGEX && matcher.matchesEmpty() && isChoice(matcher.value());
            boolean never = matcher.op() == Matcher.Op.EQUAL && matcher.value().isEmpty();
            if (sometimes || never) {
                String label = "series without the label " + matcher.name();
                String message = never
                        ? "this selects " + label
                                + "; the index has no entry for them, so those with the label are looked up and left out"
                        : "this also selects " + label;
                analysis.found(Rule.EMPTY_MATCHER, index, message).at(matcher).add();
            }
        }
    }

    /** {@return whether a regular expression accepts more than the empty text and less than all} */
    private static boolean isChoice(String regex) {
        String bare = RegexShape.withoutAnchors(regex);
        return !bare.isEmpty() && !bare.equals(".*");
    }

    private static void required(Analysis analysis, int index, Expr.VectorSelector selector) {
        Set<String> required = analysis.context().requiredMatchers();
        if (required.isEmpty()) {
            return;
        }
        for (Matcher matcher : selector.matchers()) {
            if (matcher.op() == Matcher.Op.PLACEHOLDER || matcher.templated()) {
                return;
            }
        }
        for (String label : required) {
            if (selector.matchers().stream().noneMatch(matcher -> matcher.name().equals(label))) {
                analysis.found(Rule.REQUIRED_MATCHER, index, "the selector has no matcher on the label " + label)
                        .add();
            }
        }
    }

    private static void kept(Analysis analysis, int index, Expr.Aggregation aggregation) {
        AnalysisContext context = analysis.context();
        Grouping grouping = aggregation.grouping();
        if (context.keptLabels().isEmpty() && context.forbiddenLabels().isEmpty()) {
            return;
        }
        if (LabelPaths.isOpen(grouping.labels(), grouping.templated()) || LabelPaths.picks(aggregation.op())) {
            return;
        }
        LabelSet kept = LabelPaths.unchanged(aggregation, aggregation.children().size() - 1);
        Labels operand = analysis.flow().at(analysis.outline().operand(index));
        for (String label : context.keptLabels()) {
            if (!kept.contains(label) && !operand.get(label).isImpossible()) {
                List<String> labels = new ArrayList<>(grouping.labels());
                if (grouping.without()) {
                    labels.remove(label);
                } else {
                    labels.add(label);
                }
                Grouping better = new Grouping(grouping.without(), labels, grouping.templated());
                analysis.found(Rule.DROPPED_LABEL, index, "the aggregation drops the label " + label)
                        .fix(() -> analysis.replace(index, aggregation.withGrouping(better)))
                        .add();
            }
        }
        for (String label : context.forbiddenLabels()) {
            if (!grouping.without() && grouping.labels().contains(label)) {
                analysis.found(Rule.FORBIDDEN_LABEL, index, "the aggregation keeps the label " + label)
                        .add();
            }
        }
    }
}
