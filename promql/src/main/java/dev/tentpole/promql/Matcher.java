package dev.tentpole.promql;

import dev.tentpole.promql.RegexSyntax.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one label of a series: {@code job=~"api|web"}.
 *
 * <p>Regular expressions are those of RE2, always match the whole value, and are compiled when they are first used.
 * Two matchers are equal if their label, operator and value are; where they stand in the text does not count.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Matcher {

    /** The label that holds a series' metric name. */
    public static final String METRIC_NAME = "__name__";

    /** How a label is compared with a value. */
    public enum Op {
        /** The label has this value; a missing label has the empty value. */
        EQUAL("="),
        /** The label does not have this value. */
        NOT_EQUAL("!="),
        /** The whole value of the label matches this regular expression. */
        REGEX("=~"),
        /** The whole value of the label does not match this regular expression. */
        NOT_REGEX("!~"),
        /** No comparison: a template variable that stands for matchers; only with {@link ParseOptions#templates}. */
        PLACEHOLDER("");

        private final String symbol;

        Op(String symbol) {
            this.symbol = symbol;
        }

        /** {@return the operator as it is written} */
        public String symbol() {
            return symbol;
        }

        /** {@return whether the value is a regular expression} */
        public boolean isRegex() {
            return this == REGEX || this == NOT_REGEX;
        }

        /** {@return whether the label must not match} */
        public boolean isNegative() {
            return this == NOT_EQUAL || this == NOT_REGEX;
        }
    }

    /** To compile a regular expression takes time by the square of its length, */
    private static final int MAX_QUICK_REGEX = 1_000;

    /** and a short one can be a long one, repeated, which takes time with each character of the value. */
    private static final int MAX_QUICK_VALUE = 200;

    private final String name;
    private final Op op;
    private final String value;
    private final boolean templated;
    /** Whether the value is a template variable that stands without quotes. */
    private final boolean bare;
    // Not a range: that would be one more object per matcher, and hardly anybody asks.
    private final int start;
    private final int end;
    private final int startByte;
    private final int endByte;
    private volatile @Nullable Regex regex;
    /** What the regular expression makes of the empty text, once somebody asked. */
    private volatile @Nullable Verdict emptiness;

    private Matcher(String name, Op op, String value, boolean templated, boolean bare, SourceRange range) {
        this.name = name;
        this.op = op;
        this.value = value;
        this.templated = templated;
        this.bare = bare;
        this.start = range.start();
        this.end = range.end();
        this.startByte = range.startByte();
        this.endByte = range.endByte();
    }

    Matcher(String name, Op op, String value, boolean templated, SourceRange range) {
        this(name, op, value, templated, false, range);
    }

    /** {@return a matcher whose value is a template variable that brings its own quotes} */
    static Matcher ofVariable(String name, Op op, String variable, boolean templated, SourceRange range) {
        return new Matcher(name, op, variable, templated, true, range);
    }

    /**
     * {@return a matcher}
     *
     * @param name the label's name; any text
     * @param op the comparison, not {@link Op#PLACEHOLDER}
     * @param value the value or the regular expression; bytes that are not UTF-8 are the characters U+DC80 to U+DCFF
     * @throws IllegalArgumentException if a regular expression is not one of RE2, or a text holds half of a surrogate pair
     *     other than those bytes
     */
    public static Matcher of(String name, Op op, String value) {
        if (op == Op.PLACEHOLDER) {
            throw new IllegalArgumentException("op = PLACEHOLDER, which only the parser makes");
        }
        String label = Literals.canonical("name", name);
        Matcher matcher = new Matcher(label, op, Literals.canonical("value", value), false, SourceRange.NONE);
        if (op.isRegex()) {
            String fault = Regex.fault(matcher.value());
            if (fault != null) {
                throw new IllegalArgumentException("value of the matcher on " + name + ": " + fault);
            }
        }
        return matcher;
    }

    /** {@return the label's name, or the variable's text for {@link Op#PLACEHOLDER}} */
    public String name() {
        return name;
    }

    /** {@return the comparison} */
    public Op op() {
        return op;
    }

    /** {@return the value or the regular expression; bytes that are not UTF-8 are the characters U+DC80 to U+DCFF} */
    public String value() {
        return value;
    }

    /** {@return where the matcher stands in the text} */
    public SourceRange range() {
        return new SourceRange(start, end, startByte, endByte);
    }

    /** {@return whether the value is a template variable that stands without quotes} */
    boolean isBare() {
        return bare;
    }

    /** {@return whether the label's name contains a template variable} */
    public boolean templated() {
        return templated;
    }

    /**
     * {@return whether a label with this value is selected}
     *
     * @param labelValue the value, empty for a missing label
     * @throws IllegalStateException if this is a placeholder, or a regular expression with template variables in it that
     *     is none before they are filled in, or one with tens of thousands of parts in a row that may be empty
     */
    public boolean matches(String labelValue) {
        return switch (op) {
            case EQUAL -> labelValue.equals(value);
            case NOT_EQUAL -> !labelValue.equals(value);
            case REGEX -> compiled().matches(labelValue);
            case NOT_REGEX -> !compiled().matches(labelValue);
            case PLACEHOLDER -> throw new IllegalStateException("the matchers of a template variable are not known");
        };
    }

    /** {@return whether a value is known to be selected by the server; not if that would take too long to find} */
    boolean isKnownToTake(String labelValue) {
        return isKnown(labelValue, true);
    }

    /** {@return whether a value is known not to be selected by the server; not if that would take too long to find} */
    boolean isKnownToRefuse(String labelValue) {
        return isKnown(labelValue, false);
    }

    private boolean isKnown(String labelValue, boolean selected) {
        boolean slow = value.length() > MAX_QUICK_REGEX || labelValue.length() > MAX_QUICK_VALUE;
        if (op.isRegex() && (slow || dependsOnUnicode(labelValue))) {
            return false;
        }
        try {
            return matches(labelValue) == selected;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** RE2/J knows the letters of an older Unicode than Go. */
    private boolean dependsOnUnicode(String labelValue) {
        return (value.contains("\\p") || value.contains("\\P"))
                && labelValue.chars().anyMatch(c -> c >= 0x80);
    }

    /** {@return whether the empty value is known to be selected} */
    boolean matchesEmpty() {
        return switch (op) {
            case EQUAL -> value.isEmpty();
            case NOT_EQUAL -> !value.isEmpty();
            case PLACEHOLDER -> false;
            case REGEX -> emptiness() == Verdict.MATCHES_EMPTY;
            case NOT_REGEX -> emptiness() == Verdict.NEEDS_TEXT;
        };
    }

    /** {@return whether the empty value is known not to be selected} */
    boolean needsText() {
        return switch (op) {
            case EQUAL -> !value.isEmpty();
            case NOT_EQUAL -> value.isEmpty();
            case PLACEHOLDER -> false;
            case REGEX -> emptiness() == Verdict.NEEDS_TEXT;
            case NOT_REGEX -> emptiness() == Verdict.MATCHES_EMPTY;
        };
    }

    private Verdict emptiness() {
        Verdict known = emptiness;
        if (known == null) {
            known = Regex.emptiness(value);
            emptiness = known;
        }
        return known;
    }

    private Regex compiled() {
        Regex known = regex;
        if (known == null) {
            known = Regex.compile(value);
            regex = known;
        }
        return known;
    }

    /** {@return whether both are the same condition; where they stand does not count} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher that
                && name.equals(that.name)
                && op == that.op
                && value.equals(that.value)
                && templated == that.templated
                && bare == that.bare;
    }

    @Override
    public int hashCode() {
        return (name.hashCode() * 31 + value.hashCode()) * 31 + op.symbol().hashCode();
    }

    /** {@return the matcher as Prometheus prints it: {@code job=~"api|web"}} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name.length() + value.length() + 6);
        if (templated || Ascii.isLabelName(name)) {
            text.append(name);
        } else {
            Literals.quote(text, name);
        }
        if (bare) {
            text.append(op.symbol()).append(value);
        } else if (op != Op.PLACEHOLDER) {
            Literals.quote(text.append(op.symbol()), value);
        }
        return text.toString();
    }
}
