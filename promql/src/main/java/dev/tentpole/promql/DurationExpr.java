package dev.tentpole.promql;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A length of time in brackets or behind {@code offset}: a literal, or a calculation of literals and of the step and the
 * range of the query.
 *
 * <p>Two duration expressions are equal if they are written alike, wherever they stand. All methods take any depth.
 */
public sealed interface DurationExpr
        permits DurationExpr.Literal,
                DurationExpr.Negation,
                DurationExpr.Arithmetic,
                DurationExpr.Paren,
                DurationExpr.Query,
                DurationExpr.Choice,
                DurationExpr.Placeholder {

    /** {@return where it stands in the text; {@link SourceRange#NONE} if it was built} */
    SourceRange range();

    /** {@return the parts, in order} */
    List<DurationExpr> children();

    /**
     * {@return the seconds, when they can be known without a query: there is neither {@code step()}, {@code range()} nor a
     * variable in it}
     */
    default OptionalDouble seconds() {
        return DurationTrees.evaluate(this);
    }

    /** The operators of duration arithmetic. */
    enum Op {
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
        /** Power; groups to the right. */
        POW("^", 6);

        private final String symbol;
        private final int precedence;

        Op(String symbol, int precedence) {
            this.symbol = symbol;
            this.precedence = precedence;
        }

        /** {@return the operator as it is written} */
        public String symbol() {
            return symbol;
        }

        /** {@return how tightly the operator binds, 4 to 6, on the scale of {@link BinaryOp#precedence}} */
        public int precedence() {
            return precedence;
        }
    }

    /**
     * A number of seconds: {@code 5m}, {@code 300}, {@code -1h30m}.
     *
     * @param value seconds; negative only in offsets and in calculations
     * @param unit whether it is written with units; false if it cannot be written so
     * @param range where it stands
     */
    record Literal(double value, boolean unit, SourceRange range) implements DurationExpr {

        /**
         * Drops the wish for units where the value cannot be written with them exactly.
         *
         * @param value seconds; negative only in offsets and in calculations
         * @param unit whether it is written with units; false if it cannot be written so
         * @param range where it stands
         * @throws IllegalArgumentException if the value is more than 2^63 nanoseconds
         */
        public Literal {
            if (Durations.isOutOfRange(value)) {
                throw new IllegalArgumentException("value = " + value + ", must be at most 2^63 nanoseconds");
            }
            unit = unit && Durations.isExact(value);
            Objects.requireNonNull(range, "range");
        }

        /**
         * Makes a literal with units.
         *
         * @param seconds the value
         */
        public Literal(double seconds) {
            this(seconds, true, SourceRange.NONE);
        }

        @Override
        public List<DurationExpr> children() {
            return List.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The negative of a calculation: {@code -(5m)}, {@code -step()}.
     *
     * @param operand what is negated; never a literal, which has its own sign
     * @param range where it stands, from the sign on
     */
    record Negation(DurationExpr operand, SourceRange range) implements DurationExpr {

        /**
         * Wraps the operand in parens where it would be read otherwise without them.
         *
         * @param operand what is negated; never a literal, which has its own sign
         * @param range where it stands, from the sign on
         */
        public Negation {
            boolean fits = !(operand instanceof Literal)
                    && !(operand instanceof Arithmetic arithmetic
                            && arithmetic.op().precedence() <= BinaryOp.SIGN_PRECEDENCE);
            operand = fits ? operand : new Paren(operand, operand.range());
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<DurationExpr> children() {
            return List.of(operand);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * Two durations with an operator: {@code 5m + 2 * step()}.
     *
     * @param left the left operand
     * @param op the operator
     * @param right the right operand
     * @param range where it stands
     */
    record Arithmetic(DurationExpr left, Op op, DurationExpr right, SourceRange range) implements DurationExpr {

        /**
         * Wraps an operand in parens where it would be read otherwise without them.
         *
         * @param left the left operand
         * @param op the operator
         * @param right the right operand
         * @param range where it stands
         * @throws IllegalArgumentException if this divides by a literal zero
         */
        public Arithmetic {
            Objects.requireNonNull(op, "op");
            Objects.requireNonNull(range, "range");
            if ((op == Op.DIV || op == Op.MOD) && right instanceof Literal literal && literal.value() == 0) {
                throw new IllegalArgumentException("right = " + literal + ", must not be 0 behind " + op);
            }
            int leftPrecedence = DurationTrees.precedence(left);
            if (leftPrecedence < op.precedence() || (op == Op.POW && leftPrecedence == op.precedence())) {
                left = new Paren(left, left.range());
            }
            if (right instanceof Arithmetic arithmetic
                    && (arithmetic.op().precedence() < op.precedence()
                            || (op != Op.POW && arithmetic.op().precedence() == op.precedence()))) {
                right = new Paren(right, right.range());
            }
        }

        @Override
        public List<DurationExpr> children() {
            return List.of(left, right);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A duration in parens; parens in parens count once.
     *
     * @param inner what is between the parens
     * @param range where it stands, parens included
     */
    record Paren(DurationExpr inner, SourceRange range) implements DurationExpr {

        /**
         * Drops parens in parens.
         *
         * @param inner what is between the parens
         * @param range where it stands, parens included
         */
        public Paren {
            inner = inner instanceof Paren paren ? paren.inner() : inner;
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<DurationExpr> children() {
            return List.of(inner);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A length that the query brings: {@code step()} or {@code range()}.
     *
     * @param of which one
     * @param range where it stands
     */
    record Query(Length of, SourceRange range) implements DurationExpr {

        /** The lengths that a query brings. */
        public enum Length {
            /** The time between two evaluations. */
            STEP,
            /** The time between the query's start and end. */
            RANGE
        }

        /**
         * Checks that nothing is null.
         *
         * @param of which one
         * @param range where it stands
         */
        public Query {
            Objects.requireNonNull(of, "of");
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<DurationExpr> children() {
            return List.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The longer or the shorter of two durations: {@code max_of(a, b)}, {@code min_of(a, b)}.
     *
     * @param longer whether it is the longer one
     * @param first one duration
     * @param second the other one
     * @param range where it stands
     */
    record Choice(boolean longer, DurationExpr first, DurationExpr second, SourceRange range) implements DurationExpr {

        /**
         * Checks that nothing is null.
         *
         * @param longer whether it is the longer one
         * @param first one duration
         * @param second the other one
         * @param range where it stands
         */
        public Choice {
            Objects.requireNonNull(first, "first");
            Objects.requireNonNull(second, "second");
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<DurationExpr> children() {
            return List.of(first, second);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A template variable that stands for a duration: {@code $__rate_interval}, {@code ${n}m}.
     *
     * @param text the text as written
     * @param range where it stands
     */
    record Placeholder(String text, SourceRange range) implements DurationExpr {

        /**
         * Checks the text.
         *
         * @param text the text as written
         * @param range where it stands
         * @throws IllegalArgumentException if there is no template variable in the text
         */
        public Placeholder {
            Templates.checkDuration(text);
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<DurationExpr> children() {
            return List.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return DurationTrees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return DurationTrees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }
}
