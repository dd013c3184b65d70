package dev.tentpole.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A PromQL expression: the root of a tree, or a part of one.
 *
 * <p>Trees are immutable. Two expressions are equal if they mean the same word for word: {@link #range ranges}, the
 * order of a selector's matchers, and what type a template variable is taken for do not count, parens and all else do. {@link Object#toString} is the one-line form of
 * Prometheus, and parsing it gives an equal tree, for every tree that can be built: constructors refuse what cannot be
 * written, and wrap an operand in {@link Expr.Paren} where it would be read otherwise without.
 * There is one exception: Prometheus reads a subquery's window without a number in it, such as {@code foo[step():]}, only
 * behind brackets with one.
 *
 * <p>Types are not checked here: {@code new Unary(true, new StringLiteral(text))} can be built and printed, and parsing it
 * finds the {@link Problem}.
 *
 * <p>No method recurses, so that trees may be as deep as memory allows. All are safe for use by several threads.
 */
public sealed interface Expr
        permits Expr.Selection,
                Expr.Call,
                Expr.Aggregation,
                Expr.Binary,
                Expr.Unary,
                Expr.Paren,
                Expr.NumberLiteral,
                Expr.StringLiteral,
                Expr.Placeholder,
                Expr.TemplateCall {

    /** {@return where the expression stands in the text; {@link SourceRange#NONE} if it was built} */
    SourceRange range();

    /** {@return what the expression evaluates to; takes time for long chains of scalars only} */
    ValueType type();

    /** {@return the direct parts that are expressions, in the order of the text} */
    List<Expr> children();

    /**
     * {@return this expression with other parts}
     *
     * @param children as many as {@link #children} has, in that order
     * @throws IllegalArgumentException if there are more or fewer, or one is of a kind that cannot stand there
     */
    Expr withChildren(List<Expr> children);

    /**
     * Calls back for this expression and all below it, each before its parts.
     *
     * @param action what to do
     */
    default void forEach(Consumer<? super Expr> action) {
        Trees.forEach(this, action);
    }

    /**
     * Walks over this expression and all below it in the order of the text.
     *
     * @param visitor is called before and after the parts of each expression
     */
    default void walk(Visitor visitor) {
        Trees.walk(this, visitor);
    }

    /**
     * Replaces parts from the leaves up: each expression is offered with its parts already replaced. Where nothing is
     * replaced the tree is kept, not copied.
     *
     * @param replacement gives the expression to use instead, or the same one
     * @return the expression that replaces this one
     */
    default Expr rewrite(UnaryOperator<Expr> replacement) {
        return Trees.rewrite(this, replacement);
    }

    /** What {@link Expr#walk} calls. */
    interface Visitor {

        /**
         * Comes to an expression.
         *
         * @param expr the expression
         * @return whether to go on to its parts
         */
        boolean enter(Expr expr);

        /**
         * Leaves an expression, after its parts if they were visited.
         *
         * @param expr the expression
         */
        default void leave(Expr expr) {}
    }

    /** An expression that takes {@code @} and {@code offset}: a selector or a subquery. */
    sealed interface Selection extends Expr permits VectorSelector, MatrixSelector, Subquery {

        /** {@return what stands behind it} */
        Modifiers modifiers();

        /**
         * {@return this selection with other modifiers}
         *
         * @param modifiers what shall stand behind it
         */
        Selection withModifiers(Modifiers modifiers);
    }

    /**
     * Series by name and labels: {@code http_requests_total{job="api"}}.
     *
     * @param name the metric name in front of the braces, or empty; a name in the braces is a matcher
     * @param matchers the matchers in the braces, in the order of the text
     * @param modifiers what stands behind
     * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
     */
    record VectorSelector(String name, List<Matcher> matchers, Modifiers modifiers, SourceRange range)
            implements Selection {

        /**
         * Checks the name.
         *
         * @param name the metric name in front of the braces, or empty; a name in the braces is a matcher
         * @param matchers the matchers in the braces, in the order of the text
         * @param modifiers what stands behind
         * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
         * @throws IllegalArgumentException if the name cannot stand in front of braces; then it must be a matcher on
         *     {@link Matcher#METRIC_NAME}
         */
        @SuppressWarnings("ReferenceEquality") // Only the parser has that one, which equals the other.
        public VectorSelector {
            if (modifiers == Modifiers.NONE_BEHIND_READ_NAME) {
                modifiers = Modifiers.NONE;
            } else if (!name.isEmpty() && !Words.isBareMetricName(name)) {
                throw new IllegalArgumentException("name = " + name
                        + ", must be a metric name that needs no quotes, and no keyword; use a matcher on __name__");
            }
            matchers = List.copyOf(matchers);
            Objects.requireNonNull(modifiers, "modifiers");
            Objects.requireNonNull(range, "range");
        }

        /**
         * Selects series.
         *
         * @param name the metric name, or empty
         * @param matchers the matchers in braces
         */
        public VectorSelector(String name, List<Matcher> matchers) {
            this(name, matchers, Modifiers.NONE, SourceRange.NONE);
        }

        /** {@return the matchers in the braces and, last, the one on the metric name in front of them, if any} */
        public List<Matcher> allMatchers() {
            if (name.isEmpty()) {
                return matchers;
            }
            List<Matcher> all = new ArrayList<>(matchers);
            all.add(new Matcher(Matcher.METRIC_NAME, Matcher.Op.EQUAL, name, false, range));
            return List.copyOf(all);
        }

        /**
         * {@return this selector with other matchers in its braces}
         *
         * @param other the matchers
         */
        public VectorSelector withMatchers(List<Matcher> other) {
            return new VectorSelector(name, other, modifiers, range);
        }

        @Override
        public VectorSelector withModifiers(Modifiers other) {
            return new VectorSelector(name, matchers, other, range);
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT_VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 0);
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The samples of series over a time range: {@code http_requests_total[5m]}.
     *
     * @param selector the series, without modifiers
     * @param window how long the range is
     * @param modifiers what stands behind the brackets
     * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
     */
    record MatrixSelector(VectorSelector selector, DurationExpr window, Modifiers modifiers, SourceRange range)
            implements Selection {

        /**
         * Checks that modifiers stand behind the brackets.
         *
         * @param selector the series, without modifiers
         * @param window how long the range is
         * @param modifiers what stands behind the brackets
         * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
         * @throws IllegalArgumentException if the selector has modifiers of its own, or the window is a literal that is
         *     not longer than zero
         */
        public MatrixSelector {
            if (!selector.modifiers().isNone()) {
                throw new IllegalArgumentException("selector has modifiers, they must be the range selector's");
            }
            window = Durations.checkWindow("window", window);
            Objects.requireNonNull(modifiers, "modifiers");
            Objects.requireNonNull(range, "range");
        }

        /**
         * Selects a range.
         *
         * @param selector the series, without modifiers
         * @param window how long the range is
         */
        public MatrixSelector(VectorSelector selector, DurationExpr window) {
            this(selector, window, Modifiers.NONE, SourceRange.NONE);
        }

        /**
         * {@return this selector with another window}
         *
         * @param other how long the range shall be
         */
        public MatrixSelector withWindow(DurationExpr other) {
            return new MatrixSelector(selector, other, modifiers, range);
        }

        @Override
        public MatrixSelector withModifiers(Modifiers other) {
            return new MatrixSelector(selector, window, other, range);
        }

        @Override
        public ValueType type() {
            return ValueType.RANGE_VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of(selector);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 1);
            if (children.get(0) instanceof VectorSelector other) {
                return new MatrixSelector(other, window, modifiers, range);
            }
            throw new IllegalArgumentException("a range selector can only be of a vector selector");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * An expression evaluated over a time range: {@code rate(foo[5m])[1h:1m]}.
     *
     * @param operand what is evaluated
     * @param window how long the range is
     * @param step the time between two evaluations, if not the server's default
     * @param modifiers what stands behind the brackets; never an edge
     * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
     */
    record Subquery(
            Expr operand, DurationExpr window, Optional<DurationExpr> step, Modifiers modifiers, SourceRange range)
            implements Selection {

        /**
         * Wraps the operand in parens where it would be read otherwise without them.
         *
         * @param operand what is evaluated
         * @param window how long the range is
         * @param step the time between two evaluations, if not the server's default
         * @param modifiers what stands behind the brackets; never an edge
         * @param range where it stands, with {@code @} and {@code offset} but, as in Prometheus, without an edge
         * @throws IllegalArgumentException if the window or the step is a literal that is not longer than zero, or the
         *     modifiers have an edge
         */
        public Subquery {
            operand = Trees.isPrimary(operand) ? operand : new Paren(operand);
            window = Durations.checkWindow("window", window);
            step = step.map(length -> Durations.checkWindow("step", length));
            if (modifiers.edge() != Modifiers.Edge.NONE) {
                throw new IllegalArgumentException("edge = " + modifiers.edge() + ", must be NONE for a subquery");
            }
            Objects.requireNonNull(range, "range");
        }

        /**
         * {@return this subquery with another window}
         *
         * @param other how long the range shall be
         */
        public Subquery withWindow(DurationExpr other) {
            return new Subquery(operand, other, step, modifiers, range);
        }

        /**
         * {@return this subquery with another step}
         *
         * @param other the time between two evaluations, if not the server's default
         */
        public Subquery withStep(Optional<DurationExpr> other) {
            return new Subquery(operand, window, other, modifiers, range);
        }

        @Override
        public Subquery withModifiers(Modifiers other) {
            return new Subquery(operand, window, step, other, range);
        }

        @Override
        public ValueType type() {
            return ValueType.RANGE_VECTOR;
        }

        @Override
        public List<Expr> children() {
            return List.of(operand);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 1);
            return new Subquery(children.get(0), window, step, modifiers, range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A function with its arguments: {@code rate(foo[5m])}.
     *
     * @param function the function
     * @param arguments the arguments, in order
     * @param range where it stands
     */
    record Call(FunctionSignature function, List<Expr> arguments, SourceRange range) implements Expr {

        /**
         * Copies the list of arguments.
         *
         * @param function the function
         * @param arguments the arguments, in order
         * @param range where it stands
         */
        public Call {
            Objects.requireNonNull(function, "function");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(range, "range");
        }

        /**
         * Calls a function.
         *
         * @param function the function
         * @param arguments the arguments, in order
         */
        public Call(FunctionSignature function, List<Expr> arguments) {
            this(function, arguments, SourceRange.NONE);
        }

        @Override
        public ValueType type() {
            return function.returnType();
        }

        @Override
        public List<Expr> children() {
            return arguments;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, arguments.size());
            return new Call(function, children, range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * The series of a vector folded into groups: {@code sum by (job) (foo)}.
     *
     * @param op how to fold
     * @param grouping which series belong together
     * @param parameter the first argument of {@code topk} and the like; present exactly if the operator takes one
     * @param operand what is folded
     * @param range where it stands
     */
    record Aggregation(AggregateOp op, Grouping grouping, Optional<Expr> parameter, Expr operand, SourceRange range)
            implements Expr {

        /**
         * Checks the parameter.
         *
         * @param op how to fold
         * @param grouping which series belong together
         * @param parameter the first argument of {@code topk} and the like; present exactly if the operator takes one
         * @param operand what is folded
         * @param range where it stands
         * @throws IllegalArgumentException if the parameter is missing, or is one too many
         */
        public Aggregation {
            if (op.hasParameter() != parameter.isPresent()) {
                throw new IllegalArgumentException(
                        op.symbol() + (op.hasParameter() ? " takes a parameter" : " takes no parameter"));
            }
            Objects.requireNonNull(grouping, "grouping");
            Objects.requireNonNull(operand, "operand");
            Objects.requireNonNull(range, "range");
        }

        /**
         * Folds a vector without a parameter.
         *
         * @param op how to fold
         * @param grouping which series belong together
         * @param operand what is folded
         */
        public Aggregation(AggregateOp op, Grouping grouping, Expr operand) {
            this(op, grouping, Optional.empty(), operand, SourceRange.NONE);
        }

        /**
         * {@return this aggregation with another grouping}
         *
         * @param other which series belong together
         */
        public Aggregation withGrouping(Grouping other) {
            return new Aggregation(op, other, parameter, operand, range);
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT_VECTOR;
        }

        @Override
        public List<Expr> children() {
            return parameter.isPresent() ? List.of(parameter.get(), operand) : List.of(operand);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, parameter.isPresent() ? 2 : 1);
            return parameter.isPresent()
                    ? new Aggregation(op, grouping, Optional.of(children.get(0)), children.get(1), range)
                    : new Aggregation(op, grouping, parameter, children.get(0), range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * Two expressions with an operator: {@code foo / on (job) bar}.
     *
     * @param left the left operand
     * @param op the operator
     * @param bool whether a comparison answers 0 or 1 instead of dropping series
     * @param matching how series find each other; {@link VectorMatching#NONE} unless both operands are vectors
     * @param right the right operand
     * @param range where it stands
     */
    record Binary(Expr left, BinaryOp op, boolean bool, VectorMatching matching, Expr right, SourceRange range)
            implements Expr {

        /**
         * Wraps an operand in parens where it would be read otherwise, drops matching that has no meaning.
         *
         * @param left the left operand
         * @param op the operator
         * @param bool whether a comparison answers 0 or 1 instead of dropping series
         * @param matching how series find each other; {@link VectorMatching#NONE} unless both operands are vectors
         * @param right the right operand
         * @param range where it stands
         */
        public Binary {
            left = Trees.fitsLeft(left, op) ? left : new Paren(left);
            right = Trees.fitsRight(right, op) ? right : new Paren(right);
            if (!matching.isNone() && !(Trees.isVector(left) && Trees.isVector(right))) {
                matching = VectorMatching.NONE;
            }
            Objects.requireNonNull(range, "range");
        }

        /**
         * Joins two expressions by an operator alone.
         *
         * @param left the left operand
         * @param op the operator
         * @param right the right operand
         */
        public Binary(Expr left, BinaryOp op, Expr right) {
            this(left, op, false, VectorMatching.NONE, right, SourceRange.NONE);
        }

        /**
         * {@return this expression with other matching}
         *
         * @param other how series find each other
         */
        public Binary withMatching(VectorMatching other) {
            return new Binary(left, op, bool, other, right, range);
        }

        @Override
        public ValueType type() {
            return Trees.type(this);
        }

        @Override
        public List<Expr> children() {
            return List.of(left, right);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 2);
            return new Binary(children.get(0), op, bool, matching, children.get(1), range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * An expression with a sign: {@code -foo}.
     *
     * @param negative whether the sign is a minus
     * @param operand what it stands before; a number has its own sign, here it comes in parens
     * @param range where it stands
     */
    record Unary(boolean negative, Expr operand, SourceRange range) implements Expr {

        /**
         * Wraps the operand in parens where it would be read otherwise without them.
         *
         * @param negative whether the sign is a minus
         * @param operand what it stands before; a number has its own sign, here it comes in parens
         * @param range where it stands
         */
        public Unary {
            operand = Trees.fitsUnary(operand) ? operand : new Paren(operand);
            Objects.requireNonNull(range, "range");
        }

        /**
         * Puts a sign before an expression.
         *
         * @param negative whether it is a minus
         * @param operand the expression
         */
        public Unary(boolean negative, Expr operand) {
            this(negative, operand, SourceRange.NONE);
        }

        @Override
        public ValueType type() {
            return Trees.type(this);
        }

        @Override
        public List<Expr> children() {
            return List.of(operand);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 1);
            return new Unary(negative, children.get(0), range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * An expression in parens.
     *
     * @param inner what is between the parens
     * @param range where it stands, parens included
     */
    record Paren(Expr inner, SourceRange range) implements Expr {

        /**
         * Checks that nothing is null.
         *
         * @param inner what is between the parens
         * @param range where it stands, parens included
         */
        public Paren {
            Objects.requireNonNull(inner, "inner");
            Objects.requireNonNull(range, "range");
        }

        /**
         * Puts parens around an expression, at the same place.
         *
         * @param inner the expression
         */
        public Paren(Expr inner) {
            this(inner, inner.range());
        }

        @Override
        public ValueType type() {
            return Trees.type(this);
        }

        @Override
        public List<Expr> children() {
            return List.of(inner);
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 1);
            return new Paren(children.get(0), range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A number: {@code 0.5}, {@code -Inf}, {@code 5m}.
     *
     * @param value the number; seconds for a duration
     * @param duration whether it is written with units of time; false if it cannot be written so exactly
     * @param range where it stands
     */
    record NumberLiteral(double value, boolean duration, SourceRange range) implements Expr {

        /**
         * Drops the wish for units where the value cannot be written with them exactly.
         *
         * @param value the number; seconds for a duration
         * @param duration whether it is written with units of time; false if it cannot be written so exactly
         * @param range where it stands
         */
        public NumberLiteral {
            duration = duration && Durations.isExact(value);
            Objects.requireNonNull(range, "range");
        }

        /**
         * Makes a plain number.
         *
         * @param value the number
         */
        public NumberLiteral(double value) {
            this(value, false, SourceRange.NONE);
        }

        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 0);
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A text in quotes.
     *
     * @param value the text without quotes and escapes; bytes that are not UTF-8 are the characters U+DC80 to U+DCFF
     * @param range where it stands
     */
    record StringLiteral(String value, SourceRange range) implements Expr {

        /**
         * Turns bytes that are UTF-8 together into characters.
         *
         * @param value the text without quotes and escapes; bytes that are not UTF-8 are the characters U+DC80 to U+DCFF
         * @param range where it stands
         * @throws IllegalArgumentException if the text holds half of a surrogate pair other than those bytes
         */
        public StringLiteral {
            value = Literals.canonical("value", value);
            Objects.requireNonNull(range, "range");
        }

        /**
         * Makes a text.
         *
         * @param value the text
         * @throws IllegalArgumentException if the text holds half of a surrogate pair
         */
        public StringLiteral(String value) {
            this(value, SourceRange.NONE);
        }

        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 0);
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A template variable that stands for an expression; only with {@link ParseOptions#templates}. As an argument it has
     * the type that the function wants; elsewhere it is a vector, or a scalar if it is one of Grafana's numbers; and it is
     * never a type error.
     *
     * @param text the text as written
     * @param type what it is taken for
     * @param range where it stands
     */
    record Placeholder(String text, ValueType type, SourceRange range) implements Expr {

        /**
         * Checks the text.
         *
         * @param text the text as written
         * @param type what it is taken for
         * @param range where it stands
         * @throws IllegalArgumentException if the text is not one template variable, or a number with variables in it
         */
        public Placeholder {
            Templates.checkValue(text);
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(range, "range");
        }

        @Override
        public List<Expr> children() {
            return List.of();
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, 0);
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /**
     * A call of whatever function or aggregation a template variable names: {@code $agg by (job) (foo)}; only with
     * {@link ParseOptions#templates}.
     *
     * @param name the name as written
     * @param grouping the clause of an aggregation
     * @param arguments the arguments, in order
     * @param range where it stands
     */
    record TemplateCall(String name, Grouping grouping, List<Expr> arguments, SourceRange range) implements Expr {

        /**
         * Checks the name.
         *
         * @param name the name as written
         * @param grouping the clause of an aggregation
         * @param arguments the arguments, in order
         * @param range where it stands
         * @throws IllegalArgumentException if there is no template variable in the name
         */
        public TemplateCall {
            Templates.check(name);
            Objects.requireNonNull(grouping, "grouping");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(range, "range");
        }

        @Override
        public ValueType type() {
            return ValueType.INSTANT_VECTOR;
        }

        @Override
        public List<Expr> children() {
            return arguments;
        }

        @Override
        public Expr withChildren(List<Expr> children) {
            Trees.checkCount(children, arguments.size());
            return new TemplateCall(name, grouping, children, range);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return Trees.equal(this, other);
        }

        @Override
        public int hashCode() {
            return Trees.hash(this);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }
}
