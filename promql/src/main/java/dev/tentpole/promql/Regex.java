package dev.tentpole.promql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A regular expression of RE2 that must match a whole value, line breaks included. */
final class Regex {

    /** As deep as Go lets groups nest. */
    private static final int MAX_DEPTH = 1000;

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
            return new Regex(Pattern.compile(text, Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw new IllegalStateException("error parsing regexp: " + e.getDescription(), e);
        }
    }

    boolean matches(String value) {
        return pattern.matches(value);
    }

    /**
     * {@return what is wrong with an expression, or null}
     *
     * <p>Expressions of the usual parts are known to be right without being compiled.
     */
    static @Nullable String fault(String text) {
        if (RegexSyntax.isPlainlyValid(text)) {
            return null;
        }
        if (RegexSyntax.isTooDeep(text, MAX_DEPTH)) {
            return "error parsing regexp: expression nests too deeply";
        }
        if (RegexSyntax.hasLoneSurrogate(text)) {
            // Prometheus compiles no expression that consists of plain texts.
            return RegexSyntax.isAlternatives(text) ? null : "error parsing regexp: invalid UTF-8";
        }
        try {
            Pattern.compile(text, Pattern.DOTALL);
            return null;
        } catch (PatternSyntaxException e) {
            return "error parsing regexp: " + e.getDescription();
        }
    }
}
