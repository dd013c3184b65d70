package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns text into trees: an operator precedence parser whose stack is on the heap, so that nesting is bounded by the
 * text's length alone.
 *
 * <p>There are two stacks. On one lie the operands that are complete. On the other lie frames: what is open to the left of
 * the current token, which is an operator or a sign that waits for its right operand, or a paren, a call or an aggregation
 * that waits for its right paren. An operator completes the operators on top of the stack that bind tighter; a right
 * paren completes all down to its left one.
 *
 * <p>The order in which problems are found is that of Prometheus's parser, so that the first one is its. Behind a problem
 * the parser goes on where the innermost parens, or the argument in them, end. What was broken counts as a template
 * variable that fits everywhere.
 */
final class Parser {

    private static final byte SCALAR = TypeGlance.SCALAR;
    private static final byte STRING = ValueType.STRING.code();
    private static final byte VECTOR = TypeGlance.VECTOR;

    /** Stands for what could not be read. */
    private static final String BROKEN = "${__tentpole.broken}";

    private final Source source;
    private final String text;
    private final Lexer lexer;
    private final ParseOptions options;
    private final Clauses clauses;
    private final Calls calls;
    private final TypeGlance glance;
    private @Nullable Postfixes postfixes;

    private Expr[] operands = new Expr[4];
    /** The types of the operands, by their {@link ValueType#code}. */
    private byte[] operandTypes = new byte[8];

    private int operandCount;

    /** What is open, innermost. */
    private @Nullable Frame open;

    private int openAggregations;

    private @Nullable IdentityHashMap<Expr.Binary, VectorMatching> misplacedMatching;

    /** Complete operands that became part of something broken, which may have the wrong types in them all the same. */
    private List<Expr> leftOver = List.of();

    Parser(String query, ParseOptions options) {
        this.source = new Source(query);
        this.text = query;
        this.options = options;
        this.lexer = new Lexer(source, options);
        this.clauses = new Clauses(source, lexer, options, new Numbers());
        this.calls = new Calls(source, lexer, clauses, options);
        this.glance = new TypeGlance(options.templates());
    }

    ParseResult parseQuery() {
        lexer.advance();
        Expr expr = null;
        if (lexer.kind() == Token.END_OF_INPUT) {
            source.syntax("no expression found in input", 0, 0, null);
        } else {
            expr = expression();
        }
        boolean readable = !source.hasProblems();
        if (glance.inDoubt() || !readable) {
            TypeChecker types = new TypeChecker(source, misplacedMatching, options.templates());
            if (expr != null) {
                types.check(expr);
            }
            leftOver.forEach(types::check);
        }
        return new ParseResult(text, readable ? Optional.ofNullable(expr) : Optional.empty(), source.problems());
    }

    ParseResult parseSelector() {
        lexer.advance();
        Expr selector = null;
        int start = lexer.start();
        boolean named = Token.isMetricName(lexer.kind()) && !Ascii.isDigit(text.charAt(start));
        if (named || lexer.kind() == Token.LEFT_BRACE) {
            String name = "";
            if (named) {
                name = lexer.tokenText();
                lexer.advance();
            }
            selector = selector(name, start, start + name.length());
        }
        if (lexer.kind() != Token.END_OF_INPUT) {
            unexpected("", "");
        } else if (selector == null) {
            unexpected("", "");
        }
        return new ParseResult(
                text, source.hasProblems() ? Optional.empty() : Optional.ofNullable(selector), source.problems());
    }

    private void unexpected(String context, String expected) {
        Hints.unexpected(source, lexer, context, expected);
    }

    /** Reports the current token where an expression cannot go on with it. */
    private void unexpected() {
        unexpected(openAggregations > 0 ? "aggregation" : "", "");
    }

    /** {@return a stand-in for what could not be read} */
    static Expr broken(SourceRange range) {
        return new Expr.Placeholder(BROKEN, ValueType.INSTANT_VECTOR, range);
    }

    static boolean isBroken(Expr expr) {
        return expr instanceof Expr.Placeholder placeholder
                && placeholder.text().equals(BROKEN);
    }

    /** Reads to the end; null if the text is so broken that there is nothing to check. */
    private @Nullable Expr expression() {
        boolean wantsOperand = true;
        while (true) {
            Next next = wantsOperand && !operand() ? Next.NOTHING : !postfixes() ? Next.NO_OPERATOR : next();
            if (next == Next.OPERAND) {
                wantsOperand = true;
            } else if (next == Next.OPERATOR) {
                wantsOperand = false;
            } else if (next == Next.DONE) {
                reduce(0, 0);
                if (open == null && lexer.kind() == Token.END_OF_INPUT) {
                    return operands[0];
                }
                leave(0, operandCount);
                return null;
            } else {
                int complete = operandCount;
                operandCount -= next == Next.NO_OPERATOR ? 1 : 0;
                if (!recover(complete)) {
                    leave(0, operandCount);
                    return null;
                }
                wantsOperand = false;
            }
        }
    }

    /** What the parser finds where it looks. */
    private enum Next {
        /** An operand must follow. */
        OPERAND,
        /** An operator may follow. */
        OPERATOR,
        /** The text is over. */
        DONE,
        /** Where an operand must be there is none. */
        NOTHING,
        /** The last operand is complete, and what follows cannot. */
        NO_OPERATOR
    }

    private void push(Expr operand, byte type) {
        if (operandCount == operands.length) {
            operands = Arrays.copyOf(operands, operandCount * 2);
            operandTypes = Arrays.copyOf(operandTypes, operandCount * 2);
        }
        operandTypes[operandCount] = type;
        operands[operandCount++] = operand;
    }

    private void open(Frame.Kind kind, @Nullable Object head, @Nullable Object clause, int start) {
        open = new Frame(open, kind, head, clause, start, operandCount, false);
        if (kind == Frame.Kind.AGGREGATION) {
            openAggregations++;
        }
    }

    private void close(Frame frame) {
        open = frame.outer;
        if (frame.kind == Frame.Kind.AGGREGATION) {
            openAggregations--;
        }
    }

    /** Reads signs and left parens up to an operand, and the operand; false if there is none, which is reported. */
    private boolean operand() {
        while (true) {
            int start = lexer.start();
            switch (lexer.kind()) {
                case Token.NUMBER, Token.DURATION -> {
                    boolean duration = lexer.kind() == Token.DURATION;
                    double value = clauses.literal();
                    SourceRange range = source.range(start, lexer.end());
                    if (clauses.literalFailed()) {
                        push(broken(range), VECTOR);
                    } else {
                        push(new Expr.NumberLiteral(value, duration, range), SCALAR);
                    }
                    lexer.advance();
                    return true;
                }
                case Token.STRING -> {
                    String value = lexer.flawed() ? "" : clauses.string();
                    push(new Expr.StringLiteral(value, source.range(start, lexer.end())), STRING);
                    lexer.advance();
                    return true;
                }
                case Token.LEFT_PAREN -> {
                    open(Frame.Kind.PAREN, null, null, start);
                    lexer.advance();
                }
                case Token.ADD, Token.SUB -> {
                    open(Frame.Kind.SIGN, Token.binaryOp(lexer.kind()), null, start);
                    lexer.advance();
                }
                case Token.LEFT_BRACE -> {
                    push(selector("", start, start), VECTOR);
                    return true;
                }
                default -> {
                    if (!Token.isMetricName(lexer.kind())) {
                        unexpected();
                        return false;
                    }
                    Frame outer = open;
                    if (!word()) {
                        return false;
                    }
                    Frame group = open;
                    if (group == null || group == outer) {
                        return true;
                    }
                    if (lexer.kind() == Token.RIGHT_PAREN) {
                        complete(group);
                        return true;
                    }
                }
            }
        }
    }

    /** Reads a name and what belongs to it: a selector, or the start of a call or an aggregation, which opens a frame. */
    private boolean word() {
        int word = lexer.kind();
        int start = lexer.start();
        int end = lexer.end();
        lexer.advance();
        int next = lexer.kind();
        AggregateOp aggregate = Token.aggregateOp(word);
        boolean grouped = next == Token.BY || next == Token.WITHOUT;
        if (aggregate != null && (next == Token.LEFT_PAREN || grouped)) {
            return aggregation(aggregate, start, grouped);
        }
        if (word == Token.TEMPLATE) {
            return template(text.substring(start, end), start, end, grouped);
        }
        if (next == Token.LEFT_PAREN && (word == Token.IDENTIFIER || Token.isCallableKeyword(word, options.level()))) {
            FunctionSignature function = Functions.find(text, start, end);
            open(Frame.Kind.CALL, function, null, start);
            lexer.advance();
            return true;
        }
        push(selector(text.substring(start, end), start, end), VECTOR);
        return true;
    }

    private boolean aggregation(AggregateOp op, int start, boolean grouped) {
        openAggregations++;
        Grouping grouping = grouped ? calls.groupingBefore() : null;
        openAggregations--;
        open(Frame.Kind.AGGREGATION, op, grouping, start);
        return leftParen();
    }

    private boolean leftParen() {
        if (lexer.kind() != Token.LEFT_PAREN) {
            if (!clauses.lacksParens()) {
                unexpected();
            }
            if (open != null) {
                close(open);
            }
            return false;
        }
        lexer.advance();
        return true;
    }

    private boolean template(String name, int start, int end, boolean grouped) {
        switch (lexer.kind()) {
            case Token.LEFT_PAREN, Token.BY, Token.WITHOUT -> {
                Grouping grouping = grouped ? calls.groupingBefore() : null;
                open(Frame.Kind.TEMPLATE_CALL, name, grouping, start);
                return leftParen();
            }
            case Token.LEFT_BRACE, Token.LEFT_BRACKET, Token.OFFSET, Token.AT, Token.ANCHORED, Token.SMOOTHED ->
                templatedValue(name, start, end, Ascii.isDigit(name.charAt(0)));
            default -> templatedValue(name, start, end, Templates.isValue(name));
        }
        return true;
    }

    /** A placeholder, or the name of a selector, which no number is even if there are variables in it. */
    private void templatedValue(String name, int start, int end, boolean placeholder) {
        if (placeholder) {
            ValueType type = Templates.isNumber(name) ? ValueType.SCALAR : ValueType.INSTANT_VECTOR;
            push(new Expr.Placeholder(name, type, source.range(start, end)), type.code());
        } else {
            push(selector(name, start, end), VECTOR);
        }
    }

    private Expr.VectorSelector selector(String name, int start, int nameEnd) {
        List<Matcher> matchers = List.of();
        int end = nameEnd;
        if (lexer.kind() == Token.LEFT_BRACE) {
            lexer.advance();
            matchers = clauses.matchers();
            end = lexer.end();
            if (lexer.kind() == Token.RIGHT_BRACE) {
                lexer.advance();
            }
            if (clauses.matchersFlawed()) {
                matchers = List.of(new Matcher(BROKEN, Matcher.Op.PLACEHOLDER, "", true, SourceRange.NONE));
            }
        }
        glance.selector(name, matchers);
        return new Expr.VectorSelector(name, matchers, Modifiers.NONE_BEHIND_READ_NAME, source.range(start, end));
    }

    /** Applies what stands behind the operand on top of the stack; false if it is broken. */
    private boolean postfixes() {
        while (true) {
            switch (lexer.kind()) {
                case Token.LEFT_BRACKET, Token.OFFSET, Token.AT, Token.ANCHORED, Token.SMOOTHED -> {
                    boolean brackets = lexer.kind() == Token.LEFT_BRACKET;
                    if (postfixes == null) {
                        postfixes = new Postfixes(source, lexer, clauses, options);
                    }
                    Expr applied = postfixes.apply(operands[operandCount - 1]);
                    if (applied == null) {
                        return false;
                    }
                    operands[operandCount - 1] = applied;
                    if (brackets && applied instanceof Expr.Subquery) {
                        glance.operand(operandTypes[operandCount - 1], false);
                    }
                    operandTypes[operandCount - 1] = applied.type().code();
                }
                default -> {
                    return true;
                }
            }
        }
    }

    /** Reads what comes behind a complete operand. */
    private Next next() {
        int token = lexer.kind();
        BinaryOp op = Token.binaryOp(token);
        if (op != null) {
            return operator(op);
        }
        switch (token) {
            case Token.RIGHT_PAREN -> {
                reduce(0, 0);
                Frame group = open;
                if (group == null) {
                    unexpected();
                    return Next.NO_OPERATOR;
                }
                complete(group);
                return Next.OPERATOR;
            }
            case Token.COMMA -> {
                reduce(0, 0);
                Frame group = open;
                if (group == null || group.kind == Frame.Kind.PAREN) {
                    unexpected();
                    return Next.NO_OPERATOR;
                }
                return comma(group);
            }
            case Token.END_OF_INPUT, Token.ERROR -> {
                return Next.DONE;
            }
            default -> {
                // What follows something broken may be the rest of it.
                if (!isBroken(Trees.bare(operands[operandCount - 1]))) {
                    unexpected();
                }
                return Next.NO_OPERATOR;
            }
        }
    }

    private Next comma(Frame group) {
        while (true) {
            int start = lexer.start();
            int end = lexer.end();
            lexer.advance();
            if (Token.startsExpression(lexer.kind())) {
                return Next.OPERAND;
            }
            if (lexer.kind() == Token.ERROR) {
                return Next.NOTHING;
            }
            source.syntax("trailing commas not allowed in function call args", start, end, Hints.TRAILING_COMMA);
            group.flaws |= Frame.EXTRA_COMMA;
            if (lexer.kind() == Token.RIGHT_PAREN) {
                complete(group);
                return Next.OPERATOR;
            }
            if (lexer.kind() != Token.COMMA) {
                return Next.NOTHING;
            }
            push(broken(source.range(start, end)), VECTOR);
        }
    }

    private Next operator(BinaryOp op) {
        reduce(op.precedence(), op.isRightAssociative() ? 1 : 0);
        int start = lexer.start();
        lexer.advance();
        boolean bool = lexer.kind() == Token.BOOL;
        if (bool) {
            lexer.advance();
        }
        VectorMatching matching = clauses.matching();
        if (matching == null) {
            unexpected();
            return Next.NO_OPERATOR;
        }
        open = new Frame(open, Frame.Kind.OPERATOR, op, matching, start, operandCount, bool);
        if (clauses.lacksParens() && !Token.startsExpression(lexer.kind())) {
            // What was taken for a label may have been the operand.
            push(broken(source.range(start, lexer.start())), VECTOR);
            return Next.OPERATOR;
        }
        return Next.OPERAND;
    }

    /**
     * Completes the signs and operators on top of the stack that bind at least as tight as a precedence, or tighter.
     *
     * @param tighter 1 to leave those that bind just as tight
     */
    private void reduce(int precedence, int tighter) {
        Frame frame = open;
        while (frame != null) {
            if (frame.kind == Frame.Kind.SIGN) {
                if (BinaryOp.SIGN_PRECEDENCE < precedence + tighter) {
                    return;
                }
                glance.operand(operandTypes[operandCount - 1], true);
                operands[operandCount - 1] =
                        signed(frame.head == BinaryOp.SUB, frame.start, operands[operandCount - 1]);
            } else if (frame.kind == Frame.Kind.OPERATOR && frame.head instanceof BinaryOp op) {
                if (op.precedence() < precedence + tighter) {
                    return;
                }
                operandCount--;
                binary(frame, op);
            } else {
                return;
            }
            frame = frame.outer;
            open = frame;
        }
    }

    private Expr signed(boolean negative, int start, Expr operand) {
        SourceRange range = source.range(start, operand.range().end());
        if (operand instanceof Expr.NumberLiteral number) {
            double value = negative ? -number.value() : number.value();
            return new Expr.NumberLiteral(value, number.duration(), range);
        }
        return new Expr.Unary(negative, operand, range);
    }

    /** Joins the operand on top of the stack and the one above by an operator. */
    private void binary(Frame frame, BinaryOp op) {
        Expr left = operands[operandCount - 1];
        Expr right = operands[operandCount];
        byte leftType = operandTypes[operandCount - 1];
        byte rightType = operandTypes[operandCount];
        VectorMatching written = frame.clause instanceof VectorMatching clause ? clause : VectorMatching.NONE;
        boolean vectors = leftType == VECTOR && rightType == VECTOR;
        VectorMatching matching = vectors ? written : VectorMatching.NONE;
        SourceRange range = source.range(left.range().start(), right.range().end());
        if (!options.fillModifiers()
                && (written.fillLeft().isPresent() || written.fillRight().isPresent())) {
            source.syntax("binop fill modifiers are experimental and not enabled", range.start(), range.end(), null);
        }
        glance.binary(op, frame.bool, leftType, rightType, written);
        Expr.Binary binary = new Expr.Binary(left, op, frame.bool, matching, right, range);
        if (!vectors && !written.isNone()) {
            if (misplacedMatching == null) {
                misplacedMatching = new IdentityHashMap<>();
            }
            misplacedMatching.put(binary, written);
        }
        operands[operandCount - 1] = binary;
        operandTypes[operandCount - 1] = leftType == SCALAR && rightType == SCALAR ? SCALAR : VECTOR;
    }

    /** Completes the innermost group at the current right paren, with all operands in it. */
    private void complete(Frame group) {
        close(group);
        if (group.kind == Frame.Kind.PAREN) {
            SourceRange range = source.range(group.start, lexer.end());
            operands[operandCount - 1] = new Expr.Paren(operands[operandCount - 1], range);
            lexer.advance();
            return;
        }
        int base = group.base;
        List<Expr> arguments = arguments(base);
        int count = operandCount;
        operandCount = base;
        if (group.kind == Frame.Kind.CALL) {
            FunctionSignature function = group.head instanceof FunctionSignature known ? known : null;
            if (function != null && group.flaws != 0) {
                boolean miscounted = (group.flaws & Frame.EXTRA_COMMA) != 0;
                arguments = calls.fitting(function, arguments, group.start, miscounted);
            }
            if (function != null) {
                glance.call(function, operandTypes, base, count);
            }
            push(
                    calls.call(function, arguments, group.start),
                    function == null ? VECTOR : function.returnType().code());
            lexer.advance();
        } else {
            if (group.head instanceof AggregateOp op && count > base) {
                glance.aggregation(op, operandTypes, base, count);
            }
            push(calls.aggregation(group.head, group.clause, arguments, group.start, group.flaws != 0), VECTOR);
        }
    }

    private List<Expr> arguments(int base) {
        return switch (operandCount - base) {
            case 0 -> List.of();
            case 1 -> List.of(operands[base]);
            case 2 -> List.of(operands[base], operands[base + 1]);
            default -> List.of(Arrays.copyOfRange(operands, base, operandCount));
        };
    }

    /**
     * Goes on behind a problem that was reported: to the end of the innermost parens, or of the argument in them, all of
     * which becomes one broken operand.
     *
     * @param complete how many operands there were before the problem
     * @return whether there are parens to go to the end of
     */
    private boolean recover(int complete) {
        Frame group = open;
        while (group != null && group.isOperator()) {
            operandCount -= group.kind == Frame.Kind.OPERATOR ? 1 : 0;
            group = group.outer;
        }
        open = group;
        leave(operandCount, complete);
        if (group == null || !clauses.skipToEndOfOperand(group.kind != Frame.Kind.PAREN)) {
            return false;
        }
        group.flaws |= Frame.BROKEN_PART;
        push(broken(source.range(group.start, lexer.start())), VECTOR);
        return true;
    }

    /** Keeps operands for the check of types that will have no place in the tree. */
    private void leave(int from, int to) {
        if (from < to) {
            if (leftOver.isEmpty()) {
                leftOver = new ArrayList<>();
            }
            leftOver.addAll(Arrays.asList(operands).subList(from, to));
        }
    }
}
