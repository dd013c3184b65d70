package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree whose nodes are being replaced, from the last one of its outline to the first: when a node's turn comes, its
 * parts are done.
 */
final class TreeEdit {

    private final Outline outline;
    private final Expr[] results;

    TreeEdit(Outline outline) {
        this.outline = outline;
        this.results = new Expr[outline.size()];
    }

    /** {@return a node with its parts as they are now; also what the node becomes if it is not {@link #set}} */
    Expr current(int index) {
        Expr node = outline.node(index);
        List<Expr> parts = node.children();
        List<Expr> changed = null;
        int child = index + 1;
        for (int i = 0; i < parts.size(); i++) {
            if (results[child] != parts.get(i)) {
                changed = changed == null ? new ArrayList<>(parts) : changed;
                changed.set(i, results[child]);
            }
            child = outline.end(child);
        }
        results[index] = changed == null ? node : node.withChildren(changed);
        return results[index];
    }

    /** {@return what a node below the current one has become} */
    Expr done(int index) {
        return results[index];
    }

    void set(int index, Expr replacement) {
        results[index] = replacement;
    }

    Expr root() {
        return results[0];
    }
}
