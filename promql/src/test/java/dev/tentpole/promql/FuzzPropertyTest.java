package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the text, there is an answer. */
final class FuzzPropertyTest {

    private static final List<ParseOptions> OPTIONS = List.of(
            ParseOptions.defaults(),
            ParseOptions.builder().templates(true).build(),
            ParseOptions.builder()
                    .level(LanguageLevel.PROMETHEUS_3_5)
                    .templates(true)
                    .build(),
            ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_14),
            ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_5));

    @Property(tries = 20_000)
    void any_words_in_any_order_get_an_answer(@ForAll("words") String text) {
        answered(text);
    }

    @Property(tries = 5000)
    void any_characters_get_an_answer(@ForAll String text) {
        answered(text);
    }

    private static void answered(String text) {
        for (ParseOptions options : OPTIONS) {
            ParseResult result = PromQl.tryParse(text, options);
            assertThat(result.isValid()).isEqualTo(result.problems().isEmpty());
            for (Problem problem : result.problems()) {
                assertThat(problem.range().end()).isLessThanOrEqualTo(text.length());
                assertThat(problem.line()).isPositive();
                assertThat(problem.column()).isPositive();
                assertThat(problem.describe(text)).contains(problem.message());
            }
            result.expr().ifPresent(expr -> {
                assertThat(expr.range().end()).isLessThanOrEqualTo(text.length());
                // The parser's trees keep what the options allow, so they are read back with the same options.
                assertThat(PromQl.tryParse(expr.toString(), options).expr()).contains(expr);
            });
            try {
                assertThat(PromQl.parseSelector(text, options).toString()).isNotEmpty();
            } catch (PromQlException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of(
                        "(",
                        ")",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "+",
                        "-",
                        "*",
                        "/",
                        "%",
                        "^",
                        "==",
                        "!=",
                        "=~",
                        "!~",
                        "<",
                        ">=",
                        "</",
                        ">/",
                        "=",
                        "@",
                        "offset",
                        "by",
                        "without",
                        "on",
                        "ignoring",
                        "group_left",
                        "group_right",
                        "bool",
                        "fill",
                        "fill_left",
                        "fill(0)",
                        "anchored",
                        "smoothed",
                        "start",
                        "end()",
                        "step",
                        "range()",
                        "max_of",
                        "min_of(1,2)",
                        "sum",
                        "topk",
                        "rate",
                        "Rate",
                        "count_values",
                        "foo",
                        "a:b",
                        "inf",
                        "nan",
                        "1",
                        "5m",
                        "0",
                        "0x1f",
                        "1e3",
                        "1h30m",
                        "0755",
                        "5x",
                        "1.5h",
                        "\"a\"",
                        "'b'",
                        "`c`",
                        "\"\"",
                        "\"\\xff\"",
                        "\"\\.\"",
                        "{a=\"b\"}",
                        "{}",
                        "[5m]",
                        "[5m:]",
                        "[(5m)]",
                        "and",
                        "or",
                        "unless",
                        "atan2",
                        "by (a)",
                        "on(a)",
                        "group_left(b)",
                        "offset -5m",
                        "offset (5m)",
                        "@ 5",
                        "@ start()",
                        "info",
                        "time()",
                        "a=~\"(\"",
                        "__name__=\"x\"",
                        " ",
                        "\n",
                        "# c\n",
                        "#",
                        "$",
                        "$x",
                        "${x}",
                        "[[x]]",
                        "${x:csv}",
                        "$__range",
                        "é",
                        "~",
                        "!",
                        "\uD83D\uDE00",
                        "\uD800",
                        "\uDCFF",
                        "\uFFFD",
                        "\u0000",
                        "label_replace",
                        "\"$x\"")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join(parts.size() % 2 == 0 ? " " : "", parts));
    }
}
