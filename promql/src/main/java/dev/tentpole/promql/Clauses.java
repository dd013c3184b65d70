package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is not an expression: matchers, labels in parens, the modifiers of operators. */
final class Clauses {

    private final Source source;
    private final String text;
    private final Lexer lexer;
    private final ParseOptions options;
    private final Numbers numbers;
    private boolean templated;
    private boolean inParens = true;
    private boolean matchersFlawed;
    private double fillValue;

    private Object[] collection = new Object[6];
    private int collected;

    Clauses(Source source, Lexer lexer, ParseOptions options, Numbers numbers) {
        this.source = source;
        this.text = source.text();
        this.lexer = lexer;
        this.options = options;
        this.numbers = numbers;
    }

    private void unexpected(String context, String expected) {
        Hints.unexpected(source, lexer, context, expected);
    }

    /** Reads the matchers between braces, from behind the left one up to the right one, which is left to the caller. */
    List<Matcher> matchers() {
        boolean more = true;
        matchersFlawed = false;
        while (more && lexer.kind() != Token.RIGHT_BRACE) {
            Matcher matcher = matcher();
            if (matcher != null) {
                collect(matcher);
            }
            if (lexer.kind() == Token.COMMA) {
                lexer.advance();
            } else if (lexer.kind() != Token.RIGHT_BRACE) {
                if (matcher != null) {
                    unexpected("label matching", "\",\" or \"}\"");
                }
                matchersFlawed = true;
                more = skipToNextMatcher();
            }
            matchersFlawed |= matcher == null;
        }
        return collection(Matcher.class);
    }

    /** {@return whether there was a problem between the braces that were read last} */
    boolean matchersFlawed() {
        return matchersFlawed;
    }

    /** Collects an element of the list that is being read; lists never stand in one another. */
    private void collect(Object element) {
        if (collected == collection.length) {
            collection = Arrays.copyOf(collection, collected * 2);
        }
        collection[collected++] = element;
    }

    /** {@return what was collected} */
    private <T> List<T> collection(Class<T> type) {
        int count = collected;
        collected = 0;
        return switch (count) {
            case 0 -> List.of();
            case 1 -> List.of(type.cast(collection[0]));
            case 2 -> List.of(type.cast(collection[0]), type.cast(collection[1]));
            case 3 -> List.of(type.cast(collection[0]), type.cast(collection[1]), type.cast(collection[2]));
            default -> {
                List<T> all = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    all.add(type.cast(collection[i]));
                }
                yield List.copyOf(all);
            }
        };
    }

    private boolean skipToNextMatcher() {
        while (true) {
            switch (lexer.kind()) {
                case Token.COMMA -> {
                    lexer.advance();
                    return true;
                }
                case Token.RIGHT_BRACE, Token.END_OF_INPUT, Token.ERROR -> {
                    return false;
                }
                default -> lexer.advance();
            }
        }
    }

    private @Nullable Matcher matcher() {
        int start = lexer.start();
        int end = lexer.end();
        boolean quoted = lexer.kind() == Token.STRING;
        boolean template = lexer.kind() == Token.TEMPLATE;
        if (!quoted && !template && lexer.kind() != Token.IDENTIFIER) {
            unexpected("label matching", "identifier or \"}\"");
            return null;
        }
        String name = quoted ? string() : text.substring(start, end);
        lexer.advance();
        Matcher.Op op = operator(lexer.kind());
        if (op == null) {
            if (quoted) {
                return new Matcher(Matcher.METRIC_NAME, Matcher.Op.EQUAL, name, false, source.range(start, end));
            }
            if (template) {
                return new Matcher(name, Matcher.Op.PLACEHOLDER, "", true, source.range(start, end));
            }
            unexpected("label matching", "label matching operator");
            return null;
        }
        lexer.advance();
        if (lexer.kind() == Token.TEMPLATE && Templates.isQuoted(lexer.tokenText())) {
            String variable = lexer.tokenText();
            end = lexer.end();
            lexer.advance();
            return Matcher.ofVariable(name, op, variable, template, source.range(start, end));
        }
        if (lexer.kind() != Token.STRING) {
            unexpected("label matching", "string");
            return null;
        }
        String value = string();
        boolean flawed = lexer.flawed();
        end = lexer.end();
        if (op.isRegex() && !flawed && !source.isFull() && !(options.templates() && Templates.occursIn(value))) {
            String fault = Regex.fault(value);
            if (fault != null) {
                source.syntax(fault, start, end, Hints.regex(value));
            }
        }
        lexer.advance();
        return new Matcher(name, op, value, template, source.range(start, end));
    }

    private static Matcher.@Nullable Op operator(int token) {
        return switch (token) {
            case Token.EQL -> Matcher.Op.EQUAL;
            case Token.NEQ -> Matcher.Op.NOT_EQUAL;
            case Token.EQL_REGEX -> Matcher.Op.REGEX;
            case Token.NEQ_REGEX -> Matcher.Op.NOT_REGEX;
            default -> null;
        };
    }

    /** {@return the value of the current string token} */
    String string() {
        int start = lexer.start() + 1;
        int end = lexer.end() - 1;
        return lexer.escaped() && !lexer.flawed() ? Literals.unescape(text, start, end) : text.substring(start, end);
    }

    /** {@return whether the labels that were read last have template variables among them} */
    boolean templated() {
        return templated;
    }

    /** Reads labels in parens, from the left one to behind the right one. */
    private List<String> labelsInParens() {
        List<String> labels = labels();
        if (closes()) {
            lexer.advance();
        }
        return labels;
    }

    /** {@return whether the current token is the right paren of the labels that were read last} */
    boolean closes() {
        return inParens && lexer.kind() == Token.RIGHT_PAREN;
    }

    /** {@return whether the labels that were read last had no parens} */
    boolean lacksParens() {
        return !inParens;
    }

    /** Reads labels in parens, from the left one up to the right one, which is left to the caller. */
    List<String> labels() {
        templated = false;
        inParens = lexer.kind() == Token.LEFT_PAREN;
        if (!inParens) {
            unexpected("grouping opts", "\"(\"");
            return skippedLabels();
        }
        lexer.advance();
        while (lexer.kind() != Token.RIGHT_PAREN) {
            String label = label();
            if (label == null) {
                skipToParen();
                return collection(String.class);
            }
            if (!label.isEmpty()) {
                collect(label);
            }
            if (lexer.kind() == Token.COMMA) {
                lexer.advance();
            } else if (lexer.kind() != Token.RIGHT_PAREN) {
                unexpected("grouping opts", "\",\" or \")\"");
                skipToParen();
                return collection(String.class);
            }
        }
        return collection(String.class);
    }

    /** {@return the label that is read; empty if it is no valid name, and null if there is none, both reported} */
    private @Nullable String label() {
        String label = "";
        if (lexer.kind() == Token.STRING) {
            String name = string();
            if (isValidName(name)) {
                label = name;
            } else if (!lexer.flawed()) {
                source.syntax(
                        "invalid label name for grouping: " + Hints.quote(name), lexer.start(), lexer.end(), null);
            }
        } else if (Token.isGroupingLabel(lexer.kind())) {
            templated |= lexer.kind() == Token.TEMPLATE;
            label = lexer.tokenText();
        } else {
            unexpected("grouping opts", "label");
            return null;
        }
        lexer.advance();
        return label;
    }

    private static boolean isValidName(String name) {
        return !name.isEmpty() && !RegexSyntax.hasLoneSurrogate(name);
    }

    /** Passes over labels without parens: {@code sum by job, instance (foo)}. */
    private List<String> skippedLabels() {
        lexer.skipping(true);
        while (Token.isGroupingLabel(lexer.kind()) || lexer.kind() == Token.STRING) {
            lexer.advance();
            if (lexer.kind() != Token.COMMA) {
                break;
            }
            lexer.advance();
        }
        lexer.skipping(false);
        return List.of();
    }

    private void skipToParen() {
        lexer.skipping(true);
        int depth = 0;
        while (lexer.kind() != Token.END_OF_INPUT && lexer.kind() != Token.ERROR) {
            if (lexer.kind() == Token.LEFT_PAREN) {
                depth++;
            } else if (lexer.kind() == Token.RIGHT_PAREN && depth-- == 0) {
                break;
            }
            lexer.advance();
        }
        lexer.skipping(false);
    }

    /**
     * Passes over tokens to the right paren of the innermost parens that are open.
     *
     * @param stopsAtComma whether to stop at a comma in them, too
     * @return whether there is one
     */
    boolean skipToEndOfOperand(boolean stopsAtComma) {
        lexer.skipping(true);
        boolean found = findEndOfOperand(stopsAtComma);
        lexer.skipping(false);
        return found;
    }

    private boolean findEndOfOperand(boolean stopsAtComma) {
        int depth = 0;
        while (true) {
            switch (lexer.kind()) {
                case Token.END_OF_INPUT, Token.ERROR -> {
                    return false;
                }
                case Token.LEFT_PAREN, Token.LEFT_BRACE, Token.LEFT_BRACKET -> depth++;
                case Token.RIGHT_BRACE, Token.RIGHT_BRACKET -> depth = Math.max(0, depth - 1);
                case Token.RIGHT_PAREN -> {
                    if (depth == 0) {
                        lexer.leaveBrackets();
                        return true;
                    }
                    depth--;
                }
                case Token.COMMA -> {
                    if (depth == 0 && stopsAtComma && !lexer.inBrackets()) {
                        return true;
                    }
                }
                default -> {
                    // Skipped.
                }
            }
            lexer.advance();
        }
    }

    /**
     * Reads what stands between an operator and its right operand, behind {@code bool}.
     *
     * @return the matching, or null if it is so broken that no operand can follow
     */
    @Nullable
    VectorMatching matching() {
        switch (lexer.kind()) {
            case Token.ON, Token.IGNORING, Token.FILL, Token.FILL_LEFT, Token.FILL_RIGHT -> {
                // There is something to read.
            }
            default -> {
                return VectorMatching.NONE;
            }
        }
        boolean on = lexer.kind() == Token.ON;
        List<String> labels = List.of();
        List<String> include = List.of();
        VectorMatching.Group group = VectorMatching.Group.NONE;
        boolean anyTemplated = false;
        if (on || lexer.kind() == Token.IGNORING) {
            lexer.advance();
            labels = labelsInParens();
            anyTemplated = templated;
            if (lexer.kind() == Token.GROUP_LEFT || lexer.kind() == Token.GROUP_RIGHT) {
                group = lexer.kind() == Token.GROUP_LEFT ? VectorMatching.Group.LEFT : VectorMatching.Group.RIGHT;
                lexer.advance();
                if (lexer.kind() == Token.LEFT_PAREN || !canFollowGroup(lexer.kind())) {
                    include = labelsInParens();
                    anyTemplated |= templated;
                }
            }
        }
        Optional<Double> left = Optional.empty();
        Optional<Double> right = Optional.empty();
        int first = lexer.kind();
        if (first == Token.FILL || first == Token.FILL_LEFT || first == Token.FILL_RIGHT) {
            if (!fill()) {
                return null;
            }
            left = first == Token.FILL_RIGHT ? left : Optional.of(fillValue);
            right = first == Token.FILL_LEFT ? right : Optional.of(fillValue);
            if (first == Token.FILL_LEFT && lexer.kind() == Token.FILL_RIGHT) {
                if (!fill()) {
                    return null;
                }
                right = Optional.of(fillValue);
            } else if (first == Token.FILL_RIGHT && lexer.kind() == Token.FILL_LEFT) {
                if (!fill()) {
                    return null;
                }
                left = Optional.of(fillValue);
            }
        }
        return new VectorMatching(on, labels, group, include, left, right, anyTemplated);
    }

    private static boolean canFollowGroup(int token) {
        return Token.startsExpression(token)
                || token == Token.FILL
                || token == Token.FILL_LEFT
                || token == Token.FILL_RIGHT;
    }

    /** Reads {@code fill (number)} from the keyword on. */
    private boolean fill() {
        lexer.advance();
        if (lexer.kind() != Token.LEFT_PAREN) {
            return false;
        }
        lexer.advance();
        boolean negative = lexer.kind() == Token.SUB;
        if (negative || lexer.kind() == Token.ADD) {
            lexer.advance();
        }
        if (lexer.kind() != Token.NUMBER && lexer.kind() != Token.DURATION) {
            return false;
        }
        double value = literal();
        fillValue = negative ? -value : value;
        lexer.advance();
        if (lexer.kind() != Token.RIGHT_PAREN) {
            return false;
        }
        lexer.advance();
        return true;
    }

    /** {@return the value of the current number or duration token, whose fault is reported if it has one} */
    double literal() {
        if (lexer.flawed()) {
            return 0;
        }
        boolean duration = lexer.kind() == Token.DURATION;
        double value = duration
                ? numbers.duration(text, lexer.start(), lexer.end())
                : numbers.number(text, lexer.start(), lexer.end());
        String fault = numbers.fault();
        if (fault != null) {
            source.syntax(fault, lexer.start(), lexer.end(), duration ? Hints.duration(lexer.tokenText()) : null);
        }
        return value;
    }

    /** {@return whether {@link #literal} found a fault in the token} */
    boolean literalFailed() {
        return lexer.flawed() || numbers.fault() != null;
    }
}
