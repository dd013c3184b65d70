package dev.tentpole.promql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tentpole.promql.RegexSyntax.Verdict;
import org.jspecify.annotations.Nullable;

/** A regular expression of RE2 that must match a whole value, line breaks included. */
final class Regex {

    private static final String PREFIX = "error parsing regexp: ";

    /** The compiler takes time by the square of the length: longer expressions are not compiled before they are used. */
    private static final int MAX_CHECKED = 10_000;

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * {@return the compiled expression}
     *
     * @throws IllegalStateException if it is none
     */
    static Regex compile(String text) {
        try {
            return new Regex(pattern(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalStateException(PREFIX + description(e), e);
        }
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(RegexSyntax.forCompiler(text), Pattern.DOTALL);
    }

    /**
     * {@return whether the expression matches the whole value}
     *
     * @throws IllegalStateException if tens of thousands of parts in a row may be empty, through which RE2/J recurses
     */
    boolean matches(String value) {
        try {
            return pattern.matches(value);
        } catch (StackOverflowError e) {
            throw new IllegalStateException("regular expression is too long to match", e);
        }
    }

    /** {@return what is wrong with an expression, or null} */
    static @Nullable String fault(String text) {
        return switch (RegexSyntax.look(text)) {
            case MATCHES_EMPTY, NEEDS_TEXT -> null;
            case FAULT -> PREFIX + RegexSyntax.fault(text);
            case UNKNOWN -> compilerFault(text);
        };
    }

    private static @Nullable String compilerFault(String text) {
        if (RegexSyntax.hasLoneSurrogate(text)) {
            // Prometheus compiles no expression that consists of plain texts.
            return RegexSyntax.isAlternatives(text) ? null : PREFIX + "invalid UTF-8";
        }
        if (text.length() > MAX_CHECKED) {
            return null;
        }
        try {
            pattern(text);
            return null;
        } catch (PatternSyntaxException e) {
            return PREFIX + description(e);
        }
    }

    /** The compiler has no words for one of the faults. */
    private static String description(PatternSyntaxException fault) {
        return fault.getDescription().contains("internal error") ? "unexpected )" : fault.getDescription();
    }

    /** {@return whether an expression matches the empty text; {@link Verdict#UNKNOWN} if that would take too long to find} */
    static Verdict emptiness(String text) {
        Verdict verdict = RegexSyntax.look(text);
        if (verdict != Verdict.UNKNOWN || text.length() > MAX_CHECKED) {
            return verdict;
        }
        if (RegexSyntax.hasLoneSurrogate(text)) {
            return compilerFault(text) == null ? Verdict.NEEDS_TEXT : Verdict.FAULT;
        }
        try {
            return pattern(text).matches("") ? Verdict.MATCHES_EMPTY : Verdict.NEEDS_TEXT;
        } catch (PatternSyntaxException e) {
            return Verdict.FAULT;
        } catch (StackOverflowError e) {
            return Verdict.UNKNOWN;
        }
    }
}
