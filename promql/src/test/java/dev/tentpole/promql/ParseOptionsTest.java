package dev.tentpole.promql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParseOptionsTest {

    private static final ParseOptions LEVEL_3_5 =
            ParseOptions.builder().level(LanguageLevel.PROMETHEUS_3_5).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foo smoothed",
                "foo[5m] anchored",
                "a + fill(0) b",
                "a </ 1",
                "a >/ 1",
                "foo[step()]",
                "foo[max_of(1m, 2m)]",
                "foo offset range()",
                "first_over_time(foo[5m])",
                "start()",
                "histogram_quantiles(foo, \"q\", 0.5)"
            })
    void what_came_after_3_5_is_not_in_3_5(String query) {
        assertThat(PromQl.tryParse(query).isValid()).isTrue();
        assertThat(PromQl.tryParse(query, LEVEL_3_5).isValid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"m @ start()[5m]", "foo[(5m)]", "foo[5m * 2]", "limitk(1, foo)", "{\"a b\"}", "foo[5m:2 ^ 3]"})
    void what_is_in_3_5_is_read(String query) {
        assertThat(PromQl.tryParse(query, LEVEL_3_5).isValid()).isTrue();
    }

    @Test
    void literals_in_parens_are_checked_at_3_5_only() {
        assertThat(PromQl.tryParse("foo[(0)]").isValid()).isTrue();
        assertThat(PromQl.tryParse("foo[(0)]", LEVEL_3_5).isValid()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limitk(1, foo)     | limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
                "info(foo)          | function \"info\" is not enabled",
                "foo smoothed       | smoothed modifier is experimental and not enabled",
                "foo[5m] anchored   | anchored modifier is experimental and not enabled",
                "a + fill(0) b      | binop fill modifiers are experimental and not enabled",
            })
    void a_server_without_flags_refuses_what_is_experimental(String query, String message) {
        assertThat(PromQl.tryParse(query, ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_14))
                        .problems()
                        .get(0)
                        .message())
                .isEqualTo(message);
    }

    @Test
    void duration_expressions_need_a_flag_at_3_5_only() {
        assertThat(PromQl.tryParse("foo[5m * 2]", ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_14))
                        .isValid())
                .isTrue();
        assertThat(PromQl.tryParse("foo[5m * 2]", ParseOptions.ofServer(LanguageLevel.PROMETHEUS_3_5))
                        .problems())
                .extracting(Problem::message)
                .containsExactly("experimental duration expression is not enabled");
    }

    @Test
    void a_later_function_is_named_as_such_at_3_5() {
        assertThat(PromQl.tryParse("first_over_time(foo[5m])", LEVEL_3_5)
                        .problems()
                        .get(0)
                        .hint())
                .contains("first_over_time came after Prometheus 3.5");
    }

    @Test
    void a_builder_starts_from_the_options_it_comes_from() {
        ParseOptions options = ParseOptions.builder()
                .level(LanguageLevel.PROMETHEUS_3_5)
                .experimentalFunctions(false)
                .durationExpressions(false)
                .templates(true)
                .build();
        ParseOptions copy = options.toBuilder().build();
        assertThat(copy.level()).isEqualTo(LanguageLevel.PROMETHEUS_3_5);
        assertThat(copy.experimentalFunctions()).isFalse();
        assertThat(copy.durationExpressions()).isFalse();
        assertThat(copy.templates()).isTrue();
        assertThat(copy.fillModifiers()).isFalse();
        assertThat(copy.extendedRangeSelectors()).isFalse();
        assertThat(ParseOptions.defaults().fillModifiers()).isTrue();
        assertThat(ParseOptions.defaults().extendedRangeSelectors()).isTrue();
        assertThat(ParseOptions.defaults().templates()).isFalse();
    }

    @Test
    void start_and_end_are_functions_to_the_newest_level_and_no_names_of_any_to_the_older_one() {
        Problem older = PromQl.tryParse("sum(end())", LEVEL_3_5).problems().get(0);
        assertThat(older.column()).isEqualTo(8);
        assertThat(older.message()).isEqualTo("unexpected \"(\" in aggregation");
        assertThat(PromQl.tryParse("sum(vector(end()))").isValid()).isTrue();
        assertThat(PromQl.tryParse("start + end", LEVEL_3_5).isValid()).isTrue();
    }
}
