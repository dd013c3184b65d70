package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Costly expressions that stand in several queries of a set. */
final class SharedParts {

    /** Where an expression was seen first, and in how many queries it is. */
    private static final class Part {
        private final int query;
        private final int index;
        private int queries = 1;
        private int last;

        Part(int query, int index) {
            this.query = query;
            this.index = index;
            this.last = query;
        }
    }

    private final List<Analysis> analyses = new ArrayList<>();
    private final Map<Long, Part> parts = new HashMap<>();

    private SharedParts() {}

    static List<List<Finding>> of(List<ParseResult> set, AnalysisContext context) {
        SharedParts shared = new SharedParts();
        Map<String, Expr> recorded = new HashMap<>();
        for (ParseResult parsed : set) {
            // What is no query has no parts.
            Expr expr =
                    parsed.expr().filter(unused -> parsed.isValid()).orElseGet(() -> Parser.broken(SourceRange.NONE));
            shared.analyses.add(new Analysis(Outline.of(expr), parsed.query(), context, recorded));
        }
        List<long[]> hashes = new ArrayList<>();
        for (int query = 0; query < set.size(); query++) {
            hashes.add(Fingerprints.of(shared.analyses.get(query).outline()));
            shared.count(query, hashes.get(query));
        }
        for (int query = 0; query < set.size(); query++) {
            shared.report(query, hashes.get(query));
        }
        return shared.analyses.stream().map(Analysis::findings).toList();
    }

    private void count(int query, long[] hashes) {
        Analysis analysis = analyses.get(query);
        for (int i = 0; i < hashes.length; i++) {
            if (!CostChecks.isCostly(analysis, i)) {
                continue;
            }
            Part part = parts.get(hashes[i]);
            if (part == null) {
                parts.put(hashes[i], new Part(query, i));
            } else if (part.last < query) {
                Outline first = analyses.get(part.query).outline();
                if (Fingerprints.same(first, part.index, analysis.outline(), i)) {
                    part.queries++;
                    part.last = query;
                }
            }
        }
    }

    /** The first query that has an expression is told, unless it is a part of one that others have too. */
    private void report(int query, long[] hashes) {
        Analysis analysis = analyses.get(query);
        int i = 0;
        while (i < hashes.length) {
            Part part = CostChecks.isCostly(analysis, i) ? parts.get(hashes[i]) : null;
            if (part == null || part.queries == 1) {
                i++;
                continue;
            }
            if (part.query == query && part.index == i) {
                analysis.found(
                                Rule.REPEATED_EXPRESSION,
                                i,
                                "this stands in " + part.queries
                                        + " queries of the set, and each evaluates it; record it once, or ask for what a rule"
                                        + " has recorded")
                        .record(Recordings.propose(analysis, i))
                        .add();
            }
            i = analysis.outline().end(i);
        }
    }
}
