package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of problems: tokens as Prometheus names them, and guesses at what was meant. */
final class Hints {

    static final String REGEX_OUTSIDE_BRACES = "=~ and !~ compare labels, inside of braces";
    static final String NO_NOT = "to compare use !=, to take series away use unless";
    static final String ESCAPE = "to have a backslash in the text, write two, or put the text in `backticks`";
    static final String TRAILING_COMMA = "remove the comma";
    static final String RANGE_FIRST = "the brackets come first: foo[5m] offset 1h";
    static final String EMPTY_SELECTOR =
            "it would select all series: add a metric name, or a matcher that an empty value does not satisfy";
    static final String INFO_SELECTOR = "the second argument of info is labels in braces, without a metric name";
    static final String GROUPED_LABEL = "a label of on(…) is on both sides anyway; remove it from the group clause";
    static final String SET_GROUPING = "set operators match many to many: remove the group clause";
    static final String SCALAR_SET = "turn the number into a vector: vector(1)";
    static final String EXPERIMENTAL_FUNCTIONS = "a server needs --enable-feature=promql-experimental-functions for it";

    private static final int CUT = 10;
    private static final int MAX_DISTANCE = 2;

    private static final Map<String, String> OTHER_NAMES = Map.of(
            "holt_winters", "it is called double_exponential_smoothing since Prometheus 3",
            "mean", "did you mean avg?",
            "average", "did you mean avg?",
            "median", "did you mean quantile(0.5, …)?",
            "percentile", "did you mean quantile?",
            "if", "PromQL has no if: use comparisons with and, or, unless",
            "atan2", "atan2 stands between its operands: a atan2 b",
            "len", "did you mean count?",
            "distinct", "did you mean group by (…)?",
            "coalesce", "did you mean a or b?");

    private Hints() {}

    /** Reports the current token, unless the lexer has reported it. */
    static void unexpected(Source source, Lexer lexer, String context, String expected) {
        if (lexer.kind() == Token.ERROR || lexer.flawed() || source.isFull()) {
            return;
        }
        StringBuilder message = new StringBuilder("unexpected ").append(describe(lexer));
        if (!context.isEmpty()) {
            message.append(" in ").append(context);
        }
        if (!expected.isEmpty()) {
            message.append(", expected ").append(expected);
        }
        source.syntax(
                message.toString(), lexer.start(), lexer.end(), SyntaxHints.guess(source, lexer, context, expected));
    }

    private static String describe(Lexer lexer) {
        int kind = lexer.kind();
        return switch (kind) {
            case Token.END_OF_INPUT -> "end of input";
            case Token.IDENTIFIER -> "identifier " + quote(lexer.tokenText());
            case Token.METRIC_IDENTIFIER -> "metric identifier " + quote(lexer.tokenText());
            case Token.STRING -> "string";
            case Token.TEMPLATE -> "template variable " + quote(lexer.tokenText());
            case Token.NUMBER -> "number " + cut(lexer.tokenText());
            case Token.DURATION -> "duration " + cut(lexer.tokenText());
            case Token.EQL_REGEX, Token.NEQ_REGEX, Token.AT -> "<op:" + lexer.tokenText() + ">";
            case Token.BY,
                    Token.WITHOUT,
                    Token.ON,
                    Token.IGNORING,
                    Token.GROUP_LEFT,
                    Token.GROUP_RIGHT,
                    Token.BOOL,
                    Token.OFFSET,
                    Token.FILL,
                    Token.FILL_LEFT,
                    Token.FILL_RIGHT,
                    Token.ANCHORED,
                    Token.SMOOTHED -> "<" + lexer.tokenText() + ">";
            default -> {
                if (Token.binaryOp(kind) != null) {
                    yield "<op:" + lexer.tokenText() + ">";
                }
                yield Token.aggregateOp(kind) != null ? "<aggr:" + lexer.tokenText() + ">" : quote(lexer.tokenText());
            }
        };
    }

    private static String cut(String text) {
        return text.length() > CUT ? quote(text.substring(0, CUT)) + "..." : quote(text);
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        Literals.quote(quoted, text);
        return quoted.toString();
    }

    /** {@return a character in single quotes, as Go writes it} */
    static String quoteRune(int rune) {
        if (rune == 0xFFFD) {
            return "'\uFFFD'";
        }
        String quoted = quote(Character.toString(rune));
        String inner = quoted.substring(1, quoted.length() - 1);
        return rune == '"' ? "'\"'" : rune == '\'' ? "'\\''" : "'" + inner + "'";
    }

    /** {@return a character as {@code U+002E '.'}} */
    static String unicode(int rune) {
        String number = String.format(Locale.ROOT, "U+%04X", rune);
        return Character.isISOControl(rune) ? number : number + " '" + Character.toString(rune) + "'";
    }

    /** {@return what may be meant by a function that does not exist} */
    static @Nullable String function(String name, ParseOptions options) {
        String lower = Ascii.toLowerCase(name);
        String other = OTHER_NAMES.get(lower);
        if (other != null) {
            return other;
        }
        FunctionSignature later = FunctionSignature.of(name).orElse(null);
        if (later != null) {
            return name + " came after Prometheus 3.5";
        }
        String best = null;
        int bestDistance = Math.min(MAX_DISTANCE, (name.length() - 1) / 2) + 1;
        for (String candidate : namesAt(options.level())) {
            int distance = distance(lower, candidate, bestDistance + 1);
            boolean closer = distance < bestDistance
                    || (best != null
                            && distance == bestDistance
                            && commonStart(lower, candidate) > commonStart(lower, best));
            if (closer) {
                bestDistance = distance;
                best = candidate;
            }
        }
        if (best == null) {
            return null;
        }
        return best.equals(lower) ? "names of functions are in lower case: " + best : "did you mean " + best + "?";
    }

    private static List<String> namesAt(LanguageLevel level) {
        List<String> names = new ArrayList<>();
        FunctionSignature.all().stream()
                .filter(function -> level.includes(function.since()))
                .forEach(function -> names.add(function.name()));
        for (AggregateOp op : AggregateOp.values()) {
            names.add(op.symbol());
        }
        return names;
    }

    private static int commonStart(String left, String right) {
        int length = 0;
        while (length < left.length() && length < right.length() && left.charAt(length) == right.charAt(length)) {
            length++;
        }
        return length;
    }

    /** {@return how many letters differ between two words, swapped neighbours counting once; the limit if it is more} */
    private static int distance(String left, String right, int limit) {
        if (Math.abs(left.length() - right.length()) >= limit) {
            return limit;
        }
        int[][] rows = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int least = Math.min(rows[i - 1][j - 1] + change, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
            }
        }
        return Math.min(limit, rows[left.length()][right.length()]);
    }

    static @Nullable String aggregation(AggregateOp op, List<Expr> arguments) {
        if (arguments.isEmpty()) {
            return null;
        }
        return op.hasParameter()
                ? op.symbol() + " takes a parameter and a vector: " + op.symbol() + "("
                        + (op == AggregateOp.COUNT_VALUES ? "\"label\"" : "3") + ", foo)"
                : op.symbol() + " takes one vector; several can be joined with or";
    }

    static String signature(FunctionSignature function) {
        StringBuilder text = new StringBuilder("it is ").append(function.name()).append('(');
        for (int i = 0; i < function.argumentTypes().size(); i++) {
            boolean optional = i >= function.minArguments();
            text.append(optional ? "[" : "").append(i > 0 ? ", " : "");
            text.append(function.argumentTypes().get(i).documentedName());
            text.append(i >= function.argumentTypes().size() - 1 && function.maxArguments() > i + 1 ? ", …" : "");
            text.append(optional ? "]" : "");
        }
        return text.append(')').toString();
    }

    /** {@return how an expression of one type can be made one of another} */
    static @Nullable String conversion(Expr expr, ValueType got, ValueType wanted) {
        if (wanted == ValueType.RANGE_VECTOR && got == ValueType.INSTANT_VECTOR) {
            return expr instanceof Expr.VectorSelector
                    ? "add a range in brackets: foo[5m]"
                    : "add a subquery's range: (…)[5m:]";
        }
        if (wanted == ValueType.INSTANT_VECTOR) {
            return switch (got) {
                case RANGE_VECTOR -> "remove the brackets, or use a function of ranges such as rate(foo[5m])";
                case SCALAR -> "vector(…) makes a vector of a number";
                default -> null;
            };
        }
        return wanted == ValueType.SCALAR && got == ValueType.INSTANT_VECTOR
                ? "scalar(…) makes a number of a vector with one series"
                : null;
    }

    static String bool(Expr.Binary node) {
        return "write " + node.op().symbol() + " bool, which answers 0 or 1";
    }

    /** {@return how something that is no vector selector gets a range} */
    static String rangeOf(Expr operand) {
        if (operand instanceof Expr.Paren paren && Trees.bare(paren) instanceof Expr.VectorSelector) {
            return "remove the parens, or write a subquery: (foo)[5m:]";
        }
        return operand instanceof Expr.MatrixSelector ? "there is a range already" : "write a subquery: (…)[5m:]";
    }

    static @Nullable String modifierOf(Expr operand, String modifier) {
        return operand instanceof Expr.NumberLiteral || operand instanceof Expr.StringLiteral
                ? null
                : "put " + modifier + " behind each selector in the expression";
    }

    static @Nullable String regex(String pattern) {
        for (String group : List.of("(?=", "(?!", "(?<=", "(?<!")) {
            if (pattern.contains(group)) {
                return "RE2 has no look-ahead and look-behind; a second matcher with !~ often does";
            }
        }
        return pattern.startsWith("*") ? "to match anything, write .*" : null;
    }

    static @Nullable String duration(String text) {
        return text.indexOf('.') >= 0
                ? "durations have no fractions: 1h30m, not 1.5h"
                : "units go from large to small, each at most once: 1d12h30m";
    }

    static @Nullable String character(String text, int at) {
        return SyntaxHints.character(text, at);
    }

    static @Nullable String characterInBraces(String text, int at) {
        return SyntaxHints.characterInBraces(text, at);
    }

    static @Nullable String durationUnit(String text, int at) {
        return SyntaxHints.durationUnit(text, at);
    }

    static @Nullable String number(String text, int at) {
        return SyntaxHints.number(text, at);
    }
}
