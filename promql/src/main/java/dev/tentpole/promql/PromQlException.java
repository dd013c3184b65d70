package dev.tentpole.promql;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A query that is not valid PromQL.
 *
 * <p>The exception's message names the first problem and its place, without the literals of the query, so that it can
 * be logged. {@link #describe} has all problems with the query's text.
 */
public final class PromQlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String query;
    private final transient List<Problem> problems;

    /**
     * Makes an exception of the problems of a query.
     *
     * @param query the text that was parsed
     * @param problems what is wrong with it, at least one
     * @throws IllegalArgumentException if there is no problem
     */
    public PromQlException(String query, List<Problem> problems) {
        super(message(problems));
        this.query = query;
        this.problems = List.copyOf(problems);
    }

    /** {@return the text that was parsed} */
    public String query() {
        return query;
    }

    /** {@return what is wrong; the first one is the one that Prometheus reports} */
    public List<Problem> problems() {
        return problems;
    }

    /** {@return all problems for people to read, each with carets below the query's line} */
    public String describe() {
        return problems.stream().map(problem -> problem.describe(query)).collect(Collectors.joining("\n"));
    }

    private static String message(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("problems is empty");
        }
        String first = problems.get(0).toString();
        int more = problems.size() - 1;
        return more == 0 ? first : first + ", and " + more + (more == 1 ? " more problem" : " more problems");
    }
}
