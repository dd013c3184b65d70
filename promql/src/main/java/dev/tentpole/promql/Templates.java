package dev.tentpole.promql;

/**
 * Grafana's variables in a query's text: {@code $name}, {@code ${name}}, {@code ${name:format}}, {@code [[name]]}.
 *
 * <p>A word that has variables in it, such as {@code job_${metric}_total}, is one word.
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

    /** {@return whether the text is one word with at least one variable in it} */
    static boolean isTemplated(String text, boolean colons) {
        boolean found = false;
        int at = 0;
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

    static void check(String text) {
        if (!isTemplated(text, true)) {
            throw new IllegalArgumentException("text = " + text + ", must be one word with a template variable");
        }
    }

    static void checkDuration(String text) {
        if (!isTemplated(text, false)) {
            throw new IllegalArgumentException(
                    "text = " + text + ", must be one word with a template variable, without colons");
        }
    }

    /** {@return whether Grafana fills the variable in with a number} */
    static boolean isNumber(String text) {
        String name = text.startsWith("${") ? text.substring(2, text.length() - 1) : text.substring(1);
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
