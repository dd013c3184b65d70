package dev.tentpole.promql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A regular expression of RE2 that must match a whole value, line breaks included. */
final class Regex {

    private static final String PREFIX = "error parsing regexp: ";

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
            throw new IllegalStateException(PREFIX + e.getDescription(), e);
        }
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(RegexSyntax.escapePlainBraces(text), Pattern.DOTALL);
    }

    boolean matches(String value) {
        return pattern.matches(value);
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
        try {
            pattern(text);
            return null;
        } catch (PatternSyntaxException e) {
            return PREFIX + e.getDescription();
        }
    }

    /** {@return whether an expression matches the empty text; false if it is no expression} */
    static boolean matchesEmpty(String text) {
        return switch (RegexSyntax.look(text)) {
            case MATCHES_EMPTY -> true;
            case NEEDS_TEXT, FAULT -> false;
            case UNKNOWN -> compilerFault(text) == null && compile(text).matches("");
        };
    }
}
