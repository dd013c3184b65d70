package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of a tree that have the wrong type or stand in the wrong place, in the order of Prometheus.
 *
 * <p>Types go up from the leaves. A null type is that of a template variable, which fits everywhere.
 */
final class TypeChecker {

    /** The types by their {@link ValueType#code code}. */
    private static final @Nullable ValueType[] VALUES = {
        null, ValueType.SCALAR, ValueType.STRING, ValueType.INSTANT_VECTOR, ValueType.RANGE_VECTOR
    };

    private static final int TYPES = VALUES.length;

    private final Source source;
    private final @Nullable IdentityHashMap<Expr.Binary, VectorMatching> misplacedMatching;
    private final boolean templates;

    private Expr[] open = new Expr[8];
    /** How many parts of the node were visited, times {@link #TYPES}, plus the {@link #type type} that came from them. */
    private int[] states = new int[8];

    private int depth;

    /**
     * Makes a checker.
     *
     * @param source takes the problems
     * @param misplacedMatching what was written at operators whose operands are not vectors, and left out of the tree
     * @param templates whether values may have template variables in them
     */
    TypeChecker(
            Source source,
            @Nullable IdentityHashMap<Expr.Binary, VectorMatching> misplacedMatching,
            boolean templates) {
        this.source = source;
        this.templates = templates;
        this.misplacedMatching = misplacedMatching;
    }

    void check(Expr root) {
        push(root);
        while (depth > 0) {
            Expr node = open[depth - 1];
            int index = visited(1);
            if (index == 0) {
                enter(node);
            }
            Expr next = part(node, index);
            if (next != null) {
                states[depth - 1] += TYPES;
                push(next);
                continue;
            }
            ValueType type = leave(node);
            depth--;
            if (depth > 0) {
                received(open[depth - 1], visited(1) - 1, node, type);
            }
        }
    }

    /** {@return how many parts were visited of the node that is so many below the top of the stack, from 1} */
    private int visited(int below) {
        return states[depth - below] / TYPES;
    }

    /** {@return the type that a part of the current node has: of the left operand, while the right one is visited} */
    private @Nullable ValueType type() {
        return VALUES[states[depth - 1] % TYPES];
    }

    private void setType(@Nullable ValueType type) {
        int code = type == null ? 0 : type.code();
        states[depth - 1] += code - states[depth - 1] % TYPES;
    }

    private void push(Expr node) {
        if (depth == open.length) {
            open = Arrays.copyOf(open, depth * 2);
            states = Arrays.copyOf(states, depth * 2);
        }
        open[depth] = node;
        states[depth] = 0;
        depth++;
    }

    /** {@return the part that is checked next, or null; the operand of an aggregation comes before its parameter} */
    private static @Nullable Expr part(Expr node, int index) {
        if (node instanceof Expr.Binary binary) {
            return index == 0 ? binary.left() : index == 1 ? binary.right() : null;
        }
        if (node instanceof Expr.Call call) {
            return index < Math.min(call.arguments().size(), call.function().maxArguments())
                    ? call.arguments().get(index)
                    : null;
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return index == 0
                    ? aggregation.operand()
                    : index == 1 ? aggregation.parameter().orElse(null) : null;
        }
        if (node instanceof Expr.TemplateCall call) {
            return index < call.arguments().size() ? call.arguments().get(index) : null;
        }
        if (index > 0) {
            return null;
        }
        if (node instanceof Expr.Paren paren) {
            return paren.inner();
        }
        if (node instanceof Expr.Unary unary) {
            return unary.operand();
        }
        if (node instanceof Expr.MatrixSelector matrix) {
            return matrix.selector();
        }
        return node instanceof Expr.Subquery subquery ? subquery.operand() : null;
    }

    private void enter(Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            selector(selector);
        } else if (node instanceof Expr.Call call) {
            arity(call);
        }
    }

    private void selector(Expr.VectorSelector selector) {
        if (!selector.name().isEmpty()) {
            List<Matcher> matchers = selector.matchers();
            for (int i = 0; i < matchers.size(); i++) {
                Matcher matcher = matchers.get(i);
                if (matcher.name().equals(Matcher.METRIC_NAME) && !matcher.templated()) {
                    source.type(
                            "metric name must not be set twice: " + Hints.quote(selector.name()) + " or "
                                    + Hints.quote(matcher.value()),
                            selector.range(),
                            null);
                }
            }
            return;
        }
        if (isInfoSelector()) {
            return;
        }
        for (Matcher matcher : selector.matchers()) {
            if (!matcher.matchesEmpty() || (templates && Templates.occursIn(matcher.value()))) {
                return;
            }
        }
        source.type(
                "vector selector must contain at least one non-empty matcher", selector.range(), Hints.EMPTY_SELECTOR);
    }

    /** {@return whether the selector that is being entered is the second argument of {@code info}, which may be empty} */
    private boolean isInfoSelector() {
        return depth > 1
                && open[depth - 2] instanceof Expr.Call call
                && call.function().name().equals("info")
                && visited(2) == 2;
    }

    private void arity(Expr.Call call) {
        FunctionSignature function = call.function();
        int count = call.arguments().size();
        String name = Hints.quote(function.name());
        String fault = null;
        if (function.minArguments() == function.maxArguments()) {
            if (count != function.minArguments()) {
                fault = "expected " + function.minArguments() + " argument(s) in call to " + name + ", got " + count;
            }
        } else if (count < function.minArguments()) {
            fault = "expected at least " + function.minArguments() + " argument(s) in call to " + name + ", got "
                    + count;
        } else if (count > function.maxArguments()) {
            fault = "expected at most " + function.maxArguments() + " argument(s) in call to " + name + ", got "
                    + count;
        }
        if (fault != null) {
            source.type(fault, call.range(), Hints.signature(function));
        }
        if (function.name().equals("info") && count > 1) {
            infoSelector(call, call.arguments().get(1));
        }
    }

    private void infoSelector(Expr.Call call, Expr argument) {
        if (argument instanceof Expr.VectorSelector selector) {
            if (!selector.name().isEmpty()) {
                source.type(
                        "expected label selectors only, got vector selector instead",
                        argument.range(),
                        Hints.INFO_SELECTOR);
            }
        } else if (!(argument instanceof Expr.Placeholder)) {
            ValueType type = argument.type();
            if (type == ValueType.INSTANT_VECTOR) {
                source.type("expected label selectors only", argument.range(), Hints.INFO_SELECTOR);
            } else {
                source.type(wrongArgument(call, ValueType.INSTANT_VECTOR, type), call.range(), Hints.INFO_SELECTOR);
            }
        }
    }

    private static String wrongArgument(Expr.Call call, ValueType wanted, ValueType got) {
        return "expected type " + wanted.documentedName() + " in call to function "
                + Hints.quote(call.function().name()) + ", got " + got.documentedName();
    }

    /** Takes the type of a part that has been checked. */
    private void received(Expr node, int index, Expr part, @Nullable ValueType type) {
        if (node instanceof Expr.Binary && index == 0) {
            setType(type);
        } else if (node instanceof Expr.Call call) {
            ValueType wanted = call.function().argumentType(index);
            boolean reported = index == 1 && call.function().name().equals("info");
            if (type != null && type != wanted && !reported) {
                source.type(wrongArgument(call, wanted, type), part.range(), Hints.conversion(part, type, wanted));
            }
        } else if (node instanceof Expr.Aggregation aggregation) {
            ValueType wanted = index == 0
                    ? ValueType.INSTANT_VECTOR
                    : aggregation.op().parameterType().orElse(ValueType.SCALAR);
            if (type != null && type != wanted) {
                String where = index == 0 ? "aggregation expression" : "aggregation parameter";
                source.type(
                        "expected type " + wanted.documentedName() + " in " + where + ", got " + type.documentedName(),
                        part.range(),
                        Hints.conversion(part, type, wanted));
            }
        } else {
            // A type that only passes through, or that the right operand of an operator has.
            setType(node instanceof Expr.Binary binary ? binary(binary, type) : type);
        }
    }

    private @Nullable ValueType leave(Expr node) {
        if (node instanceof Expr.Binary || node instanceof Expr.Paren) {
            return type();
        }
        if (node instanceof Expr.Unary unary) {
            ValueType type = type();
            if (type == ValueType.RANGE_VECTOR || type == ValueType.STRING) {
                source.type(
                        "unary expression only allowed on expressions of type scalar or instant vector, got "
                                + Hints.quote(type.documentedName()),
                        unary.range(),
                        Hints.conversion(unary.operand(), type, ValueType.INSTANT_VECTOR));
            }
            return type;
        }
        if (node instanceof Expr.Subquery subquery) {
            ValueType type = type();
            if (type != null && type != ValueType.INSTANT_VECTOR) {
                source.type(
                        "subquery is only allowed on instant vector, got " + type.wireName() + " instead",
                        subquery.range(),
                        Hints.conversion(subquery.operand(), type, ValueType.INSTANT_VECTOR));
            }
            return ValueType.RANGE_VECTOR;
        }
        return node instanceof Expr.Placeholder || node instanceof Expr.TemplateCall ? null : node.type();
    }

    /** {@return the type of an operator's result, whose operands have been checked} */
    private @Nullable ValueType binary(Expr.Binary node, @Nullable ValueType right) {
        ValueType left = type();
        VectorMatching matching = node.matching();
        if (misplacedMatching != null && misplacedMatching.containsKey(node)) {
            matching = misplacedMatching.get(node);
        }
        boolean scalars = left == ValueType.SCALAR && right == ValueType.SCALAR;
        if (node.bool() && !node.op().isComparison()) {
            source.type("bool modifier can only be used on comparison operators", operatorRange(node), null);
        }
        if (node.op().isComparison() && !node.bool() && scalars) {
            source.type("comparisons between scalars must use BOOL modifier", operatorRange(node), Hints.bool(node));
        }
        if (matching.on() && !matching.include().isEmpty()) {
            Set<String> included = new HashSet<>(matching.include());
            for (String label : matching.labels()) {
                if (included.contains(label)) {
                    source.type(
                            "label " + Hints.quote(label) + " must not occur in ON and GROUP clause at once",
                            operatorRange(node),
                            Hints.GROUPED_LABEL);
                }
            }
        }
        operand(node.left(), left);
        operand(node.right(), right);
        boolean known = left != null && right != null;
        boolean vectors = left == ValueType.INSTANT_VECTOR && right == ValueType.INSTANT_VECTOR;
        boolean filled = matching.fillLeft().isPresent() || matching.fillRight().isPresent();
        if (known && !vectors) {
            if (!matching.labels().isEmpty()) {
                source.type("vector matching only allowed between instant vectors", node.range(), null);
            }
            if (filled) {
                source.type("filling in missing series only allowed between instant vectors", node.range(), null);
            }
        } else if (node.op().isSetOperator()) {
            if (matching.group() != VectorMatching.Group.NONE) {
                source.type(
                        "no grouping allowed for " + Hints.quote(node.op().symbol()) + " operation",
                        node.range(),
                        Hints.SET_GROUPING);
            }
            if (filled) {
                source.type("filling in missing series not allowed for set operators", node.range(), null);
            }
        }
        if (node.op().isSetOperator() && (left == ValueType.SCALAR || right == ValueType.SCALAR)) {
            source.type(
                    "set operator " + Hints.quote(node.op().symbol()) + " not allowed in binary scalar expression",
                    node.range(),
                    Hints.SCALAR_SET);
        }
        if (scalars) {
            return ValueType.SCALAR;
        }
        return known || left == ValueType.INSTANT_VECTOR || right == ValueType.INSTANT_VECTOR
                ? ValueType.INSTANT_VECTOR
                : null;
    }

    private void operand(Expr operand, @Nullable ValueType type) {
        if (type == ValueType.RANGE_VECTOR || type == ValueType.STRING) {
            source.type(
                    "binary expression must contain only scalar and instant vector types",
                    operand.range(),
                    Hints.conversion(operand, type, ValueType.INSTANT_VECTOR));
        }
    }

    /** {@return where the operator stands, with all that belongs to it} */
    private SourceRange operatorRange(Expr.Binary node) {
        String text = source.text();
        int start = node.left().range().end();
        int end = node.right().range().start();
        while (start < end && Ascii.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && Ascii.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return source.range(start, end);
    }

    /** {@return the arguments, where template variables have the types that the function wants} */
    static List<Expr> typedArguments(FunctionSignature function, List<Expr> arguments) {
        List<Expr> typed = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            Expr argument = arguments.get(i);
            typed.add(i < function.maxArguments() ? typed(argument, function.argumentType(i)) : argument);
        }
        return List.copyOf(typed);
    }

    /** {@return the expression; if it is a template variable, one of this type} */
    static Expr typed(Expr expr, ValueType type) {
        return expr instanceof Expr.Placeholder placeholder
                ? new Expr.Placeholder(placeholder.text(), type, placeholder.range())
                : expr;
    }
}
