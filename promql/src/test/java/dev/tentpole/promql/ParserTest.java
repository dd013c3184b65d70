package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParserTest {

    private static Expr.VectorSelector vector(String name, Matcher... matchers) {
        return new Expr.VectorSelector(name, List.of(matchers));
    }

    private static Expr.NumberLiteral number(double value) {
        return new Expr.NumberLiteral(value);
    }

    private static Expr call(String function, Expr... arguments) {
        return new Expr.Call(FunctionSignature.of(function).orElseThrow(), List.of(arguments));
    }

    private static DurationExpr seconds(double value) {
        return new DurationExpr.Literal(value);
    }

    @Test
    void a_selector_has_a_name_and_matchers() {
        assertThat(PromQl.parse("foo{a=\"1\",b!='2',c=~`3`,d!~\"4\",}"))
                .isEqualTo(vector(
                        "foo",
                        Matcher.of("a", Matcher.Op.EQUAL, "1"),
                        Matcher.of("b", Matcher.Op.NOT_EQUAL, "2"),
                        Matcher.of("c", Matcher.Op.REGEX, "3"),
                        Matcher.of("d", Matcher.Op.NOT_REGEX, "4")));
    }

    @Test
    void a_lone_string_in_braces_is_the_metric_name() {
        assertThat(PromQl.parse("{\"a b\", \"c d\"=\"1\"}"))
                .isEqualTo(vector(
                        "", Matcher.of("__name__", Matcher.Op.EQUAL, "a b"), Matcher.of("c d", Matcher.Op.EQUAL, "1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum",
                "by",
                "without",
                "and",
                "or",
                "unless",
                "offset",
                "start",
                "end",
                "step",
                "range",
                "smoothed",
                "anchored",
                "fill",
                "rate",
                "topk",
                "a:b",
                ":a",
                "_",
                "infinity",
                "max_of"
            })
    void keywords_can_be_metric_names(String name) {
        assertThat(PromQl.parse(name)).isEqualTo(vector(name));
        assertThat(PromQl.parse(name + " + " + name))
                .isEqualTo(new Expr.Binary(vector(name), BinaryOp.ADD, vector(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"atan2", "bool", "on", "ignoring", "group_left", "group_right", "inf{}", "NaN{}"})
    void some_keywords_can_not(String name) {
        assertThat(PromQl.tryParse(name).isValid()).isFalse();
    }

    @Test
    void keywords_are_labels_in_braces_and_mostly_in_groupings() {
        assertThat(PromQl.parse("foo{by=\"a\",inf=\"b\",on=\"c\"}").children()).isEmpty();
        assertThat(PromQl.parse("sum by (by, on, bool, offset) (foo)").toString())
                .isEqualTo("sum by (by, on, bool, offset) (foo)");
        assertThat(PromQl.tryParse("sum by (without) (foo)").isValid()).isFalse();
        assertThat(PromQl.parse("sum by (\"without\") (foo)").toString()).isEqualTo("sum by (\"without\") (foo)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a + b * c         | a + (b * c)",
                "a * b + c         | (a * b) + c",
                "a - b - c         | (a - b) - c",
                "a ^ b ^ c         | a ^ (b ^ c)",
                "a unless b or c and d | (a unless b) or (c and d)",
                "a and b unless c  | (a and b) unless c",
                "a < b < c         | (a < b) < c",
                "a == b + c        | a == (b + c)",
                "a atan2 b * c     | (a atan2 b) * c",
                "a </ b + c        | a </ (b + c)",
                "-a ^ b            | -(a ^ b)",
                "-a * b            | (-a) * b",
                "a * -b ^ c        | a * (-(b ^ c))",
                "a ^ -b ^ c        | a ^ (-(b ^ c))",
                "a ^ -b * c        | (a ^ (-b)) * c",
                "a + -b            | a + (-b)",
            })
    void operators_group_by_how_tightly_they_bind(String text, String grouped) {
        Expr withoutParens =
                PromQl.parse(grouped).rewrite(expr -> expr instanceof Expr.Paren paren ? paren.inner() : expr);
        // Taking parens away puts back those that are needed; here none is.
        assertThat(PromQl.parse(text)).isEqualTo(withoutParens);
        assertThat(PromQl.parse(text).children())
                .hasSameSizeAs(PromQl.parse(grouped).children());
    }

    @Test
    void signs_before_numbers_are_theirs() {
        assertThat(PromQl.parse("-1")).isEqualTo(number(-1));
        assertThat(PromQl.parse("--1")).isEqualTo(number(1));
        assertThat(PromQl.parse("+-  1")).isEqualTo(number(-1));
        assertThat(PromQl.parse("-1 ^ 2"))
                .isEqualTo(new Expr.Unary(true, new Expr.Binary(number(1), BinaryOp.POW, number(2))));
        assertThat(PromQl.parse("-(1)")).isEqualTo(new Expr.Unary(true, new Expr.Paren(number(1))));
    }

    @ParameterizedTest
    @CsvSource({
        "1_000, 1000",
        ".5, 0.5",
        "5., 5",
        "1e3, 1000",
        "1E+3, 1000",
        "0x1F, 31",
        "0X1f, 31",
        "0x_1F, 31",
        "0x1_F, 31",
        "0755, 493",
        "017, 15",
        "08, 8",
        "0, 0",
        "1e-3, 0.001",
        "0.3, 0.3",
        ".7, 0.7",
        "5., 5",
        "00.5, 0.5",
        "010.5, 10.5",
        "9007199254740993, 9007199254740992",
        "9223372036854775808, 9223372036854775808",
        "0777777777777777777777777, 777777777777777777777777"
    })
    void numbers_are_read_as_go_reads_them(String text, double value) {
        assertThat(PromQl.parse(text)).isEqualTo(number(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1__0",
                "1_",
                "1._5",
                "1e",
                "1e+",
                "1.2.3",
                "1e3.5",
                "0x1p4",
                "0x1.8",
                "0b11",
                "0o17",
                "1i",
                "1e309",
                "0x",
                "0xffffffffffffffffff",
                "1.5h",
                "30s5m",
                "1h1h",
                "1M",
                "1hs",
                "293y"
            })
    void what_is_no_number_is_refused(String text) {
        assertThat(PromQl.tryParse(text).isValid()).isFalse();
        assertThat(PromQl.tryParse("foo[" + text + "]").isValid()).isFalse();
    }

    @Test
    void infinity_and_nan_have_no_case() {
        assertThat(PromQl.parse("inF")).isEqualTo(number(Double.POSITIVE_INFINITY));
        assertThat(PromQl.parse("-Inf")).isEqualTo(number(Double.NEGATIVE_INFINITY));
        assertThat(PromQl.parse("nAn")).isEqualTo(number(Double.NaN));
    }

    @Test
    void durations_are_numbers() {
        assertThat(PromQl.parse("1h30m")).isEqualTo(new Expr.NumberLiteral(5400, true, SourceRange.NONE));
        assertThat(PromQl.parse("vector(5m)"))
                .isEqualTo(call("vector", new Expr.NumberLiteral(300, true, SourceRange.NONE)));
        assertThat(PromQl.parse("1y2w3d4h5m6s7ms"))
                .isEqualTo(new Expr.NumberLiteral(33019506.007, true, SourceRange.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"a\"          | a",
                "'a\"b'         | a\"b",
                "`a\\n`         | a\\n",
                "\"\\x41\\101\" | AA",
                "\"\\u00e9\"    | é",
                "\"\\U0001F600\"| \uD83D\uDE00",
                "\"\\xc3\\xa9\" | é",
                "\"\\xff\"      | \uDCFF",
                "\"\\\"\\\\\"   | \"\\",
            })
    void strings_are_read_as_go_reads_them(String text, String value) {
        assertThat(PromQl.parse(text)).isEqualTo(new Expr.StringLiteral(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "'a",
                "`a",
                "\"\\'\"",
                "'\\\"'",
                "\"\\.\"",
                "\"\\xg0\"",
                "\"\\400\"",
                "\"\\ud800\"",
                "\"a\nb\"",
                "\"\\",
                "\"\\U00110000\"",
                "\"\uFFFD\"",
                "`\uFFFD`",
                "\"\\u12\""
            })
    void what_is_no_string_is_refused(String text) {
        assertThat(PromQl.tryParse(text).isValid()).isFalse();
    }

    @Test
    void ranges_offsets_and_times_stand_behind_selectors() {
        Modifiers modifiers = new Modifiers(
                Optional.of(new Modifiers.At.Time(1500)), Optional.of(seconds(60)), Modifiers.Edge.SMOOTHED);
        Expr expected = new Expr.MatrixSelector(vector("foo"), seconds(300), modifiers, SourceRange.NONE);
        assertThat(PromQl.parse("foo[5m] smoothed @ 1.5 offset 1m")).isEqualTo(expected);
        assertThat(PromQl.parse("foo[300] offset 60 @ 1.5 smoothed")).isEqualTo(expected);
        assertThat(PromQl.parse("foo smoothed[5m] offset 1m @ 1.5")).isEqualTo(expected);
        assertThat(PromQl.parse("foo @ END()").toString()).isEqualTo("foo @ end()");
    }

    @Test
    void a_subquery_may_leave_its_step_to_the_server() {
        assertThat(PromQl.parse("foo[1h:]"))
                .isEqualTo(new Expr.Subquery(
                        vector("foo"), seconds(3600), Optional.empty(), Modifiers.NONE, SourceRange.NONE));
        assertThat(PromQl.parse("foo[1h:5m]"))
                .isEqualTo(new Expr.Subquery(
                        vector("foo"), seconds(3600), Optional.of(seconds(300)), Modifiers.NONE, SourceRange.NONE));
    }

    @Test
    void an_offset_is_the_first_literal_unless_it_starts_with_parens_or_two_signs() {
        assertThat(PromQl.parse("foo offset 5m * 2")).isInstanceOf(Expr.Binary.class);
        assertThat(PromQl.parse("foo offset -2^2")).isInstanceOf(Expr.Binary.class);
        assertThat(PromQl.parse("foo offset step() * 2")).isInstanceOf(Expr.Binary.class);
        assertThat(PromQl.parse("foo offset +(5m) * 2").children())
                .containsExactly(PromQl.parse("foo offset (5m)"), PromQl.parse("2"));
        assertThat(PromQl.parse("foo offset -(5m) * 2")).isInstanceOf(Expr.Binary.class);
        assertThat(PromQl.parse("foo offset min_of(1m, 2m) * 2")).isInstanceOf(Expr.Binary.class);
        assertThat(PromQl.parse("foo offset (5m) * 2")).isInstanceOf(Expr.VectorSelector.class);
        assertThat(PromQl.parse("foo offset --5m * 2")).isInstanceOf(Expr.VectorSelector.class);
        assertThat(PromQl.tryParse("foo offset (1m) * bar").isValid()).isFalse();
    }

    @Test
    void durations_are_calculated() {
        DurationExpr window = ((Expr.MatrixSelector) PromQl.parse("foo[2 * (5m + 1m) - 10 ^ 2]")).window();
        assertThat(window.seconds()).hasValue(620);
        DurationExpr withStep = ((Expr.MatrixSelector) PromQl.parse("foo[max_of(step() * 4, 5m)]")).window();
        assertThat(withStep.seconds()).isEmpty();
        assertThat(withStep.toString()).isEqualTo("max_of(step() * 4, 5m)");
    }

    @Test
    void an_aggregation_has_its_clause_before_or_behind() {
        Expr expected = new Expr.Aggregation(AggregateOp.SUM, Grouping.by(List.of("a", "b")), vector("foo"));
        assertThat(PromQl.parse("sum by (a, b) (foo)")).isEqualTo(expected);
        assertThat(PromQl.parse("SUM(foo) BY (a, \"b\",)")).isEqualTo(expected);
        assertThat(PromQl.parse("sum by () (foo)"))
                .isEqualTo(new Expr.Aggregation(AggregateOp.SUM, Grouping.NONE, vector("foo")));
        assertThat(PromQl.parse("sum without () (foo)"))
                .isEqualTo(new Expr.Aggregation(AggregateOp.SUM, Grouping.without(List.of()), vector("foo")));
    }

    @Test
    void an_operator_has_matching() {
        Expr.Binary binary = (Expr.Binary) PromQl.parse("a / on (x, y) group_left (z) fill_left (1) fill_right (-2) b");
        assertThat(binary.matching())
                .isEqualTo(new VectorMatching(
                        true,
                        List.of("x", "y"),
                        VectorMatching.Group.LEFT,
                        List.of("z"),
                        Optional.of(1.0),
                        Optional.of(-2.0),
                        false));
        assertThat(((Expr.Binary) PromQl.parse("a == bool b")).bool()).isTrue();
        assertThat(PromQl.parse("1 + on () 2")).isEqualTo(PromQl.parse("1 + 2"));
        assertThat(PromQl.parse("fill + fill (0) fill").toString()).isEqualTo("fill + fill (0) fill");
    }

    @Test
    void comments_and_white_space_separate_words() {
        String text = "# first\nsum ( # of\r\n\tfoo { # all\n} [5m # behind a number\n:]\n) # end";
        assertThat(PromQl.parse("count_over_time(foo[5m:])"))
                .isEqualTo(PromQl.parse("count_over_time(\n# a\nfoo[5m # b\n:] # c\n)#"));
        assertThat(PromQl.tryParse(text).problems()).hasSize(1);
        assertThat(PromQl.tryParse("foo[ # not before a number\n5m]").isValid()).isFalse();
        assertThat(PromQl.tryParse("foo\u00a0").isValid()).isFalse();
    }

    @Test
    void ranges_count_characters_and_bytes() {
        Expr.Binary binary = (Expr.Binary) PromQl.parse("foo{a=\"é☺\uD83D\uDE00\"} + -bar offset 5m");
        assertThat(binary.range()).isEqualTo(new SourceRange(0, 30, 0, 35));
        assertThat(binary.left().range()).isEqualTo(new SourceRange(0, 13, 0, 18));
        assertThat(binary.right().range()).isEqualTo(new SourceRange(16, 30, 21, 35));
        assertThat(((Expr.VectorSelector) binary.left()).matchers().get(0).range())
                .isEqualTo(new SourceRange(4, 12, 4, 17));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' sum ( foo ) by ( a ) + 1 ' | sum ( foo ) by ( a )",
                "'(sum(a) # x\n)'              | sum(a)",
                "'(foo offset (5m) )'         | foo offset (5m)",
                "'( rate ( foo [ 5m ] ) )'    | rate ( foo [ 5m ] )",
                "'- foo [ 5m : ] @ 5 + 1'     | - foo [ 5m : ] @ 5",
            })
    void a_range_ends_with_the_last_token(String text, String part) {
        Expr expr = PromQl.tryParse(text).expr().orElseThrow().children().get(0);
        assertThat(expr.range().of(text)).isEqualTo(part);
    }

    @Test
    void a_bare_selector_has_no_modifiers_and_may_be_empty() {
        assertThat(PromQl.parseSelector("{}").matchers()).isEmpty();
        assertThat(PromQl.parseSelector("foo{a=~\".*\"}").allMatchers())
                .containsExactly(
                        Matcher.of("a", Matcher.Op.REGEX, ".*"), Matcher.of("__name__", Matcher.Op.EQUAL, "foo"));
        for (String text : List.of("", "foo[5m]", "foo offset 5m", "foo + bar", "foo bar", "(foo)", "{", "foo{", "1")) {
            assertThatThrownBy(() -> PromQl.parseSelector(text)).as(text).isInstanceOf(PromQlException.class);
        }
    }
}
