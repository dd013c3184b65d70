package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** What a regular expression is made of, as far as its text shows. Whatever is not plain is left alone. */
final class RegexShape {

    private static final String SPECIAL = "\\.+*?()[]{}^$|";

    private static final String ESCAPABLE = SPECIAL + "-/\"'";

    private RegexShape() {}

    /** {@return the expression without an anchor at its start and at its end, which a matcher has anyway} */
    static String withoutAnchors(String regex) {
        if (isQuoted(regex)) {
            return regex;
        }
        int start = regex.startsWith("^") && !isQuantifier(regex, 1) ? 1 : 0;
        int end = regex.length();
        if (end > start && regex.charAt(end - 1) == '$' && !isEscaped(regex, end - 1)) {
            end--;
        }
        return regex.substring(start, end);
    }

    /** {@return whether there is a part between \\Q and \\E, in which everything is plain} */
    private static boolean isQuoted(String regex) {
        return regex.contains("\\Q");
    }

    private static boolean isQuantifier(String regex, int at) {
        return at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0;
    }

    private static boolean isEscaped(String regex, int at) {
        int slashes = 0;
        while (slashes < at && regex.charAt(at - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    /** {@return the only value that an expression matches, or null if there are others or it is not plain} */
    static @Nullable String literal(String regex) {
        StringBuilder value = new StringBuilder(regex.length());
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
                // Behind a backslash letters and digits are classes and the like.
                if (i == regex.length() || ESCAPABLE.indexOf(regex.charAt(i)) < 0) {
                    return null;
                }
                value.append(regex.charAt(i));
            } else if (SPECIAL.indexOf(c) >= 0) {
                return null;
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    static boolean startsWithWildcard(String regex) {
        return regex.startsWith(".*") || regex.startsWith(".+");
    }

    /** {@return whether the expression is a plain text between two wildcards} */
    static boolean isTextBetweenWildcards(String regex) {
        int length = regex.length();
        boolean wild = length > 4
                && startsWithWildcard(regex)
                && (regex.endsWith(".*") || regex.endsWith(".+"))
                && !isEscaped(regex, length - 2);
        String text = wild ? literal(regex.substring(2, length - 2)) : null;
        return text != null && !text.isEmpty();
    }

    /** {@return where a dot stands between two letters or two digits that is neither escaped nor repeated; -1 if nowhere} */
    static int unescapedDot(String regex) {
        if (isQuoted(regex)) {
            return -1;
        }
        boolean inClass = false;
        for (int i = 0; i + 1 < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                inClass = true;
                // A bracket right behind the first one is a part of the class.
                i += regex.startsWith("[^]", i) ? 2 : regex.startsWith("[]", i) ? 1 : 0;
            } else if (c == ']') {
                inClass = false;
            } else if (c == '.' && !inClass && i > 0 && isBetweenWords(regex, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isBetweenWords(String regex, int at) {
        char before = regex.charAt(at - 1);
        char after = regex.charAt(at + 1);
        boolean escape = at > 1 && regex.charAt(at - 2) == '\\';
        boolean digits = Ascii.isDigit(before) && Ascii.isDigit(after);
        return !escape && (digits || (isWord(regex, at - 2) && isWord(regex, at + 1)));
    }

    /** {@return whether there are two letters in a row; a single one is rarely a word} */
    private static boolean isWord(String regex, int at) {
        return at >= 0 && at + 1 < regex.length() && isLetter(regex.charAt(at)) && isLetter(regex.charAt(at + 1));
    }

    private static boolean isLetter(char c) {
        return Ascii.isAlpha(c) && c != '_';
    }
}
