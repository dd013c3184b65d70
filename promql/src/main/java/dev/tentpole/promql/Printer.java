package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one-line form of trees, as Prometheus prints it, except where that is read back as something else.
 *
 * <p>What is still to be printed lies on a stack: expressions, durations and texts.
 */
final class Printer {

    private final StringBuilder out = new StringBuilder();
    private final Deque<Object> open = new ArrayDeque<>();
    private final @Nullable Spans spans;
    /** Selections whose offsets end with the next operator. */
    private final Set<Expr> closed = Collections.newSetFromMap(new IdentityHashMap<>(0));

    private Printer(@Nullable Spans spans) {
        this.spans = spans;
    }

    static String print(Object node) {
        Printer printer = new Printer(null);
        printer.run(node);
        return printer.out.toString();
    }

    /** Prints a tree and notes where each of its expressions begins and ends, in the order of {@link Expr#forEach}. */
    static Spans measure(Expr root) {
        Spans spans = new Spans();
        Printer printer = new Printer(spans);
        printer.run(root);
        spans.text = printer.out.toString();
        return spans;
    }

    /** A printed tree and the places of its expressions in the text. */
    static final class Spans {
        private String text = "";
        private int[] starts = new int[16];
        private int[] ends = new int[16];
        private int count;

        String text() {
            return text;
        }

        int count() {
            return count;
        }

        int start(int index) {
            return starts[index];
        }

        int end(int index) {
            return ends[index];
        }

        private int begin(int at) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
                ends = Arrays.copyOf(ends, count * 2);
            }
            starts[count] = at;
            return count++;
        }
    }

    /** Marks on the stack that an expression is complete. */
    private record End(int index) {}

    /** A selector that is followed by brackets, so that it is read as one. */
    private record Bracketed(Expr.VectorSelector selector) {}

    /** A number whose plus sign would be read as a sign of more than the number. */
    private record Unsigned(Expr.NumberLiteral number) {}

    private void run(Object root) {
        open.push(root);
        while (!open.isEmpty()) {
            Object next = open.pop();
            if (next instanceof String text) {
                out.append(text);
            } else if (next instanceof Expr expr) {
                begin();
                expr(expr);
            } else if (next instanceof DurationExpr duration) {
                duration(duration);
            } else if (next instanceof Unsigned unsigned) {
                begin();
                out.append(unsignedText(unsigned.number()));
            } else if (next instanceof Bracketed bracketed) {
                begin();
                selector(out, bracketed.selector());
                modifiers(bracketed.selector(), false);
            } else if (next instanceof End end && spans != null) {
                spans.ends[end.index()] = out.length();
            }
        }
    }

    private void begin() {
        if (spans != null) {
            open.push(new End(spans.begin(out.length())));
        }
    }

    private void expr(Expr expr) {
        if (expr instanceof Expr.VectorSelector selector) {
            selector(out, selector);
            if (selector.matchers().isEmpty()
                    && selector.modifiers().isNone()
                    && Templates.end(selector.name(), 0) == selector.name().length()) {
                // Alone, a variable stands for an expression of any kind.
                out.append("{}");
            }
            modifiers(selector, false);
        } else if (expr instanceof Expr.NumberLiteral number) {
            number(out, number);
        } else if (expr instanceof Expr.Call call) {
            out.append(call.function().name()).append('(');
            arguments(call.arguments());
        } else if (expr instanceof Expr.Aggregation aggregation) {
            aggregationHead(out, aggregation.op().symbol(), aggregation.grouping());
            out.append('(');
            arguments(aggregation.children());
        } else if (expr instanceof Expr.MatrixSelector selector) {
            modifiers(selector, true);
            brackets(selector.window(), Optional.empty(), false);
            open.push(new Bracketed(selector.selector()));
        } else if (expr instanceof Expr.Binary binary) {
            Expr.Selection last = binary.op().isDurationOperator() ? Trees.toClose(binary.left()) : null;
            if (last != null) {
                closed.add(last);
            }
            StringBuilder operator = new StringBuilder(" ");
            operator(operator, binary);
            open.push(binary.right());
            open.push(operator.append(' ').toString());
            open.push(tight(binary.left(), binary.op() == BinaryOp.POW));
        } else if (expr instanceof Expr.Paren paren) {
            out.append('(');
            open.push(")");
            open.push(paren.inner());
        } else if (expr instanceof Expr.Unary unary) {
            out.append(unary.negative() ? '-' : '+');
            open.push(unary.operand());
        } else if (expr instanceof Expr.StringLiteral string) {
            Literals.quote(out, string.value());
        } else if (expr instanceof Expr.Subquery subquery) {
            modifiers(subquery, false);
            brackets(subquery.window(), subquery.step(), true);
            open.push(
                    subquery.operand() instanceof Expr.VectorSelector selector
                            ? new Bracketed(selector)
                            : tight(subquery.operand(), true));
        } else if (expr instanceof Expr.Placeholder placeholder) {
            out.append(placeholder.text());
        } else if (expr instanceof Expr.TemplateCall call) {
            aggregationHead(out, call.name(), call.grouping());
            out.append('(');
            arguments(call.arguments());
        }
    }

    private static Object tight(Expr operand, boolean bindsTight) {
        return bindsTight && operand instanceof Expr.NumberLiteral number ? new Unsigned(number) : operand;
    }

    static String unsignedText(Expr.NumberLiteral literal) {
        StringBuilder text = new StringBuilder();
        number(text, literal);
        return text.charAt(0) == '+' ? text.substring(1) : text.toString();
    }

    private static void number(StringBuilder out, Expr.NumberLiteral number) {
        if (number.duration()) {
            Durations.append(out, number.value());
        } else {
            Literals.number(out, number.value());
        }
    }

    private void arguments(List<Expr> arguments) {
        open.push(")");
        for (int i = arguments.size() - 1; i >= 0; i--) {
            open.push(arguments.get(i));
            if (i > 0) {
                open.push(", ");
            }
        }
    }

    static void selector(StringBuilder out, Expr.VectorSelector selector) {
        out.append(selector.name());
        List<Matcher> matchers = selector.matchers();
        if (matchers.isEmpty()) {
            out.append(selector.name().isEmpty() ? "{}" : "");
            return;
        }
        out.append('{');
        if (matchers.size() == 1) {
            out.append(matchers.get(0));
        } else {
            List<String> texts = new ArrayList<>(matchers.size());
            for (Matcher matcher : matchers) {
                texts.add(matcher.toString());
            }
            Collections.sort(texts, Literals::compareBytes);
            out.append(String.join(",", texts));
        }
        out.append('}');
    }

    static void aggregationHead(StringBuilder out, String name, Grouping grouping) {
        out.append(name);
        if (!grouping.isNone()) {
            out.append(grouping.without() ? " without " : " by ");
            labels(out, grouping.labels(), grouping.templated());
            out.append(' ');
        }
    }

    private static void labels(StringBuilder out, List<String> labels, boolean templated) {
        out.append('(');
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            out.append(i > 0 ? ", " : "");
            if (Words.isBareGroupingLabel(label) || (templated && Templates.isTemplated(label, true))) {
                out.append(label);
            } else {
                Literals.quote(out, label);
            }
        }
        out.append(')');
    }

    /** Appends the operator with all that belongs to it, without spaces around. */
    static void operator(StringBuilder out, Expr.Binary binary) {
        out.append(binary.op().symbol());
        if (binary.bool()) {
            out.append(" bool");
        }
        VectorMatching matching = binary.matching();
        if (matching.isNone()) {
            return;
        }
        boolean grouped = matching.group() != VectorMatching.Group.NONE;
        if (matching.on() || grouped || !matching.labels().isEmpty()) {
            out.append(matching.on() ? " on " : " ignoring ");
            labels(out, matching.labels(), matching.templated());
        }
        if (grouped) {
            out.append(matching.group() == VectorMatching.Group.LEFT ? " group_left " : " group_right ");
            labels(out, matching.include(), matching.templated());
        }
        Optional<Double> left = matching.fillLeft();
        Optional<Double> right = matching.fillRight();
        if (left.isPresent() && left.equals(right) && !left.get().isNaN()) {
            fill(out, " fill (", left);
        } else {
            fill(out, " fill_left (", left);
            fill(out, " fill_right (", right);
        }
    }

    private static void fill(StringBuilder out, String keyword, Optional<Double> value) {
        if (value.isPresent()) {
            Literals.numberOrExponent(out.append(keyword), value.get());
            out.append(')');
        }
    }

    private void brackets(DurationExpr window, Optional<DurationExpr> step, boolean colon) {
        open.push("]");
        step.ifPresent(open::push);
        if (colon) {
            open.push(":");
        }
        open.push(window);
        open.push("[");
    }

    private void modifiers(Expr.Selection selection, boolean edgeFirst) {
        Modifiers modifiers = selection.modifiers();
        if (modifiers.isNone()) {
            return;
        }
        if (modifiers.offset().isPresent()) {
            DurationExpr offset = modifiers.offset().get();
            open.push(offset);
            String sign = needsPrefix(offset) ? "++" : closed.contains(selection) ? "+" : "";
            open.push(" offset " + sign);
        }
        String edge = modifiers.edge() == Modifiers.Edge.NONE
                ? ""
                : " " + Ascii.toLowerCase(modifiers.edge().name());
        String at = at(modifiers.at());
        open.push(edgeFirst ? edge + at : at + edge);
    }

    private static String at(Optional<Modifiers.At> at) {
        if (at.isEmpty()) {
            return "";
        }
        if (at.get() instanceof Modifiers.At.Time time) {
            return " @ " + Durations.seconds(time.millis());
        }
        if (at.get() instanceof Modifiers.At.Placeholder placeholder) {
            return " @ " + placeholder.text();
        }
        return at.get() == Modifiers.At.Bound.START ? " @ start()" : " @ end()";
    }

    /**
     * {@return whether an offset would end behind its first literal: {@code offset 5m * 2} has an offset of 5 minutes, and
     * {@code offset ++5m * 2} one of 10}
     */
    private static boolean needsPrefix(DurationExpr offset) {
        if (offset instanceof DurationExpr.Negation negation) {
            return negation.operand() instanceof DurationExpr.Arithmetic;
        }
        DurationExpr first = offset;
        while (first instanceof DurationExpr.Arithmetic arithmetic) {
            first = arithmetic.left();
        }
        boolean twoSigns =
                first instanceof DurationExpr.Negation negation && negation.operand() instanceof DurationExpr.Negation;
        return offset instanceof DurationExpr.Arithmetic && !(first instanceof DurationExpr.Paren) && !twoSigns;
    }

    private void duration(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            if (literal.unit()) {
                Durations.append(out, literal.value());
            } else {
                Literals.number(out, literal.value());
            }
        } else if (duration instanceof DurationExpr.Arithmetic arithmetic) {
            open.push(arithmetic.right());
            open.push(" " + arithmetic.op().symbol() + " ");
            open.push(arithmetic.left());
        } else if (duration instanceof DurationExpr.Negation negation) {
            out.append('-');
            open.push(negation.operand());
        } else if (duration instanceof DurationExpr.Paren paren) {
            out.append('(');
            open.push(")");
            open.push(paren.inner());
        } else if (duration instanceof DurationExpr.Query query) {
            out.append(query.of() == DurationExpr.Query.Length.STEP ? "step()" : "range()");
        } else if (duration instanceof DurationExpr.Choice choice) {
            out.append(choice.longer() ? "max_of(" : "min_of(");
            open.push(")");
            open.push(choice.second());
            open.push(", ");
            open.push(choice.first());
        } else if (duration instanceof DurationExpr.Placeholder placeholder) {
            out.append(placeholder.text());
        }
    }
}
