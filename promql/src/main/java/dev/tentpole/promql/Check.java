package dev.tentpole.promql;

/** A family of rules: looks at each node of a tree once, and reports what it finds there. */
interface Check {

    /**
     * Looks at a node.
     *
     * @param analysis what is known, and where findings go
     * @param index the node's place in the outline
     * @param node the node
     */
    void visit(Analysis analysis, int index, Expr node);
}
