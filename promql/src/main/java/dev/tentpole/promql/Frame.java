package dev.tentpole.promql;

import org.jspecify.annotations.Nullable;

/** What is open to the left of the current token, in what is open to the left of that. */
final class Frame {

    /** There is something broken in the group. */
    static final int BROKEN_PART = 1;
    /** There is a comma too much in the group, so that it has as many parts as nobody meant. */
    static final int EXTRA_COMMA = 2;

    /** What is open. */
    enum Kind {
        /** A left paren that waits for its right one. */
        PAREN,
        /** A function that waits for the right paren behind its arguments. */
        CALL,
        /** An aggregation that waits for the right paren behind its arguments. */
        AGGREGATION,
        /** A template variable that waits for the right paren behind the arguments. */
        TEMPLATE_CALL,
        /** A sign that waits for its operand. */
        SIGN,
        /** An operator that waits for its right operand. */
        OPERATOR
    }

    final Kind kind;
    /** The operator, which of a sign is that of a sum or a difference, the function, the aggregation or the variable. */
    final @Nullable Object head;
    /** The matching of an operator, or the grouping before the arguments. */
    final @Nullable Object clause;
    /** Where the operator, the word or the paren starts. */
    final int start;
    /** How many operands there were before. */
    final int base;
    /** What this is in; null if it is in nothing. */
    final @Nullable Frame outer;
    /** Whether it is an operator with {@code bool}. */
    final boolean bool;
    /** Which of the flaws above a group has. */
    int flaws;

    Frame(
            @Nullable Frame outer,
            Kind kind,
            @Nullable Object head,
            @Nullable Object clause,
            int start,
            int base,
            boolean bool) {
        this.outer = outer;
        this.kind = kind;
        this.head = head;
        this.clause = clause;
        this.start = start;
        this.base = base;
        this.bool = bool;
    }

    /** {@return whether this waits for an operand, and not for a right paren} */
    boolean isOperator() {
        return kind == Kind.SIGN || kind == Kind.OPERATOR;
    }
}
