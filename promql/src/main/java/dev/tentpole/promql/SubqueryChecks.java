package dev.tentpole.promql;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rules about subqueries. */
final class SubqueryChecks implements Check {

    private static final double MANY_EVALUATIONS = 1_000;
    private static final double MANY_IN_A_QUERY = 1_000_000;
    /** What a server without a configuration evaluates subqueries at, and how often it scrapes. */
    private static final double DEFAULT_STEP = 60;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Subquery subquery) {
            step(analysis, index, subquery);
            ofSelector(analysis, index, subquery);
            expensive(analysis, index, subquery);
        }
    }

    private static void step(Analysis analysis, int index, Expr.Subquery subquery) {
        Optional<Duration> interval = analysis.context().scrapeInterval();
        if (subquery.step().isEmpty()) {
            Optional<Duration> known = analysis.context().evaluationInterval();
            Expr written = known.isEmpty()
                    ? null
                    : subquery.withStep(Optional.of(new DurationExpr.Literal(RangeChecks.seconds(known.get()))));
            analysis.found(
                            Rule.SUBQUERY_WITHOUT_STEP,
                            index,
                            "without a step the subquery is evaluated at the server's default interval, on which cost and"
                                    + " result depend")
                    .fix(() -> written == null ? null : analysis.replace(index, written))
                    .add();
            return;
        }
        OptionalDouble step = subquery.step().get().seconds();
        if (interval.isPresent()
                && step.isPresent()
                && step.getAsDouble() < RangeChecks.seconds(interval.get())
                && analysis.traits().has(index, Traits.SELECTOR)) {
            DurationExpr longer = new DurationExpr.Literal(RangeChecks.seconds(interval.get()));
            analysis.found(
                            Rule.SUBQUERY_STEP_TOO_SHORT,
                            index,
                            "the subquery is evaluated more often than there are samples, and counts the same ones again")
                    .fix(() -> analysis.replace(index, subquery.withStep(Optional.of(longer))))
                    .add();
        }
    }

    private static void ofSelector(Analysis analysis, int index, Expr.Subquery subquery) {
        Outline outline = analysis.outline();
        int above = outline.above(index);
        int operand = outline.inside(index + 1);
        if (above < 0
                || !(outline.node(operand) instanceof Expr.VectorSelector selector)
                || !(outline.node(above) instanceof Expr.Call call)) {
            return;
        }
        String function = call.function().name();
        boolean enough = hasTwoSamples(analysis, subquery) || !RangeChecks.needsTwo(function);
        Supplier<Finding.@Nullable Fix> fix = () -> enough ? plain(analysis, index, subquery, selector) : null;
        if (Traits.isCounterFunction(function)) {
            analysis.found(
                            Rule.RATE_OF_SUBQUERY,
                            index,
                            function
                                    + "() of a resampled counter can miss restarts between two of its points and read a"
                                    + " sample twice; a plain range"
                                    + (enough ? "" : " of two scrape intervals or more") + " has all samples")
                    .fix(fix)
                    .add();
        } else if (!isDeliberate(analysis, subquery)) {
            analysis.found(
                            Rule.SUBQUERY_OF_SELECTOR,
                            index,
                            "the subquery looks each of its points up where the plain range reads the samples as they are")
                    .fix(fix)
                    .add();
        }
    }

    /** {@return whether the plain range has at least two samples, as many functions need} */
    private static boolean hasTwoSamples(Analysis analysis, Expr.Subquery subquery) {
        double interval =
                analysis.context().scrapeInterval().map(RangeChecks::seconds).orElse(DEFAULT_STEP);
        // What a variable stands for is taken for long enough.
        return subquery.window().seconds().orElse(Double.POSITIVE_INFINITY) >= 2 * interval;
    }

    /** A step of its own that is longer than the scrape interval is meant to leave samples out. */
    private static boolean isDeliberate(Analysis analysis, Expr.Subquery subquery) {
        if (subquery.step().isEmpty()) {
            return false;
        }
        OptionalDouble step = subquery.step().get().seconds();
        Optional<Duration> interval = analysis.context().scrapeInterval();
        return interval.isEmpty() || step.isEmpty() || step.getAsDouble() > RangeChecks.seconds(interval.get());
    }

    private static Finding.@Nullable Fix plain(
            Analysis analysis, int index, Expr.Subquery subquery, Expr.VectorSelector selector) {
        if (!selector.modifiers().isNone()) {
            return null;
        }
        return analysis.replace(
                index, new Expr.MatrixSelector(selector, subquery.window(), subquery.modifiers(), SourceRange.NONE));
    }

    private static void expensive(Analysis analysis, int index, Expr.Subquery subquery) {
        Outline outline = analysis.outline();
        if (outline.node(outline.inside(index + 1)) instanceof Expr.VectorSelector) {
            return;
        }
        double evaluations = evaluations(analysis, subquery);
        int above = outline.parent(index);
        // Subqueries around this one multiply; a few levels up are as far as anybody nests them.
        for (int level = 0; above >= 0 && level < 64; level++) {
            if (outline.node(above) instanceof Expr.Subquery outer) {
                evaluations *= evaluations(analysis, outer);
            }
            above = outline.parent(above);
        }
        Optional<Duration> step = analysis.context().step();
        Optional<Duration> range = analysis.context().queryRange();
        double points = step.isPresent() && range.isPresent()
                ? Math.floor(RangeChecks.seconds(range.get()) / RangeChecks.seconds(step.get())) + 1
                : 1;
        if (evaluations >= MANY_EVALUATIONS || (points > 1 && evaluations * points >= MANY_IN_A_QUERY)) {
            analysis.found(
                            Rule.EXPENSIVE_SUBQUERY,
                            index,
                            "what is in the subquery is evaluated about " + Math.round(evaluations)
                                    + " times for one result; record it, and read the range of that")
                    .record(Recordings.propose(analysis, outline.inside(index + 1)))
                    .add();
        }
    }

    private static double evaluations(Analysis analysis, Expr.Subquery subquery) {
        OptionalDouble window = subquery.window().seconds();
        OptionalDouble step = subquery.step()
                .map(DurationExpr::seconds)
                .orElseGet(() -> OptionalDouble.of(analysis.context()
                        .evaluationInterval()
                        .map(RangeChecks::seconds)
                        .orElse(DEFAULT_STEP)));
        if (window.isEmpty() || step.isEmpty() || !(step.getAsDouble() > 0) || !(window.getAsDouble() > 0)) {
            return 1;
        }
        return Math.max(1, window.getAsDouble() / step.getAsDouble());
    }
}
