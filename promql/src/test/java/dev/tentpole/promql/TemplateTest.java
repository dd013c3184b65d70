package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {

    private static final ParseOptions TEMPLATES =
            ParseOptions.builder().templates(true).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(foo[$__rate_interval])",
                "rate(foo[${__rate_interval}])",
                "rate(foo[[[interval]]])",
                "rate(foo[${__range_s}s])",
                "rate(foo[5$unit])",
                "rate(foo[$a:$b])",
                "rate(foo[$a:])",
                "foo[2 * $__interval + 1m]",
                "foo offset $x",
                "foo offset -$x",
                "foo offset $x * 2",
                "foo @ $__to",
                "foo @ -$x",
                "foo[5m] @ -5$x offset 1m",
                "topk($n, foo)",
                "foo > $threshold",
                "$query / 2",
                "$metric{job=\"api\"}",
                "$metric{} + abs($metric{})",
                "${metric:raw}[5m]",
                "[[metric]]{a=\"b\"}",
                "${ns}_requests_total{a=\"b\"}",
                "foo_$bar{a=\"b\"} offset 5m",
                "job:foo:$interval",
                "foo{job=~\"$job\"}",
                "foo{job=~\"${job:regex}(\"}",
                "foo[5m + [[x]]:]",
                "foo[2 * [[x]]:1m]",
                "foo[5m + $x:1m]",
                "histogram_quantile(0.$q, rate(foo[5m]))",
                "histogram_quantile(0.${q}, foo)",
                "foo > 5$x",
                "foo * 1.5${exponent}",
                "topk(1$n, foo)",
                "foo[0.$x]",
                "foo{job=${job:doublequote}}",
                "foo{a=\"b\",job=~${job:singlequote}}",
                "foo{$filters}",
                "foo{$filters,a=\"b\"}",
                "foo{$label=\"x\"}",
                "sum by ($label) (foo)",
                "sum by (a, ${label:csv}, b) (foo)",
                "a / on ($label) group_left ($other) b",
                "$func(foo[5m])",
                "$agg by (job) (foo)",
                "${agg}(foo)",
                "{job=~\"$job\"}",
                "sum($a) + max_over_time($b[5m:$__interval])",
            })
    void variables_are_read_and_printed_back_unchanged(String query) {
        Expr expr = PromQl.parse(query, TEMPLATES);
        assertThat(expr).hasToString(query);
        assertThat(PromQl.parse(PromQl.format(expr, 5), TEMPLATES)).isEqualTo(expr);
        assertThat(PromQl.tryParse(query).isValid()).isEqualTo(query.matches("\\{?(foo\\{)?job=~\"\\$job\"\\}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topk($n, foo)        | $n    | SCALAR",
                "rate($range)         | $range | RANGE_VECTOR",
                "label_replace(foo, $a, $b, $c, $d) | $a | STRING",
                "sum($x)              | $x    | INSTANT_VECTOR",
                "foo / $__range_s     | $__range_s | SCALAR",
                "foo / [[__range_s]]  | [[__range_s]] | SCALAR",
                "foo / ${__range_s:raw} | ${__range_s:raw} | SCALAR",
                "foo > ${__from:date:seconds} | ${__from:date:seconds} | SCALAR",
                "foo / 0.$x           | 0.$x  | SCALAR",
                "foo / ${__ranges}    | ${__ranges} | INSTANT_VECTOR",
                "foo > $x             | $x    | INSTANT_VECTOR",
            })
    void a_variable_has_the_type_that_fits(String query, String variable, ValueType type) {
        List<Expr.Placeholder> placeholders = new ArrayList<>();
        PromQl.parse(query, TEMPLATES).forEach(part -> {
            if (part instanceof Expr.Placeholder placeholder) {
                placeholders.add(placeholder);
            }
        });
        assertThat(placeholders)
                .filteredOn(placeholder -> placeholder.text().equals(variable))
                .singleElement()
                .extracting(Expr.Placeholder::type)
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$a > $b", "$a and $b", "rate($a) + $b", "-$a", "$a[5m:]", "abs($f(1)) > 2", "($a) == 1"})
    void a_variable_is_never_a_type_error(String query) {
        assertThat(PromQl.tryParse(query, TEMPLATES).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"rate(foo) + $a", "sum(foo[$x])", "foo[$x] > $y", "foo{job=$job}", "foo{job=~${job:regex}}"})
    void what_is_wrong_beside_variables_is_found(String query) {
        assertThat(PromQl.tryParse(query, TEMPLATES).problems()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1$x{}", "1[[x]]{a=\"b\"}", "1$x[5m]", "1$x @ 5"})
    void a_number_with_variables_in_it_is_no_name(String query) {
        assertThat(PromQl.tryParse(query, TEMPLATES).problems()).isNotEmpty();
        assertThatThrownBy(() -> PromQl.parseSelector(query, TEMPLATES)).isInstanceOf(PromQlException.class);
        assertThatThrownBy(() -> new Expr.VectorSelector("1$x", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_variable_with_quotes_of_its_own_is_not_the_same_in_quotes() {
        Expr bare = PromQl.parse("foo{job=${job:doublequote}}", TEMPLATES);
        Expr quoted = PromQl.parse("foo{job=\"${job:doublequote}\"}", TEMPLATES);
        assertThat(bare).isNotEqualTo(quoted);
        assertThat(quoted).hasToString("foo{job=\"${job:doublequote}\"}");
        assertThat(Optimizer.optimize(bare).expr()).isSameAs(bare);
    }

    @Test
    void a_dollar_in_quotes_is_a_character() {
        Expr expr = PromQl.parse("sum by (\"$x\") (foo{\"$y\"=\"$z\"})");
        assertThat(expr).hasToString("sum by (\"$x\") (foo{\"$y\"=\"$z\"})").isEqualTo(PromQl.parse(expr.toString()));
    }

    @Test
    void a_placeholder_is_one_word_with_a_variable() {
        for (String text : List.of("$a", "${a:csv}", "[[a]]", "5$a", "0.${a}", "1.5$a$b")) {
            Expr placeholder = new Expr.Placeholder(text, ValueType.RANGE_VECTOR, SourceRange.NONE);
            assertThat(PromQl.parse(text, TEMPLATES)).isEqualTo(placeholder).hasSameHashCodeAs(placeholder);
        }
        for (String text : List.of("", "a", "$", "$a b", "${a", "[[a]", "$a + 1", "a$b", "$a$b", "0..$a")) {
            assertThatThrownBy(() -> new Expr.Placeholder(text, ValueType.SCALAR, SourceRange.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String text : List.of("$a:b", "a$b", "step$a")) {
            assertThatThrownBy(() -> new DurationExpr.Placeholder(text, SourceRange.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(PromQl.tryParse("foo[" + text + "]", TEMPLATES).isValid())
                    .as(text)
                    .isFalse();
        }
    }
}
