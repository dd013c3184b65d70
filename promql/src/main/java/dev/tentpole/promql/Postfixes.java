package dev.tentpole.promql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind a complete operand: brackets, {@code offset}, {@code @}, {@code anchored}, {@code smoothed}. */
final class Postfixes {

    private static final String DURATION = "number, duration, step(), or range()";
    private static final String DURATION_3_5 = "number or duration";

    private final Source source;
    private final Lexer lexer;
    private final Clauses clauses;
    private final ParseOptions options;
    private final DurationParser durations;
    private final boolean newest;

    Postfixes(Source source, Lexer lexer, Clauses clauses, ParseOptions options) {
        this.source = source;
        this.lexer = lexer;
        this.clauses = clauses;
        this.options = options;
        this.durations = new DurationParser(source, lexer, clauses, options);
        this.newest = options.level() == LanguageLevel.PROMETHEUS_3_14;
    }

    /** {@return the operand with what stands behind it; null if that is broken, which is reported} */
    @Nullable
    Expr apply(Expr operand) {
        return switch (lexer.kind()) {
            case Token.LEFT_BRACKET -> brackets(operand);
            case Token.OFFSET -> offset(operand);
            case Token.AT -> at(operand);
            default -> edge(operand);
        };
    }

    private @Nullable Expr unexpected(String context, String expected) {
        Hints.unexpected(source, lexer, context, expected);
        return null;
    }

    private void fault(String message, SourceRange range, @Nullable String hint) {
        source.syntax(message, range.start(), range.end(), hint);
    }

    /** Something that was reported and fits everywhere. */
    private Expr broken(Expr operand, int end) {
        return Parser.broken(source.range(operand.range().start(), end));
    }

    private @Nullable Expr brackets(Expr operand) {
        int bracketStart = lexer.start();
        lexer.advance();
        DurationExpr window = durations.window();
        if (window == null) {
            return unexpected(newest ? "subquery or range selector" : "subquery selector", expectedDuration(""));
        }
        boolean flawed = durations.flawed();
        int end = lexer.end();
        if (lexer.kind() == Token.RIGHT_BRACKET) {
            Expr matrix = matrix(operand, window, flawed, bracketStart, end);
            lexer.advance();
            return matrix;
        }
        if (lexer.kind() != Token.COLON) {
            return unexpected("subquery or range", "\":\" or \"]\"");
        }
        lexer.advance();
        Optional<DurationExpr> step = Optional.empty();
        if (lexer.kind() != Token.RIGHT_BRACKET) {
            DurationExpr written = durations.window();
            if (written == null) {
                return unexpected("subquery selector", expectedDuration(" or \"]\""));
            }
            if (lexer.kind() != Token.RIGHT_BRACKET) {
                return unexpected("subquery selector", "\"]\"");
            }
            flawed |= durations.flawed();
            step = Optional.of(written);
        }
        end = lexer.end();
        lexer.advance();
        if (flawed || Parser.isBroken(operand)) {
            return broken(operand, end);
        }
        SourceRange range = source.range(operand.range().start(), end);
        return new Expr.Subquery(operand, window, step, Modifiers.NONE, range);
    }

    private String expectedDuration(String orElse) {
        if (!newest) {
            return DURATION_3_5 + orElse;
        }
        return orElse.isEmpty() ? DURATION : "number, duration, step(), range()," + orElse;
    }

    private Expr matrix(Expr operand, DurationExpr window, boolean flawed, int bracketStart, int end) {
        String fault = null;
        String hint = null;
        if (operand instanceof Expr.VectorSelector selector) {
            if (selector.modifiers().offset().isPresent()
                    && (newest || selector.modifiers().offset().get() instanceof DurationExpr.Literal)) {
                fault = "no offset modifiers allowed before range";
                hint = Hints.RANGE_FIRST;
            } else if (selector.modifiers().at().isPresent()
                    && (newest || !(selector.modifiers().at().get() instanceof Modifiers.At.Bound))) {
                fault = "no @ modifiers allowed before range";
                hint = Hints.RANGE_FIRST;
            } else if (!flawed) {
                Expr.VectorSelector bare =
                        selector.modifiers().isNone() ? selector : selector.withModifiers(Modifiers.NONE);
                SourceRange range = source.range(selector.range().start(), end);
                return new Expr.MatrixSelector(bare, window, selector.modifiers(), range);
            }
        } else if (!Parser.isBroken(operand)) {
            fault = "ranges only allowed for vector selectors";
            hint = Hints.rangeOf(operand);
        }
        if (fault != null) {
            source.syntax(fault, bracketStart, end, hint);
        }
        return broken(operand, end);
    }

    private @Nullable Expr offset(Expr operand) {
        lexer.advance();
        DurationExpr offset = durations.offset();
        if (offset == null) {
            return unexpected("offset", expectedDuration(""));
        }
        Expr result =
                withOffset(operand, offset, durations.flawed(), offset.range().end());
        if (durations.holdsLast()) {
            lexer.advance();
        }
        return result;
    }

    private Expr withOffset(Expr operand, DurationExpr offset, boolean flawed, int end) {
        if (Parser.isBroken(operand)) {
            return broken(operand, end);
        }
        if (!(operand instanceof Expr.Selection selection)) {
            fault(
                    "offset modifier must be preceded by an instant vector selector or range vector selector or a"
                            + " subquery",
                    operand.range(),
                    Hints.modifierOf(operand, "offset"));
            return broken(operand, end);
        }
        if (selection.modifiers().offset().isPresent()) {
            fault("offset may not be set multiple times", operand.range(), null);
            return broken(operand, end);
        }
        return flawed
                ? broken(operand, end)
                : modified(selection, selection.modifiers().withOffset(Optional.of(offset)), end);
    }

    private Expr modified(Expr.Selection selection, Modifiers modifiers, int end) {
        SourceRange range = source.range(selection.range().start(), end);
        if (selection instanceof Expr.VectorSelector vector) {
            return new Expr.VectorSelector(vector.name(), vector.matchers(), modifiers, range);
        }
        if (selection instanceof Expr.MatrixSelector matrix) {
            return new Expr.MatrixSelector(matrix.selector(), matrix.window(), modifiers, range);
        }
        Expr.Subquery subquery = (Expr.Subquery) selection;
        return new Expr.Subquery(subquery.operand(), subquery.window(), subquery.step(), modifiers, range);
    }

    private @Nullable Expr at(Expr operand) {
        lexer.advance();
        int token = lexer.kind();
        int end;
        Modifiers.At at;
        switch (token) {
            case Token.START, Token.END -> {
                lexer.advance();
                if (lexer.kind() != Token.LEFT_PAREN) {
                    return unexpected("@", "timestamp");
                }
                lexer.advance();
                if (lexer.kind() != Token.RIGHT_PAREN) {
                    return unexpected("@", "timestamp");
                }
                at = token == Token.START ? Modifiers.At.Bound.START : Modifiers.At.Bound.END;
                end = lexer.end();
            }
            case Token.ADD, Token.SUB, Token.NUMBER, Token.DURATION, Token.TEMPLATE -> {
                boolean negative = token == Token.SUB;
                if (negative || token == Token.ADD) {
                    lexer.advance();
                }
                end = lexer.end();
                if (lexer.kind() == Token.TEMPLATE) {
                    at = new Modifiers.At.Placeholder((negative ? "-" : "") + lexer.tokenText());
                    break;
                }
                if (lexer.kind() != Token.NUMBER && lexer.kind() != Token.DURATION) {
                    return unexpected("@", "timestamp");
                }
                double written = clauses.literal();
                if (clauses.literalFailed()) {
                    lexer.advance();
                    return broken(operand, end);
                }
                double seconds = negative ? -written : written;
                if (!(Math.abs(seconds) < 0x1p63)) {
                    fault("timestamp out of bounds for @ modifier: " + fixed(seconds), operand.range(), null);
                    lexer.advance();
                    return broken(operand, end);
                }
                at = new Modifiers.At.Time(Durations.toMillis(seconds));
            }
            default -> {
                return unexpected("@", "timestamp");
            }
        }
        Expr result = Parser.isBroken(operand) ? broken(operand, end) : withAt(operand, at, end);
        lexer.advance();
        return result;
    }

    private Expr withAt(Expr operand, Modifiers.At at, int end) {
        if (!(operand instanceof Expr.Selection selection)) {
            fault(
                    "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery",
                    operand.range(),
                    Hints.modifierOf(operand, "@"));
            return broken(operand, end);
        }
        if (selection.modifiers().at().isPresent()) {
            fault("@ <timestamp> may not be set multiple times", operand.range(), null);
            return broken(operand, end);
        }
        return modified(selection, selection.modifiers().withAt(Optional.of(at)), end);
    }

    private static String fixed(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            StringBuilder text = new StringBuilder();
            Literals.number(text, value);
            return text.toString();
        }
        return new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    }

    private Expr edge(Expr operand) {
        boolean anchored = lexer.kind() == Token.ANCHORED;
        String name = anchored ? "anchored" : "smoothed";
        Expr result = edge(operand, anchored ? Modifiers.Edge.ANCHORED : Modifiers.Edge.SMOOTHED, name);
        lexer.advance();
        return result;
    }

    private Expr edge(Expr operand, Modifiers.Edge edge, String name) {
        int end = lexer.end();
        if (Parser.isBroken(operand)) {
            return operand;
        }
        String fault;
        if (!options.extendedRangeSelectors()) {
            fault = name + " modifier is experimental and not enabled";
        } else if (operand instanceof Expr.Subquery) {
            fault = name + " modifier is not supported for subqueries";
        } else if (operand instanceof Expr.Selection selection) {
            Modifiers.Edge before = selection.modifiers().edge();
            if (before == Modifiers.Edge.NONE || before == edge) {
                return selection.withModifiers(selection.modifiers().withEdge(edge));
            }
            fault = "anchored and smoothed modifiers cannot be used together";
        } else {
            fault = name + " modifier not implemented";
        }
        fault(fault, operand.range(), null);
        return broken(operand, end);
    }
}
