package dev.tentpole.promql;

/** A look at a regular expression that tells without compiling it whether it is one. */
final class RegexSyntax {

    /** Longer expressions, and deeper ones, are left to the compiler. */
    private static final int MAX_LENGTH = 4096;

    private static final int MAX_DEPTH = 50;

    private RegexSyntax() {}

    /**
     * {@return whether the expression surely is one}: it consists of characters, escaped punctuation, dots, anchors, classes
     * of ASCII characters, plain groups, alternatives, and at most one {@code * + ?} behind each of them.
     */
    static boolean isPlainlyValid(String text) {
        int length = text.length();
        if (length > MAX_LENGTH) {
            return false;
        }
        int depth = 0;
        boolean repeatable = false;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*', '+', '?' -> {
                    if (!repeatable) {
                        return false;
                    }
                    if (i + 1 < length && text.charAt(i + 1) == '?') {
                        i++;
                    }
                    repeatable = false;
                }
                case '(' -> {
                    if (++depth > MAX_DEPTH) {
                        return false;
                    }
                    if (i + 1 < length && text.charAt(i + 1) == '?') {
                        if (!text.startsWith("?:", i + 1)) {
                            return false;
                        }
                        i += 2;
                    }
                    repeatable = false;
                }
                case ')' -> {
                    if (--depth < 0) {
                        return false;
                    }
                    repeatable = true;
                }
                case '|' -> repeatable = false;
                case '[' -> {
                    i = endOfClass(text, i);
                    if (i < 0) {
                        return false;
                    }
                    repeatable = true;
                }
                case '\\' -> {
                    i++;
                    if (i >= length || !isPlainEscape(text.charAt(i))) {
                        return false;
                    }
                    repeatable = true;
                }
                case '{' -> {
                    return false;
                }
                default -> {
                    if (c >= 0x80) {
                        return false;
                    }
                    repeatable = true;
                }
            }
        }
        return depth == 0;
    }

    private static boolean isPlainEscape(char c) {
        return (c > ' ' && c < 0x7f && !Ascii.isAlphaNumeric(c))
                || c == 'd'
                || c == 'D'
                || c == 'w'
                || c == 'W'
                || c == 's'
                || c == 'S';
    }

    /** {@return where a class of plain ASCII characters and ranges ends, or -1 if it is anything else} */
    private static int endOfClass(String text, int start) {
        int i = start + 1;
        if (i < text.length() && text.charAt(i) == '^') {
            i++;
        }
        int first = i;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ']' && i > first) {
                return i;
            }
            if (!Ascii.isAlphaNumeric(c) && c != '.' && c != ' ' && c != '/' && c != ':') {
                return -1;
            }
            i++;
            if (i + 1 < text.length() && text.charAt(i) == '-') {
                char to = text.charAt(i + 1);
                if (!Ascii.isAlphaNumeric(to) || to < c) {
                    return -1;
                }
                i += 2;
            }
        }
        return -1;
    }

    static boolean isTooDeep(String text, int limit) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(' && ++depth > limit) {
                return true;
            } else if (c == ')') {
                depth--;
            }
        }
        return false;
    }

    /** {@return whether the expression is one text, or several with bars between} */
    static boolean isAlternatives(String text) {
        return text.chars().noneMatch(c -> "\\.+*?()[]{}^$".indexOf(c) >= 0);
    }

    static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
