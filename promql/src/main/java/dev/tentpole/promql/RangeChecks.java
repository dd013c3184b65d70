package dev.tentpole.promql;

import dev.tentpole.promql.Finding.Severity;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about how long ranges are beside scrape interval and step, and about {@code irate}. */
final class RangeChecks implements Check {

    private static final int ENOUGH_SCRAPES = 4;
    private static final int LEAST_SCRAPES = 2;
    private static final double MILLIS = 1e-3;
    private static final Set<String> NEED_TWO =
            Set.of("rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "changes", "resets");

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.Call call && Traits.isRangeFunction(call)) {
            if (call.function().name().equals("irate")) {
                irate(analysis, index, call);
            }
            int argument = analysis.outline().inside(index + 1);
            if (argument < analysis.outline().size()
                    && analysis.outline().node(argument) instanceof Expr.MatrixSelector matrix) {
                tooShort(analysis, argument, call, matrix);
                belowStep(analysis, argument, call, matrix);
                variable(analysis, argument, call, matrix);
            }
        } else if (node instanceof Expr.VectorSelector) {
            lookback(analysis, index);
        }
    }

    /** {@return whether a function of a range has no result of a single sample, or none of use} */
    static boolean needsTwo(String function) {
        return NEED_TWO.contains(function);
    }

    static double seconds(Duration duration) {
        return duration.toMillis() * MILLIS;
    }

    private static void tooShort(Analysis analysis, int index, Expr.Call call, Expr.MatrixSelector matrix) {
        Optional<Duration> interval = analysis.context().scrapeInterval();
        OptionalDouble window = matrix.window().seconds();
        // What a rule recorded comes as often as the rule is evaluated.
        if (interval.isEmpty()
                || window.isEmpty()
                || !needsTwo(call.function().name())
                || analysis.metric(index + 1).indexOf(':') >= 0) {
            return;
        }
        double scrapes = window.getAsDouble() / seconds(interval.get());
        if (scrapes >= ENOUGH_SCRAPES) {
            return;
        }
        boolean broken = scrapes < LEAST_SCRAPES;
        DurationExpr longer = new DurationExpr.Literal(ENOUGH_SCRAPES * seconds(interval.get()));
        analysis.found(
                        Rule.RANGE_TOO_SHORT,
                        index,
                        call.function().name() + "() needs two samples, and "
                                + (broken
                                        ? "this range often has fewer of them"
                                        : "one lost scrape can leave fewer of them in this range")
                                + "; make it four scrape intervals or more")
                .as(broken ? Severity.ERROR : Severity.WARNING)
                .fix(() -> analysis.replace(index, matrix.withWindow(longer)))
                .add();
    }

    private static void belowStep(Analysis analysis, int index, Expr.Call call, Expr.MatrixSelector matrix) {
        Optional<Duration> step = analysis.context().step();
        OptionalDouble window = matrix.window().seconds();
        if (step.isEmpty()
                || window.isEmpty()
                || window.getAsDouble() >= seconds(step.get())
                || isSampling(call.function().name())
                || matrix.modifiers().at().isPresent()) {
            return;
        }
        boolean dashboard = analysis.context().kind() == AnalysisContext.Kind.DASHBOARD;
        analysis.found(
                        Rule.RANGE_BELOW_STEP,
                        index,
                        "the range is shorter than the step, so that what happens in between is not seen")
                .fix(() -> dashboard ? withRateInterval(analysis, index, matrix) : null)
                .add();
    }

    /** {@return whether a function looks at single samples on purpose} */
    private static boolean isSampling(String function) {
        return switch (function) {
            case "irate", "idelta", "last_over_time", "first_over_time", "present_over_time", "absent_over_time" ->
                true;
            default -> function.startsWith("ts_of_");
        };
    }

    private static Finding.@Nullable Fix withRateInterval(Analysis analysis, int index, Expr.MatrixSelector matrix) {
        DurationExpr variable = new DurationExpr.Placeholder("$__rate_interval", SourceRange.NONE);
        return analysis.replace(index, matrix.withWindow(variable));
    }

    private static void variable(Analysis analysis, int index, Expr.Call call, Expr.MatrixSelector matrix) {
        if (!Traits.isCounterFunction(call.function().name())
                || !(matrix.window() instanceof DurationExpr.Placeholder placeholder)) {
            return;
        }
        switch (placeholder.text()) {
            case "$__interval", "${__interval}", "[[__interval]]" ->
                analysis.found(
                                Rule.INTERVAL_VARIABLE,
                                index,
                                "$__interval may be shorter than two scrapes when the time range is short, and then there"
                                        + " is no result; $__rate_interval is never shorter than four")
                        .fix(() -> withRateInterval(analysis, index, matrix))
                        .add();
            default -> {}
        }
    }

    private static void irate(Analysis analysis, int index, Expr.Call call) {
        AnalysisContext context = analysis.context();
        boolean rule = context.kind() == AnalysisContext.Kind.RECORDING || analysis.isAlert();
        boolean skips = context.step().isPresent()
                && context.scrapeInterval().isPresent()
                && seconds(context.step().get())
                        > 2 * seconds(context.scrapeInterval().get());
        if (!rule && !skips) {
            return;
        }
        String reason = rule
                ? "so that a rule sees a single moment of each evaluation interval"
                : "of which this step skips most";
        analysis.found(
                        Rule.IRATE_MISUSED,
                        index,
                        "irate() looks at the last two samples only, " + reason + "; rate() sees all")
                .fix(() -> analysis.replace(
                        index,
                        new Expr.Call(FunctionSignature.of("rate").orElseThrow(), call.arguments(), call.range())))
                .add();
    }

    private static void lookback(Analysis analysis, int index) {
        AnalysisContext context = analysis.context();
        int parent = analysis.outline().parent(index);
        if (context.lookback().isPresent()
                && context.scrapeInterval().isPresent()
                && context.scrapeInterval().get().compareTo(context.lookback().get()) >= 0
                && (parent < 0 || !(analysis.outline().node(parent) instanceof Expr.MatrixSelector))) {
            analysis.found(
                            Rule.LOOKBACK_TOO_SHORT,
                            index,
                            "the look-back does not reach from one scrape to the next, so that the series has gaps; read"
                                    + " last_over_time() of a longer range")
                    .add();
        }
    }
}
