package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExprTest {

    private static final Expr FOO = new Expr.VectorSelector("foo", List.of());
    private static final Expr ONE = new Expr.NumberLiteral(1);

    @Test
    void equality_ignores_places_and_the_order_of_matchers_and_nothing_else() {
        assertThat(PromQl.parse("foo{a='1',b='2'}")).isEqualTo(PromQl.parse("  foo {b=\"2\", a=\"1\"}"));
        assertThat(PromQl.parse("foo{a='1',b='2'}")).hasSameHashCodeAs(PromQl.parse("foo{b='2',a='1'}"));
        assertThat(PromQl.parse("foo{a='1',a='1'}")).isNotEqualTo(PromQl.parse("foo{a='1',b='1'}"));
        assertThat(PromQl.parse("foo{a='1',a='1',b='1'}")).isNotEqualTo(PromQl.parse("foo{a='1',b='1',b='1'}"));
        String[] different = {
            "foo",
            "(foo)",
            "-foo",
            "+foo",
            "foo offset 1m",
            "foo @ 1",
            "foo @ start()",
            "foo smoothed",
            "foo[1m]",
            "foo[2m]",
            "foo[1m:]",
            "foo[1m:1m]",
            "foo + foo",
            "foo - foo",
            "foo + on () foo",
            "foo == foo",
            "foo == bool foo",
            "sum(foo)",
            "avg(foo)",
            "sum by (a) (foo)",
            "sum by (a, b) (foo)",
            "sum by (b, a) (foo)",
            "sum without (a) (foo)",
            "topk(1, foo)",
            "topk(2, foo)",
            "abs(foo)",
            "ceil(foo)",
            "60",
            "1m",
            "\"foo\"",
            "foo[step()]",
            "foo[range()]",
            "foo[-(-step())]",
            "foo[step() + 1m]",
            "foo[step() * 1m]",
            "foo[(1m)]",
            "foo[max_of(1m, 2m)]",
            "foo[min_of(1m, 2m)]",
            "foo[1m + 60]",
            "foo[1m + 1m]"
        };
        for (int i = 0; i < different.length; i++) {
            for (int j = 0; j < different.length; j++) {
                assertThat(PromQl.parse(different[i]).equals(PromQl.parse(different[j])))
                        .as(different[i] + " and " + different[j])
                        .isEqualTo(i == j);
            }
        }
        assertThat((Object) PromQl.parse("foo")).isNotEqualTo("foo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a + b         | * | c             | (a + b) * c",
                "a * b         | + | c             | a * b + c",
                "a             | - | b - c         | a - (b - c)",
                "a             | ^ | b ^ c         | a ^ b ^ c",
                "a ^ b         | ^ | c             | (a ^ b) ^ c",
                "-a            | ^ | b             | (-a) ^ b",
                "-a            | * | b             | -a * b",
                "-1            | ^ | b             | (-1) ^ b",
                "a             | ^ | -1            | a ^ -1",
                "a or b        | and | c           | (a or b) and c",
                "a offset (5m) | * | 2             | a offset +(5m) * 2",
                "b + -a offset (5m) | + | c        | b + -a offset +(5m) + c",
                "a offset ++5m * 2 | * | 2         | (a offset ++5m * 2) * 2",
                "a offset 5m   | * | 2             | a offset 5m * 2",
                "a offset (5m) | > | 2             | a offset (5m) > 2",
                "b + a offset ++5m * 2 | + | c     | (b + a offset ++5m * 2) + c",
                "Inf           | ^ | 2             | Inf ^ 2",
            })
    void an_operand_gets_parens_where_it_needs_them(String left, String op, String right, String text) {
        BinaryOp operator = List.of(BinaryOp.values()).stream()
                .filter(candidate -> candidate.symbol().equals(op))
                .findFirst()
                .orElseThrow();
        Expr built = new Expr.Binary(PromQl.parse(left), operator, PromQl.parse(right));
        assertThat(built).hasToString(text).isEqualTo(PromQl.parse(text));
    }

    @Test
    void signs_and_subqueries_put_parens_too() {
        assertThat(new Expr.Unary(true, ONE)).hasToString("-(1)");
        assertThat(new Expr.Unary(true, PromQl.parse("a * b"))).hasToString("-(a * b)");
        assertThat(new Expr.Unary(true, PromQl.parse("a ^ b"))).hasToString("-a ^ b");
        assertThat(subquery(PromQl.parse("a + b"))).hasToString("(a + b)[1m:]");
        assertThat(subquery(PromQl.parse("-a"))).hasToString("(-a)[1m:]");
        assertThat(subquery(PromQl.parse("-1"))).hasToString("(-1)[1m:]");
        assertThat(subquery(PromQl.parse("inf"))).hasToString("Inf[1m:]");
        assertThat(subquery(PromQl.parse("sum(a)"))).hasToString("sum(a)[1m:]");
    }

    private static Expr subquery(Expr operand) {
        return new Expr.Subquery(
                operand, new DurationExpr.Literal(60), Optional.empty(), Modifiers.NONE, SourceRange.NONE);
    }

    @Test
    void what_the_parser_made_does_not_let_a_wrong_name_in() {
        Expr.VectorSelector read = PromQl.parseSelector("foo");

        assertThatThrownBy(() -> new Expr.VectorSelector("a b", read.matchers(), read.modifiers(), read.range()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_cannot_be_written_is_refused() {
        assertThatThrownBy(() -> new Expr.VectorSelector("a b", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name = a b");
        assertThatThrownBy(() -> new Expr.VectorSelector("on", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Expr.MatrixSelector(new Expr.VectorSelector("foo", List.of()), new DurationExpr.Literal(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window = 0s, must be longer than 0");
        assertThatThrownBy(() -> new Expr.MatrixSelector(
                        (Expr.VectorSelector) PromQl.parse("foo offset 1m"), new DurationExpr.Literal(60)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Expr.Aggregation(AggregateOp.TOPK, Grouping.NONE, FOO))
                .hasMessage("topk takes a parameter");
        assertThatThrownBy(() ->
                        new Expr.Aggregation(AggregateOp.SUM, Grouping.NONE, Optional.of(ONE), FOO, SourceRange.NONE))
                .hasMessage("sum takes no parameter");
        assertThatThrownBy(() -> Grouping.by(List.of(""))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Matcher.of("a", Matcher.Op.REGEX, "("))
                .hasMessage("value of the matcher on a: error parsing regexp: missing closing )");
        assertThatThrownBy(() -> new DurationExpr.Literal(1e10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SourceRange(3, 2, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PromQl.parse("a + b").withChildren(List.of(FOO)))
                .hasMessage("children has 1 elements, must have 2");
    }

    @Test
    void matching_that_has_no_meaning_is_dropped() {
        VectorMatching on = new VectorMatching(true, List.of("a"), VectorMatching.Group.NONE, List.of());
        Expr.Binary binary = new Expr.Binary(FOO, BinaryOp.ADD, false, on, ONE, SourceRange.NONE);
        assertThat(binary.matching().isNone()).isTrue();
        assertThat(new Expr.Binary(FOO, BinaryOp.ADD, false, on, FOO, SourceRange.NONE).matching())
                .isEqualTo(on);
    }

    @Test
    void types_follow_from_the_parts() {
        assertThat(PromQl.parse("1 + 2 * (3 - -4)").type()).isEqualTo(ValueType.SCALAR);
        assertThat(PromQl.parse("1 + 2 * (3 - -foo)").type()).isEqualTo(ValueType.INSTANT_VECTOR);
        assertThat(PromQl.parse("((foo[5m]))").type()).isEqualTo(ValueType.RANGE_VECTOR);
        assertThat(PromQl.parse("(\"a\")").type()).isEqualTo(ValueType.STRING);
        assertThat(PromQl.parse("scalar(foo)").type()).isEqualTo(ValueType.SCALAR);
    }

    @Test
    void a_rewrite_replaces_from_the_leaves_up_and_keeps_what_does_not_change() {
        Expr expr = PromQl.parse("sum(rate(foo[5m])) / (1 + 2)");
        Expr same = expr.rewrite(part -> part);
        assertThat(same).isSameAs(expr);
        Expr folded = expr.rewrite(part -> {
            if (part instanceof Expr.Binary binary
                    && binary.op() == BinaryOp.ADD
                    && binary.left() instanceof Expr.NumberLiteral left
                    && binary.right() instanceof Expr.NumberLiteral right) {
                return new Expr.NumberLiteral(left.value() + right.value());
            }
            return part instanceof Expr.Paren paren && paren.inner() instanceof Expr.NumberLiteral
                    ? paren.inner()
                    : part;
        });
        assertThat(folded).hasToString("sum(rate(foo[5m])) / 3");
        assertThat(folded.children().get(0)).isSameAs(expr.children().get(0));
    }

    @Test
    void a_walk_enters_before_and_leaves_behind_the_parts() {
        List<String> steps = new ArrayList<>();
        PromQl.parse("a + rate(b[1m:])").walk(new Expr.Visitor() {
            @Override
            public boolean enter(Expr expr) {
                steps.add("+" + expr);
                return !(expr instanceof Expr.Subquery);
            }

            @Override
            public void leave(Expr expr) {
                steps.add("-" + expr);
            }
        });
        assertThat(steps)
                .containsExactly(
                        "+a + rate(b[1m:])",
                        "+a",
                        "-a",
                        "+rate(b[1m:])",
                        "+b[1m:]",
                        "-b[1m:]",
                        "-rate(b[1m:])",
                        "-a + rate(b[1m:])");
    }

    @Test
    void parts_can_be_exchanged() {
        Expr.VectorSelector selector = (Expr.VectorSelector) PromQl.parse("foo{a=\"1\"} offset 1m");
        assertThat(selector.withMatchers(List.of())).hasToString("foo offset 1m");
        assertThat(selector.withModifiers(Modifiers.NONE)).hasToString("foo{a=\"1\"}");
        assertThat(selector.withModifiers(selector.modifiers().withOffset(Optional.empty())))
                .hasToString("foo{a=\"1\"}");
        Expr.MatrixSelector matrix = (Expr.MatrixSelector) PromQl.parse("foo[5m] @ 1");
        assertThat(matrix.withWindow(new DurationExpr.Literal(60))).hasToString("foo[1m] @ 1.000");
        Expr.Subquery subquery = (Expr.Subquery) PromQl.parse("foo[5m:]");
        assertThat(subquery.withStep(Optional.of(new DurationExpr.Literal(60)))).hasToString("foo[5m:1m]");
        Expr.Aggregation sum = (Expr.Aggregation) PromQl.parse("sum by (a) (foo)");
        assertThat(sum.withGrouping(Grouping.NONE)).hasToString("sum(foo)");
        assertThat(sum.withChildren(List.of(ONE))).hasToString("sum by (a) (1)");
    }

    @Test
    void a_matcher_matches_whole_values_with_re2() {
        assertThat(Matcher.of("a", Matcher.Op.REGEX, "b.c").matches("b\nc")).isTrue();
        assertThat(Matcher.of("a", Matcher.Op.REGEX, "b").matches("abc")).isFalse();
        assertThat(Matcher.of("a", Matcher.Op.NOT_REGEX, "b|c").matches("c")).isFalse();
        assertThat(Matcher.of("a", Matcher.Op.NOT_REGEX, "b|c").matches("")).isTrue();
        assertThat(Matcher.of("a", Matcher.Op.NOT_EQUAL, "b").matches("")).isTrue();
        assertThat(Matcher.of("a", Matcher.Op.EQUAL, "").matches("")).isTrue();
        assertThat(Matcher.of("a", Matcher.Op.REGEX, "(?i)x(?P<n>y)\\pL{2}").matches("Xyab"))
                .isTrue();
        assertThat(Matcher.of("a b", Matcher.Op.REGEX, "\"")).hasToString("\"a b\"=~\"\\\"\"");
    }

    @Test
    void functions_are_known_with_their_level() {
        assertThat(FunctionSignature.all()).hasSize(90);
        assertThat(FunctionSignature.all().stream().filter(f -> f.since() == LanguageLevel.PROMETHEUS_3_5))
                .hasSize(80);
        FunctionSignature quantiles =
                FunctionSignature.of("histogram_quantiles").orElseThrow();
        assertThat(quantiles.minArguments()).isEqualTo(3);
        assertThat(quantiles.maxArguments()).isEqualTo(12);
        assertThat(quantiles.argumentType(11)).isEqualTo(ValueType.SCALAR);
        assertThat(quantiles.experimental()).isTrue();
        assertThat(FunctionSignature.of("Rate")).isEmpty();
        assertThatThrownBy(() -> quantiles.argumentType(12)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc7f", "\udc00\ud800", "\ud83d\ud83d\ude00"})
    void text_with_half_of_a_surrogate_pair_is_refused(String text) {
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> new Expr.StringLiteral(text),
                () -> Matcher.of("a", Matcher.Op.EQUAL, text),
                () -> Matcher.of(text, Matcher.Op.EQUAL, "a"),
                () -> Grouping.by(List.of(text)))) {
            assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(PromQl.tryParse("f(\"" + text + "\")").isValid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\udce2\udc98\udcba", "\udcff\udcc3\udca9\udcc3", "\ud83d\ude00\udc80"})
    void bytes_are_read_back_as_what_was_built(String text) {
        Expr expr = new Expr.VectorSelector("foo", List.of(Matcher.of(text, Matcher.Op.NOT_EQUAL, text)));
        assertThat(PromQl.parse(expr.toString())).isEqualTo(expr);
        Expr string = new Expr.StringLiteral(text);
        assertThat(PromQl.parse(string.toString())).isEqualTo(string);
    }

    @Test
    void labels_that_are_not_utf_8_are_refused() {
        List<String> labels = List.of("a", "\udc80");
        assertThatThrownBy(() -> Grouping.without(labels)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new VectorMatching(true, labels, VectorMatching.Group.NONE, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_duration_divided_by_zero_is_refused() {
        DurationExpr zero = new DurationExpr.Literal(0);
        DurationExpr step = new DurationExpr.Query(DurationExpr.Query.Length.STEP, SourceRange.NONE);
        for (DurationExpr.Op op : List.of(DurationExpr.Op.DIV, DurationExpr.Op.MOD)) {
            assertThatThrownBy(() -> new DurationExpr.Arithmetic(step, op, zero, SourceRange.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(PromQl.tryParse("foo[5m / 0]").problems()).hasSize(1);
        assertThat(PromQl.tryParse("foo[5m % -0s + 1 / 0]").problems()).hasSize(1);
    }

    @Test
    void a_clause_without_variables_is_no_template() {
        assertThat(new Grouping(false, List.of("a"), true)).isEqualTo(Grouping.by(List.of("a")));
        assertThat(new VectorMatching(
                        true,
                        List.of("a"),
                        VectorMatching.Group.LEFT,
                        List.of("b"),
                        Optional.empty(),
                        Optional.empty(),
                        true))
                .isEqualTo(new VectorMatching(true, List.of("a"), VectorMatching.Group.LEFT, List.of("b")));
    }
}
