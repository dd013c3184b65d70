package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrinterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "SUM BY(a,b)(foo)                 | sum by (a, b) (foo)",
                "sum(foo) without(a)              | sum without (a) (foo)",
                "sum by () (foo)                  | sum(foo)",
                "topk by (a) (5,foo)              | topk by (a) (5, foo)",
                "foo{}                            | foo",
                "foo{b=\"1\",a='2'}               | foo{a=\"2\",b=\"1\"}",
                "{\"foo\"}                        | {__name__=\"foo\"}",
                "{\"a:b\"=\"c\"}                  | {\"a:b\"=\"c\"}",
                "a/on()b                          | a / on () b",
                "a/ignoring()b                    | a / b",
                "a/ignoring()group_left b         | a / ignoring () group_left () b",
                "a==BOOL 1                        | a == bool 1",
                "a+fill_left(1)fill_right(1)b     | a + fill (1) b",
                "a+fill(1e21)b                    | a + fill (1e+21) b",
                "a+fill(0.00001)b                 | a + fill (1e-05) b",
                "a+fill_right(nan)fill_left(nan)b | a + fill_left (NaN) fill_right (NaN) b",
                "foo[60]                          | foo[1m]",
                "foo[25h]                         | foo[1d1h]",
                "foo[14d]                         | foo[2w]",
                "foo[365d]                        | foo[1y]",
                "foo[90d]                         | foo[90d]",
                "foo[1h:]                         | foo[1h:]",
                "foo @ 5                          | foo @ 5.000",
                "foo offset -5m                   | foo offset -5m",
                "foo offset 0s                    | foo",
                "1e21                             | 1000000000000000000000",
                "-0                               | -0",
                "0.1                              | 0.1",
                "1e-7                             | 0.0000001",
                "inf                              | +Inf",
                "'a\"\\n\\x7f\u00a0é☺'            | \"a\\\"\\n\\x7f\\u00a0é☺\"",
                "((a))                            | ((a))",
                "foo[(((5m)))]                    | foo[(5m)]",
            })
    void the_one_line_form_is_that_of_prometheus(String text, String form) {
        assertThat(PromQl.parse(text).toString()).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo[0.0004]               | foo[0.0004]",
                "foo offset 1.0005         | foo offset 1.0005",
                "foo[1.001]                | foo[1s1ms]",
                "foo offset --5m * 2       | foo offset ++5m * 2",
                "foo offset -+5m * 2       | foo offset ++-5m * 2",
                "foo offset +-step() * 2   | foo offset ++-step() * 2",
                "foo offset (5m) * 2       | foo offset (5m) * 2",
                "foo offset +(5m) * 2      | foo offset +(5m) * 2",
                "foo offset +(5m) > 2      | foo offset (5m) > 2",
                "bar - foo @ end() offset +(5m) * 2 | bar - foo @ end() offset +(5m) * 2",
                "rate(foo[5m] offset +(5m)) * 2 | rate(foo[5m] offset (5m)) * 2",
                "foo offset nan            | foo offset -9223372036.854776",
                "'info(a, {})'             | 'info(a, {})'",
                "Inf ^ 2                   | Inf ^ 2",
                "foo[9223372036.8]         | foo[106751d23h47m16s800ms]",
            })
    void what_prometheus_prints_with_another_meaning_keeps_its_own(String text, String form) {
        Expr expr = PromQl.parse(text);
        assertThat(expr.toString()).isEqualTo(form);
        assertThat(PromQl.parse(form)).isEqualTo(expr);
    }

    @ParameterizedTest
    @CsvSource({
        "2e23, 200000000000000000000000",
        "1e23, 100000000000000000000000",
        "8.41e21, 8410000000000000000000",
        "9.5367431640625e-7, 0.00000095367431640625",
        "0.1, 0.1",
        "123456789.125, 123456789.125",
    })
    void the_fewest_digits_are_printed_on_every_jdk(String text, String form) {
        assertThat(PromQl.parse(text)).hasToString(form).isEqualTo(PromQl.parse(form));
    }

    @Test
    void long_expressions_are_split_into_their_parts() {
        Expr expr = PromQl.parse("sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m]))"
                + " / on (job) group_left topk(5, -rate(http_requests_total[5m]))");
        assertThat(PromQl.format(expr, 40)).isEqualTo("""
                          sum by (job) (
                            rate(
                              http_requests_total{code=~"5.."}[5m]
                            )
                          )
                        / on (job) group_left ()
                          topk(5, -rate(http_requests_total[5m]))""");
        assertThat(PromQl.format(expr, 38)).endsWith("  topk(\n    5,\n    -rate(http_requests_total[5m])\n  )");
        assertThat(PromQl.format(expr, 1000)).isEqualTo(expr.toString());
    }

    @Test
    void a_subquery_on_a_line_of_its_own_is_indented() {
        Expr expr = PromQl.parse("max_over_time(rate(foo[5m])[1h:1m])");
        assertThat(PromQl.format(expr, 25)).isEqualTo("""
                        max_over_time(
                          rate(foo[5m])[1h:1m]
                        )""");
        assertThat(PromQl.format(expr, 15)).isEqualTo("""
                        max_over_time(
                          rate(foo[5m])[1h:1m]
                        )""");
        assertThat(PromQl.format(PromQl.parse("(-(aaaa + bbbb))[1h:1m]"), 5)).isEqualTo("""
                        (
                          -(
                              aaaa
                            +
                              bbbb
                          )
                        )[1h:1m]""");
    }

    @Test
    void width_counts_bytes() {
        Expr expr = PromQl.parse("abs({\"éé\"})");
        assertThat(PromQl.format(expr, 21)).contains("\n");
        assertThat(PromQl.format(expr, 22)).doesNotContain("\n");
    }

    @Test
    void a_width_below_one_is_refused_with_value_and_range() {
        assertThatThrownBy(() -> PromQl.format(PromQl.parse("1"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width = 0 is not in 1..2147483647");
    }

    @Test
    void an_offset_that_starts_with_two_signs_needs_no_more_of_them() {
        assertThat(PromQl.parse("foo offset - -(1000)*2")).hasToString("foo offset --(1000) * 2");
        assertThat(PromQl.parse("foo offset --(1000) * 2")).isEqualTo(PromQl.parse("foo offset ++--(1000) * 2"));
    }
}
