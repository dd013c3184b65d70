package dev.tentpole.promql;

/**
 * Grafana's variables in a query's text: {@code $name}, {@code ${name}}, {@code ${name:format}}, {@code [[name]]}.
 *
 * <p>A word that has variables in it, such as {@code job_${metric}_total} or {@code 0.$percent}, is one word.
 */
final class Templates {

    private Templates() {}

    /** {@return where the variable ends that starts at a place of the text; -1 if none starts there} */
    static int end(String text, int start) {
        int length = text.length();
        if (start + 1 >= length) {
            return -1;
        }
        char first = text.charAt(start);
        char second = text.charAt(start + 1);
        if (first == '$' && Ascii.isAlphaNumeric(second)) {
            int end = start + 2;
            while (end < length && Ascii.isAlphaNumeric(text.charAt(end))) {
                end++;
            }
            return end;
        }
        if (first == '$' && second == '{') {
            int end = start + 2;
            while (end < length && isInside(text.charAt(end))) {
                end++;
            }
            return end > start + 2 && end < length && text.charAt(end) == '}' ? end + 1 : -1;
        }
        if (first == '[' && second == '[') {
            int end = start + 2;
            while (end < length && isInside(text.charAt(end))) {
                end++;
            }
            return end > start + 2 && text.startsWith("]]", end) ? end + 2 : -1;
        }
        return -1;
    }

    /** What may stand between the braces: a name, a field of it, and a format with its arguments. */
    private static boolean isInside(char c) {
        return Ascii.isAlphaNumeric(c) || c == '.' || c == ':' || c == '-' || c == ',';
    }

    /** {@return where the digits and letters of a number end that starts at a place, with a point among them} */
    static int numberEnd(String text, int start) {
        int end = start;
        while (end < text.length() && Ascii.isDigit(text.charAt(end))) {
            end++;
        }
        if (end > start && end < text.length() && text.charAt(end) == '.') {
            end++;
        }
        while (end < text.length() && Ascii.isAlphaNumeric(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** {@return whether the text is one word with at least one variable in it} */
    static boolean isTemplated(String text, boolean colons) {
        boolean found = false;
        int at = startsWithDigit(text) ? numberEnd(text, 0) : 0;
        while (at < text.length()) {
            int end = end(text, at);
            if (end > 0) {
                found = true;
                at = end;
            } else if (Ascii.isAlphaNumeric(text.charAt(at)) || (colons && text.charAt(at) == ':')) {
                at++;
            } else {
                return false;
            }
        }
        return found;
    }

    /** {@return whether there is a variable anywhere in the text, such as a label's value} */
    static boolean occursIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c == '$' || c == '[') && end(text, i) > 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the text is one variable in a format that has quotes of its own} */
    static boolean isQuoted(String text) {
        return end(text, 0) == text.length() && (text.endsWith(":doublequote}") || text.endsWith(":singlequote}"));
    }

    static void check(String text) {
        if (!isTemplated(text, true)) {
            throw new IllegalArgumentException("text = " + text + ", must be one word with a template variable");
        }
    }

    static void checkValue(String text) {
        if (!isValue(text)) {
            throw new IllegalArgumentException("text = " + text
                    + ", must be one template variable, or a number with variables in it; a name with variables in it is"
                    + " a selector");
        }
    }

    static void checkDuration(String text) {
        if (!isDuration(text)) {
            throw new IllegalArgumentException("text = " + text
                    + ", must be one word with a template variable that starts with the variable or a digit, without"
                    + " colons");
        }
    }

    /** {@return whether the text is one word with a variable that can be a duration} */
    static boolean isDuration(String text) {
        return isTemplated(text, false) && !Ascii.isAlpha(text.charAt(0));
    }

    private static boolean startsWithDigit(String text) {
        return !text.isEmpty() && Ascii.isDigit(text.charAt(0));
    }

    /** {@return whether a word is all of one variable, or a number that has variables in it} */
    static boolean isValue(String text) {
        return end(text, 0) == text.length() || (startsWithDigit(text) && isTemplated(text, true));
    }

    /** {@return whether Grafana fills the variable in with a number, or the word is one already} */
    static boolean isNumber(String text) {
        if (startsWithDigit(text)) {
            return true;
        }
        int start = text.startsWith("${") || text.startsWith("[[") ? 2 : 1;
        int end = start;
        while (end < text.length() && Ascii.isAlphaNumeric(text.charAt(end))) {
            end++;
        }
        String name = text.substring(start, end);
        return switch (name) {
            case "__range_s",
                    "__range_ms",
                    "__interval_ms",
                    "__rate_interval_ms",
                    "__from",
                    "__to",
                    "__interval",
                    "__rate_interval",
                    "__range",
                    "__auto_interval",
                    "__dashboard_refresh" -> true;
            default -> false;
        };
    }
}
