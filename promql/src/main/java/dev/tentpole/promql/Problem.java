package dev.tentpole.promql;

import java.util.Optional;

/**
 * One thing that is wrong with a query, and where.
 *
 * <p>The message has the words of Prometheus where those are right. It never contains the text of a string literal or of
 * a matcher's value: those may be secret, and {@link #describe} shows them to whoever has the query anyway.
 *
 * @param kind which part of the language was broken
 * @param message what is wrong
 * @param range where; empty at the end of the query when something is missing there
 * @param line the line of the range's start, from 1
 * @param column the column of the range's start, from 1, in characters as people count them (code points)
 * @param hint what was probably meant, if there is a guess
 */
public record Problem(Kind kind, String message, SourceRange range, int line, int column, Optional<String> hint) {

    /** The parts of the language that a query can break. */
    public enum Kind {
        /** The text is not PromQL. */
        SYNTAX,
        /** The text is PromQL, but a part of it has the wrong type or stands in the wrong place. */
        TYPE
    }

    /**
     * {@return the problem in one line, as Prometheus words it: {@code 1:5: parse error: unexpected "}"}}
     */
    public String oneLine() {
        return line + ":" + column + ": parse error: " + message;
    }

    /**
     * {@return the problem for people to read: the message, the line of the query with carets below, and the hint}
     *
     * @param query the text that was parsed
     */
    public String describe(String query) {
        return Carets.describe(this, query);
    }

    @Override
    public String toString() {
        return hint.map(text -> oneLine() + " (" + text + ")").orElseGet(this::oneLine);
    }
}
