package dev.tentpole.promql;

import dev.tentpole.promql.AnalysisContext.MetricType;
import dev.tentpole.promql.Finding.Severity;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules about functions of counters on gauges, functions of gauges on counters, and counters without a function. */
final class CounterChecks implements Check {

    private static final List<String> COUNTER_ENDINGS = List.of("_total", "_sum", "_count", "_bucket");

    /** Words that speak of what happens again and again. */
    private static final Set<String> EVENT_WORDS = Set.of(
            "bytes",
            "calls",
            "commands",
            "dropped",
            "errors",
            "events",
            "evicted",
            "evictions",
            "exceptions",
            "failed",
            "failure",
            "failures",
            "handled",
            "hits",
            "messages",
            "misses",
            "operations",
            "ops",
            "packets",
            "processed",
            "queries",
            "read",
            "reads",
            "received",
            "rejected",
            "requests",
            "restarts",
            "retries",
            "samples",
            "seconds",
            "sent",
            "started",
            "throughput",
            "timeouts",
            "transmitted",
            "write",
            "writes",
            "written");

    /** Words that speak of how much there is. */
    private static final Set<String> LEVEL_WORDS = Set.of(
            "active",
            "available",
            "capacity",
            "current",
            "free",
            "inflight",
            "limit",
            "limits",
            "max",
            "memory",
            "open",
            "pending",
            "quota",
            "resource",
            "resources",
            "running",
            "size",
            "uptime",
            "used",
            "waiting");

    /** How far up and down it is looked for a difference of counters. */
    private static final int LEVELS = 32;

    private static final String TYPE_LABEL = "__type__";

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (node instanceof Expr.VectorSelector) {
            raw(analysis, index);
        } else if (node instanceof Expr.Call call) {
            String function = call.function().name();
            if (Traits.isCounterFunction(function)) {
                growth(analysis, index, call);
            } else if (isGaugeFunction(function)) {
                gauge(analysis, index, call);
            }
        }
    }

    private static void growth(Analysis analysis, int index, Expr.Call call) {
        Outline outline = analysis.outline();
        int argument = outline.inside(index + 1);
        if (outline.node(argument) instanceof Expr.Subquery) {
            ofAggregate(analysis, index, call, outline.inside(argument + 1));
            return;
        }
        if (!(outline.node(argument) instanceof Expr.MatrixSelector matrix)) {
            return;
        }
        String metric = analysis.metric(argument + 1);
        if (metric.isEmpty() || hasTypeLabel(matrix.selector())) {
            return;
        }
        if (aggregates(metric)) {
            analysis.found(
                            Rule.RATE_OF_AGGREGATE,
                            index,
                            metric
                                    + " adds counters up, so that the restart of one of them looks like a restart of all; record "
                                    + call.function().name() + "() of each and add that up")
                    .add();
        }
        MetricType type = analysis.context().metricType(metric);
        if (type == MetricType.GAUGE) {
            analysis.found(
                            Rule.RATE_ON_GAUGE,
                            index,
                            metric + " is a gauge, and " + call.function().name()
                                    + "() takes each fall of its value for a restart")
                    .fix(() -> analysis.replace(index, gaugeForm(call)))
                    .add();
        } else if (type == MetricType.UNKNOWN
                && addsNote(call.function().name())
                && !isNamedLikeCounter(metric)
                && metric.indexOf(':') < 0
                && !analysis.traits().has(index, Traits.HISTOGRAM_READ)) {
            analysis.found(
                            Rule.RATE_ON_UNKNOWN,
                            index,
                            "the server adds a note to its answer that " + metric
                                    + " might not be a counter, for it does not end in _total, _sum, _count or _bucket;"
                                    + " give a counter such a name, and look at a gauge by " + gaugeFunction(call)
                                    + "()")
                    .add();
        }
    }

    /** Source: {@code PossibleNonCounterInfo} in Prometheus's engine; of {@code irate} it says nothing. */
    private static boolean addsNote(String function) {
        return function.equals("rate") || function.equals("increase");
    }

    /** {@return the function that does to gauges what a function of counters does to those} */
    private static String gaugeFunction(Expr.Call call) {
        return switch (call.function().name()) {
            case "rate" -> "deriv";
            case "increase" -> "delta";
            default -> "idelta";
        };
    }

    private static Expr gaugeForm(Expr.Call call) {
        FunctionSignature function = FunctionSignature.of(gaugeFunction(call)).orElseThrow();
        return new Expr.Call(function, call.arguments(), call.range());
    }

    private static void ofAggregate(Analysis analysis, int index, Expr.Call call, int operand) {
        if (!(analysis.outline().node(operand) instanceof Expr.Aggregation aggregation)
                || analysis.traits().has(operand, Traits.GROWTH)) {
            return;
        }
        switch (aggregation.op()) {
            case SUM, AVG, MIN, MAX, QUANTILE -> {}
            default -> {
                return;
            }
        }
        int inner = analysis.outline().inside(analysis.outline().operand(operand));
        if (!(analysis.outline().node(inner) instanceof Expr.VectorSelector)
                || analysis.context().metricType(analysis.metric(inner)) == MetricType.GAUGE) {
            return;
        }
        String function = call.function().name();
        analysis.found(
                        Rule.RATE_OF_AGGREGATE,
                        index,
                        function + "() of a " + aggregation.op().symbol()
                                + "() takes the restart of one counter for a restart of all of them; take " + function
                                + "() of each first")
                .fix(() -> aggregation.op() == AggregateOp.SUM
                        ? ratesFirst(analysis, index, call, aggregation, inner)
                        : null)
                .add();
    }

    private static Finding.@Nullable Fix ratesFirst(
            Analysis analysis, int index, Expr.Call call, Expr.Aggregation aggregation, int inner) {
        Expr argument = analysis.outline().node(analysis.outline().inside(index + 1));
        if (!(argument instanceof Expr.Subquery subquery)
                || !subquery.modifiers().isNone()) {
            return null;
        }
        Expr.VectorSelector selector = (Expr.VectorSelector) analysis.outline().node(inner);
        Expr.MatrixSelector matrix = new Expr.MatrixSelector(
                selector.withModifiers(Modifiers.NONE), subquery.window(), selector.modifiers(), SourceRange.NONE);
        Expr rate = new Expr.Call(call.function(), List.of(matrix));
        return analysis.replace(index, new Expr.Aggregation(AggregateOp.SUM, aggregation.grouping(), rate));
    }

    /** {@return whether a recorded metric is by its name a sum of counters, and not of their rates} */
    private static boolean aggregates(String metric) {
        int first = metric.indexOf(':');
        int last = metric.lastIndexOf(':');
        return last > first && metric.startsWith("_total", last - "_total".length()) && metric.endsWith(":sum");
    }

    private static boolean hasTypeLabel(Expr.VectorSelector selector) {
        for (Matcher matcher : selector.matchers()) {
            if (matcher.name().equals(TYPE_LABEL)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamedLikeCounter(String metric) {
        for (String ending : COUNTER_ENDINGS) {
            if (metric.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a metric is a counter for sure, or by the ending that nothing else should have} */
    static boolean isCounter(Analysis analysis, String metric) {
        if (metric.isEmpty()) {
            return false;
        }
        MetricType type = analysis.context().metricType(metric);
        return type == MetricType.COUNTER
                || (type == MetricType.UNKNOWN && metric.endsWith("_total") && metric.indexOf(':') < 0);
    }

    private static void raw(Analysis analysis, int index) {
        String metric = analysis.metric(index);
        Outline outline = analysis.outline();
        int parent = outline.parent(index);
        if (!isCounter(analysis, metric)
                || analysis.traits().has(index, Traits.COUNTER_TAKEN)
                || (parent >= 0 && outline.node(parent) instanceof Expr.MatrixSelector)
                || isUsedForLabels(outline, index)
                || analysis.traits().isShifted(metric, analysis)) {
            return;
        }
        boolean certain = analysis.context().metricType(metric) == MetricType.COUNTER;
        if ((!certain && !isNamedLikeEvents(metric)) || isPartOfDifference(analysis, index)) {
            return;
        }
        analysis.found(
                        Rule.RAW_COUNTER,
                        index,
                        metric
                                + (certain ? " counts" : " is named like a counter; if it is one, it counts")
                                + " from the last restart on, so its value says how long that is ago as much as anything"
                                + " else; take rate() or increase()")
                .as(certain ? Severity.WARNING : Severity.INFO)
                .add();
    }

    /** {@return whether the words of a name that ends in {@code _total}, as gauges' names do too, speak of events} */
    private static boolean isNamedLikeEvents(String metric) {
        boolean events = false;
        for (int start = 0; start < metric.length(); ) {
            int bar = metric.indexOf('_', start);
            int end = bar < 0 ? metric.length() : bar;
            String word = metric.substring(start, end);
            if (LEVEL_WORDS.contains(word)) {
                return false;
            }
            events |= EVENT_WORDS.contains(word);
            start = end + 1;
        }
        return events;
    }

    /** {@return whether a counter is taken from another one: what has started and not ended is a level} */
    private static boolean isPartOfDifference(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS; level++) {
            int parent = outline.parent(node);
            if (parent < 0) {
                return false;
            }
            if (outline.node(parent) instanceof Expr.Binary binary && binary.op() == BinaryOp.SUB) {
                return isFoldedCounter(analysis, node == parent + 1 ? outline.child(parent, 1) : parent + 1);
            }
            if (!isFold(outline.node(parent))) {
                return false;
            }
            node = parent;
        }
        return false;
    }

    private static boolean isFoldedCounter(Analysis analysis, int index) {
        Outline outline = analysis.outline();
        int node = index;
        for (int level = 0; level < LEVELS && isFold(outline.node(node)); level++) {
            node = outline.node(node) instanceof Expr.Aggregation ? outline.operand(node) : node + 1;
        }
        return outline.node(node) instanceof Expr.VectorSelector && isCounter(analysis, analysis.metric(node));
    }

    /** {@return whether counters are still counters, if many, behind this} */
    private static boolean isFold(Expr expr) {
        return expr instanceof Expr.Paren
                || expr instanceof Expr.Aggregation
                || (expr instanceof Expr.Binary binary && binary.op() == BinaryOp.OR);
    }

    /** {@return whether the value does not count: it is multiplied by zero, or raised to it, or says what exists} */
    private static boolean isUsedForLabels(Outline outline, int index) {
        int above = outline.above(index);
        if (above < 0) {
            return false;
        }
        if (outline.node(above) instanceof Expr.Binary binary) {
            boolean takesLabels =
                    binary.op() == BinaryOp.MUL && binary.matching().group() != VectorMatching.Group.NONE;
            return takesLabels
                    || binary.op() == BinaryOp.AND
                    || binary.op() == BinaryOp.UNLESS
                    || isZero(binary.left())
                    || isZero(binary.right());
        }
        // The value becomes a label, or the labels are looked at.
        return outline.node(above) instanceof Expr.Aggregation aggregation
                && aggregation.op() == AggregateOp.COUNT_VALUES;
    }

    private static boolean isZero(Expr expr) {
        return expr instanceof Expr.NumberLiteral number && number.value() == 0;
    }

    private static boolean isGaugeFunction(String function) {
        return switch (function) {
            case "delta",
                    "deriv",
                    "idelta",
                    "predict_linear",
                    "avg_over_time",
                    "min_over_time",
                    "max_over_time",
                    "stddev_over_time",
                    "stdvar_over_time",
                    "quantile_over_time",
                    "mad_over_time" -> true;
            default -> false;
        };
    }

    private static void gauge(Analysis analysis, int index, Expr.Call call) {
        Outline outline = analysis.outline();
        String function = call.function().name();
        int argument = outline.inside(function.equals("quantile_over_time") ? outline.child(index, 1) : index + 1);
        if (!(outline.node(argument) instanceof Expr.MatrixSelector)) {
            return;
        }
        String metric = analysis.metric(argument + 1);
        boolean difference = function.endsWith("x_over_time") || function.equals("min_over_time");
        if (!isCounter(analysis, metric)
                || analysis.traits().has(index, Traits.COUNTED)
                || (difference && analysis.traits().hasLow(metric, analysis) && isPartOfBinary(outline, index))) {
            return;
        }
        String better = switch (function) {
            case "delta" -> "increase";
            case "deriv" -> "rate";
            default -> "";
        };
        analysis.found(
                        Rule.GAUGE_FUNCTION_ON_COUNTER,
                        index,
                        metric + " is a counter, and " + function
                                + "() takes its restarts for falls of its value; take rate() or increase() first")
                .fix(() -> better.isEmpty()
                        ? null
                        : analysis.replace(
                                index,
                                new Expr.Call(
                                        FunctionSignature.of(better).orElseThrow(), call.arguments(), call.range())))
                .add();
    }

    private static boolean isPartOfBinary(Outline outline, int index) {
        int above = outline.above(index);
        return above >= 0 && outline.node(above) instanceof Expr.Binary;
    }
}
