package dev.tentpole.promql;

import dev.tentpole.promql.Optimization.Exactness;
import dev.tentpole.promql.Optimization.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes the matchers of selectors more simply. Selectors stay as they are where they do more than select: {@code absent}
 * makes labels of them, and the second argument of {@code info} may be empty.
 */
final class MatcherRewriting {

    private static final String SIMPLER = "The regular expression matches the same values, since it always matches the"
            + " whole value and a label that is missing has the empty one.";
    private static final String IMPLIED = "What the other matchers select fulfils the dropped ones, too.";

    /** Nobody writes more matchers on one label, and each is compared with all others. */
    private static final int MAX_ON_LABEL = 32;

    private MatcherRewriting() {}

    /** Uses plain comparisons for regular expressions that are none. */
    static Expr simplify(Expr root, Optimizer.Steps steps) {
        return rewrite(root, Rule.SIMPLIFY_REGEX, SIMPLER, MatcherRewriting::simplified, steps);
    }

    /** Drops matchers that others imply. */
    static Expr reduce(Expr root, Optimizer.Steps steps) {
        return rewrite(root, Rule.REDUCE_MATCHERS, IMPLIED, MatcherRewriting::reduced, steps);
    }

    private static Expr rewrite(
            Expr root, Rule rule, String reason, UnaryOperator<List<Matcher>> matchers, Optimizer.Steps steps) {
        Outline outline = Outline.of(root);
        TreeEdit edit = new TreeEdit(outline);
        for (int i = outline.size() - 1; i >= 0; i--) {
            Expr node = edit.current(i);
            if (node instanceof Expr.VectorSelector selector && onlySelects(outline, i)) {
                List<Matcher> old = selector.matchers();
                List<Matcher> changed = matchers.apply(old);
                if (!changed.equals(old) && isSelector(selector.name(), changed)) {
                    Expr result = selector.withMatchers(changed);
                    steps.add(rule, Exactness.EXACT, node, result, reason);
                    edit.set(i, result);
                }
            }
        }
        return edit.root();
    }

    /** {@return whether all that counts of a selector's matchers is which series they select} */
    static boolean onlySelects(Outline outline, int index) {
        int above = outline.above(index);
        if (above >= 0 && outline.node(above) instanceof Expr.MatrixSelector) {
            above = outline.above(above);
        }
        return above < 0
                || !(outline.node(above) instanceof Expr.Call call)
                || switch (call.function().name()) {
                    case "absent", "absent_over_time" -> false;
                    case "info" -> outline.number(index) == 0 && outline.parent(index) == above;
                    default -> true;
                };
    }

    /** {@return whether the server takes this for a selector: one matcher must not match the empty value} */
    private static boolean isSelector(String name, List<Matcher> matchers) {
        return !name.isEmpty() || matchers.stream().anyMatch(matcher -> !matcher.matchesEmpty());
    }

    private static boolean isOpen(Matcher matcher) {
        return matcher.op() == Matcher.Op.PLACEHOLDER
                || matcher.templated()
                || Templates.occursIn(matcher.value())
                || (matcher.op().isRegex() && RegexSyntax.hasLoneSurrogate(matcher.value()));
    }

    private static List<Matcher> simplified(List<Matcher> matchers) {
        List<Matcher> result = new ArrayList<>(matchers);
        result.replaceAll(matcher -> isOpen(matcher) || !matcher.op().isRegex() ? matcher : simplified(matcher));
        return result;
    }

    private static Matcher simplified(Matcher matcher) {
        boolean negative = matcher.op().isNegative();
        if (RegexValues.bare(matcher.value()).equals(".+")) {
            return with(matcher, negative ? Matcher.Op.EQUAL : Matcher.Op.NOT_EQUAL, "");
        }
        List<String> values = RegexValues.of(matcher.value());
        if (values == null) {
            return matcher;
        }
        if (values.size() == 1) {
            return with(matcher, negative ? Matcher.Op.NOT_EQUAL : Matcher.Op.EQUAL, values.get(0));
        }
        String shorter = RegexValues.alternatives(values);
        return shorter.length() < matcher.value().length() ? with(matcher, matcher.op(), shorter) : matcher;
    }

    private static Matcher with(Matcher matcher, Matcher.Op op, String value) {
        return new Matcher(matcher.name(), op, value, false, matcher.range());
    }

    private static List<Matcher> reduced(List<Matcher> matchers) {
        Map<String, List<Matcher>> byLabel = new HashMap<>();
        for (Matcher matcher : new LinkedHashSet<>(matchers)) {
            if (!isOpen(matcher)) {
                byLabel.computeIfAbsent(matcher.name(), name -> new ArrayList<>())
                        .add(matcher);
            }
        }
        List<Matcher> result = new ArrayList<>();
        for (Matcher matcher : new LinkedHashSet<>(matchers)) {
            List<Matcher> others = byLabel.getOrDefault(matcher.name(), List.of());
            if (isOpen(matcher) || others.size() > MAX_ON_LABEL || !isImplied(matcher, others)) {
                result.add(matcher);
            }
        }
        return result;
    }

    /** {@return whether a selector with these matchers selects the same with one more} */
    static boolean isRedundant(Matcher matcher, List<Matcher> matchers) {
        List<Matcher> onLabel = new ArrayList<>();
        for (Matcher other : matchers) {
            if (other.name().equals(matcher.name()) && !isOpen(other)) {
                onLabel.add(other);
            }
        }
        return onLabel.contains(matcher) || (!isOpen(matcher) && isImplied(matcher, onLabel));
    }

    private static boolean isImplied(Matcher matcher, List<Matcher> onLabel) {
        if (matcher.op() == Matcher.Op.REGEX
                && RegexValues.bare(matcher.value()).equals(".*")) {
            return true;
        }
        Matcher equal = null;
        boolean contradictory = false;
        for (Matcher other : onLabel) {
            if (other.op() == Matcher.Op.EQUAL) {
                contradictory |= equal != null;
                equal = other;
            }
        }
        if (equal != null) {
            return matcher.op() != Matcher.Op.EQUAL && (contradictory || matcher.isKnownToTake(equal.value()));
        }
        return matcher.op() == Matcher.Op.NOT_EQUAL && isExcludedByOther(matcher, onLabel);
    }

    /** {@return whether a regular expression on the label keeps out what the inequality does} */
    private static boolean isExcludedByOther(Matcher unequal, List<Matcher> onLabel) {
        for (Matcher other : onLabel) {
            if (other.op().isRegex() && other.isKnownToRefuse(unequal.value())) {
                return true;
            }
        }
        return false;
    }
}
