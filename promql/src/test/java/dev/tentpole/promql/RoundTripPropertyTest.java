package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Every tree that can be built is printed as a text that is read as an equal tree. */
final class RoundTripPropertyTest {

    private static final ParseOptions TEMPLATES =
            ParseOptions.builder().templates(true).build();

    @Property
    void a_decimal_number_is_read_as_the_nearest_one_that_java_has(
            @ForAll @LongRange(min = 0) long digits, @ForAll @IntRange(min = 0, max = 18) int places) {
        String text = BigDecimal.valueOf(digits, places).toPlainString();
        assertThat(PromQl.parse(text)).isEqualTo(new Expr.NumberLiteral(Double.parseDouble(text)));
    }

    @Property(tries = 5000)
    void a_tree_is_read_back_from_its_one_line_form(@ForAll("trees") Expr expr) {
        Optional<Expr> again = PromQl.tryParse(expr.toString()).expr();
        assertThat(again).as(expr.toString()).contains(expr);
        assertThat(again.orElseThrow().hashCode()).isEqualTo(expr.hashCode());
        assertThat(again.orElseThrow()).hasToString(expr.toString());
    }

    @Property(tries = 1000)
    void a_tree_is_read_back_from_its_pretty_form(@ForAll("trees") Expr expr, @ForAll("widths") int width) {
        assertThat(PromQl.tryParse(PromQl.format(expr, width)).expr())
                .as(expr.toString())
                .contains(expr);
    }

    @Property(tries = 1000)
    void a_tree_without_variables_is_the_same_with_templates_on(@ForAll("trees") Expr expr) {
        assertThat(PromQl.tryParse(expr.toString(), TEMPLATES).expr()).contains(expr);
    }

    @Property(tries = 1000)
    void a_tree_rebuilt_from_its_parts_is_the_same(@ForAll("trees") Expr expr) {
        Expr rebuilt = expr.rewrite(part -> part.withChildren(List.copyOf(part.children())));
        assertThat(rebuilt).isEqualTo(expr);
    }

    @Property(tries = 1000)
    void ranges_cover_the_text_they_came_from_but_for_edges(@ForAll("trees") Expr expr) {
        String text = expr.toString();
        Assume.that(!text.contains("anchored") && !text.contains("smoothed"));
        PromQl.tryParse(text).expr().orElseThrow().forEach(part -> {
            if (!(part instanceof Expr.Selection)) {
                String own = part.range().of(text);
                assertThat(PromQl.tryParse(own).expr()).as(text).contains(part);
            }
            part.children()
                    .forEach(child ->
                            assertThat(part.range().contains(child.range())).isTrue());
        });
    }

    @Property(tries = 5000)
    void a_tree_that_is_called_right_without_a_check_stands_the_check(@ForAll("trees") Expr expr) {
        ParseResult result = PromQl.tryParse(expr.toString());
        Source checked = new Source(expr.toString());
        new TypeChecker(checked, null, false).check(result.expr().orElseThrow());
        assertThat(result.isValid())
                .as(expr.toString())
                .isEqualTo(checked.problems().isEmpty());
    }

    @Provide
    Arbitrary<Integer> widths() {
        return Arbitraries.integers().between(1, 120);
    }

    @Provide
    Arbitrary<Expr> trees() {
        return tree(4);
    }

    private static Arbitrary<Expr> tree(int depth) {
        if (depth == 0) {
            return leaf();
        }
        Arbitrary<Expr> below = Arbitraries.lazy(() -> tree(depth - 1));
        return Arbitraries.frequencyOf(
                Tuple.of(2, leaf()),
                Tuple.of(5, binary(below)),
                Tuple.of(
                        2,
                        Combinators.combine(Arbitraries.of(true, false), below).as(Expr.Unary::new)),
                Tuple.of(1, below.map(Expr.Paren::new)),
                Tuple.of(2, aggregation(below)),
                Tuple.of(2, call(below)),
                Tuple.of(2, subquery(below)));
    }

    private static Arbitrary<Expr> leaf() {
        Arbitrary<Expr> numbers = Combinators.combine(numbers(), Arbitraries.of(true, false))
                .as((value, duration) -> new Expr.NumberLiteral(value, duration, SourceRange.NONE));
        Arbitrary<Expr> strings = texts().map(Expr.StringLiteral::new);
        Arbitrary<Expr> matrices = Combinators.combine(selectors(), windows(true), modifiers(true))
                .as((selector, window, modifiers) -> new Expr.MatrixSelector(
                        selector.withModifiers(Modifiers.NONE), window, modifiers, SourceRange.NONE));
        return Arbitraries.oneOf(numbers, strings, matrices, selectors().map(selector -> selector));
    }

    private static Arbitrary<Double> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.doubles(),
                Arbitraries.integers().between(-4000, 100_000).map(Integer::doubleValue),
                Arbitraries.of(
                        0.0,
                        -0.0,
                        Double.NaN,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.MIN_VALUE,
                        Double.MAX_VALUE,
                        1e21,
                        0.001,
                        1.001,
                        9223372036.854774));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6).filter(RoundTripPropertyTest::isText),
                Arbitraries.of(
                        "",
                        "a",
                        "\"",
                        "\\",
                        "`",
                        "\n",
                        "é☺\uD83D\uDE00",
                        "\uDCFF",
                        "\uDCC3\uDCC3",
                        "\uFFFD",
                        "$x",
                        "{}"));
    }

    /** Surrogates stand in pairs, or for bytes that are no UTF-8 even together. */
    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static Arbitrary<String> metricNames() {
        return Arbitraries.of(
                "foo", "a:b", "_", ":", "sum", "by", "offset", "start", "fill", "step", "smoothed", "rate");
    }

    private static Arbitrary<List<String>> labels() {
        return Arbitraries.of("a", "b", "by", "without", "inf", "a:b", "a b", "é", "$x", "on", "sum", "fill")
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<Matcher> matchers() {
        Arbitrary<String> names =
                Arbitraries.oneOf(Arbitraries.of("a", "__name__", "by", "inf", "a:b", "a b", "", "$x"), texts());
        Arbitrary<Matcher> plain = Combinators.combine(
                        names, Arbitraries.of(Matcher.Op.EQUAL, Matcher.Op.NOT_EQUAL), texts())
                .as(Matcher::of);
        Arbitrary<Matcher> regexes = Combinators.combine(
                        names,
                        Arbitraries.of(Matcher.Op.REGEX, Matcher.Op.NOT_REGEX),
                        Arbitraries.of("", ".*", "a|b", "\\d+", "\"", "(?i)x", "[^\\n]"))
                .as(Matcher::of);
        return Arbitraries.oneOf(plain, regexes);
    }

    private static Arbitrary<Expr.VectorSelector> selectors() {
        Arbitrary<List<Matcher>> lists = matchers().list().ofMaxSize(3);
        return Combinators.combine(Arbitraries.oneOf(metricNames(), Arbitraries.just("")), lists, modifiers(true))
                .as((name, matchers, modifiers) ->
                        new Expr.VectorSelector(name, matchers, modifiers, SourceRange.NONE));
    }

    private static Arbitrary<Modifiers> modifiers(boolean edges) {
        Arbitrary<Modifiers.At> at = Arbitraries.oneOf(
                Arbitraries.longs().map(Modifiers.At.Time::new),
                Arbitraries.longs().between(-5000, 5000).map(Modifiers.At.Time::new),
                Arbitraries.of(Modifiers.At.Bound.values()));
        Arbitrary<Modifiers.Edge> edge =
                edges ? Arbitraries.of(Modifiers.Edge.values()) : Arbitraries.just(Modifiers.Edge.NONE);
        return Combinators.combine(at.optional(0.2), durations(3, true).optional(0.3), edge)
                .as(Modifiers::new);
    }

    private static Arbitrary<DurationExpr> windows(boolean queries) {
        return durations(3, queries)
                .filter(window -> !(window instanceof DurationExpr.Literal literal && !(literal.value() > 0)));
    }

    private static Arbitrary<DurationExpr> durations(int depth, boolean withQueries) {
        Arbitrary<DurationExpr> literals = Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(-100, 4000).map(Integer::doubleValue),
                                Arbitraries.doubles().between(-1e6, 1e6),
                                Arbitraries.of(0.0004, 0.001, 86400.0, 31536000.0, 9223372036.8, -1e-9)),
                        Arbitraries.of(true, false))
                .as((value, unit) -> new DurationExpr.Literal(value, unit, SourceRange.NONE));
        Arbitrary<DurationExpr> queries = Arbitraries.of(DurationExpr.Query.Length.values())
                .map(length -> new DurationExpr.Query(length, SourceRange.NONE));
        Arbitrary<DurationExpr> leaves = withQueries ? Arbitraries.oneOf(literals, queries) : literals;
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<DurationExpr> below = Arbitraries.lazy(() -> durations(depth - 1, withQueries));
        return Arbitraries.oneOf(
                leaves,
                Combinators.combine(below, Arbitraries.of(DurationExpr.Op.values()), below)
                        .as((left, op, right) -> arithmetic(left, op, right)),
                below.map(inner -> new DurationExpr.Negation(inner, SourceRange.NONE)),
                below.map(inner -> new DurationExpr.Paren(inner, SourceRange.NONE)),
                Combinators.combine(Arbitraries.of(true, false), below, below)
                        .as((longer, first, second) ->
                                new DurationExpr.Choice(longer, first, second, SourceRange.NONE)));
    }

    /** A division by a literal zero is refused by the parser, so the literal gets parens. */
    private static DurationExpr arithmetic(DurationExpr left, DurationExpr.Op op, DurationExpr right) {
        boolean zero = right instanceof DurationExpr.Literal literal && literal.value() == 0;
        return new DurationExpr.Arithmetic(
                left, op, zero ? new DurationExpr.Paren(right, SourceRange.NONE) : right, SourceRange.NONE);
    }

    private static Arbitrary<Expr> binary(Arbitrary<Expr> below) {
        Arbitrary<Optional<Double>> fill = numbers().optional(0.2);
        Arbitrary<VectorMatching> matching = Combinators.combine(
                        Arbitraries.of(true, false),
                        labels(),
                        Arbitraries.of(VectorMatching.Group.values()),
                        labels(),
                        fill,
                        fill)
                .as((on, labels, group, include, left, right) -> new VectorMatching(
                        on,
                        labels,
                        group,
                        group == VectorMatching.Group.NONE ? List.of() : include,
                        left,
                        right,
                        false));
        return Combinators.combine(
                        below, Arbitraries.of(BinaryOp.values()), Arbitraries.of(true, false), matching, below)
                .as((left, op, bool, written, right) ->
                        new Expr.Binary(left, op, bool, written, right, SourceRange.NONE));
    }

    private static Arbitrary<Expr> aggregation(Arbitrary<Expr> below) {
        Arbitrary<Grouping> grouping = Combinators.combine(Arbitraries.of(true, false), labels())
                .as((without, labels) -> new Grouping(without, labels, false));
        return Combinators.combine(Arbitraries.of(AggregateOp.values()), grouping, below, below)
                .as((op, clause, parameter, operand) -> new Expr.Aggregation(
                        op, clause, op.parameterType().map(type -> parameter), operand, SourceRange.NONE));
    }

    private static Arbitrary<Expr> call(Arbitrary<Expr> below) {
        return Combinators.combine(
                        Arbitraries.of(FunctionSignature.all()), below.list().ofMaxSize(3))
                .as(Expr.Call::new);
    }

    /** In a subquery's brackets there must be a number before the colon. */
    private static Arbitrary<Expr> subquery(Arbitrary<Expr> below) {
        return Combinators.combine(below, windows(false), windows(true).optional(0.5), modifiers(false))
                .as((operand, window, step, modifiers) ->
                        new Expr.Subquery(operand, window, step, modifiers, SourceRange.NONE));
    }
}
