package dev.tentpole.promql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The form of trees on several lines: an expression whose one-line form is too long is split into its parts, each on
 * lines of its own, indented by two spaces a level.
 *
 * <p>The layout is that of Prometheus, whose printer forgets to indent a short subquery on a line of its own.
 */
final class PrettyPrinter {

    /** Once there is so much of it, indentation stops growing at a level, so that a deep tree does not fill the memory. */
    private static final long MAX_INDENTATION = 8_000_000;

    private static final int MAX_LEVEL = 50;

    private static final String INDENT = "  ";

    private final int width;
    private final Printer.Spans spans;
    private final int[] byteOffsets;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Object> open = new ArrayDeque<>();
    private int index;
    private long indentation;

    private PrettyPrinter(Expr root, int width) {
        this.width = width;
        this.spans = Printer.measure(root);
        this.byteOffsets = Utf8.byteOffsets(spans.text());
    }

    static String print(Expr root, int width) {
        PrettyPrinter printer = new PrettyPrinter(root, width);
        printer.run(root);
        return printer.out.toString();
    }

    /** An expression to print at a level; its first line is indented already or follows other text. */
    private record Part(Expr expr, int level, boolean indent) {}

    private void run(Expr root) {
        open.push(new Part(root, 0, true));
        while (!open.isEmpty()) {
            Object next = open.pop();
            if (next instanceof Part part) {
                part(part);
            } else {
                out.append(next);
            }
        }
    }

    private void part(Part part) {
        int start = spans.start(index);
        int end = spans.end(index);
        Expr expr = part.expr();
        int level = part.level();
        boolean fits = byteOffsets.length == 0 ? end - start <= width : byteOffsets[end] - byteOffsets[start] <= width;
        if (fits || isLeaf(expr)) {
            if (part.indent()) {
                out.append(indent(level));
            }
            out.append(spans.text(), start, end);
            skip(end);
            return;
        }
        index++;
        if (expr instanceof Expr.Binary binary) {
            StringBuilder operator = new StringBuilder("\n").append(indent(level));
            Printer.operator(operator, binary);
            open.push(new Part(binary.right(), level + 1, true));
            open.push(operator.append('\n'));
            open.push(new Part(binary.left(), level + 1, part.indent()));
        } else if (expr instanceof Expr.Unary unary) {
            out.append(part.indent() ? indent(level) : "").append(unary.negative() ? '-' : '+');
            open.push(new Part(unary.operand(), level, false));
        } else if (expr instanceof Expr.Subquery subquery) {
            open.push(spans.text().substring(spans.end(index), end));
            open.push(new Part(subquery.operand(), level, part.indent()));
        } else {
            out.append(part.indent() ? indent(level) : "").append(head(expr)).append("(\n");
            open.push("\n" + indent(level) + ")");
            List<Expr> parts = expr.children();
            for (int i = parts.size() - 1; i >= 0; i--) {
                open.push(new Part(parts.get(i), level + 1, true));
                if (i > 0) {
                    open.push(",\n");
                }
            }
        }
    }

    private static boolean isLeaf(Expr expr) {
        return expr.children().isEmpty() || expr instanceof Expr.MatrixSelector;
    }

    private static String head(Expr expr) {
        StringBuilder head = new StringBuilder();
        if (expr instanceof Expr.Call call) {
            head.append(call.function().name());
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Printer.aggregationHead(head, aggregation.op().symbol(), aggregation.grouping());
        } else if (expr instanceof Expr.TemplateCall call) {
            Printer.aggregationHead(head, call.name(), call.grouping());
        }
        return head.toString();
    }

    /** Passes over an expression that was printed as a whole, and all that is in it. */
    private void skip(int end) {
        index++;
        while (index < spans.count() && spans.start(index) < end) {
            index++;
        }
    }

    private String indent(int level) {
        int bounded = indentation > MAX_INDENTATION ? Math.min(level, MAX_LEVEL) : level;
        indentation += (long) bounded * INDENT.length();
        return INDENT.repeat(bounded);
    }
}
