package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemTest {

    private static List<String> messages(String query) {
        return PromQl.tryParse(query).problems().stream().map(Problem::message).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "                           | 1:1  | no expression found in input",
                "foo bar                    | 1:5  | unexpected identifier \"bar\"",
                "foo +                      | 1:6  | unexpected end of input",
                "foo + * bar                | 1:7  | unexpected <op:*>",
                "sum(foo bar)               | 1:9  | unexpected identifier \"bar\" in aggregation",
                "sum by foo (bar)           | 1:8  | unexpected identifier \"foo\" in grouping opts, expected \"(\"",
                "sum by (foo bar) (baz)     | 1:13 | unexpected identifier \"bar\" in grouping opts, expected \",\" or \")\"",
                "sum by (1) (baz)           | 1:9  | unexpected number \"1\" in grouping opts, expected label",
                "foo{a b}                   | 1:7  | unexpected identifier \"b\" in label matching, expected label matching operator",
                "foo{a=b}                   | 1:7  | unexpected identifier \"b\" in label matching, expected string",
                "foo{a=\"b\" c=\"d\"}       | 1:11 | unexpected identifier \"c\" in label matching, expected \",\" or \"}\"",
                "foo{,}                     | 1:5  | unexpected \",\" in label matching, expected identifier or \"}\"",
                "foo offset bar             | 1:12 | unexpected identifier \"bar\" in offset, expected number, duration, step(), or range()",
                "foo @ bar                  | 1:7  | unexpected identifier \"bar\" in @, expected timestamp",
                "foo[]                      | 1:5  | unexpected \"]\" in subquery or range selector, expected number, duration, step(), or range()",
                "foo[5m 5m]                 | 1:8  | unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"",
                "foo[5m:1m 5m]              | 1:11 | unexpected duration \"5m\" in subquery selector, expected \"]\"",
                "(foo                       | 1:5  | unclosed left parenthesis",
                "foo)                       | 1:5  | unexpected right parenthesis ')'",
                "foo{                       | 1:5  | unexpected end of input inside braces",
                "foo; bar                   | 1:4  | unexpected character: ';'",
                "foo =~ \"bar\"             | 1:5  | unexpected character after '=': '~'",
                "Rate(foo[5m])              | 1:1  | unknown function with name \"Rate\"",
                "rate(foo)                  | 1:6  | expected type range vector in call to function \"rate\", got instant vector",
                "rate(foo[5m], 1)           | 1:1  | expected 1 argument(s) in call to \"rate\", got 2",
                "round()                    | 1:1  | expected at least 1 argument(s) in call to \"round\", got 0",
                "hour(a, b)                 | 1:1  | expected at most 1 argument(s) in call to \"hour\", got 2",
                "rate(foo[5m],)             | 1:13 | trailing commas not allowed in function call args",
                "sum()                      | 1:1  | no arguments for aggregate expression provided",
                "sum(a, b)                  | 1:1  | wrong number of arguments for aggregate expression provided, expected 1, got 2",
                "sum(foo[5m])               | 1:5  | expected type instant vector in aggregation expression, got range vector",
                "topk(foo, bar)             | 1:6  | expected type scalar in aggregation parameter, got instant vector",
                "1 == 2                     | 1:3  | comparisons between scalars must use BOOL modifier",
                "foo + bool bar             | 1:5  | bool modifier can only be used on comparison operators",
                "foo and 1                  | 1:1  | set operator \"and\" not allowed in binary scalar expression",
                "foo and on(a) group_left bar | 1:1 | no grouping allowed for \"and\" operation",
                "foo + on(a) group_left(a) bar | 1:5 | label \"a\" must not occur in ON and GROUP clause at once",
                "foo + on(a) 1              | 1:1  | vector matching only allowed between instant vectors",
                "foo + fill(0) 1            | 1:1  | filling in missing series only allowed between instant vectors",
                "foo and fill(0) bar        | 1:1  | filling in missing series not allowed for set operators",
                "foo[5m] + 1                | 1:1  | binary expression must contain only scalar and instant vector types",
                "-\"a\"                     | 1:1  | unary expression only allowed on expressions of type scalar or instant vector, got \"string\"",
                "foo[5m][5m:]               | 1:1  | subquery is only allowed on instant vector, got matrix instead",
                "(foo)[5m]                  | 1:6  | ranges only allowed for vector selectors",
                "foo offset 1m[5m]          | 1:14 | no offset modifiers allowed before range",
                "foo @ 1[5m]                | 1:8  | no @ modifiers allowed before range",
                "foo offset 1m offset 1m    | 1:1  | offset may not be set multiple times",
                "sum(foo) offset 1m         | 1:1  | offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
                "foo @ inf                  | 1:1  | timestamp out of bounds for @ modifier: +Inf",
                "foo anchored smoothed      | 1:1  | anchored and smoothed modifiers cannot be used together",
                "foo[0]                     | 1:5  | duration must be greater than 0",
                "foo[5m/0]                  | 1:7  | division by zero",
                "foo[293y]                  | 1:5  | duration out of range",
                "{}                         | 1:1  | vector selector must contain at least one non-empty matcher",
                "{a=~\".*\"}                | 1:1  | vector selector must contain at least one non-empty matcher",
                "foo{__name__=\"bar\"}      | 1:1  | metric name must not be set twice: \"foo\" or \"bar\"",
                "info(foo, bar)             | 1:11 | expected label selectors only, got vector selector instead",
                "foo{a=~\"(\"}              | 1:5  | error parsing regexp: missing closing )",
                "sum by (\"\") (foo)        | 1:9  | invalid label name for grouping: \"\"",
            })
    void the_first_problem_is_that_of_prometheus(String query, String place, String message) {
        Problem first = PromQl.tryParse(query == null ? "" : query).problems().get(0);
        assertThat(first.line() + ":" + first.column()).isEqualTo(place);
        assertThat(first.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Rate(foo[5m])        | names of functions are in lower case: rate",
                "rat(foo[5m])         | did you mean rate?",
                "histogram_quantle(0.9, foo) | did you mean histogram_quantile?",
                "summ(foo)            | did you mean sum?",
                "median(foo)          | did you mean quantile(0.5, …)?",
                "holt_winters(foo[5m], 1, 1) | it is called double_exponential_smoothing since Prometheus 3",
                "foo = 1              | to compare, write ==",
                "1 > 2                | write > bool, which answers 0 or 1",
                "foo{a=b}             | values go in quotes: {job=\"b\"}",
                "foo{a==\"b\"}        | in braces = compares, == does not exist",
                "(foo)[5m]            | remove the parens, or write a subquery: (foo)[5m:]",
                "rate(foo)            | add a range in brackets: foo[5m]",
                "rate(sum(foo))       | add a subquery's range: (…)[5m:]",
                "sum(foo[5m])         | remove the brackets, or use a function of ranges such as rate(foo[5m])",
                "sum by job (foo)     | labels go in parens, even a single one: by (job)",
                "foo by (job)         | a grouping belongs to an aggregation: sum by (job) (foo)",
                "sum(foo,)            | remove the comma",
                "foo{a=\"\\.\"}       | to have a backslash in the text, write two, or put the text in `backticks`",
                "foo{a=\"b\"}[$__range] | it looks like a Grafana variable: fill it in first, or parse with the option templates",
                "foo && bar           | write and",
                "foo bar              | there is no operator before it",
                "foo 5m               | a range goes in brackets: foo[5m]",
                "foo[5 m]             | there is no space between a number and its unit",
                "foo[5min]            | minutes are m",
                "foo[1.5h]            | durations have no fractions: 1h30m, not 1.5h",
                "foo > 5MB            | PromQL has no units of size: write 1e6, or 1024 * 1024",
                "foo{a=~\"(?!b)\"}    | RE2 has no look-ahead and look-behind; a second matcher with !~ often does",
                "foo\u00a0            | it looks like a space, but is another character",
                "foo{a=“b”}           | write straight quotes",
                "foo offset 1m[5m]    | the brackets come first: foo[5m] offset 1h",
                "foo or 1             | turn the number into a vector: vector(1)",
                "{}                   | it would select all series: add a metric name, or a matcher that an empty value does not satisfy",
            })
    void a_slip_gets_a_hint(String query, String hint) {
        assertThat(PromQl.tryParse(query).problems().get(0).hint()).contains(hint);
    }

    @ParameterizedTest
    @CsvSource({"xyzzy(foo)", "f(foo)"})
    void a_name_like_no_other_gets_no_hint(String query) {
        assertThat(PromQl.tryParse(query).problems().get(0).hint()).isEmpty();
    }

    @Test
    void a_label_that_is_compared_and_taken_over_is_found_among_many() {
        String labels = "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r";
        assertThat(PromQl.tryParse("foo * on (x) group_left (" + labels + ") bar")
                        .isValid())
                .isTrue();
        for (String both : List.of("a", "i", "r")) {
            String query = "foo * on (x, " + both + ") group_left (" + labels + ") bar";
            assertThat(PromQl.tryParse(query).problems())
                    .extracting(Problem::message)
                    .containsExactly("label \"" + both + "\" must not occur in ON and GROUP clause at once");
        }
    }

    @Test
    void all_independent_problems_are_found() {
        assertThat(messages("Rate(foo[5m]) + sum(bar[5m]) / (baz qux) * rate(x, y z)"))
                .containsExactly(
                        "unknown function with name \"Rate\"",
                        "unexpected identifier \"qux\"",
                        "unexpected identifier \"z\"",
                        "expected type instant vector in aggregation expression, got range vector",
                        "expected 1 argument(s) in call to \"rate\", got 2",
                        "expected type range vector in call to function \"rate\", got instant vector");
        assertThat(messages("rate(5x, foo[5m]) + topk(, foo[5m]) + (foo bar) + (baz"))
                .containsExactly(
                        "bad number or duration syntax: \"5\"",
                        "unexpected \",\" in aggregation",
                        "unexpected identifier \"bar\"",
                        "unclosed left parenthesis",
                        "expected 1 argument(s) in call to \"rate\", got 2",
                        "expected type instant vector in aggregation expression, got range vector");
        assertThat(messages("foo{a=b, c d, e=\"f\"} + sum by x (1)"))
                .containsExactly(
                        "unexpected identifier \"b\" in label matching, expected string",
                        "unexpected identifier \"d\" in label matching, expected label matching operator",
                        "unexpected identifier \"x\" in grouping opts, expected \"(\"",
                        "expected type instant vector in aggregation expression, got scalar");
        assertThat(messages("foo{a=\"\\.\"} + 5x + Rate(bar)"))
                .containsExactly(
                        "unknown escape sequence U+002E '.'",
                        "bad number or duration syntax: \"5\"",
                        "unknown function with name \"Rate\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(a) / rate(b) = 1                     | 2",
                "rate(a) + $x                              | 1",
                "rate(foo) + smu(bar) + baz{a=1}           | 1",
                "rate(foo) + smu(bar) ; x                  | 1",
                "sum(rate(a) = 1) + rate(b)                | 2",
                "clamp(rate(a), rate(b) qux, 2) + rate(c)  | 3",
                "sum(rate(a) + (rate(b)                    | 2",
                "rate(a) + sum(rate(b) + (c ? d) + rate(e) | 2",
            })
    void types_are_checked_in_front_of_what_cannot_be_read(String query, int wrongTypes) {
        List<Problem> problems = PromQl.tryParse(query).problems();
        assertThat(problems.get(0).kind()).isEqualTo(Problem.Kind.SYNTAX);
        assertThat(problems.stream().filter(problem -> problem.kind() == Problem.Kind.TYPE))
                .hasSize(wrongTypes)
                .allSatisfy(problem -> assertThat(problem.message())
                        .isEqualTo("expected type range vector in call to function \"rate\", got instant vector"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo{a=\"b\",,}", "foo{,a=\"b\"}", "sum by (a,,b) (foo)", "abs(foo,)"})
    void a_comma_too_much_is_to_be_removed(String query) {
        assertThat(PromQl.tryParse(query).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.hint()).contains("remove the comma"));
    }

    @Test
    void a_problem_brings_no_others() {
        for (String query : List.of(
                "sum(a b)",
                "sum(a",
                "foo[1m/0]",
                "foo[0]",
                "sum by (a b) (foo)",
                "rate((foo)[5m])",
                "rate(foo[5x])",
                "foo[1M] offset 5m",
                "abs(Rate(foo[5m]) + 1)",
                "topk(sum())",
                "sum(foo) offset 5m > 1",
                "rate(foo @ bar)",
                "clamp(foo bar, 1, 2)",
                "foo{a=~\"(\"}",
                "{a=~\"(\"}",
                "foo offset 1e20",
                "info(foo, 1)",
                "a / on job b",
                "(a + on b) + c",
                "(sum(foo) by a) + c",
                "sum by job, instance (foo)",
                "{job=api}",
                "{x=}",
                "{c\"d\"}",
                "{=\"x\"}",
                "foo{a=,\"b\"}",
                "rate(x[5m)",
                "(END[)",
                "up([5m]",
                "rate(foo[]5m])",
                "(foo 5m])",
                "vector(61s{)",
                "tan(xa=\"b\"})",
                "topk(5, )",
                "histogram_fraction(0, 4, )",
                "histogram_fraction(0, , foo)",
                "rate(foo,[5m])",
                "round(foo, =5)",
                "topk(5, ]up)",
                "histogram_quantile(0.5 foo)",
                "time(=)",
                "5sum{}",
                "5foo[1s]",
                "sum(5foo)",
                "a 5or b",
                "a - xon(b) c",
                "a % () b",
                "a or on=(x) b",
                "sum by =(a) (x)",
                "sum by (a (x)",
                "sum(x) by a)",
                "a - on(b c",
                "sum(m by (f)",
                "foo;bar;baz")) {
            assertThat(messages(query)).as(query).hasSizeBetween(1, query.startsWith("topk") ? 2 : 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"foo = 5, ==", "foo =! 5, !=", "foo => 5, >=", "foo =< 5, <="})
    void a_wrong_comparison_is_told_the_right_one(String query, String operator) {
        assertThat(PromQl.tryParse(query).problems().get(0).hint()).contains("to compare, write " + operator);
    }

    @Test
    void messages_have_no_literals() {
        for (String query : List.of(
                "foo{password=\"secret\" \"secret\"}",
                "foo \"secret\"",
                "foo{a=~\"secret(\"}",
                "rate(\"secret\")",
                "foo{a=\"secret\\.\"}",
                "sum by (a \"secret\") (foo)")) {
            assertThatThrownBy(() -> PromQl.parse(query))
                    .isInstanceOf(PromQlException.class)
                    .hasMessageNotContaining("secret")
                    .extracting(e -> ((PromQlException) e).describe())
                    .asString()
                    .contains("secret");
        }
    }

    @Test
    void columns_count_characters_and_lines_count_from_one() {
        Problem problem =
                PromQl.tryParse("foo\n + {a=\"é\uD83D\uDE00\"} bar").problems().get(0);
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.column()).isEqualTo(13);
        assertThat(problem.range()).isEqualTo(new SourceRange(17, 20, 20, 23));
    }

    @Test
    void a_description_shows_the_line_with_carets_and_the_hint() {
        assertThat(PromQl.tryParse("sum(\n\tfoo = 1\n)").describe()).isEqualTo("""
                        2:6: parse error: unexpected "=" in aggregation
                          \tfoo = 1
                          \t    ^
                          to compare, write ==""");
        assertThat(PromQl.tryParse("Rate(foo[5m]) + sum(bar[5m])").describe()).isEqualTo("""
                        1:1: parse error: unknown function with name "Rate"
                          Rate(foo[5m]) + sum(bar[5m])
                          ^~~~
                          names of functions are in lower case: rate
                        1:21: parse error: expected type instant vector in aggregation expression, got range vector
                          Rate(foo[5m]) + sum(bar[5m])
                                              ^~~~~~~
                          remove the brackets, or use a function of ranges such as rate(foo[5m])""");
    }

    @Test
    void carets_stand_below_what_is_wide_in_a_terminal_or_has_no_width() {
        assertThat(PromQl.tryParse("a{b=\"\u65e5\u672c\uff21\"} )")
                        .describe()
                        .lines()
                        .skip(2)
                        .findFirst())
                .hasValue(" ".repeat(17) + "^");
        assertThat(PromQl.tryParse("a{b=\"e\u0301\uff71\"} )")
                        .describe()
                        .lines()
                        .skip(2)
                        .findFirst())
                .hasValue(" ".repeat(13) + "^");
        assertThat(PromQl.tryParse("\u65e5\u672c").describe().lines().skip(2).findFirst())
                .hasValue("  ^~~~");
        assertThat(PromQl.tryParse("\u0301").describe().lines().skip(2).findFirst())
                .hasValue("  ^");
    }

    @Test
    void what_is_shown_does_not_control_the_terminal() {
        assertThat(PromQl.tryParse("foo \u001b[31m\r\u009b").describe())
                .contains("foo \ufffd[31m \ufffd")
                .doesNotContain("\u001b");
    }

    @Test
    void a_long_line_is_shown_in_part() {
        String query = "foo + ".repeat(100) + "bar baz" + " + foo".repeat(100);
        String[] lines = PromQl.tryParse(query).describe().split("\n", -1);
        assertThat(lines[1]).hasSizeLessThan(250).startsWith("  …").endsWith("…");
        int caret = lines[2].indexOf('^');
        assertThat(lines[1].substring(caret, caret + 3)).isEqualTo("baz");
    }

    @Test
    void an_exception_counts_what_else_is_wrong() {
        assertThatThrownBy(() -> PromQl.parse("Rate(a) + (b c) + (d e)"))
                .hasMessage("1:1: parse error: unknown function with name \"Rate\""
                        + " (names of functions are in lower case: rate), and 2 more problems");
    }

    @Test
    void a_tree_with_type_problems_is_given_and_one_with_syntax_problems_not() {
        assertThat(PromQl.tryParse("rate(foo)").expr()).isPresent();
        assertThat(PromQl.tryParse("rate(foo").expr()).isEmpty();
        assertThat(PromQl.tryParse("rate(foo)").problems().get(0).kind()).isEqualTo(Problem.Kind.TYPE);
        assertThat(PromQl.tryParse("rate(foo").problems().get(0).kind()).isEqualTo(Problem.Kind.SYNTAX);
    }

    @Test
    void a_character_that_stands_for_unreadable_ones_is_shown_as_it_is() {
        assertThat(PromQl.tryParse("foo \uFFFD").problems().get(0).message())
                .isEqualTo("unexpected character: '\uFFFD'");
    }
}
