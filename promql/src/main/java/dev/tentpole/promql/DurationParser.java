package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations: in brackets, and behind {@code offset}, where only parens and a second sign make more than the first
 * literal part of it.
 *
 * <p>An operator precedence parser whose stack is on the heap.
 */
final class DurationParser {

    private final Source source;
    private final Lexer lexer;
    private final Clauses clauses;
    private final boolean newest;
    private final boolean calculations;

    /** Whether the duration that was read last had a fault that was reported. */
    private boolean flawed;

    private boolean reportedCalculation;
    private boolean holdsLast;

    DurationParser(Source source, Lexer lexer, Clauses clauses, ParseOptions options) {
        this.source = source;
        this.lexer = lexer;
        this.clauses = clauses;
        this.newest = options.level() == LanguageLevel.PROMETHEUS_3_14;
        this.calculations = options.durationExpressions();
    }

    /** What is open to the left of the current token. */
    private record Frame(
            Kind kind,
            DurationExpr.@Nullable Op op,
            @Nullable DurationExpr left,
            int start,
            int end) {

        enum Kind {
            PAREN,
            SIGN,
            OPERATOR,
            CHOICE
        }
    }

    boolean flawed() {
        return flawed;
    }

    /**
     * Reads a range or a step, which must be longer than zero.
     *
     * @return the duration; null if there is none and that is still to be reported
     */
    @Nullable
    DurationExpr window() {
        begin();
        DurationExpr duration = null;
        if (lexer.kind() == Token.NUMBER || lexer.kind() == Token.DURATION) {
            duration = primary();
            lexer.advance();
        }
        if (duration == null || operator(lexer.kind()) != null) {
            duration = expression(new ArrayDeque<>(), duration);
        }
        if (duration instanceof DurationExpr.Literal literal && !flawed && !(literal.value() > 0)) {
            source.syntax(
                    "duration must be greater than 0",
                    literal.range().start(),
                    literal.range().end(),
                    null);
            flawed = true;
        }
        return duration;
    }

    /** {@return whether the current token is the last one of the offset that was just read, and not the one behind} */
    boolean holdsLast() {
        return holdsLast;
    }

    /**
     * Reads what stands behind {@code offset}; see {@link #holdsLast}.
     *
     * @return the duration; null if there is none and that is still to be reported
     */
    @Nullable
    DurationExpr offset() {
        begin();
        int first = lexer.kind();
        holdsLast = true;
        if (first != Token.ADD && first != Token.SUB) {
            holdsLast = first != Token.LEFT_PAREN;
            return holdsLast ? primary() : expression();
        }
        int start = lexer.start();
        int end = lexer.end();
        lexer.advance();
        boolean closed =
                lexer.kind() != Token.ADD && lexer.kind() != Token.SUB && (newest || lexer.kind() != Token.LEFT_PAREN);
        if (!closed) {
            holdsLast = false;
            Deque<Frame> open = new ArrayDeque<>();
            open.push(new Frame(Frame.Kind.SIGN, signOp(first), null, start, end));
            return expression(open, null);
        }
        if (lexer.kind() == Token.NUMBER || lexer.kind() == Token.DURATION) {
            return literal(first == Token.SUB ? -1 : 1, start, start, end);
        }
        DurationExpr operand = lexer.kind() == Token.LEFT_PAREN ? inParens() : primary();
        return operand == null ? null : signed(first == Token.SUB, operand, start, end);
    }

    /**
     * Reads a literal.
     *
     * @param sign what to multiply its value by
     * @param start where it starts, with its sign
     * @param faultStart where a value that is too large is reported
     * @param faultEnd where that range ends
     */
    private DurationExpr literal(int sign, int start, int faultStart, int faultEnd) {
        double value = sign * clauses.literal();
        flawed |= clauses.literalFailed();
        boolean unit = lexer.kind() == Token.DURATION;
        return literal(value, unit, start, lexer.end(), faultStart, faultEnd);
    }

    private void begin() {
        flawed = false;
        reportedCalculation = false;
    }

    private static DurationExpr.Op signOp(int sign) {
        return sign == Token.SUB ? DurationExpr.Op.SUB : DurationExpr.Op.ADD;
    }

    private @Nullable DurationExpr inParens() {
        int start = lexer.start();
        lexer.advance();
        DurationExpr inner = expression();
        if (inner == null || lexer.kind() != Token.RIGHT_PAREN) {
            return null;
        }
        return paren(inner, start, lexer.end());
    }

    private @Nullable DurationExpr expression() {
        return expression(new ArrayDeque<>(), null);
    }

    /**
     * Reads a duration to its end.
     *
     * @param open what is open to the left of it
     * @param first its first operand, if that was read already
     */
    private @Nullable DurationExpr expression(Deque<Frame> open, @Nullable DurationExpr first) {
        DurationExpr read = first;
        while (true) {
            DurationExpr operand = read == null ? operand(open) : read;
            read = null;
            if (operand == null) {
                return null;
            }
            while (true) {
                DurationExpr.Op op = operator(lexer.kind());
                operand = reduce(open, operand, op);
                if (op != null) {
                    open.push(new Frame(Frame.Kind.OPERATOR, op, operand, lexer.start(), lexer.end()));
                    lexer.advance();
                    break;
                }
                Frame frame = open.peek();
                if (frame == null) {
                    return operand;
                }
                if (frame.kind() == Frame.Kind.CHOICE && frame.left() == null && lexer.kind() == Token.COMMA) {
                    open.pop();
                    open.push(new Frame(frame.kind(), frame.op(), operand, frame.start(), frame.end()));
                    lexer.advance();
                    break;
                }
                if (lexer.kind() != Token.RIGHT_PAREN || (frame.kind() == Frame.Kind.CHOICE && frame.left() == null)) {
                    return null;
                }
                open.pop();
                operand = frame.left() == null
                        ? paren(operand, frame.start(), lexer.end())
                        : choice(frame, frame.left(), operand);
                lexer.advance();
            }
        }
    }

    /** Reads signs and parens and what they stand before. */
    private @Nullable DurationExpr operand(Deque<Frame> open) {
        while (true) {
            int token = lexer.kind();
            switch (token) {
                case Token.ADD, Token.SUB ->
                    open.push(new Frame(Frame.Kind.SIGN, signOp(token), null, lexer.start(), lexer.end()));
                case Token.LEFT_PAREN -> open.push(new Frame(Frame.Kind.PAREN, null, null, lexer.start(), lexer.end()));
                case Token.MAX_OF, Token.MIN_OF -> {
                    int start = lexer.start();
                    lexer.advance();
                    if (lexer.kind() != Token.LEFT_PAREN) {
                        return null;
                    }
                    DurationExpr.Op which = token == Token.MAX_OF ? DurationExpr.Op.ADD : DurationExpr.Op.SUB;
                    open.push(new Frame(Frame.Kind.CHOICE, which, null, start, lexer.end()));
                }
                default -> {
                    DurationExpr operand = primary();
                    if (operand != null) {
                        lexer.advance();
                    }
                    return operand;
                }
            }
            lexer.advance();
        }
    }

    /** Reads a literal, {@code step()}, {@code range()}, a choice or a template variable, up to its last token. */
    private @Nullable DurationExpr primary() {
        int start = lexer.start();
        int token = lexer.kind();
        switch (token) {
            case Token.NUMBER, Token.DURATION -> {
                return literal(1, start, start, lexer.end());
            }
            case Token.TEMPLATE -> {
                String text = lexer.tokenText();
                if (!Templates.isDuration(text)) {
                    return null;
                }
                return new DurationExpr.Placeholder(text, source.range(start, lexer.end()));
            }
            case Token.STEP, Token.RANGE -> {
                lexer.advance();
                if (lexer.kind() != Token.LEFT_PAREN) {
                    return null;
                }
                lexer.advance();
                if (lexer.kind() != Token.RIGHT_PAREN) {
                    return null;
                }
                DurationExpr query = new DurationExpr.Query(
                        token == Token.STEP ? DurationExpr.Query.Length.STEP : DurationExpr.Query.Length.RANGE,
                        source.range(start, lexer.end()));
                checkEnabled(query);
                return query;
            }
            case Token.MAX_OF, Token.MIN_OF -> {
                return choiceAlone(token == Token.MAX_OF, start);
            }
            default -> {
                return null;
            }
        }
    }

    /** Reads a choice behind {@code offset}, where an operator behind it belongs to something else. */
    private @Nullable DurationExpr choiceAlone(boolean longer, int start) {
        lexer.advance();
        if (lexer.kind() != Token.LEFT_PAREN) {
            return null;
        }
        lexer.advance();
        DurationExpr first = expression();
        if (first == null || lexer.kind() != Token.COMMA) {
            return null;
        }
        lexer.advance();
        DurationExpr second = expression();
        if (second == null || lexer.kind() != Token.RIGHT_PAREN) {
            return null;
        }
        DurationExpr choice = new DurationExpr.Choice(longer, first, second, source.range(start, lexer.end()));
        checkEnabled(choice);
        return choice;
    }

    private DurationExpr choice(Frame frame, DurationExpr first, DurationExpr second) {
        boolean longer = frame.op() == DurationExpr.Op.ADD;
        DurationExpr choice = new DurationExpr.Choice(longer, first, second, source.range(frame.start(), lexer.end()));
        checkEnabled(choice);
        return choice;
    }

    private DurationExpr literal(double value, boolean unit, int start, int end, int faultStart, int faultEnd) {
        double checked = value;
        if (Durations.isOutOfRange(value)) {
            source.syntax("duration out of range", faultStart, faultEnd, null);
            flawed = true;
            checked = 0;
        }
        return new DurationExpr.Literal(checked, unit, source.range(start, end));
    }

    private DurationExpr paren(DurationExpr inner, int start, int end) {
        checkEnabled(inner);
        // Prometheus 3.5 forgets parens around a literal.
        return !newest && inner instanceof DurationExpr.Literal
                ? inner
                : new DurationExpr.Paren(inner, source.range(start, end));
    }

    /** Completes the signs and operators on the stack that bind tighter than the operator that follows, if any. */
    private DurationExpr reduce(Deque<Frame> open, DurationExpr last, DurationExpr.@Nullable Op next) {
        DurationExpr operand = last;
        while (true) {
            Frame frame = open.peek();
            if (frame == null || frame.op() == null || frame.kind() == Frame.Kind.CHOICE) {
                return operand;
            }
            int precedence = frame.kind() == Frame.Kind.SIGN
                    ? BinaryOp.SIGN_PRECEDENCE
                    : frame.op().precedence();
            if (next != null
                    && (precedence < next.precedence()
                            || (next == DurationExpr.Op.POW && precedence == next.precedence()))) {
                return operand;
            }
            open.pop();
            operand = frame.left() == null
                    ? signed(frame.op() == DurationExpr.Op.SUB, operand, frame.start(), frame.end())
                    : arithmetic(frame.left(), frame.op(), operand, frame);
        }
    }

    private DurationExpr signed(boolean negative, DurationExpr operand, int start, int end) {
        if (operand instanceof DurationExpr.Literal literal) {
            double value = negative ? -literal.value() : literal.value();
            return literal(value, literal.unit(), start, literal.range().end(), start, end);
        }
        return negative
                ? new DurationExpr.Negation(
                        operand, source.range(start, operand.range().end()))
                : operand;
    }

    private DurationExpr arithmetic(DurationExpr left, DurationExpr.Op op, DurationExpr right, Frame frame) {
        checkEnabled(left);
        boolean divides = op == DurationExpr.Op.DIV || op == DurationExpr.Op.MOD;
        if (divides && right instanceof DurationExpr.Literal literal && literal.value() == 0) {
            if (!flawed) {
                source.syntax(
                        op == DurationExpr.Op.DIV ? "division by zero" : "modulo by zero",
                        frame.start(),
                        frame.end(),
                        null);
            }
            flawed = true;
            return left;
        }
        return new DurationExpr.Arithmetic(
                left,
                op,
                right,
                source.range(left.range().start(), right.range().end()));
    }

    private void checkEnabled(DurationExpr expr) {
        if (!calculations && !reportedCalculation) {
            reportedCalculation = true;
            flawed = true;
            source.syntax(
                    "experimental duration expression is not enabled",
                    expr.range().start(),
                    expr.range().end(),
                    null);
        }
    }

    private static DurationExpr.@Nullable Op operator(int token) {
        return switch (token) {
            case Token.ADD -> DurationExpr.Op.ADD;
            case Token.SUB -> DurationExpr.Op.SUB;
            case Token.MUL -> DurationExpr.Op.MUL;
            case Token.DIV -> DurationExpr.Op.DIV;
            case Token.MOD -> DurationExpr.Op.MOD;
            case Token.POW -> DurationExpr.Op.POW;
            default -> null;
        };
    }
}
