package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes calls and aggregations of the arguments that the parser has read. */
final class Calls {

    private final Source source;
    private final String text;
    private final Lexer lexer;
    private final Clauses clauses;
    private final ParseOptions options;

    Calls(Source source, Lexer lexer, Clauses clauses, ParseOptions options) {
        this.source = source;
        this.text = source.text();
        this.lexer = lexer;
        this.clauses = clauses;
        this.options = options;
    }

    /** Reads a clause that stands before the arguments, to its end. */
    Grouping groupingBefore() {
        Grouping grouping = grouping();
        if (clauses.closes()) {
            lexer.advance();
        }
        return grouping;
    }

    /** Reads a clause up to its right paren, which is left to the caller. */
    private Grouping grouping() {
        boolean without = lexer.kind() == Token.WITHOUT;
        lexer.advance();
        List<String> labels = clauses.labels();
        return new Grouping(without, labels, clauses.templated());
    }

    /**
     * {@return the arguments of a call with a problem between its parens, as many of them as the function takes where the
     * problem may be why there are more or fewer}
     *
     * @param miscounted whether there is a comma too much
     */
    List<Expr> fitting(FunctionSignature function, List<Expr> arguments, int start, boolean miscounted) {
        int count = arguments.size();
        Expr any = Parser.broken(source.range(start, lexer.end()));
        if (count > function.maxArguments()) {
            return miscounted || count == 1 ? Collections.nCopies(function.maxArguments(), any) : arguments;
        }
        List<Expr> fitting = new ArrayList<>(arguments);
        while (fitting.size() < function.minArguments()) {
            fitting.add(any);
        }
        return fitting;
    }

    /** {@return the call that ends at the current right paren, which is left to the caller} */
    Expr call(@Nullable FunctionSignature function, List<Expr> arguments, int start) {
        if (function == null || !options.level().includes(function.since())) {
            if (!source.isFull()) {
                int nameEnd = nameEnd(start);
                String name = text.substring(start, nameEnd);
                String message = "unknown function with name " + Hints.quote(name);
                source.syntax(message, start, nameEnd, Hints.function(name, options));
            }
            return Parser.broken(source.range(start, lexer.end()));
        }
        if (function.experimental() && !options.experimentalFunctions()) {
            source.syntax(
                    "function " + Hints.quote(function.name()) + " is not enabled",
                    start,
                    nameEnd(start),
                    Hints.EXPERIMENTAL_FUNCTIONS);
        }
        List<Expr> typed = options.templates() ? TypeChecker.typedArguments(function, arguments) : arguments;
        return new Expr.Call(function, typed, source.range(start, lexer.end()));
    }

    private int nameEnd(int start) {
        int end = start;
        while (Ascii.isAlphaNumeric(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Reads a clause behind the arguments, if there is none before them, and makes the aggregation. */
    Expr aggregation(@Nullable Object head, @Nullable Object before, List<Expr> arguments, int start, boolean flawed) {
        if (before instanceof Grouping grouping) {
            Expr aggregation = aggregation(head, grouping, arguments, start, lexer.end(), flawed);
            lexer.advance();
            return aggregation;
        }
        int end = lexer.end();
        lexer.advance();
        if (lexer.kind() != Token.BY && lexer.kind() != Token.WITHOUT) {
            return aggregation(head, Grouping.NONE, arguments, start, end, flawed);
        }
        Grouping grouping = grouping();
        boolean closed = clauses.closes();
        Expr aggregation = aggregation(head, grouping, arguments, start, closed ? lexer.end() : lexer.start(), flawed);
        if (closed) {
            lexer.advance();
        }
        return aggregation;
    }

    private Expr aggregation(
            @Nullable Object head, Grouping grouping, List<Expr> arguments, int start, int end, boolean flawed) {
        if (head instanceof String name) {
            return new Expr.TemplateCall(name, grouping, arguments, source.range(start, end));
        }
        AggregateOp op = (AggregateOp) Objects.requireNonNull(head);
        int wanted = op.hasParameter() ? 2 : 1;
        String fault = null;
        if (arguments.isEmpty()) {
            fault = "no arguments for aggregate expression provided";
        } else if (op.experimental() && !options.experimentalFunctions()) {
            fault = op.symbol() + "() is experimental and must be enabled with"
                    + " --enable-feature=promql-experimental-functions";
        } else if (arguments.size() != wanted) {
            fault = "wrong number of arguments for aggregate expression provided, expected " + wanted + ", got "
                    + arguments.size();
        }
        if (fault != null) {
            if (!flawed) {
                source.syntax(fault, start, end, Hints.aggregation(op, arguments));
            }
            return Parser.broken(source.range(start, end));
        }
        Expr operand = arguments.get(wanted - 1);
        Optional<Expr> parameter = op.hasParameter() ? Optional.of(arguments.get(0)) : Optional.empty();
        if (options.templates() && op.hasParameter()) {
            ValueType type = op.parameterType().orElse(ValueType.SCALAR);
            parameter = parameter.map(expr -> TypeChecker.typed(expr, type));
        }
        return new Expr.Aggregation(op, grouping, parameter, operand, source.range(start, end));
    }
}
