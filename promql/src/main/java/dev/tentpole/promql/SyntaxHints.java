package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** Guesses at what was meant by text that is no PromQL. */
final class SyntaxHints {

    private static final String VARIABLE =
            "it looks like a Grafana variable: fill it in first, or parse with the option templates";
    private static final String QUOTE_NAME = "names with other characters than letters, digits and _ go in quotes";

    private SyntaxHints() {}

    /** {@return what may be meant by a token in the wrong place} */
    static @Nullable String guess(Source source, Lexer lexer, String context, String expected) {
        return switch (context) {
            case "grouping opts" -> grouping(lexer, expected);
            case "label matching" -> matching(lexer, expected);
            case "offset" -> "an offset is a duration: foo offset 5m";
            case "@" -> "a time is seconds since 1970, start() or end()";
            case "subquery or range selector", "subquery or range", "subquery selector" ->
                "a range is a duration: foo[5m], a subquery foo[1h:5m]";
            default -> expression(source, lexer);
        };
    }

    private static @Nullable String grouping(Lexer lexer, String expected) {
        if (expected.equals("\"(\"")) {
            return "labels go in parens, even a single one: by (job)";
        }
        return switch (lexer.kind()) {
            case Token.EQL, Token.EQLC, Token.NEQ ->
                "only names of labels go here; conditions go in braces behind a metric";
            case Token.IDENTIFIER -> "labels are separated by commas";
            case Token.COMMA -> Hints.TRAILING_COMMA;
            default -> null;
        };
    }

    private static @Nullable String matching(Lexer lexer, String expected) {
        return switch (expected) {
            case "string" ->
                switch (lexer.kind()) {
                    case Token.IDENTIFIER -> "values go in quotes: {job=\"" + lexer.tokenText() + "\"}";
                    case Token.EQL -> "in braces = compares, == does not exist";
                    default -> "values go in quotes";
                };
            case "label matching operator" ->
                lexer.kind() == Token.RIGHT_BRACE || lexer.kind() == Token.COMMA
                        ? "a matcher has a value: {job=\"api\"}; to have any value, {job!=\"\"}"
                        : null;
            case "identifier or \"}\"" -> lexer.kind() == Token.COMMA ? Hints.TRAILING_COMMA : null;
            case "\",\" or \"}\"" -> lexer.kind() == Token.IDENTIFIER ? "matchers are separated by commas" : null;
            default -> null;
        };
    }

    private static @Nullable String expression(Source source, Lexer lexer) {
        return switch (lexer.kind()) {
            case Token.EQL -> "to compare, write " + comparison(source.text(), lexer.end());
            case Token.BOOL -> "bool stands directly behind a comparison: foo == bool 1";
            case Token.BY, Token.WITHOUT -> "a grouping belongs to an aggregation: sum by (job) (foo)";
            case Token.ON, Token.IGNORING -> "matching stands directly behind an operator: foo / on (job) bar";
            case Token.GROUP_LEFT, Token.GROUP_RIGHT -> "a group clause stands behind on (…) or ignoring (…)";
            case Token.DURATION -> "a range goes in brackets: foo[5m]";
            case Token.LEFT_PAREN -> behindName(source, lexer);
            case Token.END_OF_INPUT -> "the query stops where something must follow";
            case Token.IDENTIFIER, Token.METRIC_IDENTIFIER, Token.NUMBER, Token.STRING, Token.LEFT_BRACE ->
                behindOperand(source, lexer) ? "there is no operator before it" : null;
            default ->
                Token.aggregateOp(lexer.kind()) != null && behindOperand(source, lexer)
                        ? "there is no operator before it"
                        : null;
        };
    }

    /** {@return the operator that is meant by an = with what stands behind it} */
    private static String comparison(String text, int at) {
        char next = at < text.length() ? text.charAt(at) : '=';
        return switch (next) {
            case '!', '<', '>' -> next + "=";
            default -> "==";
        };
    }

    private static @Nullable String behindName(Source source, Lexer lexer) {
        int last = lastBefore(source.text(), lexer.start());
        return last == ')' || last == ']' || last == '}'
                ? "there is no operator before it"
                : "only functions are called";
    }

    private static boolean behindOperand(Source source, Lexer lexer) {
        int last = lastBefore(source.text(), lexer.start());
        return Ascii.isAlphaNumeric(last) || last == ')' || last == ']' || last == '}' || last == '"' || last == '\'';
    }

    private static int lastBefore(String text, int at) {
        int i = at - 1;
        while (i >= 0 && Ascii.isSpace(text.charAt(i))) {
            i--;
        }
        return i < 0 ? -1 : text.charAt(i);
    }

    /** {@return what may be meant by a character that PromQL does not know} */
    static @Nullable String character(String text, int at) {
        return switch (text.charAt(at)) {
            case '$' -> VARIABLE;
            case '&' -> "write and";
            case '|' -> "write or";
            case ';' -> "a query is one expression, without a semicolon";
            case '?' -> "PromQL has no ?: ; use comparisons with and, or, unless";
            case '~' -> Hints.REGEX_OUTSIDE_BRACES;
            case '\\' -> "there are no escapes outside of texts";
            case '\u00a0', '\u2007', '\u202f', '\u3000' -> "it looks like a space, but is another character";
            case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff' -> "it is a character that cannot be seen";
            case '\u201c', '\u201d', '\u201e', '\u2018', '\u2019', '\u00ab', '\u00bb' -> "write straight quotes";
            case '\u2212', '\u2013', '\u2014' -> "write - for minus";
            case '\u00d7' -> "write * for times";
            case '\u2264' -> "write <=";
            case '\u2265' -> "write >=";
            case '\u2260' -> "write !=";
            default -> text.charAt(at) >= 0x80 ? QUOTE_NAME : null;
        };
    }

    static @Nullable String characterInBraces(String text, int at) {
        char c = text.charAt(at);
        if (Ascii.isDigit(c) || c == '-' || c == '.') {
            return "values go in quotes, and names that do not start with a letter too";
        }
        return switch (c) {
            case ':' -> "labels are compared with =, and " + QUOTE_NAME;
            case '/' -> QUOTE_NAME;
            case '<', '>', '~' -> "labels are compared with =, !=, =~ and !~";
            case ';', '&', '|' -> "matchers are separated by commas, and all must hold";
            default -> character(text, at);
        };
    }

    static @Nullable String durationUnit(String text, int at) {
        char unit = text.charAt(at);
        boolean isUnit = unit == 's' || unit == 'm' || unit == 'h' || unit == 'd' || unit == 'w' || unit == 'y';
        return isUnit && Ascii.isDigit(lastBefore(text, at)) ? "there is no space between a number and its unit" : null;
    }

    static @Nullable String number(String text, int start) {
        int at = start;
        while (at < text.length() && (Ascii.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        int end = at;
        while (end < text.length() && Ascii.isAlphaNumeric(text.charAt(end))) {
            end++;
        }
        String unit = Ascii.toLowerCase(text.substring(at, end));
        return switch (unit) {
            case "min", "mins", "minute", "minutes" -> "minutes are m";
            case "sec", "secs", "second", "seconds" -> "seconds are s";
            case "hr", "hrs", "hour", "hours" -> "hours are h";
            case "day", "days" -> "days are d";
            case "mo", "month", "months" -> "there is no unit for months: write days, such as 30d";
            case "us", "µs", "ns" -> "the smallest unit is ms";
            case "m", "h", "d", "s", "w", "y", "ms" -> "units are in lower case";
            case "k", "kb", "mb", "gb", "tb", "g", "t", "ki", "mi", "gi", "kib", "mib", "gib", "b" ->
                "PromQL has no units of size: write 1e6, or 1024 * 1024";
            default -> "units are ms, s, m, h, d, w and y";
        };
    }
}
