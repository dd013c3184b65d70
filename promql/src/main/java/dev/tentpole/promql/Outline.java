package dev.tentpole.promql;

import java.util.Arrays;
import java.util.List;

/**
 * The nodes of a tree in a row, each before its parts, so that passes over a tree of any depth are loops: upwards in the
 * row for parents first, downwards for parts first.
 */
final class Outline {

    private final Expr[] nodes;
    private final int[] parents;
    private final int[] ends;

    private Outline(Expr[] nodes, int[] parents, int[] ends) {
        this.nodes = nodes;
        this.parents = parents;
        this.ends = ends;
    }

    static Outline of(Expr root) {
        Expr[] nodes = new Expr[16];
        int size = 0;
        Expr[] open = new Expr[16];
        int[] openParents = new int[16];
        int[] parents = new int[16];
        open[0] = root;
        openParents[0] = -1;
        int top = 1;
        while (top > 0) {
            Expr node = open[--top];
            int index = size++;
            if (index == parents.length) {
                parents = Arrays.copyOf(parents, index * 2);
                nodes = Arrays.copyOf(nodes, index * 2);
            }
            parents[index] = openParents[top];
            nodes[index] = node;
            List<Expr> parts = node.children();
            if (top + parts.size() > open.length) {
                int length = Math.max(open.length * 2, top + parts.size());
                open = Arrays.copyOf(open, length);
                openParents = Arrays.copyOf(openParents, length);
            }
            for (int i = parts.size() - 1; i >= 0; i--) {
                openParents[top] = index;
                open[top++] = parts.get(i);
            }
        }
        int[] ends = new int[size];
        for (int i = size - 1; i >= 0; i--) {
            ends[i] = Math.max(ends[i], i + 1);
            if (i > 0) {
                ends[parents[i]] = Math.max(ends[parents[i]], ends[i]);
            }
        }
        return new Outline(Arrays.copyOf(nodes, size), parents, ends);
    }

    int size() {
        return nodes.length;
    }

    Expr node(int index) {
        return nodes[index];
    }

    /** {@return the index of the node that this one is a part of; -1 for the root} */
    int parent(int index) {
        return parents[index];
    }

    /** {@return the index behind the last node below this one} */
    int end(int index) {
        return ends[index];
    }

    /** {@return the index of a part, counted as {@link Expr#children} does} */
    int child(int index, int number) {
        int child = index + 1;
        for (int i = 0; i < number; i++) {
            child = ends[child];
        }
        return child;
    }

    /** {@return which part of its parent a node is} */
    int number(int index) {
        int number = 0;
        for (int sibling = parents[index] + 1; sibling != index; sibling = ends[sibling]) {
            number++;
        }
        return number;
    }

    /** {@return the index of the operand of an aggregation, behind its parameter if there is one} */
    int operand(int index) {
        return child(index, nodes[index].children().size() - 1);
    }

    /** {@return the index of what is inside of parens, and the index itself of everything else} */
    int inside(int index) {
        int inner = index;
        while (nodes[inner] instanceof Expr.Paren) {
            inner++;
        }
        return inner;
    }

    /** {@return the index of the nearest node above that is no paren; -1 above the root} */
    int above(int index) {
        int outer = parents[index];
        while (outer >= 0 && nodes[outer] instanceof Expr.Paren) {
            outer = parents[outer];
        }
        return outer;
    }

    /**
     * {@return whether a node is a function that looks at what its argument is, and not only at the argument's series}
     *
     * @param index the node, or -1 for none
     */
    boolean looksAtArgument(int index) {
        return index >= 0
                && nodes[index] instanceof Expr.Call call
                && switch (call.function().name()) {
                    case "timestamp", "start_timestamp", "absent", "absent_over_time", "info" -> true;
                    default -> false;
                };
    }
}
