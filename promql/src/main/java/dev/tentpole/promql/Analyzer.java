package dev.tentpole.promql;

import java.util.List;
import java.util.Optional;

/**
 * Finds what is doubtful in a query that is valid PromQL: what cannot match, what is not what it seems, what costs more than
 * it has to.
 *
 * <p>Everything is decided from the query and the {@link AnalysisContext}; no server is asked. What a finding says is true
 * of the query whatever the data is, or it says on what it depends. A finding on a part that a template variable stands in,
 * other than in a matcher's value, is one less serious, since the variable may stand for something that fits; a
 * finding on a matcher whose value has a variable in it is, too.
 *
 * <p>A comment in the query silences rules: {@code # tentpole: ignore raw-counter, many-to-many}. Behind something on its
 * line it is about the findings whose range starts on that line; on a line of its own it is about those that start
 * on the next line with something on it.
 *
 * <p>All methods are static, keep nothing, and are safe for use by several threads. They take trees of any depth, and time
 * linear in the length of the query.
 */
public final class Analyzer {

    /** How many findings of a query are kept: the first ones in the order of the tree, each before its parts. */
    public static final int MAX_FINDINGS = 100;

    /** All there is to look for. */
    private static final List<Check> CHECKS = List.of(
            new MatcherChecks(),
            new RegexChecks(),
            new CounterChecks(),
            new RangeChecks(),
            new SubqueryChecks(),
            new LabelChecks(),
            new JoinChecks(),
            new HistogramChecks(),
            new DivisionChecks(),
            new OperatorChecks(),
            new AlertChecks(),
            new ResultChecks(),
            new CostChecks(),
            new FeatureChecks());

    private Analyzer() {}

    /**
     * {@return what is doubtful in a query, in the order of the text} Comments are not known to a tree, so that nothing is
     * silenced. A tree with a call that lacks arguments is answered as its one-line form is.
     *
     * @param expr the query's tree, which may have been built or parsed; ranges are those of its nodes
     * @param context what else is known
     */
    public static List<Finding> analyze(Expr expr, AnalysisContext context) {
        Outline outline = Outline.of(expr);
        for (int i = 0; i < outline.size(); i++) {
            if (outline.node(i) instanceof Expr.Call call && !hasItsArguments(call)) {
                return analyze(PromQl.tryParse(expr.toString()), context);
            }
        }
        return analyze(new Analysis(outline, null, context));
    }

    private static boolean hasItsArguments(Expr.Call call) {
        int count = call.arguments().size();
        return count >= call.function().minArguments()
                && count <= call.function().maxArguments();
    }

    /**
     * {@return what is wrong with a text, or else what is doubtful in it, in the order of the text}
     *
     * @param parsed the answer of {@link PromQl#tryParse}, whose problems are findings of the rules {@link Rule#SYNTAX} and
     *     {@link Rule#TYPE}; nothing else is looked for while there are any
     * @param context what else is known
     */
    public static List<Finding> analyze(ParseResult parsed, AnalysisContext context) {
        if (!parsed.isValid() || parsed.expr().isEmpty()) {
            return parsed.problems().stream()
                    .limit(MAX_FINDINGS)
                    .map(problem -> finding(problem, context))
                    .filter(finding -> context.isOn(finding.rule()))
                    .toList();
        }
        return analyze(new Analysis(Outline.of(parsed.expr().get()), parsed.query(), context));
    }

    /**
     * {@return for each query of a set, such as the rules of a file, the costly expressions that stand in other queries of
     * the set too} Each is reported once, at the first query that has it, as {@link Rule#REPEATED_EXPRESSION}. Nothing else
     * is looked for; texts that are no query have no findings.
     *
     * @param set the answers of {@link PromQl#tryParse}
     * @param context what else is known
     */
    public static List<List<Finding>> repeatsAcross(List<ParseResult> set, AnalysisContext context) {
        return SharedParts.of(set, context);
    }

    private static Finding finding(Problem problem, AnalysisContext context) {
        Rule rule = problem.kind() == Problem.Kind.SYNTAX ? Rule.SYNTAX : Rule.TYPE;
        String message =
                problem.hint().map(hint -> problem.message() + "; " + hint).orElse(problem.message());
        return new Finding(
                rule,
                context.severity(rule).orElse(rule.severity()),
                problem.range(),
                message,
                Optional.empty(),
                Optional.empty());
    }

    private static List<Finding> analyze(Analysis analysis) {
        Outline outline = analysis.outline();
        for (int i = 0; i < outline.size() && !analysis.isFull(); i++) {
            Expr node = outline.node(i);
            for (Check check : CHECKS) {
                check.visit(analysis, i, node);
            }
        }
        return analysis.findings();
    }
}
