package dev.tentpole.promql;

import dev.tentpole.promql.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of {@link Analyzer}: what is known of a query, and what was found so far. Not safe for use by several threads. */
final class Analysis {

    private static final Comparator<Finding> IN_ORDER = Analysis::compare;

    /** A selector with more of them is not copied for each of them. */
    private static final int MANY_MATCHERS = 256;

    private final Outline outline;
    private final @Nullable String text;
    private final AnalysisContext context;
    private final LabelFlow flow;
    private final Traits traits;
    private final @Nullable Suppressions suppressions;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Expr> recorded;

    Analysis(Outline outline, @Nullable String text, AnalysisContext context) {
        this(outline, text, context, new HashMap<>(0));
        if (suppressions != null) {
            suppressions.unknown().forEach(this::unknownRule);
        }
    }

    /**
     * Looks at one of several queries that have names of recorded series in common.
     *
     * @param recorded what was proposed to be recorded, by its name
     */
    Analysis(Outline outline, @Nullable String text, AnalysisContext context, Map<String, Expr> recorded) {
        this.recorded = recorded;
        this.outline = outline;
        this.text = text;
        this.context = context;
        this.flow = LabelFlow.of(outline);
        this.traits = new Traits(outline);
        this.suppressions = text == null ? null : Suppressions.of(text);
    }

    /** By where they start; of those that start alike, the longest first. */
    private static int compare(Finding left, Finding right) {
        int order = Integer.compare(left.range().start(), right.range().start());
        if (order == 0) {
            order = Integer.compare(right.range().end(), left.range().end());
        }
        return order == 0 ? left.rule().compareTo(right.rule()) : order;
    }

    private void unknownRule(SourceRange range) {
        add(new Draft(this, Rule.UNKNOWN_RULE, 0, "there is no rule of this id, so the comment ignores nothing")
                .at(range));
    }

    Outline outline() {
        return outline;
    }

    LabelFlow flow() {
        return flow;
    }

    Traits traits() {
        return traits;
    }

    AnalysisContext context() {
        return context;
    }

    boolean isFull() {
        return findings.size() >= Analyzer.MAX_FINDINGS;
    }

    boolean isAlert() {
        return context.kind() == AnalysisContext.Kind.ALERT;
    }

    /** {@return the metric name of a selector, if it has exactly one that is no template; empty otherwise} */
    String metric(int selector) {
        String name = flow.at(selector).get(Matcher.METRIC_NAME).value();
        return name == null ? "" : name;
    }

    /** {@return the metric name of a selector or of the one in a range selector; empty if there is none} */
    String metricBelow(int index) {
        Expr node = outline.node(index);
        return node instanceof Expr.VectorSelector
                ? metric(index)
                : node instanceof Expr.MatrixSelector ? metric(index + 1) : "";
    }

    /** {@return whether nothing else was proposed to be recorded by this name, which could then mean both} */
    boolean isFirstOfName(String name, Expr expression) {
        return expression.equals(recorded.computeIfAbsent(name, unused -> expression));
    }

    /** Reports what was found at a node. */
    Draft found(Rule rule, int index, String message) {
        return new Draft(this, rule, index, message);
    }

    /** {@return a fix that puts another expression into the place of a node, if the text there is all of it} */
    Finding.@Nullable Fix replace(int index, Expr substitute) {
        Expr node = outline.node(index);
        int parent = outline.parent(index);
        boolean needsParens = !Trees.isPrimary(substitute)
                && parent >= 0
                && !(outline.node(parent) instanceof Expr.Paren)
                && !(outline.node(parent) instanceof Expr.Call)
                && !(outline.node(parent) instanceof Expr.Aggregation);
        Expr whole = needsParens ? new Expr.Paren(substitute) : substitute;
        // Parens right behind group_left would be read as its labels.
        String guard = whole instanceof Expr.Paren && isBehindGroup(node.range()) ? "() " : "";
        return fix(node.range(), guard, null, node, whole);
    }

    private boolean isBehindGroup(SourceRange range) {
        if (text == null) {
            return false;
        }
        int end = range.start();
        while (end > 0 && Ascii.isSpace(text.charAt(end - 1))) {
            end--;
        }
        String before = Ascii.toLowerCase(text.substring(Math.max(0, end - "group_right".length()), end));
        return before.endsWith("group_left") || before.endsWith("group_right");
    }

    /** {@return a fix of the selector at a node that puts another matcher, or none, into the place of one} */
    Finding.@Nullable Fix replace(int index, Matcher matcher, @Nullable Matcher substitute) {
        Expr.VectorSelector selector = (Expr.VectorSelector) outline.node(index);
        if (selector.matchers().size() > MANY_MATCHERS) {
            return null;
        }
        List<Matcher> matchers = new ArrayList<>(selector.matchers());
        int at = matchers.indexOf(matcher);
        if (substitute == null) {
            matchers.remove(at);
        } else {
            matchers.set(at, substitute);
        }
        Expr.VectorSelector fixed = selector.withMatchers(matchers);
        return substitute == null ? replace(index, fixed) : fix(matcher.range(), "", substitute, selector, fixed);
    }

    private Finding.@Nullable Fix fix(
            SourceRange range, String prefix, @Nullable Matcher matcher, Expr target, Expr substitute) {
        if (text != null) {
            int comment = text.indexOf('#', range.start());
            if (endsWithEdge(target) || (comment >= 0 && comment < range.end())) {
                return null;
            }
        }
        return new Finding.Fix(text, outline.node(0), range, prefix, matcher, target, substitute);
    }

    /** {@return whether {@code anchored} or {@code smoothed} may stand behind a node, where its range does not reach} */
    private static boolean endsWithEdge(Expr expr) {
        Expr last = expr;
        while (true) {
            if (last instanceof Expr.Binary binary) {
                last = binary.right();
            } else if (last instanceof Expr.Unary unary) {
                last = unary.operand();
            } else {
                return last instanceof Expr.Selection selection
                        && selection.modifiers().edge() != Modifiers.Edge.NONE;
            }
        }
    }

    void add(Draft draft) {
        if (!context.isOn(draft.rule) || isFull()) {
            return;
        }
        if (suppressions != null && suppressions.silences(draft.rule, draft.range.start())) {
            return;
        }
        Optional<Severity> configured = context.severity(draft.rule);
        Severity severity = configured.orElse(draft.severity);
        findings.add(new Finding(
                draft.rule,
                draft.templated ? severity.lowered() : severity,
                draft.range,
                draft.message,
                Optional.ofNullable(draft.fix.get()),
                Optional.ofNullable(draft.recordingRule)));
    }

    List<Finding> findings() {
        if (findings.size() > 1) {
            findings.sort(IN_ORDER);
        }
        return List.copyOf(findings);
    }

    /** A finding that is being put together. */
    static final class Draft {
        private final Analysis analysis;
        private final Rule rule;
        private final String message;
        private SourceRange range;
        private Severity severity;
        private boolean templated;
        private Supplier<Finding.@Nullable Fix> fix = () -> null;
        private Finding.@Nullable RecordingRule recordingRule;

        private Draft(Analysis analysis, Rule rule, int index, String message) {
            this.analysis = analysis;
            this.rule = rule;
            this.message = message;
            this.range = analysis.outline.node(index).range();
            this.severity = rule.severity();
            this.templated = analysis.traits.has(index, Traits.TEMPLATE);
        }

        Draft at(SourceRange other) {
            this.range = other;
            return this;
        }

        /** Points at a matcher alone, whose value may have a variable in it. */
        Draft at(Matcher matcher) {
            if (matcher.range().end() > 0) {
                this.range = matcher.range();
            }
            this.templated = matcher.templated() || Templates.occursIn(matcher.value());
            return this;
        }

        Draft as(Severity other) {
            this.severity = other;
            return this;
        }

        /** Is asked for a better text only if the finding is reported. */
        Draft fix(Supplier<Finding.@Nullable Fix> better) {
            this.fix = better;
            return this;
        }

        Draft record(Finding.@Nullable RecordingRule rule) {
            this.recordingRule = rule;
            return this;
        }

        void add() {
            analysis.add(this);
        }
    }
}
