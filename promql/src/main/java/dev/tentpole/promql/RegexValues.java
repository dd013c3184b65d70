package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The values that a regular expression matches, if it is nothing but a few texts: {@code ^(a|b\.c)$}. */
final class RegexValues {

    /** Nobody writes more groups around one another. */
    private static final int MAX_DEPTH = 20;

    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    private RegexValues() {}

    /** {@return the values in the order of the text, each once; null if there may be more to the expression} */
    static @Nullable List<String> of(String regex) {
        if (Templates.occursIn(regex) || RegexSyntax.hasLoneSurrogate(regex) || Regex.fault(regex) != null) {
            return null;
        }
        Set<String> values = new LinkedHashSet<>();
        return collect(regex, 0, values) ? new ArrayList<>(values) : null;
    }

    /** {@return an expression for the values} */
    static String alternatives(List<String> values) {
        StringJoiner regex = new StringJoiner("|");
        for (String value : values) {
            StringBuilder escaped = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                escaped.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
            regex.add(escaped);
        }
        return regex.toString();
    }

    private static boolean collect(String regex, int depth, Set<String> values) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        int start = 0;
        int open = 0;
        for (int i = 0; i <= regex.length(); i++) {
            char c = i < regex.length() ? regex.charAt(i) : '|';
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                return false;
            } else if (c == '(') {
                open++;
            } else if (c == ')') {
                open--;
            } else if (c == '|' && open == 0) {
                if (!alternative(regex.substring(start, i), depth, values)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean alternative(String text, int depth, Set<String> values) {
        String inner = withoutAnchors(text);
        String group = group(inner);
        if (group != null) {
            return collect(group, depth + 1, values);
        }
        StringBuilder value = new StringBuilder(inner.length());
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\' && i + 1 < inner.length() && isPunctuation(inner.charAt(i + 1))) {
                i++;
                value.append(inner.charAt(i));
            } else if (SPECIAL.indexOf(c) >= 0) {
                return false;
            } else {
                value.append(c);
            }
        }
        values.add(value.toString());
        return true;
    }

    private static boolean isPunctuation(char c) {
        return c > ' ' && c < 0x7f && !(Ascii.isAlphaNumeric(c) && c != '_');
    }

    /** {@return the expression without anchors and groups around all of it, which change nothing} */
    static String bare(String regex) {
        String inner = withoutAnchors(regex);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            String group = group(inner);
            if (group == null) {
                break;
            }
            inner = withoutAnchors(group);
        }
        return inner;
    }

    private static String withoutAnchors(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == '^') {
            start++;
        }
        // Behind a backslash it may be a plain character.
        while (end - 1 > start && text.charAt(end - 1) == '$' && text.charAt(end - 2) != '\\') {
            end--;
        }
        return end == start + 1 && text.charAt(start) == '$' ? "" : text.substring(start, end);
    }

    /** {@return what is in the parens if the text is one pair of them, without flags; otherwise null} */
    private static @Nullable String group(String text) {
        if (!text.startsWith("(") || !text.endsWith(")")) {
            return null;
        }
        int start = text.startsWith("(?:") ? 3 : 1;
        if (text.startsWith("?", start)) {
            return null;
        }
        int open = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                open++;
            } else if (c == ')' && --open == 0 && i < text.length() - 1) {
                return null;
            }
        }
        return open == 0 ? text.substring(start, text.length() - 1) : null;
    }
}
