package dev.tentpole.promql;

import java.util.Set;

/** Rules about the regular expressions of matchers. Those with template variables in them are left alone. */
final class RegexChecks implements Check {

    private static final long MANY_VALUES = 10_000;

    /** Labels that hold names made of parts that cannot be had otherwise, and texts of any kind. */
    private static final Set<String> COMPOSED =
            Set.of("pod", "pod_name", "exported_pod", "job", "device", "path", "uri", "url", "query", "message");

    /** Labels with numbers of which a dot stands for any digit. */
    private static final Set<String> DIGITS =
            Set.of("code", "status", "status_code", "le", "http_code", "response_code");

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            for (Matcher matcher : selector.matchers()) {
                if (matcher.op().isRegex() && !MatcherChecks.isOpen(matcher)) {
                    look(analysis, index, selector, matcher);
                }
            }
        }
    }

    private static void look(Analysis analysis, int index, Expr.VectorSelector selector, Matcher matcher) {
        String bare = RegexShape.withoutAnchors(matcher.value());
        String literal = RegexShape.literal(bare);
        if (literal != null) {
            Matcher.Op op = matcher.op().isNegative() ? Matcher.Op.NOT_EQUAL : Matcher.Op.EQUAL;
            report(
                    analysis,
                    Rule.REGEX_IS_PLAIN,
                    index,
                    matcher,
                    "this matches one value only, for which " + op.symbol() + " needs no regular expression",
                    Matcher.of(matcher.name(), op, literal));
            return;
        }
        if (bare.equals(".*")) {
            if (!matcher.op().isNegative()) {
                all(analysis, index, selector, matcher);
            }
            return;
        }
        if (bare.equals(".+")) {
            Matcher.Op op = matcher.op().isNegative() ? Matcher.Op.EQUAL : Matcher.Op.NOT_EQUAL;
            report(
                    analysis,
                    Rule.REGEX_MATCHES_ALL,
                    index,
                    matcher,
                    "this only asks whether there is a label " + matcher.name() + ", which " + op.symbol()
                            + "\"\" does without a regular expression",
                    Matcher.of(matcher.name(), op, ""));
            return;
        }
        if (bare.length() < matcher.value().length() && Regex.fault(bare) == null) {
            report(
                    analysis,
                    Rule.REGEX_ANCHORS,
                    index,
                    matcher,
                    "a matcher's regular expression matches the whole value without ^ and $ anyway",
                    new Matcher(matcher.name(), matcher.op(), bare, false, SourceRange.NONE));
        }
        dots(analysis, index, matcher);
        wildcards(analysis, index, matcher, bare);
    }

    private static void all(Analysis analysis, int index, Expr.VectorSelector selector, Matcher matcher) {
        boolean needed = selector.name().isEmpty() && selector.matchers().size() == 1;
        analysis.found(
                        Rule.REGEX_MATCHES_ALL,
                        index,
                        "every series matches this, those without a label " + matcher.name() + " too")
                .at(matcher)
                .fix(() -> needed || !MatcherRewriting.onlySelects(analysis.outline(), index)
                        ? null
                        : analysis.replace(index, matcher, null))
                .add();
    }

    private static void report(
            Analysis analysis, Rule rule, int index, Matcher matcher, String message, Matcher better) {
        analysis.found(rule, index, message)
                .at(matcher)
                .fix(() -> better.op() != matcher.op() && !MatcherRewriting.onlySelects(analysis.outline(), index)
                        ? null
                        : analysis.replace(index, matcher, better))
                .add();
    }

    private static void dots(Analysis analysis, int index, Matcher matcher) {
        int dot = RegexShape.unescapedDot(matcher.value());
        if (dot < 0 || DIGITS.contains(matcher.name())) {
            return;
        }
        StringBuilder escaped = new StringBuilder(matcher.value());
        for (int at = dot; at >= 0; at = RegexShape.unescapedDot(escaped.toString())) {
            escaped.insert(at, '\\');
        }
        report(
                analysis,
                Rule.UNESCAPED_DOT,
                index,
                matcher,
                "a dot matches any character; if a dot is meant, it needs a backslash",
                new Matcher(matcher.name(), matcher.op(), escaped.toString(), false, SourceRange.NONE));
    }

    private static void wildcards(Analysis analysis, int index, Matcher matcher, String bare) {
        if (!RegexShape.startsWithWildcard(bare)) {
            return;
        }
        if (analysis.context().distinctValues(matcher.name()).orElse(0) > MANY_VALUES) {
            String message = "without a fixed start each of the many values of " + matcher.name()
                    + " is held against the regular expression";
            analysis.found(Rule.BROAD_REGEX, index, message).at(matcher).add();
        }
        if (RegexShape.isTextBetweenWildcards(bare)
                && !COMPOSED.contains(matcher.name())
                && !matcher.name().equals(Matcher.METRIC_NAME)) {
            String message = "a text anywhere in " + matcher.name()
                    + " hints at a label that holds several things, which are found faster in labels of their own";
            analysis.found(Rule.WILDCARD_REGEX, index, message).at(matcher).add();
        }
    }
}
