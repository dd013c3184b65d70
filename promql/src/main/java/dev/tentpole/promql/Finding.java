package dev.tentpole.promql;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Analyzer} found in one place of a query: what is doubtful there, why, and how to write it better.
 *
 * <p>The message never contains the text of a string literal or of a matcher's value.
 *
 * @param rule what was looked for
 * @param severity how serious it is here
 * @param range where
 * @param message why, in a sentence
 * @param fix a better text for a part of the query, if there is one
 * @param recordingRule the rule that would do the work beforehand, for {@link Rule#RECORDING_RULE},
 *     {@link Rule#REPEATED_EXPRESSION} and {@link Rule#EXPENSIVE_SUBQUERY}
 */
public record Finding(
        Rule rule,
        Severity severity,
        SourceRange range,
        String message,
        Optional<Fix> fix,
        Optional<RecordingRule> recordingRule) {

    /** How serious a finding is. */
    public enum Severity {
        /** The query cannot give what it is meant to. */
        ERROR,
        /** The query probably does not give what it is meant to. */
        WARNING,
        /** The query costs more than it has to. */
        PERFORMANCE,
        /** The query may be meant so. */
        INFO;

        /** {@return one less: an error is a warning, and all else an information} */
        Severity lowered() {
            return this == ERROR ? WARNING : INFO;
        }
    }

    /**
     * Checks that nothing is null.
     *
     * @param rule what was looked for
     * @param severity how serious it is here
     * @param range where
     * @param message why, in a sentence
     * @param fix a better text for a part of the query, if there is one
     * @param recordingRule the rule that would do the work beforehand, if there is one
     */
    public Finding {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(fix, "fix");
        Objects.requireNonNull(recordingRule, "recordingRule");
    }

    /**
     * {@return the finding for people to read: the message, the line of the query with carets below, the fix, and the rule
     * to record}
     *
     * @param query the text that was analysed
     */
    public String describe(String query) {
        String headline = Ascii.toLowerCase(severity.name()) + ": " + message + " (" + rule.id() + ")";
        String text = Carets.describe(headline, range, fix.map(better -> advice(better, query)), query);
        return recordingRule
                .map(proposed -> text + "\n  record: " + proposed.name() + "\n  expr: " + proposed.expression())
                .orElse(text);
    }

    private String advice(Fix better, String query) {
        if (better.matcher == null && !better.range().equals(range)) {
            return "write: " + better.replacement() + "\n  in place of: " + Carets.line(query, better.range());
        }
        return better.replacement().isEmpty() ? "leave it out" : "write: " + better.replacement();
    }

    @Override
    public String toString() {
        return Ascii.toLowerCase(severity.name()) + " " + range.start() + ".." + range.end() + " " + rule.id() + ": "
                + message;
    }

    /**
     * A rule that calculates beforehand what a query asks for again and again.
     *
     * @param name a name of the form {@code level:metric:operations}
     * @param expression what to record
     */
    public record RecordingRule(String name, Expr expression) {

        /**
         * Checks that nothing is null.
         *
         * @param name a name of the form {@code level:metric:operations}
         * @param expression what to record
         */
        public RecordingRule {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expression, "expression");
        }
    }

    /** A better text for a part of a query. Immutable and safe for use by several threads. */
    public static final class Fix {

        private final @Nullable String query;
        private final Expr root;
        private final SourceRange range;
        private final String prefix;
        private final @Nullable Matcher matcher;
        private final Expr target;
        private final Expr substitute;

        /**
         * Keeps what a fix is made of; it is written when somebody asks for it.
         *
         * @param query the text, if there is one
         * @param root the whole tree
         * @param range which part of the text is replaced
         * @param prefix what must stand in the text in front of what is new
         * @param matcher the one matcher of the target that is new; null if the whole target is
         * @param target the node that is replaced
         * @param substitute what replaces it
         */
        Fix(
                @Nullable String query,
                Expr root,
                SourceRange range,
                String prefix,
                @Nullable Matcher matcher,
                Expr target,
                Expr substitute) {
            this.query = query;
            this.root = root;
            this.range = range;
            this.prefix = prefix;
            this.matcher = matcher;
            this.target = target;
            this.substitute = substitute;
        }

        /** {@return which part of the query to replace} */
        public SourceRange range() {
            return range;
        }

        /** {@return what to write there} */
        public String replacement() {
            return prefix + (matcher == null ? substitute : matcher);
        }

        /**
         * {@return the whole query with this one fix; the text that was parsed with the part replaced, or, where only a
         * tree was analysed, the one-line form of the tree}
         */
        public String fixedQuery() {
            return query == null
                    ? root.rewrite(part -> isTarget(part) ? substitute : part).toString()
                    : query.substring(0, range.start()) + replacement() + query.substring(range.end());
        }

        @SuppressWarnings("ReferenceEquality") // One node is meant, not all that are like it.
        private boolean isTarget(Expr part) {
            return part == target;
        }

        @Override
        public String toString() {
            return range.start() + ".." + range.end() + ": " + replacement();
        }
    }
}
