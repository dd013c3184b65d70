package dev.tentpole.promql;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Rules about what is calculated again and again: equal parts of a query, and what wants to be recorded. */
final class CostChecks implements Check {

    private static final long MANY_SERIES = 10_000;
    private static final double LONG_WINDOW = 6 * 3600;
    private static final int MANY_PARTS = 5;

    @Override
    public void visit(Analysis analysis, int index, Expr node) {
        if (index == 0) {
            repeats(analysis);
            if (analysis.context().kind() != AnalysisContext.Kind.RECORDING) {
                recordings(analysis);
            }
        }
    }

    /** {@return whether a node is worth being evaluated once only} */
    static boolean isCostly(Analysis analysis, int index) {
        Expr node = analysis.outline().node(index);
        return analysis.traits().has(index, Traits.RANGE)
                && (node instanceof Expr.Aggregation
                        || (node instanceof Expr.Call call && call.function().returnType() != ValueType.SCALAR));
    }

    private static void repeats(Analysis analysis) {
        Outline outline = analysis.outline();
        int costly = 0;
        for (int i = 0; i < outline.size() && costly < 2; i++) {
            costly += analysis.traits().has(i, Traits.RANGE) && outline.node(i) instanceof Expr.Call ? 1 : 0;
        }
        if (costly < 2) {
            return;
        }
        long[] hashes = Fingerprints.of(outline);
        Map<Long, Integer> counts = new HashMap<>();
        for (int i = 0; i < outline.size(); i++) {
            if (isCostly(analysis, i)) {
                counts.merge(hashes[i], 1, Integer::sum);
            }
        }
        Map<Long, Integer> firsts = new HashMap<>();
        Map<Long, Integer> seen = new HashMap<>();
        int i = 0;
        while (i < outline.size()) {
            int count = isCostly(analysis, i) ? counts.getOrDefault(hashes[i], 0) : 0;
            if (count > 1) {
                Integer first = firsts.putIfAbsent(hashes[i], i);
                boolean same = first == null || Fingerprints.same(outline, first, i);
                // The last one is reported, with how many there are.
                if (same && seen.merge(hashes[i], 1, Integer::sum) == count) {
                    analysis.found(
                                    Rule.REPEATED_EXPRESSION,
                                    i,
                                    "this stands in the query " + count
                                            + " times, and is evaluated each time; record it, or write the query with one of it")
                            .record(Recordings.propose(analysis, i))
                            .add();
                }
                // What is repeated as a part of it is not worth another word.
                i = outline.end(i);
            } else {
                i++;
            }
        }
    }

    private static void recordings(Analysis analysis) {
        Outline outline = analysis.outline();
        int parts = 0;
        int first = -1;
        for (int i = 0; i < outline.size(); i++) {
            if (!Recordings.isAggregatedRange(outline, i)) {
                continue;
            }
            parts++;
            first = first < 0 ? i : first;
            int range = Recordings.rangeOf(outline, i);
            long series =
                    analysis.context().seriesCount(analysis.metricBelow(range)).orElse(0);
            OptionalDouble window =
                    ((Expr.MatrixSelector) outline.node(range)).window().seconds();
            if (series >= MANY_SERIES) {
                report(analysis, i, "each evaluation reads " + series + " series to fold them into fewer");
            } else if (window.orElse(0) >= LONG_WINDOW) {
                report(
                        analysis,
                        i,
                        "each evaluation reads hours of all these series to fold them; a rule does that once for all who"
                                + " ask");
            }
        }
        if (parts >= MANY_PARTS) {
            report(
                    analysis,
                    first,
                    "the query folds ranges in " + parts
                            + " places; recorded parts make it cheaper and easier to read");
        }
    }

    private static void report(Analysis analysis, int index, String message) {
        analysis.found(Rule.RECORDING_RULE, index, message)
                .record(Recordings.propose(analysis, index))
                .add();
    }
}
