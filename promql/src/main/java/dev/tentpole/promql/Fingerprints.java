package dev.tentpole.promql;

/** A number for each node of a tree that is the same for nodes that are equal, and else almost certainly another one. */
final class Fingerprints {

    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private Fingerprints() {}

    static long[] of(Outline outline) {
        long[] hashes = new long[outline.size()];
        for (int i = outline.size() - 1; i >= 0; i--) {
            if (outline.node(i) instanceof Expr.Paren) {
                // Parens do not change what is evaluated.
                hashes[i] = hashes[i + 1];
                continue;
            }
            long hash = own(outline.node(i));
            for (int child = i + 1; child < outline.end(i); child = outline.end(child)) {
                hash = mix(hash, hashes[child]);
            }
            hashes[i] = hash;
        }
        return hashes;
    }

    /** {@return whether two nodes are the same with all that is below them, but for parens} */
    static boolean same(Outline outline, int left, int right) {
        return same(outline, left, outline, right);
    }

    /** {@return whether nodes of two trees are the same with all that is below them, but for parens} */
    static boolean same(Outline leftTree, int left, Outline rightTree, int right) {
        int a = left;
        int b = right;
        while (a < leftTree.end(left) && b < rightTree.end(right)) {
            a = leftTree.inside(a);
            b = rightTree.inside(b);
            Expr one = leftTree.node(a++);
            Expr other = rightTree.node(b++);
            if (!Trees.alike(one, other)
                    || one.children().size() != other.children().size()) {
                return false;
            }
        }
        return a == leftTree.end(left) && b == rightTree.end(right);
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * PRIME;
        return (mixed ^ (mixed >>> 29)) * 31 + value;
    }

    private static long mix(long hash, Object value) {
        return mix(hash, (long) value.hashCode());
    }

    private static long own(Expr node) {
        if (node instanceof Expr.VectorSelector selector) {
            long hash = mix(mix(1, selector.name()), selector.modifiers());
            for (Matcher matcher : selector.matchers()) {
                // The order of matchers does not count.
                hash += mix(
                        mix(mix(7, matcher.name()), matcher.value()),
                        matcher.op().symbol());
            }
            return hash;
        }
        if (node instanceof Expr.MatrixSelector matrix) {
            return mix(mix(2, matrix.window()), matrix.modifiers());
        }
        if (node instanceof Expr.Subquery subquery) {
            return mix(mix(mix(3, subquery.window()), subquery.step()), subquery.modifiers());
        }
        if (node instanceof Expr.Call call) {
            return mix(4, call.function().name());
        }
        if (node instanceof Expr.Aggregation aggregation) {
            return mix(mix(5, aggregation.op().symbol()), aggregation.grouping());
        }
        if (node instanceof Expr.Binary binary) {
            return mix(mix(6, binary.op().symbol() + binary.bool()), binary.matching());
        }
        if (node instanceof Expr.Unary unary) {
            return unary.negative() ? 8 : 9;
        }
        return node instanceof Expr.TemplateCall call
                ? mix(mix(11, call.name()), call.grouping())
                : mix(10, (Object) node);
    }
}
