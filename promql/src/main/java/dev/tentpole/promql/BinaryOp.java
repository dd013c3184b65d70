package dev.tentpole.promql;

/** The operators between two expressions. */
public enum BinaryOp {
    /** Union of two vectors. */
    OR("or", 1),
    /** Intersection of two vectors. */
    AND("and", 2),
    /** Difference of two vectors. */
    UNLESS("unless", 2),
    /** Equal. */
    EQ("==", 3),
    /** Not equal. */
    NE("!=", 3),
    /** Less. */
    LT("<", 3),
    /** Less or equal. */
    LE("<=", 3),
    /** Greater. */
    GT(">", 3),
    /** Greater or equal. */
    GE(">=", 3),
    /** Removes the observations above a value from native histograms. */
    TRIM_UPPER("</", 3),
    /** Removes the observations below a value from native histograms. */
    TRIM_LOWER(">/", 3),
    /** Sum. */
    ADD("+", 4),
    /** Difference. */
    SUB("-", 4),
    /** Product. */
    MUL("*", 5),
    /** Quotient. */
    DIV("/", 5),
    /** Remainder. */
    MOD("%", 5),
    /** The angle of a point, as in {@link Math#atan2}. */
    ATAN2("atan2", 5),
    /** Power; the only operator that groups to the right. */
    POW("^", 6);

    /** How tightly a sign binds: as a product does. */
    static final int SIGN_PRECEDENCE = 5;

    private final String symbol;
    private final int precedence;

    BinaryOp(String symbol, int precedence) {
        this.symbol = symbol;
        this.precedence = precedence;
    }

    /** {@return the operator as it is written, in lower case} */
    public String symbol() {
        return symbol;
    }

    /** {@return how tightly the operator binds, from 1 for {@code or} to 6 for {@code ^}} */
    public int precedence() {
        return precedence;
    }

    /** {@return whether {@code a ^ b ^ c} is {@code a ^ (b ^ c)}: true for the power alone} */
    public boolean isRightAssociative() {
        return this == POW;
    }

    /** {@return whether this is one of the six comparisons, which take {@code bool}; the trims do not} */
    public boolean isComparison() {
        return precedence == 3 && this != TRIM_UPPER && this != TRIM_LOWER;
    }

    /** {@return whether this is {@code and}, {@code or} or {@code unless}} */
    public boolean isSetOperator() {
        return precedence <= 2;
    }

    /** {@return whether this is one of the operators that duration expressions know too} */
    boolean isDurationOperator() {
        return precedence >= 4 && this != ATAN2;
    }
}
