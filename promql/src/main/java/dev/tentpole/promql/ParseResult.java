package dev.tentpole.promql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The answer of {@link PromQl#tryParse}: the tree, if the text has one, and everything that is wrong with it.
 *
 * @param query the text that was parsed
 * @param expr the tree; present unless there is a problem of the kind {@link Problem.Kind#SYNTAX}
 * @param problems all problems that do not follow from one another; the first one is the one that Prometheus reports
 */
public record ParseResult(String query, Optional<Expr> expr, List<Problem> problems) {

    /**
     * Copies the list of problems.
     *
     * @param query the text that was parsed
     * @param expr the tree; present unless there is a problem of the kind {@link Problem.Kind#SYNTAX}
     * @param problems all problems that do not follow from one another; the first one is the one that Prometheus reports
     */
    public ParseResult {
        problems = List.copyOf(problems);
    }

    /** {@return whether Prometheus takes the query} */
    public boolean isValid() {
        return problems.isEmpty();
    }

    /** {@return all problems for people to read, each with carets below the query's line; empty if there is none} */
    public String describe() {
        return problems.stream().map(problem -> problem.describe(query)).collect(Collectors.joining("\n"));
    }

    /**
     * {@return the tree of a valid query}
     *
     * @throws PromQlException if the query has problems
     */
    public Expr orElseThrow() {
        if (!problems.isEmpty() || expr.isEmpty()) {
            throw new PromQlException(query, problems);
        }
        return expr.get();
    }
}
